/** What the store says when it fails: it is shown as it is. */

const inUse = (): string => 'The conversations are in use by another window. Try again.';
const folderDenied = (): string => 'The conversations cannot be written: access to their folder is denied.';
const diskFull = (): string => 'The disk is full: nothing more can be saved until there is room.';

/** English sentences, shown as they are: the worker knows no language. */
export const storeStrings = {
  inUse,
  folderDenied,
  diskFull,
  fileDenied: () => 'The conversations cannot be written: access to their file is denied.',
  fileReadOnly: () => 'The conversations cannot be written: their file or folder is read-only.',
  diskReadOnly: () => 'The conversations cannot be written: their file system is read-only.',
  diskFailed: () => 'The disk failed while the conversations were read or written.',
  quota: () => 'The disk quota is used up: nothing more can be saved until there is room.',
  damaged: () => 'The file of the conversations is damaged.',
  noDatabase: () => 'The file of the conversations is not a database.',
  cannotOpen: () => 'The file of the conversations cannot be opened.',
  notOpened: () => 'The conversations could not be opened.',
  failed: () => 'The conversations could not be read or written.',
  unreachable: () => 'The conversations cannot be reached.',
  /** With what the system said. */
  because: (sentence: string, said: string) => `${sentence} (${said})`,
  setAside: (sentence: string) => `${sentence} It was set aside and a fresh one was started.`,
  cannotSetAside: (file: string) =>
    `The file of the conversations is damaged and cannot be set aside. Close other windows, or move ${file} away, and try again.`,
  noSqlite: (node: string) =>
    `Conversations cannot be saved: this editor runs Node ${node}, which has no built-in SQLite. It takes Node 22.13 or later (VS Code 1.106 or later).`,
  newerVersion: (found: number, known: number) =>
    `The conversations were saved by a newer version of Prelude (format ${found}; this version knows ${known}). They are untouched: update Prelude to open them.`,
  leased: () => 'Another window is answering: the conversations are updated when it is done.',
  overtaken: () => 'Another window has gone on with this conversation.',
  sent: () => 'This message has been sent already, or was taken out, in another window.',
  closed: () => 'The conversations have been closed.',
  stopped: (reason: string) => `What saves the conversations has stopped (${reason}). Try again.`,
  noConversation: (id: string) => `There is no conversation ${id} in the record (any more).`,
  notDeletable: () =>
    'This conversation cannot be deleted here: the search index has its text, and this editor cannot change it.',
  attachmentGone: (id: string) => `The attachment ${id} is not stored (any more). Attach it again.`,
} as const;
