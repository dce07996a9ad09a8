/** What is known of the block that is being written: where text that comes goes on in it without lexing it again. */
import type { Token } from 'marked';

/** What the line that comes next is. */
export type NextLine =
  /** Not to be told yet. */
  | { readonly kind: 'wait' }
  /** To be told by lexing the block again. */
  | { readonly kind: 'unknown' }
  /** More of the same text: so many of the characters that are held are its own. */
  | { readonly kind: 'more'; readonly length: number }
  /** The block has ended; behind so many characters another one begins. */
  | { readonly kind: 'ended'; readonly length: number }
  /** An item of the list at `depth`; its text begins behind so many characters, its line behind `lead`. */
  | {
      readonly kind: 'item';
      readonly depth: number;
      readonly lead: number;
      readonly length: number;
      readonly loose: boolean;
    }
  /** A row of the table; its line begins behind the line break. */
  | { readonly kind: 'row' };

/** The block at the end of a streamed text, which grows without being lexed again. */
export interface OpenEnd {
  /** The block as it is now. */
  readonly token: Token;
  /** Adds text without a line break. False when that cannot be told without lexing. */
  grow(text: string): boolean;
  /** What is held begins with a line break. */
  next(held: string): NextLine;
  /** Begins what `next` told, with what is held; null when that cannot be told without lexing. */
  begin(next: NextLine, held: string): OpenEnd | null;
}

/** Lexes the inline source of a block. */
export type LexRun = (source: string) => readonly Token[];

/** Text for certain: whatever follows, a line that begins so is no list, no heading, no rule and no definition. */
export const startsText =
  /^(?:[\p{L}\p{So}"'(“„«‘]|\*{1,3}[\p{L}\d"'(“]|`[^`\s]|_{1,2}\p{L}|\d{1,9}(?:[\p{L},;:%]| +[^\s\d]))/u;

/** Blank lines, if any, and the line break before them. */
const breaks = /^\n(?:[ \t]*\n)*/;

/** What may yet become the start of something. */
const undecided = /^ *(?:[-*+>|=~]{1,3}|#{1,6}|\d{1,9}[.)]?)? *(?:\*{1,3}|`{1,2}|_{1,2}|\d{1,9} *)?$/;
const longestUndecided = 24;

/** The line breaks at the start of what is held, and the line behind them. */
export function splitHeld(held: string): { readonly lead: number; readonly blank: boolean; readonly line: string } {
  const lead = breaks.exec(held)?.[0].length ?? 0;
  return { lead, blank: lead > 1, line: held.slice(lead) };
}

/** True while a line could become anything. */
export function isUndecided(line: string): boolean {
  return line.length <= longestUndecided && undecided.test(line);
}
