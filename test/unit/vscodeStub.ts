/**
 * A stand-in for the module `vscode`, so that the whole host runs in Node: one folder on the disk, settings, secrets and
 * editors as a test sets them. What a test does not set is empty, and what nobody asked for throws by not being there.
 */
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import Module from 'node:module';
import { basename, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repoRoot } from '../vscode/paths';

type Listener = (value: never) => unknown;

class EventEmitter {
  readonly #listeners = new Set<Listener>();
  readonly event = (listener: Listener): Disposable => {
    this.#listeners.add(listener);
    return new Disposable(() => this.#listeners.delete(listener));
  };

  fire(value?: unknown): void {
    for (const listener of [...this.#listeners]) listener(value as never);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

class Disposable {
  constructor(readonly dispose: () => unknown) {}

  static from(...all: readonly { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const one of all) one.dispose();
    });
  }
}

class Uri {
  private constructor(
    readonly scheme: string,
    readonly authority: string,
    readonly path: string,
    readonly query = '',
    readonly fragment = '',
  ) {}

  static parse(text: string): Uri {
    const url = new URL(text);
    const parts = [url.pathname, url.search.slice(1), url.hash.slice(1)].map(decodeURIComponent);
    return new Uri(url.protocol.slice(0, -1), url.host, parts[0] ?? '', parts[1], parts[2]);
  }

  static file(path: string): Uri {
    return Uri.parse(pathToFileURL(path).href);
  }

  static from(parts: Partial<Uri>): Uri {
    return new Uri(parts.scheme ?? '', parts.authority ?? '', parts.path ?? '', parts.query, parts.fragment);
  }

  static joinPath(base: Uri, ...more: readonly string[]): Uri {
    return base.with({ path: join(base.path, ...more) });
  }

  get fsPath(): string {
    return this.path;
  }

  with(change: Partial<Uri>): Uri {
    return Uri.from({ ...this, ...change });
  }

  toString(): string {
    const path = this.path.split('/').map(encodeURIComponent).join('/');
    const ends = `${this.query === '' ? '' : `?${encodeURIComponent(this.query)}`}${this.fragment === '' ? '' : `#${this.fragment}`}`;
    return `${this.scheme}:${this.scheme === 'file' || this.authority !== '' ? `//${this.authority}` : ''}${path}${ends}`;
  }
}

class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

class Range {
  readonly start: Position;
  readonly end: Position;

  constructor(startLine: number, startCharacter: number, endLine: number, endCharacter: number) {
    this.start = new Position(startLine, startCharacter);
    this.end = new Position(endLine, endCharacter);
  }

  get isEmpty(): boolean {
    return this.start.line === this.end.line && this.start.character === this.end.character;
  }
}

class FileSystemError extends Error {
  readonly code = 'FileNotFound';
}

/** What a test sees and sets of the stand-in. */
export interface StubOptions {
  /** Of the one workspace folder. */
  readonly folder: string;
  /** Of the record. */
  readonly storage: string;
  /** The user's settings, by their whole name. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: ReadonlyMap<string, string>;
}

const fileTypes = { Unknown: 0, File: 1, Directory: 2, SymbolicLink: 64 };

function fileSystem(): object {
  const missing = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch {
      throw new FileSystemError('not found');
    }
  };
  return {
    stat: async (uri: Uri) => {
      const found = await missing(stat(uri.fsPath));
      const link = (await lstat(uri.fsPath)).isSymbolicLink() ? fileTypes.SymbolicLink : 0;
      return { type: (found.isDirectory() ? fileTypes.Directory : fileTypes.File) | link, size: found.size };
    },
    readFile: (uri: Uri) => missing(readFile(uri.fsPath)),
    readDirectory: async (uri: Uri) =>
      (await missing(readdir(uri.fsPath, { withFileTypes: true }))).map((entry) => [
        entry.name,
        entry.isDirectory() ? fileTypes.Directory : fileTypes.File,
      ]),
  };
}

/** An event that nothing ever fires. */
const never = (): Disposable => new Disposable(() => undefined);

/** The user's settings, and how often VS Code was asked for one. */
export interface StubConfiguration {
  readonly inspected: readonly string[];
  /** The user changes a setting: `prelude.model`. */
  set(name: string, value: unknown): void;
}

interface Stub {
  readonly module: object;
  /** What `activate` gets. */
  readonly context: object;
  readonly configuration: StubConfiguration;
  /** What the log was told that is no fault. */
  readonly logged: readonly string[];
  /** In the editor that is active. */
  moveCursor(): void;
}

export function createStub({ folder, storage, settings: first, secrets }: StubOptions): Stub {
  const settings: Record<string, unknown> = { ...first };
  const inspected: string[] = [];
  const settingsChanged = new EventEmitter();
  const cursorMoved = new EventEmitter();
  const changes: StubConfiguration = {
    inspected,
    set(name, value) {
      settings[name] = value;
      settingsChanged.fire({ affectsConfiguration: (section: string) => name.startsWith(`${section}.`) });
    },
  };
  const root = { name: basename(folder), uri: Uri.file(folder), index: 0 };
  const values = new Map<string, string>(secrets);
  const state = new Map<string, unknown>();
  const memento = {
    get: (key: string) => state.get(key),
    update: async (key: string, v: unknown) => state.set(key, v),
  };
  const translate = (text: string, ...args: readonly unknown[]): string =>
    text.replace(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)]));
  const said = async (): Promise<undefined> => undefined;
  const configuration = (section: string): object => ({
    get: (key: string, otherwise?: unknown) => settings[`${section}.${key}`] ?? otherwise,
    inspect: (key: string) => {
      inspected.push(`${section}.${key}`);
      return { globalValue: settings[`${section}.${key}`] };
    },
    update: said,
  });
  const watcher = (): object => ({ onDidCreate: never, onDidChange: never, onDidDelete: never, dispose: never });
  const logged: string[] = [];
  const channel = {
    info: (line: string) => void logged.push(line),
    warn: said,
    error: said,
    debug: said,
    trace: said,
    show: said,
    dispose: said,
  };
  const module = {
    EventEmitter,
    Disposable,
    Uri,
    Position,
    Range,
    Selection: Range,
    FileSystemError,
    FileType: fileTypes,
    ExtensionMode: { Production: 1, Development: 2, Test: 3 },
    ConfigurationTarget: { Global: 1, Workspace: 2, WorkspaceFolder: 3 },
    ProgressLocation: { Notification: 15 },
    DiagnosticSeverity: { Error: 0, Warning: 1 },
    ViewColumn: { Active: -1, Beside: -2 },
    TabInputText: class {},
    TabInputTextDiff: class {},
    TabInputCustom: class {},
    TabInputWebview: class {},
    TabInputNotebook: class {},
    TabInputNotebookDiff: class {},
    RelativePattern: class {},
    CodeActionKind: { QuickFix: 'quickfix' },
    l10n: { t: translate, bundle: undefined },
    env: { language: 'en', appRoot: '/', clipboard: { writeText: said }, openExternal: said },
    commands: { executeCommand: said, registerCommand: never },
    languages: { getDiagnostics: () => [], onDidChangeDiagnostics: never, registerCodeActionsProvider: never },
    extensions: { getExtension: () => undefined },
    window: {
      state: { focused: true, active: true },
      onDidChangeWindowState: never,
      activeTextEditor: undefined,
      visibleTextEditors: [],
      tabGroups: { all: [], activeTabGroup: {}, onDidChangeTabs: never, onDidChangeTabGroups: never },
      createOutputChannel: () => channel,
      showWarningMessage: said,
      showInformationMessage: said,
      showErrorMessage: said,
      onDidChangeActiveTextEditor: never,
      onDidChangeVisibleTextEditors: never,
      onDidChangeTextEditorSelection: cursorMoved.event,
      onDidStartTerminalShellExecution: never,
      onDidEndTerminalShellExecution: never,
      onDidCloseTerminal: never,
      activeNotebookEditor: undefined,
      visibleNotebookEditors: [],
      onDidChangeActiveNotebookEditor: never,
      onDidChangeNotebookEditorSelection: never,
      registerWebviewPanelSerializer: never,
      registerWebviewViewProvider: never,
    },
    workspace: {
      name: root.name,
      isTrusted: true,
      workspaceFolders: [root],
      textDocuments: [],
      notebookDocuments: [],
      fs: { ...fileSystem(), isWritableFileSystem: (scheme: string) => (scheme === 'file' ? true : undefined) },
      getConfiguration: configuration,
      getWorkspaceFolder: () => root,
      asRelativePath: (uri: Uri) => relative(folder, uri.fsPath ?? uri.path),
      findFiles: async () => [],
      createFileSystemWatcher: watcher,
      registerTextDocumentContentProvider: never,
      onDidOpenTextDocument: never,
      onDidCloseTextDocument: never,
      onDidChangeTextDocument: never,
      onDidSaveTextDocument: never,
      onDidOpenNotebookDocument: never,
      onDidCloseNotebookDocument: never,
      onDidChangeNotebookDocument: never,
      onDidCreateFiles: never,
      onDidDeleteFiles: never,
      onDidRenameFiles: never,
      onDidChangeConfiguration: settingsChanged.event,
      onDidChangeWorkspaceFolders: never,
      onDidGrantWorkspaceTrust: never,
    },
  };
  const context = {
    subscriptions: [],
    extension: { id: 'prelude.prelude' },
    extensionMode: module.ExtensionMode.Test,
    extensionUri: Uri.file(repoRoot()),
    globalStorageUri: Uri.file(storage),
    globalState: memento,
    asAbsolutePath: (path: string) => join(repoRoot(), path),
    secrets: {
      get: async (key: string) => values.get(key),
      store: async (key: string, value: string) => void values.set(key, value),
      delete: async (key: string) => void values.delete(key),
      onDidChange: never,
    },
  };
  const moveCursor = (): void => {
    const { activeTextEditor: textEditor } = module.window;
    cursorMoved.fire({ textEditor, selections: [], kind: undefined });
  };
  return { module, context, configuration: changes, moveCursor, logged };
}

/** What modules have that were loaded over a stand-in: they keep it, so that it becomes the next one. */
const installed = {};

/** From now on `require('vscode')` gives this, to those that were loaded over another one, too; the returned function takes that back. */
export function installStub(module: object): () => void {
  Object.assign(installed, module);
  const loader = Module as unknown as { _load: (request: string, ...rest: readonly unknown[]) => unknown };
  const load = loader._load;
  loader._load = (request, ...rest) => (request === 'vscode' ? installed : load.call(loader, request, ...rest));
  return () => {
    loader._load = load;
  };
}
