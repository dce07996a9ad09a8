/** Flags that are written with tags: England, Scotland, Wales, Texas. */
const flag = String.raw`\u{1f3f4}(?:\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})|\u{e0075}\u{e0073}\u{e0074}\u{e0078})\u{e007f}`;

/** Signs that are seen though they are format characters: those that stand before Arabic, Syriac and Kaithi numbers. */
const signs = String.raw`\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}`;

/** Letters of scripts without blanks: a zero-width space between two of them tells words apart. */
const unspaced = String.raw`[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]`;

const rightToLeft = String.raw`[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]`;
const directions = String.raw`[\u200e\u200f\u061c]`;

/** In prose only: a mark of direction beside a letter that needs it, a soft hyphen in a word. */
const inProse = String.raw`${rightToLeft}${directions}|${directions}(?=${rightToLeft})|[\p{L}\p{M}]\u00ad(?=\p{L})`;

/**
 * Characters that are read by a model and not seen by a person: zero-width and tag characters, bidirectional
 * controls, variation selectors, other format and control characters. Pasted or read text may hide instructions in them
 * (LESSONS L37). What is writing stays (L67): flags, signs, and one variation selector behind an emoji or a character of
 * a script that has variants.
 */
const hiddenBut = (written: string): RegExp =>
  new RegExp(
    String.raw`${flag}|[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u115f\u1160\u3164\uffa0](?<![\t\n\f\r\u200c\u200d${signs}]|${written})|(?![\ufe0e\ufe0f])(?<![\p{Script=Han}\p{Script=Mongolian}\p{Script=Myanmar}\p{Script=Phags_Pa}\p{Sm}])\p{Variation_Selector}`,
    'gu',
  );

const betweenWords = String.raw`${unspaced}\u200b(?=${unspaced})`;
const hidden = hiddenBut(betweenWords);
const hiddenInProse = hiddenBut(`${betweenWords}|${inProse}`);

/** What a text is: in prose a few more characters are writing. */
export type Writing = 'prose' | 'code';

const hiddenIn = (writing: Writing): RegExp => (writing === 'prose' ? hiddenInProse : hidden);

/** The text with each hidden character written as `\u{…}`. Joiners inside emoji and scripts (ZWJ, ZWNJ) stay. */
export function visible(text: string, writing: Writing = 'code'): string {
  return text.replace(hiddenIn(writing), (found) =>
    isFlag(found) ? found : `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The same in pieces: what is shown as it is, and between two of those each hidden character. */
export function visiblePieces(text: string, writing: Writing = 'code'): readonly string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(hiddenIn(writing))) {
    if (isFlag(found)) continue;
    pieces.push(text.slice(from, index), found);
    from = index + found.length;
  }
  return [...pieces, text.slice(from)];
}

/** How many hidden characters a text has. */
export function countHidden(text: string): number {
  return text.match(hidden)?.filter((found) => !isFlag(found)).length ?? 0;
}

/** All others are one character. */
function isFlag(found: string): boolean {
  return found.length > 2;
}
