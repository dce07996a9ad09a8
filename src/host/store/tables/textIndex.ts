/**
 * The full-text index over what the user and Claude said (FTS5: sqlite.org/fts5.html). It holds its own copy of the
 * text, so that an entry can be taken out of it exactly, and it can always be built again from the entries.
 */
import type { UserBlock } from '../../../core/record/record';
import type { Snippet } from '../../../shared/protocol';
import { type Database, pause } from '../file/database';
import { getBlob } from './blobs';
import { getValue, setValue } from './keyValues';

const indexed = ['user', 'assistant'];

interface WithText {
  readonly kind?: string;
  readonly content?: unknown;
}

/** Nothing for a text that is no JSON any more: the index is made of what can be read. */
function parsed(json: string): WithText {
  try {
    return (JSON.parse(json) as WithText | null) ?? {};
  } catch {
    return {};
  }
}

/** What stands in the index: one of an earlier kind is built anew. */
const indexKind = '3';
const kindKey = 'textIndex';
/** Up to which entry all texts are in the index as this kind has them: a window of another version moves it no further. */
const builtKey = 'textIndexBuilt';

/** ms of work that are one commit: another window that sends waits no longer. */
const pieceMs = 50;

/** Scripts without blanks between words: each character is a word of the index. */
const unspaced = String.raw`[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]`;
const anyUnspaced = new RegExp(unspaced, 'u');
const betweenUnspaced = new RegExp(`(?<=${unspaced})(?=[\\p{L}\\p{N}])|(?<=[\\p{L}\\p{N}])(?=${unspaced})`, 'gu');
/** Parts words for the index, and is not seen. */
const joint = '\u200b';
/** A longer name is no name. */
const longestName = 100;

/** A text as the index takes it for words: unicode61 alone makes one of a whole sentence in Japanese. */
function parted(text: string): string {
  return anyUnspaced.test(text) ? text.replaceAll(betweenUnspaced, joint) : text;
}

/** The names in a text that are made of several words, in these words: `retryLogin` is found by both. Linear in time. */
function namesIn(text: string): string {
  const names = new Set<string>();
  for (const [name] of text.matchAll(/\w+/g))
    if (name.length <= longestName && /[a-z\d][A-Z]/.test(name)) names.add(name);
  return [...names].map((name) => name.replaceAll(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, joint)).join(' ');
}

/**
 * The words of an entry, and what the user sent along: pasted and attached texts, selected lines, names. Thinking, tool
 * input and context are not looked for.
 */
function textOf(db: Database, json: string): string {
  const { kind, content } = parsed(json);
  if (kind === undefined || !isIndexed(kind) || !Array.isArray(content)) return '';
  const texts = (content as readonly unknown[]).flatMap((block) => wordsOf(db, block as Partial<UserBlock> | null));
  const text = texts
    .filter((one) => typeof one === 'string')
    .join('\n\n')
    .replaceAll('\0', ' ')
    .toWellFormed();
  const names = namesIn(text);
  return names === '' ? parted(text) : `${parted(text)}\n\n${names}`;
}

/** What is stored came from outside once: nothing is taken for granted. */
function wordsOf(db: Database, block: Partial<UserBlock> | null): readonly unknown[] {
  switch (block?.type) {
    case 'text':
      return [block.text];
    case 'selection':
      return [
        block.selection?.path,
        ...[block.selection, ...(block.selection?.more ?? [])].map((lines) => lines?.text),
      ];
    case 'image':
      return [block.name];
    case 'document': {
      const bytes = block.mediaType === 'text/plain' && block.blob !== undefined ? getBlob(db, block.blob) : null;
      return [block.pasted === true ? '' : block.name, bytes === null ? '' : new TextDecoder().decode(bytes)];
    }
    default:
      return [];
  }
}

/** True when this SQLite was built with FTS5. */
export function hasFts5(db: Database): boolean {
  return db.get("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'") !== undefined;
}

/** True when the database has an index, made by this process or another. */
export function hasIndex(db: Database): boolean {
  return db.get("SELECT 1 FROM sqlite_master WHERE name = 'entryText'") !== undefined;
}

/**
 * Makes the index where there is none or one of an earlier kind, and adds what is not in it, piece by piece: what is built
 * stays built, and between two pieces another window has its turn. `rest`: takes so many ms.
 */
export function catchUp(db: Database, rest: (ms: number) => void = pause): void {
  if (getValue(db, kindKey) !== indexKind || !hasIndex(db)) {
    db.transaction('write', () => {
      if (getValue(db, kindKey) === indexKind && hasIndex(db)) return;
      db.exec('DROP TABLE IF EXISTS entryText');
      setValue(db, kindKey, indexKind);
      setValue(db, builtKey, null);
      db.exec("CREATE VIRTUAL TABLE entryText USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2')");
      // Without it a deleted word stays in the index until its segments happen to be merged.
      db.exec("INSERT INTO entryText (entryText, rank) VALUES ('secure-delete', 1)");
    });
  }
  while (isBehind(db, builtTo(db))) {
    const began = Date.now();
    const isMore = db.transaction('write', () => addPiece(db, began + pieceMs));
    if (!isMore) return;
    rest(Math.min(Date.now() - began, pieceMs));
  }
}

