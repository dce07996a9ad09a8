/** Answers the calls that reach the worker, one after the other. */
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import type { Database } from './file/database';
import { toStoreError } from './file/errors';
import {
  type Calls,
  databaseName,
  type FromWorker,
  type Method,
  type Request,
  storeNameKey,
  type WorkerStart,
} from './file/protocol';
import { readQueued, readText } from './file/stored';
import { Session, type SessionOptions } from './session';
import { getBlob, putBlob, putFileVersion } from './tables/blobs';
import { addPiece, checkpointIn } from './tables/checkpoints';
import { setTools } from './tables/chosenTools';
import { askingIn, noteAsking } from './tables/claims';
import { consentsIn, keepConsents, takeBackConsents } from './tables/consents';
import * as conversations from './tables/conversations';
import * as entries from './tables/entries';
import { keepText } from './tables/held';
import { getValue, setValue } from './tables/keyValues';
import { leaseOf, list, ownPrompts } from './tables/listing';
import { isMarked, markOf, needingYou, openTurns, setMark } from './tables/marks';
import { entriesAfter, noteCopies } from './tables/paths';
import { notePendingEdits } from './tables/pendingEdits';
import { handOver, mergeQueued } from './tables/queued';
import { recentTurns } from './tables/recentTurns';
import { markScrubDue } from './tables/scrub';
import { spentSince, usageReport } from './tables/usage';
import * as workspaces from './tables/workspaces';

/** How long nothing must have been asked before what can wait is done, and the pause between its steps, ms. */
const quietMs = 2000;
const betweenStepsMs = 50;

/** Listens on the port until a `close` has been answered. `options` are for tests. */
export function serve(port: MessagePort, start: WorkerStart, options: SessionOptions = {}): void {
  const tell = (message: FromWorker): void => port.postMessage(message);
  const session = new Session(
    join(start.folder, databaseName),
    {
      damaged: (movedTo) => tell({ type: 'notice', notice: { kind: 'damaged', movedTo } }),
      vanished: (gone) => tell({ type: 'notice', notice: { kind: 'vanished', file: gone } }),
      warn: (message) => tell({ type: 'log', message }),
    },
    options,
  );
  const calls = callsOn(session);
  let quiet: NodeJS.Timeout | undefined;
  const whenQuiet = (ms: number): void => {
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      if (session.idle()) whenQuiet(betweenStepsMs);
    }, ms);
    quiet.unref();
  };
  port.on('message', (request: Request) => {
    whenQuiet(quietMs);
    try {
      tell({ type: 'answer', id: request.id, value: answer(calls, request) });
    } catch (error) {
      const { code, said, cause } = toStoreError(error);
      const detail = cause instanceof Error ? (cause.stack ?? cause.message) : '';
      tell({ type: 'failure', id: request.id, failure: { code, said, detail } });
    }
    if (request.method !== 'close') return;
    clearTimeout(quiet);
    port.close();
  });
}

function answer<M extends Method>(calls: Calls, request: Request<M>): ReturnType<Calls[M]> {
  const call = calls[request.method] as (...args: Parameters<Calls[M]>) => ReturnType<Calls[M]>;
  return call(...request.args);
}

