/** `@` in the composer's text: which list is open for it, what its keys do, and what is put in the text. */
import type { FoundFiles, Mention, MentionList } from '../../../shared/mentions/mentions';
import { visible } from '../../../shared/visible';
import { isChord } from '../../dom/keys';
import { besideName } from '../../l10n/pickerStrings';
import type { Asks } from '../../view/asks';
import { goesTo, type ListProps, mentionId, tellBox } from './mentionProps';

/** Characters behind an `@` that are looked for at most. */
const longest = 100;
/** ms until a list that was not whole is asked for again. */
const againMs = 250;

interface MentionsHost {
  readonly asks: Pick<Asks, 'ofChat' | 'here'>;
  /** Something has to be rendered again. */
  changed(): void;
}

interface Opened {
  /** Where the `@` stands. */
  readonly at: number;
  readonly query: string;
}

/** The list of what can be mentioned, from the `@` that opens it until something is taken, or it is left. */
export class Mentions {
  #opened: Opened | null = null;
  #list: FoundFiles | null = null;
  /** The query that the list answers. */
  #answered: string | null = null;
  #active = 0;
  /** The first row is taken when it comes: Enter was faster than the list. */
  #hasty = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** What was put in, by how it stands in the text. */
  readonly #taken = new Map<string, Mention>();

