/**
 * The words of Markdown as they are read: without marks, addresses and fences, one block after the other. Not a parser:
 * what it takes otherwise than the panel is found a word too often or too seldom, and nothing is drawn by it.
 */
import { blockEnd } from '../../shared/find';
import { fittedRow } from '../../shared/markdown/rows';
import { visible } from '../../shared/visible';
import { inlineWords, normalizedLabel } from './inlineWords';

interface Fence {
  readonly marks: string;
  readonly indent: number;
  readonly quotes: number;
}

const quote = /^ {0,3}> ?/;
const item = /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$)[ \t]?/;
const task = /^[ \t]*\[[ xX]\][ \t]+/;
const fenceLine = /^[ \t]*(`{3,}(?=[^`]*$)|~{3,})/;
const heading = /^ {0,3}#{1,6}(?:[ \t]+|$)/;
const underline = /^ {0,3}(?:=+|-+)[ \t]*$/;
const rule = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})$/;
const definition = /^ {0,3}\[(?!\^)((?:\\.|[^[\]\\]){1,999})\]:[ \t]*\S/;
const footnote = /^ {0,3}\[\^[^\]]+\]:/;
/** One that is referred to by a number. */
const numbered = /^ {0,3}\[(\^[^\][\s]{1,200})\]:[ \t]*/;
const formulaStart = /^ {0,3}(\$\$|\\\[)(?!\$)(.*)$/;
const delimiters = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?:\|[ \t]*)?$/;

/** The words of a text; blocks end with `blockEnd`. Takes as long as the text is. */
export function shownWords(markdown: string): string {
  const reader = new Reader(markdown.includes(']:') ? labelsIn(markdown) : new Set());
  for (const line of markdown.replace(/\r\n?/g, '\n').split('\n')) reader.take(line);
  return reader.end();
}

function labelsIn(markdown: string): ReadonlySet<string> {
  const labels = markdown.split('\n').map((line) => (definition.exec(line) ?? numbered.exec(line))?.[1]);
  return new Set(labels.filter((label) => label !== undefined).map(normalizedLabel));
}

/** The text without those of the characters that it ends with: a pattern would look from each of them to the end. */
function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** Where the end of a line begins that has marks of one kind and blanks alone: what begins before it is no rule. */
function onlyMarksFrom(line: string): number {
  const mark = withoutEnd(line, ' \t').at(-1) ?? '';
  return '-_*'.includes(mark) ? withoutEnd(line, ` \t${mark}`).length : line.length;
}

/** A heading without the marks that close it. */
function withoutClosing(words: string): string {
  const text = withoutEnd(words, ' \t');
  const open = withoutEnd(text, '#');
  return /[ \t]/.test(open.slice(-1)) ? withoutEnd(open, ' \t') : text;
}

class Reader {
  readonly #blocks: string[] = [];
  #paragraph: string[] = [];
  #code: string[] | null = null;
  #fence: Fence | null = null;
  /** What ends the formula that goes on over several lines. */
  #formula: string | null = null;
  #inTable = false;
  /** Of the table. */
  #columns = 0;
  #inList = false;
  #afterBlank = true;

  constructor(private readonly labels: ReadonlySet<string>) {}

  take(line: string): void {
    if (this.#formula !== null && line.trim() !== '') this.#takeFormula(line, this.#formula);
    else if (this.#fence !== null) this.#takeCode(line, this.#fence);
    else this.#takeLine(line);
  }

  end(): string {
    this.#flush();
    this.#flushCode();
    return this.#blocks.map((words) => visible(words, 'prose')).join(blockEnd);
  }

  #takeCode(line: string, { marks, indent, quotes }: Fence): void {
    let rest = line;
    for (let n = 0; n < quotes && quote.test(rest); n += 1) rest = rest.replace(quote, '');
    const bare = rest.trim();
    if (bare.length >= marks.length && bare === marks.charAt(0).repeat(bare.length)) {
      this.#fence = null;
      this.#flushCode();
      this.#afterBlank = true;
      return;
    }
    let start = 0;
    while (start < indent && rest.charAt(start) === ' ') start += 1;
    this.#code?.push(rest.slice(start));
  }

  #takeLine(line: string): void {
    let rest = line;
    let quotes = 0;
    let indent = 0;
    const mayBeRule = line.length - onlyMarksFrom(line);
    for (;;) {
      if (quote.test(rest)) {
        rest = rest.replace(quote, '');
        quotes += 1;
        this.#inTable &&= false;
        continue;
      }
      const mark = rest.length <= mayBeRule && rule.test(rest) ? null : item.exec(rest);
      if (mark === null || this.#isIndented(rest)) break;
      this.#flush();
      this.#inList = true;
      this.#afterBlank = false;
      indent += mark[0].length;
      rest = rest.slice(mark[0].length);
      if (task.test(rest)) rest = rest.replace(task, '');
    }
    this.#takeContent(rest, quotes, indent);
  }

  /** A line of a formula is nothing else. */
  #takeFormula(line: string, end: string): void {
    this.#paragraph.push(line.replace(/^(?: {0,3}>)+/, '').trimStart());
    if (!line.includes(end)) return;
    this.#formula = null;
    this.#flush();
  }

