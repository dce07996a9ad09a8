/** The partial answer of a conversation, in the pieces in which it streamed; those of earlier versions are whole. */
import { crc32 } from 'node:zlib';
import type { CheckpointPiece } from '../../../core/record/record';
import type { Checkpoint } from '../../../core/record/store';
import type { Database } from '../file/database';
import { noConversation } from '../file/errors';
import { readCheckpoint } from '../file/stored';
import { leaseOf } from './listing';
import { hasEntry } from './paths';

/**
 * Keeps a piece behind those before it, or drops all of them. One that comes after its entry was committed is late, and
 * dropped; so is one of a window that another has overtaken. False when it was not kept.
 */
export function addPiece(
  db: Database,
  conversation: string,
  piece: CheckpointPiece | null,
  owner: string | null,
): boolean {
  const known = db.get<{ head: string | null }>('SELECT head FROM conversations WHERE id = ?', conversation);
  if (known === undefined) throw noConversation(conversation);
  const lease = leaseOf(db, conversation);
  if (owner !== null && lease !== null && lease.owner !== owner) return false;
  if (owner !== null && piece !== null && !isBehind(db, conversation, known.head, piece.parent)) return false;
  if (piece === null || hasEntry(db, conversation, piece.entry)) {
    dropPieces(db, conversation);
    return false;
  }
  const { entry, before } = piece;
  const json = JSON.stringify(piece);
  if (before === 0) dropPieces(db, conversation);
  else if (!hasPiece(db, conversation, entry, before - 1)) return false;
  // The answer to a piece may have been lost: then it comes again, with what is new since.
  db.run('DELETE FROM checkpointPieces WHERE conversation = ? AND place >= ?', conversation, before);
  db.run(
    'INSERT INTO checkpointPieces (conversation, place, entry, sum, body) VALUES (?, ?, ?, ?, ?)',
    conversation,
    before,
    entry,
    crc32(json),
    json,
  );
  return true;
}

/** True when the path ends in this entry, or has only decisions about edits of files behind it. */
function isBehind(db: Database, conversation: string, head: string | null, parent: string): boolean {
  const sql = 'SELECT parent, kind FROM entries WHERE id = ? AND conversation = ?';
  for (let at = head; at !== parent; ) {
    const entry = db.get<{ parent: string | null; kind: string }>(sql, at, conversation);
    if (entry?.kind !== 'edits') return false;
    at = entry.parent;
  }
  return true;
}

function hasPiece(db: Database, conversation: string, entry: string, place: number): boolean {
  const sql = 'SELECT 1 FROM checkpointPieces WHERE conversation = ? AND place = ? AND entry = ?';
  return db.get(sql, conversation, place, entry) !== undefined;
}

/** What the pieces make, up to one that is not as it was stored; null for none, and for one that cannot be read. */
export function checkpointIn(db: Database, conversation: string): Checkpoint | null {
  return readCheckpoint(readPieces(db, conversation));
}

/** JSON of each piece, in their order. */
function readPieces(db: Database, conversation: string): readonly string[] {
  const rows = db.all<{ place: number; sum: number; body: string }>(
    'SELECT place, sum, body FROM checkpointPieces WHERE conversation = ? ORDER BY place',
    conversation,
  );
  if (rows.length === 0) {
    const whole = db.get<{ body: string }>('SELECT body FROM checkpoints WHERE conversation = ?', conversation);
    return whole === undefined ? [] : [whole.body];
  }
  const broken = rows.findIndex(({ place, sum, body }, index) => place !== index || sum !== crc32(body));
  return rows.slice(0, broken === -1 ? rows.length : broken).map(({ body }) => body);
}

/** Part of the transaction that makes them needless. `entry`: those of this answer only. */
export function dropPieces(db: Database, conversation: string, entry: string | null = null): void {
  for (const table of ['checkpoints', 'checkpointPieces']) {
    if (entry === null) db.run(`DELETE FROM ${table} WHERE conversation = ?`, conversation);
    else db.run(`DELETE FROM ${table} WHERE conversation = ? AND entry = ?`, conversation, entry);
  }
}
