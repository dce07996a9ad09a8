/** Opening the store: what it waits for, and what is said of what was found. */
import { StoreError } from '../../core/base/errors';
import { tryAgain } from '../../core/base/tryAgain';
import { systemClock } from '../base/clock';
import type { StoreNotice } from './file/protocol';

/** How long opening is tried again, ms: while a lock stays, and while another window answers. */
const patienceMs = { busy: 60_000, leased: 30 * 60_000 } as const;
const againMs = 500;
const tellAfterMs = 2000;

/** Opens, and tries again while another window holds the database. `onWaiting` is called once when that takes long. */
export async function patiently(open: () => Promise<void>, onWaiting?: () => void): Promise<void> {
  const since = Date.now();
  let notified = false;
  const goesOn = (error: unknown): boolean => {
    const waited = Date.now() - since;
    const code = error instanceof StoreError ? error.code : 'failed';
    if ((code !== 'busy' && code !== 'leased') || waited > patienceMs[code]) return false;
    if (waited > tellAfterMs && !notified) {
      notified = true;
      onWaiting?.();
    }
    return true;
  };
  await tryAgain(open, { clock: systemClock, everyMs: againMs, goesOn });
}

/** For the log. */
export function noticeText(notice: StoreNotice): string {
  return notice.kind === 'damaged'
    ? `store: a damaged database was set aside as ${notice.movedTo}`
    : `store: the database ${notice.file} was gone, or empty; a fresh one was started`;
}
