/**
 * Characters that are read by a model and not seen by a person: zero-width and tag characters, bidirectional
 * controls, variation selectors (but for those of emoji), other format and control characters. Pasted or read text may hide instructions in them (LESSONS L37).
 */
const hidden =
  /(?![\t\n\f\r\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u115f\u1160\u3164\uffa0]|(?![\ufe0e\ufe0f])\p{Variation_Selector}/gu;

/** The text with each hidden character written as `\u{…}`. Joiners inside emoji and scripts (ZWJ, ZWNJ) stay. */
export function visible(text: string): string {
  return text.replace(hidden, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** How many hidden characters a text has. */
export function countHidden(text: string): number {
  return text.match(hidden)?.length ?? 0;
}
