/** The right to drive a conversation's turns: held by one extension host at a time and renewed while it lives. */
import type { Claim } from '../../../core/record/leases';
import type { ControllerDeps } from './controllerDeps';

/** ms that a lease lasts without being renewed, and how often it is. */
const lifeMs = 15_000;
const renewMs = 4_000;

/** Takes a conversation's lease, renews it while a turn runs, and releases it. */
export class LeaseKeeper {
  private stopRenewing: (() => void) | null = null;
  /** A write may have taken it since it was last released. */
  private claimed = false;

  constructor(
    private readonly conversation: string,
    private readonly deps: Pick<ControllerDeps, 'store' | 'clock' | 'log' | 'owner' | 'isAlive'>,
    /** Called when another host has taken it, as after this machine slept for longer than it lasts. */
    private readonly lost: () => void = () => undefined,
  ) {}

  /** True when this host holds it from now on. That of a process which is known to be gone is taken over at once. */
  async acquire(): Promise<boolean> {
    const { store, clock } = this.deps;
    if (!(await this.take())) {
      const held = await store.getLease(this.conversation);
      if (held !== null && (held.owner === this.deps.owner || this.deps.isAlive(held.owner))) return false;
      // Given back a moment ago, or its process is gone.
      if (held !== null) await store.releaseLease(this.conversation, held.owner);
      if (!(await this.take())) return false;
    }
    this.stopRenewing ??= clock.every(renewMs, () => {
      this.renew().catch((error: unknown) => this.deps.log.error('a lease was not renewed', error));
    });
    return true;
  }

  /** What a write says of who makes it: the store renews a lease with it that ran out and that nobody took. */
  claim(head: string | null): Claim {
    this.claimed = true;
    return { owner: this.deps.owner, expiresAt: this.deps.clock.now() + lifeMs, head };
  }

  /** Never rejects: one that could not be given back runs out by itself. */
  async release(): Promise<void> {
    if (this.stopRenewing === null && !this.claimed) return;
    this.stopRenewing?.();
    this.stopRenewing = null;
    this.claimed = false;
    try {
      await this.deps.store.releaseLease(this.conversation, this.deps.owner);
    } catch (error) {
      this.deps.log.error('a lease was not released', error);
    }
  }

  private async renew(): Promise<void> {
    if ((await this.take()) || this.stopRenewing === null) return;
    this.stopRenewing();
    this.stopRenewing = null;
    this.lost();
  }

  private take(): Promise<boolean> {
    const { store, clock, owner } = this.deps;
    const now = clock.now();
    return store.acquireLease({ conversation: this.conversation, owner, expiresAt: now + lifeMs }, now);
  }
}
