/** The one place where words that were sent, or that wait, are written anew: it stands where they stand. */
import { html, type TemplateResult } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import type { KeptMention } from '../../shared/mentions/mentions';
import { type BegunWords, maxBegun, withBegun } from '../../shared/turn/editing';
import { strings } from '../l10n/strings';
import { isComposing, isSendKey } from './keys';
import { directInput, directionFor } from './textDirection';

/** What is being edited. Kept over a reload of the view. */
export interface Editing extends BegunWords {
  /** Missing: none. */
  readonly mentions?: readonly KeptMention[];
}

/** The lists that what is typed in the field opens, and what is mentioned in it. */
export interface FieldLists {
  readonly kept: readonly KeptMention[];
  restore(kept: readonly KeptMention[]): void;
  /** Resolves when what is mentioned is beside the message: to false where something was refused. */
  settled(): Promise<boolean>;
  key(event: KeyboardEvent): boolean;
}

interface InlineEditorHost {
  /** Something has to be rendered again, and kept. */
  changed(): void;
  /** Every key: it has only to be kept. */
  keep(): void;
  lists(field: HTMLTextAreaElement, edit: string, signal: AbortSignal): FieldLists;
  started(kind: Editing['kind'], id: string): void;
  /** Resolves when it may be saved: to false where the user may want to say something else. */
  ready(): Promise<boolean>;
  saved(editing: Editing): void;
  cancelled(editing: Editing): void;
}

/** At most one message is edited at a time: which, and with what words. */
export class InlineEditor {
  #editing: Editing | null = null;
  /** What it says as it was sent; null where that is not known. */
  #was: string | null = null;
  #begun: readonly Editing[] = [];
  /** What is put into the field when it appears; typing does not change it. */
  #initial = '';
  #opener: string | null = null;
  #withCtrl = false;
  #lists: FieldLists | null = null;
  #left = new AbortController();
  /** Grows with every change, so that templates can depend on it. */
  version = 0;

  constructor(private readonly host: InlineEditorHost) {}

  get editing(): Editing | null {
    return this.#editing && { ...this.#editing, mentions: this.#mentions };
  }

  get #mentions(): readonly KeptMention[] {
    return this.#lists?.kept ?? this.#editing?.mentions ?? [];
  }

  /** Words of other messages and of reasons, the latest first: they are there when these are edited again (L2). */
  get begun(): readonly Editing[] {
    return this.#begun;
  }

  isOpen(kind: Editing['kind'], id: string): boolean {
    return this.#editing?.kind === kind && this.#editing.id === id;
  }

  start(kind: Editing['kind'], id: string, text: string): void {
    const open = this.editing;
    if (open !== null && open.text === this.#was && !isShown('[data-attachment]')) this.#cancelled(open);
    else if (open !== null) this.#begun = [open, ...this.#begun].slice(0, maxBegun);
    const begun = this.#begun.find((one) => one.id === id);
    this.#begun = this.#begun.filter((one) => one !== begun);
    this.#opener = `[data-edit="${CSS.escape(id)}"]`;
    this.#was = text;
    this.#set({ kind, id, text, ...begun });
    this.host.started(kind, id);
  }

  /** Words that are typed in a field of its own, by its id. */
  wordsOf(id: string): string {
    return this.#begun.find((one) => one.id === id)?.text ?? '';
  }

  /** Keeps them, beside those of other messages. */
  keepWords(id: string, text: string): void {
    this.#begun = withBegun(this.#begun, id, text === '' ? null : { kind: 'reason', id, text });
    this.host.keep();
  }

  /** Takes over what was being edited before a reload; whoever calls it renders. */
  restore(editing: Editing | null, begun: readonly Editing[]): void {
    this.#opener = null;
    this.#was = null;
    this.#begun = begun;
    this.#put(editing);
  }

  cancel(): void {
    const editing = this.#editing;
    if (editing === null) return;
    this.#cancelled(editing);
    this.#set(null);
    this.#focusOpener();
  }

  /** After what is mentioned in it was put beside it. */
  #cancelled(editing: Editing): void {
    const told = this.#lists?.settled() ?? Promise.resolve();
    told.then(() => this.host.cancelled(editing));
  }

  /** The field with its buttons; `save` is what the button says, and `withCtrl` is of its key (`isSendKey`). */
  template(label: string, save: string, withCtrl: boolean): TemplateResult {
    this.#withCtrl = withCtrl;
    return html`<div class="inlineEditor" data-edit-of=${this.#editing?.id ?? ''}>
      <textarea
        class="inlineText" rows="1" dir=${directionFor(this.#initial)} spellcheck="true" aria-label=${label} .value=${this.#initial}
        ${ref(this.#appeared)} @beforeinput=${directInput} @input=${this.#typed} @keydown=${this.#key}
      ></textarea>
      <div class="inlineButtons">
        <button class="linkButton" type="button" data-inline="cancel" @click=${() => this.cancel()}>${strings.cancel()}</button>
        <button class="button" type="button" data-inline="save" @click=${() => void this.#save()}>${save}</button>
      </div>
    </div>`;
  }

  readonly #appeared = (element: Element | undefined): void => {
    this.#left.abort();
    if (!(element instanceof HTMLTextAreaElement) || this.#editing === null) return;
    const { id, mentions = [] } = this.#editing;
    this.#left = new AbortController();
    this.#lists = this.host.lists(element, id, this.#left.signal);
    this.#lists.restore(mentions);
    // Not before it has its text and its place.
    requestAnimationFrame(() => {
      element.focus();
      element.setSelectionRange(element.value.length, element.value.length);
    });
  };

  readonly #typed = (event: Event): void => {
    if (this.#editing === null || !(event.target instanceof HTMLTextAreaElement)) return;
    this.#editing = { ...this.#editing, text: event.target.value };
    this.host.keep();
  };

  readonly #key = (event: KeyboardEvent): void => {
    // An input method's Enter picks a candidate, its Esc closes the list (L24).
    if (isComposing(event)) return;
    if (this.#lists?.key(event) === true) {
      // It is that of the list.
    } else if (isSendKey(event, this.#withCtrl)) {
      event.preventDefault();
      // One that is held down has opened it.
      if (!event.repeat) void this.#save();
    } else if (event.key === 'Escape') {
      // Not the answer's Esc.
      event.preventDefault();
      this.cancel();
    }
    // Neither the composer's keys nor the transcript's.
    event.stopPropagation();
  };

  /** The words stand, and are kept, until they go. */
  async #save(): Promise<void> {
    const id = this.#editing?.id;
    if ((await this.#lists?.settled()) === false || !(await this.host.ready())) return;
    const editing = this.#editing;
    if (editing === null || editing.id !== id) return;
    // Without a word what is attached goes; a row that is left with nothing goes away.
    if (editing.text.trim() === '' && editing.kind === 'message' && !isShown('.attachments')) return;
    this.#set(null);
    this.host.saved(editing);
    this.#focusOpener();
  }

  #set(editing: Editing | null): void {
    this.#put(editing);
    this.host.changed();
  }

  #put(editing: Editing | null): void {
    this.#editing = editing;
    this.#lists = null;
    this.#initial = editing?.text ?? '';
    this.version += 1;
  }

  #focusOpener(): void {
    const opener = this.#opener;
    if (opener === null) return;
    requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector<HTMLElement>(opener)?.focus()));
  }
}

/** Whether what is edited shows it. */
function isShown(selector: string): boolean {
  return document.querySelector(`.editing ${selector}`) !== null;
}
