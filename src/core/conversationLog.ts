/** The current path of one conversation, in memory and in the store: what is in it has been committed. */
import type { Clock, Ids, Store } from './ports';
import type { Entry, NewEntry } from './record';

export class ConversationLog {
  private entries: Entry[];
  private tail: Promise<unknown> = Promise.resolve();

  constructor(
    readonly conversation: string,
    path: readonly Entry[],
    private readonly ports: { readonly store: Store; readonly clock: Clock; readonly ids: Ids },
  ) {
    this.entries = [...path];
  }

  /** Root first. A new array after each change. */
  get path(): readonly Entry[] {
    return this.entries;
  }

  /**
   * Commits entries in one transaction, in order, behind whatever was appended before. `id` fixes the id of the first,
   * where parts of it were shown before it was whole. Rejects, and leaves the path as it was, when the store refuses.
   */
  append(news: readonly NewEntry[], id?: string): Promise<readonly Entry[]> {
    const commit = this.tail.then(async () => {
      const at = this.ports.clock.now();
      let parent = this.entries.at(-1)?.id ?? null;
      const entries = news.map((entry, index) => {
        const placed = {
          ...entry,
          id: index === 0 && id !== undefined ? id : this.ports.ids.next(),
          parent,
          at,
        } as Entry;
        parent = placed.id;
        return placed;
      });
      await this.ports.store.append(this.conversation, entries);
      this.entries = [...this.entries, ...entries];
      return entries;
    });
    this.tail = commit.catch(() => undefined);
    return commit;
  }

  /** Cuts the path after `head`; what followed stays in the store, on a branch. */
  async branchAfter(head: string | null): Promise<void> {
    const cut = this.tail.then(async () => {
      if (head !== null && !this.entries.some((entry) => entry.id === head)) {
        throw new Error(`entry ${head} is not on the path of conversation ${this.conversation}`);
      }
      await this.ports.store.setHead(this.conversation, head);
      this.entries =
        head === null ? [] : this.entries.slice(0, this.entries.findIndex((entry) => entry.id === head) + 1);
    });
    this.tail = cut.catch(() => undefined);
    await cut;
  }

  /** Resolves when everything that was appended has been committed or refused. */
  async settled(): Promise<void> {
    await this.tail;
  }
}
