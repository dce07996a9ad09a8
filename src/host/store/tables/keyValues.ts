/** Small values of this machine, each under a key. */
import type { Database } from '../file/database';

/** A small value of this machine; null for none. */
export function getValue(db: Database, key: string): string | null {
  return db.get<{ value: string }>('SELECT value FROM keyValues WHERE key = ?', key)?.value ?? null;
}

/** Keeps a small value of this machine; null removes it. */
export function setValue(db: Database, key: string, value: string | null): void {
  if (value === null) {
    db.run('DELETE FROM keyValues WHERE key = ?', key);
    return;
  }
  db.run(
    'INSERT INTO keyValues (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    key,
    value,
  );
}
