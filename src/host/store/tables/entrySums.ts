/** A checksum for each stored entry: bytes that have changed on the disk are noticed, and cost that entry alone. */
import { crc32 } from 'node:zlib';
import type { Database } from '../file/database';

/** The columns of an entry, as they are stored. */
export interface EntryRow {
  readonly id: string;
  readonly conversation: string;
  readonly parent: string | null;
  readonly kind: string;
  readonly at: number;
  readonly body: string;
}

function sumOf({ id, conversation, parent, kind, at, body }: EntryRow): number {
  // The columns first, so that a byte cannot move from one to the next unnoticed.
  return crc32(body, crc32(JSON.stringify([id, conversation, parent, kind, at])));
}

/** Part of the transaction that stores the entry. */
export function addSum(db: Database, seq: number, row: EntryRow): void {
  db.run(
    'INSERT INTO entrySums (seq, sum) VALUES (?, ?) ON CONFLICT (seq) DO UPDATE SET sum = excluded.sum',
    seq,
    sumOf(row),
  );
}

/** False when the entry is not what was stored. `sum` is null for one that was stored before there were sums. */
export function isIntact(row: EntryRow, sum: number | null): boolean {
  return sum === null || sum === sumOf(row);
}

/** Part of the transaction that deletes the conversation; before its entries go. */
export function dropSums(db: Database, conversation: string): void {
  db.run('DELETE FROM entrySums WHERE seq IN (SELECT seq FROM entries WHERE conversation = ?)', conversation);
}
