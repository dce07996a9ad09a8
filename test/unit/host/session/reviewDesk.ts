/** Turns that have changed files, and their review, over a map of files. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { EditsEntry, Entry, NewEntry, TurnFile } from '../../../../src/core/record/record';
import { lastEdits } from '../../../../src/core/record/turnEdits';
import type { FileNow, Restoring } from '../../../../src/core/tools/edits/restoring';
import { ToolError } from '../../../../src/core/tools/workspace';
import { EditReview } from '../../../../src/host/session/turns/editReview';

/** Of the turn `t`, unless another one is named. */
export class ReviewDesk {
  readonly files = new Map<string, Uint8Array>();
  readonly versions = new Map<string, Uint8Array>();
  path: EditsEntry[] = [];
  private words = 0;
  readonly state = { mayStart: true, isRunning: false };
  /** Whether an editor has the files, and has not saved them. */
  unsaved = false;
  /** What calls of the turn are in the record. */
  results: Entry[] = [];
  /** Done before the next write, as somebody else might. */
  meanwhile: () => void = () => undefined;

  keep(text: string): string {
    const bytes = Buffer.from(text, 'latin1');
    const digest = createHash('sha256').update(bytes).digest('hex');
    this.versions.set(digest, bytes);
    return digest;
  }

  /** The turn has changed a file from one text to another; null is no file. */
  edited(name: string, from: string | null, to: string | null, turn = 't'): void {
    const uri = `file:///w/${name}`;
    if (to === null) this.files.delete(uri);
    else this.files.set(uri, Buffer.from(to, 'latin1'));
    const file: TurnFile = {
      ...{ uri, path: name, kind: from === null ? 'create' : to === null ? 'delete' : 'edit' },
      ...{ added: 2, removed: 2, open: 2, undone: false },
      ...{ base: from === null ? null : this.keep(from), current: to === null ? null : this.keep(to) },
    };
    const files = [...(lastEdits(this.path, turn)?.files ?? []), file];
    this.path = [
      ...this.path.filter((one) => one.turn !== turn),
      { kind: 'edits', id: this.id(), parent: null, at: 1, turn, files },
    ];
  }

  private id(): string {
    this.words += 1;
    return `e${this.words}`;
  }

  text(name: string): string | null {
    const bytes = this.files.get(`file:///w/${name}`);
    return bytes === undefined ? null : Buffer.from(bytes).toString('latin1');
  }

  /** Names of files of which the model is told nothing; null: that cannot be found out. */
  secret: readonly string[] | null = [];

  readonly restoring: Restoring = {
    mayTell: async (uri, texts) => {
      if (this.secret === null) throw new ToolError('It lies outside.');
      return !this.secret.some((name) => uri.endsWith(`/${name}`)) && !texts.some((text) => text.includes('sk-key'));
    },
    now: async (uri) => ({ bytes: this.files.get(uri) ?? null, unsaved: this.unsaved }),
    put: async (uri: string, expected: FileNow, bytes: Uint8Array | null) => {
      this.meanwhile();
      this.meanwhile = () => undefined;
      const now = this.files.get(uri) ?? null;
      if (Buffer.compare(now ?? Buffer.of(), expected.bytes ?? Buffer.of()) !== 0) return false;
      if (bytes === null) this.files.delete(uri);
      else this.files.set(uri, bytes);
      return true;
    },
    move: async (from, to) => {
      if (this.files.has(to)) throw new ToolError('Something is there.');
      const bytes = this.files.get(from);
      if (bytes !== undefined) this.files.set(to, bytes);
      this.files.delete(from);
    },
  };

  get review(): EditReview['handlers'] {
    const desk = this;
    const store = {
      fileVersion: async (digest: string) => desk.versions.get(digest) ?? null,
      putFileVersion: async (_: string, bytes: Uint8Array) => desk.keep(Buffer.from(bytes).toString('latin1')),
    };
    const turns = {
      get path() {
        const users = [...new Set(desk.path.map(({ turn }) => turn))].map((id) => ({ kind: 'user', id }));
        return [...users, ...desk.results, ...desk.path];
      },
      atWork: null,
      ...this.state,
      work: async (task: (work: never, signal: AbortSignal) => Promise<void>) => {
        const commit = async (news: readonly NewEntry[]): Promise<void> => {
          desk.path = [
            ...desk.path,
            ...news.map((one) => ({ ...one, id: desk.id(), parent: null, at: 2 }) as EditsEntry),
          ];
        };
        await task({ commit } as never, new AbortController().signal);
      },
    };
    return new EditReview('c', { store, restoring: this.restoring }, turns as never).handlers;
  }

  decide(name: string | null, hunk: string | null, keep: boolean, answer = 't'): Promise<void> {
    const uri = name === null ? null : `file:///w/${name}`;
    return this.review.decideEdits({ type: 'decideEdits', conversation: 'c', answer, uri, hunk, keep });
  }

  hunks(name: string, answer = 't') {
    return this.review.editHunks({ type: 'editHunks', conversation: 'c', answer, uri: `file:///w/${name}` });
  }

  /** The last word about a file of a turn, by where it lies. */
  file(name: string, turn: string): TurnFile {
    const file = lastEdits(this.path, turn)?.files.find(({ uri }) => uri === `file:///w/${name}`);
    assert.ok(file);
    return file;
  }

  get last(): EditsEntry {
    const last = this.path.at(-1);
    assert.ok(last);
    return last;
  }
}
