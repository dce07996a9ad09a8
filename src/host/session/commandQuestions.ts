/** What commands ask in one conversation: what that costs, what goes along, and what waits for a click. */
import { StoreError } from '../../core/base/errors';
import { needsClick, type QuestionUsd, questionOf } from '../../core/cost/questionPlace';
import type { Entry, UserBlock, UserEntry } from '../../core/record/record';
import type { QuestionFrom, QueuedMessage, StoredConversation } from '../../core/record/store';
import type { Handlers } from '../../shared/intents';
import type { ComposerState, DearerQuestion } from '../../shared/protocol';
import type { InFlight } from '../base/inFlight';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';
import type { Composer } from './composer';
import type { Outbox } from './outbox';
import type { ControllerDeps } from './turns/controllerDeps';
import type { Turns } from './turns/turns';

interface CommandQuestionsParts {
  readonly conversation: string;
  readonly deps: Pick<ControllerDeps, 'log' | 'askIn' | 'putCommitMessage'>;
  readonly turns: Pick<Turns, 'path' | 'beside' | 'isRunning' | 'stop'>;
  readonly composer: Pick<Composer, 'now' | 'next' | 'estimator' | 'show'>;
  readonly outbox: Pick<Outbox, 'queue' | 'keep' | 'takeOver' | 'ask' | 'filesOf'>;
  readonly inFlight: Pick<InFlight, 'run'>;
}

/** ms that reading the editors may take before a question is priced by what was read last. */
const readMs = 10_000;

/** The commands' side of one conversation. */
export class CommandQuestions {
  /** The ids of those that were asked in the other chat, too, as far as this window knows. */
  private asked: ReadonlySet<string> = new Set();
  /** Those that are being asked there. */
  private readonly asking = new Map<string, Promise<void>>();

  constructor(private readonly parts: CommandQuestionsParts) {}

  /**
   * US dollars of a question's input: here, and in a new conversation with one of the files that go along here. null for
   * a model without prices.
   */
  async usd(content: readonly UserBlock[], file: string | null): Promise<QuestionUsd> {
    await this.read();
    const { estimator, next } = this.parts.composer;
    const here = { ...next, draft: '', attached: content };
    const there = { ...here, path: [], seen: null };
    return { open: estimator.askUsd(here), fresh: estimator.askUsd(there, file === null ? [] : [file]) };
  }

  /** Takes over what is stored. */
  take({ asked }: StoredConversation): void {
    this.asked = new Set(asked);
  }

  /** Keeps a question, apart from the draft. Resolves to its id when it is stored; `ask` sends it. */
  keep(content: readonly UserBlock[], more: Omit<QueuedMessage, 'id' | 'content'> = {}): Promise<string> {
    const { inFlight, outbox } = this.parts;
    return inFlight.run(() => outbox.keep({ ...more, content }));
  }

  /** Keeps a question of another conversation, as `keep` does; null where it was kept before. */
  takeOver(from: QuestionFrom, content: readonly UserBlock[]): Promise<string | null> {
    const { inFlight, outbox } = this.parts;
    return inFlight.run(() => outbox.takeOver(from, content));
  }

  /**
   * Sends a kept question. One that costs more than goes without a click waits in its row, which says its price.
   * `seenUsd`: what the user was told, and clicked on.
   */
  ask(id: string, seenUsd?: number): Promise<void> {
    const { inFlight, outbox, composer } = this.parts;
    return inFlight.run(async () => {
      await this.read();
      const message = outbox.queue.messageOf(id);
      if (message === null || !needsClick(this.waitingUsd(message), seenUsd)) await outbox.ask(id);
      else composer.show();
    });
  }

  /** The messages that wait, those that wait for a click with their price; and the last one that could be asked elsewhere. */
  get shown(): Pick<ComposerState, 'queued' | 'dearer'> {
    const { queue } = this.parts.outbox;
    let dearer: DearerQuestion | undefined;
    const queued = queue.rows.map((row) => {
      const { id } = row;
      const message = queue.messageOf(id);
      if (message === null) return row;
      const { instead } = questionOf(message);
      if (instead !== undefined) dearer ??= { ...instead, id, state: 'waits' };
      const usd = row.held ? this.waitingUsd(message) : null;
      return usd !== null && needsClick(usd) ? { ...row, usd } : row;
    });
    dearer ??= this.askedElsewhere;
    return dearer === undefined ? { queued } : { queued, dearer };
  }

