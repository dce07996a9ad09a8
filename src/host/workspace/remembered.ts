/** What was read for the composer, kept for what is only shown: a cursor that moves asks no disk. */
import type { FileAccess } from './workspace';

/** ms. What VS Code tells of is forgotten at once; this is for what it may not tell of. */
const maxAge = 10_000;
const maxFiles = 200;

type Admitted = Awaited<ReturnType<FileAccess['admit']>>;
type Read = Awaited<ReturnType<FileAccess['readText']>>;
type Why = Awaited<ReturnType<FileAccess['why']>>;

interface Known<T> {
  readonly at: number;
  readonly key: string;
  readonly value: T;
}

/** Keeps what was read by URI until the file, or what decides on it, changes. */
export class Remembered {
  readonly #admitted = new Map<string, Known<Admitted>>();
  readonly #read = new Map<string, Known<Read>>();
  readonly #why = new Map<string, Known<Why>>();
  /** Counts what was forgotten: what was being read meanwhile is not kept. */
  #turn = 0;

  /** A file has changed, or what decides on all of them. */
  forget(uri?: string): void {
    this.#turn += 1;
    for (const known of [this.#admitted, this.#read, this.#why]) {
      if (uri === undefined) known.clear();
      else known.delete(uri);
    }
  }

  /** Reads through `access` and keeps what it gives; `fromMemory` takes what is kept instead, as long as it holds. */
  over(access: FileAccess, fromMemory: boolean): FileAccess {
    const through = async <T>(
      kept: Map<string, Known<T>>,
      uri: string,
      key: string,
      read: () => Promise<T>,
    ): Promise<T> => {
      const known = kept.get(uri);
      if (fromMemory && known?.key === key && performance.now() - known.at < maxAge) return known.value;
      const turn = this.#turn;
      const value = await read();
      if (kept.size >= maxFiles) kept.clear();
      if (turn === this.#turn) kept.set(uri, { at: performance.now(), key, value });
      return value;
    };
    return {
      named: (uri) => access.named(uri),
      admit: (uri) => through(this.#admitted, uri, '', () => access.admit(uri)),
      readText: (uri, maxBytes, ignoredToo = false) =>
        through(this.#read, uri, `${maxBytes} ${ignoredToo}`, () => access.readText(uri, maxBytes, ignoredToo)),
      allows: (uri, why) => access.allows(uri, why),
      why: (uri, maxBytes) => through(this.#why, uri, `${maxBytes}`, () => access.why(uri, maxBytes)),
    };
  }
}
