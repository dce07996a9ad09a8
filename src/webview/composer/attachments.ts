/** Files on their way into the draft: pasted, dropped, or read by the host and scaled here. */
import type { LocalizableMessage } from '../../shared/chat';
import { imageAddress } from '../../shared/images/imageAddress';
import type { ImageTier } from '../../shared/images/imageSize';
import { phrase } from '../../shared/phrase';
import type { HostToView } from '../../shared/protocol';
import { fromBase64 } from '../dom/base64';
import { typeInto } from '../dom/keys';
import { localize } from '../l10n/language';
import { strings } from '../l10n/strings';
import type { Asks } from '../view/asks';
import type { IntoEdit, Pasting } from './pasting';

/** Bytes of a file that is read at all; the host has the exact limit. */
const maxFileBytes = 24 * 1024 * 1024;
/** Characters, or lines, of a paste that is folded: more than one looks through in the text box (L68). */
const longText = 8000;
const longLines = 200;
/** ms in which what is taken in at once is not told to be on its way. */
const quietMs = 150;
/** ms without a drag event after which nothing is dragged any more: the last one may not be told. */
const dragQuietMs = 3000;

interface AttachmentsHost {
  readonly asks: Pick<Asks, 'tell' | 'ofChat'>;
  /** null before there is one. */
  conversation(): string | null;
  tier(): ImageTier;
  /** Something has to be rendered again. */
  changed(): void;
  /** Gives the text the focus. */
  focus(): void;
  /** What is kept of the view is other than it was. */
  keep(): void;
  box(): HTMLTextAreaElement;
  /** True until a conversation is shown in it. */
  waits(): boolean;
}

/** What is being taken in. */
interface Taking {
  readonly name: string;
  /** It has begun just now: what is taken in at once has no sign that comes and goes. */
  isNew: boolean;
}

interface Refusal {
  readonly key: number;
  readonly reason: LocalizableMessage;
}

