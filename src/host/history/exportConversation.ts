/** Writes conversations into files that the user chooses: one, or all of the workspace; as Markdown, or every entry as JSON. */
import type { ConversationMeta } from '../../core/record/store';
import { type InWords, markdownParts, unreadableMarkdown } from '../../core/transcript/chatMarkdown';
import { sentTexts } from '../../core/transcript/sentText';
import { stateOf } from '../../core/transcript/transcript';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';
import { conversationJson, type ExportStore, type Unread } from './exportJson';

/** What it is written as. */
export type ExportFormat = 'md' | 'json';

/** Pieces of a text, as they are made. */
type Pieces = AsyncIterable<string>;

/** One file of several. */
interface ExportedFile {
  /** No other has it, however letters of both cases are taken. */
  readonly name: string;
  readonly pieces: Pieces;
}

/** Where exports go. Nothing that is there is overwritten unless the user has said so. */
export interface ExportPlaces {
  readonly words: InWords;
  /** null when the user has chosen none. */
  format(): Promise<ExportFormat | null>;
  /**
   * Asks where the file goes and writes it; `name` is offered. Rejects when it cannot be written. What is in `unread` then
   * the user is told.
   */
  save(name: string, pieces: Pieces, unread: Unread): Promise<void>;
  /** Asks where a new folder goes and writes the files into it. */
  saveAll(files: AsyncIterable<ExportedFile>, unread: Unread): Promise<void>;
}

/** One conversation. Rejects with a Refused for one that is gone. */
export async function exportConversation(id: string, store: ExportStore, places: ExportPlaces): Promise<void> {
  // A deleted one is not read.
  const stored = await store.load(id);
  if (stored === null) throw refused(refusals.notStored());
  const format = await places.format();
  const unread = nothingYet();
  if (format !== null)
    await places.save(
      `${fileName(stored.meta.title)}.${format}`,
      pieces[format](stored.meta, store, unread, places.words),
      unread,
    );
}

/** All conversations of some workspaces. Rejects with a Refused where there is none. */
export async function exportAll(
  workspaces: readonly string[],
  store: ExportStore,
  places: ExportPlaces,
): Promise<void> {
  const { rows } = await store.list({ workspaces, limit: 1 });
  if (rows.length === 0) throw refused(refusals.nothingToExport());
  const format = await places.format();
  const unread = nothingYet();
  if (format === 'json') await places.save('conversations.json', allJson(workspaces, store, unread), unread);
  else if (format === 'md') await places.saveAll(allMarkdown(workspaces, store, unread, places.words), unread);
}

function nothingYet(): Unread {
  return { titles: [], more: false };
}

const pieces: Readonly<
  Record<ExportFormat, (meta: ConversationMeta, store: ExportStore, unread: Unread, words: InWords) => Pieces>
> = {
  md: conversationMarkdown,
  json: conversationJson,
};

/** One that cannot be read to its end says so there. */
async function* conversationMarkdown(
  { id, title }: ConversationMeta,
  store: ExportStore,
  unread: Unread,
  words: InWords,
): AsyncGenerator<string> {
  try {
    const path = (await store.load(id))?.path ?? [];
    yield* markdownParts(
      stateOf(id, title, path),
      sentTexts(path, (hash) => store.getBlob(hash)),
      words,
    );
  } catch {
    unread.titles.push(title);
    yield `\n\n${unreadableMarkdown(words)}\n`;
  }
}

async function* allJson(workspaces: readonly string[], store: ExportStore, unread: Unread): AsyncGenerator<string> {
  yield '{"conversations":[';
  let between = '\n';
  for await (const meta of conversations(workspaces, store, unread)) {
    yield between;
    yield* conversationJson(meta, store, unread);
    between = ',\n';
  }
  yield unread.more ? '\n],"incomplete":true}\n' : '\n]}\n';
}

async function* allMarkdown(
  workspaces: readonly string[],
  store: ExportStore,
  unread: Unread,
  words: InWords,
): AsyncGenerator<ExportedFile> {
  const taken = new Set<string>();
  for await (const meta of conversations(workspaces, store, unread)) {
    const base = fileName(meta.title);
    let name = `${base}.md`;
    for (let n = 2; taken.has(name.toLowerCase()); n += 1) name = `${base} ${n}.md`;
    taken.add(name.toLowerCase());
    yield { name, pieces: conversationMarkdown(meta, store, unread, words) };
  }
}

/** Latest first, a page at a time; and again from the first, until none comes that was written to meanwhile and so moved ahead. */
async function* conversations(
  workspaces: readonly string[],
  store: ExportStore,
  unread: Unread,
): AsyncGenerator<ConversationMeta> {
  const given = new Set<string>();
  for (let before = -1; before !== given.size; ) {
    before = given.size;
    let after: ConversationMeta | undefined;
    let more = true;
    while (more) {
      const page = await store
        .list({ workspaces, limit: 100, ...(after === undefined ? {} : { after }) })
        .catch((error: unknown) => {
          if (given.size === 0) throw error;
          return null;
        });
      if (page === null) {
        unread.more = true;
        return;
      }
      const fresh = page.rows.filter(({ id }) => !given.has(id));
      for (const { id } of fresh) given.add(id);
      yield* fresh;
      after = page.rows.at(-1);
      more = page.more && after !== undefined;
    }
  }
}

/** Of a title what every file system takes. */
function fileName(title: string): string {
  const plain = title.replace(/[^\p{L}\p{M}\p{N} _-]+/gu, ' ').replace(/ +/g, ' ');
  let name = [...plain].slice(0, 80).join('').trim() || 'conversation';
  // Most take 255 bytes with all that is added.
  while (Buffer.byteLength(name) > 200) name = [...name].slice(0, -1).join('').trim();
  return /^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(name) ? `${name}_` : name;
}
