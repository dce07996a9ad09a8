/** Which way the text of a field runs: what its `dir` says. */

/** Characters up to which the platform finds it out for each paragraph: for a long one that takes it seconds. */
const longestByParagraph = 10_000;

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** The `dir` of a field with this text: that of its first letter where it is long. */
export function directionFor(text: string): 'auto' | 'ltr' | 'rtl' {
  if (text.length <= longestByParagraph) return 'auto';
  const [letter = ''] = /\p{L}/u.exec(text) ?? [];
  return rightToLeft.test(letter) ? 'rtl' : 'ltr';
}

/** Turns a text area to what is about to be typed or pasted into it (`beforeinput`). */
export function directInput({ target, data }: InputEvent): void {
  if (!(target instanceof HTMLTextAreaElement)) return;
  const { value, selectionStart, selectionEnd } = target;
  const dir = directionFor(value.slice(0, selectionStart) + (data ?? '') + value.slice(selectionEnd));
  if (target.dir !== dir) target.dir = dir;
}
