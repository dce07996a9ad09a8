/**
 * Makes sure that a conversation is in the store: it is created with its first entry or draft, and once more, with all
 * that is known of it here, when the store was lost under it: its file was deleted, or damaged and set aside.
 */
import type { Log } from '../../core/base/ports';
import { titleOf } from '../../core/record/branchPoint';
import type { Entry, UserBlock } from '../../core/record/record';
import { storeNameKey } from '../store/file/protocol';
import type { ControllerDeps } from './turns/controllerDeps';

interface Known {
  path(): readonly Entry[];
  title(): string;
}

/** Stores a conversation when something of it has to be kept, and again when the database is another one. */
export class Creation {
  private created = false;
  /** The database that has it. */
  private storeName: string | null = null;
  /** When it was first tried: a second attempt after one that failed halfway creates the same one. */
  private beganAt: number | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly conversation: string,
    private readonly deps: Pick<ControllerDeps, 'store' | 'clock' | 'identity' | 'log'>,
    private readonly known: Known,
    /** Called when it has been stored for the first time, or once more. */
    private readonly stored: (conversation: string) => Promise<void>,
  ) {}

  get isCreated(): boolean {
    return this.created;
  }

  /** It was found in the store. */
  async loaded(): Promise<void> {
    this.storeName = await this.deps.store.getValue(storeNameKey);
    this.created = true;
  }

  /**
   * Creates it when it is not there, and gives it its first title when it has none. One call at a time. Resolves to true
   * when it was created now: no other window can have gone on with it.
   */
  ensure(title: string): Promise<boolean> {
    const done = this.running.then(() => this.ensureNow(title));
    this.running = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  private async ensureNow(title: string): Promise<boolean> {
    if (this.created && !(await this.isLost())) {
      if (title !== '' && this.known.title() === '') this.name(title);
      return false;
    }
    this.storeName = await this.create(title);
    this.created = true;
    await this.stored(this.conversation);
    return true;
  }

  /** Nothing waits for a title. */
  private name(title: string): void {
    const { store, log } = this.deps;
    store
      .setTitle(this.conversation, title)
      .catch((error: unknown) => log.error('the title of a conversation was not stored', error));
  }

  private async create(title: string): Promise<string | null> {
    const { store, clock, identity } = this.deps;
    const path = this.known.path();
    const id = this.conversation;
    const again = this.beganAt !== null;
    this.beganAt ??= clock.now();
    // Another window may bring it back too: for both it is the same one.
    const at = path[0]?.at ?? this.beganAt;
    const named = this.known.title() === '' ? title : this.known.title();
    const meta = { id, workspace: identity.key, title: named, createdAt: at, updatedAt: at, head: null };
    const storeName = await store.createConversation(identity, meta);
    // The first attempt may have had no title yet.
    if (again && named !== '') await store.setTitle(id, named);
    if (path.length > 0) await store.append(id, path, null);
    return storeName;
  }

  /** Not so when another window deleted it: then the store is the same, and it stays deleted. */
  private async isLost(): Promise<boolean> {
    const { store } = this.deps;
    if ((await store.getMeta(this.conversation)) !== null) return false;
    return (await store.getValue(storeNameKey)) !== this.storeName;
  }
}

/** A title for a first message; '' when none can be made: the message goes all the same. */
export function titleFor(content: readonly UserBlock[], log: Pick<Log, 'error'>): string {
  try {
    return titleOf(content);
  } catch (error) {
    log.error('a title could not be made', error);
    return '';
  }
}