  /** A line of code by its indent: after a blank line, and in no list. */
  #isIndented(line: string): boolean {
    return this.#afterBlank && !this.#inList && this.#paragraph.length === 0 && /^(?: {4}|\t)/.test(line);
  }

  #takeContent(line: string, quotes: number, indent: number): void {
    if (line.trim() === '') {
      this.#flush();
      this.#formula = null;
      if (this.#code !== null) this.#code.push('');
      this.#afterBlank = true;
      return;
    }
    if (this.#isIndented(line)) {
      this.#code ??= [];
      this.#code.push(line.replace(/^(?: {4}|\t)/, ''));
      return;
    }
    this.#flushCode();
    if (this.#afterBlank && indent === 0 && !/^[ \t]/.test(line)) this.#inList &&= false;
    this.#afterBlank = false;
    const fence = fenceLine.exec(line);
    if (fence !== null) {
      this.#flush();
      this.#code = [];
      const marks = fence[1] ?? '```';
      this.#fence = { marks, indent: indent + fence[0].length - marks.length, quotes };
    } else if (this.#inTable) this.#takeRow(line);
    else if (this.#paragraph.length > 0 && line.includes('|') && delimiters.test(line)) this.#beginTable(line);
    else if (heading.test(line)) {
      this.#flush();
      this.#add(withoutClosing(line.replace(heading, '')));
    } else if (this.#paragraph.length > 0 && underline.test(line)) this.#flush();
    else if (rule.test(line)) this.#flush();
    else if (this.#paragraph.length === 0 && definition.test(line)) return;
    else if (footnote.test(line)) {
      this.#flush();
      this.#paragraph.push(line.replace(numbered, '').trimStart());
    } else {
      const [, mark, rest = ''] = formulaStart.exec(line) ?? [];
      const end = mark === '$$' ? mark : '\\]';
      if (mark !== undefined && !rest.includes(end) && (rest.trim() === '' || this.#paragraph.length === 0)) {
        this.#flush();
        this.#formula = end;
      }
      this.#paragraph.push(line.trimStart());
    }
  }

  #beginTable(delimiters: string): void {
    const head = this.#paragraph.pop() ?? '';
    this.#flush();
    this.#inTable = true;
    this.#columns = delimiters.match(/-+/g)?.length ?? 0;
    this.#takeRow(head, true);
  }

  #takeRow(line: string, isHead = false): void {
    const row = fittedRow(line, this.#columns, isHead)
      .trim()
      .replace(/^\|/, '')
      .replace(/(?<!\\)\|$/, '');
    for (const cell of row.split(/(?<!\\)\|/)) this.#add(cell.trim().replaceAll('\\|', '|'), true);
  }

  #add(source: string, inCell = false): void {
    const words = inlineWords(source, this.labels, inCell);
    if (words !== '') this.#blocks.push(words);
  }

  #flush(): void {
    this.#inTable = false;
    if (this.#paragraph.length === 0) return;
    const source = this.#paragraph.map((line) => withoutEnd(line, ' \t')).join('\n');
    this.#paragraph = [];
    this.#add(source);
  }

  #flushCode(): void {
    if (this.#code === null) return;
    if (this.#fence === null) while (this.#code.at(-1) === '') this.#code.pop();
    if (this.#code.length > 0) this.#blocks.push(this.#code.join('\n'));
    this.#code = null;
  }
}
