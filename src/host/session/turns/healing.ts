/** What was kept beside the record is taken in as soon as that can be, while the conversation is shown. */
import type { StoredConversation } from '../../../core/record/store';
import type { ControllerDeps } from './controllerDeps';

/** How often that is tried, ms. */
const healMs = 10_000;

interface HealingParts {
  /** True while something is kept aside and nothing runs. */
  isDue(): boolean;
  healed(stored: StoredConversation): void;
}

/** Tries every 10 s to have the store take in what was kept beside it. */
export class Healing {
  private stop: (() => void) | null = null;

  constructor(
    private readonly conversation: string,
    private readonly deps: Pick<ControllerDeps, 'store' | 'clock' | 'log'>,
    private readonly parts: HealingParts,
  ) {}

  /** From now on, until `end`. */
  watch(): void {
    this.stop ??= this.deps.clock.every(healMs, () => {
      this.heal().catch((error: unknown) => this.deps.log.info(`what was kept aside still waits: ${String(error)}`));
    });
  }

  end(): void {
    this.stop?.();
    this.stop = null;
  }

  private async heal(): Promise<void> {
    const { store } = this.deps;
    if (!this.parts.isDue() || !(await store.takeIn(this.conversation))) return;
    const stored = await store.load(this.conversation);
    if (stored !== null && this.parts.isDue()) this.parts.healed(stored);
  }
}
