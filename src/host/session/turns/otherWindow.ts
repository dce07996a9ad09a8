/**
 * What other windows do to a conversation that is open here too: a turn that one of them drives is followed, as it is
 * stored, until it has ended; while nothing runs, a look from time to time tells whether one of them has gone on with it.
 */
import type { AskingCall } from '../../../core/record/leases';
import type { Checkpoint, ConversationMeta, StoredConversation } from '../../../core/record/store';
import type { ControllerDeps } from './controllerDeps';
import type { LeaseKeeper } from './lease';

/** How often a followed turn is looked at, and how often an idle conversation, ms. */
const pollMs = 1000;
const watchMs = 2000;

interface OtherWindowEvents {
  /** The last entry that is known here. */
  head(): string | null;
  /** True while nothing runs here and someone is looking. */
  isWatching(): boolean;
  /** False where another window has written to the conversation, though its head may be where it was. */
  isKnown(meta: ConversationMeta): boolean;
  /** Another window has written to the idle conversation. */
  changed(stored: StoredConversation): Promise<void>;
  /** The followed turn has gone on or ended. */
  seen(stored: StoredConversation): Promise<void>;
  /** What has arrived of the followed turn's answer so far. */
  partial(checkpoint: Checkpoint): void;
  /** The calls that wait for the user in the window that drives it: the others run. */
  asking(calls: readonly AskingCall[]): void;
  /** The window that drove it is gone: this one holds the lease now. False when another has taken it meanwhile. */
  ours(): Promise<boolean>;
  /** The followed turn has ended: from now on one may begin here. */
  ended(): void;
}

/** Follows a turn that another window drives, and repairs it when that window is gone. */
export class OtherWindowTurn {
  /** The turn of a window that is gone is being repaired here; null for none. */
  repair: Promise<void> | null = null;
  private stopFollowing: (() => void) | null = null;
  private stopWatching: (() => void) | null = null;

  constructor(
    private readonly conversation: string,
    private readonly deps: Pick<ControllerDeps, 'store' | 'clock' | 'log'>,
    private readonly lease: LeaseKeeper,
    private readonly isOpen: (stored: StoredConversation) => boolean,
    private readonly events: OtherWindowEvents,
  ) {}

  get isFollowing(): boolean {
    return this.stopFollowing !== null;
  }

  /** From now on, until `end`. */
  watch(): void {
    this.stopWatching ??= this.every(watchMs, () => this.look());
  }

  /** Until the turn has ended. */
  follow(): void {
    this.stopFollowing ??= this.every(pollMs, () => this.poll());
  }

  end(): void {
    this.stopWatching?.();
    this.stopWatching = null;
    this.endFollowing();
  }

  private ended(): void {
    this.endFollowing();
    this.events.ended();
  }

  private endFollowing(): void {
    this.stopFollowing?.();
    this.stopFollowing = null;
  }

  private every(ms: number, work: () => Promise<void>): () => void {
    let busy = false;
    return this.deps.clock.every(ms, () => {
      if (busy) return;
      busy = true;
      work()
        .catch((error: unknown) => this.deps.log.error('a conversation of another window could not be read', error))
        .finally(() => {
          busy = false;
        });
    });
  }

  private async look(): Promise<void> {
    if (!this.events.isWatching() || this.isFollowing) return;
    const stored = await this.loadIfMoved();
    if (stored !== null && this.stopWatching !== null) await this.events.changed(stored);
  }

  private async poll(): Promise<void> {
    const { store } = this.deps;
    const stored = await this.loadIfMoved();
    if (!this.isFollowing) return;
    if (stored !== null) {
      await this.events.seen(stored);
      if (!this.isOpen(stored)) return this.ended();
    }
    if (await this.lease.acquire()) {
      if (!this.isFollowing) return this.lease.release();
      this.repair = this.repaired();
      return this.repair;
    }
    const checkpoint = await store.getCheckpoint(this.conversation);
    const asking = await store.askingIn(this.conversation);
    if (!this.isFollowing) return;
    if (checkpoint !== null && checkpoint.parent === this.events.head()) this.events.partial(checkpoint);
    else this.events.asking(asking);
  }

  private async repaired(): Promise<void> {
    let isOurs: boolean;
    try {
      isOurs = await this.events.ours();
    } finally {
      this.repair = null;
    }
    // Only now may a turn begin here: it would come in between.
    if (isOurs) this.ended();
  }

  /** null while all is known: a long conversation is not read for nothing. */
  private async loadIfMoved(): Promise<StoredConversation | null> {
    const meta = await this.deps.store.getMeta(this.conversation);
    if (meta === null || this.events.isKnown(meta)) return null;
    return this.deps.store.load(this.conversation);
  }
}