/** True when there is more. */
function addPiece(db: Database, until: number): boolean {
  const missing = `SELECT seq, body FROM entries WHERE kind IN ('user', 'assistant') AND seq > ? ORDER BY seq LIMIT 20`;
  // Another window may have gone on with it.
  let last = builtTo(db);
  while (Date.now() < until) {
    const rows = db.all<{ seq: number; body: string }>(missing, last);
    for (const { seq, body } of rows) {
      putText(db, seq, body);
      last = seq;
      if (Date.now() >= until) break;
    }
    if (rows.length === 0) break;
  }
  setValue(db, builtKey, String(last));
  return isBehind(db, last);
}

function builtTo(db: Database): number {
  return Number(getValue(db, builtKey)) || 0;
}

/** Whether there is text behind an entry, and before another one where that is given. */
function isBehind(db: Database, seq: number, before = Number.MAX_SAFE_INTEGER): boolean {
  const sql = `SELECT 1 FROM entries WHERE kind IN ('user', 'assistant') AND seq > ? AND seq < ? LIMIT 1`;
  return db.get(sql, seq, before) !== undefined;
}

/** Throws the index away and builds it anew. */
export function rebuildIndex(db: Database): void {
  db.transaction('write', () => db.exec('DROP TABLE IF EXISTS entryText'));
  catchUp(db);
}

/** Adds the text of one entry, which has just been appended. */
export function addText(db: Database, seq: number, json: string): void {
  putText(db, seq, json);
  // What somebody else has left out is still to be added.
  if (!isBehind(db, builtTo(db), seq)) setValue(db, builtKey, String(seq));
}

/** A window of another version may have had its own idea of it. */
function putText(db: Database, seq: number, json: string): void {
  db.run('INSERT OR REPLACE INTO entryText (rowid, text) VALUES (?, ?)', seq, textOf(db, json));
}

/** True for the kinds of entries that have text to find. */
export function isIndexed(kind: string): boolean {
  return indexed.includes(kind);
}

/** Takes the text of all entries of a conversation out of the index. */
export function removeTexts(db: Database, conversation: string): void {
  db.run('DELETE FROM entryText WHERE rowid IN (SELECT seq FROM entries WHERE conversation = ?)', conversation);
  // What is appended next may have one of their numbers.
  const left = 'SELECT seq FROM entries WHERE conversation <> ? ORDER BY seq DESC LIMIT 1';
  const last = db.get<{ seq: number }>(left, conversation)?.seq ?? 0;
  if (last < builtTo(db)) setValue(db, builtKey, String(last));
}

/** Asks the index for a word, also as the beginning of one; null for what is none. */
export function matchOf(word: string): string | null {
  if (!/[\p{L}\p{N}]/u.test(word)) return null;
  // Quoted, so that nothing the user types is taken for query syntax.
  return `"${parted(word.replaceAll('\0', ' ')).replaceAll('"', '""')}"*`;
}

/** The latest entry that matches in each conversation: its place in the index, by conversation. */
export function findConversations(db: Database, match: string): ReadonlyMap<string, number> {
  const sql = `SELECT e.conversation, max(t.rowid) AS seq FROM entryText t JOIN entries e ON e.seq = t.rowid
     WHERE entryText MATCH ? GROUP BY e.conversation`;
  const rows = db.all<{ conversation: string; seq: number }>(sql, match);
  return new Map(rows.map(({ conversation, seq }) => [conversation, seq]));
}

/** About a line of an entry's text around what matches. (Numbers are bound as doubles, which FTS5 takes for no rowid.) */
export function snippetOf(db: Database, match: string, seq: number): Snippet | null {
  const sql = `SELECT snippet(entryText, 0, char(2), char(3), '…', 16) AS snippet FROM entryText
     WHERE entryText MATCH ? AND rowid = CAST(? AS INTEGER)`;
  const text = db.get<{ snippet: string }>(sql, match, seq)?.snippet;
  const place = placeOf(db, seq);
  return text === undefined || place === null ? null : { text: text.replaceAll(joint, ''), ...place };
}

/** An entry, and the key of the item that shows it: a question, or the answer to the one before it. */
function placeOf(db: Database, seq: number): Pick<Snippet, 'item' | 'entry'> | null {
  const sql = `WITH RECURSIVE above (seq, id, parent, kind) AS (
      SELECT seq, id, parent, kind FROM entries WHERE seq = ?
      UNION SELECT e.seq, e.id, e.parent, e.kind FROM above JOIN entries e ON e.id = above.parent WHERE above.kind <> 'user')
    SELECT seq, id FROM above WHERE kind = 'user'`;
  const question = db.get<{ seq: number; id: string }>(sql, seq);
  const entry = db.get<{ id: string }>('SELECT id FROM entries WHERE seq = ?', seq)?.id;
  if (question === undefined || entry === undefined) return null;
  return { item: `${question.seq === seq ? 'user' : 'answer'}/${question.id}`, entry };
}
