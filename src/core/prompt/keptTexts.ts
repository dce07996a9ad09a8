/** The texts that requests begin with, kept in the store once each: what an answer was made under stays known. */
import type { Log } from '../base/ports';
import type { Store } from '../record/store';
import type { PlannedRequest } from './request';

const kept = new WeakMap<Store, Set<string>>();

/** Keeps what is new. Nothing waits for it, and nothing fails with it. */
export function keepTexts(store: Store, { texts }: PlannedRequest, log: Log): void {
  const known = kept.get(store) ?? new Set<string>();
  kept.set(store, known);
  for (const { digest, text } of texts) {
    if (known.has(digest)) continue;
    known.add(digest);
    const keep = async (): Promise<void> => store.keepText(digest, text);
    keep().catch((error: unknown) => {
      known.delete(digest);
      log.warn(`What requests begin with was not stored: ${error instanceof Error ? error.message : 'unknown'}`);
    });
  }
}
