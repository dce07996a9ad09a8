/** The log of a conversation: appending to it. */
import type { Claim } from '../../../core/record/leases';
import type { EditsEntry, ToolResultEntry } from '../../../core/record/record';
import type { Database } from '../file/database';
import { noConversation, notPossible } from '../file/errors';
import type { WireEntry } from '../file/protocol';
import { storeStrings } from '../file/strings';
import { holdStored } from './blobs';
import { dropPieces } from './checkpoints';
import { renewLease } from './claims';
import { addSum } from './entrySums';
import { addHeld } from './held';
import { hasEntry } from './paths';
import { dropPendingEdits } from './pendingEdits';
import { unqueue } from './queued';
import { addText, isIndexed } from './textIndex';
import { addUsage } from './usage';

interface AppendOptions {
  readonly indexText: boolean;
  readonly claim?: Claim | null;
  /** The waiting message that they are. */
  readonly queued?: string | undefined;
  /** True for a copy of what another conversation has: its requests are counted there. */
  readonly copied?: boolean;
}

/**
 * Appends entries, each the child of the one before, and moves the head to the last. Entries that are already there
 * with the same content are left as they are (a retry after an answer was lost); when none is new the head stays too,
 * because it has been moved then, and perhaps further since.
 */
export function append(
  db: Database,
  conversation: string,
  entries: readonly WireEntry[],
  { indexText, claim = null, queued, copied = false }: AppendOptions,
): void {
  const first = entries[0];
  const last = entries.at(-1);
  if (first === undefined || last === undefined) return;
  const known = db.get<{ head: string | null }>('SELECT head FROM conversations WHERE id = ?', conversation);
  if (known === undefined) throw noConversation(conversation);
  // Behind a head whose entry is lost the conversation goes on.
  if (first.parent !== null && first.parent !== known.head && !hasEntry(db, conversation, first.parent)) {
    throw notPossible(`Entry ${first.id} has a parent that is not in its conversation: ${first.parent}.`);
  }
  // The answer to an append may have been lost: then it is asked for again.
  const isNew = !entries.every((entry) => isStored(db, conversation, entry));
  if (isNew && claim !== null) renewLease(db, conversation, claim);
  if (isNew && queued !== undefined) unqueue(db, conversation, queued);
  let before = first.parent;
  let added = 0;
  for (const entry of entries) {
    if (entry.parent !== before) throw notPossible(`Entry ${entry.id} does not follow ${before}.`);
    if (insert(db, conversation, entry, { indexText, copied })) added += 1;
    before = entry.id;
  }
  if (added === 0) return;
  db.run(
    'UPDATE conversations SET head = ?, updatedAt = max(updatedAt, ?) WHERE id = ?',
    last.id,
    last.at,
    conversation,
  );
}

/** True when it is there already, as it is. */
export function isStored(db: Database, conversation: string, { id, json }: WireEntry): boolean {
  const sql = 'SELECT body FROM entries WHERE id = ? AND conversation = ?';
  const known = db.get<{ body: string }>(sql, id, conversation);
  return known !== undefined && sameJson(known.body, json);
}

/** False when it was there already. */
function insert(db: Database, conversation: string, entry: WireEntry, { indexText, copied }: AppendOptions): boolean {
  dropPieces(db, conversation, entry.id);
  const sql = 'SELECT conversation, body FROM entries WHERE id = ?';
  const known = db.get<{ conversation: string; body: string }>(sql, entry.id);
  if (known !== undefined) {
    if (known.conversation === conversation && sameJson(known.body, entry.json)) return false;
    throw notPossible(`Entry ${entry.id} is already in the record with other content.`);
  }
  db.run(
    'INSERT INTO entries (id, conversation, parent, kind, at, body) VALUES (?, ?, ?, ?, ?, ?)',
    entry.id,
    conversation,
    entry.parent,
    entry.kind,
    entry.at,
    entry.json,
  );
  const seq = db.get<{ seq: number }>('SELECT last_insert_rowid() AS seq')?.seq;
  if (seq === undefined) throw notPossible(`Entry ${entry.id} was not stored.`);
  addSum(db, seq, { ...entry, conversation, body: entry.json });
  if (entry.held !== undefined) addHeld(db, conversation, entry.id, entry.held);
  const named = namedBy(entry);
  for (const hash of named.blobs) hold(db, conversation, hash);
  // One that is gone stands in nobody's way: what was done to the file is true without it.
  holdStored(db, conversation, named.versions);
  if (named.call !== null) dropPendingEdits(db, conversation, named.call);
  if (indexText && isIndexed(entry.kind)) addText(db, seq, entry.json);
  if (copied !== true && (entry.kind === 'assistant' || entry.kind === 'compaction'))
    addUsage(db, conversation, entry.json);
  return true;
}

/** The order of fields does not matter. Without recursion: what a server once said may be nested as deep as it likes. */
function sameJson(stored: string, given: string): boolean {
  if (stored === given) return true;
  try {
    const pairs: [unknown, unknown][] = [[JSON.parse(stored), JSON.parse(given)]];
    for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
      const [a, b] = pair;
      if (a === b) continue;
      if (!isComposed(a) || !isComposed(b) || Array.isArray(a) !== Array.isArray(b)) return false;
      const fields = Object.keys(a);
      if (fields.length !== Object.keys(b).length || !fields.every((field) => Object.hasOwn(b, field))) return false;
      for (const field of fields) pairs.push([a[field], b[field]]);
    }
    return true;
  } catch {
    return false;
  }
}

function isComposed(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** What an entry names that is stored apart. */
interface Named {
  /** The hashes of the images and documents in what the user said, and in what a tool gave back. */
  readonly blobs: readonly string[];
  /** The hashes of what files were before and after an edit. */
  readonly versions: readonly string[];
  /** What names the changes of files that it tells of: the tool_use id of a result's call. */
  readonly call: string | null;
}

function namedBy({ kind, json }: WireEntry): Named {
  const none: Named = { blobs: [], versions: [], call: null };
  type Attached = readonly { readonly blob?: string }[];
  const hashes = (blocks: Attached): readonly string[] =>
    blocks.flatMap(({ blob }) => (blob === undefined ? [] : [blob]));
  if (kind === 'user') return { ...none, blobs: hashes((JSON.parse(json) as { readonly content: Attached }).content) };
  if (kind === 'edits') {
    const { files, call = null } = JSON.parse(json) as EditsEntry;
    const versions = files.flatMap(({ base, current }) => [base, current]).filter((hash) => hash !== null);
    return { ...none, versions, call };
  }
  if (kind !== 'toolResult') return none;
  const { toolUseId, media = [], edits = [] } = JSON.parse(json) as ToolResultEntry;
  const versions = edits.flatMap(({ before, after }) => [before, after]).filter((hash) => hash !== null);
  return { blobs: hashes(media), versions, call: toolUseId };
}

function hold(db: Database, conversation: string, hash: string): void {
  if (db.get('SELECT 1 FROM blobs WHERE hash = ?', hash) === undefined) {
    throw notPossible(storeStrings.attachmentGone(hash));
  }
  db.run('INSERT INTO blobUses (conversation, hash) VALUES (?, ?) ON CONFLICT DO NOTHING', conversation, hash);
}
