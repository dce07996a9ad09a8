/**
 * The transcript follows its tail until the user scrolls up by so much as one tick; then it stays where it is until
 * they come back to the end. While the pointer is held down in it, as to select, the tail waits.
 */

/** Nearer to the end than this counts as being there. */
const nearEnd = 2;

/** Pixels that the way back to the end covers: with no more below it would hide what it leads to. */
const coveredByPill = 40;

/** A scroll has come to rest when there was none for so many ms. */
const restMs = 150;

/** What is told of the scrolling. */
export interface ScrollSink {
  /** It follows the tail from now on, or no longer. */
  changed(): void;
  /** What is shown begins less than a screen above. Called as often as that is seen, also while it is being laid out. */
  nearTop(): void;
  /** Where it is has come to rest after a change, or is asked to. */
  rested(): void;
}

/**
 * What has grown is seen by the platform, once it has laid it out and before it is drawn: so nothing is laid out for the
 * sake of scrolling, and what grows later, as an image does, is followed as well.
 */
export class TailScroll {
  readonly #watcher: ResizeObserver;
  #attached = true;
  #held = false;
  /** The pointer is held down in the box. */
  #pressed = false;
  /** What was gone to in the box to type, and has not been scrolled out of sight since. */
  #field: Element | null = null;
  readonly #disposed = new AbortController();
  /** More is below than the way back to it would cover. */
  #hasBelow = false;
  #lastTop = 0;
  #lastHeight = 0;
  #resting: ReturnType<typeof setTimeout> | null = null;

