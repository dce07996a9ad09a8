/** The workspace's own prompts, which `/` offers in the composer. */

/** A file that holds one. */
export interface PromptFile {
  /** Its URI. */
  readonly id: string;
  /** What is written behind the `/`. */
  readonly name: string;
  /** One line; '' for none. */
  readonly description: string;
  /** What may be written behind the name; '' for nothing that is known. */
  readonly hint: string;
  readonly path: string;
}

/** What one says, for the text box. */
export interface PromptText {
  readonly text: string;
  /** What is to be written first; both at the end where there is nothing. */
  readonly from: number;
  readonly to: number;
  /** It has commands, which are not run. */
  readonly runs: boolean;
  /** It names tools or permissions, which it is not given. */
  readonly permits: boolean;
}
