/** One path of a conversation's log, read whole: what of it is damaged is named in its place; and what is not on it. */

import type { Beside, LeftEntry } from '../../../core/record/branches';
import type { StoredJson } from '../../../core/record/store';
import { noUsage, type TokenUsage } from '../../../shared/tokenUsage';
import type { Database } from '../file/database';
import type { ReadEntry } from '../file/protocol';
import { parseJson } from '../file/stored';
import { type EntryRow, isIntact } from './entrySums';

/**
 * Follows the parents from the head; only the rows of this path are read, and no text before the last join. Ends where
 * damage leads in a circle.
 */
export const pathSql = `
  WITH RECURSIVE path (seq, parent) AS (
    SELECT seq, parent FROM entries WHERE id = ?
    UNION
    SELECT e.seq, e.parent FROM path JOIN entries e ON e.id = path.parent
  )
  SELECT e.seq, e.id, e.conversation, e.parent, e.kind, e.at, e.body, s.sum
  FROM path JOIN entries e ON e.seq = path.seq LEFT JOIN entrySums s ON s.seq = path.seq`;

/** The same of the last so many rows alone. */
export const endSql = `
  WITH RECURSIVE path (seq, parent) AS (
    SELECT seq, parent FROM entries WHERE id = ?
    UNION
    SELECT e.seq, e.parent FROM path JOIN entries e ON e.id = path.parent
    LIMIT (SELECT ?)
  )
  SELECT e.seq, e.id, e.conversation, e.parent, e.kind, e.at, e.body, s.sum
  FROM path JOIN entries e ON e.seq = path.seq LEFT JOIN entrySums s ON s.seq = path.seq`;

const allSql = `
  SELECT e.seq, e.id, e.conversation, e.parent, e.kind, e.at, e.body, s.sum
  FROM entries e LEFT JOIN entrySums s ON s.seq = e.seq WHERE e.conversation = ? ORDER BY e.seq`;

interface Row extends EntryRow {
  readonly seq: number;
  readonly sum: number | null;
}

/** The entries from the root to `head`. */
export function readPath(db: Database, conversation: string, head: string | null): readonly ReadEntry[] {
  if (head === null) return [];
  // A parent is stored before its children. (Sorting in SQL would copy every text.)
  const rows = db.all<Row>(pathSql, head).toSorted((a, b) => a.seq - b.seq);
  return isWhole(rows, conversation, head) ? rows.map(readRow) : patched(db.all<Row>(allSql, conversation), head);
}

/** The last entries of the path to `head`, so many at most; none where they do not hang together. */
export function readEnd(db: Database, conversation: string, head: string | null, count: number): readonly ReadEntry[] {
  if (head === null) return [];
  const rows = db.all<Row>(endSql, head, count).toSorted((a, b) => a.seq - b.seq);
  return isWhole(rows, conversation, head, rows[0]?.parent ?? null) ? rows.map(readRow) : [];
}

function isWhole(rows: readonly Row[], conversation: string, head: string, root: string | null = null): boolean {
  let parent = root;
  for (const row of rows) {
    if (row.parent !== parent || row.conversation !== conversation) return false;
    parent = row.id;
  }
  return parent === head;
}

function readRow({ id, parent, kind, at, body, sum, conversation }: Row): ReadEntry {
  return { id, parent, kind, at, json: isIntact({ id, conversation, parent, kind, at, body }, sum) ? body : null };
}

/**
 * The path where the chain of parents is broken: in the place of an entry that is not there stands one that cannot be
 * read, and the path goes on with what was stored before it.
 */
function patched(all: readonly Row[], head: string): readonly ReadEntry[] {
  const byId = new Map(all.map((row) => [row.id, row]));
  const path: ReadEntry[] = [];
  let next: string | null = head;
  let below = Number.POSITIVE_INFINITY;
  while (next !== null) {
    const row = byId.get(next);
    const found = row !== undefined && row.seq < below;
    if (found) below = row.seq;
    const before = (): Row | undefined => all.findLast(({ seq }) => seq < below);
    if (found) {
      const read = readRow(row);
      const parent = row.parent === null ? undefined : byId.get(row.parent);
      // What a damaged row says of its parent counts only where it leads to one; what leads in a circle never does.
      const leads = parent === undefined ? read.json !== null : parent.seq < below;
      next = leads ? row.parent : (before()?.id ?? null);
      path.push({ ...read, parent: next });
    } else {
      const last = before();
      path.push({ id: next, parent: last?.id ?? null, kind: '', at: last?.at ?? 0, json: null });
      next = last?.id ?? null;
    }
  }
  return path.reverse();
}

