/** What the composer's keys and clicks do. It holds what is being looked at: a note, a popup, the typed text. */
import { render } from 'lit-html';
import type { View } from '../view';
import { words } from '../words';
import { arrangeChips, type Popup } from './chips';
import { type ComposerLook, composer } from './composer';
import { Draft, type DraftSink } from './draft';

/** Esc twice within this stops the answer. */
const escAgainMs = 2000;

export interface ComposerOwner extends DraftSink {
  /** Something has to be rendered again. */
  changed(): void;
  send(text: string): void;
  stop(): void;
  isRunning(): boolean;
  /** False when the running turn belongs to another window. */
  isStoppable(): boolean;
  /** The last prompt of this conversation; null when there is none. */
  lastPrompt(): string | null;
}

export class ComposerControl {
  readonly #area: HTMLElement;
  readonly #owner: ComposerOwner;
  readonly draft: Draft;
  #popup: Popup = null;
  #popupOpener: HTMLElement | null = null;
  #hiddenChips = 0;
  /** What the last rendering was made of. */
  #shown: readonly unknown[] = [];
  #note: 'busy' | 'esc' | null = null;
  #escAt = Number.NEGATIVE_INFINITY;

  constructor(area: HTMLElement, owner: ComposerOwner, signal: AbortSignal) {
    this.#area = area;
    this.#owner = owner;
    this.draft = new Draft(owner);
    area.addEventListener('keydown', (event) => this.#areaKey(event), { signal });
    // A click anywhere else closes the popup.
    document.addEventListener('pointerdown', (event) => this.#pressed(event), { signal });
    const watcher = new ResizeObserver(() => this.#arrange());
    watcher.observe(area);
    signal.addEventListener('abort', () => watcher.disconnect());
  }

  render(view: View): void {
    if (!this.#owner.isRunning()) this.#note = null;
    const look = this.#look();
    const { filled, note, running, stoppable, popup, hidden } = look;
    const shown = [view.composer, view.environment, filled, note, running, stoppable, popup, hidden];
    // A streaming answer renders the panel with every frame; nothing of it is seen here.
    if (shown.every((value, index) => value === this.#shown[index])) return;
    this.#shown = shown;
    render(composer(view, look), this.#area);
    this.#arrange();
  }

  get #text(): HTMLTextAreaElement | null {
    return this.#area.querySelector('textarea');
  }

  focus(): void {
    this.#text?.focus();
  }

  /** Shows a text that the host has already. */
  show(text: string): void {
    this.#put(text);
    this.draft.set(text);
  }

  /** Puts a text in, after what is typed already. */
  add(text: string): void {
    const typed = this.draft.text.trimEnd();
    this.#put(typed === '' ? text : `${typed}\n\n${text}`);
    this.draft.typed(this.#text?.value ?? text);
    this.focus();
  }

  /** Sends what is typed; while an answer runs it stays where it is and the reason is said. */
  send(): void {
    const text = this.draft.text;
    if (text.trim() === '') return;
    if (this.#owner.isRunning()) {
      this.#say('busy');
      return;
    }
    this.#owner.send(text);
  }

  #put(text: string): void {
    const area = this.#text;
    if (area === null) return;
    area.value = text;
    area.setSelectionRange(text.length, text.length);
    area.scrollTop = area.scrollHeight;
    this.#owner.changed();
  }

  #look(): ComposerLook {
    const busy = this.#owner.isStoppable() ? words.busy() : words.elsewhereNote();
    return {
      filled: this.draft.text.trim() !== '',
      note: this.#note === null ? '' : this.#note === 'busy' ? busy : words.escAgain(),
      running: this.#owner.isRunning(),
      stoppable: this.#owner.isStoppable(),
      popup: this.#popup,
      hidden: this.#hiddenChips,
      toggle: (popup) => this.#toggle(popup),
      input: () => this.#typed(),
      key: (event) => this.#textKey(event),
      blur: () => this.draft.flush(),
    };
  }

  #typed(): void {
    this.#note = null;
    this.draft.typed(this.#text?.value ?? '');
    this.#owner.changed();
  }

  #textKey(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === 'ArrowUp' && this.#text?.value === '') {
      const last = this.#owner.lastPrompt();
      if (last === null) return;
      event.preventDefault();
      this.#put(last);
      this.draft.typed(last);
    }
  }

  #areaKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !isComposing(event)) this.escape(event);
  }

  /** Closes the popup, else stops the answer at the second time. */
  escape(event: KeyboardEvent): void {
    if (this.#popup !== null) {
      event.preventDefault();
      event.stopPropagation();
      this.#closePopup(true);
      return;
    }
    if (!this.#owner.isRunning() || !this.#owner.isStoppable()) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.timeStamp - this.#escAt < escAgainMs) {
      this.#escAt = Number.NEGATIVE_INFINITY;
      this.#owner.stop();
      return;
    }
    this.#escAt = event.timeStamp;
    this.#say('esc');
    setTimeout(() => {
      if (this.#note === 'esc') this.#clearNote();
    }, escAgainMs);
  }

  #say(note: 'busy' | 'esc'): void {
    this.#note = note;
    this.#owner.changed();
  }

  #clearNote(): void {
    this.#note = null;
    this.#owner.changed();
  }

  #toggle(popup: Exclude<Popup, null>): void {
    if (this.#popup === popup) {
      this.#closePopup(true);
      return;
    }
    this.#popup = popup;
    this.#popupOpener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    this.#owner.changed();
    requestAnimationFrame(() => this.#area.querySelector<HTMLElement>('.popup input, .popup button')?.focus());
  }

  #closePopup(giveFocusBack: boolean): void {
    this.#popup = null;
    this.#owner.changed();
    if (giveFocusBack) (this.#popupOpener ?? this.#text)?.focus();
  }

  #pressed(event: PointerEvent): void {
    if (this.#popup === null || !(event.target instanceof Element)) return;
    if (event.target.closest('.popup, [aria-haspopup]') === null) this.#closePopup(false);
  }

  #arrange(): void {
    const hidden = arrangeChips(this.#area);
    if (hidden === this.#hiddenChips) return;
    this.#hiddenChips = hidden;
    this.#owner.changed();
  }
}

/** True while an input method is at work: its Enter picks a candidate, its Esc closes the list. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
