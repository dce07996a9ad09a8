/** What was computed of objects that never change, for whoever is to compute it again. */

interface Kept {
  readonly key: readonly unknown[];
  readonly value: unknown;
}

/**
 * Remembers values as long as the objects that they were computed of are there. It changes no result, only what that
 * costs: a conversation owns one (ConversationCost) and hands it on, and a function that is given none computes anew.
 */
export class Memo {
  readonly #kept = new Map<string, WeakMap<object, Kept>>();

  /** The value of this name for this object; computed anew when what else it depends on (`key`) is another. */
  get<T>(of: object, name: string, compute: () => T, ...key: readonly unknown[]): T {
    let values = this.#kept.get(name);
    if (values === undefined) {
      values = new WeakMap();
      this.#kept.set(name, values);
    }
    const before = values.get(of);
    if (before?.key.every((part, index) => part === key[index])) return before.value as T;
    const value = compute();
    values.set(of, { key, value });
    return value;
  }
}
