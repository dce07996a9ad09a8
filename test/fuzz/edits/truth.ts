/** What must hold of files, whoever writes them: kept apart from the product, by the names of lines. */
import assert from 'node:assert/strict';
import type { Hunk, ReviewHunk } from '../../../src/shared/edits';
import { type Desk, sameBytes, type WindowEditors } from './desk';
import { bareLines, decoded, linesOf, tagsIn } from './texts';

/** Nobody but the model's calls takes a line away, and nobody at all makes two of one. */
export class Truth {
  readonly #original = new Map<string, Buffer>();
  /** Lines that have to be somewhere. */
  readonly #lines = new Set<string>();
  /** Lines that calls of the model ask to take away. */
  readonly #asked = new Set<string>();
  /** Files that calls ask to delete, by each name that they may have then. */
  readonly #deleted = new Set<string>();
  /** Lines that a call is taking away, or has taken: each was asked for, and kept before. */
  readonly #taken = new Set<string>();
  /** Files that somebody else than the model has written. */
  readonly #foreign = new Set<string>();
  /** Those that somebody has written since the record told of them last. */
  readonly #since = new Set<string>();
  /** Those whose undoing was refused, or of which something was kept: they do not come back. */
  readonly #settled = new Set<string>();
  /** Names that one file has had, by each of them. */
  readonly #names = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly desk: Desk,
    private readonly editors: () => readonly WindowEditors[],
  ) {
    for (const name of desk.names) {
      const bytes = desk.bytes(name);
      if (bytes === null) continue;
      this.#original.set(name, bytes);
      for (const tag of tagsIn(decoded(bytes))) this.#lines.add(tag);
    }
  }

  /** All texts that somebody can see: on the disk, and in editors that are not saved. */
  #texts(): readonly string[] {
    const disk = this.desk.names.flatMap((name) => this.desk.bytes(name) ?? []).map(decoded);
    const unsaved = this.editors().flatMap(({ docs }) => [...docs.values()].filter(({ dirty }) => dirty));
    return [...disk, ...unsaved.map(({ text }) => text)];
  }

  get #found(): ReadonlySet<string> {
    return new Set(this.#texts().flatMap(tagsIn));
  }

  /** Somebody else writes a file: what they take away is gone by their own hand, what they bring has to stay. */
  byHand(name: string, act: () => void): void {
    const before = this.#found;
    act();
    const after = this.#found;
    for (const tag of before) if (!after.has(tag)) this.#lines.delete(tag);
    for (const tag of after) if (!before.has(tag) && !tag.startsWith('m')) this.#lines.add(tag);
    this.#foreign.add(name);
    this.#since.add(name);
  }

  /** The record may not know what has become of these. */
  unknown(names: Iterable<string>): void {
    for (const name of names) this.#since.add(name);
  }

  /** A file of the one name becomes one of the other: what is done to either, whenever that is, is done to both. */
  moved(from: string, to: string): void {
    const all = new Set([...this.#namesOf(from), ...this.#namesOf(to)]);
    for (const name of all) this.#names.set(name, all);
  }

  #namesOf(name: string): ReadonlySet<string> {
    return this.#names.get(name) ?? new Set([name]);
  }

  /** Calls ask to take these lines away, and these files with all that is in them by then. */
  asks(tags: Iterable<string>, files: Iterable<string>): void {
    for (const tag of tags) this.#asked.add(tag);
    for (const file of files) this.#deleted.add(file);
  }

  /** A call begins to write, and what was there is kept: lines of it go that were asked for. `after` null: all of the file. */
  takes(name: string, before: Uint8Array, after: Uint8Array | null): void {
    const left = new Set(after === null ? [] : tagsIn(decoded(after)));
    const isDeleted = after === null && this.#deleted.has(name);
    for (const tag of tagsIn(decoded(before))) {
      if (!left.has(tag) && (isDeleted || this.#asked.has(tag))) this.#taken.add(tag);
    }
  }

  /** Nothing is being written: whatever stands somewhere stays, until another call takes it. */
  rests(): void {
    for (const tag of this.#found) this.#taken.delete(tag);
  }

  settle(name: string): void {
    this.#settled.add(name);
  }

  check(): void {
    const found = this.#found;
    const lost = [...this.#lines].filter((tag) => !found.has(tag) && !this.#taken.has(tag));
    assert.deepEqual(lost, [], 'lines that nobody took away are nowhere');
    for (const text of this.#texts()) {
      const tags = tagsIn(text);
      assert.equal(new Set(tags).size, tags.length, `a line stands twice in ${JSON.stringify(text)}`);
    }
  }

  /**
   * `current`: what the record says that a file is; null for no file. `contents`: what it is on the disk, and in each editor
   * that has not saved it.
   */
  checkRecorded(name: string, current: Uint8Array | null, contents: readonly (Uint8Array | null)[]): void {
    if (contents.every((content) => sameBytes(current, content))) this.#since.delete(name);
    if (this.#since.has(name) || contents.some((content) => sameBytes(current, content))) return;
    assert.deepEqual(contents.map(shownText), [shownText(current)], `${name} is not what the record says`);
  }

  /** After all that the model did was undone. `made`: files that only the model has made. */
  checkUndone(): void {
    const isTheirs = (name: string): boolean => this.#foreign.has(name) || this.#settled.has(name);
    const isOwn = (name: string): boolean => ![...this.#namesOf(name)].some(isTheirs);
    for (const [name, bytes] of this.#original) {
      if (isOwn(name)) assert.deepEqual(shownText(this.desk.bytes(name)), shownText(bytes), `${name} is not as it was`);
    }
    for (const name of this.desk.names) {
      if (!this.#original.has(name) && isOwn(name)) assert.fail(`${name} is left of what was undone`);
    }
  }
}

function shownText(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('latin1');
}

/** What a file has to be after hunks of it were undone: each stands where the card says, and what stood there is back. */
export function withoutHunks(content: Uint8Array, hunks: readonly Hunk[]): readonly string[] {
  const lines = [...shownLines(content)];
  for (const hunk of hunks.toSorted((a, b) => b.newStart - a.newStart)) {
    const side = (sign: '+' | '-'): readonly string[] =>
      hunk.lines
        .filter((line) => line[0] === ' ' || line[0] === sign)
        .map((line) => line.slice(1).replace(/[␍␊]+$/, ''));
    const [now, old] = [side('+'), side('-')];
    assert.deepEqual(
      lines.slice(hunk.newStart - 1, hunk.newStart - 1 + now.length),
      now,
      'a hunk shows what does not stand there',
    );
    lines.splice(hunk.newStart - 1, now.length, ...old);
  }
  return lines;
}

/** The lines of a file as a card shows them. */
export function shownLines(content: Uint8Array): readonly string[] {
  return bareLines(decoded(content));
}

/** Lines outside of the hunks keep their bytes, line ends and all. */
export function assertOutside(before: Uint8Array, after: Uint8Array, hunks: readonly ReviewHunk[]): void {
  const [old, now] = [before, after].map((bytes) => linesOf(Buffer.from(bytes).toString('latin1'))) as [
    string[],
    string[],
  ];
  const first = Math.min(...hunks.map(({ newStart }) => newStart)) - 1;
  const ends = hunks.map(({ newStart, lines }) => newStart - 1 + lines.filter((line) => line[0] !== '-').length);
  const tail = old.length - Math.max(...ends);
  assert.deepEqual(
    now.slice(0, Math.min(first, now.length)),
    old.slice(0, Math.min(first, now.length)),
    'lines before the hunks',
  );
  if (tail > 0) {
    // A last line may have got a line end.
    const bare = (line: string | undefined): string => (line ?? '').replace(/[\r\n]+$/, '');
    assert.deepEqual(now.slice(-tail, -1), old.slice(-tail, -1), 'lines behind the hunks');
    assert.equal(bare(now.at(-1)), bare(old.at(-1)), 'the last line');
  }
}
