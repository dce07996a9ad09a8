/** The list of conversations: a page at a time, read from an index; with words to look for, those that have them. */
import type { Lease } from '../../../core/record/leases';
import type { UserBlock, UserEntry } from '../../../core/record/record';
import type { ConversationMeta, ConversationPage, ListedConversation, ListOptions } from '../../../core/record/store';
import type { Snippet } from '../../../shared/protocol';
import type { Database } from '../file/database';
import { parseJson, readText } from '../file/stored';
import { markOf } from './marks';
import { findConversations, hasFts5, hasIndex, matchOf, snippetOf } from './textIndex';

/** The columns of ConversationMeta: one that is missing does not compile. */
const metaFields = { id: 1, workspace: 1, title: 1, createdAt: 1, updatedAt: 1, head: 1 } as const satisfies Readonly<
  Record<keyof ConversationMeta, 1>
>;
/** The columns of a row of the list, for SELECT. */
export const metaColumns = Object.keys(metaFields).join(', ');

/** Neither deleted nor blank: a blank one has no entry, no title and no draft. */
const listed = `deletedAt IS NULL AND (head IS NOT NULL OR title <> '' OR EXISTS (
    SELECT 1 FROM composers WHERE conversation = conversations.id AND draft <> '""'))`;

/** Read from an index alone: neither the table nor any entry is touched. */
export const listSql = {
  all: `SELECT ${metaColumns} FROM conversations
    WHERE ${listed} AND (updatedAt, id) < (?, ?) ORDER BY updatedAt DESC, id DESC LIMIT (SELECT ?)`,
  ofWorkspace: `SELECT ${metaColumns} FROM conversations
    WHERE ${listed} AND workspace = ? AND (updatedAt, id) < (?, ?) ORDER BY updatedAt DESC, id DESC LIMIT (SELECT ?)`,
};

/** Words that are looked for, each by itself: of a whole text that is pasted, the first. */
const mostWords = 16;

/** Rows that one step of a search looks through. */
const searchStep = 200;

interface ListCursor {
  readonly updatedAt: number;
  readonly id: string;
}

const top: ListCursor = { updatedAt: Number.MAX_SAFE_INTEGER, id: '' };

/** Latest first. */
export function list(db: Database, options: ListOptions): ConversationPage {
  const search = searchOf(db, options.query ?? '');
  const after = options.after ?? top;
  const found =
    search === null
      ? rowsAfter(db, options.workspaces, after, options.limit + 1)
      : take(matching(db, options.workspaces, after, search), options.limit + 1);
  const names = new Map(
    db.all<{ key: string; name: string }>('SELECT key, name FROM workspaces').map(({ key, name }) => [key, name]),
  );
  const rows = found.slice(0, options.limit).map((meta): ListedConversation => {
    return {
      ...meta,
      workspaceName: names.get(meta.workspace) ?? '',
      draft: meta.title === '' ? draftOf(db, meta.id) : '',
      lease: leaseOf(db, meta.id),
      asks: isAsking(db, meta.id),
      mark: markOf(db, meta.id),
      snippet: search === null ? null : foundIn(db, meta, search),
    };
  });
  return { rows, more: found.length > options.limit, elsewhere: countElsewhere(db, options.workspaces, search) };
}

/** Where the index has words: the latest entry of each conversation. */
interface InText {
  readonly match: string;
  readonly at: ReadonlyMap<string, number>;
}

/** A word that is looked for: in titles and drafts, and in the texts where there is an index of them. */
interface Word {
  readonly plain: string;
  readonly inText: InText | null;
}

interface Search {
  readonly words: readonly Word[];
  /** All of them in one entry. */
  readonly together: InText | null;
  /** The words of drafts, by conversation. */
  readonly drafts: () => ReadonlyMap<string, string>;
}

function searchOf(db: Database, query: string): Search | null {
  const typed = [...new Set(query.split(/\s+/u).filter(Boolean))].slice(0, mostWords);
  if (typed.length === 0) return null;
  const isIndexed = hasFts5(db) && hasIndex(db);
  const find = (match: string): InText => ({ match, at: findConversations(db, match) });
  const matches = isIndexed ? typed.map(matchOf) : typed.map(() => null);
  const all = matches.filter((match) => match !== null);
  const words = typed.map((word, index): Word => {
    const match = matches[index] ?? null;
    return { plain: plain(word), inText: match === null ? null : find(match) };
  });
  let drafts: ReadonlyMap<string, string> | null = null;
  return {
    // What is no word narrows nothing where there are words.
    words: all.length === 0 ? words : words.filter(({ inText }) => inText !== null),
    together: all.length > 1 ? find(all.join(' AND ')) : (words.find(({ inText }) => inText !== null)?.inText ?? null),
    drafts: () => {
      drafts ??= allDrafts(db);
      return drafts;
    },
  };
}

function allDrafts(db: Database): ReadonlyMap<string, string> {
  const sql = `SELECT conversation, draft FROM composers WHERE draft <> '""'`;
  const rows = db.all<{ conversation: string; draft: string }>(sql);
  return new Map(rows.map(({ conversation, draft }) => [conversation, plain(draftWords(readText(draft, '')))]));
}

/** Without what is attached, with which it may be stored. */
function draftWords(draft: string): string {
  if (!draft.startsWith('{"text":')) return draft;
  try {
    const { text } = JSON.parse(draft) as { readonly text?: unknown };
    return typeof text === 'string' ? text : draft;
  } catch {
    return draft;
  }
}

