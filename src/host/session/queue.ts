/** Messages of one conversation that were sent while a turn ran: in their order, stored until each has its own turn. */
import type { Log } from '../../core/base/ports';
import { textOf } from '../../core/record/branchPoint';
import type { UserBlock } from '../../core/record/record';
import type { QueuedMessage } from '../../core/record/store';
import type { QueuedRow } from '../../shared/protocol';
import { blockId } from './draft/draft';

interface Waiting {
  /** What this window calls the row: it stays when its words are others. */
  readonly id: string;
  readonly message: QueuedMessage;
  /** Waits for the user: the turn before it failed or was stopped, or VS Code was started anew. */
  readonly held: boolean;
  /** Its words are being changed. */
  readonly editing?: true;
}

interface QueueParts {
  /** `known`: the ids of those that waited when that was last known; `draft`: what it is without them. Resolves to those that wait now. */
  readonly save: (
    messages: readonly QueuedMessage[],
    known: readonly string[],
    draft: string | undefined,
  ) => Promise<readonly QueuedMessage[]>;
  readonly newId: () => string;
  readonly changed: () => void;
  /** The rows are others than the store has, which refused them: `store` is to be tried again. */
  readonly owed: () => void;
  readonly log: Log;
}

/** The queued messages of one conversation, as this window and the store have them. */
export class MessageQueue {
  private waiting: readonly Waiting[] = [];
  /** On its way into the record: it is in no row any more, and in the store until it has arrived. */
  private leaving: Waiting | null = null;
  private saving: Promise<void> = Promise.resolve();
  /** The ids of those that are stored, as far as this window knows. */
  private known: readonly string[] = [];
  /** The ids of those that wait no more, whichever window sent or took them out: nothing here stores them again. */
  private readonly gone = new Set<string>();

  constructor(private readonly parts: QueueParts) {}

  /** Takes over what is stored. Nobody knows any more whether it should still go by itself: it waits for the user. */
  take(stored: readonly QueuedMessage[]): void {
    if (this.leaving !== null) return;
    this.known = stored.map(({ id }) => id);
    this.waiting = stored.map((message) => ({ id: message.id, message, held: true }));
  }

  /**
   * What another window has sent or taken out is gone from the rows, unless its words are being changed here; what it
   * added waits behind them for the user.
   */
  sync(stored: readonly QueuedMessage[]): void {
    const ids = new Set(stored.map(({ id }) => id));
    const known = new Set(this.known);
    const here = new Set(this.waiting.map(({ message }) => message.id));
    for (const id of known) if (!ids.has(id)) this.gone.add(id);
    for (const id of ids) this.gone.delete(id);
    const rows = this.waiting.filter(({ message, editing }) => editing === true || !this.gone.has(message.id));
    const added = stored.filter(({ id }) => !known.has(id) && !here.has(id) && id !== this.leaving?.message.id);
    const isSame = rows.length === this.waiting.length && added.length === 0;
    this.known = [...ids];
    if (isSame) return;
    this.waiting = [...rows, ...added.map((message) => ({ id: this.rowId(message), message, held: true }))];
    this.parts.changed();
  }

  get rows(): readonly QueuedRow[] {
    return this.waiting.map(({ id, message: { content }, held, editing }) => ({
      id,
      text: textOf(content),
      attachments: content.filter(({ type }) => type !== 'text').length,
      held: held || editing === true,
    }));
  }

  /** What waits in a row; null where nothing does. */
  messageOf(id: string): QueuedMessage | null {
    return this.waiting.find((row) => row.id === id)?.message ?? null;
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0 && this.leaving === null;
  }

  /** The row of the first that may go by itself. */
  get next(): string | null {
    return this.waiting.find(({ held, editing }) => !held && editing !== true)?.id ?? null;
  }

  /** Resolves when it is stored, and with it the draft that it is no part of any more. */
  async add(message: QueuedMessage, held = false, draft?: () => string): Promise<void> {
    try {
      await this.set([...this.waiting, { id: message.id, message, held }], draft);
    } catch (error) {
      // Whoever added it has it back.
      this.waiting = this.waiting.filter((one) => one.message !== message);
      this.parts.changed();
      throw error;
    }
  }

  async remove(id: string): Promise<void> {
    await this.change(this.waiting.filter((row) => row.id !== id));
  }

  /** Moves one towards the front (a negative `by`) or the end. */
  async move(id: string, by: number): Promise<void> {
    const from = this.waiting.findIndex((row) => row.id === id);
    const one = this.waiting[from];
    if (one === undefined) return;
    const others = this.waiting.toSpliced(from, 1);
    await this.change(others.toSpliced(Math.max(0, from + by), 0, one));
  }

  /**
   * New words for one, and what is attached to them. `null` only keeps it from going while they are being written. One that
   * was held stays so.
   */
  async edit(id: string, text: string | null, attached: readonly UserBlock[] = []): Promise<void> {
    const isOnly = attached.length === 0 && this.rows.some((row) => row.id === id && row.attachments === 0);
    if (text?.trim() === '' && isOnly) return this.remove(id);
    await this.change(
      this.waiting.flatMap((row): readonly Waiting[] => {
        if (row.id !== id) return [row];
        return text === null ? [{ ...row, editing: true }] : this.rewritten(row, text, attached);
      }),
    );
  }

