/** `@` in the composer's text: which list is open for it, what its keys do, and what is put in the text. */
import type { FoundFiles, Mention, MentionList } from '../../../shared/mentions/mentions';
import { isChord, typeInto } from '../../dom/keys';
import { besideName } from '../../l10n/pickerStrings';
import type { Asks } from '../../view/asks';
import { goesTo, type ListProps, mentionId, tellBox } from './mentionProps';
import { beginsWord, Standing } from './standing';

/** Behind an `@` this is no name: too long, a blank at its beginning or two, a new line. */
const noName = /^\s|\n|\s\s|.{101}/;
/** ms until a list that was not whole is asked for again. */
const againMs = 250;
interface MentionsHost {
  readonly asks: Pick<Asks, 'ofChat' | 'here' | 'valueHere'>;
  readonly edit: string | null;
  /** What is kept of the view is other than it was. */
  keep(): void;
  /** Something has to be rendered again. */
  changed(): void;
}

/** What is offered; `loading`: asking again may find more. */
interface Offered extends Pick<FoundFiles, 'rows' | 'total'> {
  readonly loading: boolean;
}

const none: Offered = { rows: [], total: 0, loading: true };

/** Another one for each query. */
interface Opened {
  /** Where the `@` stands. */
  readonly at: number;
  readonly query: string;
}

/** The list of what can be mentioned, from the `@` that opens it until something is taken, or it is left. */
export class Mentions {
  #opened: Opened | null = null;
  #list: Offered | null = null;
  /** What the list answers. */
  #answered: Opened | null = null;
  #active = 0;
  /** The first row is taken when all of the list is there: Enter was faster. */
  #hasty = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly standing: Standing;

