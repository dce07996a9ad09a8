/** What the tools say to the user: what is being done, what was done, and what came of it. The model reads other texts. */
import type { LocalizableMessage } from '../../../shared/chat';
import { phrase } from '../../../shared/phrase';

/** What a tool is doing, and has done. */
interface Doing {
  readonly running: LocalizableMessage;
  readonly done: LocalizableMessage;
}

/** English templates of what tools say, translated where they are shown. */
export const toolStrings = {
  read: (place: string): Doing => ({ running: phrase('Reading {0}', place), done: phrase('Read {0}', place) }),
  readMore: (place: string, more: number): Doing => ({
    running: more === 1 ? phrase('Reading {0} and 1 more', place) : phrase('Reading {0} and {1} more', place, more),
    done: more === 1 ? phrase('Read {0} and 1 more', place) : phrase('Read {0} and {1} more', place, more),
  }),
  shown: () => phrase('Shown to the model'),
  cells: (count: number) => (count === 1 ? phrase('1 cell') : phrase('{0} cells', count)),
  lines: (count: number) => (count === 1 ? phrase('1 line') : phrase('{0} lines', count)),

  find: (pattern: string): Doing => ({
    running: phrase('Finding {0}', pattern),
    done: phrase('Looked for {0}', pattern),
  }),
  noFiles: () => phrase('No files'),
  files: (count: number) => (count === 1 ? phrase('1 file') : phrase('{0} files', count)),
  moreFiles: (count: number) => phrase('More than {0} files', count),

  listWorkspace: (): Doing => ({
    running: phrase('Listing the workspace'),
    done: phrase('Listed the workspace'),
  }),
  list: (folder: string): Doing => ({ running: phrase('Listing {0}', folder), done: phrase('Listed {0}', folder) }),
  emptyFolder: () => phrase('Empty'),
  entries: (count: number) => (count === 1 ? phrase('1 entry') : phrase('{0} entries', count)),

  search: (query: string): Doing => ({
    running: phrase('Searching for {0}', query),
    done: phrase('Searched for {0}', query),
  }),
  noMatches: () => phrase('No matches'),
  matches: (count: number, files: number) => {
    if (count === 1) return phrase('1 match in 1 file');
    return files === 1 ? phrase('{0} matches in 1 file', count) : phrase('{0} matches in {1} files', count, files);
  },
  moreMatches: (count: number) => phrase('More than {0} matches', count),

  /** A tool that is not Prelude's own, and where it comes from. */
  other: (tool: string, source: string): Doing => ({
    running: phrase('Running {0} ({1})', tool, source),
    done: phrase('Ran {0} ({1})', tool, source),
  }),
  answered: () => phrase('Done'),

  problems: (place: string): Doing => ({
    running: phrase('Checking {0} for problems', place),
    done: phrase('Checked {0} for problems', place),
  }),
  allProblems: (): Doing => ({
    running: phrase('Checking the workspace for problems'),
    done: phrase('Checked the workspace for problems'),
  }),
  noProblems: () => phrase('No problems'),
  problemCount: (count: number, files: number) => {
    if (count === 1) return phrase('1 problem in 1 file');
    return files === 1 ? phrase('{0} problems in 1 file', count) : phrase('{0} problems in {1} files', count, files);
  },

  symbols: (query: string): Doing => ({
    running: phrase('Finding the symbol {0}', query),
    done: phrase('Looked for the symbol {0}', query),
  }),
  noSymbols: () => phrase('No symbols'),
  symbolCount: (count: number) => (count === 1 ? phrase('1 symbol') : phrase('{0} symbols', count)),

  definition: (symbol: string): Doing => ({
    running: phrase('Finding the definition of {0}', symbol),
    done: phrase('Looked for the definition of {0}', symbol),
  }),
  noDefinition: () => phrase('No definition'),
  definitions: (count: number) => (count === 1 ? phrase('1 definition') : phrase('{0} definitions', count)),

  references: (symbol: string): Doing => ({
    running: phrase('Finding references to {0}', symbol),
    done: phrase('Looked for references to {0}', symbol),
  }),
  noReferences: () => phrase('No references'),
  referenced: (lines: number, files: number) => {
    if (lines === 1) return phrase('1 line in 1 file');
    return files === 1 ? phrase('{0} lines in 1 file', lines) : phrase('{0} lines in {1} files', lines, files);
  },

  outline: (place: string): Doing => ({
    running: phrase('Getting the outline of {0}', place),
    done: phrase('Got the outline of {0}', place),
  }),

  edit: (name: string): Doing => ({ running: phrase('Editing {0}', name), done: phrase('Edited {0}', name) }),
  create: (name: string): Doing => ({ running: phrase('Creating {0}', name), done: phrase('Created {0}', name) }),
  rename: (name: string, to: string): Doing => ({
    running: phrase('Renaming {0} to {1}', name, to),
    done: phrase('Renamed {0} to {1}', name, to),
  }),
  delete: (name: string): Doing => ({ running: phrase('Deleting {0}', name), done: phrase('Deleted {0}', name) }),
  changedLines: (added: number, removed: number) => phrase('+{0} −{1}', added, removed),

  uncommitted: (): Doing => ({
    running: phrase('Getting uncommitted changes'),
    done: phrase('Got uncommitted changes'),
  }),
  staged: (): Doing => ({ running: phrase('Getting staged changes'), done: phrase('Got staged changes') }),
  unstaged: (): Doing => ({ running: phrase('Getting unstaged changes'), done: phrase('Got unstaged changes') }),
  changesOf: (ref: string): Doing => ({
    running: phrase('Getting the changes of {0}', ref),
    done: phrase('Got the changes of {0}', ref),
  }),
  noChanges: () => phrase('No changes'),
  changedFiles: (count: number) => (count === 1 ? phrase('1 changed file') : phrase('{0} changed files', count)),
} as const;
