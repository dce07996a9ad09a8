/** Formulas, which stay as they are written: `\(x\)`, `\[x\]`, `$$x$$`, and `$x$` that is no price and no variable. */

const inline =
  /\\\((?!\\[^A-Za-z])[^`]{1,2000}?\\\)|\\\[(?!\\[^A-Za-z])[^`]{1,2000}?\\\]|(?<![\w$\\])(?:\$\$[^$`]{1,2000}\$\$|\$(?![\s$])(?:\\.|[^$`\\\n]){1,500}(?<!\s)\$)(?![\w$])/;
const sticky = new RegExp(inline, 'y');
const each = new RegExp(inline, 'g');

/** How many characters the formula has that begins at a place of a text; 0 where none does. */
export function formulaAt(text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0].length ?? 0;
}

/** The text with other signs in the place of its formulas. */
export function withoutFormulas(text: string, sign: string): string {
  return text.replace(each, ({ length }) => sign.repeat(length));
}

/**
 * A formula of several lines, which is a block: up to the line that ends it, or to the end of a text that is still being
 * written. Empty where none begins.
 */
export function formulaBlock(source: string): string {
  const mark = /^ {0,3}(\$\$|\\\[)(?!\$)/.exec(source)?.[1];
  if (mark === undefined) return '';
  const lines = /^[^\n]*(?:\n(?![ \t]*(?:\n|$))[^\n]*)*/.exec(source)?.[0] ?? '';
  const start = lines.indexOf(mark) + 2;
  const end = lines.indexOf(mark === '$$' ? mark : '\\]', start);
  // Nothing but its mark stands in the first line of one that is not ended.
  if (end === -1) return lines.length === source.length && /^[ \t]*\n/.test(lines.slice(start)) ? lines : '';
  const [last = ''] = lines.slice(end + 2).split('\n', 1);
  return last.trim() === '' && lines.slice(0, end).includes('\n') ? lines.slice(0, end + 2) : '';
}
