/** What of a workspace can be mentioned, and where it is: files and folders by their paths. */
import type { TerminalOutput } from '../../../core/context/terminalOutput';
import type { ContextSelection } from '../../../core/record/record';
import { ToolError } from '../../../core/tools/workspace';
import type { Beside, MentionList } from '../../../shared/mentions/mentions';
import { absences } from '../../base/plainStrings';
import { refused } from '../../base/refused';
import type { HostWorkspace } from '../workspace';
import { FileIndex, type Recent, recentRows } from './fileIndex';
import { type NamedSymbol, SymbolFinder } from './symbolFinder';

/** Files in use lately that are offered. */
const maxRecent = 20;
/** As much of a file as goes along when it is added by hand. */
const maxBytes = 1024 * 1024;
/** Files that stand before the symbols of the same letters. */
const filesFirst = 5;

/** What a command in a terminal has left, and what it is known by. */
export interface LeftOutput {
  readonly id: string;
  readonly output: TerminalOutput;
}

/** What of a window can be mentioned beside its files. */
export interface MentionWindow {
  /** The views name its files by the machine on which it runs. */
  readonly isRemote: boolean;
  /** URIs of its editors, the last used first. */
  recent(): readonly string[];
  /** What there is. Cheap: nothing is read. */
  beside(): readonly Beside[];
  /** Asks the language services for symbols by a few letters. */
  symbols(query: string): Promise<readonly NamedSymbol[]>;
  /** All of an open document that no file system has; null for any other. */
  unsaved(uri: string): Promise<{ readonly selection: ContextSelection } | 'noEditor' | 'nothing' | 'secret' | null>;
  /** What is selected. Rejects with a Refused where nothing is, or where it may not be sent. */
  selection(signal: AbortSignal): Promise<ContextSelection>;
  /** What a command in a terminal has left, by the id that `beside` gave; null where it is not kept any more. */
  terminal(id: string): TerminalOutput | null;
}

/** The port of a conversation to what can be mentioned. */
export interface MentionSource extends Pick<MentionWindow, 'selection' | 'terminal' | 'unsaved'> {
  /** What matches; for '' what was in use lately. It lists names, and reads nothing. */
  find(query: string, signal: AbortSignal): Promise<MentionList>;
  /** A URI of the views as the workspace has it. */
  here(uri: string): string;
  /** What of the workspace a URI is, that may be read without asking; null for all else. */
  at(uri: string, signal: AbortSignal): Promise<Recent | null>;
  /** The URI of a path that was offered. Rejects with a Refused where it may not be read. */
  uriOf(path: string, signal: AbortSignal): Promise<string>;
  /** What keeps a file from being sent, as an error to throw. */
  whyNot(uri: string, signal: AbortSignal): Promise<Error>;
  /** It was chosen, and taken: it is offered first from now on. */
  chosen(kind: Recent['kind'], path: string): void;
}

/** Over the files of a window, and what it has beside them. */
export class WorkspaceMentions implements MentionSource {
  readonly #index: FileIndex;
  readonly #symbols: SymbolFinder;
  #chosen: readonly Recent[] = [];
  /** What was in use lately, as it was when the list was opened. */
  #recent: readonly Recent[] = [];
  #beside: readonly Beside[] = [];

  constructor(
    private readonly workspace: Pick<HostWorkspace, 'findFiles' | 'roots' | 'resolve' | 'reach' | 'access'>,
    private readonly window: MentionWindow,
  ) {
    this.#index = new FileIndex(workspace);
    this.#symbols = new SymbolFinder(window.symbols, workspace);
  }

  async find(query: string, signal: AbortSignal): Promise<MentionList> {
    if (query.trim() !== '') {
      const found = await this.#index.find(query, this.#recent, signal);
      const symbols = this.#symbols.find(query.trim());
      return {
        rows: found.rows.toSpliced(filesFirst, 0, ...(symbols ?? [])),
        total: found.total + (symbols?.length ?? 0),
        partial: found.partial,
        beside: this.#beside,
        more: symbols === null,
      };
    }
    this.#symbols.forget();
    this.#beside = this.window.beside();
    this.#recent = await this.#recentPaths(signal);
    const rows = recentRows(this.#recent);
    // The first list waits for no other: the names are listed while it is being looked at.
    setImmediate(() => this.#index.refresh());
    return { rows, total: rows.length, partial: false, beside: this.#beside, more: false };
  }

  here(uri: string): string {
    return this.window.isRemote ? uri.replace(/^vscode-remote:\/\/[^/]*(?=\/)/, 'file://') : uri;
  }

  async at(uri: string, signal: AbortSignal): Promise<Recent | null> {
    const named = await this.workspace.access(signal).named(uri);
    if (named === null || named.hidden !== null) return null;
    const found = await this.workspace.resolve(named.path, signal).catch(() => null);
    return found === null ? null : { kind: found.kind === 'directory' ? 'folder' : 'file', path: named.path };
  }

  async uriOf(path: string, signal: AbortSignal): Promise<string> {
    try {
      const found = await this.workspace.resolve(path, signal);
      if (found !== null) return found.uri;
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
    }
    const [reached] = (await this.workspace.reach?.([path], signal)) ?? [];
    const why = reached?.why[0] ?? 'unreadable';
    throw refused(absences[why === 'unchecked' ? 'tooLarge' : why]());
  }

  async whyNot(uri: string, signal: AbortSignal): Promise<Error> {
    return refused(absences[await this.workspace.access(signal).why(uri, maxBytes)]());
  }

  selection(signal: AbortSignal): Promise<ContextSelection> {
    return this.window.selection(signal);
  }

  unsaved(uri: string): ReturnType<MentionWindow['unsaved']> {
    return this.window.unsaved(uri);
  }

  terminal(id: string): TerminalOutput | null {
    return this.window.terminal(id);
  }

  chosen(kind: Recent['kind'], path: string): void {
    const others = this.#chosen.filter((one) => one.kind !== kind || one.path !== path);
    this.#chosen = [{ kind, path }, ...others].slice(0, maxRecent);
  }

  dispose(): void {
    this.#index.dispose();
  }

  /** Each that may be read, once; what was mentioned before what was only looked at. */
  async #recentPaths(signal: AbortSignal): Promise<readonly Recent[]> {
    const access = this.workspace.access(signal);
    const [chosen, named] = await Promise.all([
      Promise.all(this.#chosen.map(async (one) => ((await this.#isThere(one, signal)) ? [one] : []))),
      Promise.all(
        [...new Set(this.window.recent())].slice(0, maxRecent).map((uri) => access.named(uri).catch(() => null)),
      ),
    ]);
    const shown = named.flatMap((file) =>
      file === null || file.hidden !== null ? [] : [{ kind: 'file', path: file.path } as const],
    );
    const all = new Map([...chosen.flat(), ...shown].map((one) => [`${one.kind} ${one.path}`, one]));
    return [...all.values()];
  }

  /** It may have gone since it was mentioned, or be ignored by now. */
  async #isThere({ kind, path }: Recent, signal: AbortSignal): Promise<boolean> {
    const found = await this.workspace.resolve(path, signal).catch(() => null);
    return found?.kind === (kind === 'folder' ? 'directory' : 'file');
  }
}
