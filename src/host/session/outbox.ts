/**
 * What is to be sent from one conversation and is not the composer's draft: messages that wait while a turn runs,
 * questions that commands ask, and messages that are sent anew with other words.
 */
import { questionOf } from '../../core/cost/questionPlace';
import { textOf } from '../../core/record/branchPoint';
import { isAside } from '../../core/record/excluded';
import type { Entry, UserBlock, UserEntry } from '../../core/record/record';
import type { QuestionFrom, QueuedMessage, StoredConversation } from '../../core/record/store';
import type { Handlers } from '../../shared/intents';
import { slashed } from '../../shared/slashCommands';
import { refusals } from '../base/plainStrings';
import { busyElsewhere, Refused, refused } from '../base/refused';
import type { DraftAttachments } from './draft/attachments';
import { type AttachedBlock, sentBlock } from './draft/draft';
import { DraftKeeper } from './draft/draftKeeper';
import { MessageQueue, withText } from './queue';
import type { ControllerDeps } from './turns/controllerDeps';
import type { Turns } from './turns/turns';
import type { RunKind } from './turns/turnTypes';

interface OutboxParts {
  readonly conversation: string;
  readonly deps: Pick<ControllerDeps, 'store' | 'clock' | 'ids' | 'log' | 'slash'>;
  readonly turns: Turns;
  /** Makes sure that the conversation is stored. */
  readonly create: () => Promise<unknown>;
  /** The rows are others. */
  readonly changed: () => void;
  /** Puts words that could not be sent into the composer. */
  readonly returnToDraft: (text: string) => void;
  /** What is attached to messages that are written anew. */
  readonly attachments: () => Pick<
    DraftAttachments,
    'isTakingIn' | 'settled' | 'detach' | 'takeForEdit' | 'sent' | 'toDraft'
  >;
  /** URIs of the files that the user added. */
  readonly added: () => readonly string[];
  /** Another window's state of the conversation has been taken over. */
  readonly takenOver: (stored: StoredConversation) => void;
}

/** What the user sends: at once where a turn may begin, else in the queue. */
export class Outbox {
  readonly queue: MessageQueue;
  private readonly keeper: DraftKeeper;
  /** Stopped the running answer to go before anything else. */
  private urgent: string | null = null;

  constructor(private readonly parts: OutboxParts) {
    const { conversation, deps, turns, changed } = parts;
    this.queue = new MessageQueue({
      save: (messages, known, draft) => deps.store.setQueued(conversation, messages, known, draft),
      newId: () => deps.ids.next(),
      changed,
      owed: () => this.owe(),
      log: deps.log,
    });
    this.keeper = new DraftKeeper(deps, () => this.queue.store());
    turns.handOver = () => this.queue.next !== null;
    turns.takenOver = (stored) => {
      this.queue.sync(stored.queued);
      parts.takenOver(stored);
    };
  }

  /** Puts a message behind those that wait; it goes at the running turn's next step. Resolves when it is stored. */
  async add(content: readonly UserBlock[], draft: () => string): Promise<void> {
    const { deps, create } = this.parts;
    await create();
    await this.queue.add({ id: deps.ids.next(), content }, false, draft);
    // The turn may have ended in the meantime.
    this.deliver();
  }

  /**
   * Keeps a message until the user has done what is needed for it; `ask` sends it. Resolves to its id when it is
   * stored.
   */
  async keep(message: Omit<QueuedMessage, 'id'>): Promise<string> {
    const { deps, create } = this.parts;
    const id = deps.ids.next();
    await create();
    await this.queue.add({ ...message, id }, true);
    return id;
  }

  /** Keeps a question of another conversation, where it waits no more. Resolves to its id here; null where it was kept before. */
  async takeOver(from: QuestionFrom, content: readonly UserBlock[]): Promise<string | null> {
    const { conversation, deps, create } = this.parts;
    const id = deps.ids.next();
    await create();
    return (await this.queue.receive(() => deps.store.handOver(from, conversation, { id, content }))) ? id : null;
  }

  /** Sends a kept message now, or at the next step of a turn that runs. */
  async ask(id: string): Promise<void> {
    try {
      await this.queue.release(id);
    } finally {
      // Its words are stored: only its place among the others may not be.
      this.deliver();
    }
  }

  /** The files that go along with a message that says which: what the user has added besides is among them. */
  filesOf({ onlyFiles }: QueuedMessage): { readonly onlyFiles?: readonly string[] } {
    // What is stored may be of another version.
    return Array.isArray(onlyFiles) ? { onlyFiles: [...onlyFiles, ...this.parts.added()] } : {};
  }

  /** Something has ended, and a turn may begin. What was sent while work ran that is no turn goes, whatever came of it. */
  idle(kind: RunKind): void {
    const wentWell = kind === 'work' || endedWell(this.parts.turns.path);
    const { urgent } = this;
    this.urgent = null;
    if (urgent !== null) this.sendByItself(urgent);
    else if (wentWell) this.deliver();
    else this.queue.hold();
  }

  readonly handlers = {
    unqueue: ({ id }) => this.queue.remove(id),
    moveQueued: ({ id, by }) => this.queue.move(id, by),
    editQueued: ({ id, text }) => this.editQueued(id, text),
    sendQueuedNow: ({ id }) => this.sendNow(id),
    editMessage: ({ id, text }) => this.editMessage(id, text),
    dropFromEdit: ({ edit, id }) => this.dropFromEdit(edit, id),
  } satisfies Partial<Handlers<'chat'>>;

