/**
 * Damage: one random corruption of a database file. Whatever it hit, the store opens, or says that it set the file aside;
 * every conversation is listed and opens, or is refused with a word; and no message, picture or partial answer is shown
 * that is not what was stored.
 */
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../src/core/base/errors';
import type { Entry } from '../../src/core/record/record';
import type { ConversationMeta, Store } from '../../src/core/record/store';
import { openStore } from '../../src/host/store/client';
import { databaseName, type StoreNotice } from '../../src/host/store/file/protocol';
import { assistant, chain, home, meta, user } from '../unit/store/fixtures';
import { repoRoot } from '../vscode/paths';
import { memoryFolder, startLocalWorker } from './localStore';
import type { Machine } from './machine';
import { Chance } from './oddAnswers';

const page = 4096;
const sector = 512;

/** What is stored, before it is damaged. */
interface Whole {
  readonly bytes: Buffer;
  readonly paths: ReadonlyMap<string, readonly Entry[]>;
  readonly blobs: ReadonlyMap<string, Buffer>;
  readonly partial: string;
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

function open(folder: string, onNotice?: (notice: StoreNotice) => void): Promise<Store> {
  const startWorker = startLocalWorker;
  return openStore({ folder, workerPath: '', log: silent, startWorker, ...(onNotice ? { onNotice } : {}) });
}

/** Every kind of entry there is, and texts and pictures of more than a page. */
async function makeWhole(): Promise<Whole> {
  const folder = mkdtempSync(join(memoryFolder, 'prelude-whole-'));
  const before = mkdtempSync(join(memoryFolder, 'prelude-before-'));
  try {
    copyFileSync(join(repoRoot(), 'test/unit/store/databases/version4.db'), join(before, databaseName));
    const old = await open(before);
    const store = await open(folder);
    const blobs = new Map<string, Buffer>();
    const picture = Buffer.alloc(30_000, 7);
    blobs.set(await store.putBlob(picture), picture);
    const paths = new Map<string, readonly Entry[]>();
    const add = async (id: string, path: readonly Entry[], of: ConversationMeta): Promise<void> => {
      await store.createConversation(home, { ...of, workspace: home.key, head: null });
      await store.append(id, path, null);
      paths.set(id, path);
    };
    for (const row of (await old.list({ workspaces: null, limit: 50 })).rows) {
      const path = (await old.load(row.id))?.path ?? [];
      for (const [hash] of JSON.stringify(path).matchAll(/\b[0-9a-f]{64}\b/g)) {
        const bytes = await old.getBlob(hash);
        if (bytes !== null) blobs.set(await store.putBlob(bytes), Buffer.from(bytes));
      }
      if (path.length > 0) await add(row.id, path, row);
    }
    const [hash = ''] = blobs.keys();
    const image = { type: 'image', blob: hash, mediaType: 'image/png', width: 1, height: 1, name: 'a.png' } as const;
    await add('pictured', [{ ...user('p0', null, 'see'), content: [image] }], meta('pictured'));
    await add(
      'long',
      chain('l', 40, (n) => `question ${n} ${'words '.repeat(n * 60)}`),
      meta('long'),
    );
    const answers = Array.from({ length: 20 }, (_, n) =>
      n === 0 ? user('s0', null, 'why?') : assistant(`s${n}`, `s${n - 1}`, `because ${n} `.repeat(n * 10)),
    );
    await add('answered', answers, meta('answered'));
    const partial = 'as far as it came '.repeat(300);
    const place = { entry: 'l-next', parent: 'l39', model: 'm', at: 1 };
    for (let n = 0; n < 3; n += 1) {
      const text = partial.slice((n * partial.length) / 3, ((n + 1) * partial.length) / 3);
      const news = [n === 0 ? { index: 0, set: { type: 'text', text } } : { index: 0, text }];
      await store.checkpoint('long', { ...place, before: n, news }, null);
    }
    await Promise.all([store.close(), old.close()]);
    const db = new DatabaseSync(join(folder, databaseName));
    db.exec('PRAGMA journal_mode = DELETE');
    db.close();
    return { bytes: readFileSync(join(folder, databaseName)), paths, blobs, partial };
  } finally {
    for (const one of [folder, before]) rmSync(one, { recursive: true, force: true });
  }
}

/** One corruption, as disks, cables and other programs make them; in words. */
function corrupt(bytes: Buffer, chance: Chance): { readonly bytes: Buffer; readonly told: string } {
  const at = chance.below(bytes.length);
  const start = (size: number): number => Math.floor(at / size) * size;
  const random = (length: number): Buffer => Buffer.from(Array.from({ length }, () => chance.below(256)));
  const other = chance.below(bytes.length / page) * page;
  const harms: readonly [() => string, ...(() => string)[]] = [
    () => {
      bytes.writeUInt8((bytes.readUInt8(at) ^ (1 << chance.below(8))) & 0xff, at);
      return `a bit of byte ${at}`;
    },
    () => {
      bytes.writeUInt8(chance.below(256), at);
      return `byte ${at}`;
    },
    () => {
      // A letter for a letter: the likeliest to go unnoticed.
      let place = at;
      while (place < bytes.length - 1 && !/[a-z0-9]/.test(String.fromCharCode(bytes.readUInt8(place)))) place += 1;
      bytes.writeUInt8(chance.pick([0x61, 0x65, 0x31, 0x39, 0x22, 0x7d]), place);
      return `letter ${place}`;
    },
    () => {
      const run = random(2 + chance.below(64)).subarray(0, bytes.length - at);
      run.copy(bytes, at);
      return `${run.length} bytes from ${at}`;
    },
    () => {
      bytes.fill(chance.is(0.5) ? 0 : 0xff, start(sector), start(sector) + sector);
      return `sector ${start(sector)}`;
    },
    () => {
      bytes.fill(0, start(page), start(page) + page);
      return `page ${start(page)}`;
    },
    () => {
      bytes.copy(bytes, start(page), other, other + page);
      return `page ${other} over ${start(page)}`;
    },
    () => {
      bytes.copy(bytes, start(sector), other, other + sector);
      return `a sector of ${other} over ${start(sector)}`;
    },
  ];
  // Half of them in one byte.
  const told = chance.is(0.5) ? (harms[1 + chance.below(2)] ?? harms[0])() : chance.pick(harms)();
  const cut = chance.is(0.04) ? chance.below(bytes.length) : bytes.length;
  return { bytes: bytes.subarray(0, cut), told: cut < bytes.length ? `${told}, cut at ${cut}` : told };
}

let whole: Promise<Whole> | null = null;

function run(seed: number): Promise<void> {
  return harmed((bytes) => corrupt(bytes, new Chance(seed)));
}

/** Changes each place of the file where some words stand by one letter, and checks what comes of it. Resolves to how many. */
export async function harmEach(words: string): Promise<number> {
  whole ??= makeWhole();
  const { bytes } = await whole;
  let count = 0;
  for (let at = bytes.indexOf(words); at !== -1; at = bytes.indexOf(words, at + words.length)) {
    count += 1;
    await harmed((copy) => {
      copy.writeUInt8(0x7a, at + 2);
      return { bytes: copy, told: `letter ${at + 2}` };
    });
  }
  return count;
}

/** Opens the database with some harm, and checks it. */
async function harmed(harm: (bytes: Buffer) => ReturnType<typeof corrupt>): Promise<void> {
  whole ??= makeWhole();
  const { bytes, ...stored } = await whole;
  const done = harm(Buffer.from(bytes));
  const folder = mkdtempSync(join(memoryFolder, 'prelude-damage-'));
  try {
    writeFileSync(join(folder, databaseName), done.bytes);
    await check(folder, stored);
  } catch (error) {
    if (error instanceof HarmedSchema) return;
    throw new Error(`${done.told} of ${bytes.length}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function check(folder: string, { paths, blobs, partial }: Omit<Whole, 'bytes'>): Promise<void> {
  const notices: StoreNotice[] = [];
  const store = await said(() => open(folder, (notice) => notices.push(notice)));
  if (store === null) return;
  try {
    const listed = await said(() => store.list({ workspaces: null, limit: 100 }));
    for (const [id, path] of paths) {
      const found = await said(() => store.load(id));
      // It was set aside, and the user has been told.
      if (notices.length > 0) break;
      if (listed !== null) {
        assert.ok(
          listed.rows.some((row) => row.id === id),
          `${id} is not listed any more`,
        );
      }
      assert.ok(found !== undefined && (found !== null || listed === null), `${id} is gone without a word`);
      if (found === null) continue;
      checkPath(id, path, found.path);
      if (found.checkpoint !== null) {
        assert.ok(partial.startsWith(JSON.stringify(found.checkpoint.content).slice(24, -3)), 'another partial answer');
      }
      const head = found.path.at(-1)?.id ?? null;
      await said(() => store.append(id, [user(`${id}-more`, head, 'And now?')], null));
    }
    for (const [hash, kept] of blobs) {
      const got = await said(() => store.getBlob(hash));
      assert.ok(got === null || kept.equals(Buffer.from(got)), 'another picture');
    }
  } finally {
    await store.close();
  }
}

/** Nothing can be read: a name in the tables' own definitions has changed. Each time the user is told so. */
class HarmedSchema extends Error {}

/** null where it is refused, as a user is told; nothing else may be thrown. */
async function said<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (/no such (column|table)/.test(error.message)) throw new HarmedSchema(error.message);
    return null;
  }
}

/** Each entry is what was stored, or says that it cannot be read; and none is missing without such a word. */
function checkPath(id: string, stored: readonly Entry[], found: readonly Entry[]): void {
  const unreadable = found.filter(({ kind }) => kind === 'unreadable').length;
  let at = 0;
  for (const entry of found) {
    if (entry.kind === 'unreadable') continue;
    const place = stored.findIndex(({ id: known }) => known === entry.id);
    assert.ok(place >= at, `${id}: ${entry.id} stands where it does not belong`);
    at = place + 1;
    const { parent: _, ...words } = entry;
    const { parent: __, ...were } = stored[place] as Entry;
    assert.deepEqual(words, were, `${id}: another message`);
  }
  if (unreadable === 0) assert.equal(found.length, stored.length, `${id}: messages are missing without a word`);
}

export const damageMachine: Machine = { name: 'damage', run };
