/** What commands ask in one conversation: what that costs, what goes along, and what waits for a click. */
import { needsClick, type QuestionUsd } from '../../core/cost/questionPlace';
import type { UserBlock, UserEntry } from '../../core/record/record';
import type { QueuedMessage } from '../../core/record/store';
import { insteadOf } from '../../core/transcript/transcript';
import type { Handlers } from '../../shared/intents';
import type { QueuedRow } from '../../shared/protocol';
import type { InFlight } from '../base/inFlight';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';
import { limitedTo } from '../pricing/openTurn';
import type { Composer } from './composer';
import type { Outbox } from './outbox';
import type { ControllerDeps } from './turns/controllerDeps';
import type { Turns } from './turns/turns';

interface CommandQuestionsParts {
  readonly deps: Pick<ControllerDeps, 'log' | 'askIn'>;
  readonly turns: Pick<Turns, 'path' | 'isRunning' | 'stop'>;
  readonly composer: Pick<Composer, 'now' | 'next' | 'estimator' | 'show'>;
  readonly outbox: Pick<Outbox, 'queue' | 'keep' | 'ask' | 'filesOf'>;
  readonly inFlight: Pick<InFlight, 'run'>;
}

/** ms that reading the editors may take before a question is priced by what was read last. */
const readMs = 10_000;

/** The commands' side of one conversation. */
export class CommandQuestions {
  /** The ids of those that are asked in the other chat, or were. */
  private readonly asked = new Set<string>();

  constructor(private readonly parts: CommandQuestionsParts) {}

  /**
   * US dollars of a question's input: here, and in a new conversation with one of the files that go along here. null for
   * a model without prices.
   */
  async usd(content: readonly UserBlock[], file: string | null): Promise<QuestionUsd> {
    await this.read();
    const { next } = this.parts.composer;
    const fresh = { ...next, path: [], seen: null };
    const onlyFiles = file === null ? [] : [file];
    return { open: this.inputUsd({ content }), fresh: this.inputUsd({ content, onlyFiles }, fresh) };
  }

  /** Keeps a question, apart from the draft. Resolves to its id when it is stored; `ask` sends it. */
  keep(content: readonly UserBlock[], more: Omit<QueuedMessage, 'id' | 'content'> = {}): Promise<string> {
    const { inFlight, outbox } = this.parts;
    return inFlight.run(() => outbox.keep({ ...more, content }));
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

  /** The messages that wait. Those that wait for the user, and cost more than goes without a click, have their price. */
  get rows(): readonly QueuedRow[] {
    const { queue } = this.parts.outbox;
    return queue.rows.map((row) => {
      const message = queue.messageOf(row.id);
      const usd = row.held && message !== null ? this.waitingUsd(message) : null;
      return { ...row, ...(usd !== null && needsClick(usd) && { usd }), ...insteadOf(message ?? {}) };
    });
  }

  readonly handlers = {
    askThere: ({ id }) => this.askThere(id),
  } satisfies Partial<Handlers<'chat'>>;

  /**
   * For the price that was told. Here the question waits no more, or its answer is stopped; meanwhile nothing sends it,
   * and whichever view says so again, it is asked there once.
   */
  private async askThere(id: string): Promise<void> {
    const { deps, outbox, turns } = this.parts;
    const { queue } = outbox;
    if (this.asked.has(id)) return;
    const waiting = queue.messageOf(id);
    const asked = waiting ?? this.userEntries.find((entry) => entry.id === id);
    const { instead } = insteadOf(asked ?? {});
    if (asked === undefined || instead === undefined || deps.askIn === undefined) throw refused(refusals.messageGone());
    if (waiting !== null && queue.leave(id) === null) throw refused(refusals.messageGone());
    this.asked.add(id);
    try {
      await deps.askIn(instead, asked.content);
    } catch (error) {
      this.asked.delete(id);
      throw error;
    } finally {
      if (waiting !== null) queue.putBack();
    }
    if (waiting !== null) await queue.remove(id);
    else if (turns.isRunning && this.userEntries.at(-1)?.id === id) turns.stop('stopped');
  }

  private get userEntries(): readonly UserEntry[] {
    return this.parts.turns.path.filter((entry) => entry.kind === 'user');
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
    return this.inputUsd({ content: message.content, ...this.parts.outbox.filesOf(message) });
  }

  private inputUsd(
    { content, onlyFiles }: Pick<QueuedMessage, 'content' | 'onlyFiles'>,
    next = this.parts.composer.next,
  ): number | null {
    const context = next.seen === null ? limitedTo(onlyFiles, next.context) : next.context;
    return this.parts.composer.estimator.askUsd({ ...next, context, draft: '', attached: content });
  }
}