  constructor(
    private readonly text: HTMLTextAreaElement,
    private readonly host: MentionsHost,
    signal: AbortSignal,
  ) {
    text.addEventListener('input', (event) => this.#input(event as InputEvent), { signal });
    text.addEventListener('compositionend', () => this.#follow(), { signal });
    text.addEventListener('blur', () => this.close(), { signal });
    document.addEventListener('selectionchange', () => this.#opened !== null && this.#follow(), { signal });
  }

  /** null while none is open. */
  get props(): ListProps | null {
    if (this.#opened === null) return null;
    const { rows = [], total = 0, partial = true } = this.#list ?? {};
    return {
      ...{ of: 'mentions' as const, rows, total, active: this.#active, loading: partial },
      take: (mention) => this.#take(mention as Mention),
    };
  }

  /** What its rendering depends on. */
  get state(): unknown {
    return this.#opened === null ? null : (this.#list ?? this.#opened);
  }

  get active(): number {
    return this.#active;
  }

  close(): void {
    if (this.#opened === null) return;
    this.#opened = null;
    this.#list = null;
    this.#answered = null;
    this.#hasty = false;
    this.#wait(null);
    this.host.changed();
  }

  /** Tells the text box, and who reads it out, which list goes with it. */
  drawn(): void {
    const rows = this.#opened === null ? 0 : (this.#list?.rows.length ?? 0);
    tellBox(this.text, this.#opened !== null, rows === 0 ? null : mentionId(this.#active));
  }

  /** True for a key that is the list's; the text box does nothing with it. Those of an input method are not asked about. */
  key(event: KeyboardEvent): boolean {
    if (isChord(event) || event.shiftKey) return false;
    if (this.#opened === null) return event.key === 'Backspace' && this.#eraseWhole(event);
    const { rows = [] } = this.#list ?? {};
    const next = goesTo(event.key, this.#active, rows.length);
    if (event.key === 'Escape') this.close();
    else if (event.key === 'Enter' || event.key === 'Tab') {
      const mention = rows[this.#active];
      const isOld = this.#answered !== this.#opened.query;
      if (mention === undefined && !isOld) return false;
      if (isOld) this.#hasty = true;
      else if (mention !== undefined) this.#take(mention);
    } else if (next !== null) {
      this.#active = next;
      this.host.changed();
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #input({ isComposing: composing }: InputEvent): void {
    if (composing) return;
    const { selectionStart: caret, value } = this.text;
    // One that was left stays closed: only an `@` right before the caret opens a list.
    if (
      this.#opened === null &&
      value[caret - 1] === '@' &&
      /(?:^|[\s([{"'`,;:])@$/.test(value.slice(Math.max(0, caret - 2), caret))
    )
      this.#open(caret - 1, '');
    else this.#follow();
  }

  #open(at: number, query: string): void {
    this.#opened = { at, query };
    this.#active = 0;
    void this.#ask(query);
    this.host.changed();
  }

  /** The caret, or the text before it, is another: it is looked for anew, or the list is left. */
  #follow(): void {
    const opened = this.#opened;
    if (opened === null) return;
    const { selectionStart: caret, selectionEnd, value } = this.text;
    const query = value.slice(opened.at + 1, caret);
    const isLeft = caret <= opened.at || caret !== selectionEnd || value[opened.at] !== '@';
    const nothing = this.#answered !== null && this.#list?.rows.length === 0 && !this.#list.partial;
    if (isLeft || query.length > longest || /^\s|\n|\s\s/.test(query) || (nothing && query.endsWith(' '))) this.close();
    else if (query !== opened.query) this.#open(opened.at, query);
  }

  async #ask(query: string): Promise<void> {
    const answer = await this.host.asks.ofChat('mentions', { query });
    // Another letter was typed meanwhile.
    if (this.#opened?.query !== query) return;
    if (!answer.ok) return this.close();
    this.#list = withBeside(answer.value, query);
    this.#answered = query;
    this.#wait(answer.value.partial ? () => void this.#ask(query) : null);
    const [first] = this.#list.rows;
    if (this.#hasty && first !== undefined) this.#take(first);
    else this.host.changed();
    if (!answer.value.partial) this.#hasty = false;
  }

  #wait(then: (() => void) | null): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = then === null ? null : setTimeout(then, againMs);
  }

  /** Puts its name in the place of what was typed, as if it were typed: Undo takes it away again. */
  #take(mention: Mention): void {
    const opened = this.#opened;
    if (opened === null) return;
    const { selectionStart: caret } = this.text;
    this.close();
    const words = wordsOf(mention);
    this.#taken.set(words, mention);
    this.text.setSelectionRange(opened.at, caret);
    document.execCommand('insertText', false, `${words} `);
    const { kind, id } = mention;
    void this.host.asks.here('mention', { kind, id });
  }

  /** A mention right before the caret goes as one character, and what it has put beside the message with it. */
  #eraseWhole(event: KeyboardEvent): boolean {
    const { selectionStart: caret, selectionEnd, value } = this.text;
    if (caret !== selectionEnd || this.#taken.size === 0) return false;
    const before = value.slice(0, caret);
    const found = [...this.#taken]
      .filter(([words]) => before.endsWith(words))
      .toSorted(([a], [b]) => b.length - a.length);
    const [words, mention] = found[0] ?? [];
    if (words === undefined || mention === undefined) return false;
    event.preventDefault();
    this.text.setSelectionRange(caret - words.length, caret);
    document.execCommand('delete');
    if (this.text.value.includes(words)) return true;
    this.#taken.delete(words);
    const { kind, id } = mention;
    void this.host.asks.here('unmention', { kind, id });
    return true;
  }
}

/** Files in use lately before what the window has beside them. */
const recentFirst = 5;

/** With what the window has beside files: all of it for no letters, else what begins with them. */
function withBeside({ beside, rows, total, partial }: MentionList, query: string): FoundFiles {
  const letters = query.toLocaleLowerCase();
  const named = beside
    .map(({ kind, detail }) => ({ kind, id: '', name: besideName(kind), detail, recent: false }))
    .filter(({ name }) => name.toLocaleLowerCase().startsWith(letters))
    .map((one): Mention => ({ ...one, marks: Array.from({ length: letters.length }, (_, at) => at) }));
  // One letter is the beginning of too much.
  const at = letters === '' ? recentFirst : letters.length > 1 ? 0 : rows.length;
  return { rows: rows.toSpliced(at, 0, ...named), total: total + named.length, partial };
}

/** How it stands in the text. */
function wordsOf({ kind, id, name }: Mention): string {
  return `@${visible(id === '' ? name : id).replaceAll(/\s/g, ' ')}${kind === 'folder' ? '/' : ''}`;
}
