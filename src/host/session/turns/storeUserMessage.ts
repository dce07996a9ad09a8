/** From what the user has sent to its place in the record. */
import { isOvertaken } from '../../../core/base/elsewhere';
import { StoreError } from '../../../core/base/errors';
import type { AppendOptions } from '../../../core/record/conversationLog';
import type { Entry, FileEdit, NewEntry, TurnFile, UserBlock } from '../../../core/record/record';
import { editsCut, filesAfter } from '../../../core/record/turnEdits';
import { editVersions } from '../../../core/tools/edits/versions';
import { goneOnElsewhere, Refused } from '../../base/refused';
import { freshSnapshotNow } from '../../pricing/nextTurn';
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
  readonly cutAfter: (head: string | null) => Promise<void>;
  /** Takes a cut back. */
  readonly uncut: (head: string | null) => Promise<void>;
  readonly commit: (news: readonly NewEntry[], options: AppendOptions) => Promise<void>;
  /** Shows what failed in the place of the words. */
  readonly failed: (error: unknown) => void;
}

/** True when the words are in the record, to be answered. Rejects with a Refused as `takeLease` does. */
export async function storeUserMessage(sent: Sent, signal: AbortSignal, parts: UserMessageParts): Promise<boolean> {
  const { deps, chosen, path } = parts;
  /** The end of the path before it was cut; undefined while it is whole. */
  let head: string | null | undefined;
  try {
    const isNew = await parts.create(sent.content);
    await sent.stored?.();
    await parts.takeLease(sent.from !== undefined, isNew);
    const edits = sent.from === undefined ? [] : editsCut(path(), sent.from);
    if (sent.from !== undefined) {
      head = path().at(-1)?.id ?? null;
      await parts.cutAfter(sent.from);
    }
    const words = { content: sent.content, auto: sent.auto, model: deps.settings().model };
    const rule = freshSnapshotNow(path(), await deps.pauses.now(), deps, chosen);
    const opening = await openTurn(words, path(), chosen, deps, signal, rule);
    // What turns that are gone did to files stays done, and can be undone with what this one does.
    const files = await undecided(edits, parts);
    await parts.commit(opening, { queued: sent.queued, draft: sent.draft, files });
  } catch (thrown) {
    if (head !== undefined && !(thrown instanceof Refused)) await parts.uncut(head);
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

async function undecided(
  edits: readonly FileEdit[],
  { conversation, deps }: Pick<UserMessageParts, 'conversation' | 'deps'>,
): Promise<readonly TurnFile[]> {
  try {
    return await filesAfter([], edits, editVersions(deps.store, conversation));
  } catch (error) {
    // A version that is lost takes the review, and not the words.
    deps.log.error('what the turns that were cut off have changed could not be told', error);
    return [];
  }
}
