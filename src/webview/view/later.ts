/** A part of the panel that is not needed for its first picture: loaded when it is asked for, or when there is time. */

/** Loads it once. While it is not there what it draws is missing; the rest of the panel stays as it is. */
export class Later<T> {
  #part: T | null = null;
  #state: 'idle' | 'loading' | 'loaded' | 'failed' = 'idle';

  constructor(
    private readonly load: () => Promise<T>,
    /** Called once it is there, or cannot be had. */
    private readonly changed: () => void,
  ) {}

  /** null until it is loaded: asking for it loads it. */
  get part(): T | null {
    if (this.#state === 'idle') this.fetch();
    return this.#part;
  }

  /** The same, without loading it. */
  get known(): T | null {
    return this.#part;
  }

  get failed(): boolean {
    return this.#state === 'failed';
  }

  /** Asked for, and not there yet. */
  get isLoading(): boolean {
    return this.#state === 'loading';
  }

  /** Loads it, so that it is there when it is needed; once more where that has failed. */
  fetch(): void {
    if (this.#state === 'loading' || this.#state === 'loaded') return;
    this.#state = 'loading';
    this.load().then(
      (part) => {
        this.#part = part;
        this.#state = 'loaded';
        this.changed();
      },
      () => {
        this.#state = 'failed';
        this.changed();
      },
    );
  }
}
