/** What a turn has changed in files, for its end. */
import type { Log } from '../base/ports';
import type { ConversationLog } from '../record/conversationLog';
import { type FilesNow, judged } from '../record/pendingEdits';
import type { Entry, NewEntry } from '../record/record';
import type { Store } from '../record/store';
import { turnEdits } from '../record/turnEdits';
import { editVersions } from '../tools/edits/versions';
import type { ToolPorts } from '../tools/workspace';

interface Parts {
  readonly log: ConversationLog;
  readonly ports: Pick<ToolPorts, 'edits'>;
  readonly store: Pick<Store, 'fileVersion' | 'putFileVersion'>;
  readonly diagnostics: Log;
}

/** Its `edits` entry; nothing where it has changed none, and where that cannot be told: its end does not wait for it. */
export async function editsOf({ log, store, ports, diagnostics }: Parts, turn: string): Promise<readonly NewEntry[]> {
  try {
    const path = await withoutUnmade(log.path, turn, ports.edits?.filesNow);
    const edits = await turnEdits(path, turn, editVersions(store, log.conversation));
    return edits === null ? [] : [edits];
  } catch (error) {
    diagnostics.error('what a turn has changed could not be told', error);
    return [];
  }
}

/** Of a call that was cut off while it wrote, what was not written after all. */
async function withoutUnmade(
  path: readonly Entry[],
  turn: string,
  filesNow: FilesNow | undefined,
): Promise<readonly Entry[]> {
  if (filesNow === undefined) return path;
  const begin = path.findIndex(({ id }) => id === turn);
  const looked = path.map(async (entry, index): Promise<Entry> => {
    if (index < begin || entry.kind !== 'toolResult' || !entry.isError || entry.edits === undefined) return entry;
    const call = entry.toolUseId;
    const all = (await judged([{ call, edits: entry.edits }], filesNow)).get(call) ?? [];
    return { ...entry, edits: all.filter(({ became }) => became !== 'notWritten').map(({ edit }) => edit) };
  });
  return await Promise.all(looked);
}
