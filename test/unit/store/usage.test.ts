import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RecentTurns } from '../../../src/core/base/pauseHistogram';
import { usdOf } from '../../../src/core/models/cost';
import { modelOf } from '../../../src/core/models/models';
import { copyOf } from '../../../src/core/record/branch';
import type { AssistantEntry, Entry } from '../../../src/core/record/record';
import type { Store } from '../../../src/core/record/store';
import { Database } from '../../../src/host/store/file/database';
import { databaseName } from '../../../src/host/store/file/protocol';
import { migrate, migrations, versionOf } from '../../../src/host/store/file/schema';
import { usageColumns, usageSql } from '../../../src/host/store/tables/usage';
import { addUsage, noUsage, type TokenUsage } from '../../../src/shared/tokenUsage';
import { addSpending, noSpending, type Spending, spentUsd } from '../../../src/shared/usage';
import { assistant, home, meta, other, user } from './fixtures';
import { Bench, bundle, bytesIn } from './kit';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.UTC(2026, 10, 1);
const used: TokenUsage = { input: 100, cacheRead: 20_000, cacheWrite5m: 3_000, cacheWrite1h: 400, output: 800 };
const opus = 'claude-opus-4-8';

function paid(id: string, parent: string, at: number, more: Partial<AssistantEntry> = {}): AssistantEntry {
  const model = more.model ?? opus;
  const usage = more.usage ?? used;
  return { ...assistant(id, parent, 'said', at), usage, model, usd: usdOf(modelOf(model), usage), ...more };
}

/** A conversation of one question and answers at these moments. */
function conversation(id: string, at: readonly number[], more: Partial<AssistantEntry> = {}): readonly Entry[] {
  const entries: Entry[] = [user(`${id}-q`, null, 'why?', at[0] ?? start)];
  for (const [index, moment] of at.entries()) {
    entries.push(paid(`${id}-${index}`, entries.at(-1)?.id ?? '', moment, more));
  }
  return entries;
}

function near(actual: number | null, expected: number): void {
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
}

const perRequest = usdOf(modelOf(opus), used) ?? 0;