  /** Resolves when everything is stored. */
  async close(): Promise<void> {
    await this.keeper.close();
    await this.queue.flush();
  }

  /** Where the store refuses, it is asked again by itself. */
  private owe(): void {
    const { log } = this.parts.deps;
    this.keeper.keep().catch((error: unknown) => log.warn(`what waits is not stored yet: ${String(error)}`));
  }

  /** Sends the first that may go, if a turn may begin. */
  private deliver(): void {
    const { next } = this.queue;
    if (next !== null && this.parts.turns.mayStart) this.sendByItself(next);
  }

  private async sendNow(id: string): Promise<void> {
    const { turns } = this.parts;
    try {
      await this.queue.release(id);
    } finally {
      if (turns.mayStart) await this.sendQueued(id);
      else if (turns.isRunning) {
        this.urgent = id;
        turns.stop('stopped');
      }
    }
  }

  /** Nobody waits for it: where another window drives, that is shown, and the row waits for the user. */
  private sendByItself(id: string): void {
    this.sendQueued(id).catch((error: unknown) => {
      if (!(error instanceof Refused)) this.parts.deps.log.warn(`a row was not sent: ${String(error)}`);
    });
  }

  private async sendQueued(id: string): Promise<void> {
    const message = this.parts.turns.mayStart ? this.queue.leave(id) : null;
    if (message === null) return;
    await this.parts.turns.send({
      ...questionOf(message),
      ...this.filesOf(message),
      content: message.content,
      queued: message.id,
      committed: async () => this.queue.arrived(),
      sentElsewhere: () => {
        this.queue.arrived();
        // Its words may be others there, and wait.
        this.owe();
      },
      refused: () => {
        this.queue.putBack();
        this.queue.hold();
      },
    });
  }

  /** Without an id, the message stays as it is. */
  private async dropFromEdit(edit: string, id: string | null): Promise<void> {
    try {
      await this.parts.attachments().detach(id, edit);
    } finally {
      if (id === null) {
        this.queue.unchanged(edit);
        this.deliver();
      }
    }
  }

  private async editQueued(id: string, text: string | null): Promise<void> {
    const attachments = this.parts.attachments();
    if (text !== null && attachments.isTakingIn) await attachments.settled();
    const added = text === null ? [] : attachments.takeForEdit(id);
    let said: Said | null;
    try {
      const saying = text === null ? null : this.said(text);
      said = saying instanceof Promise ? await saying : saying;
      if (!this.queue.rows.some((row) => row.id === id)) throw refused(refusals.notWaiting());
    } catch (error) {
      // It went while its words were being changed, or they ask for nothing and it waits: the new ones are not lost.
      if (text !== null) this.parts.returnToDraft(text);
      await attachments.toDraft(added);
      throw error;
    }
    try {
      await this.queue.edit(id, said?.text ?? null, [...added.map(sentBlock), ...(said?.attached ?? [])]);
    } finally {
      // A row that could not be stored has them too, and is stored again.
      this.deliver();
      await attachments.sent(added);
    }
  }

  /** The words themselves, at once, or what a command asks that they begin with. Throws a Refused where there is nothing that it could be about. */
  private said(text: string): Said | Promise<Said> {
    const { slash } = this.parts.deps;
    const command = slash === undefined ? null : slashed(text.trim());
    if (slash === undefined || command === null) return { text, attached: [] };
    // What it replaces would be what the message stands in.
    if (command.command === 'compact') throw refused(refusals.compactEdited());
    return slash(command).then((asked) => ({
      text: textOf(asked),
      attached: asked.filter((block) => block.type !== 'text'),
    }));
  }

  /** Sends a message anew with other words, from where it was sent: what followed it stays on a branch. */
  private async editMessage(id: string, text: string): Promise<void> {
    const { turns, deps } = this.parts;
    const attachments = this.parts.attachments();
    if (attachments.isTakingIn) await attachments.settled();
    const added = attachments.takeForEdit(id);
    const back = (): void => {
      this.parts.returnToDraft(text);
      attachments.toDraft(added).catch((error: unknown) => deps.log.error('a draft could not be kept', error));
    };
    let said: Said;
    try {
      const saying = this.said(text);
      said = saying instanceof Promise ? await saying : saying;
      // What runs answers words that no longer stand.
      if (turns.isRunning) await turns.halt();
    } catch (error) {
      back();
      throw error;
    }
    const entry = turns.path.find((one): one is UserEntry => one.kind === 'user' && one.id === id);
    if (entry === undefined || !turns.mayStart) {
      back();
      throw entry === undefined ? refused(refusals.messageGone()) : busyElsewhere();
    }
    const content = withText([...entry.content, ...added.map(sentBlock), ...said.attached], said.text);
    // Without a word what is attached goes alone; nothing at all is no message.
    if (content.length === 0) return;
    await turns.send({
      content,
      from: entry.parent,
      committed: () => attachments.sent(added),
      refused: back,
    });
  }
}

/** What a message that is written anew asks. */
interface Said {
  readonly text: string;
  readonly attached: readonly AttachedBlock[];
}

/** Whether what ran last did what it was to do: then what waits goes on its way. */
function endedWell(path: readonly Entry[]): boolean {
  const end = path.findLast((entry) => entry.kind === 'compaction' || !isAside(entry));
  if (end?.kind !== 'end' && end?.kind !== 'compaction') return false;
  return end.outcome.kind === 'done' || end.outcome.kind === 'empty';
}
