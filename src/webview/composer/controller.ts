/** What the composer's keys and clicks do. It holds what is being looked at: a note, a popup, the typed text. */
import { html, render } from 'lit-html';
import { imageTier } from '../../shared/images/imageSize';
import { isComposing, isSendKey, typeInto } from '../dom/keys';
import type { ComposerLayout } from '../dom/layout';
import { directInput, directionFor } from '../dom/textDirection';
import { strings } from '../l10n/strings';
import type { Asks } from '../view/asks';
import { Later } from '../view/later';
import type { View } from '../view/view';
import type { EarlyKept } from '../view/viewState';
import { AttachmentsController } from './attachments';
import { arrangeChips } from './chips';
import { type ComposerProps, renderComposer } from './composer';
import { Draft, type DraftSink } from './draft';
import { EarlyText } from './early';
import type { TypedListHost } from './mentions/mentionProps';
import { Suggestions } from './mentions/suggestions';
import { choice, Picker, pickerOf } from './picker';
import type { Popup, Popups } from './popup';

/** Esc twice within this stops the answer. */
const escAgainMs = 2000;

interface ComposerHost extends DraftSink {
  /** Something has to be rendered again. */
  changed(): void;
  send(text: string): void;
  stop(): void;
  isRunning(): boolean;
  /** False when the running turn belongs to another window. */
  isStoppable(): boolean;
  /** The user's prompts of this conversation, the newest first. */
  prompts(): readonly string[];
  readonly asks: Asks;
  /** null before there is one. */
  conversation(): string | null;
  readonly early: EarlyKept;
}

/** Renders the composer into its area, and takes its keys, clicks, pastes and drops. */
export class ComposerController {
  readonly #layout: ComposerLayout;
  readonly #area: HTMLElement;
  readonly #text: HTMLTextAreaElement;
  readonly #host: ComposerHost;
  readonly draft: Draft;
  readonly #early: EarlyText;
  readonly attachments: AttachmentsController;
  /** What the last rendering knew of the draft's attachments, and of the model. */
  #attached = 0;
  #maxImageTokens = 0;
  #sendsWithCtrl = false;
  #sendWaits = false;
  readonly #picker: Picker;
  readonly mentions: Suggestions;
  readonly #lists: TypedListHost;
  /** Of a message that is written anew. */
  #inline: Suggestions | null = null;
  #popup: Popup = null;
  #popupOpener: HTMLElement | null = null;
  /** The popup gets the focus when it is drawn. */
  #focusPopup = false;
  readonly #popups: Later<Popups>;
  #hiddenChips = 0;
  /** What the last rendering was made of. */
  #shown: readonly unknown[] = [];
  #note: 'elsewhere' | 'esc' | null = null;
  #escAt = Number.NEGATIVE_INFINITY;

