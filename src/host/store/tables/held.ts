/** What the requests of answers held, beside the entries; and the texts of tools and instructions, each stored once. */

import type { HeldRequest } from '../../../core/record/record';
import type { Database } from '../file/database';
import type { HeldRow } from '../file/protocol';

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

export function heldOf(db: Database, conversation: string): readonly HeldRow[] {
  const sql = 'SELECT entry, digest, tools, instructions, address, bare FROM heldRequests WHERE conversation = ?';
  return db.all<HeldRow>(sql, conversation);
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

/** A text that was kept, as JSON; null for none. */
export function keptText(db: Database, digest: string): string | null {
  return db.get<{ text: string }>('SELECT text FROM promptTexts WHERE digest = ?', digest)?.text ?? null;
}
