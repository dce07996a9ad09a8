/** What was kept beside the database comes into it. */
import { branchTitle, copyOf } from '../../core/record/branch';
import { readEntry } from '../../core/record/readEntry';
import type { Database } from './file/database';
import { readKept, toWire } from './rescueFile';
import { copyTools } from './tables/chosenTools';
import { createConversation, readMeta } from './tables/conversations';
import { append, isStored } from './tables/entries';
import { hasEntry, noteCopies, readPath } from './tables/paths';

/**
 * Part of a transaction: appends what was kept, in order; what is there already is left. Where the conversation has gone
 * on since, it becomes one of its own, with the path that it belongs to. False when it has to wait: the conversation, or
 * what came before it, is not there.
 */
export function takeIn(db: Database, folder: string, conversation: string, indexText: boolean): boolean {
  const entries = readKept(folder, conversation).filter((entry) => !isStored(db, conversation, entry));
  const first = entries[0];
  if (first === undefined) return true;
  const meta = readMeta(db, conversation);
  if (meta === null || (first.parent !== null && !hasEntry(db, conversation, first.parent))) return false;
  // Another window may have repaired the turn with what it knew of the same answer.
  if (meta.head === first.parent) {
    append(db, conversation, entries, { indexText });
    return true;
  }
  const path = [...readPath(db, conversation, first.parent), ...entries]
    .map((entry) => readEntry(entry.json, entry))
    .filter(({ kind }) => kind !== 'unreadable');
  const workspace = db.get<{ key: string; name: string; folders: string }>(
    'SELECT key, name, folders FROM workspaces WHERE key = ?',
    meta.workspace,
  );
  if (workspace === undefined) return false;
  const id = `${conversation}-${first.id}`;
  const branch = { ...meta, id, title: branchTitle(meta.title), createdAt: first.at, updatedAt: first.at, head: null };
  createConversation(db, { ...workspace, folders: JSON.parse(workspace.folders) as readonly string[] }, branch);
  const copy = copyOf(path, (old) => `${id}-${old}`).map(toWire);
  const copied = copy.length - entries.length;
  append(db, id, copy.slice(0, copied), { indexText, copied: true });
  noteCopies(db, id, copy[copied - 1]?.id);
  append(db, id, copy.slice(copied), { indexText });
  copyTools(db, conversation, id);
  return true;
}
