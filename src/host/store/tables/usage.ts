/**
 * What each request used and cost, apart from the entries: sums over days read neither texts nor more rows than those
 * days have. A row is written with its answer's entry and split at the prices of that moment.
 */
import { inputTokens, ratesFor, searchUsd } from '../../../core/models/cost';
import { modelOf } from '../../../core/models/models';
import type { AssistantEntry, CompactionEntry } from '../../../core/record/record';
import type { Spent } from '../../../core/record/store';
import type { TokenUsage } from '../../../shared/tokenUsage';
import {
  addSpending,
  noSpending,
  type Spending,
  type SpendingConversation,
  spentUsd,
  type UsageQuery,
  type UsageReport,
} from '../../../shared/usage';
import type { Database } from '../file/database';

/** Prices as most models have them, against the input's: where only a sum is known it is split by these
 * (API-FACTS §6.2, §7.3). */
const usualRates = { input: 1, read: 0.1, write5m: 1.25, write1h: 2, output: 5 } as const;

/** Keeps what an answer's request used, or those of a summary. Part of the transaction that appends the entry. */
export function addUsage(db: Database, conversation: string, json: string): void {
  const { id, at, model, usage, usd } = JSON.parse(json) as AssistantEntry | CompactionEntry;
  const tokens = [usage.input, usage.cacheRead, usage.cacheWrite5m, usage.cacheWrite1h, usage.output] as const;
  if (tokens.every((count) => count === 0)) return;
  // No sum with a count that is unknown is known: infinity says so in every sum, those of deleted conversations too.
  const known = (count: number | null): number => count ?? Number.POSITIVE_INFINITY;
  const parts = usd === null ? noSpending.usd : withSearches(splitUsd(model, usage, usd - searchUsd(usage)), usage);
  const row: SumRow = {
    requests: 1,
    unpriced: usd === null ? 1 : 0,
    input: known(usage.input),
    cacheRead: known(usage.cacheRead),
    cacheWrite5m: known(usage.cacheWrite5m),
    cacheWrite1h: known(usage.cacheWrite1h),
    output: known(usage.output),
    usdRead: parts.read,
    usdWritten: parts.written,
    usdInput: parts.input,
    usdOutput: parts.output,
    usdUncached: parts.uncached,
    usdSearches: parts.searches,
  };
  db.run(
    `${insertSql} ON CONFLICT DO NOTHING`,
    at,
    id,
    conversation,
    model,
    ...sumColumns.map((column) => row[column]),
  );
}

/** Searches cost the same with and without a cache. */
function withSearches(parts: Spending['usd'], usage: TokenUsage): Spending['usd'] {
  const searches = searchUsd(usage);
  return { ...parts, searches, uncached: parts.uncached + searches };
}

/** The parts of a request's price; together they are `usd`. */
function splitUsd(id: string, usage: TokenUsage, usd: number): Spending['usd'] {
  const model = modelOf(id);
  const prompt = inputTokens(usage);
  const rates = model.prices === null ? usualRates : ratesFor(model.prices, prompt);
  // A price is known only where all counts are.
  const read = (usage.cacheRead ?? 0) * rates.read;
  const written = (usage.cacheWrite5m ?? 0) * rates.write5m + (usage.cacheWrite1h ?? 0) * rates.write1h;
  const input = (usage.input ?? 0) * rates.input;
  const output = (usage.output ?? 0) * rates.output;
  const sum = read + written + input + output;
  // The price that was recorded is the truth, whatever the table says by now.
  const scale = sum === 0 ? 0 : usd / sum;
  return {
    read: read * scale,
    written: written * scale,
    input: input * scale,
    output: output * scale,
    searches: 0,
    uncached: (prompt * rates.input + output) * scale,
  };
}

/** Takes what a conversation used apart from it: sums by day and model are left, without its name and its times. */
export function foldUsage(db: Database, conversation: string): void {
  const rows = db.all<{ at: number; model: string } & SumRow>(
    `SELECT at, model, ${sums} FROM usage WHERE conversation = ? GROUP BY at, model`,
    conversation,
  );
  db.run('DELETE FROM usage WHERE conversation = ?', conversation);
  for (const row of rows) {
    db.run(
      `${insertSql} ON CONFLICT (at, id) DO UPDATE SET ${added}`,
      noonOf(row.at),
      `deleted:${row.model}`,
      null,
      row.model,
      ...sumColumns.map((column) => row[column]),
    );
  }
}

const sumColumns = [
  'requests',
  'unpriced',
  'input',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'output',
  'usdRead',
  'usdWritten',
  'usdInput',
  'usdOutput',
  'usdUncached',
  'usdSearches',
] as const;

type SumRow = Readonly<Record<(typeof sumColumns)[number], number>>;

/** All of the table's. */
export const usageColumns = ['at', 'id', 'conversation', 'model', ...sumColumns] as const;

