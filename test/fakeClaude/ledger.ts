/**
 * A true ledger of the prompt cache (API-FACTS §6): what a request reads, writes and pays for. It needs no server:
 *
 *     const ledger = new CacheLedger({ profile: 'middle' });
 *     const { usage } = ledger.play(body, now);          // a whole request, answered at once
 *
 * or in two steps, when it matters that an entry is readable only after its writer's response began:
 *
 *     const pass = ledger.open(body, now);               // read and priced, nothing written yet
 *     pass.began(later);                                 // the response's first byte: entries become readable
 */
import { findModel, type Model, modelsUnder } from './models';
import { type Position, positionsOf, promptTokens } from './positions';
import { defaultSwitches, type Switches } from './switches';
import { type ProfileName, profiles, TokenCounter, type TokenProfile } from './tokens';
import type { InputUsage, RequestBody } from './wire';

const lifetime = { '5m': 5 * 60_000, '1h': 60 * 60_000 } as const;
/** Positions that one breakpoint looks at, itself included (§6.1). */
const lookBack = 20;

interface Entry {
  readonly ttl: '5m' | '1h';
  expires: number;
  /** The entry that its writer had read, where an entry lives no longer than that. */
  readonly base?: string;
}

export interface LedgerOptions {
  /** How text becomes tokens; a name or own figures. Default `middle`. */
  readonly profile?: ProfileName | TokenProfile;
  readonly switches?: Partial<Switches>;
}

/** What the ledger found for one breakpoint. */
export interface MarkReport {
  readonly path: string;
  readonly ttl: '5m' | '1h';
  readonly total: number;
  /** The position whose entry was read, if any. */
  readonly hit: string | undefined;
  /** Whether the prefix is long enough to be written. */
  readonly cacheable: boolean;
}

export interface LedgerPass {
  readonly model: Model;
  readonly usage: InputUsage;
  /** Tokens of the whole prompt: the sum of the three kinds of input. */
  readonly promptTokens: number;
  readonly positions: readonly Position[];
  readonly marks: readonly MarkReport[];
  /** The response began: what this request writes can be read from now on. Call once; not calling writes nothing. */
  began(): void;
}

/** Resolves a profile name or passes own figures through. */
export function profileOf(profile: ProfileName | TokenProfile | undefined): TokenProfile {
  return typeof profile === 'object' ? profile : profiles[profile ?? 'middle'];
}

export class CacheLedger {
  readonly counter: TokenCounter;
  readonly switches: Switches;
  readonly models: readonly Model[];
  readonly #entries = new Map<string, Entry>();
  /** A request is counted before it is answered, and read once more then. */
  #latest: { readonly body: RequestBody; readonly positions: readonly Position[] } | null = null;

  constructor(options: LedgerOptions = {}) {
    this.counter = new TokenCounter(profileOf(options.profile));
    this.switches = { ...defaultSwitches, ...options.switches };
    this.models = modelsUnder(this.switches);
  }

  /** Entries alive at `now`. */
  size(now: number): number {
    return [...this.#entries.values()].filter((entry) => now < entry.expires).length;
  }

  /** Forgets every entry, as when the service loses its cache. */
  clear(): void {
    this.#entries.clear();
  }

  /** Tokens of the prompt, caching apart: what count_tokens answers. */
  countTokens(body: RequestBody): number {
    return promptTokens(this.#positionsOf(body));
  }

  /** Opens and begins at once; `now` in ms. Throws RangeError for an unknown model. */
  play(body: RequestBody, now: number): LedgerPass {
    const pass = this.open(body, now);
    pass.began();
    return pass;
  }

  /** Reads the cache for a request that started at `now` (ms); hits are refreshed, writes wait for `began`. */
  open(body: RequestBody, now: number): LedgerPass {
    const model = this.#model(body);
    const positions = this.#positionsOf(body);
    const writes: { readonly key: string; readonly ttl: '5m' | '1h' }[] = [];
    const marks: MarkReport[] = [];
    let read = 0;
    let base: string | undefined;
    let lastTotal = 0;
    let lastHour = 0;
    for (const [index, position] of positions.entries()) {
      if (position.mark === undefined) continue;
      const hit = this.#lookUp(positions, index, now);
      const cacheable = position.total >= model.minCacheable;
      if (hit !== undefined && hit.total > read) {
        read = hit.total;
        base = this.switches.entriesLiveAlone ? undefined : hit.key;
      }
      if (cacheable) {
        lastTotal = position.total;
        if (position.mark === '1h') lastHour = position.total;
        if (hit?.key !== position.key) writes.push({ key: position.key, ttl: position.mark });
      }
      marks.push({ path: position.path, ttl: position.mark, total: position.total, hit: hit?.path, cacheable });
    }
    const all = promptTokens(positions);
    const began = (): void => {
      const onto = base === undefined ? {} : { base };
      for (const { key, ttl } of writes) this.#entries.set(key, { ttl, expires: now + lifetime[ttl], ...onto });
    };
    return { model, usage: split(all, read, lastHour, lastTotal), promptTokens: all, positions, marks, began };
  }

  #positionsOf(body: RequestBody): readonly Position[] {
    if (this.#latest?.body !== body) {
      const positions = positionsOf(body, this.#model(body), this.counter, this.switches);
      this.#latest = { body, positions };
    }
    return this.#latest.positions;
  }

  #lookUp(positions: readonly Position[], from: number, now: number): Position | undefined {
    for (let index = from; index >= 0 && index > from - lookBack; index -= 1) {
      const position = positions[index];
      const entry = position === undefined ? undefined : this.#entries.get(position.key);
      if (position === undefined || entry === undefined) continue;
      if (!this.#isAlive(entry, now)) {
        this.#entries.delete(position.key);
        continue;
      }
      this.#refresh(entry, now);
      return position;
    }
    return undefined;
  }

  #isAlive({ expires, base }: Entry, now: number): boolean {
    if (now >= expires) return false;
    const below = base === undefined ? undefined : this.#entries.get(base);
    return base === undefined || (below !== undefined && this.#isAlive(below, now));
  }

  #refresh(entry: Entry, now: number): void {
    entry.expires = Math.max(entry.expires, now + lifetime[entry.ttl]);
    const below = entry.base === undefined ? undefined : this.#entries.get(entry.base);
    if (below !== undefined) this.#refresh(below, now);
  }

  #model(body: RequestBody): Model {
    const model = findModel(this.models, body.model);
    if (model === undefined) throw new RangeError(`no such model: ${body.model}`);
    return model;
  }
}

/** Mixed lifetimes (§6.4): A = read, B = highest 1h mark after A (else A), C = last mark. */
function split(all: number, a: number, hour: number, last: number): InputUsage {
  const b = Math.max(a, hour);
  const c = Math.max(b, last);
  return {
    input_tokens: all - c,
    cache_creation_input_tokens: c - a,
    cache_read_input_tokens: a,
    cache_creation: { ephemeral_5m_input_tokens: c - b, ephemeral_1h_input_tokens: b - a },
  };
}
