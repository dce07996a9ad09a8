/** What a crash has left is mended: an open turn is closed, and what was kept beside the record is taken in. */
import { logFailure } from '../../../core/base/elsewhere';
import type { ConversationLog } from '../../../core/record/conversationLog';
import { type FilesNow, type JudgedEdits, judgedWithCutOff } from '../../../core/record/pendingEdits';
import type { Entry } from '../../../core/record/record';
import type { StoredConversation } from '../../../core/record/store';
import { filesAfter, lastEdits, turnEdits } from '../../../core/record/turnEdits';
import { editVersions } from '../../../core/tools/edits/versions';
import type { ControllerDeps } from './controllerDeps';
import type { LeaseKeeper } from './lease';
import type { Screen } from './screen';

type HealingDeps = Pick<ControllerDeps, 'store' | 'owner' | 'filesNow' | 'log'>;

/**
 * Closes a turn that nobody drives any more; what its calls, and whatever else was noted, have changed in files is found
 * out by looking at them. False when none is open and nothing else was written.
 */
export async function repairTurn(
  log: ConversationLog,
  stored: StoredConversation,
  deps: HealingDeps,
): Promise<boolean> {
  const { store, owner, filesNow = unseen, log: diagnostics } = deps;
  const edits = await judgedWithCutOff(stored.pendingEdits, filesNow, {
    get: (digest) => store.fileVersion(digest),
    put: (bytes) => store.putFileVersion(log.conversation, bytes),
  });
  const isClosed = await log.repair(stored.checkpoint, owner, {
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
  const isTold = await tellNoted(log, edits, deps);
  return isClosed || isTold;
}

/** What names the change that a code block of an answer makes (`PendingEdits`), and that answer again. */
export function blockCall(answer: string, key: string): string {
  return `${blockMark}${answer}/${key}`;
}
const blockMark = 'block/';

/**
 * Changes that were being made when the window was gone, and of which no turn that is open tells: those that were written
 * are edits of their answers from now on, and are shown as such. What fails stands in nobody's way.
 */
export async function healNoted(
  log: ConversationLog,
  stored: StoredConversation,
  deps: HealingDeps,
  lease: Pick<LeaseKeeper, 'acquire' | 'release'>,
  screen: Pick<Screen, 'rebuild'>,
): Promise<void> {
  if (stored.pendingEdits.length === 0 || !(await lease.acquire())) return;
  try {
    if (await repairTurn(log, stored, deps)) screen.rebuild(log.path);
  } finally {
    await lease.release();
  }
}

/** Code blocks, and calls whose turns have ended without their results. False when none was written. */
async function tellNoted(
  log: ConversationLog,
  edits: JudgedEdits,
  { store, owner, log: diagnostics }: HealingDeps,
): Promise<boolean> {
  const versions = editVersions(store, log.conversation);
  let isChanged = false;
  for (const [call, all] of edits) {
    const turn = isTold(log.path, call) ? null : turnOf(log.path, call);
    const written = all.flatMap(({ edit, became }) => (became === 'written' || became === 'partly' ? [edit] : []));
    try {
      if (written.length > 0 && turn !== null) {
        const files = await filesAfter(lastEdits(log.path, turn)?.files ?? [], written, versions, true);
        // The model does not know of a block; of its own calls it knows that they were cut off.
        const applied = call.startsWith(blockMark) ? { applied: written.map(({ path }) => ({ path, patch: '' })) } : {};
        await log.append([{ kind: 'edits', turn, files, ...applied, call }]);
        isChanged = true;
      } else if (turn === null || all.every(({ became }) => became !== 'unknown')) {
        await store.notePendingEdits(log.conversation, { call, edits: [] }, owner);
      }
    } catch (error) {
      // It is noted still, and told another time.
      log.takeUnsaved();
      logFailure(diagnostics, 'what was changed in files could not be told', error);
    }
  }
  return isChanged;
}

/** Behind the answer that made it: servers may count calls anew in each. */
function isTold(path: readonly Entry[], call: string): boolean {
  return path
    .slice(madeAt(path, call) + 1)
    .some((entry) =>
      entry.kind === 'toolResult' ? entry.toolUseId === call : entry.kind === 'edits' && entry.call === call,
    );
}

/** The turn that made it; where that is cut off, the last one: what was done to files stays done. null for none. */
function turnOf(path: readonly Entry[], call: string): string | null {
  const users = (until: number): readonly Entry[] => path.slice(0, until).filter(({ kind }) => kind === 'user');
  if (call.startsWith(blockMark)) {
    const answer = call.slice(blockMark.length).split('/')[0];
    return users(path.length).find(({ id }) => id === answer)?.id ?? null;
  }
  const made = madeAt(path, call);
  return users(made === -1 ? path.length : made).at(-1)?.id ?? null;
}

/** The last answer that made a call; -1 for none. */
function madeAt(path: readonly Entry[], call: string): number {
  return path.findLastIndex(
    (entry) =>
      entry.kind === 'assistant' && entry.content.some((block) => block.type === 'tool_use' && block.id === call),
  );
}

const notLookedAt = (): Promise<never> => Promise.reject(new Error('files are not looked at'));
const unseen: FilesNow = { digestsOf: notLookedAt, bytesOf: notLookedAt };

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
