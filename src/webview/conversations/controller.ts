/** Where the list of conversations is: beside the transcript, over it, or not shown. What is in it is loaded later. */

import { render } from 'lit-html';
import type { LocalizableMessage } from '../../shared/chat';
import type { FindGoal } from '../../shared/find';
import type { Intent, IntentType, ValueOf } from '../../shared/intents';
import type { Answer, HostToView } from '../../shared/protocol';
import { partFailed } from '../dom/bounded';
import { offerStrings } from '../l10n/offerStrings';
import { Later } from '../view/later';
import type { ListPlace, ListRows } from './listRows';

/** From this width on there is room for a column, CSS px. */
const wideFrom = 720;

type ListMessage = Extract<HostToView, { type: 'conversationsChanged' | 'showConversations' }>;

/** True for what the host says of the list, whichever conversation is shown. */
export function isListMessage(message: HostToView): message is ListMessage {
  return message.type === 'conversationsChanged' || message.type === 'showConversations';
}

interface ListContainers {
  /** Gets the classes `listColumn` and `listCover`. */
  readonly panel: HTMLElement;
  readonly list: HTMLElement;
}

interface ListHost {
  /** Says what was not done where there is no list to say it in. */
  notDone(reason: LocalizableMessage): void;
  /** Asks the host; what is not done is said here. */
  ask<K extends IntentType>(intent: Intent<K>): Promise<Answer<ValueOf<K>>>;
  /** Puts the focus where typing goes on. */
  focusComposer(): void;
  announce(text: string): void;
  /** Something has to be rendered again. */
  changed(): void;
  /** Goes to words in a conversation that is opened. */
  goTo(goal: FindGoal): void;
}

/** The list's place: opened and closed here, with its rows as soon as they are loaded. */
export class ListController {
  readonly #containers: ListContainers;
  readonly #host: ListHost;
  readonly #rows: Later<ListRows>;
  /** By the user's wish; where there is no room it covers the transcript only when it was asked for. */
  #column: boolean | null = null;
  #covering = false;
  #wide = false;
  /** The search field gets the focus when it is drawn. */
  #focusSearch = false;
  #wantsRename = false;

  constructor(containers: ListContainers, host: ListHost, signal: AbortSignal) {
    this.#containers = containers;
    this.#host = host;
    const { panel, list } = containers;
    const place: ListPlace = {
      list,
      isOpen: () => this.isOpen,
      isColumn: () => this.#wide,
      close: () => this.close(),
      uncover: () => {
        this.#covering = false;
      },
      notDone: (reason) => host.notDone(reason),
      ask: (intent) => host.ask(intent),
      announce: (text) => host.announce(text),
      changed: () => host.changed(),
      goTo: (goal) => host.goTo(goal),
      leave: () => host.focusComposer(),
    };
    this.#rows = new Later(
      async () => new (await import('./listRows')).ListRows(place, signal),
      () => {
        this.#refresh();
        host.changed();
      },
    );
    const watcher = new ResizeObserver(() => this.#resized());
    watcher.observe(panel);
    signal.addEventListener('abort', () => watcher.disconnect());
  }

  get isOpen(): boolean {
    return this.#wide ? this.#column === true : this.#covering;
  }

  /** Loads what is in it, so that it is there when it is opened. */
  fetch(): void {
    this.#rows.fetch();
  }

  take(message: ListMessage): void {
    switch (message.type) {
      case 'showConversations':
        if (message.rename === true) this.#rename();
        else this.toggle();
        return;
      case 'conversationsChanged':
        this.#refresh();
        return;
      default:
        message satisfies never;
    }
  }

  /** `column`: what the user wished for last. */
  render(column: boolean): void {
    if (this.#column === null) {
      this.#column = column;
      this.#resized();
      this.#refresh();
    }
    const { panel, list } = this.#containers;
    const open = this.isOpen;
    panel.classList.toggle('listColumn', open && this.#wide);
    panel.classList.toggle('listCover', open && !this.#wide);
    if (list.hidden === open) list.hidden = !open;
    const role = this.#wide ? 'navigation' : 'main';
    if (list.role !== role) list.role = role;
    if (!open) return;
    if (list.ariaLabel !== offerStrings.conversations()) list.ariaLabel = offerStrings.conversations();
    const rows = this.#rows.part;
    if (rows !== null) rows.render();
    else if (this.#rows.failed) render(partFailed(), list);
    if (rows === null) return;
    if (this.#wantsRename) this.#wantsRename = !rows.rename();
    if (!this.#focusSearch) return;
    this.#focusSearch = false;
    rows.focus();
  }

  /** Opens it with the focus in the search field, or closes it. */
  toggle(): void {
    if (this.isOpen) this.close();
    else this.open();
  }

  open(): void {
    if (this.isOpen) return;
    if (this.#wide) this.#setColumn(true);
    else this.#covering = true;
    this.#focusSearch = true;
    this.#rows.fetch();
    this.#refresh();
    this.#host.changed();
  }

  close(): void {
    if (!this.isOpen) return;
    if (this.#wide) this.#setColumn(false);
    this.#covering = false;
    this.#focusSearch = false;
    this.#host.changed();
    requestAnimationFrame(() => this.#host.focusComposer());
  }

  /** Another conversation is shown: nothing covers it, unless it took the place of one that was deleted here. True when the focus stays here. */
  switched(conversation: string | null): boolean {
    const stays = this.#rows.known?.switched(conversation) ?? false;
    if (!stays) this.#covering = false;
    this.#refresh();
    return stays;
  }

  /** True for the key that finds, while the list has the focus. */
  find(message: HostToView): boolean {
    const isHere =
      message.type === 'find' && message.step === 'open' && this.#containers.list.contains(document.activeElement);
    if (isHere) this.#rows.known?.focus();
    return isHere;
  }

  /** True when Esc did something here. */
  escape(event: KeyboardEvent): boolean {
    if (!this.isOpen || this.#wide) return false;
    event.preventDefault();
    event.stopPropagation();
    this.close();
    return true;
  }

  #rename(): void {
    this.open();
    this.#focusSearch = false;
    this.#wantsRename = true;
    this.#host.changed();
  }

  #setColumn(shown: boolean): void {
    this.#column = shown;
    this.#host.ask({ type: 'showColumn', shown }).then((answer) => {
      if (!answer.ok) this.#host.notDone(answer.reason);
    });
  }

  #resized(): void {
    const wide = this.#containers.panel.clientWidth >= wideFrom;
    if (wide === this.#wide) return;
    this.#wide = wide;
    this.#covering = false;
    this.#refresh();
    this.#host.changed();
  }

  /** What is shown is asked for again. */
  #refresh(): void {
    if (this.isOpen) this.#rows.part?.refresh();
  }
}
