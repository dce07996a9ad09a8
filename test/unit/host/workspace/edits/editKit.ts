/** Changes of real files in the temp folder, with editors and a store in memory. */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FilesNow } from '../../../../../src/core/record/pendingEdits';
import type { FileEdit } from '../../../../../src/core/record/record';
import type { AppliedChange, Change, Editing, PlannedChange } from '../../../../../src/core/tools/edits/editing';
import type { Restoring } from '../../../../../src/core/tools/edits/restoring';
import { createEditing, type HostEditing } from '../../../../../src/host/workspace/edits/editing';
import type {
  EditFacts,
  EditorDocument,
  EditStore,
  Shown,
  TextChange,
} from '../../../../../src/host/workspace/edits/facts';
import type { ProblemWatch } from '../../../../../src/host/workspace/edits/newProblems';
import { never, type TempOptions, type TempWorkspace, tempWorkspace } from '../../../workspace/tempWorkspace';

/** An editor of a test. */
export interface FakeEditor {
  text: string;
  dirty: boolean;
  version: number;
  encoding: string;
  shown: Shown;
  /** What saving makes of the text first. */
  format: (text: string) => string;
  saves: boolean;
}

export interface EditKit {
  readonly temp: TempWorkspace;
  /** By path below the first root. */
  editor(path: string, editor?: Partial<FakeEditor>): FakeEditor;
  readonly state: {
    trusted: boolean;
    eol: '\n' | '\r\n';
    readonly: { include: readonly string[]; exclude: readonly string[] };
    trash: boolean;
    /** What was put into the trash. */
    readonly trashed: string[];
    /** Called before each write of an editor or of a note: what somebody else does meanwhile. */
    meanwhile: () => void;
    problems: readonly string[] | null;
    /** How often the settings of a place were looked up. */
    lookedUp: number;
  };
  readonly kept: Map<string, Buffer>;
  readonly noted: (readonly FileEdit[])[];
  readonly restoring: Restoring;
  readonly filesNow: FilesNow;
  /** The same files and editors over another store. */
  over(store: EditStore): HostEditing;
  of(call?: string, step?: string): Editing;
  plan(change: Change, call?: string): Promise<PlannedChange>;
  /** Plans and makes it. */
  make(change: Change, call?: string): Promise<AppliedChange>;
  bytes(path: string): Buffer;
  read(path: string): string;
  uri(path: string): string;
}

const encodings: Readonly<Record<string, BufferEncoding>> = { windows1252: 'latin1', iso88591: 'latin1' };

/** `watch`: of the problems of the files; missing: `state.problems`. */
export function editKit(options: TempOptions = {}, watch?: (temp: TempWorkspace) => ProblemWatch): EditKit {
  const temp = tempWorkspace(options);
  const { facts } = temp;
  const root = facts.roots()[0];
  if (root === undefined) throw new Error('no root');
  const uri = (path: string): string => facts.uriOf(root, path);
  const editors = new Map<string, FakeEditor>();
  const kept = new Map<string, Buffer>();
  const noted: (readonly FileEdit[])[] = [];
  const state = {
    trusted: true,
    eol: '\n' as '\n' | '\r\n',
    readonly: { include: [] as readonly string[], exclude: [] as readonly string[] },
    trash: true,
    trashed: [] as string[],
    meanwhile: () => {},
    problems: null as readonly string[] | null,
    lookedUp: 0,
  };
  const write = async (target: string, bytes: Uint8Array): Promise<void> => {
    temp.write(fileURLToPath(target).slice(temp.folder.length + 1), bytes);
  };
  const edits: EditFacts = {
    isTrusted: () => state.trusted,
    documents: () =>
      [...editors].map(([one, editor]): EditorDocument => {
        const { dirty, version, encoding, text } = editor;
        return { uri: one, dirty, version, encoding, text: () => text };
      }),
    shown: (one) => editors.get(one)?.shown ?? 'none',
    settingsOf: () => {
      state.lookedUp += 1;
      return { eol: state.eol, encoding: facts.decoder.encoding };
    },
    readonlyOf: () => state.readonly,
    encodingOf: async () => facts.decoder.guessed,
    encode: async (text, encoding) => {
      const known = encodings[encoding];
      if (known === undefined) throw new Error(`no encoding ${encoding}`);
      return Buffer.from(text.replace(/[^\0-\xff]/g, '?'), known);
    },
    change: async (one, version, changes) => {
      state.meanwhile();
      const editor = editors.get(one);
      if (editor === undefined || editor.version !== version) return false;
      editor.text = changed(editor.text, changes);
      editor.dirty = true;
      editor.version += 1;
      return true;
    },
    save: async (one) => {
      const editor = editors.get(one);
      if (editor === undefined || !editor.saves) return false;
      editor.text = editor.format(editor.text);
      editor.dirty = false;
      await write(one, Buffer.from(editor.text, encodings[editor.encoding] ?? 'utf8'));
      return true;
    },
    virtual: {
      isWritable: () => true,
      write,
      createFolder: async () => {},
      rename: async () => {},
    },
    remove: async (one, useTrash) => {
      if (useTrash && !state.trash) throw new Error('there is no trash');
      if (useTrash) state.trashed.push(one);
      rmSync(fileURLToPath(one));
    },
  };
  const fixed = async () => ({ after: async () => state.problems, dispose: () => {} });
  const problems = watch?.(temp) ?? { before: fixed, ofNew: fixed };
  const over = (store: EditStore): HostEditing => createEditing({ facts, edits, problems, store });
  const port = over({
    putFileVersion: async (_, bytes) => {
      const digest = createHash('sha256').update(bytes).digest('hex');
      kept.set(digest, Buffer.from(bytes));
      return digest;
    },
    notePendingEdits: async (_, { edits: all }) => {
      noted.push(all);
      state.meanwhile();
    },
  });
  const of = (call = 'call', step = 'step'): Editing => port.of({ conversation: 'conversation', step, call });
  const bytes = (path: string): Buffer => readFileSync(join(temp.folder, path));
  return {
    temp,
    state,
    kept,
    noted,
    restoring: port.restoring,
    filesNow: port.filesNow,
    over,
    of,
    uri,
    editor: (path, editor = {}) => {
      const made: FakeEditor = {
        text: '',
        dirty: false,
        version: 1,
        encoding: 'utf8',
        shown: 'text',
        format: (text) => text,
        saves: true,
        ...editor,
      };
      editors.set(uri(path), made);
      return made;
    },
    plan: async (change, call) => await of(call).plan(change, never),
    make: async (change, call) => {
      await of(call).plan(change, never);
      return await of(call).apply(change, never);
    },
    bytes,
    read: (path) => bytes(path).toString('utf8'),
  };
}

/** A text with changes of an editor in it. */
export function changed(text: string, changes: readonly TextChange[]): string {
  return changes
    .toSorted((a, b) => b.start - a.start)
    .reduce((now, { start, end, text: fresh }) => now.slice(0, start) + fresh + now.slice(end), text);
}

/** An edit of one place. */
export function edit(path: string, oldText: string, newText: string, all = false): Change {
  return { kind: 'edit', path, replacements: [{ oldText, newText, all }] };
}
