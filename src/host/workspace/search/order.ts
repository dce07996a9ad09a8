/** The order of paths in results: the same on every machine, so that what was sent before stays the same. */

/** As the code units are. */
export function byPath(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Keeps the first paths of many, in whatever order they come, and little more than those. */
export class FirstPaths {
  #paths: string[] = [];
  /** Nothing behind it is kept; null: all is. */
  #last: string | null = null;

  constructor(readonly count: number) {}

  add(path: string): void {
    if (this.#last !== null && path > this.#last) return;
    this.#paths.push(path);
    if (this.#paths.length < 2 * this.count) return;
    this.#paths = this.#paths.sort(byPath).slice(0, this.count);
    this.#last = this.#paths.at(-1) ?? null;
  }

  /** True when some were not kept. */
  get isCut(): boolean {
    return this.#last !== null;
  }

  sorted(): readonly string[] {
    return this.#paths.sort(byPath);
  }
}
