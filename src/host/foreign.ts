/** Follows a conversation whose turn another window drives, as it is stored, until that window has ended it. */
import type { Clock, Log, Store, StoredConversation } from '../core/ports';
import { isOpen } from '../core/repair';
import type { LeaseKeeper } from './lease';

/** How often it is read again. */
const pollMs = 1000;

export interface ForeignDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

export class ForeignTurn {
  private stop: (() => void) | null = null;

  constructor(
    private readonly conversation: string,
    private readonly deps: ForeignDeps,
    private readonly lease: LeaseKeeper,
    /** `ours` is true when the other window is gone and this one holds the lease now. */
    private readonly seen: (stored: StoredConversation, state: 'running' | 'ended' | 'ours') => Promise<void>,
  ) {}

  get isFollowing(): boolean {
    return this.stop !== null;
  }

  follow(): void {
    if (this.stop !== null) return;
    let busy = false;
    this.stop = this.deps.clock.every(pollMs, () => {
      if (busy) return;
      busy = true;
      this.poll()
        .catch((error: unknown) => this.deps.log.error('a conversation of another window could not be read', error))
        .finally(() => {
          busy = false;
        });
    });
  }

  end(): void {
    this.stop?.();
    this.stop = null;
  }

  private async poll(): Promise<void> {
    const stored = await this.deps.store.load(this.conversation);
    if (stored === null || this.stop === null) return;
    const state = !isOpen(stored.path) ? 'ended' : (await this.lease.acquire()) ? 'ours' : 'running';
    if (state !== 'running') this.end();
    await this.seen(stored, state);
  }
}
