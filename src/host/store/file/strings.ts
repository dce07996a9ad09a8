/** What the store says when it fails. */
import type { LocalizableMessage } from '../../../shared/chat';
import { phrase } from '../../../shared/phrase';

const inUse = () => phrase('The conversations are in use by another window. Try again.');
const folderDenied = () => phrase('The conversations cannot be written: access to their folder is denied.');
const diskFull = () => phrase('The disk is full: nothing more can be saved until there is room.');

/** Translated where they are shown: the worker knows no language. */
export const storeStrings = {
  inUse,
  folderDenied,
  diskFull,
  fileDenied: () => phrase('The conversations cannot be written: access to their file is denied.'),
  fileReadOnly: () => phrase('The conversations cannot be written: their file or folder is read-only.'),
  diskReadOnly: () => phrase('The conversations cannot be written: their file system is read-only.'),
  diskFailed: () => phrase('The disk failed while the conversations were read or written.'),
  quota: () => phrase('The disk quota is used up: nothing more can be saved until there is room.'),
  damaged: () => phrase('The file of the conversations is damaged.'),
  noDatabase: () => phrase('The file of the conversations is not a database.'),
  cannotOpen: () => phrase('The file of the conversations cannot be opened.'),
  notOpened: () => phrase('The conversations could not be opened.'),
  failed: () => phrase('The conversations could not be read or written.'),
  unreachable: () => phrase('The conversations cannot be reached.'),
  /** With what the system said. */
  because: (sentence: LocalizableMessage, said: string) => phrase('{0} ({1})', sentence, said),
  setAside: (sentence: LocalizableMessage) => phrase('{0} It was set aside and a fresh one was started.', sentence),
  cannotSetAside: (file: string) =>
    phrase(
      'The file of the conversations is damaged and cannot be set aside. Close other windows, or move {0} away, and try again.',
      file,
    ),
  noSqlite: (node: string) =>
    phrase(
      'Conversations cannot be saved: this editor runs Node {0}, which has no built-in SQLite. It takes Node 22.13 or later (VS Code 1.106 or later).',
      node,
    ),
  newerVersion: (found: number, known: number) =>
    phrase(
      'The conversations were saved by a newer version of Prelude (format {0}; this version knows {1}). They are untouched: update Prelude to open them.',
      found,
      known,
    ),
  leased: () => phrase('Another window is answering: the conversations are updated when it is done.'),
  overtaken: () => phrase('Another window has gone on with this conversation.'),
  sent: () => phrase('This message has been sent already, or was taken out, in another window.'),
  closed: () => phrase('The conversations have been closed.'),
  stopped: (reason: string) => phrase('What saves the conversations has stopped ({0}). Try again.', reason),
  noConversation: (id: string) => phrase('There is no conversation {0} in the record (any more).', id),
  notDeletable: () =>
    phrase(
      'This conversation cannot be deleted here: the search index has its text, and this editor cannot change it.',
    ),
  attachmentGone: (id: string) => phrase('The attachment {0} is not stored (any more). Attach it again.', id),
} as const;
