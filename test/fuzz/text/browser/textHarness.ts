/** Loaded into a page: renders the text of a seed whole and streamed, and says what is wrong. */
import { html, render } from 'lit-html';
import { onPartFailed } from '../../../../src/webview/dom/bounded';
import { copySelection } from '../../../../src/webview/dom/copyMarkdown';
import { restoreEscapes } from '../../../../src/webview/dom/escapes';
import { loadHighlighter } from '../../../../src/webview/markdown/code';
import { type Lexing, type LinkTable, lex, lexRun } from '../../../../src/webview/markdown/lex';
import { limits } from '../../../../src/webview/markdown/limits';
import { renderBlocks } from '../../../../src/webview/markdown/render';
import { MarkdownStream } from '../../../../src/webview/markdown/stream';
import { type Random, randomFrom, textOf } from '../generate';
import { meantOf } from '../meant';
import { drawnOtherwise } from './copies';

/** What a case found; null when all is well. */
export interface TextProblem {
  readonly what: string;
  readonly text: string;
  readonly more: string;
}

let thrown: unknown = null;
onPartFailed((error) => {
  thrown ??= error;
});

/** The panel would show the text as it is: here it is a finding. */
const told =
  <T>(way: (source: string, known: LinkTable) => T) =>
  (source: string, known: LinkTable): T => {
    try {
      return way(source, known);
    } catch (error) {
      thrown ??= error;
      throw error;
    }
  };
const lexing: Lexing = { whole: told(lex), run: told(lexRun) };

function domOf(place: Element): string {
  return place.innerHTML.replace(/<!--[^>]*-->/g, '');
}

function place(): HTMLElement {
  const made = document.createElement('div');
  made.className = 'markdown';
  return made;
}

function whole(text: string): HTMLElement {
  const into = place();
  const stream = new MarkdownStream(lexing);
  stream.update(text, true);
  render(html`${renderBlocks(stream.blocks)}`, into);
  return into;
}

function streamed(text: string, random: Random): string {
  const into = place();
  const stream = new MarkdownStream(lexing);
  // A long text comes in large pieces.
  const pieces = 2 + random() * (text.length > 3000 ? 10 : 40);
  const drawn = 3 / pieces;
  for (let at = 0; at < text.length; ) {
    at += 1 + Math.floor((random() * 2 * text.length) / pieces);
    stream.update(text.slice(0, at), false);
    if (random() < drawn) render(html`${renderBlocks(stream.blocks)}`, into);
  }
  stream.update(text, true);
  render(html`${renderBlocks(stream.blocks)}`, into);
  return domOf(into);
}

/** How deep elements lie in each other. */
function depthOf(element: Element): number {
  let deepest = 0;
  for (const child of element.children) deepest = Math.max(deepest, depthOf(child));
  return deepest + 1;
}

/** A quote or an item is two elements deep, what is in a line one; what is around them a few more. */
const deepest = 2 * limits.depth + limits.inlineDepth + 12;

function check(text: string, seed: number): string | null {
  thrown = null;
  const shown = whole(text);
  if (thrown !== null) return `it throws ${String(thrown)}`;
  const depth = depthOf(shown);
  if (depth > deepest) return `${depth} elements lie in each other`;
  const dom = domOf(shown);
  for (let time = 0; time < (text.length > 3000 ? 1 : 2); time += 1) {
    const other = streamed(text, randomFrom(seed + time));
    if (thrown !== null) return `streamed, it throws ${String(thrown)}`;
    if (other !== dom) return `streamed (${time}), it becomes\n${other}\ninstead of\n${dom}`;
  }
  return copied(shown, randomFrom(seed));
}

/** Selections of a text besides all of it. */
const selections = 6;

/** Copying must not throw, and whatever is selected holds the code of it to the letter (L65). */
function copied(shown: HTMLElement, random: Random): string | null {
  document.body.append(shown);
  try {
    const selection = document.getSelection();
    const texts = textsIn(shown);
    for (let n = 0; selection !== null && n <= selections; n += 1) {
      selection.selectAllChildren(shown);
      if (n > 0 && texts.length > 0) {
        selection.setBaseAndExtent(...somewhere(texts, random), ...somewhere(texts, random));
      }
      const data = new DataTransfer();
      copySelection(new ClipboardEvent('copy', { clipboardData: data }));
      const problem = selection.isCollapsed
        ? null
        : codeLost(shown, withoutEmptyEnds(selection.getRangeAt(0), texts), data.getData('text/plain'));
      if (problem !== null) return problem;
    }
    return null;
  } catch (error) {
    return `copied, it throws ${String(error)}`;
  } finally {
    shown.remove();
  }
}

