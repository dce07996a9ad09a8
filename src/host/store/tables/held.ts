/** What the requests of answers held, beside the entries; and the texts of tools and instructions, each stored once. */
import type { HeldRequest } from '../../../core/record/record';
import type { Database } from '../file/database';
import type { ReadEntry } from '../file/protocol';
import { readText } from '../file/stored';

/** An address is JSON text: SQLite's own ends at a NUL. */
interface Row extends Omit<HeldRequest, 'bare'> {
  readonly entry: string;
  readonly bare: number;
}

/** Part of the transaction that stores the entry. */
export function addHeld(db: Database, conversation: string, entry: string, held: HeldRequest): void {
  db.run(
    `INSERT OR REPLACE INTO heldRequests (conversation, entry, digest, tools, instructions, address, bare)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    conversation,
    entry,
    held.digest,
    held.tools,
    held.instructions,
    JSON.stringify(held.address),
    held.bare ? 1 : 0,
  );
}

/** Entries of a conversation, the answers among them with what their requests held. */
export function withHeld(db: Database, conversation: string, path: readonly ReadEntry[]): readonly ReadEntry[] {
  const sql = 'SELECT entry, digest, tools, instructions, address, bare FROM heldRequests WHERE conversation = ?';
  const held = new Map(db.all<Row>(sql, conversation).map(({ entry, ...row }) => [entry, row]));
  return path.map((entry) => {
    const row = held.get(entry.id);
    if (row === undefined) return entry;
    return { ...entry, held: { ...row, address: readText(row.address, ''), bare: row.bare !== 0 } };
  });
}

/** Part of the transaction that deletes the conversation: texts that no other names go with it. */
export function dropHeld(db: Database, conversation: string): void {
  db.run('DELETE FROM heldRequests WHERE conversation = ?', conversation);
  db.run(
    `DELETE FROM promptTexts WHERE digest NOT IN (SELECT tools FROM heldRequests)
     AND digest NOT IN (SELECT instructions FROM heldRequests)`,
  );
}

/** Keeps a text under its digest. */
export function keepText(db: Database, digest: string, text: string): void {
  db.run('INSERT INTO promptTexts (digest, text) VALUES (?, ?) ON CONFLICT DO NOTHING', digest, JSON.stringify(text));
}
