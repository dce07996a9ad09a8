/** What a crash has left is mended: an open turn is closed, and what was kept beside the record is taken in. */
import { logFailure } from '../../../core/base/elsewhere';
import type { ConversationLog } from '../../../core/record/conversationLog';
import { type FilesNow, judged } from '../../../core/record/pendingEdits';
import type { StoredConversation } from '../../../core/record/store';
import { filesAfter, lastEdits, turnEdits } from '../../../core/record/turnEdits';
import { editVersions } from '../../../core/tools/edits/versions';
import type { ControllerDeps } from './controllerDeps';
import type { LeaseKeeper } from './lease';
import type { Screen } from './screen';

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

/** What names the change that a code block of an answer makes (`PendingEdits`), and that answer again. */
export function blockCall(answer: string, key: string): string {
  return `${blockMark}${answer}/${key}`;
}
const blockMark = 'block/';

/**
 * Code blocks that were being applied when the window was gone: those that were written are edits of their answers from
 * now on, and are shown as such. What fails stands in nobody's way.
 */
export async function healBlocks(
  log: ConversationLog,
  stored: StoredConversation,
  deps: Pick<ControllerDeps, 'store' | 'owner' | 'filesNow' | 'log'>,
  lease: Pick<LeaseKeeper, 'acquire' | 'release'>,
  screen: Pick<Screen, 'rebuild'>,
): Promise<void> {
  if (stored.pendingEdits.length === 0 || !(await lease.acquire())) return;
  try {
    if (await repairBlocks(log, stored, deps)) screen.rebuild(log.path);
  } catch (error) {
    logFailure(deps.log, 'what a code block has changed could not be told', error);
  } finally {
    await lease.release();
  }
}

/** False when none was written. */
async function repairBlocks(
  log: ConversationLog,
  stored: StoredConversation,
  { store, owner, filesNow = unseen }: Pick<ControllerDeps, 'store' | 'owner' | 'filesNow'>,
): Promise<boolean> {
  const own = stored.pendingEdits.filter(({ call }) => call.startsWith(blockMark));
  const versions = editVersions(store, log.conversation);
  let isChanged = false;
  for (const [call, all] of await judged(own, filesNow)) {
    const turn = call.slice(blockMark.length).split('/')[0] ?? '';
    const written = all.flatMap(({ edit, became }) => (became === 'written' ? [edit] : []));
    if (written.length > 0 && log.path.some(({ id, kind }) => id === turn && kind === 'user')) {
      const files = await filesAfter(lastEdits(log.path, turn)?.files ?? [], written, versions);
      const applied = written.map(({ path }) => ({ path, patch: '' }));
      await log.append([{ kind: 'edits', turn, files, applied, call }]);
      isChanged = true;
    } else if (all.every(({ became }) => became !== 'unknown')) {
      await store.notePendingEdits(log.conversation, { call, edits: [] }, owner);
    }
  }
  return isChanged;
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