const insertSql = `INSERT INTO usage (${usageColumns.join(', ')}) VALUES (${usageColumns.map(() => '?').join(', ')})`;
const sums = sumColumns.map((column) => `total(${column}) AS ${column}`).join(', ');
const added = sumColumns.map((column) => `${column} = ${column} + excluded.${column}`).join(', ');

/** Noon of a moment's day by this machine's clock: it lies in that day for clocks some hours off, too. */
function noonOf(at: number): number {
  return new Date(at).setHours(12, 0, 0, 0);
}

/** US dollars of all requests from a moment on, and how many of them have no known price. */
export function spentSince(db: Database, at: number): Spent {
  const row = db.get<Spent>(
    'SELECT total(usdRead + usdWritten + usdInput + usdOutput + usdSearches) AS usd, total(unpriced) AS unpriced FROM usage WHERE at >= ?',
    at,
  );
  return row ?? { usd: 0, unpriced: 0 };
}

/** The `at`s come first in the primary key: only rows of the days asked for are read. */
export const usageSql = {
  days: `SELECT ${sums} FROM usage WHERE at >= ? AND at < ?`,
  models: `SELECT model, ${sums} FROM usage WHERE at >= ? AND at < ?`,
  conversations: `SELECT conversation, ${sums} FROM usage WHERE at >= ? AND at < ?`,
  /** Of these workspaces only: where the conversations are now. (The plus keeps it off the index by conversation.) */
  ofWorkspaces:
    ' AND +conversation IN (SELECT id FROM conversations WHERE workspace IN (SELECT value FROM json_each(?)))',
};

/** Sums for the usage view. */
export function usageReport(db: Database, query: UsageQuery): UsageReport {
  const { days, workspaces, limit } = query;
  const filter = workspaces === null ? '' : usageSql.ofWorkspaces;
  const values = workspaces === null ? [] : [JSON.stringify(workspaces)];
  const from = days[0] ?? 0;
  const to = days.at(-1) ?? 0;
  const models = db
    .all<{ model: string } & SumRow>(`${usageSql.models}${filter} GROUP BY model`, from, to, ...values)
    .map((row) => ({ model: row.model, spending: spendingOf(row) }))
    .toSorted((a, b) => costliestFirst(a.spending, b.spending) || (a.model < b.model ? -1 : 1));
  const rows = db.all<{ conversation: string | null } & SumRow>(
    `${usageSql.conversations}${filter} GROUP BY conversation`,
    from,
    to,
    ...values,
  );
  const known: SpendingConversation[] = [];
  const deleted: Spending[] = [];
  for (const row of rows) {
    const spending = spendingOf(row);
    const conversation = row.conversation === null ? undefined : conversationOf(db, row.conversation);
    if (conversation === undefined) deleted.push(spending);
    else known.push({ ...conversation, spending });
  }
  known.sort((a, b) => costliestFirst(a.spending, b.spending) || (a.id < b.id ? 1 : -1));
  const others = known.slice(limit);
  return {
    days: days
      .slice(1)
      .map((end, index) => spendingOf(db.get<SumRow>(`${usageSql.days}${filter}`, days[index] ?? end, end, ...values))),
    models,
    conversations: known.slice(0, limit),
    others: { count: others.length, spending: sumOf(others.map(({ spending }) => spending)) },
    deleted: sumOf(deleted),
  };
}

/** Undefined for one that is deleted or about to be. */
function conversationOf(db: Database, id: string): Omit<SpendingConversation, 'spending'> | undefined {
  return db.get<Omit<SpendingConversation, 'spending'>>(
    `SELECT c.id, c.title, w.name AS workspaceName FROM conversations c JOIN workspaces w ON w.key = c.workspace
     WHERE c.id = ? AND c.deletedAt IS NULL`,
    id,
  );
}

function spendingOf(row: SumRow | undefined): Spending {
  if (row === undefined) return noSpending;
  const { requests, unpriced, input, cacheRead, cacheWrite5m, cacheWrite1h, output } = row;
  return {
    requests,
    unpriced,
    tokens: {
      input: finite(input),
      cacheRead: finite(cacheRead),
      cacheWrite5m: finite(cacheWrite5m),
      cacheWrite1h: finite(cacheWrite1h),
      output: finite(output),
    },
    usd: {
      read: row.usdRead,
      written: row.usdWritten,
      input: row.usdInput,
      output: row.usdOutput,
      searches: row.usdSearches,
      uncached: row.usdUncached,
    },
  };
}

function finite(count: number): number | null {
  return Number.isFinite(count) ? count : null;
}

function sumOf(all: readonly Spending[]): Spending {
  return all.reduce(addSpending, noSpending);
}

function costliestFirst(a: Spending, b: Spending): number {
  return (spentUsd(b) ?? 0) - (spentUsd(a) ?? 0) || b.requests - a.requests;
}