/** About where the words stand: together, else the first that is in no title. */
function foundIn(db: Database, meta: ConversationMeta, { words, together }: Search): Snippet | null {
  const title = plain(meta.title);
  const inTexts = words.filter((word) => !title.includes(word.plain)).map(({ inText }) => inText);
  const found = [together, ...inTexts].find((one) => one?.at.has(meta.id));
  return found == null ? null : snippetOf(db, found.match, found.at.get(meta.id) ?? 0);
}

/** Letters as the index has them: without case and accents. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Each word by itself: one may stand in the title, another in a message, a third in the draft. */
function isMatch({ id, title }: ConversationMeta, { words, drafts }: Search): boolean {
  const shown = plain(title);
  return words.every(
    ({ plain: word, inText }) =>
      shown.includes(word) || inText?.at.has(id) === true || drafts().get(id)?.includes(word) === true,
  );
}

function rowsAfter(
  db: Database,
  workspaces: readonly string[] | null,
  { updatedAt, id }: ListCursor,
  limit: number,
): readonly ConversationMeta[] {
  if (workspaces === null) return db.all<ConversationMeta>(listSql.all, updatedAt, id, limit);
  const each = workspaces.map((key) => db.all<ConversationMeta>(listSql.ofWorkspace, key, updatedAt, id, limit));
  if (each.length === 1 && each[0] !== undefined) return each[0];
  return each.flat().toSorted(latestFirst).slice(0, limit);
}

function latestFirst(a: ListCursor, b: ListCursor): number {
  return b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1);
}

function* matching(
  db: Database,
  workspaces: readonly string[] | null,
  after: ListCursor,
  search: Search,
): Generator<ConversationMeta> {
  let last = after;
  for (;;) {
    const rows = rowsAfter(db, workspaces, last, searchStep);
    for (const row of rows) if (isMatch(row, search)) yield row;
    const end = rows.at(-1);
    if (end === undefined || rows.length < searchStep) return;
    last = end;
  }
}

function take<Row>(rows: Iterable<Row>, limit: number): readonly Row[] {
  const taken: Row[] = [];
  for (const row of rows) {
    taken.push(row);
    if (taken.length === limit) break;
  }
  return taken;
}

/** How many conversations of each workspace a list would show. Read from an index. */
export function countListed(db: Database): ReadonlyMap<string, number> {
  const sql = `SELECT workspace, count(*) AS count FROM conversations WHERE ${listed} GROUP BY workspace`;
  const rows = db.all<{ workspace: string; count: number }>(sql);
  return new Map(rows.map(({ workspace, count }) => [workspace, count]));
}

function countElsewhere(db: Database, workspaces: readonly string[] | null, search: Search | null): number {
  if (workspaces === null) return 0;
  let count = 0;
  if (search === null) {
    for (const [workspace, listedThere] of countListed(db)) if (!workspaces.includes(workspace)) count += listedThere;
  } else {
    for (const { workspace } of matching(db, null, top, search)) if (!workspaces.includes(workspace)) count += 1;
  }
  return count;
}

/** The lease as it stands, expired or not. */
export function leaseOf(db: Database, conversation: string): Lease | null {
  const sql = 'SELECT conversation, owner, expiresAt FROM leases WHERE conversation = ?';
  return db.get<Lease>(sql, conversation) ?? null;
}

function isAsking(db: Database, conversation: string): boolean {
  return db.get('SELECT 1 FROM leases WHERE conversation = ? AND asking IS NOT NULL', conversation) !== undefined;
}

function draftOf(db: Database, conversation: string): string {
  const row = db.get<{ draft: string }>('SELECT draft FROM composers WHERE conversation = ?', conversation);
  return readText(row?.draft ?? null, '');
}

/** Conversations that are looked at for prompts, and prompts of each: more is no history that one walks through. */
const promptChats = 30;
const promptsOfChat = 50;
/** Characters of a prompt that is brought back: a longer one is a document. */
const longestPrompt = 20_000;

/** What the user has asked in the last conversations of these workspaces, the latest first; what was asked by itself is none. */
export function ownPrompts(db: Database, workspaces: readonly string[]): readonly string[] {
  const found = rowsAfter(db, workspaces, top, promptChats).flatMap(({ id }) =>
    db.all<{ at: number; body: string }>(
      `SELECT at, body FROM entries WHERE conversation = ? AND kind = 'user' AND length(body) < ?
       ORDER BY seq DESC LIMIT (SELECT ?)`,
      id,
      4 * longestPrompt,
      promptsOfChat,
    ),
  );
  const texts = found.toSorted((a, b) => b.at - a.at).map(({ body }) => promptOf(body));
  return [...new Set(texts)].filter((text) => text.trim() !== '' && text.length <= longestPrompt);
}

/** What is stored came from outside once: nothing is taken for granted. */
function promptOf(body: string): string {
  const { auto, content } = (parseJson(body) ?? {}) as Partial<UserEntry>;
  if (auto !== undefined || !Array.isArray(content)) return '';
  const blocks = content as readonly (Partial<UserBlock> | null)[];
  return blocks
    .flatMap((block) => (block?.type === 'text' && typeof block.text === 'string' ? [block.text] : []))
    .join('\n\n');
}
