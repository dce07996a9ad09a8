/** What commands ask in one conversation: what that costs, what goes along, and what waits for a click. */
import { needsClick, type QuestionUsd } from '../../core/cost/questionPlace';
import type { UserBlock, UserEntry } from '../../core/record/record';
import type { QueuedMessage } from '../../core/record/store';
import { insteadOf } from '../../core/transcript/transcript';
import type { DearerChat } from '../../shared/chat';
import type { Handlers } from '../../shared/intents';
import type { QueuedRow } from '../../shared/protocol';
import type { InFlight } from '../base/inFlight';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';
import type { Composer } from './composer';
import type { Outbox } from './outbox';
import type { ControllerDeps } from './turns/controllerDeps';
import type { Turns } from './turns/turns';

interface CommandQuestionsParts {
  readonly deps: Pick<ControllerDeps, 'log' | 'askIn'>;
  readonly turns: Pick<Turns, 'path' | 'isRunning' | 'stop'>;
  readonly composer: Pick<Composer, 'now' | 'next' | 'estimator' | 'context' | 'show'>;
  readonly outbox: Pick<Outbox, 'queue' | 'keep' | 'ask'>;
  readonly inFlight: Pick<InFlight, 'run'>;
  /** Makes sure that the conversation is stored. */
  readonly create: () => Promise<unknown>;
}

/** ms that reading the editors may take before a question is priced without. */
const readMs = 10_000;

/** The commands' side of one conversation. */
export class CommandQuestions {
  constructor(private readonly parts: CommandQuestionsParts) {}

  /**
   * US dollars of a question's input: here, and in a new conversation with one of the files that go along here. An estimate
   * stands in no question's way: without one, its price is unknown.
   */
  async usd(content: readonly UserBlock[], file: string | null): Promise<QuestionUsd> {
    const { composer, deps } = this.parts;
    try {
      const context = await composer.now(AbortSignal.timeout(readMs), undefined, 'shown');
      const asked = { draft: '', attached: content };
      const files = context.files.filter(({ uri }) => uri === file);
      const { closed: _closed, ...rest } = context;
      return {
        open: composer.estimator.askUsd({ ...composer.next, context, ...asked }),
        fresh: composer.estimator.askUsd({ path: [], seen: null, context: { ...rest, files }, ...asked }),
      };
    } catch (error) {
      deps.log.warn(`a question could not be priced: ${String(error)}`);
      return { open: null, fresh: null };
    }
  }

  /** Of the open files this one alone goes along, or none. Their chips say so, and take them in again. */
  onlyFile(file: string | null): Promise<void> {
    const { composer, inFlight, create } = this.parts;
    return inFlight.run(async () => {
      await create();
      await composer.now(AbortSignal.timeout(readMs), undefined, 'sent');
      await composer.context.onlyFile(file);
    });
  }

  /** Keeps a question, apart from the draft. Resolves to its id when it is stored; `ask` sends it. */
  keep(content: readonly UserBlock[], instead?: DearerChat): Promise<string> {
    const { inFlight, outbox } = this.parts;
    return inFlight.run(() => outbox.keep({ content, ...(instead && { instead }) }));
  }

  /**
   * Sends a kept question. One that costs more than goes without a click waits in its row, which says its price.
   * `seenUsd`: what the user was told, and clicked on.
   */
  ask(id: string, seenUsd?: number): Promise<void> {
    const { inFlight, outbox, composer } = this.parts;
    return inFlight.run(async () => {
      const content = outbox.queue.messageOf(id)?.content;
      const { open } = content === undefined ? { open: null } : await this.usd(content, null);
      if (!needsClick(open, seenUsd)) await outbox.ask(id);
      else composer.show();
    });
  }

  /** The messages that wait. Those that wait for the user, and cost more than goes without a click, have their price. */
  get rows(): readonly QueuedRow[] {
    const { queue } = this.parts.outbox;
    return queue.rows.map((row) => {
      const message = queue.messageOf(row.id);
      const usd = row.held ? this.inputUsd(message) : null;
      return { ...row, ...(usd !== null && needsClick(usd) && { usd }), ...insteadOf(message ?? {}) };
    });
  }

  readonly handlers = {
    askThere: ({ id }) => this.askThere(id),
  } satisfies Partial<Handlers<'chat'>>;

  /** For the price that was told. Here the question waits no more, or its answer is stopped. */
  private async askThere(id: string): Promise<void> {
    const { deps, outbox, turns } = this.parts;
    const waiting = outbox.queue.messageOf(id);
    const last = turns.path.findLast((entry) => entry.kind === 'user');
    const asked = waiting ?? turns.path.find((entry): entry is UserEntry => entry.kind === 'user' && entry.id === id);
    const { instead } = insteadOf(asked ?? {});
    if (asked === undefined || instead === undefined || deps.askIn === undefined) throw refused(refusals.messageGone());
    await deps.askIn(instead, asked.content);
    if (waiting !== null) await outbox.queue.remove(id);
    else if (turns.isRunning && last?.id === id) turns.stop('stopped');
  }

  /** As far as is known now. */
  private inputUsd(message: QueuedMessage | null): number | null {
    const { composer } = this.parts;
    if (message === null) return null;
    return composer.estimator.askUsd({ ...composer.next, draft: '', attached: message.content });
  }
}