function callsOn(session: Session): Calls {
  const read = <Result>(work: (db: Database) => Result): Result => session.run('read', work);
  const write = <Result>(work: (db: Database) => Result): Result => session.run('write', work);
  return {
    open: () => {
      session.open();
      session.takeInAll();
      session.scrubIfOwed();
    },
    createConversation: (workspace, meta) =>
      write((db) => {
        conversations.createConversation(db, workspace, meta);
        return getValue(db, storeNameKey);
      }),
    append: (id, list, claim, queued, draft) =>
      write((db) => {
        entries.append(db, id, list, { indexText: session.indexText, claim, queued });
        if (draft !== undefined) conversations.setComposer(db, id, 'draft', draft);
      }),
    setHead: (id, head, claim, draft) =>
      write((db) => {
        conversations.setHead(db, id, head, claim);
        if (draft !== undefined) conversations.setComposer(db, id, 'draft', draft);
      }),
    takeIn: (id) => session.takeIn(id),
    saveBranch: (workspace, meta, path, fresh) =>
      write((db) => {
        conversations.createConversation(db, workspace, meta);
        const { indexText } = session;
        const copied = path.slice(0, path.length - fresh);
        entries.append(db, meta.id, copied, { indexText, copied: true });
        noteCopies(db, meta.id, copied.at(-1)?.id);
        entries.append(db, meta.id, path.slice(path.length - fresh), { indexText });
      }),
    load: (id, head) => {
      session.tryTakeIn(id);
      return read((db) => conversations.load(db, id, head));
    },
    loadEnd: (id, count) => read((db) => conversations.loadEnd(db, id, count)),
    entriesAfter: (id, after) => {
      if (after === 0) session.tryTakeIn(id);
      return read((db) => entriesAfter(db, id, after));
    },
    list: (options) => read((db) => list(db, options)),
    ownPrompts: (workspaces) => read((db) => ownPrompts(db, workspaces)),
    listWorkspaces: () => read((db) => workspaces.listWorkspaces(db)),
    noteWorkspace: (workspace, facts) => write((db) => workspaces.noteWorkspace(db, workspace, facts)),
    moveConversations: (which, to) => write((db) => workspaces.moveConversations(db, which, to)),
    setTitle: (id, title) => write((db) => conversations.setTitle(db, id, title)),
    setMark: (id, mark) => {
      // Most often there is none, and then no lock is taken.
      if (mark !== null || read((db) => isMarked(db, id))) write((db) => setMark(db, id, mark));
    },
    getMark: (id) => read((db) => markOf(db, id)),
    openTurns: () => read((db) => openTurns(db)),
    needingYou: (keys) => read((db) => needingYou(db, keys)),
    setDraft: (id, draft) => write((db) => conversations.setComposer(db, id, 'draft', draft)),
    setRemovedContext: (id, uris) => write((db) => conversations.setComposer(db, id, 'removedContext', uris)),
    setAddedContext: (id, uris) => write((db) => conversations.setComposer(db, id, 'addedContext', uris)),
    setRegenerated: (id, regenerated) => write((db) => conversations.setComposer(db, id, 'regenerated', regenerated)),
    getRegenerated: (id) => read((db) => conversations.regeneratedIn(db, id)),
    setTools: (id, tools) => write((db) => setTools(db, id, tools)),
    setQueued: (id, messages, known, draft) =>
      write((db) => {
        const merged = mergeQueued(db, id, messages, known);
        conversations.setComposer(db, id, 'queued', merged);
        if (draft !== undefined) conversations.setComposer(db, id, 'draft', draft);
        return readQueued(JSON.stringify(merged));
      }),
    handOver: (from, to, message) =>
      write((db) => {
        const waiting = handOver(db, from, to, message);
        return waiting === null ? null : readQueued(JSON.stringify(waiting));
      }),
    checkpoint: (id, piece, owner) => write((db) => addPiece(db, id, piece, owner)),
    getCheckpoint: (id) => read((db) => checkpointIn(db, id)),
    acquireLease: (lease, now) => write((db) => conversations.acquireLease(db, lease, now)),
    getMeta: (id) => read((db) => conversations.readMeta(db, id)),
    getLease: (id) => read((db) => leaseOf(db, id)),
    recentTurns: (limit, today) => read((db) => ({ ...recentTurns(db, limit), todayUsd: spentSince(db, today).usd })),
    releaseLease: (id, owner) => write((db) => conversations.releaseLease(db, id, owner)),
    noteAsking: (id, owner, calls) => write((db) => noteAsking(db, id, owner, calls)),
    askingIn: (id) => read((db) => askingIn(db, id)),
    putBlob: (bytes) => write((db) => putBlob(db, bytes, Date.now())),
    getBlob: (hash) => read((db) => getBlob(db, hash)),
    putFileVersion: (id, bytes) => write((db) => putFileVersion(db, id, bytes, Date.now())),
    fileVersion: (digest) => read((db) => getBlob(db, digest)),
    notePendingEdits: (id, pending, owner) => write((db) => notePendingEdits(db, id, pending, owner)),
    keepText: (digest, text) => write((db) => keepText(db, digest, text)),
    setDeleted: (id, deletion) => write((db) => conversations.setDeleted(db, id, deletion)),
    purgeDeleted: (before) => {
      const purged = write((db) => {
        const ids = conversations.deletedBefore(db, before);
        for (const id of ids) conversations.deleteConversation(db, id);
        if (ids.length > 0) markScrubDue(db);
        return ids;
      });
      for (const id of purged) session.eraseKept(id);
      if (purged.length > 0) session.scrubIfOwed();
      return purged.length;
    },
    deleteForever: (id) => {
      write((db) => {
        conversations.deleteConversation(db, id);
        markScrubDue(db);
      });
      session.eraseKept(id);
      session.scrubIfOwed();
    },
    getValue: (key) => read((db) => readText(getValue(db, key), null)),
    setValue: (key, value) => write((db) => setValue(db, key, value === null ? null : JSON.stringify(value))),
    keepConsents: (workspace, consents) => write((db) => keepConsents(db, workspace, consents)),
    consentsIn: (workspace) => read((db) => consentsIn(db, workspace)),
    takeBackConsents: (workspace, keys) => write((db) => takeBackConsents(db, workspace, keys)),
    usageReport: (query) => read((db) => usageReport(db, query)),
    spentSince: (at) => read((db) => spentSince(db, at)),
    close: () => {
      try {
        session.scrubIfOwed();
      } finally {
        session.close();
      }
    },
  };
}
