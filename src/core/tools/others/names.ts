/** Names of others' tools as the API takes them. */
import { digestOf } from '../../base/digest';

/** Characters of a name at most (API-FACTS §8.3). */
const maxName = 64;

/** Digits of the digest that tells apart what would have the same name. */
const digits = 8;

/**
 * The name under which a tool is offered: its own where the API takes that, else a like one that ends with a digest of its
 * own. `taken`: those that mean something else already.
 */
export function apiName(id: string, taken: (name: string) => boolean): string {
  if (/^[a-zA-Z0-9_-]{1,64}$/.test(id) && !taken(id)) return id;
  const like = id.replace(/[^a-zA-Z0-9_-]+/g, '_').slice(0, maxName - digits - 1);
  return `${like}_${digestOf(id).slice(0, digits)}`;
}
