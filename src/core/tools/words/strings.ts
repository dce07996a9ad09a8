/** What the tools say to the user: what is being done, what was done, and what came of it. The model reads other texts. */
import { phrase } from '../../../shared/phrase';
import { type Doing, doing } from './doing';

/** English templates of what tools say, translated where they are shown. */
export const toolStrings = {
  read: (place: string): Doing => doing('Read {0}', 'Reading {0}', 'Read {0}', place),
  readMore: (place: string, more: number): Doing =>
    more === 1
      ? doing('Read {0} and 1 more', 'Reading {0} and 1 more', 'Read {0} and 1 more', place)
      : doing('Read {0} and {1} more', 'Reading {0} and {1} more', 'Read {0} and {1} more', place, more),
  shown: () => phrase('Shown to the model'),
  cells: (count: number) => (count === 1 ? phrase('1 cell') : phrase('{0} cells', count)),
  lines: (count: number) => (count === 1 ? phrase('1 line') : phrase('{0} lines', count)),

  find: (pattern: string): Doing => doing('Find {0}', 'Finding {0}', 'Looked for {0}', pattern),
  noFiles: () => phrase('No files'),
  files: (count: number) => (count === 1 ? phrase('1 file') : phrase('{0} files', count)),
  moreFiles: (count: number) => phrase('More than {0} files', count),

  listWorkspace: (): Doing => doing('List the workspace', 'Listing the workspace', 'Listed the workspace'),
  list: (folder: string): Doing => doing('List {0}', 'Listing {0}', 'Listed {0}', folder),
  emptyFolder: () => phrase('Empty'),
  entries: (count: number) => (count === 1 ? phrase('1 entry') : phrase('{0} entries', count)),

  search: (query: string): Doing => doing('Search for {0}', 'Searching for {0}', 'Searched for {0}', query),
  noMatches: () => phrase('No matches'),
  matches: (count: number, files: number) => {
    if (count === 1) return phrase('1 match in 1 file');
    return files === 1 ? phrase('{0} matches in 1 file', count) : phrase('{0} matches in {1} files', count, files);
  },
  moreMatches: (count: number) => phrase('More than {0} matches', count),

  /** A tool that is not Prelude's own, and where it comes from. */
  other: (tool: string, source: string): Doing =>
    doing('Run {0} ({1})', 'Running {0} ({1})', 'Ran {0} ({1})', tool, source),
  answered: () => phrase('Done'),

  problems: (place: string): Doing =>
    doing('Check {0} for problems', 'Checking {0} for problems', 'Checked {0} for problems', place),
  allProblems: (): Doing =>
    doing(
      'Check the workspace for problems',
      'Checking the workspace for problems',
      'Checked the workspace for problems',
    ),
  noProblems: () => phrase('No problems'),
  problemCount: (count: number, files: number) => {
    if (count === 1) return phrase('1 problem in 1 file');
    return files === 1 ? phrase('{0} problems in 1 file', count) : phrase('{0} problems in {1} files', count, files);
  },

  symbols: (query: string): Doing =>
    doing('Find the symbol {0}', 'Finding the symbol {0}', 'Looked for the symbol {0}', query),
  noSymbols: () => phrase('No symbols'),
  symbolCount: (count: number) => (count === 1 ? phrase('1 symbol') : phrase('{0} symbols', count)),

  definition: (symbol: string): Doing =>
    doing('Find the definition of {0}', 'Finding the definition of {0}', 'Looked for the definition of {0}', symbol),
  noDefinition: () => phrase('No definition'),
  definitions: (count: number) => (count === 1 ? phrase('1 definition') : phrase('{0} definitions', count)),

  references: (symbol: string): Doing =>
    doing('Find references to {0}', 'Finding references to {0}', 'Looked for references to {0}', symbol),
  noReferences: () => phrase('No references'),
  referenced: (lines: number, files: number) => {
    if (lines === 1) return phrase('1 line in 1 file');
    return files === 1 ? phrase('{0} lines in 1 file', lines) : phrase('{0} lines in {1} files', lines, files);
  },

  outline: (place: string): Doing =>
    doing('Get the outline of {0}', 'Getting the outline of {0}', 'Got the outline of {0}', place),

  edit: (name: string): Doing => doing('Edit {0}', 'Editing {0}', 'Edited {0}', name),
  create: (name: string): Doing => doing('Create {0}', 'Creating {0}', 'Created {0}', name),
  rename: (name: string, to: string): Doing =>
    doing('Rename {0} to {1}', 'Renaming {0} to {1}', 'Renamed {0} to {1}', name, to),
  delete: (name: string): Doing => doing('Delete {0}', 'Deleting {0}', 'Deleted {0}', name),
  changedLines: (added: number, removed: number) => phrase('+{0} −{1}', added, removed),

  uncommitted: (): Doing => doing('Get uncommitted changes', 'Getting uncommitted changes', 'Got uncommitted changes'),
  staged: (): Doing => doing('Get staged changes', 'Getting staged changes', 'Got staged changes'),
  unstaged: (): Doing => doing('Get unstaged changes', 'Getting unstaged changes', 'Got unstaged changes'),
  changesOf: (ref: string): Doing =>
    doing('Get the changes of {0}', 'Getting the changes of {0}', 'Got the changes of {0}', ref),
  noChanges: () => phrase('No changes'),
  changedFiles: (count: number) => (count === 1 ? phrase('1 changed file') : phrase('{0} changed files', count)),
} as const;
