/** What the user allowed tools in a workspace. Keys and names are JSON text: SQLite's own ends at a NUL. */
import type { StoredConsent } from '../../../core/record/store';
import type { Database } from '../file/database';
import { readText } from '../file/stored';

/** Keeps what was allowed; what was allowed before is so from now on. */
export function keepConsents(db: Database, workspace: string, consents: readonly StoredConsent[]): void {
  for (const { key, about, at } of consents) {
    const sql = 'INSERT OR REPLACE INTO consents (workspace, key, about, at) VALUES (?, ?, ?, ?)';
    db.run(sql, workspace, JSON.stringify(key), JSON.stringify(about), at);
  }
}

/** What is allowed; a row that cannot be read allows nothing. */
export function consentsIn(db: Database, workspace: string): readonly StoredConsent[] {
  const sql = 'SELECT key, about, at FROM consents WHERE workspace = ? ORDER BY at, key';
  return db.all<StoredConsent>(sql, workspace).flatMap(({ key, about, at }) => {
    const read = readText(key, null);
    return read === null ? [] : [{ key: read, about: readText(about, ''), at }];
  });
}

/** Forgets what was allowed. */
export function takeBackConsents(db: Database, workspace: string, keys: readonly string[]): void {
  for (const key of keys)
    db.run('DELETE FROM consents WHERE workspace = ? AND key = ?', workspace, JSON.stringify(key));
}