  /** Not in a copy: of another conversation's question it says nothing that is true here. */
  private get askedElsewhere(): DearerQuestion | undefined {
    const { path, beside } = this.parts.turns;
    const { at, entry } = lastQuestion(path);
    const { instead } = at < beside.copied ? {} : questionOf(entry);
    const { id } = entry;
    if (id === undefined || instead === undefined) return undefined;
    return { ...instead, id, state: this.asked.has(id) ? 'there' : 'asked' };
  }

  readonly handlers = {
    askThere: ({ id }) => {
      const asking = this.asking.get(id) ?? this.askThere(id).finally(() => this.asking.delete(id));
      this.asking.set(id, asking);
      return asking;
    },
  } satisfies Partial<Handlers<'chat'>>;

  /**
   * For the price that was told. Here the question waits no more, or its answer is stopped; meanwhile nothing sends it.
   * Whichever view or window says so again, it is asked there once: that is stored with it.
   */
  private async askThere(id: string): Promise<void> {
    const { conversation, deps, outbox, turns, composer } = this.parts;
    const { queue } = outbox;
    if (this.asked.has(id)) return;
    const waiting = queue.messageOf(id);
    const asked = waiting ?? turns.path.find((entry): entry is UserEntry => entry.kind === 'user' && entry.id === id);
    const { instead } = questionOf(asked ?? {});
    if (asked === undefined || instead === undefined || deps.askIn === undefined) throw refused(refusals.messageGone());
    const waits = waiting !== null;
    if (waits && queue.leave(id) === null) throw refused(refusals.messageGone());
    try {
      await deps.askIn(instead, { conversation, id: asked.id, waits }, asked.content);
    } catch (error) {
      const isSent = error instanceof StoreError && error.code === 'sent';
      if (isSent) queue.arrived();
      else if (waits) queue.putBack();
      throw isSent ? refused(refusals.notWaiting()) : error;
    }
    // A row keeps its id when its words are others.
    this.asked = new Set([...this.asked, id, asked.id]);
    if (waits) queue.arrived();
    else if (turns.isRunning && lastQuestion(turns.path).entry.id === id) turns.stop('stopped');
    composer.show();
  }

  /** A turn has ended: the message that it wrote for a commit goes into its box. */
  ended(): void {
    const { deps, turns } = this.parts;
    const { at, entry } = lastQuestion(turns.path);
    const { commit } = questionOf(entry);
    const end = turns.path.at(-1);
    if (commit === undefined || end?.kind !== 'end' || end.outcome.kind !== 'done') return;
    const blocks = turns.path.slice(at).flatMap((one) => (one.kind === 'assistant' ? one.content : []));
    const text = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n\n');
    deps
      .putCommitMessage?.(commit, text)
      .catch((error: unknown) => deps.log.error('a commit message did not get into its box', error));
  }

  /** No question waits for the editors for ever: what cannot be read now is priced as it was last. */
  private async read(): Promise<void> {
    const { composer, deps } = this.parts;
    try {
      await composer.now(AbortSignal.timeout(readMs), undefined, 'shown');
    } catch (error) {
      deps.log.warn(`the context could not be read for a question: ${String(error)}`);
    }
  }

  /** What a row would spend, as far as is known now. */
  private waitingUsd(message: QueuedMessage): number | null {
    const { composer, outbox } = this.parts;
    const { onlyFiles } = outbox.filesOf(message);
    return composer.estimator.askUsd({ ...composer.next, draft: '', attached: message.content }, onlyFiles);
  }
}

/** What the user said last; at -1 nothing. */
function lastQuestion(path: readonly Entry[]): { readonly at: number; readonly entry: Partial<UserEntry> } {
  const at = path.findLastIndex(({ kind }) => kind === 'user');
  const entry = path[at];
  return { at, entry: entry?.kind === 'user' ? entry : {} };
}
