/** The EditorContext port: what the user is looking at, as far as it may be sent. Knows VS Code only through facts. */
import type { AbsentContext, ContextNow, ContextUse, EditorContext, ReadFile } from '../../core/context/editorContext';
import { linesOf } from '../../core/context/selection';
import type { ContextFile, ContextSelection } from '../../core/record/record';
import { isSecretPath } from '../../core/tools/secrets/secretFiles';
import { ownInstructions } from '../../shared/protocol';
import { absences, refusals } from '../base/plainStrings';
import { refused } from '../base/refused';
import type { AutomaticContext } from '../settings/scopedSettings';
import { chooseFiles, type FileBudget, orderOpenFiles } from './chooseFiles';
import { DiskSilent } from './files/door';
import { holdsKey } from './files/judge';
import { maxReadBytes, type PassedOver, type Read, standingInstructions } from './projectInstructions';
import { Remembered } from './remembered';
import { boundedSelection } from './selected/boundedSelection';
import type { Selected } from './selected/cursors';
import type { OtherDocument } from './selected/documents';
import type { FileAccess, HostWorkspace } from './workspace';

/** What is selected in the active editor, or its active cell, by every cursor. */
export interface EditorSelection extends Selected {
  /** What a document is that is no plain file of the workspace. */
  readonly other?: OtherDocument;
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
  /** What a document is that is no plain file of the workspace; null for one that is. */
  other?(uri: string): OtherDocument | null;
  /** The name of what one looks at where that has no text: a page of another extension. */
  page?(): string | null;
  readonly isTrusted: boolean;
}

interface EditorContextOptions {
  readonly facts: EditorFacts;
  readonly workspace: HostWorkspace;
  automatic(): AutomaticContext;
  /** What the user asks of every answer; '' for nothing. */
  own?(): string;
  /** Tokens of a text (core/tokens). */
  estimate(text: string): number;
}

/** Open files that go along by themselves, at most. */
export const maxOpenFiles = 8;
/** About 36,000 characters of code. */
export const maxOpenTokens = 14_000;

/** No file that fits into the tokens above is larger, in whatever script. */
const maxOpenBytes = 256 * 1024;

interface EditorContextOver extends EditorContext {
  /** A file has changed, or, without one, what decides on all of them: folders, trust, settings, ignore files. */
  forget(uri?: string): void;
  /** Whether the instructions import this file, there or not, or what lies in this folder. */
  mayChange(uri: string): boolean;
  /** Whether the project's instructions are in this file, or import it, there or not: by its URI, or what it is called. */
  isInstruction(uri: string, path: string): boolean;
  /** What is selected, whatever goes by itself. Rejects with a Refused where nothing is, or where it may not be sent. */
  selected(signal: AbortSignal): Promise<ContextSelection>;
}

/** The EditorContext port over facts of the editors; it keeps what it read until `forget`. */
export function createEditorContextOver(options: EditorContextOptions): EditorContextOver {
  /** Added by hand: that a file is ignored keeps it from going by itself, not from being sent. */
  const added = new Set<string>();
  const remembered = new Remembered();
  /** What the instructions import, there or not. */
  let looked: ReadonlySet<string> = new Set();
  let instructions: readonly ContextFile[] = [];
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
      const { facts, workspace, own } = options;
      const standing = await standingInstructions({
        ...{ own: own?.() ?? '', isTrusted: facts.isTrusted, roots: workspace.roots(), read },
        why: (uri) => whyRefused(access, uri, null, signal, maxReadBytes),
      });
      const { files: project, passed: imports } = standing;
      const asked = { project, importedBy: standing.importedBy };
      looked = standing.looked;
      instructions = project;
      const notImported = (await absentOf(facts, access, imports, signal)).map((one) => ({
        ...one,
        imported: true as const,
      }));
      const automatic = options.automatic();
      if (automatic === 'none')
        // Nor does what was sent before.
        return { ...asked, files: [], closed: [], selection: null, ...unreadOf(unread), ...absence(notImported) };
      const passed = new Map<string, PassedOver>();
      const except = new Set(project.map(({ path }) => path));
      const files = await openFiles(options, automatic, except, read, passed);
      const judged = await currentSelection(options, access);
      if (judged?.why !== undefined) passed.set(judged.uri, judged.why);
      const selection = judged?.selection ?? null;
      if (selection !== null) passed.delete(selection.uri);
      for (const uri of imports.keys()) passed.delete(uri);
      const page = facts.page?.() ?? null;
      const none = page === null ? [] : [{ uri: '', label: page, reason: absences.page(), active: true }];
      const absent = [...none, ...notImported, ...(await absentOf(facts, access, passed, signal))];
      const whole = files.flatMap(({ uri }) => (uri === facts.active() ? [uri] : []));
      return { ...asked, files, selection, whole, ...unreadOf(unread), ...absence(absent) } satisfies ContextNow;
    },
    read: async (uris, signal, use = 'sent') => {
      const access = accessFor(use, signal);
      return await readEach(uris, signal, (uri) => access.readText(uri, maxReadBytes, added.has(uri)));
    },
    readAdded: async (uris, signal, use = 'sent') => {
      const access = accessFor(use, signal);
      for (const uri of uris) added.add(uri);
      return await readEach(uris, signal, (uri) => access.readText(uri, maxReadBytes, true));
    },
    forget: (uri) => remembered.forget(uri),
    mayChange: (uri) => looked.has(uri) || [...looked].some((one) => one.startsWith(`${uri}/`)),
    isInstruction: (uri, path) => looked.has(uri) || instructions.some((file) => file.path === path),
    selected: async (signal) => {
      const access = accessFor('sent', signal);
      const judged = await currentSelection(options, access);
      if (judged === null) throw refused(refusals.nothingSelected());
      const { uri, selection, why = 'refused' } = judged;
      if (selection !== undefined) return selection;
      const other = options.facts.other?.(uri) ?? null;
      throw refused(absences[why === 'refused' ? await whyRefused(access, uri, other, signal) : why]());
    },
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

