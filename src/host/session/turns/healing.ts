/** What a crash has left is mended: an open turn is closed, and what was kept beside the record is taken in. */
import type { ConversationLog } from '../../../core/record/conversationLog';
import { type FilesNow, judged } from '../../../core/record/pendingEdits';
import type { StoredConversation } from '../../../core/record/store';
import { turnEdits } from '../../../core/record/turnEdits';
import { editVersions } from '../../../core/tools/edits/versions';
import type { ControllerDeps } from './controllerDeps';

/**
 * Closes a turn that nobody drives any more; what its calls have changed in files is found out by looking at them. False
 * when none is open.
 */
export async function repairTurn(
  log: ConversationLog,
  stored: StoredConversation,
  { store, owner, filesNow = unseen, log: diagnostics }: Pick<ControllerDeps, 'store' | 'owner' | 'filesNow' | 'log'>,
): Promise<boolean> {
  const edits = await judged(stored.pendingEdits, filesNow);
  return await log.repair(stored.checkpoint, owner, {
    judged: edits,
    ofTurn: async (path) => {
      const turn = stored.path.findLast(({ kind }) => kind === 'user')?.id;
      if (turn === undefined) return null;
      try {
        return await turnEdits(path, turn, editVersions(store, log.conversation));
      } catch (error) {
        // A version that is lost takes the review of the turn, and not its end.
        diagnostics.error('what an interrupted turn has changed could not be told', error);
        return null;
      }
    },
  });
}

const unseen: FilesNow = { digestsOf: () => Promise.reject(new Error('files are not looked at')) };

/** How often it is tried, ms. */
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
