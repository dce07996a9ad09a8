/** A conversation as JSON: every entry on every branch as it is stored, and what was attached. Piece by piece. */
import { wordsOf } from '../../core/record/branch';
import type { Entry } from '../../core/record/record';
import type { ConversationMeta, Store } from '../../core/record/store';

/** What an export reads from. */
export type ExportStore = Pick<Store, 'load' | 'getBlob' | 'getMeta' | 'list' | 'entriesAfter'>;

/** What an export could not read, while the rest was written. */
export interface Unread {
  readonly titles: string[];
  /** There are more conversations, which are not known. */
  more: boolean;
}

/** One JSON object; of one that cannot be read to its end what could be, and that it is `incomplete`. */
export async function* conversationJson(
  { id, title, createdAt, updatedAt, head }: ConversationMeta,
  store: Pick<ExportStore, 'entriesAfter' | 'getBlob'>,
  unread: Unread,
): AsyncGenerator<string> {
  let isWhole = true;
  const failed = (): null => {
    isWhole = false;
    return null;
  };
  const known = JSON.stringify({ id, title, createdAt, updatedAt, head });
  yield `${known.slice(0, -1)},"entries":[`;
  const attached = new Map<string, string>();
  let between = '\n';
  for (let after = 0; ; ) {
    const rows = (await store.entriesAfter(id, after).catch(failed)) ?? [];
    for (const { seq, json } of rows) {
      yield `${between}${exported(json)}`;
      between = ',\n';
      for (const [hash, mediaType] of blobsOf(json)) attached.set(hash, mediaType);
      after = seq;
    }
    if (rows.length === 0) break;
  }
  yield '\n],"attachments":{';
  between = '\n';
  for (const [hash, mediaType] of attached) {
    const bytes = await store.getBlob(hash).catch(failed);
    if (bytes === null) continue;
    const held = mediaType === 'text/plain' ? { text: new TextDecoder().decode(bytes) } : { base64: base64(bytes) };
    yield `${between}${JSON.stringify(hash)}:${JSON.stringify({ mediaType, ...held })}`;
    between = ',\n';
  }
  if (!isWhole) unread.titles.push(title);
  yield isWhole ? '\n}}' : '\n},"incomplete":true}';
}

/** As it is stored, but for what leads from a question to places that are none where this is read. */
function exported(json: string): string {
  if (!/"(?:instead|commit)":/.test(json)) return json;
  const entry = JSON.parse(json) as Entry;
  return entry.kind === 'user' ? JSON.stringify(wordsOf(entry)) : json;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

interface Attached {
  readonly blob?: unknown;
  readonly mediaType?: unknown;
}

/** What an entry names that is stored apart: in what the user said, and in what a tool gave back. */
function blobsOf(json: string): readonly (readonly [hash: string, mediaType: string])[] {
  if (!json.includes('"blob"')) return [];
  const { content, media } = JSON.parse(json) as { readonly content?: unknown; readonly media?: unknown };
  return [content, media]
    .flatMap((list) => (Array.isArray(list) ? (list as readonly (Attached | null)[]) : []))
    .flatMap((one) =>
      typeof one?.blob === 'string' && typeof one.mediaType === 'string' ? [[one.blob, one.mediaType] as const] : [],
    );
}
