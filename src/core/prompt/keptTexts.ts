/** The texts that requests begin with, kept in the store once each: what an answer was made under stays known. */
import { messageOf } from '../base/errors';
import type { Memo } from '../base/memo';
import type { Log } from '../base/ports';
import type { Store } from '../record/store';
import type { PlannedRequest } from './request';

/** Keeps what is new to this conversation. Nothing waits for it, and nothing fails with it. */
export function keepTexts(store: Store, { texts }: PlannedRequest, log: Log, memo: Memo): void {
  const known = memo.get(store, 'kept texts', () => new Set<string>());
  for (const { digest, text } of texts) {
    if (known.has(digest)) continue;
    known.add(digest);
    const keep = async (): Promise<void> => store.keepText(digest, text);
    keep().catch((error: unknown) => {
      known.delete(digest);
      log.warn(`What requests begin with was not stored: ${messageOf(error)}`);
    });
  }
}
