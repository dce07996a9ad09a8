/** What is selected in the panel as Markdown: copying gives what the model wrote, not how it looks (L25). */
import { restoreEscapes } from './escapes';

/** Writes the selection to the clipboard when it lies in an answer or a question. */
export function copySelection(event: ClipboardEvent): void {
  const target = event.target;
  // A field copies its own text.
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement) return;
  const selection = document.getSelection();
  if (selection === null || selection.isCollapsed || event.clipboardData === null) return;
  const range = withWholeEscapes(fromTextToText(selection.getRangeAt(0)));
  const inside = elementOf(range.commonAncestorContainer);
  const text = inside?.closest(plain) == null ? markdownOf(range) : plainOf(range);
  if (text === '') return;
  event.clipboardData.setData('text/plain', text);
  event.preventDefault();
}

/** Text that is no Markdown. */
const plain = 'pre, .bubbleText, code';

const skipped = 'button, .bubbleFoot, .turnFooter, .codeHeader, .plainHead, .live, .status';

/**
 * From the first of the selected text to the last of it: a triple click selects up to where the next block begins, and what
 * nothing is selected of is no part of the copy.
 */
function fromTextToText(selected: Range): Range {
  const range = selected.cloneRange();
  const { startContainer, startOffset, endContainer, endOffset } = selected;
  const texts = document.createTreeWalker(selected.commonAncestorContainer, NodeFilter.SHOW_TEXT, (node) => {
    if (!selected.intersectsNode(node)) return NodeFilter.FILTER_SKIP;
    const text = node.textContent ?? '';
    const part = text.slice(node === startContainer ? startOffset : 0, node === endContainer ? endOffset : text.length);
    const around = node.parentElement;
    const counts = part !== '' && (part.trim() !== '' || around?.closest(plain) != null);
    return counts && around?.closest(skipped) == null ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
  });
  const first = texts.firstChild();
  if (first === null) return range;
  if (first !== startContainer) range.setStart(first, 0);
  texts.currentNode = texts.root;
  const last = texts.lastChild() ?? first;
  if (last !== endContainer) range.setEnd(last, last.textContent?.length ?? 0);
  return range;
}

/** A part of a character that is drawn as several is the character. */
function withWholeEscapes(selected: Range): Range {
  const range = selected.cloneRange();
  const [first, last] = [range.startContainer, range.endContainer].map((node) =>
    elementOf(node)?.closest('[data-character]'),
  );
  if (first != null) range.setStartBefore(first);
  if (last != null) range.setEndAfter(last);
  return range;
}

function plainOf(range: Range): string {
  const copy = range.cloneContents();
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
  let around = block?.closest('td, th, li, tr, table, ul, ol') ?? null;
  if (around?.localName === 'tr') {
    shelled(container, around);
    around = around.closest('table');
  }
  if (around?.matches('table, ul, ol') === true) shelled(container, around);
  asWithin(range, container);
  verbatim = [];
  const text = joined(blocksOf(container)).split('\n').map(withoutLastBlanks).join('\n');
  return text.split('\n').flatMap(withVerbatim).join('\n');
}

/** Puts all that a container holds into an element like this one. */
function shelled(container: Element, around: Element): void {
  const shell = around.cloneNode(false) as Element;
  shell.append(...container.childNodes);
  container.append(shell);
}

/** What is selected in part is what it was: items keep their numbers, cells their columns, words are no marks. */
function asWithin(range: Range, container: Element): void {
  const texts = document.createTreeWalker(container, NodeFilter.SHOW_TEXT, ({ textContent }) =>
    textContent === '' ? NodeFilter.FILTER_SKIP : NodeFilter.FILTER_ACCEPT,
  );
  const first = texts.firstChild();
  texts.currentNode = texts.root;
  const last = texts.lastChild();
  const [start, end] = [elementOf(range.startContainer), elementOf(range.endContainer)];
  if (!(first instanceof Text) || !(last instanceof Text) || start === null || end === null) return;
  itemsAsWithin(start, first);
  cellsAsWithin(start, first, 'before');
  cellsAsWithin(end, last, 'after');
  // A part of one text is that; of several, what was no mark before others is none now.
  if (first === last) return;
  if (range.startOffset > 0 && isText(first)) first.data = withoutEscapes(first.data);
  if (range.endOffset < (range.endContainer.textContent ?? '').length && isText(last))
    last.data = withoutEscapes(last.data);
  const before = range.cloneRange();
  before.collapse(true);
  before.setStartBefore(start.closest(blockNames) ?? start);
  if (isText(first) && before.toString().trim() !== '') first.data = first.data.replace(firstMarks, withEscapes);
  const behind = range.cloneRange();
  behind.collapse(false);
  behind.setEndAfter(end.closest(blockNames) ?? end);
  if (isText(last) && behind.toString().trim() !== '') last.data = last.data.replace(lastMarks, withEscapes);
}

