/** What the language services of the window say, as tools may see it: the host asks VS Code for it. */

/** A place for a language service: a file, a line and a column. */
export interface CodePosition {
  readonly uri: string;
  /** One-based. */
  readonly line: number;
  /** One-based, in UTF-16 units. */
  readonly column: number;
}

/** A line of code that a language service named. */
export interface CodePlace {
  /** Relative to the workspace; where `outside`, the place on the machine. */
  readonly path: string;
  readonly outside: boolean;
  /** One-based; null where the service told the file alone. */
  readonly line: number | null;
  /** The line; null where it may not be shown (secret or ignored) or cannot be read. */
  readonly text: string | null;
}

/** A symbol of the workspace and where it is. */
export interface CodeSymbol extends CodePlace {
  readonly name: string;
  /** "function", "class". */
  readonly kind: string;
  /** What it is in; '' when nothing. */
  readonly container: string;
}

/** A symbol of one file; what is in it follows it, one deeper. */
export interface OutlineSymbol {
  readonly name: string;
  readonly kind: string;
  /** What the service adds: a signature, a type; '' when nothing. */
  readonly detail: string;
  /** 0 at the top. */
  readonly depth: number;
  /** One-based, both included. */
  readonly startLine: number;
  readonly endLine: number;
}

/**
 * What is known of the service behind an answer. `ready`: it has answered, so that nothing found is a fact. `starting`:
 * it has answered something simpler only. `silent`: nothing has answered, within the time that it is waited for.
 */
export type ServiceState = 'ready' | 'starting' | 'silent';

/** What a service found, in a stable order. */
export interface LanguageAnswer<Item> {
  readonly items: readonly Item[];
  /** How many there are in all, those that were not asked for included. */
  readonly total: number;
  /** How many files those are in. */
  readonly files: number;
  readonly service: ServiceState;
  /** VS Code's id of the language ("typescript"); null where no file was asked about. */
  readonly language: string | null;
}

/** How much of an answer is wanted. */
export interface Portion {
  /** How many to leave out at the beginning. */
  readonly skip: number;
  readonly limit: number;
}

/** From the worst on. */
export const severities = ['error', 'warning', 'information', 'hint'] as const;

/** How bad a problem is. */
export type Severity = (typeof severities)[number];

/** A problem that an extension reports in a file of the workspace. */
export interface CodeProblem extends CodePlace {
  readonly severity: Severity;
  /** One-based. */
  readonly column: number;
  readonly message: string;
  /** Who reports it: "ts", "eslint"; '' when it does not say. */
  readonly source: string;
  /** Its number or name there; '' when it has none. */
  readonly code: string;
  readonly related: readonly { readonly path: string; readonly line: number; readonly message: string }[];
}

/** What is reported of a file, a folder or the workspace: the worst first. */
export interface Problems {
  readonly items: readonly CodeProblem[];
  /** All that are there, by severity, those that were not asked for included. */
  readonly counts: Readonly<Record<Severity, number>>;
  /** How many files those of `items` and those that were left out of it are in. */
  readonly files: number;
  /** How it is named; null for the whole workspace. */
  readonly path: string | null;
  /** Of a file: whether anything was reported since it was loaded; `folder` where that cannot be told. */
  readonly checked: 'yes' | 'notYet' | 'folder';
}

/** Asks the language services. Each method throws a ToolError with words for the model, and ends: there is a limit of time. */
export interface LanguageServices {
  /** null: the whole workspace. */
  problems(path: string | null, least: Severity, portion: Portion, signal: AbortSignal): Promise<Problems>;
  symbols(query: string, limit: number, signal: AbortSignal): Promise<LanguageAnswer<CodeSymbol>>;
  definition(position: CodePosition, signal: AbortSignal): Promise<LanguageAnswer<CodePlace>>;
  references(position: CodePosition, portion: Portion, signal: AbortSignal): Promise<LanguageAnswer<CodePlace>>;
  /** `path`: how the file is named. */
  outline(path: string, signal: AbortSignal): Promise<LanguageAnswer<OutlineSymbol> & { readonly path: string }>;
}
