/** `WorkspaceFacts` out of VS Code. */
import * as vscode from 'vscode';
import { type CellOutput, dataOutputs, type Notebook } from '../../core/tools/words/notebook';
import type {
  EditorDecoder,
  Exclude,
  FileKind,
  Root,
  SearchSettings,
  VirtualFiles,
  WorkspaceFacts,
} from './files/facts';
import { findGit } from './ignore/findGit';
import { findRipgrep, ripgrepPlaces } from './search/ripgrep';

interface VscodeFactsOptions {
  /** Told of what is not in force: an entry of the settings, a line of an ignore file. */
  warn(text: string): void;
  /** Whether the project's instructions are in a file, or import it. */
  isInstruction(uri: string, path: string): boolean;
  /** Told when no ripgrep was found and JavaScript searches instead. */
  onNoRipgrep(): void;
}

/** The facts of this window. ripgrep is looked for once. */
export function vscodeFacts(options: VscodeFactsOptions): WorkspaceFacts {
  let found: Promise<string | null> | null = null;
  return {
    roots: () =>
      (vscode.workspace.workspaceFolders ?? []).map(({ name, uri }) => ({
        name,
        uri: uri.toString(),
        folder: uri.scheme === 'file' ? uri.fsPath : null,
      })),
    uriOf: ({ uri }, relative) => {
      const root = vscode.Uri.parse(uri, true);
      // Not joinPath: it would make of `a//b` or `..` something else than was judged.
      return root.with({ path: `${root.path.replace(/\/$/, '')}${relative === '' ? '' : '/'}${relative}` }).toString();
    },
    openDocuments: () =>
      vscode.workspace.textDocuments.map((document) => ({
        uri: document.uri.toString(),
        dirty: document.isDirty,
        version: document.version,
        text: () => document.getText(),
      })),
    openNotebooks: () =>
      vscode.workspace.notebookDocuments.map((document) => ({
        uri: document.uri.toString(),
        dirty: document.isDirty,
        notebook: () => notebookOf(document),
      })),
    isInstruction: (uri, path) => options.isInstruction(uri, path),
    searchSettings,
    virtual: virtualFiles,
    decoder,
    warn: (text) => options.warn(text),
    ripgrep: async () => {
      if (found === null) {
        const { platform, arch } = process;
        const { appRoot } = vscode.env;
        found = findRipgrep(ripgrepPlaces({ appRoot, path: process.env['PATH'] ?? '', platform, arch }));
        if ((await found) === null) options.onNoRipgrep();
      }
      return await found;
    },
    git: findGit,
  };
}

function searchSettings(root: Root): SearchSettings {
  const scope = vscode.Uri.parse(root.uri, true);
  const search = vscode.workspace.getConfiguration('search', scope);
  const files = vscode.workspace.getConfiguration('files', scope);
  // As VS Code joins them: for a glob in both, that of the search holds.
  const globs = { ...files.get<object>('exclude'), ...search.get<object>('exclude') };
  return {
    excludes: Object.entries(globs).flatMap(([glob, on]: [string, unknown]): Exclude[] => {
      if (on === true) return [{ glob, when: null }];
      const when = typeof on === 'object' && on !== null && 'when' in on ? on.when : undefined;
      return typeof when === 'string' ? [{ glob, when }] : [];
    }),
    ignoreFiles: search.get('useIgnoreFiles') !== false,
    parentIgnoreFiles: search.get('useParentIgnoreFiles') === true,
    globalIgnoreFiles: search.get('useGlobalIgnoreFiles') === true,
  };
}

function notebookOf(document: vscode.NotebookDocument): Notebook {
  const cells = document.getCells();
  const isCode = ({ kind }: vscode.NotebookCell): boolean => kind === vscode.NotebookCellKind.Code;
  return {
    language: cells.find(isCode)?.document.languageId ?? null,
    cells: cells.map((cell) => ({
      kind: isCode(cell) ? 'code' : cell.document.languageId === 'raw' ? 'raw' : 'markdown',
      source: cell.document.getText(),
      execution: cell.executionSummary?.executionOrder ?? null,
      outputs: cell.outputs.flatMap(({ items }) => outputsOf(items)),
    })),
  };
}

/** What VS Code has for the text of a program, and for its errors. */
const consoleTypes = ['application/vnd.code.notebook.stdout', 'application/vnd.code.notebook.stderr'];
const errorType = 'application/vnd.code.notebook.error';

function outputsOf(items: readonly vscode.NotebookCellOutputItem[]): readonly CellOutput[] {
  const text = ({ data }: vscode.NotebookCellOutputItem): string => new TextDecoder().decode(data);
  return dataOutputs(
    items.map((item) => {
      if (consoleTypes.includes(item.mime)) return { type: 'text/plain', bytes: item.data.length, text: text(item) };
      if (item.mime === errorType) return { type: 'text/plain', bytes: item.data.length, text: errorText(text(item)) };
      const isText = item.mime === 'text/plain';
      return { type: item.mime, bytes: item.data.length, text: isText ? text(item) : '' };
    }),
  );
}

/** The error of a cell, which VS Code holds as JSON. */
function errorText(json: string): string {
  try {
    const { name, message, stack } = JSON.parse(json) as Readonly<Record<string, unknown>>;
    return [`${String(name)}: ${String(message)}`, ...(typeof stack === 'string' ? [stack] : [])].join('\n');
  } catch {
    return json;
  }
}

const decoder: EditorDecoder = {
  settingsOf: (uri) => {
    const settings = vscode.workspace.getConfiguration('files', vscode.Uri.parse(uri, true));
    return {
      encoding: settings.get<string>('encoding', 'utf8'),
      guesses: settings.get<boolean>('autoGuessEncoding', false),
    };
  },
  decode: async (bytes, uri) => await vscode.workspace.decode(bytes, { uri: vscode.Uri.parse(uri, true) }),
  decodeAs: async (bytes, encoding) => await vscode.workspace.decode(bytes, { encoding }),
};

const virtualFiles: VirtualFiles = {
  stat: async (uri) => {
    try {
      const { type, size } = await vscode.workspace.fs.stat(vscode.Uri.parse(uri, true));
      return { kind: kindOf(type), size };
    } catch (error) {
      if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return null;
      throw error;
    }
  },
  read: async (uri) => await vscode.workspace.fs.readFile(vscode.Uri.parse(uri, true)),
  list: async (uri) =>
    (await vscode.workspace.fs.readDirectory(vscode.Uri.parse(uri, true))).map(
      ([name, type]) => [name, kindOf(type)] as const,
    ),
};

function kindOf(type: vscode.FileType): FileKind {
  if ((type & vscode.FileType.SymbolicLink) !== 0) return 'symlink';
  if ((type & vscode.FileType.File) !== 0) return 'file';
  return (type & vscode.FileType.Directory) !== 0 ? 'directory' : 'other';
}