const blockNames = 'p, li, td, th, h1, h2, h3, h4, h5, h6';

/** What would be read as marks at the beginning of a text, and at its end: there looked for once in a run of them. */
const firstMarks = /^\s*(?:[*_~`]+|#{1,6}(?=\s|$)|[-+](?=\s|$)|(?:-\s*){3,}$|>|\d{1,9}[.)](?=\s|$))/;
const lastMarks = /(?<![*_~`])[*_~`]+(?=\s*$)/;

function withEscapes(marks: string): string {
  return marks.replace(/[^\s\d]/g, '\\$&');
}

/** A part of a formula is none: its backslashes would escape. */
function withoutEscapes(text: string): string {
  return text.replace(/\\(?=[!-/:-@[-`{-~]|$)/g, '\\\\');
}

function isText(node: Text): boolean {
  return node.parentElement?.closest('code, pre, .bubbleText, [data-written]') === null;
}

function itemsAsWithin(start: Element, first: Text): void {
  let [item, copy] = [start.closest('li'), first.parentElement?.closest('li') ?? null];
  while (item !== null && copy !== null) {
    const [list, copied] = [item.parentElement, copy.parentElement];
    if (list instanceof HTMLOListElement && copied instanceof HTMLOListElement)
      copied.start = list.start + [...list.children].indexOf(item);
    const box = item.querySelector(':scope > input');
    if (box !== null && copy.querySelector(':scope > input') === null) copy.prepend(box.cloneNode());
    [item, copy] = [list?.closest('li') ?? null, copied?.closest('li') ?? null];
  }
}

/** A row has all of its cells: those outside of the selection are empty. */
function cellsAsWithin(edge: Element, text: Text, side: 'before' | 'after'): void {
  const cell = edge.closest('td, th');
  const row = text.parentElement?.closest('tr') ?? null;
  const all = [...(cell?.parentElement?.children ?? [])];
  if (cell === null || row === null) return;
  const at = all.indexOf(cell);
  const empty = (side === 'before' ? all.slice(0, at) : all.slice(at + 1)).map((one) => one.cloneNode(false));
  if (side === 'before') row.prepend(...empty);
  else row.append(...empty);
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

/** The most characters that one of these runs has. */
function longest(text: string, runs: RegExp): number {
  return [...text.matchAll(runs)].reduce((most, [run]) => Math.max(most, run.length), 0);
}

interface Block {
  readonly text: string;
  /** Of the element; '' for text between elements. */
  readonly name: string;
  /** Marked otherwise than the list before it, which it would become a part of. */
  readonly other?: boolean;
}

function joined(blocks: readonly Block[]): string {
  return blocks.map(({ text }) => text).join('\n\n');
}

/** The blocks in an element, in their order; text that stands between them is one. */
function blocksOf(parent: Node): Block[] {
  const found: Block[] = [];
  let text = '';
  const endText = (): void => {
    const trimmed = text.trim().replace(/\n{2,}/g, '\n');
    if (trimmed !== '') found.push({ text: trimmed, name: '' });
    text = '';
  };
  for (const node of parent.childNodes) {
    const made =
      node instanceof Element && !node.matches(skipped) ? blocksAt(node, text === '' ? found.at(-1) : undefined) : null;
    if (made === null) {
      text += inline(node);
      continue;
    }
    endText();
    found.push(...made.filter((one) => one.text !== ''));
  }
  endText();
  return found;
}

/** null for what stands within a line. */
function blocksAt(node: Element, before: Block | undefined): readonly Block[] | null {
  const name = node.localName;
  const one = (text: string): readonly Block[] => [{ text, name }];
  if (/^h[1-6]$/.test(name)) return one(heading(inlines(node).trim(), Number(name.charAt(1))));
  switch (name) {
    case 'p':
      if (!node.matches('.rawHtml')) return one(inlines(node).trim());
      return one(kept(node.textContent ?? ''));
    case 'pre':
      // What could not be formatted is shown as it is written.
      return one(node.closest('.plainPart') === null ? fenced(node) : kept(node.textContent ?? ''));
    case 'blockquote':
      return one(prefixed(joined(blocksOf(node)), '> ', '> '));
    case 'ul':
    case 'ol': {
      const other = before?.name === name && before.other !== true;
      return [{ text: list(node, other), name, other }];
    }
    case 'table':
      return one(table(node));
    case 'hr':
      return one(node.closest('li') === null ? '---' : '___');
    default:
      if (node.matches('.bubbleText')) return one(kept(node.textContent ?? ''));
      return node.localName === 'div' || node.querySelector('p, pre, div, ul, ol, table') !== null
        ? blocksOf(node)
        : null;
  }
}

function heading(text: string, depth: number): string {
  if (text === '') return '';
  return text.includes('\n') && depth < 3
    ? `${text}\n${depth === 1 ? '===' : '---'}`
    : `${'#'.repeat(depth)} ${text.replace(/\\?\n/g, ' ')}`;
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
      return node.closest('td, th') === null ? '\\\n' : '<br>';
    default:
      return link(text(), node.getAttribute('data-source') ?? '');
  }
}

