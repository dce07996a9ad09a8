/** What went wrong, in the few codes that the core and the user can act on. */
import { messageOf, StoreError } from '../../../core/base/errors';
import type { LocalizableMessage } from '../../../shared/chat';
import { storeStrings } from './strings';

/** SQLite's primary result codes (the low byte of an extended one): sqlite.org/rescode.html. */
const primary: Readonly<Record<number, readonly [StoreError['code'], LocalizableMessage]>> = {
  3: ['readOnly', storeStrings.fileDenied()],
  5: ['busy', storeStrings.inUse()],
  6: ['busy', storeStrings.inUse()],
  8: ['readOnly', storeStrings.fileReadOnly()],
  10: ['unavailable', storeStrings.diskFailed()],
  11: ['damaged', storeStrings.damaged()],
  13: ['full', storeStrings.diskFull()],
  14: ['unavailable', storeStrings.cannotOpen()],
  15: ['busy', storeStrings.inUse()],
  26: ['damaged', storeStrings.noDatabase()],
};

const system: Readonly<Record<string, readonly [StoreError['code'], LocalizableMessage]>> = {
  ENOSPC: ['full', storeStrings.diskFull()],
  EDQUOT: ['full', storeStrings.quota()],
  EROFS: ['readOnly', storeStrings.diskReadOnly()],
  EACCES: ['readOnly', storeStrings.folderDenied()],
  EPERM: ['readOnly', storeStrings.folderDenied()],
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
    if (known !== undefined) return new StoreError(known[0], storeStrings.because(known[1], said), { cause: error });
    return new StoreError('failed', storeStrings.because(storeStrings.failed(), said), { cause: error });
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const known = system[error.code];
    if (known !== undefined)
      return new StoreError(known[0], storeStrings.because(known[1], error.message), { cause: error });
    if ('syscall' in error) {
      return new StoreError('unavailable', storeStrings.because(storeStrings.unreachable(), error.message), {
        cause: error,
      });
    }
  }
  const said = messageOf(error);
  return new StoreError('failed', storeStrings.because(storeStrings.failed(), said), { cause: error });
}

/** What was asked does not fit the record: a bug of the caller, or another window deleted the conversation. */
export function notPossible(message: LocalizableMessage | string): StoreError {
  return new StoreError('failed', message);
}

/** The error of a call about a conversation that is not stored. */
export function noConversation(id: string): Error {
  return notPossible(storeStrings.noConversation(id));
}
