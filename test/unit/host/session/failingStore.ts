/** A store whose calls fail or wait as a test says. */
import type { Store } from '../../../../src/core/record/store';

type Method = keyof Store;

/** What runs before a call: it throws to refuse it, or resolves when the call may go on. */
export type StoreFaults = Partial<Record<Method, (...args: readonly unknown[]) => void | Promise<void> | undefined>>;

export function failingStore(store: Store, faults: () => StoreFaults): Store {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return async (...args: readonly unknown[]) => {
        await faults()[name as Method]?.(...args);
        return Reflect.apply(value, target, args);
      };
    },
  });
}