/** Reads what is pasted and dropped, scales images, and hands each to the host. */
export class AttachmentsController {
  readonly #host: AttachmentsHost;
  #taking: readonly Taking[] = [];
  #work: Promise<void> = Promise.resolve();
  #texts: Promise<unknown> = Promise.resolve();
  /** null until something is folded. */
  #pasting: Pasting | null = null;
  #loading: Promise<Pasting> | null = null;
  /** Pasted before a conversation was shown. */
  #early: readonly string[] = [];
  /** The conversation that is shown next. */
  #next = Promise.withResolvers<string>();
  readonly #signal: AbortSignal;
  /** The id of the one that is being put into the words again. */
  #unfolding = '';
  #refusals: readonly Refusal[] = [];
  #refused = 0;
  /** The address of an image, and the text that it stands in. */
  #address: { readonly url: string; readonly field: HTMLTextAreaElement } | null = null;
  #drag: 'none' | 'plain' | 'shift' = 'none';
  #dragTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: AttachmentsHost, signal: AbortSignal) {
    this.#host = host;
    this.#signal = signal;
    document.addEventListener('paste', (event) => this.#paste(event), { signal });
    for (const type of ['dragenter', 'dragover'] as const) {
      document.addEventListener(type, (event) => this.#dragged(event), { signal });
    }
    document.addEventListener('drop', (event) => this.#dropped(event), { signal });
    signal.addEventListener('abort', () => this.#dragEnds());
  }

  get taking(): readonly Taking[] {
    return this.#taking;
  }

  get refusals(): readonly Refusal[] {
    return this.#refusals;
  }

  /** The address of an image that was pasted, while it is asked what to do with it. */
  get address(): string | null {
    return this.#address?.field.isConnected === true ? this.#address.url : null;
  }

  get drag(): 'none' | 'plain' | 'shift' {
    return this.#drag;
  }

  /**
   * Resolves when everything that was pasted or dropped has been told to the host: to false where some of it was refused
   * since. `texts` false: the files alone.
   */
  async settled(texts = true): Promise<boolean> {
    const refused = this.#refused;
    await Promise.all([this.#work, texts && this.#texts]);
    return refused === this.#refused;
  }

  /** Another conversation is shown. */
  clear(): void {
    this.#refusals = [];
    this.#address = null;
  }

  dismiss(key: number): void {
    this.#refusals = this.#refusals.filter((refusal) => refusal.key !== key);
    this.#host.changed();
  }

  /** What was asked about a pasted address is answered. */
  answerAddress(send: boolean): void {
    const asked = this.#address;
    const conversation = this.#host.conversation();
    this.#address = null;
    if (send && asked?.field.isConnected === true && conversation !== null) {
      const { url, field } = asked;
      const at = field.value.lastIndexOf(url);
      if (at >= 0) typeInto(field, '', at, at + url.length);
      this.#host.asks.tell({ type: 'attachUrl', conversation, url, edit: editAt(field) ?? null });
    }
    this.#host.changed();
  }

  detach(id: string): void {
    const conversation = this.#host.conversation();
    if (conversation === null) return;
    this.#host.asks.tell({ type: 'detach', conversation, id });
    this.focusText();
  }

  /** What had the focus goes away. */
  focusText(): void {
    this.#host.focus();
  }

  pick(): void {
    const conversation = this.#host.conversation();
    if (conversation !== null) this.#host.asks.tell({ type: 'pickFiles', conversation });
  }

  /** Takes what the host says about attachments. */
  take(message: Extract<HostToView, { type: 'resize' | 'attachRefused' }>): void {
    if (message.conversation !== this.#host.conversation()) return;
    if (message.type === 'attachRefused') {
      this.refuse(message.reason);
      return;
    }
    const { name, mediaType, data, edit } = message;
    this.#attach(name, mediaType, async () => fromBase64(data), edit);
  }

  #paste(event: ClipboardEvent): void {
    const data = event.clipboardData;
    if (data === null) return;
    const text = data.getData('text/plain');
    // Spreadsheets and the like offer a picture of the text that was copied: the text was meant.
    if (data.files.length > 0 && (/^[\s\p{Cf}]*$/u.test(text) || data.getData('text/html') === '')) {
      event.preventDefault();
      this.#attachFiles(data.files, event.target);
    } else if (!this.#fold(event, text)) this.#askAddress(text, this.#textAt(event));
  }

  get pasting(): Pasting | null {
    return this.#pasting;
  }

  /** A conversation is shown: it gets what was pasted before, and what the host had not answered when the view went. */
  begin(kept: readonly string[]): void {
    this.#next.resolve(this.#host.conversation() ?? '');
    this.#next = Promise.withResolvers();
    const texts = [...kept, ...this.#early];
    this.#early = [];
    for (const text of texts) this.#takeText(text);
  }

  /** Loaded once, so that of several texts none overtakes another. */
  #paster(): Promise<Pasting> {
    this.#loading ??= import('./popups').then(({ popups }) => {
      const taking = (taken: Promise<boolean>): void => this.#takingText(taken);
      this.#pasting = popups.pasting({ ...this.#host, refuse: (reason) => this.refuse(reason), taking }, this.#signal);
      return this.#pasting;
    });
    return this.#loading;
  }

  /** A long text stands beside the words: laid out in the text box it would hold everything up (L68). */
  #fold(event: Event, text: string): boolean {
    const field = this.#textAt(event);
    if (field === null || !isLong(text)) return false;
    const into = editOf(field);
    event.preventDefault();
    if (into === undefined && this.#host.waits()) this.#early = [...this.#early, text];
    else this.#takeText(text, into);
    return true;
  }

  #takeText(text: string, into?: IntoEdit): void {
    const taken = this.#paster().then((paster) => paster.attach(text, into));
    this.#takingText(taken, into !== undefined);
  }

  #takingText(taken: Promise<boolean>, intoEdit = false): void {
    const shown = this.#show(strings.pastedText(), taken);
    this.#texts = Promise.all([this.#texts, shown]);
    if (intoEdit) this.#work = Promise.all([this.#work, shown]).then(() => undefined);
  }

  /** Puts a text that was folded where the cursor is, in place of its chip. */
  async unfold(id: string): Promise<void> {
    const conversation = this.#host.conversation();
    if (this.#unfolding === id) return;
    this.#unfolding = id;
    const text = await this.#host.asks.ofChat('pastedText', { id });
    this.#unfolding = '';
    if (conversation !== this.#host.conversation()) return;
    if (!text.ok) this.refuse(text.reason);
    else if (typeInto(this.#host.box(), text.value)) {
      (await this.#paster()).unfolded(id, text.value);
      this.detach(id);
    }
  }

  /** The text that is sent in which something is put: the draft, or a message that is written anew. */
  #textAt({ target }: Event): HTMLTextAreaElement | null {
    const isOurs = target === this.#host.box() || editAt(target) !== undefined;
    return target instanceof HTMLTextAreaElement && isOurs ? target : null;
  }

  /** Keeps the text as it is and asks: nothing is fetched, here or anywhere, before Send. */
  #askAddress(text: string, field: HTMLTextAreaElement | null): void {
    const url = imageAddress(text);
    if (url === null || field === null) return;
    this.#address = { url, field };
    this.#host.changed();
  }

  #dragged(event: DragEvent): void {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
    const drag = event.shiftKey ? 'shift' : 'plain';
    clearTimeout(this.#dragTimer);
    this.#dragTimer = setTimeout(() => this.#dragEnds(), dragQuietMs);
    if (drag === this.#drag) return;
    this.#drag = drag;
    this.#host.changed();
  }

  #dropped(event: DragEvent): void {
    const data = event.dataTransfer;
    if (data === null) return;
    if (!carriesFiles(data)) {
      this.#fold(event, data.getData('text/plain'));
      return;
    }
    event.preventDefault();
    this.#dragEnds();
    if (data.files.length > 0) {
      this.#attachFiles(data.files, event.target);
      return;
    }
    const shown = this.#shown;
    const list = data.getData('application/vnd.code.uri-list') || data.getData('text/uri-list');
    for (const uri of list.split(/\r?\n/)) {
      if (/^https?:/i.test(uri)) {
        const field = this.#textAt(event) ?? this.#host.box();
        typeInto(field, uri);
        this.#askAddress(uri, field);
      } else if (/^[a-z][a-z0-9+.-]*:/i.test(uri)) {
        const edit = editAt(event.target) ?? null;
        void shown.then((conversation) => this.#host.asks.tell({ type: 'attachFile', conversation, uri, edit }));
      }
    }
    const tabs = data.getData('codeeditors');
    const into = editOf(this.#textAt(event));
    if (tabs !== '') this.#takingText(shown.then(() => this.#paster()).then((paster) => paster.attachTabs(tabs, into)));
  }

  #dragEnds(): void {
    clearTimeout(this.#dragTimer);
    if (this.#drag === 'none') return;
    this.#drag = 'none';
    this.#host.changed();
  }

  /** `place`: where the cursor is, or where they were dropped. A message that is written anew there gets them (L71). */
  #attachFiles(files: FileList, place: EventTarget | null): void {
    const edit = editAt(place);
    // The list is emptied when the event is over.
    for (const file of [...files]) {
      if (file.size > maxFileBytes) {
        this.refuse({ text: '{0} is too large. The limit is 22 MB.', args: [file.name] });
      } else this.#attach(file.name, file.type, async () => new Uint8Array(await file.arrayBuffer()), edit);
    }
  }

  /** The conversation that something is given to: while none is shown, the next. */
  get #shown(): Promise<string> {
    const conversation = this.#host.conversation();
    return conversation === null ? this.#next.promise : Promise.resolve(conversation);
  }

  #attach(name: string, mediaType: string, read: () => Promise<Uint8Array<ArrayBuffer>>, edit?: string): void {
    const shown = this.#shown;
    this.#takeIn(name, async () => {
      const conversation = await shown;
      const { fitImage, toBase64 } = await import('../dom/imageResize');
      const fitted = await fitImage(name, mediaType, await read(), this.#host.tier());
      if (fitted.kind === 'refused') this.refuse(fitted.reason);
      else {
        const file = { conversation, name, mediaType: fitted.mediaType, data: await toBase64(fitted.bytes) };
        this.#host.asks.tell(
          edit === undefined ? { type: 'attach', ...file } : { type: 'attachToEdit', edit, ...file },
        );
      }
    });
  }

  /** One after the other, so that they arrive in the order in which they were given. */
  #takeIn(name: string, take: () => Promise<void>): void {
    const read = this.#work.then(take).catch(() => {
      // A folder that was dropped, or a file that is gone.
      this.refuse({ text: 'Couldn’t read {0}: {1}', args: [name, phrase('it is no file, or it is gone')] });
    });
    this.#work = this.#show(name, read);
  }

  /** After a moment its name stands there, until it is taken in. */
  #show<T>(name: string, taken: Promise<T>): Promise<T> {
    const one = { name, isNew: true };
    const changed = (taking: readonly Taking[]): void => {
      this.#taking = taking;
      this.#host.changed();
    };
    this.#taking = [...this.#taking, one];
    const timer = setTimeout(() => {
      one.isNew = false;
      changed([...this.#taking]);
    }, quietMs);
    return taken.finally(() => {
      clearTimeout(timer);
      changed(this.#taking.filter((each) => each !== one));
    });
  }

  /** Says what was not done, above the text, until it is dismissed; each thing once. */
  refuse(reason: LocalizableMessage): void {
    this.#refused += 1;
    const text = localize(reason);
    if (this.#refusals.some((one) => localize(one.reason) === text)) return;
    this.#refusals = [...this.#refusals.slice(-3), { key: this.#refused, reason }];
    this.#host.changed();
  }
}

/** The id of the message that is written anew there; undefined for none. */
function editAt(place: EventTarget | null): string | undefined {
  return place instanceof Element ? place.closest<HTMLElement>('[data-edit-of]')?.dataset['editOf'] : undefined;
}

/** The message that is written anew in a field. */
function editOf(field: HTMLTextAreaElement | null): IntoEdit | undefined {
  const edit = editAt(field);
  return edit === undefined || field === null ? undefined : { edit, field };
}

/** Nobody looks for a blank text in an attachment. */
function isLong(text: string): boolean {
  return (text.length > longText || text.split('\n', longLines + 1).length > longLines) && /\S/.test(text);
}

function carriesFiles(data: DataTransfer | null): boolean {
  const types = data?.types ?? [];
  return ['Files', 'application/vnd.code.uri-list', 'text/uri-list'].some((type) => types.includes(type));
}
