/** The workspace as tools may see it: the host implements it over VS Code. */
import type { LocalizableMessage } from '../../shared/chat';
import { visible } from '../../shared/visible';
import type { MediaBlock } from '../record/record';
import type { Reached } from './consent';
import type { Editing, EditingPort } from './edits/editing';
import type { LanguageServices } from './language/languageServices';
import type { Changes } from './ports/changes';
import type { OtherTools } from './ports/otherTools';
import type { Notebook } from './words/notebook';

/** A file inside the workspace, with symlinks resolved. */
export interface WorkspaceFile {
  readonly uri: string;
  /** Relative to its root, forward slashes; in a multi-root workspace it begins with the root's name. */
  readonly path: string;
}

/** What stands in a folder. */
export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
  /** Bytes; null for folders and where it is not known. */
  readonly size: number | null;
}

/** Lines of a text file. */
export interface FileLines {
  readonly file: WorkspaceFile;
  /** The lines from `startLine` on, without their line ends. */
  readonly lines: readonly string[];
  /** One-based. */
  readonly startLine: number;
  /** null when the file was too large to count. */
  readonly totalLines: number | null;
  /** True when it is an unsaved editor's text. */
  readonly unsaved: boolean;
  /** A sentence on how it was decoded, where there is something to say: guessed, with losses. Missing means nothing. */
  readonly note?: string | null;
}

/** A file that is not read as lines. */
export type WholeFile =
  | { readonly kind: 'notebook'; readonly file: WorkspaceFile; readonly notebook: Notebook; readonly unsaved: boolean }
  /** An image or a PDF: `type` says which. */
  | { readonly kind: 'media'; readonly file: WorkspaceFile; readonly type: string; readonly bytes: Uint8Array };

/** What is looked for in the lines of files. */
export interface SearchQuery {
  readonly query: string;
  readonly isRegex: boolean;
  readonly caseSensitive: boolean;
  /** A glob that limits the files, relative to the workspace. */
  readonly include: string | null;
  /** One that leaves files out; missing: none. */
  readonly exclude?: string | null;
  /** Lines around each match. */
  readonly contextLines?: number;
  /** What is wanted: the lines (when it is missing), the files that have such lines, or how many each has. */
  readonly output?: 'lines' | 'files' | 'counts';
  /** Lines, or files. */
  readonly maxMatches: number;
}

interface SearchMatch {
  readonly path: string;
  /** One-based. */
  readonly line: number;
  /** The line, cut around the match when it is long. */
  readonly text: string;
  /** It stands around a match and has none. */
  readonly context?: true;
}

/** What a search found; `files` is how many files have a match. */
export interface SearchOutcome {
  /** Of `output: 'lines'`, with the lines around them. */
  readonly matches: readonly SearchMatch[];
  /** Of `output: 'files'` and `'counts'`: the files, with the number of their lines that match. */
  readonly perFile?: readonly { readonly path: string; readonly count: number }[];
  readonly files: number;
  /** True when there are more matches than were asked for. */
  readonly truncated: boolean;
  /** Sentences on what was not looked at, or not as it was meant. */
  readonly notes?: readonly string[];
}

/**
 * The files of the workspace as tools may see them: unsaved editors first, every root, symlinks resolved, nothing
 * outside the roots, no secrets and no ignored files. Each method throws a ToolError with words for the model.
 */
