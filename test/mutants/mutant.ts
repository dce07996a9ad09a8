/** One known fault, brought back by a small change of the source; a test must notice it. */
export interface Mutant {
  /** What is broken, in one line; begins with the lesson (`L38: …`) where there is one. */
  readonly name: string;
  /** The source file, from the root: `src/core/turn/turn.ts`. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The test file without `.test.ts`, from `test`: `unit/core/turn/turn`. */
  readonly test: string;
  /** A part of the title of the tests that notice it, as it is written; without one the whole file runs. */
  readonly grep?: string;
  /**
   * Only an assertion counts, but for a fault that ends its test before one is reached: with an error whose message has
   * these words, or by code that never returns.
   */
  readonly ends?: { readonly with: string } | 'never';
}
