/** Conversations as a whole: creation, titles, drafts, leases, deletion. Their list is in listing.ts. */
import type { Claim, Deletion, Lease } from '../../../core/record/leases';
import type { ConversationMeta, RegeneratedTurn, WorkspaceIdentity } from '../../../core/record/store';
import type { Database } from '../file/database';
import { noConversation, notPossible } from '../file/errors';
import type { WireConversation } from '../file/protocol';
import { type ComposerRow, readComposer, readRegenerated } from '../file/stored';
import { storeStrings } from '../file/strings';
import { dropUnheldBlobs, holdNamedBlobs } from './blobs';
import { checkpointIn, dropPieces } from './checkpoints';
import { dropTools, toolsIn } from './chosenTools';
import { overtaken, renewLease } from './claims';
import { dropSums } from './entrySums';
import { dropHeld, withHeld } from './held';
import { leaseOf, metaColumns } from './listing';
import { hasEntry, readBeside, readEnd, readPath } from './paths';
import { dropPendingEdits, pendingEditsIn } from './pendingEdits';
import { hasFts5, hasIndex, removeTexts } from './textIndex';
import { foldUsage } from './usage';
import { putWorkspace } from './workspaces';

/** Doing it twice with the same id is one creation: the answer to the first may have been lost. */
export function createConversation(db: Database, workspace: WorkspaceIdentity, meta: ConversationMeta): void {
  if (meta.head !== null) throw notPossible(`Conversation ${meta.id} cannot begin with a head: it has no entries yet.`);
  if (meta.workspace !== workspace.key) throw notPossible(`Conversation ${meta.id} names another workspace.`);
  putWorkspace(db, workspace);
  const known = readMeta(db, meta.id);
  if (known !== null) {
    if (known.workspace === meta.workspace && known.createdAt === meta.createdAt) return;
    throw notPossible(`There is another conversation with the id ${meta.id}.`);
  }
  db.run(
    `INSERT INTO conversations (${metaColumns}) VALUES (?, ?, ?, ?, ?, NULL)`,
    meta.id,
    meta.workspace,
    storable(meta.title),
    meta.createdAt,
    meta.updatedAt,
  );
}

/** A conversation without its entries. */
export function readMeta(db: Database, id: string): ConversationMeta | null {
  return db.get<ConversationMeta>(`SELECT ${metaColumns} FROM conversations WHERE id = ?`, id) ?? null;
}

/** SQLite's text ends at a NUL and has no lone surrogates; in a title both can go. */
function storable(title: string): string {
  return title.replaceAll('\0', '').toWellFormed();
}

/** A conversation with its current path, or that to `end`, and composer; null for none, and for a deleted one. */
export function load(db: Database, id: string, end?: string): WireConversation | null {
  const stored = read(db, id, ({ head }) => withHeld(db, id, readPath(db, id, end ?? head)));
  const beside = stored === null ? null : readBeside(db, id, stored.path);
  return stored === null || beside === null ? stored : { ...stored, beside };
}

/** With the last entries of its path alone, so many at most. */
export function loadEnd(db: Database, id: string, count: number): WireConversation | null {
  return read(db, id, ({ head }) => withHeld(db, id, readEnd(db, id, head, count)));
}

function read(
  db: Database,
  id: string,
  path: (meta: ConversationMeta) => WireConversation['path'],
): WireConversation | null {
  const meta = readMeta(db, id);
  if (meta === null || isDeleted(db, id)) return null;
  const sql = 'SELECT draft, removedContext, addedContext, queued, asked FROM composers WHERE conversation = ?';
  return {
    meta,
    path: path(meta),
    ...readComposer(db.get<ComposerRow>(sql, id) ?? emptyComposer),
    checkpoint: checkpointIn(db, id),
    tools: toolsIn(db, id),
    pendingEdits: pendingEditsIn(db, id),
  };
}

/** Moves the end of the current path; null empties it. Throws `overtaken` as `renewLease` does. */
export function setHead(db: Database, conversation: string, head: string | null, claim: Claim | null): void {
  if (claim !== null) renewLease(db, conversation, claim);
  if (head !== null && !hasEntry(db, conversation, head)) {
    throw notPossible(`Entry ${head} is not in conversation ${conversation}.`);
  }
  const changed = db.run('UPDATE conversations SET head = ? WHERE id = ?', head, conversation);
  if (changed === 0) throw noConversation(conversation);
}

/** Throws when there is no such conversation. */
export function setTitle(db: Database, conversation: string, title: string): void {
  const changed = db.run('UPDATE conversations SET title = ? WHERE id = ?', storable(title), conversation);
  if (changed === 0) throw noConversation(conversation);
}

