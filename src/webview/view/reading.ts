/** Which turns are drawn, and where they are scrolled to: the newest at first, earlier ones when one comes near them. */
import type { ChatState, Item, LocalizableMessage } from '../../shared/chat';
import type { HostToView } from '../../shared/protocol';
import { itemKey, tailStart, turnStart } from '../../shared/tail';
import type { Layout } from '../dom/layout';
import { TailScroll } from '../dom/scroll';
import { codeWrap } from '../dom/theme';
import type { Asks } from './asks';
import type { Store } from './store';
import { Symbols } from './symbols';
import { Turns } from './turns';
import type { KeptView } from './vscodeApi';
import { Waiting } from './waiting';

interface ReadingParts {
  readonly store: Pick<Store, 'state' | 'takeEarlier'>;
  readonly asks: Pick<Asks, 'ask' | 'here' | 'ofChat'>;
  /** True while something is being written where it stands: that stays drawn. */
  readonly isWritten: () => boolean;
  /** Draws at once. */
  readonly draw: () => void;
  /** Draws with the next frame. */
  readonly changed: () => void;
  /** Where it is scrolled to has come to rest. */
  readonly rested: () => void;
  /** Earlier turns could not be shown. */
  readonly failed: (reason: LocalizableMessage) => void;
}

/** Where the reader is in the transcript: which turns are drawn, and what is kept of that over a reload. */
export class Reading {
  readonly scroll: TailScroll;
  /** The calls that wait for the user. */
  readonly waiting: Waiting;
  readonly #symbols: Symbols;
  readonly #turns: Turns;
  /** The key of the first item that is drawn; null for as many as are drawn at first. */
  #first: string | null = null;
  /** Where to scroll once what was left there is drawn; undefined when there is nothing to restore. */
  #scrollTo: number | null | undefined = null;
  /** Earlier turns are on their way: whether they came. */
  #asking: Promise<boolean> | null = null;
  /** Earlier turns could not be shown: from then on only where they are asked for by hand. */
  #failed = false;
  /** Counts the conversations: what was asked for in the one before is not shown. */
  #turn = 0;
  #request = 0;

