/** What went wrong, in the few codes that the core and the user can act on. */
import { StoreError } from '../../../core/base/errors';

/** SQLite's primary result codes (the low byte of an extended one): sqlite.org/rescode.html. */
const primary: Readonly<Record<number, readonly [StoreError['code'], string]>> = {
  3: ['readOnly', 'The conversations cannot be written: access to their file is denied.'],
  5: ['busy', 'The conversations are in use by another window. Try again.'],
  6: ['busy', 'The conversations are in use by another window. Try again.'],
  8: ['readOnly', 'The conversations cannot be written: their file or folder is read-only.'],
  10: ['unavailable', 'The disk failed while the conversations were read or written.'],
  11: ['damaged', 'The file of the conversations is damaged.'],
  13: ['full', 'The disk is full: nothing more can be saved until there is room.'],
  14: ['unavailable', 'The file of the conversations cannot be opened.'],
  15: ['busy', 'The conversations are in use by another window. Try again.'],
  26: ['damaged', 'The file of the conversations is not a database.'],
};

const system: Readonly<Record<string, readonly [StoreError['code'], string]>> = {
  ENOSPC: ['full', 'The disk is full: nothing more can be saved until there is room.'],
  EDQUOT: ['full', 'The disk quota is used up: nothing more can be saved until there is room.'],
  EROFS: ['readOnly', 'The conversations cannot be written: their file system is read-only.'],
  EACCES: ['readOnly', 'The conversations cannot be written: access to their folder is denied.'],
  EPERM: ['readOnly', 'The conversations cannot be written: access to their folder is denied.'],
};

/** SQLITE_CORRUPT_VTAB: a virtual table, here the search index, is damaged; the rest is not. */
const corruptIndex = 267;

/** The extended result code of an error that SQLite raised; null for any other error. */
export function sqliteCode(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : null;
}

/** True when only the search index is damaged, which can be built again from the entries. */
export function isDamagedIndex(error: unknown): boolean {
  return sqliteCode(error) === corruptIndex;
}

/** True when another connection held a lock that this one needs. */
export function isBusy(error: unknown): boolean {
  return toStoreError(error).code === 'busy';
}

/** The StoreError for whatever was thrown, with the original as its cause. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const code = sqliteCode(error);
  if (code !== null) {
    const known = primary[code & 0xff];
    const said = error instanceof Error ? error.message : '';
    if (known !== undefined) return new StoreError(known[0], `${known[1]} (${said})`, { cause: error });
    return new StoreError('failed', `The conversations could not be read or written. (${said})`, { cause: error });
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const known = system[error.code];
    if (known !== undefined) return new StoreError(known[0], `${known[1]} (${error.message})`, { cause: error });
    if ('syscall' in error) {
      return new StoreError('unavailable', `The conversations cannot be reached. (${error.message})`, { cause: error });
    }
  }
  const said = error instanceof Error ? error.message : String(error);
  return new StoreError('failed', `The conversations could not be read or written. (${said})`, { cause: error });
}

/** What was asked does not fit the record: a bug of the caller, or another window deleted the conversation. */
export function notPossible(message: string): StoreError {
  return new StoreError('failed', message);
}

export function noConversation(id: string): Error {
  return notPossible(`There is no conversation ${id} in the record (any more).`);
}
