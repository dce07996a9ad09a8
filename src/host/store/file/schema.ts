/** The tables of the record, and how an older database becomes a current one. */
import { StoreError } from '../../../core/base/errors';
import type { Database } from './database';
import { anyLease } from './leases';
import { storeStrings } from './strings';

/**
 * `migrations[n]` takes a database from version n to n + 1. A released one is never changed: databases of every
 * version are out there.
 *
 * - `entries.seq` grows with every append, so a parent's is always smaller than its children's. `body` is last, so that
 *   walking the parents of a path touches no text.
 * - The two indexes over `conversations` hold all that the list shows: it never reads the table.
 * - What `composers` holds and values are JSON: SQLite's text ends at a NUL and knows no lone surrogates, JSON escapes
 *   both.
 * - `composers` stands apart from `conversations` because it is written with every pause in typing.
 * - A lease names a conversation that may not be stored yet.
 * - `usage` is clustered by time. Where `conversation` is NULL a row is what is left of deleted ones: a day's sum.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE workspaces (
    key TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    folders TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE conversations (
    id TEXT PRIMARY KEY NOT NULL,
    workspace TEXT NOT NULL REFERENCES workspaces (key),
    title TEXT NOT NULL,
    createdAt INTEGER NOT NULL,
    updatedAt INTEGER NOT NULL,
    head TEXT
  );
  CREATE INDEX conversationsOfWorkspace ON conversations (workspace, updatedAt DESC, id DESC, title, createdAt, head);
  CREATE INDEX conversationsOfAll ON conversations (updatedAt DESC, id DESC, workspace, title, createdAt, head);

  CREATE TABLE entries (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL REFERENCES conversations (id),
    parent TEXT,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX entriesOfConversation ON entries (conversation, seq);

  CREATE TABLE composers (
    conversation TEXT PRIMARY KEY NOT NULL REFERENCES conversations (id),
    draft TEXT NOT NULL,
    removedContext TEXT NOT NULL
  );

  CREATE TABLE checkpoints (
    conversation TEXT PRIMARY KEY NOT NULL REFERENCES conversations (id),
    entry TEXT NOT NULL,
    body TEXT NOT NULL
  );

  CREATE TABLE leases (
    conversation TEXT PRIMARY KEY NOT NULL,
    owner TEXT NOT NULL,
    expiresAt INTEGER NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE blobs (
    hash TEXT PRIMARY KEY NOT NULL,
    putAt INTEGER NOT NULL,
    bytes BLOB NOT NULL
  );
  CREATE TABLE blobUses (
    conversation TEXT NOT NULL REFERENCES conversations (id),
    hash TEXT NOT NULL REFERENCES blobs (hash),
    PRIMARY KEY (conversation, hash)
  ) WITHOUT ROWID;
  CREATE INDEX usesOfBlob ON blobUses (hash);

  CREATE TABLE keyValues (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
  );
  `,
  // What the user added to the context by hand, and messages that wait for their turn.
  `
  ALTER TABLE composers ADD COLUMN addedContext TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE composers ADD COLUMN queued TEXT NOT NULL DEFAULT '[]';
  `,
  // Deleted conversations are out of sight before they are erased; a workspace is recognized by more than its folders.
  `
  ALTER TABLE workspaces ADD COLUMN facts TEXT;
  ALTER TABLE conversations ADD COLUMN deletedAt INTEGER;
  DROP INDEX conversationsOfWorkspace;
  DROP INDEX conversationsOfAll;
  CREATE INDEX conversationsOfWorkspace
    ON conversations (workspace, updatedAt DESC, id DESC, title, createdAt, head, deletedAt) WHERE deletedAt IS NULL;
  CREATE INDEX conversationsOfAll
    ON conversations (updatedAt DESC, id DESC, workspace, title, createdAt, head, deletedAt) WHERE deletedAt IS NULL;
  CREATE INDEX conversationsDeleted ON conversations (deletedAt) WHERE deletedAt IS NOT NULL;
  `,
  // What each request used and cost, by time. Old answers are split by the usual prices: theirs were not kept.
  `
  CREATE TABLE usage (
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    conversation TEXT REFERENCES conversations (id),
    model TEXT NOT NULL,
    requests INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    input INTEGER NOT NULL,
    cacheRead INTEGER NOT NULL,
    cacheWrite5m INTEGER NOT NULL,
    cacheWrite1h INTEGER NOT NULL,
    output INTEGER NOT NULL,
    usdRead REAL NOT NULL,
    usdWritten REAL NOT NULL,
    usdInput REAL NOT NULL,
    usdOutput REAL NOT NULL,
    usdUncached REAL NOT NULL,
    PRIMARY KEY (at, id)
  ) WITHOUT ROWID;
  CREATE INDEX usageOfConversation ON usage (conversation);

  INSERT INTO usage
  SELECT at, id, conversation, model, 1, usd IS NULL, input, cacheRead, write5m, write1h, output,
    coalesce(cacheRead * 0.1 * unit, 0), coalesce((write5m * 1.25 + write1h * 2) * unit, 0), coalesce(input * unit, 0),
    coalesce(output * 5 * unit, 0), coalesce((input + cacheRead + write5m + write1h + output * 5) * unit, 0)
  FROM (
    SELECT *, usd / (input + cacheRead * 0.1 + write5m * 1.25 + write1h * 2 + output * 5) AS unit
    FROM (
      SELECT at, id, conversation,
        coalesce(json ->> '$.model', '') AS model,
        json ->> '$.usd' AS usd,
        coalesce(json ->> '$.usage.input', 0) AS input,
        coalesce(json ->> '$.usage.cacheRead', 0) AS cacheRead,
        coalesce(json ->> '$.usage.cacheWrite5m', 0) AS write5m,
        coalesce(json ->> '$.usage.cacheWrite1h', 0) AS write1h,
        coalesce(json ->> '$.usage.output', 0) AS output
      FROM (
        SELECT at, id, conversation, CASE WHEN json_valid(body) THEN body ELSE '{}' END AS json
        FROM entries WHERE kind = 'assistant'
      )
    )
    WHERE input + cacheRead + write5m + write1h + output > 0
  );
  `,
  // A checksum of each entry (entrySums.ts) and what the request of an answer held (held.ts): missing for one that was
  // stored before. The partial answer in pieces (checkpoints.ts): a whole one of before is in `checkpoints`. What tools
  // may do in a workspace (consents.ts). The tools of others that a conversation has chosen (chosenTools.ts): none for one
  // that has no row. What searches of the web cost: nothing before there were any. What calls of tools are about to do to
  // files (pendingEdits.ts); the versions of files are blobs. Which calls wait for the user where the lease is (claims.ts).
  // Up to which entry another conversation has paid for them (paths.ts).
  // What has come to its end unseen (marks.ts). Which turn goes on as it was asked again.
  `
  CREATE TABLE entrySums (
    seq INTEGER PRIMARY KEY NOT NULL,
    sum INTEGER NOT NULL
  );

  CREATE TABLE heldRequests (
    conversation TEXT NOT NULL REFERENCES conversations (id),
    entry TEXT NOT NULL,
    digest TEXT NOT NULL,
    tools TEXT NOT NULL,
    instructions TEXT NOT NULL,
    address TEXT NOT NULL,
    bare INTEGER NOT NULL,
    PRIMARY KEY (conversation, entry)
  ) WITHOUT ROWID;
  CREATE TABLE promptTexts (
    digest TEXT PRIMARY KEY NOT NULL,
    text TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE checkpointPieces (
    conversation TEXT NOT NULL REFERENCES conversations (id),
    place INTEGER NOT NULL,
    entry TEXT NOT NULL,
    sum INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (conversation, place)
  );

  CREATE TABLE consents (
    workspace TEXT NOT NULL,
    key TEXT NOT NULL,
    about TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (workspace, key)
  ) WITHOUT ROWID;

  CREATE TABLE toolChoices (
    digest TEXT PRIMARY KEY NOT NULL,
    tools TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE conversationTools (
    conversation TEXT PRIMARY KEY NOT NULL REFERENCES conversations (id),
    digest TEXT NOT NULL REFERENCES toolChoices (digest)
  ) WITHOUT ROWID;
  CREATE INDEX conversationsOfTools ON conversationTools (digest);

  CREATE TABLE pendingEdits (
    conversation TEXT NOT NULL REFERENCES conversations (id),
    call TEXT NOT NULL,
    sum INTEGER NOT NULL,
    edits TEXT NOT NULL,
    PRIMARY KEY (conversation, call)
  ) WITHOUT ROWID;

  CREATE TABLE copies (
    conversation TEXT PRIMARY KEY NOT NULL REFERENCES conversations (id),
    entry TEXT NOT NULL
  ) WITHOUT ROWID;

  ALTER TABLE usage ADD COLUMN usdSearches REAL NOT NULL DEFAULT 0;

  ALTER TABLE leases ADD COLUMN asking TEXT;

  ALTER TABLE composers ADD COLUMN regenerated TEXT NOT NULL DEFAULT 'null';

  CREATE TABLE marks (
    conversation TEXT PRIMARY KEY NOT NULL REFERENCES conversations (id),
    mark TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
  // Which questions of commands were handed over to another conversation (queued.ts).
  `
  ALTER TABLE composers ADD COLUMN asked TEXT NOT NULL DEFAULT '[]';
  `,
];

/** The version that this code writes. */
export const schemaVersion = migrations.length;

/** The version that the file says it has; 0 for a new one. */
export function versionOf(db: Database): number {
  return db.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
}

/** Throws `newerVersion` when a later version of this extension has written the database. */
export function refuseNewer(found: number, known: number = schemaVersion): void {
  if (found > known) {
    throw new StoreError('newerVersion', storeStrings.newerVersion(found, known));
  }
}

/** Brings the database to the last version of `steps`, in one transaction; two processes may do this at once. */
export function migrate(db: Database, steps: readonly string[] = migrations): void {
  refuseNewer(versionOf(db), steps.length);
  if (versionOf(db) === steps.length) return;
  db.transaction('write', () => {
    // Another process may have migrated between the look above and the lock.
    const from = versionOf(db);
    refuseNewer(from, steps.length);
    // An older window could not store its answer any more.
    if (from > 0 && anyLease(db, Date.now())) {
      throw new StoreError('leased', storeStrings.leased());
    }
    for (const step of steps.slice(from)) db.exec(step);
    db.exec(`PRAGMA user_version = ${steps.length}`);
  });
}