/** Told to the user, at most: a window may hold hundreds of tabs. */
const maxAbsent = 20;

/** What does not go along, each with its reason; what one looks at first. */
async function absentOf(
  facts: EditorFacts,
  access: FileAccess,
  passed: ReadonlyMap<string, PassedOver>,
  signal: AbortSignal,
): Promise<readonly AbsentContext[]> {
  const active = facts.active();
  const uris = [...passed.keys()].toSorted((a, b) => Number(b === active) - Number(a === active)).slice(0, maxAbsent);
  const absent: AbsentContext[] = [];
  for (const uri of uris) {
    const other = facts.other?.(uri) ?? null;
    const why = passed.get(uri) ?? 'refused';
    const reason = absences[why === 'refused' ? await whyRefused(access, uri, other, signal) : why]();
    const name = uri === ownInstructions.uri ? ownInstructions.path : decodedName(uri);
    absent.push({ uri, label: other?.label ?? name, reason, active: uri === active });
  }
  return absent;
}

async function whyRefused(
  access: FileAccess,
  uri: string,
  other: OtherDocument | null,
  signal: AbortSignal,
  maxBytes = maxOpenBytes,
): Promise<keyof typeof absences> {
  if (other !== null) return other.outside ? 'outside' : 'selectionOnly';
  try {
    return await access.why(uri, maxBytes);
  } catch {
    signal.throwIfAborted();
    return 'diskSilent';
  }
}

function decodedName(uri: string): string {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function absence(absent: readonly AbsentContext[]): Pick<ContextNow, 'absent'> {
  return absent.length === 0 ? {} : { absent };
}

function unreadOf(unread: readonly string[]): Pick<ContextNow, 'unread'> {
  return unread.length === 0 ? {} : { unread };
}

async function openFiles(
  { facts, estimate }: EditorContextOptions,
  automatic: 'openFiles' | 'activeFile',
  except: ReadonlySet<string>,
  read: Read,
  passed: Map<string, PassedOver>,
): Promise<readonly ContextFile[]> {
  const active = facts.active();
  const recentlyUsed = automatic === 'activeFile' ? [] : facts.recentlyUsed();
  const tabs = automatic === 'activeFile' ? facts.tabs().filter((uri) => uri === active) : facts.tabs();
  const budget: FileBudget = {
    maxFiles: maxOpenFiles,
    maxTokens: maxOpenTokens,
    estimate,
    passedOver: (uri, why) => passed.set(uri, why),
  };
  const instructions = new Set<string>();
  const chosen = await chooseFiles(orderOpenFiles(tabs, active, recentlyUsed), budget, async (uri) => {
    const file = await read(uri, maxOpenBytes);
    if (file === null || !except.has(file.path)) return file;
    instructions.add(uri);
    return null;
  });
  // They have a chip of their own.
  for (const uri of instructions) passed.delete(uri);
  return chosen;
}

interface JudgedSelection {
  readonly uri: string;
  readonly selection?: ContextSelection;
  /** Why there is none. */
  readonly why?: PassedOver;
}

/** Judged by the whole document. One that was never saved has no name that could tell a secret. */
async function currentSelection({ facts }: EditorContextOptions, access: FileAccess): Promise<JudgedSelection | null> {
  const found = facts.selection();
  if (found === null || found.text === '') return null;
  const { other, whole, ...selected } = found;
  const { uri } = selected;
  if (other?.outside === true) return { uri, why: 'outside' };
  const all =
    whole?.() ??
    linesOf({ ...selected, path: '' })
      .map(({ text }) => text)
      .join('\n');
  if ((await holdsKey(all)) || (other !== undefined && isSecretPath(other.path))) return { uri, why: 'secret' };
  const path = other === undefined ? await admittedPath(access, uri) : other.path;
  if (path === undefined) return { uri, why: 'refused' };
  const document = other === undefined ? {} : { document: { label: other.label, what: other.what } };
  return { uri, selection: boundedSelection({ ...selected, path, ...document }) };
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
