/** Where the names in answers are defined: asked of the providers of this window, and of nobody else. */
import type { HostWorkspace } from '../workspace';
import { type RawSymbol, symbolsOf } from './answers';
import type { LanguageFacts } from './facts';

/** A definition in the workspace. */
export interface SymbolPlace {
  readonly uri: string;
  /** As the chat names it. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly kind: string;
  readonly container: string;
}

/** ms, for one question and for all that are asked together: what has not answered by then is asked again another time. */
const symbolTimes = { answer: 2_000, together: 4_000 };
/** Questions at a time. */
const side = 4;
/** A name that so many have says nothing. */
const maxPlaces = 20;
/** Definitions of an answer that are looked at. */
const maxLooked = 1_000;
const maxKept = 2_000;
/** ms; for what another program changes. A service that has not read the project yet finds nothing: that is not kept. */
const keptMs = 60_000;

interface Name {
  readonly last: string;
  /** What it belongs to; '' for what is named alone. */
  readonly owner: string;
}

/** "Cart.add()": a name, and what it belongs to. */
export function nameIn(text: string): Name {
  const [last = '', owner = ''] = text
    .replace(/\(.*$/s, '')
    .split(/::|->|[.#]/)
    .reverse();
  return { last, owner };
}

/** The definitions of names, as long as no file changes. */
export class SymbolPlaces {
  readonly #kept = new Map<string, { readonly at: number; readonly places: readonly SymbolPlace[] }>();
  /** Counts the changes: what was asked before one is not kept. */
  #version = 0;
  /** Questions that go on in the services, those too that were given up. */
  #unanswered = 0;
  readonly #waiting = new Set<() => void>();

  constructor(
    private readonly facts: Pick<LanguageFacts, 'ask'>,
    private readonly workspace: Pick<HostWorkspace, 'access'>,
    private readonly now: () => number = () => performance.now(),
    private readonly times: typeof symbolTimes = symbolTimes,
  ) {}

  /** A file is another, or was: nothing is known of it any more. */
  changed(): void {
    this.#version += 1;
    this.#kept.clear();
  }

  /** Those of the names that have a definition, within a few seconds: what is not answered by then has none. */
  async defined(names: readonly string[]): Promise<readonly string[]> {
    const late = AbortSignal.timeout(this.times.together);
    const left = [...new Set(names)];
    const found: string[] = [];
    const next = async (): Promise<void> => {
      for (let name = left.shift(); name !== undefined && !late.aborted; name = left.shift())
        if ((await this.of(name)).length > 0) found.push(name);
    };
    await Promise.all(Array.from({ length: side }, next));
    return found;
  }

  /** Symbols as the services find them by a few letters; none where they take too long. */
  async like(query: string): Promise<readonly RawSymbol[]> {
    return symbolsOf(await this.#symbols(query, AbortSignal.timeout(this.times.answer)));
  }

  /** Where a name is defined; nothing where that is not known, or in too many places. Never rejects. */
  async of(name: string): Promise<readonly SymbolPlace[]> {
    const kept = this.#kept.get(name);
    if (kept !== undefined && this.now() - kept.at < keptMs) return kept.places;
    const version = this.#version;
    const places = await this.#ask(name).catch(() => []);
    if (places.length > 0 && version === this.#version) this.#keep(name, places);
    return places;
  }

  #keep(name: string, places: readonly SymbolPlace[]): void {
    this.#kept.delete(name);
    this.#kept.set(name, { at: this.now(), places });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest);
  }

  async #ask(text: string): Promise<readonly SymbolPlace[]> {
    const name = nameIn(text);
    if (name.last === '') return [];
    const late = AbortSignal.timeout(this.times.answer);
    const symbols = symbolsOf(await this.#symbols(name.last, late));
    const places = new Map<string, SymbolPlace>();
    const access = this.workspace.access(late);
    for (const symbol of symbols.filter((one) => isNamed(one, name)).slice(0, maxLooked)) {
      const { uri, line, kind, container } = symbol;
      const named = line === null ? null : await access.named(uri);
      // What is ignored, secret or elsewhere is not the workspace's own.
      if (line === null || named === null || named.hidden !== null) continue;
      places.set(`${uri}#${line}`, { uri, path: named.path, line, kind, container });
      if (places.size > maxPlaces) return [];
    }
    return [...places.values()];
  }

  /** undefined where it takes too long: a service that hangs holds up nothing, and is not asked for more meanwhile. */
  async #symbols(query: string, late: AbortSignal): Promise<unknown> {
    while (this.#unanswered >= side && !late.aborted) await this.#answered(late);
    if (late.aborted) return undefined;
    this.#unanswered += 1;
    const ended = (): void => {
      this.#unanswered -= 1;
      for (const wake of [...this.#waiting]) wake();
    };
    const work = this.facts.ask({ ask: 'symbols', query });
    work.then(ended, ended);
    return await orNothing(work, late);
  }

  /** Resolves when a question has been answered, and when it is late. */
  #answered(late: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        late.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      late.addEventListener('abort', wake, { once: true });
    });
  }
}

function isNamed({ name, container }: RawSymbol, { last, owner }: Name): boolean {
  const own = nameIn(name);
  if (own.last !== last) return false;
  return owner === '' || own.owner === owner || nameIn(container).last === owner;
}

/** undefined where it takes too long. */
function orNothing(work: Promise<unknown>, late: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    late.addEventListener('abort', () => resolve(undefined), { once: true });
    work.then(resolve, reject);
  });
}
