/** Loaded into a page by the Markdown tests: renders texts whole and streamed, and compares. */
import { html, render } from 'lit-html';
import { renderAlone } from '../../../src/webview/dom/bounded';
import { codeLook, loadHighlighter } from '../../../src/webview/markdown/code';
import { renderBlocks } from '../../../src/webview/markdown/render';
import { MarkdownStream } from '../../../src/webview/markdown/stream';

/** The DOM below a place without lit's markers. Raw HTML is text in it, so nothing else looks like a comment. */
function domOf(place: Element): string {
  return place.innerHTML.replace(/<!--[^>]*-->/g, '');
}

function place(): HTMLElement {
  const made = document.createElement('div');
  made.className = 'markdown';
  return made;
}

/** A text that is complete, rendered whole. */
function renderMarkdown(text: string): unknown {
  const stream = new MarkdownStream();
  stream.update(text, true);
  return renderBlocks(stream.blocks);
}

function whole(text: string): string {
  const into = place();
  render(html`${renderMarkdown(text)}`, into);
  const dom = domOf(into);
  return dom;
}

/**
 * The DOM of a streamed text. `settle` false leaves the last whole lexing out; `drawn` says after which pieces a frame
 * is drawn: several often come between two.
 */
function streamed(pieces: readonly string[], settle: boolean, drawn: () => boolean = () => true): string {
  const into = place();
  const stream = new MarkdownStream();
  let text = '';
  for (const piece of pieces) {
    text += piece;
    stream.update(text, false);
    if (drawn()) render(html`${renderBlocks(stream.blocks)}`, into);
  }
  if (settle) {
    stream.update(text, true);
    render(html`${renderBlocks(stream.blocks)}`, into);
  }
  const dom = domOf(into);
  return dom;
}

/** Numbers that are the same in every run: mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Pieces of up to 24 characters, or of another length; each split has a longest one of its own. */
function split(text: string, random: () => number, most = 24): readonly string[] {
  const pieces: string[] = [];
  const longest = 1 + Math.floor(random() * most);
  for (let at = 0; at < text.length; ) {
    const length = 1 + Math.floor(random() * longest);
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}

export interface Difference {
  readonly text: string;
  readonly pieces: readonly string[];
  readonly streamed: string;
  readonly whole: string;
}

/** Streams each text in `times` random splits and returns what came out otherwise than whole. */
function compare(texts: readonly string[], times: number, seed: number): readonly Difference[] {
  const differences: Difference[] = [];
  for (const [index, text] of texts.entries()) {
    const random = randomFrom(seed + index);
    const expected = whole(text);
    // Short texts can be split in a few ways only.
    const tried = new Set<string>();
    for (let time = 0; time < times; time++) {
      const pieces = split(text, random);
      const lengths = pieces.map((piece) => piece.length).join();
      if (tried.has(lengths)) continue;
      tried.add(lengths);
      const dom = streamed(pieces, true, () => random() < 0.3);
      if (dom !== expected) {
        differences.push({ text, pieces, streamed: dom, whole: expected });
        break;
      }
    }
  }
  return differences;
}

/** True when what follows this text would be taken into its last block, as into a fence that is never closed. */
function staysOpen(text: string): boolean {
  return !whole(`${text}\n\nWhat follows`).endsWith('<p dir="auto">What follows</p>');
}

/**
 * Streams one long document in `times` random splits, in pieces from a character or two to a screenful, with a frame
 * drawn now and then.
 */
function compareLong(text: string, times: number, seed: number): readonly Difference[] {
  const random = randomFrom(seed);
  const expected = whole(text);
  for (let time = 0; time < times; time++) {
    // Small pieces take long and are what the examples are split into by themselves: here the larger ones prevail.
    const pieces = split(text, random, 2 + Math.floor(2 ** (random() ** 0.3 * 10)));
    const frames = 2 / pieces.length;
    const dom = streamed(pieces, true, () => random() < frames);
    if (dom !== expected) return [{ text, pieces, streamed: dom, whole: expected }];
  }
  return [];
}

/** Streams a text and counts, for each piece, the DOM nodes that were touched outside the last blocks. */
function touched(pieces: readonly string[], tail: number): number {
  const into = place();
  const stream = new MarkdownStream();
  let text = '';
  let outside = 0;
  for (const piece of pieces) {
    const before = [...into.children].slice(0, -tail);
    const observer = new MutationObserver(() => {});
    for (const child of before)
      observer.observe(child, { subtree: true, childList: true, characterData: true, attributes: true });
    text += piece;
    stream.update(text, false);
    render(html`${renderBlocks(stream.blocks)}`, into);
    outside += observer.takeRecords().length + before.filter((child) => !into.contains(child)).length;
    observer.disconnect();
  }
  return outside;
}

/** A part that fails when half of it stands in the DOM already: what is shown of it then. */
function failsHalfway(): string {
  const into = place();
  function* pieces(): Generator<unknown> {
    yield html`<i>half</i>`;
    throw new Error('the other half');
  }
  renderAlone(
    into,
    () => html`<b>drawn</b>${pieces()}`,
    () => html`<pre>as its text</pre>`,
  );
  return domOf(into);
}

const harness = {
  failsHalfway,
  whole,
  streamed,
  compare,
  compareLong,
  staysOpen,
  touched,
  split,
  randomFrom,
  loadHighlighter,
  codeLook,
};
export type MarkdownHarness = typeof harness;
Object.assign(window, { markdown: harness });
