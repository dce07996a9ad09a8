/** Conversations as a whole: the list, titles, drafts, leases, deletion. */
import type { ConversationMeta, Lease, ListOptions, WorkspaceIdentity } from '../../core/ports';
import { dropUnheldBlobs } from './blobs';
import type { Database } from './database';
import { hasEntry, noConversation, readCheckpoint, readPath } from './entries';
import { notPossible } from './errors';
import type { WireComposer, WireConversation } from './protocol';
import { hasFts5, hasIndex, removeTexts } from './textIndex';

const metaColumns = 'id, workspace, title, createdAt, updatedAt, head';

/** Doing it twice with the same id is one creation: the answer to the first may have been lost. */
export function createConversation(db: Database, workspace: WorkspaceIdentity, meta: ConversationMeta): void {
  if (meta.head !== null) throw notPossible(`Conversation ${meta.id} cannot begin with a head: it has no entries yet.`);
  if (meta.workspace !== workspace.key) throw notPossible(`Conversation ${meta.id} names another workspace.`);
  db.run(
    `INSERT INTO workspaces (key, name, folders) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET name = excluded.name, folders = excluded.folders`,
    workspace.key,
    workspace.name,
    JSON.stringify(workspace.folders),
  );
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

export function load(db: Database, id: string): WireConversation | null {
  const meta = readMeta(db, id);
  if (meta === null) return null;
  const sql = 'SELECT draft, removedContext, addedContext, queued FROM composers WHERE conversation = ?';
  return {
    meta,
    path: readPath(db, meta.head),
    ...(db.get<WireComposer>(sql, id) ?? emptyComposer),
    checkpoint: readCheckpoint(db, id),
  };
}

/** Read from an index alone: neither the table nor any entry is touched. */
export const listSql = {
  all: `SELECT ${metaColumns} FROM conversations
    WHERE (updatedAt, id) < (?, ?) ORDER BY updatedAt DESC, id DESC LIMIT ?`,
  ofWorkspace: `SELECT ${metaColumns} FROM conversations
    WHERE workspace = ? AND (updatedAt, id) < (?, ?) ORDER BY updatedAt DESC, id DESC LIMIT ?`,
};

/** Latest first. */
export function list(db: Database, options: ListOptions): readonly ConversationMeta[] {
  const updatedAt = options.after?.updatedAt ?? Number.MAX_SAFE_INTEGER;
  const id = options.after?.id ?? '';
  return options.workspace === null
    ? db.all<ConversationMeta>(listSql.all, updatedAt, id, options.limit)
    : db.all<ConversationMeta>(listSql.ofWorkspace, options.workspace, updatedAt, id, options.limit);
}

export function setHead(db: Database, conversation: string, head: string | null): void {
  if (head !== null && !hasEntry(db, conversation, head)) {
    throw notPossible(`Entry ${head} is not in conversation ${conversation}.`);
  }
  const changed = db.run('UPDATE conversations SET head = ? WHERE id = ?', head, conversation);
  if (changed === 0) throw noConversation(conversation);
}

export function setTitle(db: Database, conversation: string, title: string): void {
  const changed = db.run('UPDATE conversations SET title = ? WHERE id = ?', storable(title), conversation);
  if (changed === 0) throw noConversation(conversation);
}

const emptyComposer: WireComposer = { draft: '""', removedContext: '[]', addedContext: '[]', queued: '[]' };

/** Changes one part of what the composer holds besides the record; each is JSON. */
export function setComposer(db: Database, conversation: string, part: keyof WireComposer, json: string): void {
  if (readMeta(db, conversation) === null) throw noConversation(conversation);
  const created = { ...emptyComposer, [part]: json };
  db.run(
    `INSERT INTO composers (conversation, draft, removedContext, addedContext, queued) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (conversation) DO UPDATE SET ${part} = excluded.${part}`,
    conversation,
    created.draft,
    created.removedContext,
    created.addedContext,
    created.queued,
  );
}

/** The lease goes to who asks when nobody has it, its holder asks again, or it has expired by `now`. */
export function acquireLease(db: Database, lease: Lease, now: number): boolean {
  const changed = db.run(
    `INSERT INTO leases (conversation, owner, expiresAt) VALUES (?, ?, ?)
     ON CONFLICT (conversation) DO UPDATE SET owner = excluded.owner, expiresAt = excluded.expiresAt
     WHERE leases.owner = excluded.owner OR leases.expiresAt <= ?`,
    lease.conversation,
    lease.owner,
    lease.expiresAt,
    now,
  );
  return changed > 0;
}

/** The lease as it stands, expired or not. */
export function getLease(db: Database, conversation: string): Lease | null {
  const sql = 'SELECT conversation, owner, expiresAt FROM leases WHERE conversation = ?';
  return db.get<Lease>(sql, conversation) ?? null;
}

/** Does nothing when another owner has it. */
export function releaseLease(db: Database, conversation: string, owner: string): void {
  db.run('DELETE FROM leases WHERE conversation = ? AND owner = ?', conversation, owner);
}

/** Removes every row that belongs to the conversation. `scrub` then removes what is left of them in the file. */
export function deleteConversation(db: Database, conversation: string): void {
  if (hasIndex(db)) {
    if (!hasFts5(db)) {
      throw notPossible(
        'This conversation cannot be deleted here: the search index has its text, and this editor cannot change it.',
      );
    }
    removeTexts(db, conversation);
  }
  for (const table of ['checkpoints', 'composers', 'leases', 'entries']) {
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
