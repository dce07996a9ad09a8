/** What is being looked at in a picker: which is open, what is typed in it, where its arrows are. */
import type { Intent } from '../../shared/intents';
import { isComposing } from '../dom/keys';
import type { View } from '../view/view';
import type { Option, PickerKind, PickerProps, Popup, Popups } from './popup';

interface PickerHost {
  /** null until they are loaded. */
  popups(): Popups | null;
  /** Something has to be rendered again. */
  changed(): void;
  /** Opens or closes the popup of this kind. */
  toggle(kind: PickerKind): void;
  close(giveFocusBack: boolean): void;
  chosen(kind: PickerKind, value: string): void;
}

/** The open picker's filter and active option, by keys and clicks. */
export class Picker {
  readonly #area: HTMLElement;
  readonly #host: PickerHost;
  #view: View | null = null;
  #kind: PickerKind | null = null;
  #filter = '';
  /** -1 until the arrows were used or something was typed: then the chosen one is it. */
  #active = -1;

  constructor(area: HTMLElement, host: PickerHost) {
    this.#area = area;
    this.#host = host;
  }

  /** The picker begins anew. */
  opened(): void {
    this.#filter = '';
    this.#active = -1;
  }

  props(kind: PickerKind | null, view: View): PickerProps {
    this.#view = view;
    this.#kind = kind;
    return {
      open: kind,
      filter: this.#filter,
      active: this.#at,
      toggle: (wanted) => this.#host.toggle(wanted),
      typed: (text) => {
        this.#filter = text;
        this.#active = 0;
        this.#host.changed();
      },
      key: (event) => this.#key(event),
      pick: (value) => this.#pick(value),
      left: (event) => this.#left(event),
    };
  }

  /** What the picker's rendering depends on. */
  get state(): string {
    return `${this.#kind ?? ''} ${this.#active} ${this.#filter}`;
  }

  /** Puts the popup above its button, inside the panel, and the active option into sight. */
  arrange(): void {
    const popup = this.#area.querySelector<HTMLElement>('.picker');
    const bar = popup?.parentElement;
    if (popup === null || bar === null || bar === undefined) return;
    const button = bar.querySelector<HTMLElement>(`[data-picker="${popup.dataset['popup'] ?? ''}"]`);
    const room = bar.clientWidth - popup.offsetWidth;
    // Set from script: the page's security policy allows no style attributes.
    popup.style.left = `${Math.max(0, Math.min(button?.offsetLeft ?? 0, room))}px`;
    popup.querySelector('.option.active')?.scrollIntoView({ block: 'nearest' });
  }

  get #options(): readonly Option[] {
    if (this.#view === null || this.#kind === null) return [];
    return this.#host.popups()?.options(this.#view, this.#kind, this.#filter) ?? [];
  }

  get #at(): number {
    return this.#active === -1
      ? Math.max(
          0,
          this.#options.findIndex(({ chosen }) => chosen),
        )
      : this.#active;
  }

  #key(event: KeyboardEvent): void {
    // An input method picks its candidates with the same keys (L24).
    if (isComposing(event)) return;
    const options = this.#options;
    const last = options.length - 1;
    const at = Math.min(this.#at, last);
    const goes: Readonly<Record<string, number>> = {
      ArrowDown: at === last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      PageDown: Math.min(last, at + 5),
      PageUp: Math.max(0, at - 5),
    };
    const next = goes[event.key];
    if (next !== undefined) {
      this.#active = next;
      this.#host.changed();
    } else if (event.key === 'Enter') {
      const option = options[at];
      if (option !== undefined) this.#pick(option.value);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Tab, or a click on another part of the panel, closes it; another window does not. */
  #left({ relatedTarget }: FocusEvent): void {
    if (
      relatedTarget instanceof Element &&
      relatedTarget.closest(`.picker, [data-picker="${this.#kind ?? ''}"]`) === null
    )
      this.#host.close(false);
  }

  #pick(value: string): void {
    const kind = this.#kind;
    if (kind === null) return;
    this.#host.close(true);
    this.#host.chosen(kind, value);
  }
}

/** The picker that a popup is; null for another one. */
export function pickerOf(popup: Popup): PickerKind | null {
  return popup === 'model' || popup === 'effort' || popup === 'review' ? popup : null;
}

/** What the host is asked to do for what was picked. */
export function choice(kind: PickerKind, value: string, conversation: string): Intent {
  if (kind === 'review') return { type: 'setReview', conversation, atEnd: value === 'atEnd' };
  return kind === 'model' ? { type: 'setModel', model: value } : { type: 'setEffort', effort: value };
}
