/**
 * Turns names in code, and places in files wherever they stand, into links, where the host says that the workspace has
 * them: in place, so that nothing moves. Loaded when the first finished answer is on screen.
 */
import type { Intent } from '../../shared/intents';
import { type Answer, type Linkable, maxLinkable } from '../../shared/protocol';
import { strings } from '../l10n/strings';
import { placeTooltip } from '../markdown/tooltip';
import { type NamedPlace, placesNamed, type TextRun } from './placesInText';

/** ms; what was not found may be there by then: a service has read the project, somebody has written it. */
const unknownMs = 30_000;
/** Names that are remembered. */
const maxKnown = 2_000;

/** One or two names, with what calls them: "login", "Cart.add()", "Cart#add", "std::sort". */
const form = /^(?:[\p{L}_$][\p{L}\p{N}_$]*(?:\.|::|->|#)){0,4}[\p{L}_$][\p{L}\p{N}_$]{2,}(?:\([^()\n]{0,60}\))?$/u;
const maxLength = 100;

interface LinkAsks {
  ask(intent: Intent<'linkable'>): Promise<Answer<Linkable>>;
}

/** The name in a piece of code, without what calls it; null for what is none. */
export function symbolIn(code: string): string | null {
  const text = code.trim();
  return text.length <= maxLength && form.test(text) ? text.replace(/\(.*$/, '') : null;
}

/** What was asked about: when, and whether it is there. */
class Known {
  readonly #all = new Map<string, { readonly at: number; readonly there: boolean }>();

  has(name: string): boolean {
    return this.#all.get(name)?.there === true;
  }

  isToAsk(name: string): boolean {
    const one = this.#all.get(name);
    return one === undefined || (!one.there && Date.now() - one.at > unknownMs);
  }

  keep(names: readonly string[], there: readonly string[]): void {
    for (const name of names) this.#all.set(name, { at: Date.now(), there: there.includes(name) });
    for (const name of [...this.#all.keys()].slice(0, Math.max(0, this.#all.size - maxKnown))) this.#all.delete(name);
  }
}

/** Looks at the finished answers in the part of a box that is seen. */
export function createSymbolLinks(box: HTMLElement, asks: LinkAsks): { look(): void } {
  const symbols = new Known();
  const files = new Known();
  let asking = false;

  const look = (): void => {
    const seen = inSight(box);
    const wanted = new Set<string>();
    for (const block of seen.flatMap((answer) => blocksIn(answer, box))) {
      const { places, runs } = namedIn(block);
      for (const { path } of places.map(({ place }) => place)) if (files.isToAsk(path)) wanted.add(path);
      const there = places.filter(({ place }) => files.has(place.path));
      if (there.length > 0 && !isHeld(block)) link(runs, there);
    }
    const paths = [...wanted];
    for (const code of seen.flatMap((answer) => codeIn(answer, box))) {
      const name = symbolIn(code.textContent ?? '');
      mark(code, name !== null && symbols.has(name) ? name : null);
      if (name !== null && symbols.isToAsk(name)) wanted.add(`\0${name}`);
    }
    if (wanted.size > 0) void askFor([...wanted].slice(0, maxLinkable), paths.length);
  };

  const askFor = async (names: readonly string[], paths: number): Promise<void> => {
    if (asking) return;
    asking = true;
    const intent = { names: names.slice(paths).map((name) => name.slice(1)), files: names.slice(0, paths) };
    const answer = await asks.ask({ type: 'linkable', ...intent });
    asking = false;
    // What could not be asked for is no link: nothing is said of it.
    const there = answer.ok ? answer.value : { names: [], files: [] };
    symbols.keep(intent.names, there.names);
    files.keep(intent.files, there.files);
    look();
  };

  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLElement) || !event.target.matches('code[data-symbol]'))
      return;
    event.preventDefault();
    event.target.click();
  });
  return { look };
}

function isSeen(element: Element, box: HTMLElement): boolean {
  const { top, bottom } = box.getBoundingClientRect();
  const place = element.getBoundingClientRect();
  return place.bottom > top && place.top < bottom;
}

/** The finished answers that are on screen. */
function inSight(box: HTMLElement): readonly Element[] {
  return [...box.querySelectorAll('.answer:not(.running)')].filter((answer) => isSeen(answer, box));
}

/** The code of an answer that is on screen; what is a block or a link already, or has one in it, is none. */
function codeIn(answer: Element, box: HTMLElement): readonly HTMLElement[] {
  return [...answer.querySelectorAll<HTMLElement>('.markdown code')].filter(
    (code) => code.closest('a, pre') === null && code.querySelector('a') === null && isSeen(code, box),
  );
}

const textBlocks = 'p, li, td, th, h1, h2, h3, h4, h5, h6';
/** What a program has printed, a trace of calls, a report of a test: code of these languages, or of none. */
const printed = ['', 'text', 'txt', 'plaintext', 'log', 'console', 'output', 'traceback']
  .map((language) => `.codeBlock[data-language="${language}"] code`)
  .join();
const maxPrinted = 20_000;

/** The paragraphs, items, cells, headings and printed lines of an answer that are on screen. */
function blocksIn(answer: Element, box: HTMLElement): readonly Element[] {
  return [...answer.querySelectorAll('.markdown')]
    .flatMap((part) => [
      ...part.querySelectorAll(textBlocks),
      ...[...part.querySelectorAll(printed)].filter(
        (code) => code.querySelector('span:not(.escape)') === null && (code.textContent ?? '').length <= maxPrinted,
      ),
    ])
    .filter((block) => !block.matches('.rawHtml') && isSeen(block, box));
}

interface DrawnRun extends TextRun {
  /** null: something else stands there. */
  readonly node: Text | null;
}

/** What a block names, as long as its text is the same. */
const named = new WeakMap<Element, { readonly runs: readonly DrawnRun[]; readonly places: readonly NamedPlace[] }>();

function namedIn(block: Element): { readonly runs: readonly DrawnRun[]; readonly places: readonly NamedPlace[] } {
  const runs: DrawnRun[] = [];
  readRuns(block, block.matches('code') ? 'printed' : 'text', runs);
  const known = named.get(block);
  const isSame =
    known?.runs.length === runs.length &&
    known.runs.every(({ node, text }, at) => node === runs[at]?.node && text === runs[at]?.text);
  if (isSame) return known;
  const now = { runs, places: placesNamed(runs) };
  named.set(block, now);
  return now;
}

/** The text of a block, without that of the blocks in it. What cannot be a link parts what stands around it. */
function readRuns(parent: Element, kind: TextRun['kind'], runs: DrawnRun[]): void {
  const isWhole = parent.querySelector(':scope > .escape') === null;
  for (const child of parent.childNodes) {
    if (child instanceof Text) {
      if (child.data !== '') runs.push({ node: isWhole ? child : null, text: child.data, kind });
    } else if (child instanceof Element) {
      if (child.matches('strong, em, del')) readRuns(child, child.matches('strong') ? 'strong' : kind, runs);
      else if (child.matches('code:not([data-symbol])') && child.querySelector('a') === null)
        readRuns(child, 'code', runs);
      else if (child.matches('span[data-written]')) runs.push({ node: null, text: child.textContent ?? '', kind });
      else runs.push({ node: null, text: '\n', kind: 'text' });
    }
  }
}

/** What is selected, or marked as found, in a block stays so: its nodes are not replaced meanwhile. */
function isHeld(block: Element): boolean {
  const selection = getSelection();
  return CSS.highlights.size > 0 || (selection?.isCollapsed === false && selection.containsNode(block, true));
}

/**
 * Makes links of places. Their text nodes are replaced as a whole: where one of them is drawn anew (dom/growing.ts), it
 * takes the place of all that stands there.
 */
function link(runs: readonly DrawnRun[], places: readonly NamedPlace[]): void {
  let start = 0;
  for (const { node, text } of runs) {
    const end = start + text.length;
    const pieces: Node[] = [];
    let from = start;
    for (const one of places) {
      if (one.start < from || one.end > end) continue;
      pieces.push(
        new Text(text.slice(from - start, one.start - start)),
        anchor(one, text.slice(one.start - start, one.end - start)),
      );
      from = one.end;
    }
    if (node !== null && pieces.length > 0) node.replaceWith(...pieces, new Text(text.slice(from - start)));
    start = end;
  }
}

/** As a link that is drawn so (markdown/render.ts). */
function anchor({ place }: NamedPlace, text: string): HTMLAnchorElement {
  const made = document.createElement('a');
  made.href = '#';
  made.title = placeTooltip(place);
  made.dataset['path'] = place.path;
  for (const field of ['line', 'column', 'end'] as const)
    if (place[field] !== null) made.dataset[field] = String(place[field]);
  made.textContent = text;
  return made;
}

function mark(code: HTMLElement, name: string | null): void {
  if ((code.dataset['symbol'] ?? null) === name) return;
  if (name === null) {
    for (const attribute of ['data-symbol', 'role', 'tabindex', 'title']) code.removeAttribute(attribute);
    return;
  }
  code.dataset['symbol'] = name;
  code.role = 'link';
  code.tabIndex = 0;
  code.title = strings.openSymbol(name);
}
