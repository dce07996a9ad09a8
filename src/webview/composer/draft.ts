/** Tells the host what is being typed: soon after the last key, and at once when the view may go away. */
import type { BegunWords } from '../../shared/turn/editing';
import type { KeptDraft } from '../view/vscodeApi';

const delayMs = 300;

/** Who keeps a draft, and who stores it. */
export interface DraftSink {
  /** Called with every change of the text, or of what the host has of it. */
  keep(): void;
  /** Resolves to false when the host could not store it. */
  tell(text: string): Promise<boolean>;
}

/** The draft that the text box begins with. */
export interface ShownDraft {
  readonly text: string;
  /** True while the host has not been told it. */
  readonly untold: boolean;
}

/**
 * The draft that a conversation is shown with: what the host was never told, or has lost, is only kept here. `said` are
 * the words of its messages and of those that wait: what was on its way and has arrived is no draft any more.
 */
export function draftToShow(before: KeptDraft | null, fromHost: string, said: readonly string[]): ShownDraft {
  const kept = before === null ? null : withoutArrived(before, said);
  if (kept === null || kept.draft === '') return { text: fromHost, untold: false };
  // The host has it, and words that came back behind it.
  const hasMore = fromHost.startsWith(`${kept.draft.trimEnd()}\n\n`);
  const isOurs = fromHost === '' || (kept.untold && !hasMore);
  return isOurs ? { text: kept.draft, untold: true } : { text: fromHost, untold: false };
}

function withoutArrived(kept: KeptDraft, said: readonly string[]): KeptDraft {
  const { draft, sent } = kept;
  if (sent === '' || !draft.startsWith(sent) || !said.includes(sent)) return kept;
  return { ...kept, draft: draft.slice(sent.length).trimStart() };
}

/** The text that is typed: kept at once, told to the host soon after the last key. */
export class Draft {
  readonly #sink: DraftSink;
  #text = '';
  /** Words on their way to the host. */
  #sent = '';
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** The host could not store it. */
  #refused = false;
  /** How often the host was told, and has not answered. */
  #asked = 0;

  constructor(sink: DraftSink) {
    this.#sink = sink;
  }

  get text(): string {
    return this.#text;
  }

  /** True while the host has not been told the last change, or could not store it. */
  get untold(): boolean {
    return this.#timer !== null || this.#refused;
  }

  /** True where the host has just this: nothing is typed, told or on its way. */
  get isTold(): boolean {
    return !this.untold && this.#asked === 0 && this.#sent === '';
  }

  get kept(): KeptDraft {
    const sent = this.#sent.trim();
    const draft = [sent, this.#text].filter((text) => text !== '').join('\n\n');
    return { draft, untold: this.untold || sent !== '', sent };
  }

  /** The text is on its way to the host, until `arrived`. */
  send(): void {
    const sent = this.#text;
    this.set('');
    this.#sent = sent;
    this.#sink.keep();
  }

  /** The host has taken what was on its way, or has not: it is known which. */
  arrived(): void {
    this.#sent = '';
    this.#sink.keep();
  }

  typed(text: string): void {
    this.#cancel();
    this.#text = text;
    this.#timer = setTimeout(() => this.flush(), delayMs);
    this.#sink.keep();
  }

  /** The text that the host has already; nothing is told. */
  set(text: string): void {
    this.#cancel();
    this.#text = text;
    this.#sent = '';
    this.#sink.keep();
  }

  /** Tells the host now, if there is anything to tell. */
  flush(): void {
    if (this.#timer === null) return;
    this.#cancel();
    const text = this.#text;
    const stored = this.#sink.tell(text);
    this.#sink.keep();
    this.#asked += 1;
    stored.then((done) => {
      this.#asked -= 1;
      if (done || this.#text !== text) return;
      // Then it is only here.
      this.#refused = true;
      this.#sink.keep();
    });
  }

  #cancel(): void {
    clearTimeout(this.#timer ?? undefined);
    this.#timer = null;
    this.#refused = false;
  }
}

/** The words with which messages are being written anew: told to the host as the draft is, each by itself. */
export class BegunTold {
  /** As the host has them, by their ids. */
  readonly #told = new Map<string, string>();
  #now: readonly BegunWords[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly tell: (id: string, edit: BegunWords | null) => void) {}

  /** Those that the host has of another conversation. */
  begin(known: readonly BegunWords[]): void {
    this.#told.clear();
    for (const { id, text } of known) this.#told.set(id, text);
  }

  /** These are being written now. */
  keep(now: readonly BegunWords[]): void {
    this.#now = now;
    if (now.length + this.#told.size > 0) this.#timer ??= setTimeout(() => this.flush(), delayMs);
  }

  /** Tells the host now what is other than it knows. */
  flush(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    for (const id of this.#told.keys()) if (!this.#now.some((one) => one.id === id)) this.#say(id, null);
    // The latest last: it is the first that is kept.
    for (const one of this.#now.toReversed()) if (this.#told.get(one.id) !== one.text) this.#say(one.id, one);
  }

  #say(id: string, edit: BegunWords | null): void {
    if (edit === null) this.#told.delete(id);
    else this.#told.set(id, edit.text);
    this.tell(id, edit);
  }
}
