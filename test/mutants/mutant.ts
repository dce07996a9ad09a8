/** One known fault, brought back by a small change of the source; a test must notice it. */
export interface Mutant {
  /** What is broken, in one line; begins with the lesson (`L38: …`) where there is one. */
  readonly name: string;
  /** The source file, from the root: `src/core/turn.ts`. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The test file without `.test.ts`, from `test`: `unit/core/turn`. */
  readonly test: string;
  /** A part of the title of the tests that notice it; without one the whole file runs. */
  readonly grep?: string;
}
