/** What the user has allowed one call to read beyond what is read without asking. */
import type { Reached } from '../../../core/tools/consent';

/** Places, each with the reasons that were named when it was allowed. */
export class Allowed {
  readonly #reasons: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(reads: readonly Reached[] = []) {
    this.#reasons = new Map(reads.map(({ uri, why }) => [uri, new Set(why)]));
  }

  /** Whether a place may be read though it has this reason. */
  has(uri: string, why: Reached['why'][number]): boolean {
    if (this.#reasons.get(uri)?.has(why) === true) return true;
    // All that is in a folder, but never a secret.
    if ((why !== 'outside' && why !== 'ignored') || uri.includes('/../')) return false;
    for (let end = uri.length; end > 0; end = uri.lastIndexOf('/', end - 1)) {
      if (this.#reasons.get(`${uri.slice(0, end)}/**`)?.has(why) === true) return true;
    }
    return false;
  }

  /** Whether a place was allowed, for whatever reason. */
  knows(uri: string): boolean {
    return this.#reasons.has(uri);
  }

  get isEmpty(): boolean {
    return this.#reasons.size === 0;
  }
}
