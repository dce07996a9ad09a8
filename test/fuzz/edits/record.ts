/** What the record says of files, and what of it must hold. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { EditsEntry, Entry } from '../../../src/core/record/record';
import type { Store, StoredConversation } from '../../../src/core/record/store';
import { untoldEdits } from '../../../src/core/record/undone';
import type { Desk, WindowEditors } from './desk';
import type { Truth } from './truth';

/** Holds of a conversation in which nothing runs. */
export async function checkRecord(
  { path, pendingEdits }: StoredConversation,
  store: Store,
  { desk, truth, editors }: { readonly desk: Desk; readonly truth: Truth; readonly editors: readonly WindowEditors[] },
): Promise<void> {
  assert.deepEqual(pendingEdits, [], 'an edit is still pending');
  const version = async (digest: string | null): Promise<Uint8Array | null> => {
    if (digest === null) return null;
    const bytes = await store.fileVersion(digest);
    assert.ok(bytes !== null, 'a version of a file is not kept');
    assert.equal(createHash('sha256').update(bytes).digest('hex'), digest);
    return bytes;
  };
  const known = new Map<string, EditsEntry>();
  /** Where files lay of which a turn has said something, by turn. */
  const places = new Map<string, Set<string>>();
  let isAsked = true;
  for (const entry of path) {
    if (entry.kind === 'user') isAsked = false;
    if (entry.kind === 'assistant') isAsked = true;
    if (entry.kind !== 'edits') continue;
    // What was said before a turn was asked again may be older than what was said of other turns.
    if (!isAsked) truth.unknown(entry.files.map(({ uri }) => desk.nameOf(uri)));
    for (const [index, file] of entry.files.entries()) {
      await version(file.base);
      const before = known.get(entry.turn)?.files[index];
      // A word about one file says nothing new of the others.
      if (JSON.stringify(before) === JSON.stringify(file)) continue;
      const own = places.get(entry.turn) ?? new Set();
      places.set(entry.turn, own.add(file.uri).add(file.from ?? file.uri));
    }
    known.set(entry.turn, entry);
  }
  // A word about an earlier turn says how that has left a file, on which a later one stands.
  const latest = new Map<string, string | null>();
  for (const { kind, id } of path) {
    if (kind !== 'user') continue;
    for (const uri of places.get(id) ?? []) latest.set(uri, null);
    for (const { uri, current } of known.get(id)?.files ?? []) latest.set(uri, current);
  }
  for (const [uri, current] of latest) {
    const name = desk.nameOf(uri);
    const unsaved = editors.flatMap((one) => one.unsavedBytes(name) ?? []);
    truth.checkRecorded(name, await version(current), [desk.bytes(name), ...unsaved]);
  }
  const user = path.findLastIndex(({ kind }) => kind === 'user');
  const first = path.findIndex(({ kind }, index) => kind === 'assistant' && index > user);
  if (first >= 0) assert.deepEqual(untoldEdits(path.slice(0, first)), [], 'the model was not told what was undone');
}

/** The last word about each turn, in the order of the turns. */
export function lastWords(path: readonly Entry[]): readonly EditsEntry[] {
  const words = new Map<string, EditsEntry>();
  for (const entry of path) if (entry.kind === 'edits') words.set(entry.turn, entry);
  return [...words.values()];
}

/** What the record says of files, for whoever looks for a fault. */
export function toldOf(path: readonly Entry[]): string {
  const name = (uri: string): string => uri.slice(uri.lastIndexOf('/') + 1);
  const short = (digest: string | null): string => digest?.slice(0, 6) ?? 'none';
  return path
    .map((entry) => {
      if (entry.kind === 'toolResult') {
        const edits = (entry.edits ?? []).map(
          ({ uri, to, before, after, unsaved }) =>
            `${name(uri)}${to === undefined ? '' : ` to ${name(to.uri)}`} ${short(before)} to ${short(after)}${unsaved ? ' unsaved' : ''}`,
        );
        return `  result${entry.isError ? ' (error)' : ''}: ${edits.join(', ')} ${entry.content.split('\n', 1)[0] ?? ''}`;
      }
      if (entry.kind !== 'edits') return `  ${entry.kind} ${entry.id.slice(-4)}`;
      const files = entry.files.map(
        ({ uri, kind, open, undone, base, current }) =>
          `${kind} ${name(uri)} ${open} open${undone ? ', undone' : ''}, ${short(base)} to ${short(current)}`,
      );
      return `  edits of ${entry.turn.slice(-4)}: ${files.join('; ')}`;
    })
    .join('\n');
}
