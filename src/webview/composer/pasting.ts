/** Long texts that are pasted: they stand beside the words, and are kept here until the host has them. */
import type { LocalizableMessage } from '../../shared/chat';
import { pasteStrings } from '../l10n/filesPopupStrings';
import { strings } from '../l10n/strings';
import type { Asks } from '../view/asks';

/** Characters of one that is taken at all; the host has the exact limit. */
const maxText = 24 * 1024 * 1024;
/** Of one that a text box can hold, and of all that are kept over a reload. */
const maxWords = 200_000;
const maxKept = 1_000_000;
/** ms after which what the host has not answered is kept over a reload, and after which nobody waits for it. */
const keepAfterMs = 1_000;
const patienceMs = 20_000;

/** What they ask for. */
export interface PastingHost {
  readonly asks: Pick<Asks, 'tell'>;
  conversation(): string | null;
  /** The text box. */
  box(): HTMLTextAreaElement;
  /** What is kept of the view is other than it was. */
  keep(): void;
  refuse(reason: LocalizableMessage): void;
  /** It is on its way. */
  taking(taken: Promise<boolean>): void;
}

/** A message that is written anew, and its field. */
export interface IntoEdit {
  readonly edit: string;
  readonly field: HTMLTextAreaElement;
}

/** Put into the words again: Undo brings its chip back. */
interface Unfolded {
  readonly id: string;
  readonly text: string;
  /** As a text box has it. */
  readonly words: string;
  isThere: boolean;
}

/** Tells the host of what is folded, and brings it back. */
export class Pasting {
  #untaken: readonly string[] = [];
  #unfolded: readonly Unfolded[] = [];

  constructor(
    private readonly host: PastingHost,
    signal: AbortSignal,
  ) {
    host.box().addEventListener('input', (event) => this.#typed(event as InputEvent), { signal });
  }

  /** What is kept of them over a reload. */
  get kept(): readonly string[] {
    return this.#untaken;
  }

  /** One was put into the words. */
  unfolded(id: string, text: string): void {
    const words = text.replaceAll(/\r\n?/g, '\n');
    this.#unfolded = [...this.#unfolded.slice(-3), { id, text, words, isThere: true }];
  }

  /** The text box has another text, which Undo does not lead out of. */
  forget(): void {
    this.#unfolded = [];
  }

  #typed({ inputType }: InputEvent): void {
    if (!inputType?.startsWith('history')) return;
    for (const one of this.#unfolded) {
      const isThere = this.host.box().value.includes(one.words);
      if (isThere === one.isThere) continue;
      one.isThere = isThere;
      const conversation = this.host.conversation() ?? '';
      if (isThere) void this.host.asks.tell({ type: 'detach', conversation, id: one.id });
      else this.host.taking(this.attach(one.text));
    }
  }

  /** Resolves to false where it is not taken, which is said; `into`: a message that is written anew. */
  async attach(text: string, into?: IntoEdit): Promise<boolean> {
    const conversation = this.host.conversation();
    if (conversation === null) return false;
    if (text.length > maxText) {
      this.host.refuse({ text: '{0} is too large. The limit is 22 MB.', args: [strings.pastedText()] });
      return false;
    }
    // What is not taken in the host puts into the words again.
    const told = this.host.asks.tell({
      type: 'attachPasted',
      conversation,
      bytes: utf8(text),
      edit: into?.edit ?? null,
    });
    const keeping = setTimeout(() => into === undefined && this.#keep([...this.#untaken, text]), keepAfterMs);
    const late = new Promise<boolean>((resolve) => {
      const waiting = setTimeout(() => {
        this.host.refuse({ text: pasteStrings.pasteWaits() });
        resolve(false);
      }, patienceMs);
      told.then((taken) => {
        clearTimeout(keeping);
        clearTimeout(waiting);
        if (this.#untaken.includes(text)) this.#keep(this.#untaken.filter((one) => one !== text));
        if (!taken && into !== undefined) putBack(into.field, text);
      });
    });
    return await Promise.race([told, late]);
  }

  /** What dragged tabs bring, as VS Code tells of them. */
  async attachTabs(tabs: string, into?: IntoEdit): Promise<boolean> {
    const taken = await Promise.all(neverSaved(tabs).map((text) => this.attach(text, into)));
    return taken.every(Boolean);
  }

  #keep(texts: readonly string[]): void {
    let left = maxKept;
    this.#untaken = texts.filter(({ length }) => {
      left -= length;
      return left >= 0;
    });
    this.host.keep();
  }
}

/** Of ASCII alone, as most are, it is written once, into a place of its size. */
function utf8(text: string): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const bytes = new Uint8Array(text.length);
  return encoder.encodeInto(text, bytes).read === text.length ? bytes : encoder.encode(text);
}

/** As if it were typed; a longer one would hold everything up. */
function putBack(field: HTMLTextAreaElement, text: string): void {
  if (!field.isConnected || text.length > maxWords) return;
  field.focus();
  document.execCommand('insertText', false, text);
}

/** Texts of dragged tabs that have no address yet: they bring what was never saved. */
function neverSaved(editors: string): readonly string[] {
  try {
    const tabs = JSON.parse(editors) as readonly { readonly resource?: unknown; readonly contents?: unknown }[];
    return tabs.flatMap(({ resource, contents }) =>
      resource === undefined && typeof contents === 'string' && contents !== '' ? [contents] : [],
    );
  } catch {
    return [];
  }
}
