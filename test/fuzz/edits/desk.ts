/** The files of a case on a disk in memory, and each window's editors over them, which do as VS Code's do. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { EditFacts, EditorDocument } from '../../../src/host/workspace/edits/facts';
import type { ProblemWatch } from '../../../src/host/workspace/edits/newProblems';
import type { WorkspaceFacts } from '../../../src/host/workspace/files/facts';
import { changed } from '../../unit/host/workspace/edits/editKit';
import { tempWorkspace } from '../../unit/workspace/tempWorkspace';
import { decoded, encodedLike, endOf, evenEnds } from './texts';

/** No service that finds any. */
export const noProblems: ProblemWatch = {
  before: async () => ({ after: async () => [], dispose: () => undefined }),
  ofNew: async () => ({ after: async () => [], dispose: () => undefined }),
};

interface Doc {
  text: string;
  dirty: boolean;
  version: number;
  encoding: string;
  /** What was on disk when it was loaded or saved. */
  disk: Buffer | null;
}

/** One folder. */
export class Desk {
  readonly folder: string;
  readonly facts: WorkspaceFacts;

  constructor(
    base: string,
    readonly latin1: boolean,
  ) {
    const temp = tempWorkspace({ base });
    this.folder = temp.folder;
    temp.facts.decoder.encoding = latin1 ? 'windows1252' : 'utf8';
    this.facts = { ...temp.facts, git: async () => ({ kind: 'missing' }) };
  }

  /** null where there is no such file. */
  bytes(name: string): Buffer | null {
    try {
      return readFileSync(join(this.folder, name));
    } catch {
      return null;
    }
  }

  /** As another program does it; null deletes. */
  write(name: string, bytes: Uint8Array | null): void {
    const file = join(this.folder, name);
    if (bytes === null) {
      rmSync(file, { force: true });
      return;
    }
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, bytes);
  }

  get names(): readonly string[] {
    return readdirSync(this.folder).sort();
  }

  uri(name: string): string {
    return pathToFileURL(join(this.folder, name)).href;
  }

  nameOf(uri: string): string {
    return fileURLToPath(uri).slice(this.folder.length + 1);
  }
}

/** One window's. Documents that are not saved outlive it, as VS Code keeps them. */
export class WindowEditors {
  readonly docs = new Map<string, Doc>();
  /** What saving makes of a text first. */
  format: (text: string) => string = (text) => text;

  constructor(
    private readonly desk: Desk,
    /** Called before each write of ours: what somebody else does at that moment. */
    private readonly meanwhile: () => void,
  ) {}

  open(name: string): void {
    const bytes = this.desk.bytes(name);
    if (bytes !== null && !this.docs.has(name)) this.docs.set(name, this.loaded(bytes, 1));
  }

  /** One that is not saved stays: the user is asked, and cancels. */
  close(name: string): void {
    if (this.docs.get(name)?.dirty === false) this.docs.delete(name);
  }

  /** The text of a document that is not saved; null for none. */
  unsaved(name: string): string | null {
    const doc = this.docs.get(name);
    return doc?.dirty === true ? doc.text : null;
  }

  /** The same as it would be saved. */
  unsavedBytes(name: string): Buffer | null {
    const doc = this.docs.get(name);
    return doc?.dirty === true ? this.encoded(doc) : null;
  }

  /** The user changes its lines. */
  type(name: string, edit: (lines: string[], end: string) => void): void {
    this.refresh();
    const doc = this.docs.get(name);
    if (doc === undefined) return;
    const end = endOf(doc.text);
    const lines = doc.text.split(/\r\n|\n/);
    edit(lines, end);
    doc.text = lines.join(end);
    doc.dirty = true;
    doc.version += 1;
  }

  /** False when the file has changed on disk meanwhile, which VS Code says; `over`: the user overwrites that. */
  save(name: string, over = false): boolean {
    this.refresh();
    const doc = this.docs.get(name);
    if (doc === undefined) return false;
    const now = this.desk.bytes(name);
    if (!over && !sameBytes(now, doc.disk)) return false;
    doc.text = this.format(doc.text);
    doc.version += 1;
    const bytes = this.encoded(doc);
    this.desk.write(name, bytes);
    doc.disk = bytes;
    doc.dirty = false;
    return true;
  }

  /** Back to what is on disk. */
  revert(name: string): void {
    const bytes = this.desk.bytes(name);
    const doc = this.docs.get(name);
    if (doc === undefined) return;
    if (bytes === null) this.docs.delete(name);
    else this.docs.set(name, this.loaded(bytes, doc.version + 1));
  }

  /** Documents that are saved show what is on disk. */
  refresh(): void {
    for (const [name, doc] of this.docs) {
      if (doc.dirty) continue;
      const bytes = this.desk.bytes(name);
      if (bytes === null || sameBytes(bytes, doc.disk)) continue;
      this.docs.set(name, this.loaded(bytes, doc.version + 1));
    }
  }

  private loaded(bytes: Buffer, version: number): Doc {
    const isMarked = bytes[0] === 0xef;
    const encoding = isMarked ? 'utf8bom' : this.desk.latin1 ? 'windows1252' : 'utf8';
    return { text: evenEnds(decoded(bytes)), dirty: false, version, encoding, disk: bytes };
  }

  private encoded({ text, encoding }: Doc): Buffer {
    const mark = encoding === 'utf8bom' ? Buffer.of(0xef, 0xbb, 0xbf) : null;
    return encodedLike(text, mark, encoding === 'windows1252');
  }

  /** What the product sees of them. */
  get facts(): EditFacts {
    const none = async (): Promise<never> => {
      throw new Error('there is no other scheme');
    };
    return {
      isTrusted: () => true,
      documents: () => {
        this.refresh();
        return [...this.docs].map(([name, doc]): EditorDocument => {
          const { dirty, version, encoding, text } = doc;
          return { uri: this.desk.uri(name), dirty, version, encoding, text: () => text };
        });
      },
      shown: (uri) => (this.docs.has(this.desk.nameOf(uri)) ? 'text' : 'none'),
      settingsOf: () => ({ eol: '\n', encoding: this.desk.latin1 ? 'windows1252' : 'utf8' }),
      readonlyOf: () => ({ include: [], exclude: [] }),
      encodingOf: async () => (this.desk.latin1 ? 'windows1252' : 'utf8'),
      encode: async (text, encoding) => {
        if (encoding !== 'windows1252') throw new Error(`no encoding ${encoding}`);
        return Buffer.from(text.replace(/[^\0-\xff]/g, '?'), 'latin1');
      },
      change: async (uri, version, changes) => {
        this.meanwhile();
        this.refresh();
        const doc = this.docs.get(this.desk.nameOf(uri));
        if (doc === undefined || doc.version !== version) return false;
        doc.text = changed(doc.text, changes);
        doc.dirty = true;
        doc.version += 1;
        return true;
      },
      save: async (uri) => {
        this.meanwhile();
        return this.save(this.desk.nameOf(uri));
      },
      virtual: { isWritable: () => true, write: none, createFolder: none, rename: none },
      remove: async (uri) => this.desk.write(this.desk.nameOf(uri), null),
    };
  }
}

/** Whether both are there and the same, or neither is there. */
export function sameBytes(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one === null || other === null ? one === other : Buffer.compare(one, other) === 0;
}
