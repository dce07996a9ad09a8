/** What the workspace asks of VS Code, so that everything else in this folder runs without it. */

import type { Notebook } from '../../../core/tools/words/notebook';

/** A folder of the window. */
export interface Root {
  readonly name: string;
  /** As VS Code writes it. */
  readonly uri: string;
  /** Where it lies on this machine's disk; null for other schemes. */
  readonly folder: string | null;
  /** Of a place that is looked at as if it were one: the path that says whether its files hold secrets. Missing: its folder's name. */
  readonly judgedAs?: string;
}

/** The text of an editor, ahead of what is on disk when `dirty`. */
export interface OpenDocument {
  readonly uri: string;
  readonly dirty: boolean;
  /** Another one for each text that it had; missing where that cannot be told. */
  readonly version?: number;
  text(): string;
}

/** A notebook that is open in an editor, ahead of what is on disk when `dirty`. */
export interface OpenNotebook {
  readonly uri: string;
  readonly dirty: boolean;
  notebook(): Notebook;
}

/** What a path leads to. */
export type FileKind = 'file' | 'directory' | 'symlink' | 'other';

/** A file system by URI (`vscode.workspace.fs`), for roots that are not on this machine's disk. */
export interface VirtualFiles {
  /** null when there is nothing. */
  stat(uri: string): Promise<{ readonly kind: FileKind; readonly size: number } | null>;
  read(uri: string): Promise<Uint8Array>;
  list(uri: string): Promise<readonly (readonly [name: string, kind: FileKind])[]>;
}

/** How an editor turns bytes into text: `vscode.workspace.decode`, `files.encoding`, `files.autoGuessEncoding`. */
export interface EditorDecoder {
  /** What the settings say of a file. `encoding` is VS Code's name for it: "utf8", "shiftjis". */
  settingsOf(uri: string): { readonly encoding: string; readonly guesses: boolean };
  /** All bytes of a file as its editor would show them, guessed where the settings say so. Rejects what is binary. */
  decode(bytes: Uint8Array, uri: string): Promise<string>;
  /** All bytes of a file in one encoding, by VS Code's name for it. Rejects what is binary. */
  decodeAs(bytes: Uint8Array, encoding: string): Promise<string>;
}

/** A glob of `files.exclude` or `search.exclude` that is switched on. */
export interface Exclude {
  readonly glob: string;
  /** It hides a file only beside one of this name, `$(basename)` being the file's own without its ending; null: always. */
  readonly when: string | null;
}

/** VS Code's settings of the search, as they hold for a root. */
export interface SearchSettings {
  /** `files.exclude` and `search.exclude` together. */
  readonly excludes: readonly Exclude[];
  /** `search.useIgnoreFiles`: without it the two below say nothing. */
  readonly ignoreFiles: boolean;
  /** `search.useParentIgnoreFiles`. */
  readonly parentIgnoreFiles: boolean;
  /** `search.useGlobalIgnoreFiles`. */
  readonly globalIgnoreFiles: boolean;
}

/** The git that may be asked. */
export type GitProgram =
  | { readonly kind: 'found'; readonly file: string }
  /** A repository of a workspace that is not trusted is not opened. */
  | { readonly kind: 'missing' | 'untrusted' };

/** The window's folders, editors and settings; vscodeFacts.ts implements it, tests make their own. */
export interface WorkspaceFacts {
  roots(): readonly Root[];
  /** The URI of a path below a root, as VS Code writes it. `relative` has forward slashes; empty is the root itself. */
  uriOf(root: Root, relative: string): string;
  /** The documents that are loaded in editors, of any scheme. */
  openDocuments(): readonly OpenDocument[];
  /** The notebooks that are loaded in editors. */
  openNotebooks?(): readonly OpenNotebook[];
  /** Whether the project's instructions are in a file, or import it, there or not: by its URI, and by what it is called. */
  isInstruction?(uri: string, path: string): boolean;
  searchSettings(root: Root): SearchSettings;
  readonly virtual: VirtualFiles;
  readonly decoder: EditorDecoder;
  /** Something of the settings or of an ignore file is not in force. Goes to the log. */
  warn(text: string): void;
  /** A ripgrep that runs; null when there is none and the search has to do without. */
  ripgrep(): Promise<string | null>;
  git(): Promise<GitProgram>;
}
