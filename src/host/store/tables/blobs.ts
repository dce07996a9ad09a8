/** Images, documents and versions of edited files, each stored once under the SHA-256 of its bytes. */
import { createHash } from 'node:crypto';
import type { Database } from '../file/database';
import { noConversation } from '../file/errors';

/** Attached but never sent: after this long, ms, nobody will. */
const unsentMs = 30 * 24 * 60 * 60 * 1000;

/** Stores bytes, or renews those that are there, and returns their hash. */
export function putBlob(db: Database, bytes: Uint8Array, now: number): string {
  const hash = hashOf(bytes);
  db.run(
    // An empty file has bytes, too: none would be bound as NULL.
    `INSERT INTO blobs (hash, putAt, bytes) VALUES (?, ?, coalesce(?, x''))
     ON CONFLICT (hash) DO UPDATE SET putAt = excluded.putAt, bytes = excluded.bytes`,
    hash,
    now,
    bytes,
  );
  return hash;
}

/** Stores what a file was, for the conversation that edits it. Throws when there is no such conversation. */
export function putFileVersion(db: Database, conversation: string, bytes: Uint8Array, now: number): string {
  if (db.get('SELECT 1 FROM conversations WHERE id = ?', conversation) === undefined)
    throw noConversation(conversation);
  const hash = putBlob(db, bytes, now);
  holdStored(db, conversation, [hash]);
  return hash;
}

/** null for none, and for bytes that have changed on the disk: attached again, they are whole again. */
export function getBlob(db: Database, hash: string): Uint8Array | null {
  const bytes = db.get<{ bytes: Uint8Array }>('SELECT bytes FROM blobs WHERE hash = ?', hash)?.bytes;
  return bytes instanceof Uint8Array && hashOf(bytes) === hash ? bytes : null;
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * A conversation holds what its draft and its waiting messages name, like what its entries name: nothing else that is
 * deleted takes it away (LESSONS L2). It holds it until it is deleted itself, so that nothing of it is left then.
 */
export function holdNamedBlobs(db: Database, conversation: string, json: string): void {
  holdStored(
    db,
    conversation,
    [...json.matchAll(/\b[0-9a-f]{64}\b/g)].map(([hash]) => hash),
  );
}

/** A conversation holds those of the blobs that are there. */
export function holdStored(db: Database, conversation: string, hashes: readonly string[]): void {
  for (const hash of hashes) {
    db.run(
      'INSERT INTO blobUses (conversation, hash) SELECT ?, hash FROM blobs WHERE hash = ? ON CONFLICT DO NOTHING',
      conversation,
      hash,
    );
  }
}

/** Ends the conversation's hold on its blobs and removes those that no other conversation holds. */
export function dropUnheldBlobs(db: Database, conversation: string): void {
  const sql = 'SELECT hash FROM blobUses WHERE conversation = ?';
  const held = db.all<{ hash: string }>(sql, conversation);
  db.run('DELETE FROM blobUses WHERE conversation = ?', conversation);
  for (const { hash } of held) {
    db.run('DELETE FROM blobs WHERE hash = ?1 AND NOT EXISTS (SELECT 1 FROM blobUses WHERE hash = ?1)', hash);
  }
}

/** Removes what was attached long ago and never sent. */
export function dropUnsentBlobs(db: Database, now: number): void {
  const sql = 'FROM blobs WHERE putAt < ? AND NOT EXISTS (SELECT 1 FROM blobUses WHERE blobUses.hash = blobs.hash)';
  // Most often there is none, and then no lock is taken.
  if (db.get(`SELECT 1 ${sql} LIMIT 1`, now - unsentMs) === undefined) return;
  db.transaction('write', () => db.run(`DELETE ${sql}`, now - unsentMs));
}
