/**
 * The transcript follows its tail until the user scrolls up by so much as one tick; then it stays where it is until
 * they come back to the end.
 */

/** Nearer to the end than this counts as being there. */
const nearEnd = 2;

export class TailScroll {
  readonly #watcher: ResizeObserver;
  #attached = true;
  #held = false;
  #lastTop = 0;
  #lastHeight = 0;

  constructor(
    private readonly box: HTMLElement,
    private readonly changed: () => void,
  ) {
    box.addEventListener('wheel', (event) => this.#wheel(event), { passive: true });
    box.addEventListener('keydown', (event) => this.#key(event));
    box.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.#watcher = new ResizeObserver(() => this.follow());
    this.#watcher.observe(box);
  }

  dispose(): void {
    this.#watcher.disconnect();
  }

  get attached(): boolean {
    return this.#attached;
  }

  /** Pixels from the top; null while it follows the tail. */
  get position(): number | null {
    return this.#attached ? null : this.box.scrollTop;
  }

  /** After the content has changed. */
  follow(): void {
    if (this.#held) {
      this.#held = false;
      this.#remember();
      this.#set(this.#atEnd());
      return;
    }
    if (!this.#attached) return;
    this.box.scrollTop = this.box.scrollHeight;
    this.#remember();
  }

  /**
   * Brings what is in the box into sight, from its start when it is taller. Not by the document's own way, which also
   * moves the frames around the panel by what little they can be scrolled.
   */
  reveal(element: Element): void {
    const inner = element.getBoundingClientRect();
    const outer = this.box.getBoundingClientRect();
    if (inner.top < outer.top || inner.height > outer.height) this.box.scrollTop += inner.top - outer.top;
    else if (inner.bottom > outer.bottom) this.box.scrollTop += inner.bottom - outer.bottom;
  }

  /** The next change of the content is the user's own doing: it moves nothing. */
  hold(): void {
    this.#held = true;
  }

  jumpToLatest(): void {
    this.#held = false;
    this.#set(true);
    this.follow();
  }

  restore(top: number | null): void {
    this.#set(top === null);
    if (top === null) this.follow();
    else {
      this.box.scrollTop = top;
      this.#remember();
    }
  }

  #remember(): void {
    this.#lastTop = this.box.scrollTop;
    this.#lastHeight = this.box.scrollHeight;
  }

  #wheel(event: WheelEvent): void {
    // Said by the wheel itself: a scroll event would come only after the next delta has pulled the text down again.
    const scrollable = this.box.scrollHeight > this.box.clientHeight;
    if (event.deltaY < 0 && scrollable) this.#set(false);
  }

  #key(event: KeyboardEvent): void {
    if (['ArrowUp', 'PageUp', 'Home'].includes(event.key) && this.box.scrollHeight > this.box.clientHeight)
      this.#set(false);
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight } = this.box;
    const atEnd = this.#atEnd();
    // The scrollbar or a selection moved it up; a shrinking content moves it without the user.
    const movedUp = scrollTop < this.#lastTop - 1 && scrollHeight >= this.#lastHeight;
    if (this.#attached && movedUp && !atEnd) this.#set(false);
    else if (!this.#attached && atEnd && scrollTop > this.#lastTop) this.#set(true);
    this.#remember();
    this.changed();
  }

  #atEnd(): boolean {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    return scrollHeight - scrollTop - clientHeight <= nearEnd;
  }

  #set(attached: boolean): void {
    if (this.#attached === attached) return;
    this.#attached = attached;
    this.changed();
  }
}
