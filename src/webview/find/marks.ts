/** Marks what is found where it stands, by CSS alone: the document stays as it is, with all that is selected in it. */
import { DrawnWords } from './words';

/** The names that the stylesheet has for them. */
const all = 'preludeFound';
const current = 'preludeFoundNow';

/** Marks are looked for again at most this often, ms: what is marked already stays so. */
const restMs = 100;

/** What is marked on the screen, and which one is gone to. */
export class Marks {
  #pattern: RegExp | null = null;
  #current: { readonly place: string; readonly nth: number } | null = null;
  /** Gone to as a whole. */
  #element: Element | null = null;
  #waiting: ReturnType<typeof setTimeout> | null = null;
  #last = Number.NEGATIVE_INFINITY;

  constructor(private readonly box: HTMLElement) {
    box.addEventListener('scroll', () => this.soon(), { passive: true });
  }

  /** What is marked from now on; null for nothing. */
  set pattern(pattern: RegExp | null) {
    this.#pattern = pattern;
    if (pattern === null) {
      this.#current = null;
      this.#element = null;
    }
    this.draw();
  }

  /** The one that is gone to. */
  show(place: string | null, nth: number): void {
    this.#current = place === null ? null : { place, nth };
    this.#element = null;
    this.draw();
  }

  /** What has words somewhere that are not among those that are drawn. */
  showElement(element: Element): void {
    this.#current = null;
    this.#element = element;
    this.draw();
  }

  /** After something was drawn or scrolled. */
  soon(): void {
    if (this.#pattern === null || this.#waiting !== null) return;
    const rest = Math.max(0, this.#last + restMs - performance.now());
    this.#waiting = setTimeout(() => this.draw(), rest);
  }

  /** The element of a piece of the transcript; null while it is not drawn. */
  elementOf(place: string): HTMLElement | null {
    return this.box.querySelector<HTMLElement>(`[data-place="${CSS.escape(place)}"]`);
  }

  /** The matches of a piece that is drawn, in their order. */
  rangesIn(element: Element): readonly StaticRange[] {
    return this.#pattern === null ? [] : new DrawnWords(element).matches(this.#pattern);
  }

  /** Where the match is that is gone to. */
  rangeOf(place: string, nth: number): Range | null {
    const element = this.elementOf(place);
    const ranges = element === null ? [] : this.rangesIn(element);
    const found = ranges[Math.min(nth, ranges.length - 1)];
    return found === undefined ? null : liveRange(found);
  }

  /** Of what is on the screen, or less than one away from it. */
  draw(): void {
    if (this.#waiting !== null) clearTimeout(this.#waiting);
    this.#waiting = null;
    this.#last = performance.now();
    const others: StaticRange[] = [];
    const now: AbstractRange[] = [];
    if (this.#pattern !== null) {
      for (const element of this.#near()) {
        const ranges = this.rangesIn(element);
        const isHere = this.#current !== null && element.dataset['place'] === this.#current.place;
        const at = isHere ? Math.min(this.#current?.nth ?? 0, ranges.length - 1) : -1;
        for (const [index, range] of ranges.entries()) (index === at ? now : others).push(range);
      }
    }
    if (this.#element?.isConnected === true) {
      const whole = document.createRange();
      whole.selectNodeContents(this.#element);
      now.push(whole);
    }
    mark(all, others);
    mark(current, now);
  }

  #near(): readonly HTMLElement[] {
    const { top, bottom, height } = this.box.getBoundingClientRect();
    return [...this.box.querySelectorAll<HTMLElement>('[data-place]')].filter((element) => {
      const place = element.getBoundingClientRect();
      return place.bottom >= top - height && place.top <= bottom + height;
    });
  }
}

/** The same range, which knows where it is on the screen. */
export function liveRange({ startContainer, startOffset, endContainer, endOffset }: StaticRange): Range {
  const range = document.createRange();
  range.setStart(startContainer, startOffset);
  range.setEnd(endContainer, endOffset);
  return range;
}

function mark(name: string, ranges: readonly AbstractRange[]): void {
  if (ranges.length === 0) CSS.highlights.delete(name);
  else {
    const highlight = new Highlight();
    for (const range of ranges) highlight.add(range);
    highlight.priority = name === current ? 1 : 0;
    CSS.highlights.set(name, highlight);
  }
}