describe('the store: what was spent', () => {
  const bench = new Bench();
  let folder = '';
  let store: Store;

  before(async function () {
    this.timeout(60_000);
    await bundle();
  });
  beforeEach(async () => {
    folder = bench.folder();
    store = await bench.open(folder);
  });
  afterEach(() => bench.dispose());

  async function keep(id: string, entries: readonly Entry[], place = home): Promise<void> {
    await store.createConversation(place, meta(id, { workspace: place.key, title: `title of ${id}` }));
    await store.append(id, entries, null);
  }

  const week = Array.from({ length: 8 }, (_, index) => start + index * day);
  const ask = (workspaces: readonly string[] | null = null, limit = 10) =>
    store.usageReport({ workspaces, days: week, limit });

  it('are summed column by column: the table has no other', async () => {
    await store.list({ workspaces: null, limit: 1 });
    const raw = new DatabaseSync(join(folder, databaseName), { readOnly: true });
    const columns = raw.prepare('SELECT name FROM pragma_table_info(?)').all('usage');
    raw.close();
    assert.deepEqual(
      columns.map(({ name }) => name),
      [...usageColumns],
    );
  });

  it('has the price of searches apart and in the sum, for good; the other parts stay those of their tokens', async () => {
    await keep('c1', conversation('c1', [start], { usage: { ...used, searches: 3 } }));
    await keep('c2', conversation('c2', [start + day]));
    const [searched = noSpending, plain = noSpending] = (await ask()).days;
    near(spentUsd(searched), perRequest + 0.03);
    near(searched.usd.input, plain.usd.input);
    near(searched.usd.output, plain.usd.output);
    near(searched.usd.searches, 0.03);
    near(searched.usd.uncached, plain.usd.uncached + 0.03);
    near((await store.spentSince(start)).usd, 2 * perRequest + 0.03);
    near(Math.max(...(await store.recentTurns(300, start)).usd), perRequest + 0.03);
    await store.deleteForever('c1');
    near((await ask()).days[0]?.usd.searches ?? null, 0.03);
  });

  it('knows no sum in which a count is unknown, and counts the request all the same (L39)', async () => {
    const unsaid = { ...used, cacheRead: null, output: null };
    const [question, known = paid('c1-0', 'c1-q', start)] = conversation('c1', [start]);
    await keep('c1', [
      ...(question === undefined ? [] : [question]),
      known,
      paid('c1-1', known.id, start + hour, { usage: unsaid }),
    ]);
    const seen = async (): Promise<void> => {
      const [day = noSpending] = (await ask()).days;
      assert.deepEqual(day.tokens, addUsage(used, unsaid));
      assert.deepEqual([day.requests, day.unpriced], [2, 1]);
      near(spentUsd(day), perRequest);
    };
    await seen();
    await store.deleteForever('c1');
    await seen();
    const { usd, unpriced } = await store.spentSince(start);
    near(usd, perRequest);
    assert.equal(unpriced, 1);
  });

  it('tells what each of the last turns cost, all its requests together, where all their prices are known', async () => {
    const [question, known = paid('c1-0', 'c1-q', start), step] = conversation('c1', [start, start + hour]);
    const again = user('c1-q2', step?.id ?? null, 'and?', start + 2 * hour);
    const open = [question, known, step, again].filter((entry) => entry !== undefined);
    await keep('c1', [...open, paid('c1-2', again.id, start + 3 * hour)]);
    await keep('c2', conversation('c2', [start + 4 * hour], { usd: null }));
    const { usd, todayUsd } = await store.recentTurns(300, start + 3 * hour);
    assert.equal(usd.length, 2);
    near(Math.max(...usd), 2 * perRequest);
    near(Math.min(...usd), perRequest);
    near(todayUsd, perRequest);
  });

  describe('tells how turns follow each other', () => {
    /** A question at each of these minutes, answered a minute later. */
    function asked(id: string, minutes: readonly number[]): readonly Entry[] {
      const entries: Entry[] = [];
      for (const [index, minute] of minutes.entries()) {
        const at = start + minute * 60_000;
        entries.push(user(`${id}-q${index}`, entries.at(-1)?.id ?? null, 'why?', at));
        entries.push(paid(`${id}-a${index}`, `${id}-q${index}`, at + 60_000));
        entries.push({ kind: 'end', id: `${id}-e${index}`, parent: `${id}-a${index}`, at, outcome: { kind: 'done' } });
      }
      return entries;
    }
    const minutes = ({ follows = [] }: RecentTurns) =>
      follows.map(({ ms, same, first }) => [ms / 60_000, same ? 'same' : 'other', first ? 'first' : 'later']);

    it('by the answers that came last, not by those that were brought from elsewhere since', async () => {
      await keep('c1', asked('c1', [0, 3]));
      await keep('c2', asked('c2', [10]));
      const before = await store.recentTurns(3, start);
      assert.deepEqual(minutes(before), [
        [6, 'other', 'later'],
        [2, 'same', 'first'],
      ]);
      for (const one of [1, 2])
        await keep(`old${one}`, asked(`old${one}`, [-90 * 1440, -90 * 1440 + one, -90 * 1440 + 9]));
      assert.deepEqual({ ...(await store.recentTurns(3, start)), usd: before.usd }, before);
    });

    it('once, however many copies a branch makes of them', async () => {
      const entries = asked('c1', [0, 3, 20]);
      await keep('c1', entries);
      const before = await store.recentTurns(3, start);
      assert.deepEqual([before.pauses.map((ms) => ms / 60_000), before.usd.length], [[16, 2], 3]);
      const copy = copyOf(entries, (id) => `copy-${id}`);
      await store.saveBranch(home, meta('copy'), copy, 0);
      assert.deepEqual(await store.recentTurns(3, start), before);
    });

    it('in a workspace of its own: what another one was sent is read by nobody here', async () => {
      await keep('c1', asked('c1', [0]));
      await keep('there', asked('there', [10, 200]), other);
      await keep('c2', asked('c2', [202]));
      assert.deepEqual(minutes(await store.recentTurns(9, start)), [
        [201, 'other', 'first'],
        [189, 'same', 'first'],
      ]);
    });

    it('in each of two chats that are used in turn', async () => {
      const [one, two] = [asked('c1', [0, 4, 8]), asked('c2', [2, 6])];
      await keep('c1', one.slice(0, 3));
      await keep('c2', two.slice(0, 3));
      for (const [id, some] of [
        ['c1', one.slice(3, 6)],
        ['c2', two.slice(3)],
        ['c1', one.slice(6)],
      ] as const) {
        await store.append(id, some, null);
      }
      assert.deepEqual(minutes(await store.recentTurns(9, start)), [
        [3, 'same', 'later'],
        [3, 'same', 'first'],
        [3, 'same', 'first'],
        [1, 'other', 'first'],
      ]);
    });
  });

  it('splits a request’s price by what it was for, output included (L12), and tells it without a cache', async () => {
    await keep('c1', conversation('c1', [start]));
    const { days, models } = await ask();
    const { usd, tokens, requests } = days[0] ?? noSpending;
    assert.equal(requests, 1);
    assert.deepEqual(tokens, used);
    near(usd.read, (20_000 * 0.5) / 1e6);
    near(usd.written, (3_000 * 6.25 + 400 * 10) / 1e6);
    near(usd.input, (100 * 5) / 1e6);
    near(usd.output, (800 * 25) / 1e6);
    near(usd.uncached, (23_500 * 5 + 800 * 25) / 1e6);
    near(spentUsd(days[0] ?? noSpending), perRequest);
    assert.deepEqual(models, [{ model: opus, spending: days[0] }]);
  });

  it('puts each request into the day that it is in, however long the day is', async () => {
    // As in the night when clocks go back: the second day has 25 hours.
    const days = [start, start + day, start + 2 * day + hour, start + 3 * day + hour];
    await keep('c1', conversation('c1', [start, start + day - 1, start + day, start + 2 * day + hour - 1]));
    await keep('c2', conversation('c2', [start - 1, start + 2 * day + hour, start + 3 * day + hour]));
    const report = await store.usageReport({ workspaces: null, days, limit: 10 });
    assert.deepEqual(
      report.days.map(({ requests }) => requests),
      [2, 2, 1],
    );
    assert.equal(report.models[0]?.spending.requests, 5, 'nothing before the first day and after the last');
  });

  it('counts this workspace or all, by model and conversation, the dearest first, the rest as one', async () => {
    await keep('small', conversation('small', [start]));
    await keep('large', conversation('large', [start, start, start]));
    await keep('free', conversation('free', [start, start], { model: 'someone/else', usd: null }));
    await keep('there', conversation('there', [start, start]), other);
    const all = await ask();
    const total = (list: readonly { readonly spending: Spending }[]): Spending =>
      list.reduce((sum, { spending }) => addSpending(sum, spending), noSpending);
    assert.deepEqual(
      all.conversations.map(({ id, title, workspaceName, spending }) => [id, title, workspaceName, spending.requests]),
      [
        ['large', 'title of large', 'home', 3],
        ['there', 'title of there', 'other', 2],
        ['small', 'title of small', 'home', 1],
        ['free', 'title of free', 'home', 2],
      ],
    );
    assert.deepEqual(
      all.models.map(({ model, spending }) => [model, spending.requests, spending.unpriced]),
      [
        [opus, 6, 0],
        ['someone/else', 2, 2],
      ],
    );
    assert.equal(spentUsd(all.models[1]?.spending ?? noSpending), null, 'unknown, not zero');
    near(spentUsd(total(all.conversations)), 6 * perRequest);
    const here = await ask(['home'], 1);
    assert.deepEqual(
      here.conversations.map(({ id }) => id),
      ['large'],
    );
    assert.deepEqual([here.others.count, here.others.spending.requests], [2, 3]);
    assert.equal(here.days[0]?.requests, 6);
    assert.deepEqual((await ask([])).days[0], noSpending);
  });

  it('adds branches that were left to what a conversation cost', async () => {
    await keep('c1', conversation('c1', [start, start]));
    await store.setHead('c1', 'c1-q', null);
    await store.append('c1', [paid('again', 'c1-q', start + 1)], null);
    const [sum = noSpending] = (await ask()).conversations.map(({ spending }) => spending);
    assert.equal(sum.requests, 3);
    near(spentUsd(sum), 3 * perRequest);
  });

  it('knows what was spent since a moment, in all conversations and windows, and what has no price', async () => {
    await keep('c1', conversation('c1', [start - 1, start]));
    const window = await bench.open(folder);
    await window.createConversation(other, meta('c2', { workspace: 'other' }));
    await window.append('c2', conversation('c2', [start + 5], { usd: null, model: 'someone/else' }), null);
    await window.append('c2', [paid('c2-x', 'c2-0', start + 6)], null);
    const spent = await store.spentSince(start);
    near(spent.usd, 2 * perRequest);
    assert.equal(spent.unpriced, 1);
    assert.deepEqual(await store.spentSince(start + day), { usd: 0, unpriced: 0 });
  });

  it('takes a repeated append as one, and an answer that used nothing as none', async () => {
    const entries = conversation('c1', [start]);
    await keep('c1', entries);
    await store.append('c1', entries, null);
    await store.append('c1', [{ ...assistant('none', 'c1-0', 'broke off', start), usage: noUsage, usd: 0 }], null);
    assert.equal((await ask()).conversations[0]?.spending.requests, 1);
  });

  it('keeps sums of days of a conversation that is deleted forever, and nothing that tells which', async () => {
    await keep('zanzibarquux', conversation('zanzibarquux', [start + 9 * hour, start + 10 * hour, start + 2 * day]));
    await keep('secondquux', conversation('secondquux', [start + 11 * hour]));
    await keep('stays', conversation('stays', [start]));
    const before = await ask();
    await store.deleteForever('zanzibarquux');
    await store.deleteForever('secondquux');
    const after = await ask();
    assert.deepEqual(
      after.days.map(({ requests }) => requests),
      before.days.map(({ requests }) => requests),
    );
    assert.equal(after.deleted.requests, 4);
    near(spentUsd(after.deleted), 4 * perRequest);
    assert.deepEqual(
      after.conversations.map(({ id }) => id),
      ['stays'],
    );
    near((await store.spentSince(start)).usd, 5 * perRequest);
    assert.equal((await ask(['home'])).deleted.requests, 0, 'whose they were is not known any more');
    assert.ok(!bytesIn(folder).includes('quux'));
    await store.close();
    const db = new DatabaseSync(join(folder, databaseName));
    const rows = db.prepare('SELECT at, requests FROM usage WHERE conversation IS NULL ORDER BY at').all();
    db.close();
    assert.deepEqual(
      rows.map((row) => [new Date(Number(row['at'])).getHours(), row['requests']]),
      [
        [12, 3],
        [12, 1],
      ],
      'one row a day, at noon',
    );
  });

  it('shows what is about to be deleted under no name', async () => {
    await keep('c1', conversation('c1', [start]));
    await store.setDeleted('c1', { owner: 'host-1', at: 1 });
    const report = await ask(['home']);
    assert.deepEqual(report.conversations, []);
    assert.equal(report.deleted.requests, 1);
  });

  it('reads the rows of the days alone, by their place', async () => {
    await store.close();
    const db = new Database(new DatabaseSync(join(folder, databaseName)));
    const { ofWorkspaces, ...asked } = usageSql;
    for (const sql of Object.values(asked)) {
      const filtered = db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}${ofWorkspaces}`, 0, 1, '[]');
      assert.equal(filtered[0]?.detail, 'SEARCH usage USING PRIMARY KEY (at>? AND at<?)');
      const plan = db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, 0, 1).map(({ detail }) => detail);
      assert.deepEqual(plan, ['SEARCH usage USING PRIMARY KEY (at>? AND at<?)']);
    }
    db.close();
  });

  it('fills in what older versions recorded, whatever is in it', () => {
    const raw = new DatabaseSync(join(bench.folder(), databaseName));
    const db = new Database(raw);
    migrate(db, migrations.slice(0, 3));
    db.run("INSERT INTO workspaces (key, name, folders) VALUES ('home', 'home', '[]')");
    db.run("INSERT INTO conversations (id, workspace, title, createdAt, updatedAt) VALUES ('c1', 'home', '', 1, 1)");
    const put = (id: string, body: string, kind = 'assistant'): void => {
      db.run(
        "INSERT INTO entries (id, conversation, parent, kind, at, body) VALUES (?, 'c1', NULL, ?, 5, ?)",
        id,
        kind,
        body,
      );
    };
    put('a', JSON.stringify(paid('a', 'u', 5)));
    put('free', JSON.stringify(paid('free', 'u', 5, { model: 'someone/else', usd: null })));
    put('nothing', JSON.stringify({ ...paid('nothing', 'u', 5), usage: noUsage }));
    put('odd', '{"usage":{"output":7}}');
    put('broken', '{"usage":');
    put('said', JSON.stringify(user('said', null, 'x')), 'user');
    migrate(db);
    assert.equal(versionOf(db), migrations.length);
    const rows = db.all<Record<string, number | string>>(
      'SELECT id, model, requests, unpriced, input, cacheRead, cacheWrite5m, cacheWrite1h, output, usdRead, usdWritten, usdInput, usdOutput, usdUncached FROM usage ORDER BY id',
    );
    const tokens = { input: 100, cacheRead: 20_000, cacheWrite5m: 3_000, cacheWrite1h: 400, output: 800 };
    const unknown = { usdRead: 0, usdWritten: 0, usdInput: 0, usdOutput: 0, usdUncached: 0 };
    const [first, ...rest] = rows.map((row) => ({ ...row }));
    assert.deepEqual(rest, [
      { id: 'free', model: 'someone/else', requests: 1, unpriced: 1, ...tokens, ...unknown },
      { id: 'odd', model: '', requests: 1, unpriced: 1, ...noUsageRow, output: 7, ...unknown },
    ]);
    assert.deepEqual([first?.['id'], first?.['unpriced'], first?.['cacheRead']], ['a', 0, 20_000]);
    near(Number(first?.['usdRead']), 0.01);
    near(Number(first?.['usdUncached']), (23_500 * 5 + 800 * 25) / 1e6);
    near(
      ['usdRead', 'usdWritten', 'usdInput', 'usdOutput'].reduce((sum, column) => sum + Number(first?.[column]), 0),
      perRequest,
    );
    db.close();
  });
});

const noUsageRow = { input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0 };
