/** The EditorContext port: what the user is looking at, as far as it may be sent. Knows VS Code only through facts. */
import type { ContextNow, ContextUse, EditorContext, ReadFile } from '../../core/context/editorContext';
import type { ContextFile, ContextSelection } from '../../core/record/record';
import { wholeCharacters } from '../../core/tools/text';
import type { AutomaticContext } from '../settings/scopedSettings';
import { chooseFiles, orderOpenFiles } from './chooseFiles';
import { DiskSilent } from './files/door';
import { holdsKey } from './files/judge';
import { Remembered } from './remembered';
import type { FileAccess, HostWorkspace } from './workspace';

/** What is selected in the active editor. */
export interface EditorSelection {
  readonly uri: string;
  /** True for a document that was never saved: it has a name and no place. */
  readonly untitled: boolean;
  /** How an untitled document is called. */
  readonly name: string;
  /** One-based, inclusive. */
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
  /** All that the document holds; missing where the workspace can look at it. */
  readonly whole?: () => string;
}

/** What is open in the window now. */
export interface EditorFacts {
  /** URIs of the text tabs, in their order, without untitled ones. */
  tabs(): readonly string[];
  /** The active editor's document, or that of the one that was active last and is still visible. */
  active(): string | null;
  /** Most recent first. */
  recentlyUsed(): readonly string[];
  /** That of the active, or last active and still visible, editor; null when it is empty. */
  selection(): EditorSelection | null;
  readonly isTrusted: boolean;
}

interface EditorContextOptions {
  readonly facts: EditorFacts;
  readonly workspace: HostWorkspace;
  automatic(): AutomaticContext;
  /** Tokens of a text (core/tokens). */
  estimate(text: string): number;
}

/** Open files that go along by themselves, at most. */
export const maxOpenFiles = 8;
/** About 36,000 characters of code. */
export const maxOpenTokens = 14_000;

/** No file that fits into the tokens above is larger, in whatever script. */
const maxOpenBytes = 256 * 1024;
const maxInstructionBytes = 48 * 1024;
/** Characters of a selection; whole lines beyond are left out of it, and out of its range. */
const maxSelection = 100_000;
/** Files that once were context are read again up to this. */
const maxReadBytes = 1024 * 1024;

const instructionFiles = ['CLAUDE.md', 'AGENTS.md'] as const;

interface EditorContextOver extends EditorContext {
  /** A file has changed, or, without one, what decides on all of them: folders, trust, settings, ignore files. */
  forget(uri?: string): void;
}

/** The EditorContext port over facts of the editors; it keeps what it read until `forget`. */
export function createEditorContextOver(options: EditorContextOptions): EditorContextOver {
  /** Added by hand: that a file is ignored keeps it from going by itself, not from being sent. */
  const added = new Set<string>();
  const remembered = new Remembered();
  const accessFor = (use: ContextUse, signal: AbortSignal): FileAccess =>
    remembered.over(options.workspace.access(signal), use === 'shown');
  return {
    current: async (signal, use = 'sent') => {
      const access = accessFor(use, signal);
      const unread: string[] = [];
      const read = async (uri: string, maxBytes: number, ignoredToo = false): Promise<ContextFile | null> => {
        signal.throwIfAborted();
        try {
          return await access.readText(uri, maxBytes, ignoredToo);
        } catch {
          signal.throwIfAborted();
          // The others go all the same.
          unread.push(uri);
          return null;
        }
      };
      const project = await projectInstructions(options, read);
      const automatic = options.automatic();
      if (automatic === 'none') return { project, files: [], selection: null, ...unreadOf(unread) };
      const instructions = new Set(project.map(({ path }) => path));
      const files = await openFiles(options, automatic, instructions, read);
      const selection = await currentSelection(options, access);
      return { project, files, selection, ...unreadOf(unread) } satisfies ContextNow;
    },
    read: async (uris, signal) => {
      const access = accessFor('sent', signal);
      return await readEach(uris, signal, (uri) => access.readText(uri, maxReadBytes, added.has(uri)));
    },
    readAdded: async (uris, signal, use = 'sent') => {
      const access = accessFor(use, signal);
      for (const uri of uris) added.add(uri);
      return await readEach(uris, signal, (uri) => access.readText(uri, maxReadBytes, true));
    },
    forget: (uri) => remembered.forget(uri),
  };
}

