/** The user's own prompts, brought back by Up and Down from an empty text box, as a shell does. */

/** What stands in the text box, and where the caret is in it. */
interface Typed {
  readonly text: string;
  readonly caret: number;
}

/** How far back the text in the box is; words that are typed end that. */
export class Recall {
  #back = 0;
  #shown = '';

  /**
   * The text that a key brings, of these prompts (the newest first); null where the key has its usual meaning: words were
   * typed, the caret has lines to go in that direction, or there are no more prompts.
   */
  step(key: string, { text, caret }: Typed, prompts: readonly string[]): string | null {
    if (text !== this.#shown || text === '') this.#back = 0;
    if (text !== '' && this.#back === 0) return null;
    const isUp = key === 'ArrowUp';
    if ((isUp ? text.slice(0, caret) : text.slice(caret)).includes('\n')) return null;
    const back = this.#back + (isUp ? 1 : -1);
    const brought = back === 0 ? '' : prompts[back - 1];
    if (brought === undefined) return null;
    this.#back = back;
    this.#shown = brought;
    return brought;
  }
}
