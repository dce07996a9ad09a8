/** Files in which something was found and that are not shown: counted, and said. */

/** What may be shown of a file: all of it or nothing. */
export type Verdict = 'clean' | 'key' | 'large' | 'gone';

/** Counts what is not shown, and says so. */
export class Omissions {
  readonly #counts = { key: 0, large: 0 };
  readonly #said = new Set<string>();

  add(verdict: Verdict): void {
    if (verdict === 'key' || verdict === 'large') this.#counts[verdict] += 1;
  }

  /** Says it beside. */
  say(note: string): void {
    this.#said.add(note);
  }

  notes(): readonly string[] {
    const { key, large } = this.#counts;
    const notes = [...this.#said];
    if (key > 0)
      notes.push(key === 1 ? '1 file that holds keys was left out.' : `${key} files that hold keys were left out.`);
    if (large > 0) {
      const files = large === 1 ? '1 file that is' : `${large} files that are`;
      notes.push(`${files} too large to be looked through for keys ${large === 1 ? 'was' : 'were'} left out.`);
    }
    return notes;
  }
}