/** Each alone: what lies on a disk that does not answer, or that cannot be read, keeps none of the others from going. */
async function readEach(
  uris: readonly string[],
  signal: AbortSignal,
  read: (uri: string) => Promise<ContextFile | null>,
): Promise<readonly ReadFile[]> {
  const files: ReadFile[] = [];
  for (const uri of uris) {
    signal.throwIfAborted();
    try {
      files.push(await read(uri));
    } catch {
      signal.throwIfAborted();
      files.push('unread');
    }
  }
  return files;
}

type Read = (uri: string, maxBytes: number, ignoredToo?: boolean) => Promise<ContextFile | null>;

function unreadOf(unread: readonly string[]): Pick<ContextNow, 'unread'> {
  return unread.length === 0 ? {} : { unread };
}

async function openFiles(
  { facts, estimate }: EditorContextOptions,
  automatic: 'openFiles' | 'activeFile',
  except: ReadonlySet<string>,
  read: Read,
): Promise<readonly ContextFile[]> {
  const active = facts.active();
  const recentlyUsed = automatic === 'activeFile' ? [] : facts.recentlyUsed();
  const tabs = automatic === 'activeFile' ? facts.tabs().filter((uri) => uri === active) : facts.tabs();
  const budget = { maxFiles: maxOpenFiles, maxTokens: maxOpenTokens, estimate };
  return await chooseFiles(orderOpenFiles(tabs, active, recentlyUsed), budget, async (uri) => {
    const file = await read(uri, maxOpenBytes);
    return file === null || except.has(file.path) ? null : file;
  });
}

/** Judged by the whole document. One that was never saved has no name that could tell a secret. */
async function currentSelection({ facts }: EditorContextOptions, access: FileAccess): Promise<ContextSelection | null> {
  const selection = facts.selection();
  if (selection === null || selection.text === '' || (await holdsKey(selection.whole?.() ?? selection.text)))
    return null;
  const { uri, startLine, endLine, text } = selection;
  const path = selection.untitled ? selection.name : await admittedPath(access, uri);
  return path === undefined ? null : boundedSelection({ uri, path, startLine, endLine, text });
}

/** undefined for what may not be sent, and where that cannot be told. */
async function admittedPath(access: FileAccess, uri: string): Promise<string | undefined> {
  try {
    return (await access.admit(uri))?.path;
  } catch (error) {
    if (error instanceof DiskSilent) return undefined;
    throw error;
  }
}

/** Whole lines, as many as may be sent. */
export function boundedSelection(selection: ContextSelection): ContextSelection {
  if (selection.text.length <= maxSelection) return selection;
  const part = wholeCharacters(selection.text, maxSelection);
  const text = part.includes('\n') ? part.slice(0, part.lastIndexOf('\n')) : part;
  return { ...selection, endLine: selection.startLine + text.split('\n').length - 1, text };
}

/** CLAUDE.md and AGENTS.md of each root, in that order, in a trusted workspace only. Cut with a note when long. */
async function projectInstructions(
  { facts, workspace }: EditorContextOptions,
  read: Read,
): Promise<readonly ContextFile[]> {
  if (!facts.isTrusted) return [];
  const found: ContextFile[] = [];
  for (const { uri } of workspace.roots()) {
    for (const name of instructionFiles) {
      const file = await read(`${uri.replace(/\/$/, '')}/${name}`, maxReadBytes, true);
      if (file === null || file.text.trim() === '') continue;
      // One is often a symlink to the other.
      if (found.some(({ path }) => path === file.path)) continue;
      found.push({ ...file, text: cut(file.text) });
    }
  }
  return found;
}

function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxInstructionBytes) return text;
  const kept = bytes
    .subarray(0, maxInstructionBytes)
    .toString('utf8')
    .replace(/\ufffd+$/, '');
  return `${kept}\n[Cut here: this file has ${bytes.length.toLocaleString('en-US')} bytes. read_file shows the rest.]`;
}