function textsIn(shown: Element): readonly Text[] {
  const walker = document.createTreeWalker(shown, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  for (let node = walker.nextNode(); node instanceof Text; node = walker.nextNode()) texts.push(node);
  return texts;
}

const characters = new Intl.Segmenter();

/** Between two characters, as one selects. */
function somewhere(texts: readonly Text[], random: Random): readonly [Text, number] {
  const node = texts[Math.floor(random() * texts.length)] as Text;
  const at = Math.floor(random() * (node.length + 1));
  return [node, characters.segment(node.data).containing(at)?.index ?? node.length];
}

/** The text of a range; a hidden character is drawn as `\\u{…}`, and is copied, also where a part of that is selected. */
function writtenIn(range: Range): string {
  const part = document.createElement('div');
  const drawn = range.commonAncestorContainer.parentElement?.closest('[data-character]');
  part.append(drawn == null ? range.cloneContents() : drawn.cloneNode(true));
  restoreEscapes(part);
  return part.textContent ?? '';
}

/** What of a piece of code is selected; '' for nothing. */
function selectedOf(code: Element, range: Range): string {
  if (!range.intersectsNode(code)) return '';
  const part = range.cloneRange();
  if (!code.contains(part.startContainer)) part.setStart(code, 0);
  if (!code.contains(part.endContainer)) part.setEnd(code, code.childNodes.length);
  return writtenIn(part);
}

/** Marks of lists and quotes that code may lie in. */
const around = /^[ >\d.)+*-]*$/;

/** Each selected line of code stands in the copy as it is, behind nothing but the marks of what it lies in. */
function codeLost(shown: Element, range: Range, copy: string): string | null {
  const lines = copy.split('\n');
  for (const code of shown.querySelectorAll(':not(pre) > code')) {
    const text = selectedOf(code, range);
    if (text.trim() === '') continue;
    const ways = [text, text.replaceAll('|', '\\|')].flatMap((way) => [`\`${way}\``, `\` ${way} \``]);
    const isThere = code.contains(range.commonAncestorContainer)
      ? copy === text
      : ways.some((way) => copy.includes(way));
    if (!isThere) return `the code in a line ${JSON.stringify(text)} is not in the copy ${JSON.stringify(copy)}`;
  }
  for (const code of shown.querySelectorAll('pre > code')) {
    const text = selectedOf(code, range);
    if (text.trim() === '') continue;
    if (code.contains(range.commonAncestorContainer)) {
      if (copy !== text) return `of code ${JSON.stringify(text)} is copied ${JSON.stringify(copy)}`;
      continue;
    }
    const wanted = text.replace(/\n$/, '').split('\n');
    const isAt = (start: number): boolean =>
      wanted.every((line, at) => {
        const there = lines[start + at] ?? null;
        return there?.endsWith(line) === true && around.test(there.slice(0, there.length - line.length));
      });
    if (!lines.some((_, start) => isAt(start)))
      return `the code ${JSON.stringify(text)} is not in the copy ${JSON.stringify(copy)}`;
  }
  return null;
}

/** What is meant is drawn again from its copy as it was, all of it and each part of it (L65). */
function copiedAgain(text: string, random: Random): string | null {
  const shown = whole(text);
  document.body.append(shown);
  try {
    const selection = document.getSelection();
    const texts = textsIn(shown);
    for (let n = 0; selection !== null && n <= selections; n += 1) {
      selection.selectAllChildren(shown);
      if (n > 0) selection.setBaseAndExtent(...somewhere(texts, random), ...somewhere(texts, random));
      const data = new DataTransfer();
      copySelection(new ClipboardEvent('copy', { clipboardData: data }));
      const copy = data.getData('text/plain');
      if (n === 0 && domOf(whole(copy)) !== domOf(shown))
        return `the copy ${JSON.stringify(copy)} is drawn as\n${domOf(whole(copy))}\ninstead of\n${domOf(shown)}`;
      const problem = drawnOtherwise(withoutEmptyEnds(selection.getRangeAt(0), texts), copy, whole);
      if (problem !== null) return problem;
    }
    return null;
  } finally {
    shown.remove();
  }
}

/** From the first text that something is selected of to the last. */
function withoutEmptyEnds(selected: Range, texts: readonly Text[]): Range {
  const range = selected.cloneRange();
  const parts = texts.filter((node) => {
    if (!selected.intersectsNode(node) || node.parentElement?.closest('button, .codeHeader') != null) return false;
    const from = node === selected.startContainer ? selected.startOffset : 0;
    const part = node.data.slice(from, node === selected.endContainer ? selected.endOffset : node.length);
    return part.trim() !== '' || (part !== '' && node.parentElement?.closest('code') != null);
  });
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined) return range;
  if (first !== selected.startContainer) range.setStart(first, 0);
  if (last !== selected.endContainer) range.setEnd(last, last.length);
  return range;
}

const harness = {
  loadHighlighter,
  /** Runs the cases of these seeds; the answers are in their order. */
  run(seeds: readonly number[], examples: readonly string[]): readonly (TextProblem | null)[] {
    return seeds.map((seed) => {
      const [any, meant] = [textOf(seed, examples), meantOf(seed)];
      const found = check(any, seed);
      const text = found === null ? meant : any;
      const what = found ?? copiedAgain(meant, randomFrom(seed));
      return what === null ? null : { what: what.split('\n')[0] ?? '', text, more: what };
    });
  },
};
export type TextHarness = typeof harness;
Object.assign(window, { anyText: harness });
