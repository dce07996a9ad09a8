/**
 * How the last turns follow each other and end. By the time at which their requests were paid for, whenever they were
 * stored: what a conversation has as a copy, and chats of long ago that come from elsewhere, are none of the last ones.
 */
import { type Follow, lifeMs, type RecentTurns } from '../../../core/base/pauseHistogram';
import type { Database } from '../file/database';

/** Of all conversations, of so many messages and answers each. */
export function recentTurns(db: Database, limit: number): Omit<RecentTurns, 'todayUsd'> {
  return {
    pauses: recentPauses(db, limit),
    lastSteps: recentSteps(db, limit),
    usd: recentUsd(db),
    follows: recentFollows(db, limit),
    last: lastAnswer(db),
  };
}

/** Turns that say what one usually costs. */
const pricedTurns = 50;

/** Answers, the latest first. (CROSS JOIN keeps the order, so that no more are looked at than are wanted.) */
const answers = "usage u CROSS JOIN entries a ON a.id = u.id AND a.kind = 'assistant'";
const latestFirst = 'ORDER BY u.at DESC, u.id DESC';

/** The last answer of a conversation before a place of its log. */
const answerBefore = (place: string): string =>
  `(SELECT b.seq FROM entries b WHERE b.conversation = ${place}.conversation AND b.seq < ${place}.seq
    AND b.kind = 'assistant' ORDER BY b.seq DESC LIMIT 1)`;

/** The messages of the last turns, so many as are asked for, the latest first. */
const turns = `(SELECT t.seq, t.at, t.conversation FROM ${answers} CROSS JOIN entries t ON t.kind = 'user' AND t.seq =
  (SELECT b.seq FROM entries b WHERE b.conversation = a.conversation AND b.seq < a.seq ORDER BY b.seq DESC LIMIT 1)
  ${latestFirst} LIMIT (SELECT ?))`;

/** What the requests of each turn have cost together. */
function recentUsd(db: Database): readonly number[] {
  return db
    .all<{ usd: number; unpriced: number }>(
      `SELECT total(u.unpriced) AS unpriced,
         total(u.usdRead + u.usdWritten + u.usdInput + u.usdOutput + u.usdSearches) AS usd
       FROM ${turns} t
       JOIN entries a ON a.conversation = t.conversation AND a.kind = 'assistant' AND a.seq > t.seq AND a.seq < coalesce(
         (SELECT min(n.seq) FROM entries n WHERE n.conversation = t.conversation AND n.seq > t.seq AND n.kind = 'user'),
         9223372036854775807)
       JOIN usage u ON u.at = a.at AND u.id = a.id
       GROUP BY t.seq`,
      pricedTurns,
    )
    .flatMap(({ usd, unpriced }) => (unpriced > 0 ? [] : [usd]));
}

function recentPauses(db: Database, limit: number): readonly number[] {
  return db
    .all<{ pause: number }>(
      `SELECT t.at - p.at AS pause FROM ${turns} t JOIN entries p ON p.seq = ${answerBefore('t')}`,
      limit,
    )
    .map(({ pause }) => pause);
}

/** True where only one message stands in a conversation before a place of the log. */
const isFirst = (place: string): string =>
  `(SELECT count(*) FROM (SELECT 1 FROM entries u WHERE u.conversation = ${place}.conversation AND u.seq < ${place}.seq
    AND u.kind = 'user' LIMIT 2)) < 2`;

/**
 * Another conversation is one of the same workspace: no other reads what it sent. Where two chats are used in turn, the
 * one in which a turn goes on soon is what it follows.
 */
function recentFollows(db: Database, limit: number): readonly Follow[] {
  return db
    .all<{ ms: number; same: number; first: number; ownMs: number | null; ownFirst: number }>(
      `SELECT t.at - p.at AS ms, p.conversation = t.conversation AS same, ${isFirst('p')} AS first,
         t.at - own.at AS ownMs, ${isFirst('own')} AS ownFirst
       FROM ${turns} t
       JOIN conversations c ON c.id = t.conversation
       JOIN entries p ON p.seq = (SELECT a.seq FROM ${answers} CROSS JOIN conversations o ON o.id = a.conversation
         WHERE u.at <= t.at AND a.seq < t.seq AND o.workspace = c.workspace ${latestFirst} LIMIT 1)
       LEFT JOIN entries own ON own.seq = ${answerBefore('t')}
       ORDER BY t.at DESC`,
      limit,
    )
    .map(({ ms, same, first, ownMs, ownFirst }) =>
      ownMs !== null && ownMs < lifeMs['5m']
        ? { ms: ownMs, same: true, first: ownFirst === 1 }
        : { ms, same: same === 1, first: first === 1 },
    );
}

function lastAnswer(db: Database): { readonly at: number; readonly first: boolean } | null {
  const found = db.get<{ at: number; first: number }>(
    `SELECT a.at, ${isFirst('a')} AS first FROM ${answers} ${latestFirst} LIMIT 1`,
  );
  return found === undefined ? null : { at: found.at, first: found.first === 1 };
}

/** Of each request that brought tool results, whether its answer ended the turn. */
function recentSteps(db: Database, limit: number): readonly boolean[] {
  const beside = (order: 'ASC' | 'DESC'): string =>
    `(SELECT b.kind FROM entries b WHERE b.conversation = a.conversation AND b.seq ${order === 'ASC' ? '>' : '<'} a.seq
      ORDER BY b.seq ${order} LIMIT 1)`;
  return db
    .all<{ before: string | null; after: string | null }>(
      `SELECT ${beside('DESC')} AS before, ${beside('ASC')} AS after FROM ${answers} ${latestFirst} LIMIT (SELECT ?)`,
      limit,
    )
    .flatMap(({ before, after }) => (before === 'user' || after === null ? [] : [after === 'end']));
}
