/**
 * Characters that are read by a model and not seen by a person: zero-width and tag characters, bidirectional
 * controls, variation selectors, other format and control characters. Pasted or read text may hide instructions in them
 * (LESSONS L37). What is writing stays (L67): the flags that are written with tags (England, Scotland, Wales), and one
 * variation selector behind an emoji or a character of a script that has variants.
 */
const hidden =
  /\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}|(?![\t\n\f\r\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u115f\u1160\u3164\uffa0]|(?![\ufe0e\ufe0f])(?<![\p{Script=Han}\p{Script=Mongolian}\p{Script=Myanmar}\p{Script=Phags_Pa}\p{Sm}])\p{Variation_Selector}/gu;

/** The text with each hidden character written as `\u{…}`. Joiners inside emoji and scripts (ZWJ, ZWNJ) stay. */
export function visible(text: string): string {
  return text.replace(hidden, (found) => (isFlag(found) ? found : `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`));
}

/** The same in pieces: what is shown as it is, and between two of those each hidden character. */
export function visiblePieces(text: string): readonly string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(hidden)) {
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