  /** `box` scrolls, `content` is all that is in it. */
  constructor(
    readonly box: HTMLElement,
    content: HTMLElement,
    private readonly sink: ScrollSink,
  ) {
    box.addEventListener('wheel', (event) => this.#wheel(event), { passive: true });
    box.addEventListener('keydown', (event) => this.#key(event));
    box.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    const { signal } = this.#disposed;
    box.addEventListener('pointerdown', ({ button }) => {
      this.#pressed = button === 0;
    });
    // It may be let go anywhere, or where nothing tells of it.
    window.addEventListener('pointerup', () => this.#letGo(), { signal });
    window.addEventListener('pointercancel', () => this.#letGo(), { signal });
    box.addEventListener('pointermove', ({ buttons }) => buttons === 0 && this.#letGo(), { passive: true });
    box.addEventListener('focusin', ({ target }) => {
      this.#field = target instanceof Element && target.matches('input, textarea') ? target : null;
    });
    this.#watcher = new ResizeObserver((sizes) => {
      if (!this.#held && !this.#pressed) this.#goOn();
      // In a narrower panel what stands above a field is taller.
      const field = sizes.some(({ target }) => target === box) ? this.#field : null;
      if (field !== null && field === document.activeElement) this.reveal(field, false, coveredByPill);
      this.#look();
    });
    this.#watcher.observe(box);
    this.#watcher.observe(content);
  }

  dispose(): void {
    this.#watcher.disconnect();
    this.#disposed.abort();
    this.#moves();
  }

  /** It may be its end: what waits for the scroll to come to rest is done now. */
  rest(): void {
    if (this.#resting === null) return;
    this.#moves();
    this.sink.rested();
  }

  get attached(): boolean {
    return this.#attached;
  }

  /** The user has left the end, and something of it is out of sight. */
  get isAway(): boolean {
    return !this.#attached && this.#hasBelow;
  }

  /** Pixels from the top; null while it follows the tail. */
  get position(): number | null {
    return this.#attached ? null : this.box.scrollTop;
  }

  /** After what is held has been drawn: it has moved nothing, and is over. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#remember();
    this.#set(this.#atEnd());
  }

  /**
   * Brings what is in the box into sight, from its start when it is taller; or to the top. Not by the document's own way, which also
   * moves the frames around the panel by what little they can be scrolled. `below`: pixels that stay between it and the end of the box.
   */
  reveal(element: Element, toTop = false, below = 0): void {
    const inner = element.getBoundingClientRect();
    const outer = this.box.getBoundingClientRect();
    if (toTop || inner.top < outer.top || inner.height > outer.height) this.box.scrollTop += inner.top - outer.top;
    else if (inner.bottom + below > outer.bottom) this.box.scrollTop += inner.bottom + below - outer.bottom;
    // It is looked at: what grows meanwhile does not take it away.
    if (!this.#atEnd()) this.#set(false);
    this.#remember();
  }

  /** Scrolls so that what is in the box is at `top` again, in the window: it is looked at, and nothing takes it away. */
  keepAt(element: Element, top: number): void {
    this.box.scrollTop += element.getBoundingClientRect().top - top;
    if (!this.#atEnd()) this.#set(false);
    this.#remember();
  }

  /**
   * Brings a range of the text into sight where it is not, to the middle: also sideways, in what scrolls within the box.
   * `covered` pixels at the top are not seen. `stays`: what grows meanwhile does not take it away.
   */
  revealRange(range: Range, covered: number, stays: boolean): void {
    for (
      let inner = range.startContainer.parentElement;
      inner !== null && inner !== this.box;
      inner = inner.parentElement
    ) {
      if (inner.scrollWidth <= inner.clientWidth || getComputedStyle(inner).overflowX !== 'auto') continue;
      const { left, right } = range.getBoundingClientRect();
      const outer = inner.getBoundingClientRect();
      if (left < outer.left || right > outer.right) inner.scrollLeft += (left + right - outer.left - outer.right) / 2;
    }
    const { top, bottom } = range.getBoundingClientRect();
    const outer = this.box.getBoundingClientRect();
    if (top < outer.top + covered || bottom > outer.bottom)
      this.box.scrollTop += (top + bottom - outer.top - outer.bottom) / 2;
    if (stays || !this.#atEnd()) this.#set(false);
    this.#remember();
  }

  /** The next change of the content is the user's own doing: it moves nothing. */
  hold(): void {
    this.#held = true;
  }

  jumpToLatest(): void {
    this.#held = false;
    this.#set(true);
    this.#follow();
  }

  restore(top: number | null): void {
    this.#set(top === null);
    if (top === null) this.#follow();
    else {
      this.box.scrollTop = top;
      this.#remember();
    }
  }

  /** What `draw` puts above what is being read moves nothing of it. */
  growAbove(draw: () => void): void {
    if (this.#attached) {
      draw();
      this.#follow();
      return;
    }
    const fromEnd = this.box.scrollHeight - this.box.scrollTop;
    draw();
    this.restore(this.box.scrollHeight - fromEnd);
  }

  #letGo(): void {
    if (!this.#pressed) return;
    this.#pressed = false;
    this.#goOn();
  }

  /** Follows, unless it has just been moved up: by a focus that went there, or in a frame whose scroll event is still to come. */
  #goOn(): void {
    if (this.#attached && this.#movedUp()) this.#set(false);
    this.#follow();
  }

  #follow(): void {
    if (!this.#attached) return;
    this.box.scrollTop = this.box.scrollHeight;
    this.#remember();
  }

  #remember(): void {
    this.#lastTop = this.box.scrollTop;
    this.#lastHeight = this.box.scrollHeight;
  }

  #wheel(event: WheelEvent): void {
    // Said by the wheel itself: a scroll event would come only after the next delta has pulled the text down again.
    if (event.deltaY < 0 && !this.#turnsWithin(event)) this.#leaveTail();
  }

  /** What lies in the box scrolls itself, or to a side. */
  #turnsWithin({ target, deltaX, deltaY }: WheelEvent): boolean {
    let inner = target as Element | null;
    while (inner !== null && inner !== this.box && inner.scrollTop === 0) inner = inner.parentElement;
    return inner !== this.box || Math.abs(deltaX) > -deltaY;
  }

  #key(event: KeyboardEvent): void {
    if (['ArrowUp', 'PageUp', 'Home'].includes(event.key)) this.#leaveTail();
  }

  #leaveTail(): void {
    if (this.#attached && this.box.scrollHeight > this.box.clientHeight) this.#set(false);
  }

  #look(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    if (scrollTop < clientHeight) this.sink.nearTop();
    const hasBelow = scrollHeight - scrollTop - clientHeight > coveredByPill;
    if (hasBelow === this.#hasBelow) return;
    this.#hasBelow = hasBelow;
    if (!this.#attached) this.sink.changed();
  }

  #scrolled(): void {
    const { scrollTop } = this.box;
    this.#look();
    // Where it was brought to by following: nothing that the user did.
    if (scrollTop === this.#lastTop) return;
    if (this.#field !== null && !this.#sees(this.#field)) this.#field = null;
    if (this.#attached && this.#movedUp()) this.#set(false);
    else if (!this.#attached && this.#atEnd() && scrollTop > this.#lastTop) this.#set(true);
    this.#remember();
    this.#restSoon();
  }

  /** The scrollbar, a selection or a focus moved it up; a shrinking content moves it without the user. */
  #movedUp(): boolean {
    const { scrollTop, scrollHeight } = this.box;
    return scrollTop < this.#lastTop - 1 && scrollHeight >= this.#lastHeight && !this.#atEnd();
  }

  #sees(element: Element): boolean {
    const { top, bottom } = element.getBoundingClientRect();
    const outer = this.box.getBoundingClientRect();
    return top < outer.bottom && bottom > outer.top;
  }

  #restSoon(): void {
    this.#moves();
    this.#resting = setTimeout(() => this.rest(), restMs);
  }

  #moves(): void {
    clearTimeout(this.#resting ?? undefined);
    this.#resting = null;
  }

  #atEnd(): boolean {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    return scrollHeight - scrollTop - clientHeight <= nearEnd;
  }

  #set(attached: boolean): void {
    if (this.#attached === attached) return;
    this.#attached = attached;
    this.#restSoon();
    this.sink.changed();
  }
}
