/** The calls that wait for the user: which of their cards are out of sight, and the way to the next. */
import type { ChatState } from '../../shared/chat';
import type { TailScroll } from '../dom/scroll';

/** Of a card that is in sight at least so much is. */
const enough = 0.5;

/** Watches the cards that are drawn. */
export class Waiting {
  readonly #observer: IntersectionObserver;
  readonly #watched = new Set<Element>();
  readonly #inSight = new Set<Element>();
  #chat: ChatState | null = null;
  #count = 0;
  /** How many calls have cards out of sight: another number is drawn anew. */
  outOfSight = 0;
  /** What is to be reviewed as soon as it is drawn: what an answer has changed, or the next that waits. */
  wanted: { readonly answer: string | null } | null = null;
  /** The key of a code block's card that is to be shown as soon as it is drawn. */
  cardWanted: string | null = null;
  /** All of them are edits. */
  isEdits = false;

  constructor(
    private readonly box: HTMLElement,
    private readonly scroll: TailScroll,
    private readonly changed: () => void,
  ) {
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries), { root: box, threshold: enough });
  }

  dispose(): void {
    this.#observer.disconnect();
  }

  /** After each drawing: cards may have come or gone. */
  drawn(chat: ChatState | null): void {
    if (chat !== this.#chat) {
      this.#chat = chat;
      this.#count = waitingIn(chat);
    }
    if (this.#count === 0 && this.#watched.size === 0) return;
    const cards = new Set<Element>(this.#cards);
    const { cardWanted } = this;
    const wanted =
      cardWanted === null ? undefined : this.#cards.find((card) => card.dataset['approval'] === cardWanted);
    if (wanted !== undefined) {
      this.cardWanted = null;
      // Once the view has followed what came.
      requestAnimationFrame(() => this.#show(wanted));
    }
    for (const card of this.#watched) {
      if (cards.has(card)) continue;
      this.#observer.unobserve(card);
      this.#watched.delete(card);
      this.#inSight.delete(card);
    }
    for (const card of cards) {
      if (this.#watched.has(card)) continue;
      this.#watched.add(card);
      // Until it is known to be out of sight nothing is said of it.
      this.#inSight.add(card);
      this.#observer.observe(card);
    }
    this.#tell();
  }

  /** After a drawing with all that is to be drawn: true where it went there, false where nothing is, null: nothing is wanted. */
  goToWanted(): boolean | null {
    const { wanted } = this;
    this.wanted = null;
    return wanted === null ? null : this.review(wanted.answer);
  }

  /**
   * Brings what an answer has changed into sight and gives it the focus; without an answer the next card, else the last
   * changes that are not decided. False when there is none.
   */
  review(answer: string | null): boolean {
    const next = answer === null ? (this.#nextCard ?? this.#lastEnd) : this.#endOf(answer);
    if (next === undefined) return false;
    this.#show(next);
    return true;
  }

  #show(element: HTMLElement): void {
    this.scroll.reveal(element);
    element.focus({ preventScroll: true });
  }

  get #nextCard(): HTMLElement | undefined {
    const cards = this.#cards;
    const at = cards.findIndex((card) => card.contains(document.activeElement));
    return at === -1 ? (cards.find((card) => !this.#inSight.has(card)) ?? cards[0]) : cards[(at + 1) % cards.length];
  }

  /** From there the next press leads on. */
  get #lastEnd(): HTMLElement | undefined {
    const last = this.#ends.findLast((end) => end.querySelector('[data-do="keepAll"]') !== null);
    return last?.contains(document.activeElement) === true ? undefined : last;
  }

  #endOf(answer: string): HTMLElement | undefined {
    return this.#ends.find((end) => end.dataset['answer'] === answer);
  }

  get #ends(): readonly HTMLElement[] {
    return [...this.box.querySelectorAll<HTMLElement>('.editsEnd')];
  }

  get #cards(): readonly HTMLElement[] {
    return [...this.box.querySelectorAll<HTMLElement>('.approval')];
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, intersectionRatio } of entries) {
      if (intersectionRatio >= enough) this.#inSight.add(target);
      else this.#inSight.delete(target);
    }
    this.#tell();
  }

  #tell(): void {
    const hidden = [...this.#watched].filter((card) => !this.#inSight.has(card));
    const edits = hidden.map((card) => Number(card.getAttribute('data-edits') ?? 0));
    const out = edits.reduce((sum, count) => sum + Math.max(1, count), 0);
    const isEdits = !edits.includes(0);
    if (out === this.outOfSight && isEdits === this.isEdits) return;
    this.outOfSight = out;
    this.isEdits = isEdits;
    this.changed();
  }
}

/** Only the answer that runs has calls that wait; a code block of any answer may. */
function waitingIn(chat: ChatState | null): number {
  return (
    callsIn(chat) +
    (chat?.items.reduce((sum, item) => sum + (item.type === 'answer' ? (item.blocks?.length ?? 0) : 0), 0) ?? 0)
  );
}

function callsIn(chat: ChatState | null): number {
  const last = chat?.items.at(-1);
  if (last?.type !== 'answer' || last.outcome !== null) return 0;
  return last.parts.filter((part) => part.type === 'tool' && part.status === 'asks').length;
}
