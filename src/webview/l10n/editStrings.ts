/** What the panel says of changes of files: on their cards, and at the end of the turn that made them. */
import type { EditedFile, EditKind, ProposedChange } from '../../shared/edits';
import { visible } from '../../shared/visible';
import { plural, t } from './language';

/** Buttons and notes of a card, of a turn's end, and of a hunk. */
export const editStrings = {
  apply: () => t('Apply'),
  applyAtEnd: () => t('Apply and Review the Rest at the End'),
  reject: () => t('Reject…'),
  rejectNow: () => t('Reject'),
  rejectOne: (path: string) => t('Reject Edit of {0}', path),
  openDiff: () => t('Open Diff'),
  openDiffOf: (path: string) => t('Open Diff of {0}', path),
  unsaved: () => t('the file has unsaved changes, so the edit won’t be saved either'),
  moreLines: (count: number) => plural(count, '{0} more line', '{0} more lines'),
  moreFiles: (count: number) => plural(count, '{0} more file', '{0} more files'),
  moreHunks: (count: number) => plural(count, '{0} more change', '{0} more changes'),
  chooseFile: () => t('Choose Another File…'),
  insertAtCursor: () => t('Insert at Cursor'),
  unclear: (path: string) => t('Couldn’t tell where this belongs in {0}', path),
  blockSource: {
    named: () => t('File named in the code block'),
    mentioned: () => t('File named above the code block'),
    active: () => t('File in the active editor'),
    chosen: () => t('File you chose'),
  },
  reviewChanges: () => t('Review Changes'),
  keepAll: () => t('Keep All'),
  undoAll: () => t('Undo All'),
  keep: () => t('Keep'),
  undo: () => t('Undo'),
  keepOf: (what: string) => t('Keep: {0}', what),
  undoOf: (what: string) => t('Undo: {0}', what),
  kept: () => t('Kept'),
  undone: () => t('Undone'),
  partlyUndone: () => t('Partly undone'),
  nothingLeft: () => t('No changes left'),
  handedOn: () => t('To review in the last turn'),
  open: (count: number) => t('{0} to review', count),
  changedSince: () => t('Changed since: these lines can’t be undone here'),
  lines: (first: number, last: number) => (first === last ? t('Line {0}', first) : t('Lines {0}–{1}', first, last)),
  loading: () => t('Loading changes…'),
  noHunks: () => t('No changes left to review'),
  nameOnly: () => t('Renamed, no other changes to review'),
  created: () => t('created'),
  deleted: () => t('deleted'),
  renamed: (to: string) => t('renamed to {0}', to),
} as const;

/** "Edited 3 files". */
export function editedText(count: number): string {
  return plural(count, 'Edited {0} file', 'Edited {0} files');
}

/** "Edit 3 files": the head of a card with several. */
export function editsTitle(count: number): string {
  return plural(count, 'Edit {0} file', 'Edit {0} files');
}

const titles: Readonly<Record<EditKind, (path: string, to: string) => string>> = {
  edit: (path) => t('Edit {0}', path),
  create: (path) => t('Create {0}', path),
  rename: (path, to) => t('Rename {0} to {1}', path, to),
  delete: (path) => t('Delete {0}', path),
};

/** "Edit src/login.ts". */
export function editTitle({ kind, path, to = '' }: ProposedChange): string {
  return titles[kind](visible(path), visible(to));
}

/** What else is said of a file that was changed: "renamed to b.ts"; '' for a plain edit. */
export function kindText({ kind, to = '' }: EditedFile): string {
  if (kind === 'create') return editStrings.created();
  if (kind === 'delete') return editStrings.deleted();
  return kind === 'rename' ? editStrings.renamed(visible(to)) : '';
}

/**
 * What was decided about a file: "2 to review", "Kept"; nothing is said by colour alone. `isNothingLeft`: of what is still to
 * be decided.
 */
export function stateText(file: EditedFile, isNothingLeft = false): string {
  const { open, undone, added, removed, kind } = file;
  if (open > 0) return isNothingLeft ? editStrings.nothingLeft() : editStrings.open(open);
  if (file.handedOn) return editStrings.handedOn();
  // What came to nothing was not kept: somebody else, or an undo of an earlier turn, has taken it back.
  if (!undone) return kind === 'edit' && added + removed === 0 ? editStrings.nothingLeft() : editStrings.kept();
  return added + removed > 0 && kind === 'edit' ? editStrings.partlyUndone() : editStrings.undone();
}