/** Takes it out of sight, and what is out of sight has as long as this one; null brings it back. Throws `overtaken` while another owner's lease lasts. */
export function setDeleted(db: Database, conversation: string, deletion: Deletion | null): void {
  const lease = deletion === null ? null : leaseOf(db, conversation);
  if (deletion !== null && lease !== null && lease.owner !== deletion.owner && lease.expiresAt > deletion.at)
    throw overtaken();
  const changed = db.run('UPDATE conversations SET deletedAt = ? WHERE id = ?', deletion?.at ?? null, conversation);
  if (changed === 0) throw noConversation(conversation);
  // They are brought back together.
  if (deletion !== null) db.run('UPDATE conversations SET deletedAt = ? WHERE deletedAt IS NOT NULL', deletion.at);
}

function isDeleted(db: Database, id: string): boolean {
  return db.get('SELECT 1 FROM conversations WHERE id = ? AND deletedAt IS NOT NULL', id) !== undefined;
}

/** The ids of those that were deleted then or earlier. */
export function deletedBefore(db: Database, before: number): readonly string[] {
  return db.all<{ id: string }>('SELECT id FROM conversations WHERE deletedAt <= ?', before).map(({ id }) => id);
}

/** The turn that was last asked again. */
export function regeneratedIn(db: Database, conversation: string): RegeneratedTurn | null {
  const sql = 'SELECT regenerated FROM composers WHERE conversation = ?';
  return readRegenerated(db.get<Pick<ComposerRow, 'regenerated'>>(sql, conversation)?.regenerated ?? 'null');
}

const emptyComposer: ComposerRow = {
  ...{ draft: '""', removedContext: '[]', addedContext: '[]', queued: '[]', asked: '[]' },
  regenerated: 'null',
};
const composerColumns = Object.keys(emptyComposer);

/** Changes one part of what the composer holds besides the record. */
export function setComposer(db: Database, conversation: string, part: keyof ComposerRow, value: unknown): void {
  const json = JSON.stringify(value);
  if (readMeta(db, conversation) === null) throw noConversation(conversation);
  db.run(
    `INSERT INTO composers (conversation, ${composerColumns.join(', ')}) VALUES (?${', ?'.repeat(composerColumns.length)})
     ON CONFLICT (conversation) DO UPDATE SET ${part} = excluded.${part}`,
    conversation,
    ...Object.values({ ...emptyComposer, [part]: json }),
  );
  if (part === 'draft' || part === 'queued') holdNamedBlobs(db, conversation, json);
}

/** The lease goes to who asks when nobody has it, its holder asks again, or it has expired by `now`. */
export function acquireLease(db: Database, lease: Lease, now: number): boolean {
  const changed = db.run(
    `INSERT INTO leases (conversation, owner, expiresAt) VALUES (?, ?, ?)
     ON CONFLICT (conversation) DO UPDATE SET owner = excluded.owner, expiresAt = excluded.expiresAt,
       asking = CASE WHEN leases.owner = excluded.owner THEN leases.asking END
     WHERE leases.owner = excluded.owner OR leases.expiresAt <= ?`,
    lease.conversation,
    lease.owner,
    lease.expiresAt,
    now,
  );
  return changed > 0;
}

/** Does nothing when another owner has it. */
export function releaseLease(db: Database, conversation: string, owner: string): void {
  db.run('DELETE FROM leases WHERE conversation = ? AND owner = ?', conversation, owner);
}

/** Removes every row that belongs to the conversation; of what it cost, sums of days are left. `scrub` then removes what is left of them in the file. */
export function deleteConversation(db: Database, conversation: string): void {
  if (hasIndex(db)) {
    if (!hasFts5(db)) {
      throw notPossible(storeStrings.notDeletable());
    }
    removeTexts(db, conversation);
  }
  foldUsage(db, conversation);
  dropSums(db, conversation);
  dropHeld(db, conversation);
  dropPieces(db, conversation);
  dropTools(db, conversation);
  dropPendingEdits(db, conversation);
  for (const table of ['composers', 'leases', 'marks', 'copies', 'entries']) {
    db.run(`DELETE FROM ${table} WHERE conversation = ?`, conversation);
  }
  dropUnheldBlobs(db, conversation);
  const sql = 'SELECT workspace FROM conversations WHERE id = ?';
  const workspace = db.get<{ workspace: string }>(sql, conversation)?.workspace;
  db.run('DELETE FROM conversations WHERE id = ?', conversation);
  if (workspace === undefined) return;
  db.run(
    'DELETE FROM workspaces WHERE key = ? AND NOT EXISTS (SELECT 1 FROM conversations WHERE workspace = key)',
    workspace,
  );
}
