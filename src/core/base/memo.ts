/** What was computed of objects that never change, for whoever is to compute it again. */

/** How many constants are remembered at most. */
const maxConstants = 100;

/** What `compute` makes of texts that hardly ever change, each computed once: the tools' JSON, the instructions. */
export function ofConstants<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before.value;
    const value = compute(text);
    if (known.size >= maxConstants) known.clear();
    known.set(text, { value });
    return value;
  };
}

interface Kept {
  readonly key: readonly unknown[];
  readonly value: unknown;
}

const noKey: readonly unknown[] = [];

/**
 * Remembers values as long as the objects that they were computed of are there. It changes no result, only what that
 * costs: a conversation owns one (ConversationCost) and hands it on, and a function that is given none computes anew.
 */
export class Memo {
  readonly #kept = new Map<string, WeakMap<object, Kept>>();

  /** The value of this name for this object; computed anew when what else it depends on (`key`) is another. */
  get<K extends object, T>(of: K, name: string, compute: (of: K) => T, ...key: readonly unknown[]): T {
    let values = this.#kept.get(name);
    if (values === undefined) {
      values = new WeakMap();
      this.#kept.set(name, values);
    }
    const before = values.get(of);
    if (before !== undefined && isSame(before.key, key)) return before.value as T;
    const value = compute(of);
    values.set(of, { key: key.length === 0 ? noKey : key, value });
    return value;
  }
}

/** Asked for each block of a conversation with each estimate: without a function to call. */
function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