  constructor(layout: ComposerLayout, host: ComposerHost, signal: AbortSignal) {
    const { area, text } = layout;
    this.#layout = layout;
    this.#area = area;
    this.#text = text;
    this.#host = host;
    this.draft = new Draft(host);
    this.#early = new EarlyText(text, host.early, () => host.changed(), signal);
    text.addEventListener('beforeinput', directInput, { signal });
    text.addEventListener('input', () => this.#typed(), { signal });
    text.addEventListener('keydown', (event) => this.#textKey(event), { signal });
    text.addEventListener('blur', () => this.draft.flush(), { signal });
    this.#popups = new Later(
      async () => (await import('./popups')).popups,
      () => this.#popupsCame(),
    );
    this.#picker = new Picker(area, {
      popups: () => this.#popups.known,
      changed: () => host.changed(),
      toggle: (kind) => this.#toggle(kind),
      close: (giveFocusBack) => this.#closePopup(giveFocusBack),
      chosen: (kind, value) => void host.asks.tell(choice(kind, value, host.conversation() ?? '')),
    });
    this.attachments = new AttachmentsController(
      {
        asks: host.asks,
        conversation: () => host.conversation(),
        changed: () => host.changed(),
        tier: () => imageTier(this.#maxImageTokens),
        focus: () => this.focus(),
        ...{ keep: () => host.keep(), box: () => text, waits: () => this.#early.waits },
      },
      signal,
    );
    const changed = (): void => {
      this.#popups.fetch();
      host.changed();
    };
    const say = (said: string): void => this.attachments.refuse({ text: said });
    this.#lists = { asks: host.asks, edit: null, changed, keep: () => host.keep(), say };
    this.mentions = new Suggestions(text, this.#lists, signal);
    area.addEventListener('keydown', (event) => this.#areaKey(event), { signal });
    // A click anywhere else closes the popup.
    document.addEventListener('pointerdown', (event) => this.#pressed(event), { signal });
    const watcher = new ResizeObserver(() => this.#arrange());
    watcher.observe(area);
    signal.addEventListener('abort', () => watcher.disconnect());
  }

  render(view: View): void {
    if (!this.#host.isRunning()) this.#note = null;
    this.#attached = view.composer.attachments.length;
    this.#maxImageTokens = view.composer.maxImageTokens;
    this.#sendsWithCtrl = view.environment.sendsWithCtrl === true;
    const props = this.#props(view);
    const { filled, note, running, stoppable, popup, hidden } = props;
    const shown = [
      view.composer,
      view.environment,
      filled,
      note,
      running,
      stoppable,
      popup,
      props.popups,
      hidden,
      this.#picker.state,
      this.mentions.version,
      this.attachments.taking,
      this.attachments.refusals,
      this.attachments.address,
      view.editor.version,
      view.folds.version,
      view.waiting.outOfSight,
      view.waiting.isEdits,
    ];
    // A streaming answer renders the panel with every frame; nothing of it is seen here.
    if (shown.every((value, index) => value === this.#shown[index])) return;
    this.#shown = shown;
    this.#area.ariaBusy = null;
    renderComposer(this.#layout, view, props);
    this.mentions.drawn();
    this.#arrange();
    const first = this.#focusPopup ? this.#area.querySelector<HTMLElement>('.popup input, .popup button') : null;
    if (first === null) return;
    this.#focusPopup = false;
    first.focus();
  }

  /** The lists that are opened by what is typed in a message that is written anew. */
  inlineLists(field: HTMLTextAreaElement, edit: string, signal: AbortSignal): Suggestions {
    this.#inline = new Suggestions(field, { ...this.#lists, edit }, signal);
    this.#inline.came(this.#popups.part?.inlineLists ?? null);
    return this.#inline;
  }

  /** Loads what its popups are drawn with, so that it is there when one is opened. */
  fetch(): void {
    this.#popups.fetch();
  }

  focus(): void {
    this.#text.focus();
  }

  /**
   * Shows the draft of a conversation, together with what was typed before there was one. `untold`: the host does not
   * have it. False while the text box cannot be changed.
   */
  begin(draft: string, untold: boolean): boolean {
    const joined = this.#early.join(draft);
    if (joined === null) return false;
    if (!joined.typed) this.show(draft);
    if (joined.typed || untold) this.draft.typed(joined.text);
    this.#host.changed();
    return true;
  }

  /** Shows a text that the host has already. */
  show(text: string): void {
    this.mentions.clear();
    this.#put(text);
    this.draft.set(text);
  }

  /** What is typed goes on its way. */
  sendOff(): void {
    this.mentions.clear();
    this.#put('');
    this.draft.send();
  }

  /** Puts a text in, after what is typed already. */
  add(text: string): void {
    const { value } = this.#text;
    const typed = value.trimEnd();
    const added = typed === '' ? text : `\n\n${text}`;
    const focused = document.activeElement;
    // It opens no list, and takes no focus from where something else is written.
    const isElsewhere = focused !== this.#text && focused?.matches('input, textarea') === true;
    if (!isElsewhere && typeInto(this.#text, added, typed.length, value.length)) this.mentions.close();
    else {
      // As where a conversation that cannot be opened is in its place.
      this.#put(`${typed}${added}`);
      this.draft.typed(this.#text.value);
    }
  }

  /** What was sent and was not taken: the host has put it back, unless it never had it. */
  takeBack(text: string): void {
    if (!this.draft.text.includes(text)) this.add(text);
  }

  /** Sends what is typed; while another window asks it stays where it is and the reason is said. */
  send(): void {
    const text = this.draft.text;
    if (this.#early.waits) {
      // It is not known yet where it would go, with what and for how much.
      render(html`<div class="composerNote" role="status">${strings.loading()}</div>`, this.#layout.above);
      return;
    }
    if (this.attachments.taking.length > 0 || this.mentions.isTelling) {
      this.#sendWhenTaken();
      return;
    }
    if (text.trim() === '' && this.#attached === 0) return;
    // What runs here takes it at its next step; what another window runs does not.
    if (this.#host.isRunning() && !this.#host.isStoppable()) {
      this.#showNote('elsewhere');
      return;
    }
    this.#host.send(text);
  }

  /** What is being taken in belongs to the message. */
  #sendWhenTaken(): void {
    const conversation = this.#host.conversation();
    if (this.#sendWaits) return;
    this.#sendWaits = true;
    Promise.all([this.mentions.settled(), this.attachments.settled()]).then(([taken, whole]) => {
      this.#sendWaits = false;
      // Without what was refused the user may want to say something else.
      if (!taken || !whole || conversation !== this.#host.conversation()) return;
      this.#attached += 1;
      this.send();
    });
  }

  #put(text: string): void {
    const area = this.#text;
    area.dir = directionFor(text);
    this.attachments.pasting?.forget();
    area.value = text;
    area.setSelectionRange(text.length, text.length);
    area.scrollTop = area.scrollHeight;
    this.#host.changed();
  }

  #props(view: View): ComposerProps {
    return {
      filled: this.draft.text.trim() !== '' || this.#attached + this.attachments.taking.length > 0,
      note: this.#noteText(),
      running: this.#host.isRunning(),
      stoppable: this.#host.isStoppable(),
      popup: this.#popup,
      popups: view.composer.queued.length > 0 ? this.#popups.part : this.#popups.known,
      attachments: this.attachments,
      mentions: this.mentions.props,
      picker: this.#picker.props(pickerOf(this.#popup), view),
      hidden: this.#hiddenChips,
      toggle: (popup) => this.#toggle(popup),
    };
  }

  #noteText(): string {
    if (this.attachments.drag !== 'none')
      return this.attachments.drag === 'shift' ? strings.dropHere() : strings.holdShift();
    if (this.#note === null) return '';
    return this.#note === 'elsewhere' ? strings.elsewhereNote() : strings.escAgain();
  }

  #typed(): void {
    this.#note = null;
    if (this.#early.waits) {
      this.#early.changed();
      return;
    }
    this.draft.typed(this.#text.value);
    this.#host.changed();
  }

  #textKey(event: KeyboardEvent): void {
    if (isComposing(event) || this.mentions.key(event)) return;
    if (isSendKey(event, this.#sendsWithCtrl)) {
      event.preventDefault();
      // One that is held down picked, or sent, something else before.
      if (!event.repeat) this.send();
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown')
      this.#popups.known?.recall.press(event, this.#text, this.#host.prompts(), this.#host.asks);
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
    if (!this.#host.isRunning() || !this.#host.isStoppable()) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.timeStamp - this.#escAt < escAgainMs) {
      this.#escAt = Number.NEGATIVE_INFINITY;
      this.#host.stop();
      return;
    }
    this.#escAt = event.timeStamp;
    this.#showNote('esc');
    setTimeout(() => {
      if (this.#note === 'esc') this.#showNote(null);
    }, escAgainMs);
  }

  #showNote(note: 'elsewhere' | 'esc' | null): void {
    this.#note = note;
    this.#host.changed();
  }

  #toggle(popup: Exclude<Popup, null>): void {
    if (this.#popup === popup) {
      this.#closePopup(true);
      return;
    }
    const opener = document.activeElement;
    // One popup leads to another: the focus goes back to where the first was opened.
    if (this.#popup === null || opener?.closest('.popup') === null)
      this.#popupOpener = opener instanceof HTMLElement ? opener : null;
    this.#popup = popup;
    this.#focusPopup = true;
    this.#popups.fetch();
    this.#picker.opened();
    if (popup === 'model') void this.#host.asks.tell({ type: 'askModels' });
    this.#host.changed();
  }

  /** One that cannot be drawn is closed, and says so. */
  #popupsCame(): void {
    this.mentions.came(this.#popups.known?.lists ?? null);
    this.#inline?.came(this.#popups.known?.inlineLists ?? null);
    // The line of chips draws its own.
    if (this.#popups.failed && this.#popup !== null && this.#popup !== 'moreChips') {
      this.#closePopup(true);
      this.attachments.refuse({ text: strings.cannotShow() });
    }
    this.#host.changed();
  }

  #closePopup(giveFocusBack: boolean): void {
    this.#popup = null;
    this.#focusPopup = false;
    this.#host.changed();
    if (giveFocusBack) (this.#popupOpener ?? this.#text)?.focus();
  }

  #pressed(event: PointerEvent): void {
    if (this.#popup === null || !(event.target instanceof Element)) return;
    if (event.target.closest('.popup, [aria-haspopup]') === null) this.#closePopup(false);
  }

  /** Opens the list of models, as a notice's button does. */
  chooseModel(): void {
    if (this.#popup !== 'model') this.#toggle('model');
  }

  #arrange(): void {
    this.#picker.arrange();
    const hidden = arrangeChips(this.#area);
    if (hidden === this.#hiddenChips) return;
    this.#hiddenChips = hidden;
    this.#host.changed();
  }
}
