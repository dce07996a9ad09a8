/** The calls of a conversation's running turn, as the user can act on them: answer one that asks, stop one that runs. */
import type { ApprovalAnswer } from '../../shared/approval';
import { Listeners } from '../base/listeners';
import { orAborted } from '../base/orAborted';
import type { Clock } from '../base/ports';
import type { AskingCall } from '../record/leases';
import type { Consents } from '../tools/consent';
import type { ProposedTexts } from '../tools/edits/editing';
import { ReviewWay } from './reviewWay';

/** One that waits for the user. */
interface Asking {
  /** As it is shown. */
  readonly card: Omit<AskingCall, 'key'>;
  /** True once it would run by what is allowed (keys of permits). */
  readonly isCovered: (allowed: ReadonlySet<string>) => boolean;
  /** It would not ask if edits were reviewed at the turn's end. */
  readonly canBeReviewed: boolean;
  /** What it would change; missing where that is no text. */
  readonly texts?: ProposedTexts | undefined;
  readonly answer: (answer: ApprovalAnswer) => void;
}

/** Characters of the user's reason that the model is given. */
const maxReason = 2_000;

/** Kept for each conversation: a turn puts its calls here by their parts' keys, and takes each out when it has ended. */
export class OpenCalls {
  readonly #asking = new Map<string, Asking>();
  readonly #running = new Map<string, AbortController>();
  readonly #changes = new Listeners();
  /** How edits are reviewed. */
  readonly way: ReviewWay;

  constructor(clock: Pick<Clock, 'now' | 'every'>) {
    this.way = new ReviewWay(clock);
  }

  /** How many wait for the user's answer. */
  get waiting(): number {
    return this.#asking.size;
  }

  /** Those that wait, as they are shown. */
  get asking(): readonly AskingCall[] {
    return [...this.#asking].map(([key, { card }]) => ({ key, ...card }));
  }

  /** Calls back when another number of calls waits. */
  readonly onDidChange = this.#changes.add;

  /** Waits for the user's answer as long as it takes. Rejects with the signal's reason. */
  async ask(key: string, about: Omit<Asking, 'answer'>, signal: AbortSignal): Promise<ApprovalAnswer> {
    signal.throwIfAborted();
    const answered = new Promise<ApprovalAnswer>((resolve) => {
      this.#asking.set(key, { ...about, answer: resolve });
    });
    this.#changes.tell();
    try {
      return await orAborted(answered, signal);
    } finally {
      this.#asking.delete(key);
      this.#changes.tell();
    }
  }

  /** Takes the user's answer to a call; false when it waits for none. */
  answer(key: string, answer: ApprovalAnswer): boolean {
    const asking = this.#asking.get(key);
    asking?.answer(answer.allow ? answer : { allow: false, reason: bounded(answer.reason) });
    return asking !== undefined;
  }

  /** What a call that asks would change; null where it does not ask, or changes no text. */
  textsOf(key: string): ProposedTexts | null {
    return this.#asking.get(key)?.texts ?? null;
  }

  /** More is allowed by now: those that would not ask any more go on. */
  async allowed(conversation: string, consents: Consents): Promise<void> {
    if (this.#asking.size === 0) return;
    const keys = await consents.allowed(conversation);
    for (const { isCovered, answer } of this.#asking.values())
      if (isCovered(keys)) answer({ allow: true, span: 'once' });
  }

  /** Edits are reviewed so from now on; at the turn's end: those that would not ask any more go on. */
  review(atEnd: boolean): void {
    this.way.choose(atEnd);
    if (!atEnd) return;
    for (const { canBeReviewed, answer } of this.#asking.values())
      if (canBeReviewed) answer({ allow: true, span: 'once' });
  }

  /** Calls `run` with a signal that `cancel` aborts as well. */
  async run<T>(key: string, run: (signal: AbortSignal) => Promise<T>, turn: AbortSignal): Promise<T> {
    const own = new AbortController();
    this.#running.set(key, own);
    try {
      return await run(AbortSignal.any([turn, own.signal]));
    } finally {
      this.#running.delete(key);
    }
  }

  /** Stops one call that runs, and nothing else; false when it does not run. */
  cancel(key: string): boolean {
    const running = this.#running.get(key);
    running?.abort('cancelled');
    return running !== undefined;
  }
}

function bounded(reason: string): string {
  return reason.slice(0, maxReason).toWellFormed().trim();
}
