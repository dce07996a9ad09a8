/** From what the user has sent to its place in the record. */
import { isOvertaken } from '../../../core/base/elsewhere';
import { StoreError } from '../../../core/base/errors';
import type { AppendOptions } from '../../../core/record/conversationLog';
import { openTurnOf } from '../../../core/record/excluded';
import type { Entry, NewEntry, TurnFile, UserBlock } from '../../../core/record/record';
import { editsCut, filesAfter, lastEdits } from '../../../core/record/turnEdits';
import { editVersions } from '../../../core/tools/edits/versions';
import { goneOnElsewhere, Refused } from '../../base/refused';
import { freshSnapshotNow, warmFilesNow } from '../../pricing/nextTurn';
import { type ChosenContext, openTurn } from '../../pricing/openTurn';
import type { ControllerDeps } from './controllerDeps';
import type { Sent } from './turnTypes';

/** What is done with the path of the conversation. */
interface UserMessageParts {
  readonly conversation: string;
  readonly deps: ControllerDeps;
  readonly chosen: ChosenContext;
  readonly path: () => readonly Entry[];
  /** Makes sure that the conversation is stored; resolves to true when it is new. */
  readonly create: (content: readonly UserBlock[]) => Promise<boolean>;
  /** Rejects with a Refused when another window drives, or, to cut the path, has gone on. */
  readonly takeLease: (toCut: boolean, isNew: boolean) => Promise<void>;
  /** What the path is when it is cut after an entry; nothing is stored. */
  readonly cut: (head: string | null) => readonly Entry[];
  readonly commit: (news: readonly NewEntry[], options: AppendOptions) => Promise<void>;
  /** Shows what failed in the place of the words. */
  readonly failed: (error: unknown) => void;
}

/** True when the words are in the record, to be answered. Rejects with a Refused as `takeLease` does. */
export async function storeUserMessage(sent: Sent, signal: AbortSignal, parts: UserMessageParts): Promise<boolean> {
  const { deps, chosen, path } = parts;
  try {
    const isNew = await parts.create(sent.content);
    await sent.stored?.();
    await parts.takeLease(sent.from !== undefined, isNew);
    const behind = sent.from === undefined ? undefined : parts.cut(sent.from);
    const files = sent.from === undefined ? [] : await filesCut(path(), sent.from, parts);
    const before = behind ?? path();
    const words = { ...sent, model: deps.settings().model };
    const rule = freshSnapshotNow(before, await deps.pauses.now(), deps, chosen);
    const opening = await openTurn(words, before, chosen, deps, signal, rule, warmFilesNow(deps, chosen));
    // With what is cut off, or a window that dies in between would lose what is to be decided of it.
    await parts.commit(opening, { queued: sent.queued, draft: sent.draft, files, behind });
  } catch (thrown) {
    // As after a sleep between the lease and the commit: the words are not what failed.
    const error = isOvertaken(thrown) ? goneOnElsewhere() : thrown;
    const isBusy = error instanceof Refused;
    if (error instanceof StoreError && error.code === 'sent') {
      sent.sentElsewhere?.();
      return false;
    }
    // Stopped before the words were stored: they go back, and nothing has failed.
    if (!signal.aborted && !isBusy) parts.failed(error);
    sent.refused();
    if (isBusy) throw error;
    return false;
  }
  // They are in the record: whatever fails now does not give them back.
  for (const done of [() => sent.committed(), async () => deps.choices.markSent()]) {
    await done().catch((error: unknown) => deps.log.error('what follows a message was not stored', error));
  }
  return true;
}

/**
 * What is to be decided of the turns behind `head`, which are cut off: what they did to files stays done, and can be undone
 * with what the turn does that comes in their place. `said`: what that has done to files already.
 */
export async function filesCut(
  path: readonly Entry[],
  head: string | null,
  { conversation, deps }: Pick<UserMessageParts, 'conversation' | 'deps'>,
  said: readonly TurnFile[] = [],
): Promise<readonly TurnFile[]> {
  const open = editsCut(path, head);
  try {
    return open.length === 0 ? [] : await filesAfter(said, open, editVersions(deps.store, conversation));
  } catch (error) {
    // A version that is lost takes the review, and not the words.
    deps.log.error('what the turns that were cut off have changed could not be told', error);
    return [];
  }
}

/** The same for the turn that is open where `path` is cut, as an entry behind the cut; none where there is nothing to say. */
export async function editsOfCut(
  path: readonly Entry[],
  behind: readonly Entry[],
  head: string,
  parts: Pick<UserMessageParts, 'conversation' | 'deps'>,
): Promise<readonly NewEntry[]> {
  const turn = openTurnOf(behind);
  if (turn === null) return [];
  const files = await filesCut(path, head, parts, lastEdits(behind, turn)?.files);
  return files.length === 0 ? [] : [{ kind: 'edits', turn, files }];
}
