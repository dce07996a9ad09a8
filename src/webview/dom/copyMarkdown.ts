/** What is selected in the panel as Markdown: copying gives what the model wrote, not how it looks (L25). */

import { restoreEscapes } from './escapes';

/** Writes the selection to the clipboard when it lies in an answer or a question. */
export function copySelection(event: ClipboardEvent): void {
  const target = event.target;
  // A field copies its own text.
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement) return;
  const selection = document.getSelection();
  if (selection === null || selection.isCollapsed || event.clipboardData === null) return;
  const range = withWholeEscapes(selection.getRangeAt(0));
  const inside = elementOf(range.commonAncestorContainer);
  const plain = inside?.closest('pre, .bubbleText, .toolText, code') ?? null;
  const text = plain === null ? markdownOf(range) : plainOf(range, plain.localName === 'code' ? null : selection);
  if (text === '') return;
  event.clipboardData.setData('text/plain', text);
  event.preventDefault();
}

/** A part of a character that is drawn as several is the character. */
function withWholeEscapes(selected: Range): Range {
  const range = selected.cloneRange();
  const [first, last] = [range.startContainer, range.endContainer].map((node) =>
    elementOf(node)?.closest('[data-character]'),
  );
  if (first !== null && first !== undefined) range.setStartBefore(first);
  if (last !== null && last !== undefined) range.setEndAfter(last);
  return range;
}

/** `selection` where it has the text as it is drawn; null where blanks are drawn as one. */
function plainOf(range: Range, selection: Selection | null): string {
  const copy = range.cloneContents();
  if (selection !== null && copy.querySelector('[data-character]') === null) return selection.toString();
  restoreEscapes(copy);
  return copy.textContent ?? '';
}

function elementOf(node: Node): Element | null {
  return node instanceof Element ? node : node.parentElement;
}

function markdownOf(range: Range): string {
  const block = elementOf(range.commonAncestorContainer);
  const container = document.createElement('div');
  container.append(range.cloneContents());
  restoreEscapes(container);
  // A part of one line of text, or of a list or table, says what it is by what it lies in.
  const around = block?.closest('table, ul, ol');
  if (around !== null && around !== undefined && block?.closest('td, th, li') === null) {
    const shell = around.cloneNode(false) as Element;
    shell.append(...container.childNodes);
    container.append(shell);
  }
  numberAsShown(range, container);
  verbatim = [];
  const text = blocks(container)
    .split('\n')
    .map(withoutLastBlanks)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return text.split('\n').flatMap(withVerbatim).join('\n');
}

/** The items of a list that begins outside of the selection keep their numbers. */
function numberAsShown({ startContainer }: Range, container: Element): void {
  const numbers: number[] = [];
  for (let item = elementOf(startContainer); item !== null; item = item.parentElement) {
    const list = item.parentElement;
    if (item.localName === 'li' && list instanceof HTMLOListElement)
      numbers.push(list.start + [...list.children].indexOf(item));
  }
  const lists: HTMLOListElement[] = [];
  for (let node: Node | null = container; node !== null; node = node.firstChild)
    if (node instanceof HTMLOListElement) lists.unshift(node);
  // The innermost first: what is selected may lie in lists that are no part of it.
  for (const [at, list] of lists.entries()) list.start = numbers[at] ?? list.start;
}

/** Code is put in at the end: nothing that is done to the lines around it may touch it. */
let verbatim: string[] = [];

const verbatimMark = /^([^\ufdd1]*)\ufdd1(\d+)\ufdd1$/;
const verbatimMarks = /\ufdd1(\d+)\ufdd1/g;

/** What stands for it until the end. */
function kept(code: string): string {
  return `\ufdd1${verbatim.push(code) - 1}\ufdd1`;
}

/** A line that stands for code becomes its lines, each in the lists and quotes that it lies in. */
function withVerbatim(line: string): readonly string[] {
  const [, first = '', index] = verbatimMark.exec(line) ?? [];
  const code = index === undefined ? undefined : verbatim[Number(index)];
  if (code === undefined) return [line.replace(verbatimMarks, (mark, at) => verbatim[Number(at)] ?? mark)];
  const others = first.replace(/[^>]/g, ' ');
  return code
    .split('\n')
    .map((one, at) => (at === 0 ? first + one : one === '' ? withoutLastBlanks(others) : others + one));
}

/** A pattern would look at a long run of blanks from each of them on. */
function withoutLastBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && (line.charCodeAt(end - 1) === 32 || line.charCodeAt(end - 1) === 9)) end -= 1;
  return line.slice(0, end);
}