export interface Workspace {
  /** Empty in a window without a folder. */
  roots(): readonly { readonly name: string; readonly uri: string }[];
  readLines(
    path: string,
    startLine: number,
    maxLines: number,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<FileLines>;
  /** A notebook, an image or a PDF, whole. Throws a ToolError for what is none of them, too. */
  readWhole?(path: string, signal: AbortSignal): Promise<WholeFile>;
  listDirectory(
    path: string,
    signal: AbortSignal,
  ): Promise<{
    readonly path: string;
    readonly entries: readonly DirectoryEntry[];
    /** Names of what is ignored there, sorted; those of folders end with /. */
    readonly ignored?: readonly string[];
  }>;
  findFiles(
    pattern: string,
    limit: number,
    signal: AbortSignal,
  ): Promise<{ readonly paths: readonly string[]; readonly truncated: boolean; readonly notes?: readonly string[] }>;
  searchText(query: SearchQuery, signal: AbortSignal): Promise<SearchOutcome>;
  /**
   * What of these files and folders is not read without asking. What may be read is left out, and what leads nowhere:
   * reading it says why. Rejects with the signal's reason only.
   */
  reach?(paths: readonly string[], signal: AbortSignal): Promise<readonly Reached[]>;
  /**
   * The same of a pattern as `findFiles` and `searchText` take it: of what its parts name or begin with, a folder
   * standing for all that lies in it. `names`: only how files are called is asked for.
   */
  reachOfPattern?(pattern: string, what: 'names' | 'text', signal: AbortSignal): Promise<readonly Reached[]>;
  /**
   * The same workspace, in which these places are read as well: each for the reasons that it has here. One that has
   * another reason by then, or that lies elsewhere, is refused as ever.
   */
  allowing?(reads: readonly Reached[]): Workspace;
}

/** Takes images and PDFs into the conversation. */
export interface MediaPort {
  /**
   * Checks and stores one, for `ToolOutput.media`. Throws a ToolError in words for the model where it cannot be sent:
   * damaged, too large, of a kind that the model does not take, or one too many.
   */
  keep(name: string, bytes: Uint8Array): Promise<MediaBlock>;
}

/** A port that reads the workspace. */
export type Openable<Port> = Port & {
  /** The same, with what the user has allowed to be read: as `Workspace.allowing`. */
  allowing?(reads: readonly Reached[]): Port;
};

/** What tools may use. */
export interface ToolPorts {
  readonly workspace: Workspace;
  readonly languages: Openable<LanguageServices>;
  readonly changes: Openable<Changes>;
  /** Missing where there are no other tools. */
  readonly others?: OtherTools;
  /** Missing where nothing can be written. In the ports of a call it is `editing` that is there. */
  readonly edits?: EditingPort;
  /** Changes files for the call that runs. */
  readonly editing?: Editing;
  /** Missing where results can only be text. */
  readonly media?: MediaPort;
  /** Shows words on the call's line while it runs: "12 of 40 files". Missing: nobody looks. */
  readonly report?: (words: LocalizableMessage) => void;
}

/** Characters at either end of a failure's message: it repeats what the model gave, which may be of any length. */
const endCharacters = 2_000;

/** A failure that the model can act on: its message becomes an is_error tool_result, bounded, hidden characters shown. */
export class ToolError extends Error {
  override readonly name: string = 'ToolError';

  constructor(message: string) {
    super(visible(message.length > 2 * endCharacters ? withoutMiddle(message) : message));
  }
}

function withoutMiddle(message: string): string {
  const [head, tail] = [message.slice(0, endCharacters), message.slice(-endCharacters)];
  return `${head.toWellFormed()} … [cut] … ${tail.toWellFormed()}`;
}

/** A file that has no lines. */
export class NotTextError extends ToolError {
  override readonly name = 'NotTextError';

  constructor(
    message: string,
    /** True for an image or a PDF: `readWhole` reads it. */
    readonly isMedia: boolean,
  ) {
    super(message);
  }
}

/** What a tool that writes changes files by. Throws a ToolError where nothing can be written. */
export function editingOf({ editing }: ToolPorts): Editing {
  if (editing === undefined) throw new ToolError(cannotWrite);
  return editing;
}

/** Why no call of a tool that writes can be run; null where one can. */
export function noEditing({ edits, editing }: ToolPorts): { readonly reason: string; readonly server: null } | null {
  return edits === undefined && editing === undefined ? { reason: cannotWrite, server: null } : null;
}

const cannotWrite =
  'No file can be changed here: no folder is open, or what was there could not be kept. Show the change in a code block instead.';