function wrapped(text: string, mark: string): string {
  const inner = text.trim();
  // Beside a blank they would be no marks.
  return inner === '' ? text : text.replace(inner, () => `${mark}${inner}${mark}`);
}

function coded(text: string, inCell: boolean): string {
  if (text === '') return '';
  const ticks = longest(text, /`+/g);
  const mark = '`'.repeat(ticks + 1);
  // A blank at both ends is taken off again.
  const padding = ticks > 0 || (/^ .* $/s.test(text) && text.trim() !== '') ? ' ' : '';
  const code = `${mark}${padding}${text}${padding}${mark}`;
  return kept(inCell ? code.replaceAll('|', '\\|') : code);
}

/** As it is written: `](address)` stands behind the text; an address as it stands, and a picture, are there in whole. */
function link(text: string, source: string): string {
  if (text === '' || source === '') return text;
  if (source.startsWith(']')) return `[${withPairedBrackets(text)}${source}`;
  return source.startsWith('!') || source === `<${text}>` ? source : text;
}

/** A bracket without another one is escaped in the text of a link. */
function withPairedBrackets(text: string): string {
  let open = 0;
  for (const [bracket] of text.matchAll(/\\.|[[\]]/gs)) {
    if (bracket === '[') open += 1;
    else if (bracket === ']') open -= 1;
    if (open < 0) break;
  }
  return open === 0 ? text : text.replace(/\\.|[[\]]/gs, (one) => (one.length > 1 ? one : `\\${one}`));
}

function fenced(node: Element): string {
  const text = (node.querySelector('code') ?? node).textContent ?? '';
  const info = node.matches('.diff') ? 'diff' : (node.closest<HTMLElement>('.codeBlock')?.dataset['info'] ?? '');
  const [mark, runs] = info.includes('`') ? (['~', /~+/g] as const) : (['`', /`+/g] as const);
  const fence = mark.repeat(Math.max(2, longest(text, runs)) + 1);
  return kept(`${fence}${info}\n${text.replace(/\n$/, '')}\n${fence}`);
}

function list(node: Element, other: boolean): string {
  const start = Number(node.getAttribute('start') ?? 1);
  const isOrdered = node.localName === 'ol';
  const isLoose = node.querySelector(':scope > li > p') !== null;
  return [...node.children]
    .map((child, index) =>
      item(child, isOrdered ? `${start + index}${other ? ')' : '.'} ` : other ? '* ' : '- ', isLoose),
    )
    .join(isLoose ? '\n\n' : '\n');
}

function item(node: Element, mark: string, isLoose: boolean): string {
  const blocks = blocksOf(node);
  const box = node.querySelector(':scope > input');
  // It stands before words only.
  const isTask = box !== null && /^p?$/.test(blocks[0]?.name ?? 'none');
  let text = isTask ? (box.matches(':checked') ? '[x] ' : '[ ] ') : '';
  let before: Block | undefined;
  for (const block of blocks) {
    if (before !== undefined) text += !isLoose && isApart(before, block) ? '\n' : '\n\n';
    text += block.text;
    before = block;
  }
  return prefixed(text, mark, ' '.repeat(mark.length));
}

/** Whether one block ends where another begins, without a blank line. */
function isApart({ name: before }: Block, { name: after }: Block): boolean {
  if (/^(?:pre|hr|h\d)$/.test(before)) return true;
  return before !== after && /^(?:pre|[uo]l|blockquote|h\d)$/.test(after);
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
