/** Finding in a chat: what is looked for, and what of it is where. The same pattern counts in the host and marks in the view. */

/** Characters of what is looked for: longer ones are no words to look for. */
export const longestQuery = 1000;

/** What is looked for. */
export interface FindQuery {
  readonly text: string;
  readonly matchCase: boolean;
  readonly wholeWord: boolean;
}

/** A piece of the transcript that has it: a question, a run of an answer, a tool's line, a summary. */
export interface FoundPlace {
  /** The key of its item (`itemKey`). */
  readonly item: string;
  /** The key under which it is drawn (`placeKey`). */
  readonly place: string;
  readonly count: number;
}

/** All that was found, in the order of the transcript. */
export interface Found {
  readonly places: readonly FoundPlace[];
  /** True when there is more of it than is counted. */
  readonly more: boolean;
}

/** Words that were found in a conversation from outside. */
export interface FindGoal {
  readonly conversation: string;
  readonly text: string;
  /** The key of the item that has them, and the id of the entry. */
  readonly item: string;
  readonly entry: string;
}

/** The key of a piece of an item; without a part that of the item's own words. */
export function placeKey(item: string, part: string | null = null): string {
  return part === null ? item : `${item}/${part}`;
}

/** Stands between blocks of shown text: nothing that is looked for reaches across. */
export const blockEnd = '\0';

const word = '[\\p{L}\\p{N}\\p{M}_]';
const isWord = new RegExp(word, 'u');

/** Matches what is looked for; blanks within it match any, as text is broken into lines. null for nothing but blanks. */
export function patternOf({ text, matchCase, wholeWord }: FindQuery): RegExp | null {
  const words = text.split(/\s+/);
  if (words.every((one) => one === '')) return null;
  const literal = words.map((one) => one.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  // At an end one blank is enough: a run of them would be looked at from each of them.
  const inner = literal.map((one, index) => {
    if (index === 0) return one;
    return index === 1 && words[0] === ''
      ? `\\s${one}`
      : index === words.length - 1 && one === ''
        ? '\\s'
        : `\\s+${one}`;
  });
  const trimmed = text.trim();
  const edge = (character: string | undefined, sign: string): string =>
    wholeWord && character !== undefined && isWord.test(character) ? sign : '';
  const before = edge([...trimmed.slice(0, 2)][0], `(?<!${word})`);
  const after = edge([...trimmed].at(-1), `(?!${word})`);
  return new RegExp(`${before}${inner.join('')}${after}`, matchCase ? 'gu' : 'giu');
}
