/** Those who want to be told when something happens, each once. */
export class Listeners<Args extends readonly unknown[] = []> {
  readonly #all = new Set<(...args: Args) => void>();

  /** `failed` takes what a listener throws, so that it is no failure of what it is told; without it `tell` throws. */
  constructor(private readonly failed?: (error: unknown) => void) {}

  /** Returns how to stop being told. */
  readonly add = (listener: (...args: Args) => void): (() => void) => {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  };

  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  tell(...args: Args): void {
    for (const listener of this.#all) {
      try {
        listener(...args);
      } catch (error) {
        if (this.failed === undefined) throw error;
        this.failed(error);
      }
    }
  }

  clear(): void {
    this.#all.clear();
  }
}
