/** A damaged database is moved out of the way, whole and under another name: it may still be read by a rescue tool. */
import { closeSync, existsSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { type Database, type FileIdentity, identityOf } from './database';

/** Files this small are checked whole when they are opened, which takes some 10 ms; of others the list is. Bytes. */
const checkedWhole = 16 * 1024 * 1024;

/** Setting aside takes a moment; a lock older than this was left by a crash. ms. */
const lockMs = 30_000;

/**
 * `index` when only the search index is at fault, which can be built again; `list` when the indexes over the
 * conversations say something else than their table (mendList). May also throw what SQLite throws.
 */
export function checkDatabase(
  db: Database,
  extent: 'quick' | 'whole' = 'quick',
): 'sound' | 'index' | 'list' | 'damaged' {
  const pages = db.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0;
  const pageSize = db.get<{ page_size: number }>('PRAGMA page_size')?.page_size ?? 0;
  const scope = extent === 'whole' || pages * pageSize <= checkedWhole ? '3' : 'conversations';
  const said = db.all<{ quick_check: string }>(`PRAGMA quick_check(${scope})`).map((row) => row.quick_check);
  if (said.every((line) => line === 'ok')) return isListSound(db) ? 'sound' : 'list';
  return said.every((line) => line.includes('fts5') || line.includes('FTS5')) ? 'index' : 'damaged';
}

/** Indexes are no part of a quick check: one changed letter there, and a conversation is listed and not found. */
function isListSound(db: Database): boolean {
  const said = db.all<{ integrity_check: string }>('PRAGMA integrity_check(conversations)');
  return said.every((row) => row.integrity_check === 'ok');
}

/**
 * Builds the indexes over the conversations again. Entries whose conversation, or whose place in it, is lost get it back:
 * without its title, and with its last entry as the head. Throws where that is not possible either.
 */
export function mendList(db: Database): void {
  const last = '(SELECT id FROM entries l WHERE l.conversation = c.id ORDER BY seq DESC LIMIT 1)';
  const lost = `SELECT workspace FROM conversations c WHERE head IS NOT NULL AND ${last} IS NULL LIMIT 1`;
  db.transaction('write', () => {
    db.exec('REINDEX conversations');
    db.run(
      `INSERT INTO conversations (id, workspace, title, createdAt, updatedAt, head)
       SELECT conversation, coalesce((${lost}), (SELECT key FROM workspaces LIMIT 1)), '', min(at), max(at), NULL
       FROM entries WHERE conversation NOT IN (SELECT id FROM conversations) GROUP BY conversation`,
    );
    db.run(
      `UPDATE conversations AS c SET head = ${last} WHERE ${last} IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.id = c.head AND e.conversation = c.id)`,
    );
  });
}

/**
 * Moves the database and its journals to a name that nothing has, and returns it. null when the file is not the one
 * that was found damaged: another window has set that one aside in the meantime. Throws when the file system refuses.
 */
export function setAside(file: string, damaged: FileIdentity | null, now: Date): string | null {
  const unlock = lock(`${file}.aside`);
  if (unlock === null) return null;
  try {
    if (damaged === null || identityOf(file) !== damaged) return null;
    const target = freeName(file, now);
    // The journals first: SQLite deletes a journal that it finds without its database.
    for (const suffix of ['-wal', '-shm', '-journal', '']) {
      if (existsSync(file + suffix)) renameSync(file + suffix, target + suffix);
    }
    return target;
  } finally {
    unlock();
  }
}

function freeName(file: string, now: Date): string {
  const stamp = now.toISOString().replaceAll(/[-:.]/g, '');
  const stem = `${file.replace(/\.db$/, '')}.damaged-${stamp}`;
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? `${stem}.db` : `${stem}-${count}.db`;
    if (!existsSync(name)) return name;
  }
}

/** null when another window has the lock: it is setting the same file aside. */
function lock(path: string): (() => void) | null {
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (age > lockMs) rmSync(path, { force: true });
  try {
    closeSync(openSync(path, 'wx'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return null;
    throw error;
  }
  return () => rmSync(path, { force: true });
}