/** True when the conversation has this entry, on whichever path. */
export function hasEntry(db: Database, conversation: string, id: string): boolean {
  return db.get('SELECT 1 FROM entries WHERE id = ? AND conversation = ?', id, conversation) !== undefined;
}

/** Kinds of which more than the place is told. */
const told = ['user', 'assistant', 'compaction', 'warmUp'];

/** What is in a record besides a path, in the order in which it was stored; null for nothing. */
export function readBeside(db: Database, conversation: string, path: readonly ReadEntry[]): Beside | null {
  const counted = 'SELECT count(*) AS count FROM entries WHERE conversation = ?';
  const isWhole = db.get<{ count: number }>(counted, conversation)?.count === path.length;
  const copies = copiesIn(db, conversation);
  // Where there are no branches nothing but their number is looked at.
  if (isWhole && copies.size === 0) return null;
  const shown = new Set(path.map(({ id }) => id));
  const sql = 'SELECT id, parent, kind, at FROM entries WHERE conversation = ? ORDER BY seq';
  const left = (isWhole ? [] : db.all<LeftEntry>(sql, conversation))
    .filter(({ id }) => !shown.has(id))
    .map((row) => {
      const { paid, ...place } = told.includes(row.kind) ? { ...row, ...more(db, row) } : { ...row };
      return paid === undefined || copies.has(row.id) ? place : { ...place, paid };
    });
  const own = path.findIndex(({ id }) => !copies.has(id));
  return { left, copied: own === -1 ? path.length : own };
}

/** The ids of entries that were copied from another conversation: those up to the one that is noted. */
function copiesIn(db: Database, conversation: string): ReadonlySet<string> {
  const sql = `SELECT id FROM entries WHERE conversation = ?
    AND seq <= (SELECT e.seq FROM copies c JOIN entries e ON e.id = c.entry WHERE c.conversation = ?)`;
  return new Set(db.all<{ id: string }>(sql, conversation, conversation).map(({ id }) => id));
}

/** Notes the last entry that was copied from another conversation. Part of the transaction that copies them. */
export function noteCopies(db: Database, conversation: string, last: string | undefined): void {
  if (last === undefined) return;
  db.run('INSERT INTO copies (conversation, entry) VALUES (?, ?) ON CONFLICT DO NOTHING', conversation, last);
}

/** Nothing of one that cannot be read. */
function more(db: Database, { id, kind }: LeftEntry): Pick<LeftEntry, 'said' | 'paid'> {
  const body = db.get<{ body: string }>('SELECT body FROM entries WHERE id = ?', id)?.body ?? 'null';
  const entry = parseJson(body) as Readonly<Record<string, unknown>> | null;
  if (typeof entry !== 'object' || entry === null) return {};
  if (kind === 'user') return { said: JSON.stringify(entry['content'] ?? null) };
  const { usage, usd } = entry;
  const isUsage = typeof usage === 'object' && usage !== null;
  return { paid: { usage: isUsage ? (usage as TokenUsage) : noUsage, usd: typeof usd === 'number' ? usd : null } };
}

/** Characters of entries that are read at a time, but for one that is longer by itself. */
const pieceLength = 1_000_000;

/** The entries of a conversation behind one, as many as are read at a time; none at the end. */
export function entriesAfter(db: Database, conversation: string, after: number): readonly StoredJson[] {
  const rows = db.all<Row>(
    `SELECT e.seq, e.id, e.conversation, e.parent, e.kind, e.at, e.body, s.sum
     FROM entries e LEFT JOIN entrySums s ON s.seq = e.seq
     WHERE e.conversation = ? AND e.seq > ? ORDER BY e.seq LIMIT 50`,
    conversation,
    after,
  );
  let length = 0;
  const piece = rows.filter(({ body }, index) => {
    length += body.length;
    return index === 0 || length <= pieceLength;
  });
  return piece.map((row) => {
    const { json, ...known } = readRow(row);
    return { seq: row.seq, json: json ?? JSON.stringify({ ...known, unreadable: true }) };
  });
}
