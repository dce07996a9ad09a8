/** What the core asks of the machine that it runs on. */

/** Time, as the core asks for it: tests turn it by hand. */
export interface Clock {
  /** Wall-clock time, ms since the epoch. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls back about every `ms` until the returned function is called. */
  every(ms: number, callback: () => void): () => void;
}

/** Content-free diagnostics: never a key, a header or a file's text. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string, error?: unknown): void;
}

/** Where ids of entries and conversations come from. */
export interface Ids {
  /** A new id, unique and sortable by time. */
  next(): string;
}

/** Small values of this machine: the open conversation of a workspace, a consent. Rejects with a StoreError. */
export interface KeyValues {
  getValue(key: string): Promise<string | null>;
  setValue(key: string, value: string | null): Promise<void>;
}