  constructor(
    private readonly text: HTMLTextAreaElement,
    private readonly host: MentionsHost,
    signal: AbortSignal,
  ) {
    this.standing = new Standing(
      text,
      {
        mention: (of) => host.asks.valueHere('mention', { ...of, edit: host.edit }),
        unmention: (of) => host.asks.here('unmention', { ...of, edit: host.edit }),
      },
      host.keep,
    );
    text.addEventListener('input', (event) => (event as InputEvent).isComposing || this.#typed(), { signal });
    text.addEventListener('compositionend', () => this.#typed(), { signal });
    text.addEventListener('blur', () => this.close(), { signal });
    document.addEventListener('selectionchange', () => this.#opened !== null && this.#follow(), { signal });
  }

  /** null while none is open. */
  get props(): ListProps | null {
    if (this.#opened === null) return null;
    const { rows, total, loading } = this.#list ?? none;
    return {
      ...{ of: 'mentions' as const, rows, total, active: this.#active, loading },
      take: (mention) => this.#take(mention as Mention),
    };
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
    const next = goesTo(event.key, this.#active, this.#list?.rows.length ?? 0);
    if (event.key === 'Escape') this.close();
    else if (event.key === 'Enter' || event.key === 'Tab') {
      if (!this.#enter()) return false;
    } else if (next !== null) {
      this.#active = next;
      this.host.changed();
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** Takes the active row, or will when it is there; false where there is none. */
  #enter(): boolean {
    const { rows, loading } = this.#list ?? none;
    const mention = rows[this.#active];
    if (this.#answered !== this.#opened || (loading && mention === undefined)) this.#hasty = true;
    else if (mention !== undefined) this.#take(mention);
    else {
      this.close();
      return false;
    }
    return true;
  }

  #typed(): void {
    this.standing.look();
    const { selectionStart: caret, value } = this.text;
    // One that was left stays closed: only an `@` right before the caret opens a list, and then anew.
    if (value[caret - 1] === '@' && beginsWord(value, caret - 1)) this.#open(caret - 1, '');
    else this.#follow();
  }

  /** An `@` was typed there, and maybe letters behind it. */
  openAt(at: number): void {
    if (!beginsWord(this.text.value, at)) return;
    this.#open(at, '');
    this.#follow();
  }

  #open(at: number, query: string): void {
    this.#opened = { at, query };
    this.#hasty = false;
    this.#wait(null);
    void this.#ask(this.#opened);
    this.host.changed();
  }

  /** The caret, or the text before it, is another: it is looked for anew, or the list is left. */
  #follow(): void {
    const opened = this.#opened;
    if (opened === null) return;
    const { selectionStart: caret, selectionEnd, value } = this.text;
    const query = value.slice(opened.at + 1, caret);
    const isLeft = caret <= opened.at || caret !== selectionEnd || value[opened.at] !== '@';
    const isProse = hasBlank(query) && withName(this.#list?.rows ?? [], query).length === 0;
    if (isLeft || isProse || noName.test(query)) this.close();
    else if (query !== opened.query) this.#open(opened.at, query);
  }

  async #ask(opened: Opened): Promise<void> {
    const { query } = opened;
    const answer = await this.host.asks.ofChat('mentions', { query });
    // Another letter was typed meanwhile.
    if (this.#opened !== opened) return;
    if (!answer.ok) return this.close();
    const list = withBeside(answer.value, query);
    const rows = hasBlank(query) ? withName(list.rows, query) : list.rows;
    const { loading } = list;
    // Words that go on, of which no name is made.
    if (hasBlank(query) && rows.length === 0) return this.close();
    // Where more of the same has come, what was gone to stays.
    const isGoneTo = this.#answered === opened && this.#active > 0;
    const active = isGoneTo ? this.#list?.rows[this.#active] : null;
    const at = rows.findIndex(({ kind, id }) => kind === active?.kind && id === active.id);
    this.#active = Math.max(0, at);
    this.#list = { ...list, rows };
    this.#answered = opened;
    this.#wait(loading ? () => void this.#ask(opened) : null);
    const [first] = rows;
    // What stands first of the files does not wait for symbols.
    if (this.#hasty && !answer.value.partial && (first !== undefined || !loading)) {
      this.#hasty = false;
      if (first !== undefined) return this.#take(first);
    }
    this.host.changed();
  }

  #wait(then: (() => void) | null): void {
    clearTimeout(this.#timer);
    this.#timer = then === null ? undefined : setTimeout(then, againMs);
  }

  /** Puts its name in the place of what was typed, as if it were typed: Undo takes it away again. */
  #take(mention: Mention): void {
    const opened = this.#opened;
    if (opened === null) return;
    this.close();
    typeInto(this.text, `${this.standing.add(mention)} `, opened.at, opened.at + 1 + opened.query.length);
  }

  /** A mention right before the caret goes as one character. */
  #eraseWhole(event: KeyboardEvent): boolean {
    const { selectionStart: caret, selectionEnd } = this.text;
    const words = caret === selectionEnd ? this.standing.before(caret) : null;
    if (words === null) return false;
    event.preventDefault();
    this.text.setSelectionRange(caret - words.length, caret);
    document.execCommand('delete');
    return true;
  }
}

function hasBlank(query: string): boolean {
  return /\s/.test(query);
}

/** Those that have all of it in their names, blanks too. */
function withName(rows: readonly Mention[], query: string): readonly Mention[] {
  const letters = query.toLowerCase();
  return rows.filter(({ name }) => name.toLowerCase().includes(letters));
}

/** Files in use lately before what the window has beside them. */
const recentFirst = 5;

/** With what the window has beside files: all of it for no letters, else what has them in this order from its beginning on. */
function withBeside({ beside, rows, total, partial, more }: MentionList, query: string): Offered {
  const letters = query.toLowerCase();
  const named = beside.flatMap(({ kind, id, detail }): readonly Mention[] => {
    const name = besideName(kind);
    const marks = marksIn(name.toLowerCase(), letters);
    return marks === null ? [] : [{ kind, id, name, detail, marks, recent: false }];
  });
  const isBegun = ({ marks }: Mention): boolean => marks.every((mark, at) => mark === at);
  // One letter is the beginning of too much.
  const at = letters === '' ? recentFirst : letters.length > 1 ? 0 : rows.length;
  const all = rows.toSpliced(at, 0, ...named.filter(isBegun)).concat(named.filter((row) => !isBegun(row)));
  return { rows: all, total: total + named.length, loading: partial || more };
}

/** Where these letters stand in a name, the first at its beginning; null where they do not. */
function marksIn(name: string, letters: string): readonly number[] | null {
  const marks: number[] = [];
  for (const letter of letters) {
    const at = name.indexOf(letter, (marks.at(-1) ?? -1) + 1);
    if (at === -1 || (marks.length === 0 && at > 0)) return null;
    marks.push(at);
  }
  return marks;
}
