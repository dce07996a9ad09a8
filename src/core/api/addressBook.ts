/** The limits of addresses, kept on this machine: one value of the store for each address (addressLimits.ts). */
import { errorName } from '../base/errors';
import { Listeners } from '../base/listeners';
import type { KeyValues, Log } from '../base/ports';
import { type AddressLimit, type AddressLimits, limitKey, noLimitsKnown, parseLimits } from './addressLimits';

/** What a request asks of the book. */
export interface KnownLimits {
  /** What the address is known not to take. `address` is the base URL of ApiAccess. Never rejects. */
  of(address: string): Promise<AddressLimits>;
  /** From now on this is not sent there. Rejects with a StoreError. */
  add(address: string, limit: AddressLimit): Promise<void>;
}

/** The limits that addresses have shown, learnt from refusals and kept over restarts. */
export class AddressBook implements KnownLimits {
  readonly #known = new Map<string, AddressLimits>();
  readonly #changed = new Listeners();
  #changing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: Pick<KeyValues, 'getValue' | 'setValue'>,
    private readonly log: Log,
  ) {}

  /** Read anew each time: another window may have learnt since. */
  async of(address: string): Promise<AddressLimits> {
    try {
      const limits = parseLimits(await this.store.getValue(nameOf(address)));
      this.#known.set(address, limits);
      return limits;
    } catch (error) {
      this.log.warn(`What an address takes could not be read: ${errorName(error)}.`);
      return this.#known.get(address) ?? noLimitsKnown;
    }
  }

  /** From now on this is not sent there; it takes the place of an earlier limit of the same thing. Rejects with a StoreError. */
  add(address: string, limit: AddressLimit): Promise<void> {
    const key = limitKey(limit);
    return this.#change(address, (limits) => [...limits.filter((one) => limitKey(one) !== key), limit]);
  }

  /** The limit with this key (`limitKey`) no longer holds. Rejects with a StoreError. */
  remove(address: string, key: string): Promise<void> {
    return this.#change(address, (limits) => limits.filter((one) => limitKey(one) !== key));
  }

  /** Calls back when a limit was added or removed in this window. */
  readonly onDidChange = this.#changed.add;

  #change(address: string, edit: (limits: AddressLimits) => AddressLimits): Promise<void> {
    const changed = this.#changing.then(async () => {
      const name = nameOf(address);
      const limits = edit(parseLimits(await this.store.getValue(name)));
      await this.store.setValue(name, limits.length === 0 ? null : JSON.stringify(limits));
      this.#known.set(address, limits);
      this.#changed.tell();
    });
    this.#changing = changed.catch(() => undefined);
    return changed;
  }
}

function nameOf(address: string): string {
  return `addressLimits ${address}`;
}
