/** `WorkspaceFacts` out of VS Code. */
import * as vscode from 'vscode';
import type { FileKind, ForeignFiles, Root, WorkspaceFacts } from './facts';
import { findRipgrep, ripgrepPlaces } from './ripgrep';

export interface VscodeFactsOptions {
  /** The setting `prelude.ripgrep.path` as it is now; empty when not set. Machine-scoped: it names a program to run. */
  ripgrepPath(): string;
  /** Told of what is not in force: an entry of the settings, a line of an ignore file. */
  warn(text: string): void;
  /** Told when no ripgrep was found and JavaScript searches instead. */
  onNoRipgrep(): void;
}

export function vscodeFacts(options: VscodeFactsOptions): WorkspaceFacts {
  let asked: { readonly setting: string; readonly found: Promise<string | null> } | null = null;
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
        text: () => document.getText(),
      })),
    excludes: (root: Root) => {
      const scope = vscode.Uri.parse(root.uri, true);
      return ['files', 'search'].flatMap((section) => {
        const globs = vscode.workspace.getConfiguration(section, scope).get<Record<string, unknown>>('exclude') ?? {};
        // `{ when }` hides a file only beside another one: such rules are about clutter.
        return Object.entries(globs).flatMap(([glob, on]) => (on === true ? [glob] : []));
      });
    },
    foreign: foreignFiles,
    warn: (text) => options.warn(text),
    ripgrep: async () => {
      const setting = options.ripgrepPath();
      if (asked?.setting !== setting) {
        const places = ripgrepPlaces({
          setting,
          appRoot: vscode.env.appRoot,
          path: process.env['PATH'] ?? '',
          platform: process.platform,
          arch: process.arch,
        });
        const found = findRipgrep(places);
        asked = { setting, found };
        if ((await found) === null) options.onNoRipgrep();
      }
      return await asked.found;
    },
  };
}

const foreignFiles: ForeignFiles = {
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