  /** Its words are not changed after all: it may go again. */
  unchanged(id: string): void {
    const one = this.waiting.find((row) => row.id === id && row.editing === true);
    if (one === undefined) return;
    const left = this.rewritten(one, textOf(one.message.content), []);
    this.show(this.waiting.flatMap((row) => (row === one ? left : [row])));
  }

  /**
   * New words are a message of their own in the old one's place: what two windows write at the same moment both waits,
   * and what one of them writes while the other one sends the old words is not lost with these, but waits for the user.
   */
  private rewritten({ id, message, held }: Waiting, text: string, attached: readonly UserBlock[]): readonly Waiting[] {
    const gone = this.gone.has(message.id);
    if (text === textOf(message.content) && attached.length === 0) return gone ? [] : [{ id, message, held }];
    const rewritten = {
      ...message,
      id: this.parts.newId(),
      content: withText([...message.content, ...attached], text),
    };
    return [{ id, message: rewritten, held: held || gone }];
  }

  /** Puts one first; it may go by itself. */
  async release(id: string): Promise<void> {
    const one = this.waiting.find((row) => row.id === id);
    if (one === undefined) return;
    const rows = [{ id, message: one.message, held: false }, ...this.waiting.filter((other) => other !== one)];
    // Only the order is stored: what is first already, and stored, goes without another write.
    const isStored = this.waiting[0] === one && this.known.includes(one.message.id);
    await (isStored ? this.show(rows) : this.change(rows));
  }

  /** All wait for the user from now on. */
  hold(): void {
    if (this.waiting.every(({ held }) => held)) return;
    this.waiting = this.waiting.map((one) => ({ ...one, held: true }));
    this.parts.changed();
  }

  /** Takes one out of the rows to be sent; `arrived` or `putBack` follows. */
  leave(id: string): QueuedMessage | null {
    const one = this.waiting.find((row) => row.id === id);
    if (one === undefined || this.leaving !== null) return null;
    this.leaving = one;
    this.waiting = this.waiting.filter((other) => other !== one);
    this.parts.changed();
    return one.message;
  }

  /** It is in the record, or waits in another conversation, whichever window did that: here it waits no more. */
  arrived(): void {
    const { leaving } = this;
    this.leaving = null;
    if (leaving !== null) this.gone.add(leaving.message.id);
    this.known = this.known.filter((id) => id !== leaving?.message.id);
    this.parts.changed();
  }

  /** It could not be sent: it is first again, and waits for the user. */
  putBack(): void {
    const { leaving } = this;
    if (leaving === null) return;
    this.leaving = null;
    this.waiting = [{ ...leaving, held: true }, ...this.waiting];
    this.parts.changed();
  }

  /** Another conversation hands one over: `move` stores that, and resolves to those that wait then; null for none. */
  async receive(move: () => Promise<readonly QueuedMessage[] | null>): Promise<boolean> {
    const done = this.saving.then(move).then((stored) => {
      if (stored !== null) this.sync(stored);
      return stored !== null;
    });
    this.saving = done.then(
      () => undefined,
      () => undefined,
    );
    return await done;
  }

  /** Resolves when everything is stored. */
  async flush(): Promise<void> {
    await this.saving;
  }

  /** Stores the rows as they are now. */
  store(): Promise<void> {
    return this.set(this.waiting);
  }

  private async change(waiting: readonly Waiting[]): Promise<void> {
    try {
      await this.set(waiting);
    } catch (error) {
      this.parts.owed();
      throw error;
    }
  }

  /** The id of its message, unless another row has that: its words came back in another window. */
  private rowId({ id }: QueuedMessage): string {
    return this.waiting.some((row) => row.id === id) ? this.parts.newId() : id;
  }

  private show(waiting: readonly Waiting[]): void {
    this.waiting = waiting;
    this.parts.changed();
  }

  private set(waiting: readonly Waiting[], draft?: () => string): Promise<void> {
    this.show(waiting);
    const rows = [...(this.leaving === null ? [] : [this.leaving]), ...waiting];
    const done = this.saving.then(async () => {
      const before = this.known;
      const messages = rows.map(({ message }) => message).filter(({ id }) => !this.gone.has(id));
      // What is on its way there counts as known: another window may send it at once.
      this.known = messages.map(({ id }) => id);
      try {
        this.sync(await this.parts.save(messages, before, draft?.()));
      } catch (error) {
        this.known = before;
        throw error;
      }
    });
    this.saving = done.catch((error: unknown) => this.parts.log.error('waiting messages could not be stored', error));
    return done;
  }
}

/** What was attached stays with the new words, and stands once. */
export function withText(content: readonly UserBlock[], text: string): readonly UserBlock[] {
  const words: readonly UserBlock[] = text.trim() === '' ? [] : [{ type: 'text', text: text.toWellFormed() }];
  const attached = content.filter((block) => block.type !== 'text');
  return [...new Map(attached.map((block) => [blockId(block), block])).values(), ...words];
}
