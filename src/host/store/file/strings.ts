/** What the store says when it fails: it is shown as it is. */

const inUse = (): string => 'The conversations are in use by another window. Try again.';
const folderDenied = (): string => 'The conversations cannot be written: access to their folder is denied.';
const diskFull = (): string => 'The disk is full: nothing more can be saved until there is room.';

export const storeStrings = {
  inUse,
  folderDenied,
  diskFull,
  fileDenied: (): string => 'The conversations cannot be written: access to their file is denied.',
  fileReadOnly: (): string => 'The conversations cannot be written: their file or folder is read-only.',
  diskReadOnly: (): string => 'The conversations cannot be written: their file system is read-only.',
  diskFailed: (): string => 'The disk failed while the conversations were read or written.',
  quota: (): string => 'The disk quota is used up: nothing more can be saved until there is room.',
  damaged: (): string => 'The file of the conversations is damaged.',
  noDatabase: (): string => 'The file of the conversations is not a database.',
  cannotOpen: (): string => 'The file of the conversations cannot be opened.',
  notOpened: (): string => 'The conversations could not be opened.',
  failed: (): string => 'The conversations could not be read or written.',
  unreachable: (): string => 'The conversations cannot be reached.',
  /** With what the system said. */
  because: (sentence: string, said: string): string => `${sentence} (${said})`,
  setAside: (sentence: string): string => `${sentence} It was set aside and a fresh one was started.`,
  cannotSetAside: (file: string): string =>
    `The file of the conversations is damaged and cannot be set aside. Close other windows, or move ${file} away, and try again.`,
  noSqlite: (node: string): string =>
    `Conversations cannot be saved: this editor runs Node ${node}, which has no built-in SQLite. It takes Node 22.13 or later (VS Code 1.101 or later).`,
  newerVersion: (found: number, known: number): string =>
    `The conversations were saved by a newer version of Prelude (format ${found}; this version knows ${known}). They are untouched: update Prelude to open them.`,
  leased: (): string => 'Another window is answering: the conversations are updated when it is done.',
  overtaken: (): string => 'Another window has gone on with this conversation.',
  sent: (): string => 'This message has been sent already, or was taken out, in another window.',
  closed: (): string => 'The conversations have been closed.',
  stopped: (reason: string): string => `What saves the conversations has stopped (${reason}). Try again.`,
  noConversation: (id: string): string => `There is no conversation ${id} in the record (any more).`,
  notDeletable: (): string =>
    'This conversation cannot be deleted here: the search index has its text, and this editor cannot change it.',
  attachmentGone: (id: string): string => `The attachment ${id} is not stored (any more). Attach it again.`,
} as const;
