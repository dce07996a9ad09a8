/** Markdown that others follow: a block that it leaves open would take them into itself. */

interface Open {
  /** The marks of a fence; the end of an HTML block. */
  readonly end: string;
  /** What a line begins with that is to end it. */
  readonly lead: string;
  readonly isQuoted: boolean;
  /** Where the text of its item begins: 0 in none. */
  readonly column: number;
}

const marker = '(?:[-*+]|\\d{1,9}[.)])[ \\t]+';
const item = new RegExp(`^[ \\t]*(?:${marker})+`);
/** A fence, or HTML that goes on over blank lines, behind the marks of quotes and items. */
const start = new RegExp(
  `^((?: {0,3}> ?)*)([ \\t]*(?:${marker})*)(?:(\`{3,})[^\`]*|(~{3,}).*|<(!--|(?:pre|script|style|textarea)(?=[\\s>]|$))(.*))$`,
  'i',
);

/** The text, with an end for the code block or the HTML that it begins and does not end. */
export function closed(markdown: string): string {
  let open: Open | null = null;
  let column = 0;
  for (const line of markdown.split(/\r\n?|\n/)) {
    const indent = line.search(/\S/);
    if (open !== null && !(open.isQuoted ? line.charAt(indent) !== '>' : indent !== -1 && indent < open.column)) {
      if (ends(line, open.end)) open = null;
      continue;
    }
    open = null;
    const inItem = item.exec(line)?.[0].length;
    if (inItem !== undefined) column = inItem;
    else if (indent !== -1 && indent < column) column = 0;
    const [, quotes = '', lead = '', ticks, waves, tag, rest = ''] = start.exec(line) ?? [];
    const end = ticks ?? waves ?? (tag === undefined ? undefined : tag === '!--' ? '-->' : `</${tag}>`);
    // What is indented by more is code.
    if (end === undefined || (inItem === undefined && lead.length > column + 3) || ends(rest, end)) continue;
    open = { end, lead: quotes + ' '.repeat(lead.length), isQuoted: quotes !== '', column };
  }
  return open === null ? markdown : `${markdown.replace(/\n$/, '')}\n${open.lead}${open.end}`;
}

function ends(line: string, end: string): boolean {
  if (/[<>]/.test(end)) return line.toLowerCase().includes(end.toLowerCase());
  const bare = line.replace(/^(?: {0,3}>)+/, '').trim();
  return bare.length >= end.length && bare === end.charAt(0).repeat(bare.length);
}