  constructor(
    { transcript, column, composer }: Layout,
    private readonly parts: ReadingParts,
  ) {
    this.scroll = new TailScroll(transcript, column, {
      changed: parts.changed,
      rested: parts.rested,
      nearTop: () => this.#near(),
    });
    this.waiting = new Waiting(transcript, this.scroll, parts.changed);
    this.#symbols = new Symbols(transcript, parts.asks);
    this.#turns = new Turns({
      ...{ box: transcript, scroll: this.scroll, draw: parts.draw },
      chat: () => this.#chat,
      bring: (key) => this.bring(key),
      latest: () => {
        this.jumpToLatest();
        composer.area.querySelector<HTMLElement>('textarea')?.focus();
      },
      earlier: async (chat) => await (this.#asking ?? this.#ask(chat, null)),
    });
  }

  dispose(): void {
    this.scroll.dispose();
    this.waiting.dispose();
    cancelAnimationFrame(this.#request);
  }

  /** Another conversation is there: it is shown as it was left. */
  switched(kept: KeptView | null): void {
    this.#turn += 1;
    this.#asking = null;
    this.#failed = false;
    const isAside = kept !== null && (kept.scrollTop !== null || kept.editing?.kind === 'message');
    this.#first = isAside ? kept.first : null;
    this.#scrollTo = kept?.scrollTop ?? null;
    const chat = this.#chat;
    if (this.#first !== null && chat !== null && this.#indexIn(chat.items) === -1) void this.#ask(chat, this.#first);
  }

  /** The same conversation from a snapshot, which may begin behind what is being read. */
  renewed(): void {
    const chat = this.#chat;
    if (chat === null || this.#first === null || this.#asking !== null || this.#indexIn(chat.items) !== -1) return;
    this.#scrollTo = this.scroll.position;
    void this.#ask(chat, this.#first);
  }

  /** The index of the first item that is drawn. */
  start(items: readonly Item[]): number {
    const at = this.#indexIn(items);
    if (at !== -1) return at;
    const start = tailStart(items);
    if (this.isRestoring) return start;
    // What is being read or written stays, whatever comes.
    const stays = !this.scroll.attached || this.parts.isWritten();
    this.#first = stays && items.length > 0 ? itemKey(items[start]) : null;
    return start;
  }

  get isRestoring(): boolean {
    return this.#scrollTo !== undefined;
  }

  /** What is kept of it. */
  get place(): Pick<KeptView, 'scrollTop' | 'first'> {
    return { scrollTop: this.scroll.position, first: this.#first };
  }

  /** After each drawing. True when it is where it was left from now on. */
  drawn(): boolean {
    this.waiting.drawn(this.#chat);
    this.#symbols.drawn((this.#chat?.activity ?? null) !== null);
    if (this.#scrollTo === undefined) this.scroll.release();
    // What was left is still on its way.
    if (this.#scrollTo === undefined || this.#asking !== null) return false;
    this.scroll.restore(this.#scrollTo);
    this.#scrollTo = undefined;
    return true;
  }

  jumpToLatest(): void {
    this.#first = null;
    this.scroll.jumpToLatest();
    this.parts.changed();
  }

  /** Goes to the turn that a command names; false when the message is about something else. */
  take(message: HostToView): boolean {
    if (message.type !== 'goToTurn') return false;
    void this.#turns.go(message.to);
    return true;
  }

  /** Goes to another branch of an item: its buttons stay where they are. Resolves to where one is then, in words. */
  async walk(item: string, to: string, button: HTMLElement): Promise<string> {
    const { top } = button.getBoundingClientRect();
    const by = button.dataset['walk'] ?? '';
    const isOnTurn = document.activeElement?.matches('.turn') === true;
    if (!(await this.parts.asks.here('walk', { to }))) return '';
    const shown = item.startsWith('user/') ? `user/${to}` : item;
    if (!(await this.bring(shown))) return '';
    this.parts.draw();
    const [kind, id] = shown.split('/', 2);
    const turn = this.scroll.box.querySelector<HTMLElement>(`[data-${kind === 'user' ? 'turn' : 'answer'}="${id}"]`);
    const again = turn?.querySelector<HTMLElement>(`[data-walk="${by}"]`);
    if (again == null) return '';
    this.scroll.keepAt(again, top);
    (isOnTurn ? turn : again)?.focus({ preventScroll: true });
    return again.parentElement?.ariaLabel ?? '';
  }

  /** Lines of code wrap, or no longer: what was clicked for it stays where it is. */
  wrapCode(button: Element): void {
    const { top } = button.getBoundingClientRect();
    codeWrap.chosen = !codeWrap.on;
    codeWrap.apply();
    this.scroll.keepAt(button, top);
    this.parts.rested();
    this.parts.changed();
  }

  /** Earlier turns are asked for by hand. */
  showEarlier(): void {
    this.#failed = false;
    this.#earlier();
  }

  /** Draws what is there from an item on, which is asked for where the view does not have it. False where it is gone. */
  async bring(key: string): Promise<boolean> {
    const turn = this.#turn;
    for (;;) {
      const chat = this.#chat;
      if (chat === null || turn !== this.#turn) return false;
      const at = chat.items.findIndex((item) => itemKey(item) === key);
      if (at >= 0) {
        if (at < this.start(chat.items)) this.#drawAt(chat.items, turnStart(chat.items, at));
        return true;
      }
      if (chat.above.items === 0 || !(await (this.#asking ?? this.#ask(chat, key)))) return false;
    }
  }

  /** Brings a range of the text into sight, below so many pixels that are covered. */
  reveal(range: Range, covered: number): void {
    this.scroll.revealRange(range, covered, (this.#chat?.activity ?? null) !== null);
  }

  /** Not while the platform lays out, which tells it. */
  #near(): void {
    const { above, items } = this.#chat ?? { above: null, items: [] };
    if (this.#request !== 0 || this.#failed || above === null) return;
    const first = this.#indexIn(items);
    if (above.items === 0 && (first === -1 ? tailStart(items) : first) === 0) return;
    this.#request = requestAnimationFrame(() => {
      this.#request = 0;
      this.#earlier();
    });
  }

  /** Those that are here are drawn, others asked for. */
  #earlier(): void {
    const chat = this.#chat;
    if (chat === null || chat.items.length === 0 || this.#asking !== null || this.isRestoring) return;
    const start = this.start(chat.items);
    if (start > 0) this.#drawFrom(chat.items, start);
    else if (chat.above.items > 0) void this.#ask(chat, null);
  }

  #drawFrom(items: readonly Item[], end: number): void {
    this.#drawAt(items, tailStart(items, end));
  }

  #drawAt(items: readonly Item[], start: number): void {
    this.#first = itemKey(items[start]);
    this.scroll.growAbove(this.parts.draw);
  }

  /** `to` as in the intent. False when nothing came. */
  async #ask({ items, above }: ChatState, to: string | null): Promise<boolean> {
    if (above.items === 0) return false;
    const before = itemKey(items[0]);
    const turn = this.#turn;
    this.#asking = this.parts.asks.ofChat('earlier', { before, to }).then((answer) => {
      if (turn !== this.#turn) return false;
      this.#asking = null;
      const came = answer.ok && answer.value !== null && this.parts.store.takeEarlier(before, answer.value);
      if (!answer.ok) {
        this.#failed = true;
        this.parts.failed(answer.reason);
      } else if (came && to === null && answer.value.items.length > 0)
        this.#drawFrom(this.#chat?.items ?? [], answer.value.items.length);
      this.parts.changed();
      return came;
    });
    return this.#asking;
  }

  #indexIn(items: readonly Item[]): number {
    return this.#first === null ? -1 : items.findIndex((item) => itemKey(item) === this.#first);
  }

  get #chat(): ChatState | null {
    return this.parts.store.state?.chat ?? null;
  }
}
