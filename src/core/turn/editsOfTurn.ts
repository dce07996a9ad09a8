/** What a turn has changed in files, for its end. */
import type { Log } from '../base/ports';
import type { ConversationLog } from '../record/conversationLog';
import type { NewEntry } from '../record/record';
import type { Store } from '../record/store';
import { turnEdits } from '../record/turnEdits';
import { editVersions } from '../tools/edits/versions';

interface Parts {
  readonly log: ConversationLog;
  readonly store: Pick<Store, 'fileVersion' | 'putFileVersion'>;
  readonly diagnostics: Log;
}

/** Its `edits` entry; nothing where it has changed none, and where that cannot be told: its end does not wait for it. */
export async function editsOf({ log, store, diagnostics }: Parts, turn: string): Promise<readonly NewEntry[]> {
  try {
    const edits = await turnEdits(log.path, turn, editVersions(store, log.conversation));
    return edits === null ? [] : [edits];
  } catch (error) {
    diagnostics.error('what a turn has changed could not be told', error);
    return [];
  }
}
