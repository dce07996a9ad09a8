/** What both searchers, ripgrep and JavaScript, give back of a root. */

import type { SearchQuery } from '../../../core/tools/workspace';
import type { Verdict } from './omissions';
import type { LineQuery } from './query';
import type { FoundLine } from './searchOutput';

/** Which files of a root are searched. */
export interface Scope {
  /** False for what is not asked for, and for files that hold secrets by their name. */
  readonly included: (path: string) => boolean;
  /** The one file that is searched; null: all. */
  readonly only: string | null;
  /** As in `RootPattern`, for ripgrep. */
  readonly rules: readonly string[] | null;
  readonly excluded: readonly string[];
}

/** What is looked for, and where. */
export interface Search {
  readonly query: SearchQuery;
  readonly line: LineQuery;
  readonly scope: Scope;
  /** The texts of unsaved editors by path. */
  readonly unsaved: ReadonlyMap<string, string>;
}

/** What was found in a file: its lines are those of an editor. */
export interface FileLines {
  readonly verdict: Verdict;
  /** Lines that match, at most one more than are asked for, with those around them. */
  readonly lines: readonly Omit<FoundLine, 'path'>[];
  /** Lines that match. */
  readonly count: number;
}

/** What a search of a root came to. */
export interface RootLines {
  /** Of files in which something may be found, in order. */
  readonly paths: readonly string[];
  /** True when there may be others. */
  readonly cut: boolean;
  /** Looks at some of them for good. */
  readonly linesOf: (paths: readonly string[]) => Promise<ReadonlyMap<string, FileLines>>;
  /** A sentence on what was not done as it was meant. */
  readonly note: string | null;
}
