/** The list of conversations: a page at a time, read from an index; with words to look for, those that have them. */
import type { Lease } from '../../../core/record/leases';
import type { ConversationMeta, ConversationPage, ListedConversation, ListOptions } from '../../../core/record/store';
import type { Database } from '../file/database';
import { readText } from '../file/stored';
import { markOf } from './marks';
import { findConversations, hasFts5, hasIndex, matchOf, snippetOf } from './textIndex';

/** The columns of ConversationMeta: one that is missing does not compile. */
const metaFields = { id: 1, workspace: 1, title: 1, createdAt: 1, updatedAt: 1, head: 1 } as const satisfies Readonly<
  Record<keyof ConversationMeta, 1>
>;
/** The columns of a row of the list, for SELECT. */
export const metaColumns = Object.keys(metaFields).join(', ');

/** Neither deleted nor blank: a blank one has no entry, no title and no draft. */
const listed = `deletedAt IS NULL AND (head IS NOT NULL OR title <> '' OR EXISTS (
    SELECT 1 FROM composers WHERE conversation = conversations.id AND draft <> '""'))`;

/** Read from an index alone: neither the table nor any entry is touched. */
export const listSql = {
  all: `SELECT ${metaColumns} FROM conversations
    WHERE ${listed} AND (updatedAt, id) < (?, ?) ORDER BY updatedAt DESC, id DESC LIMIT (SELECT ?)`,
  ofWorkspace: `SELECT ${metaColumns} FROM conversations
    WHERE ${listed} AND workspace = ? AND (updatedAt, id) < (?, ?) ORDER BY updatedAt DESC, id DESC LIMIT (SELECT ?)`,
};

/** Rows that one step of a search looks through. */
const searchStep = 200;

interface ListCursor {
  readonly updatedAt: number;
  readonly id: string;
}

const top: ListCursor = { updatedAt: Number.MAX_SAFE_INTEGER, id: '' };

/** Latest first. */
export function list(db: Database, options: ListOptions): ConversationPage {
  const search = searchOf(db, options.query ?? '');
  const after = options.after ?? top;
  const found =
    search === null
      ? rowsAfter(db, options.workspaces, after, options.limit + 1)
      : take(matching(db, options.workspaces, after, search), options.limit + 1);
  const names = new Map(
    db.all<{ key: string; name: string }>('SELECT key, name FROM workspaces').map(({ key, name }) => [key, name]),
  );
  const rows = found.slice(0, options.limit).map((meta): ListedConversation => {
    const seq = search?.inText.get(meta.id);
    return {
      ...meta,
      workspaceName: names.get(meta.workspace) ?? '',
      draft: meta.title === '' ? draftOf(db, meta.id) : '',
      lease: leaseOf(db, meta.id),
      asks: isAsking(db, meta.id),
      mark: markOf(db, meta.id),
      snippet: search?.match == null || seq === undefined ? null : snippetOf(db, search.match, seq),
    };
  });
  return { rows, more: found.length > options.limit, elsewhere: countElsewhere(db, options.workspaces, search) };
}

/** What is looked for: in titles, and in the texts where there is an index of them. */
interface Search {
  readonly words: readonly string[];
  readonly match: string | null;
  readonly inText: ReadonlyMap<string, number>;
}

function searchOf(db: Database, query: string): Search | null {
  const words = plain(query).split(/\s+/u).filter(Boolean);
  if (words.length === 0) return null;
  const match = hasFts5(db) && hasIndex(db) ? matchOf(query) : null;
  return { words, match, inText: match === null ? new Map() : findConversations(db, match) };
}

/** Letters as the index has them: without case and accents. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function isMatch(meta: ConversationMeta, { words, inText }: Search): boolean {
  if (inText.has(meta.id)) return true;
  const title = plain(meta.title);
  return words.every((word) => title.includes(word));
}

function rowsAfter(
  db: Database,
  workspaces: readonly string[] | null,
  { updatedAt, id }: ListCursor,
  limit: number,
): readonly ConversationMeta[] {
  if (workspaces === null) return db.all<ConversationMeta>(listSql.all, updatedAt, id, limit);
  const each = workspaces.map((key) => db.all<ConversationMeta>(listSql.ofWorkspace, key, updatedAt, id, limit));
  if (each.length === 1 && each[0] !== undefined) return each[0];
  return each.flat().toSorted(latestFirst).slice(0, limit);
}

function latestFirst(a: ListCursor, b: ListCursor): number {
  return b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1);
}

function* matching(
  db: Database,
  workspaces: readonly string[] | null,
  after: ListCursor,
  search: Search,
): Generator<ConversationMeta> {
  let last = after;
  for (;;) {
    const rows = rowsAfter(db, workspaces, last, searchStep);
    for (const row of rows) if (isMatch(row, search)) yield row;
    const end = rows.at(-1);
    if (end === undefined || rows.length < searchStep) return;
    last = end;
  }
}

function take<Row>(rows: Iterable<Row>, limit: number): readonly Row[] {
  const taken: Row[] = [];
  for (const row of rows) {
    taken.push(row);
    if (taken.length === limit) break;
  }
  return taken;
}

/** How many conversations of each workspace a list would show. Read from an index. */
export function countListed(db: Database): ReadonlyMap<string, number> {
  const sql = `SELECT workspace, count(*) AS count FROM conversations WHERE ${listed} GROUP BY workspace`;
  const rows = db.all<{ workspace: string; count: number }>(sql);
  return new Map(rows.map(({ workspace, count }) => [workspace, count]));
}

function countElsewhere(db: Database, workspaces: readonly string[] | null, search: Search | null): number {
  if (workspaces === null) return 0;
  let count = 0;
  if (search === null) {
    for (const [workspace, listedThere] of countListed(db)) if (!workspaces.includes(workspace)) count += listedThere;
  } else {
    for (const { workspace } of matching(db, null, top, search)) if (!workspaces.includes(workspace)) count += 1;
  }
  return count;
}

/** The lease as it stands, expired or not. */
export function leaseOf(db: Database, conversation: string): Lease | null {
  const sql = 'SELECT conversation, owner, expiresAt FROM leases WHERE conversation = ?';
  return db.get<Lease>(sql, conversation) ?? null;
}

function isAsking(db: Database, conversation: string): boolean {
  return db.get('SELECT 1 FROM leases WHERE conversation = ? AND asking IS NOT NULL', conversation) !== undefined;
}

function draftOf(db: Database, conversation: string): string {
  const row = db.get<{ draft: string }>('SELECT draft FROM composers WHERE conversation = ?', conversation);
  return readText(row?.draft ?? null, '');
}