/** The most backticks in a row. */
function longestTicks(text: string): number {
  return [...text.matchAll(/`+/g)].reduce((longest, [ticks]) => Math.max(longest, ticks.length), 0);
}

const skipped = 'button, .turnFooter, .codeHeader, .live, .status';

function blocks(parent: Node): string {
  return [...parent.childNodes].map(block).join('');
}

function block(node: Node): string {
  if (!(node instanceof Element)) return inline(node);
  if (node.matches(skipped)) return '';
  const name = node.localName;
  if (/^h[1-6]$/.test(name)) return `\n\n${'#'.repeat(Number(name.charAt(1)))} ${inlines(node)}\n\n`;
  switch (name) {
    case 'p':
      return `\n\n${inlines(node)}\n\n`;
    case 'pre':
      return `\n\n${fenced(node)}\n\n`;
    case 'blockquote':
      return `\n\n${prefixed(blocks(node), '> ', '> ')}\n\n`;
    case 'ul':
    case 'ol':
      return `\n\n${list(node)}\n\n`;
    case 'li':
      return `\n${item(node, '- ')}\n`;
    case 'table':
      return `\n\n${table(node)}\n\n`;
    case 'hr':
      return '\n\n---\n\n';
    case 'div':
    case 'article':
    case 'section':
      return node.classList.contains('bubbleText') ? `\n\n${node.textContent ?? ''}\n\n` : `\n\n${blocks(node)}\n\n`;
    default:
      return inline(node);
  }
}

function inlines(parent: Node): string {
  return [...parent.childNodes].map(inline).join('');
}

function inline(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? '';
  if (!(node instanceof Element) || node.matches(skipped)) return '';
  const text = (): string => inlines(node);
  // A number that stands for something else.
  const written = node.getAttribute('data-written');
  if (written !== null) return node.textContent === '' ? '' : written;
  switch (node.localName) {
    case 'strong':
    case 'b':
      return wrapped(text(), '**');
    case 'em':
    case 'i':
      return wrapped(text(), '*');
    case 'del':
      return wrapped(text(), '~~');
    case 'code':
      return coded(node.textContent ?? '', node.closest('td, th') !== null);
    case 'br':
      return node.closest('td, th') === null ? '\n' : '<br>';
    case 'input':
      return node.matches(':checked') ? '[x] ' : '[ ] ';
    case 'pre':
    case 'ul':
    case 'ol':
    case 'table':
    case 'p':
    case 'div':
    case 'blockquote':
      return block(node);
    default:
      return link(text(), node.getAttribute('data-source') ?? '');
  }
}

function wrapped(text: string, mark: string): string {
  return text.trim() === '' ? text : `${mark}${text}${mark}`;
}

function coded(text: string, inCell: boolean): string {
  if (text === '') return '';
  const longest = longestTicks(text);
  const mark = '`'.repeat(longest + 1);
  // A blank at both ends is taken off again.
  const padding = longest > 0 || (/^ .* $/s.test(text) && text.trim() !== '') ? ' ' : '';
  const code = `${mark}${padding}${text}${padding}${mark}`;
  return kept(inCell ? code.replaceAll('|', '\\|') : code);
}

/** As it is written: `](address)` stands behind the text; an address as it stands, and a picture, are there in whole. */
function link(text: string, source: string): string {
  if (text === '' || source === '') return text;
  if (source.startsWith(']')) return `[${text}${source}`;
  return source.startsWith('!') || source === `<${text}>` ? source : text;
}

function fenced(node: Element): string {
  const text = (node.querySelector('code') ?? node).textContent ?? '';
  const language = node.closest('.codeBlock')?.querySelector('.codeLanguage')?.textContent ?? '';
  const longest = Math.max(2, longestTicks(text));
  const fence = '`'.repeat(longest + 1);
  return kept(`${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`);
}

function list(node: Element): string {
  const start = Number(node.getAttribute('start') ?? 1);
  return [...node.children]
    .map((child, index) => item(child, node.localName === 'ol' ? `${start + index}. ` : '- '))
    .join('\n');
}

function item(node: Element, mark: string): string {
  return prefixed(blocks(node).replace(/\n{2,}/g, '\n'), mark, ' '.repeat(mark.length));
}

function prefixed(text: string, first: string, others: string): string {
  return text
    .trim()
    .split('\n')
    .map((line, index) => `${index === 0 ? first : others}${line}`)
    .join('\n');
}

/** By the class of a cell. */
const delimiters: Readonly<Record<string, string>> = {
  'align-left': ':---',
  'align-center': ':---:',
  'align-right': '---:',
};

function table(node: Element): string {
  const rows = [...node.querySelectorAll('tr')].map((row) =>
    [...row.children].map((cell) => inlines(cell).trim().replaceAll('|', '\\|').replace(/\s+/g, ' ')),
  );
  const [head, ...body] = rows;
  if (head === undefined) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const sides = [...(node.querySelector('tr')?.children ?? [])].map(({ className }) => delimiters[className] ?? '---');
  return [line(head), line(sides), ...body.map(line)].join('\n');
}
