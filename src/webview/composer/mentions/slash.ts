/** `/` at the beginning of the composer's text: the commands and the workspace's prompts, and what is put in the text. */
import type { PromptFile } from '../../../shared/mentions/prompts';
import { type SlashCommand, slashCommands } from '../../../shared/slashCommands';
import { visible } from '../../../shared/visible';
import { isChord } from '../../dom/keys';
import { beside } from '../../l10n/format';
import { localize } from '../../l10n/language';
import { slashStrings } from '../../l10n/pickerStrings';
import { goesTo, type ListProps, type ListRow, mentionId, type TypedListHost, tellBox } from './mentionProps';

/** Rows that are shown at most. */
const mostRows = 50;

/** What is typed: the letters behind the `/`, and what follows them. */
interface Typed {
  readonly name: string;
  /** null while there is no blank behind the name. */
  readonly rest: string | null;
}

/** The list of commands, from the `/` that opens it until one is taken, or it is left. */
export class Slash {
  #typed: Typed | null = null;
  /** Left by Esc: it stays closed until another `/` begins the text. */
  #left = false;
  /** null until the host has told them. */
  #prompts: readonly PromptFile[] | null = null;
  #rows: readonly ListRow[] = [];
  #active = 0;
  /** Enter was faster than the host. */
  #hasty = false;
  /** The text that was there when a prompt was taken whose words have not come yet; null for none. */
  #taken: string | null = null;

  constructor(
    private readonly text: HTMLTextAreaElement,
    private readonly host: TypedListHost,
    signal: AbortSignal,
  ) {
    text.addEventListener('input', (event) => (event as InputEvent).isComposing || this.follow(), { signal });
    text.addEventListener('compositionend', () => this.follow(), { signal });
    text.addEventListener('blur', () => this.close(), { signal });
    // The text may be another without a key: that of another conversation, or none once it is sent.
    document.addEventListener('selectionchange', () => this.#moved(), { signal });
  }

  get isOpen(): boolean {
    return this.#typed !== null;
  }

  /** null while it is closed. */
  get props(): ListProps | null {
    if (this.#typed === null) return null;
    return {
      of: 'commands',
      rows: this.#rows,
      total: this.#rows.length,
      active: this.#active,
      loading: this.#prompts === null,
      take: (row) => void this.#take(row),
    };
  }

  close(): void {
    if (this.#typed === null) return;
    this.#typed = null;
    this.#prompts = null;
    this.#hasty = false;
    this.host.changed();
  }

  drawn(): void {
    tellBox(this.text, this.isOpen, this.#rows.length === 0 ? null : mentionId(this.#active));
  }

  /** True for a key that is the list's. Those of an input method are not asked about. */
  key(event: KeyboardEvent): boolean {
    if (isChord(event) || event.shiftKey) return false;
    if (this.#taken !== null && this.#taken === this.text.value && event.key === 'Enter') {
      // What is there is not yet what it becomes.
      event.preventDefault();
      return true;
    }
    if (this.#typed === null) return false;
    if (event.key === 'Enter' && this.#isWhole(this.#typed.name)) {
      // It is whole: it goes.
      this.close();
      return false;
    }
    // In the lines of what is written behind a name the arrows are the text's.
    const next = this.#typed.rest === null ? goesTo(event.key, this.#active, this.#rows.length) : null;
    if (event.key === 'Escape') {
      this.#left = true;
      this.close();
    } else if (event.key === 'Enter' || event.key === 'Tab') {
      const row = this.#rows[this.#active];
      if (row === undefined && this.#prompts !== null) return false;
      if (row === undefined) this.#hasty = true;
      else void this.#take(row);
    } else if (next !== null) {
      this.#active = next;
      this.host.changed();
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** A command whose name is written out, unless another row was gone to. */
  #isWhole(name: string): boolean {
    const row = this.#rows[this.#active];
    return Object.hasOwn(slashCommands, name) && (row === undefined || (row.kind === 'command' && row.name === name));
  }

  #moved(): void {
    if (this.#typed === null && !this.#left) return;
    const typed = typedIn(this.text);
    if (typed === null) this.#left = false;
    if (typed?.name !== this.#typed?.name || typed?.rest !== this.#typed?.rest) this.close();
  }

  /** The text is another. */
  follow(): void {
    const typed = typedIn(this.text);
    if (typed === null) this.#left = false;
    if (typed === null || this.#left) {
      this.close();
      return;
    }
    const isNew = this.#typed === null;
    // Only its letters open the list.
    if (isNew && typed.rest !== null) return;
    if (this.#typed?.name !== typed.name) this.#active = 0;
    this.#typed = typed;
    if (isNew) void this.#ask();
    this.#list();
  }

  /** Read anew each time: what a file says may be another by now. */
  async #ask(): Promise<void> {
    const answer = await this.host.asks.ask({ type: 'promptFiles' });
    if (this.#typed === null) return;
    this.#prompts = answer.ok ? answer.value : [];
    this.#list();
    const row = this.#rows[0];
    const wasHasty = this.#hasty;
    this.#hasty = false;
    if (wasHasty && row !== undefined) await this.#take(row);
  }

  #list(): void {
    const typed = this.#typed;
    if (typed === null) return;
    const all = [...commandRows(this.host.edit !== null), ...(this.#prompts ?? []).map(promptRow)];
    // Behind a blank only what takes words here is still meant: a command gets them when it is sent.
    this.#rows =
      typed.rest === null
        ? matching(all, typed.name)
        : all.filter(({ kind, name }) => kind === 'prompt' && name.toLowerCase() === typed.name.toLowerCase());
    if (this.#prompts !== null && this.#rows.length === 0 && typed.rest !== null) {
      this.close();
      return;
    }
    this.#active = Math.min(this.#active, Math.max(0, this.#rows.length - 1));
    this.host.changed();
  }

  /** Puts it in the place of what was typed, as if it were typed: Undo takes it away again. Nothing is sent. */
  async #take({ kind, id, name }: ListRow): Promise<void> {
    const { name: letters, rest } = this.#typed ?? { name: '', rest: null };
    const before = this.text.value;
    this.close();
    if (!before.startsWith(`/${letters}`)) return;
    if (kind !== 'prompt') {
      this.text.setSelectionRange(0, letters.length + 1);
      document.execCommand('insertText', false, `/${name} `);
      return;
    }
    this.#taken = before;
    const answer = await this.host.asks.ask({ type: 'promptText', id, args: rest ?? '' });
    this.#taken = null;
    if (!answer.ok) {
      this.host.say(localize(answer.reason));
      return;
    }
    // Somebody typed on.
    if (this.text.value !== before) return;
    const { text, from, to, runs, permits } = answer.value;
    this.text.select();
    document.execCommand('insertText', false, text);
    this.text.setSelectionRange(from, to);
    this.#left = typedIn(this.text) !== null;
    this.close();
    if (runs) this.host.say(slashStrings.notRun(name));
    if (permits) this.host.say(slashStrings.notPermitted(name));
  }
}

/** null where the text does not begin with a `/` and letters, or the caret stands before their end. */
function typedIn({ value, selectionStart }: HTMLTextAreaElement): Typed | null {
  const name = /^\/([^\s/]*)(?=\s|$)/.exec(value)?.[1];
  if (name === undefined || selectionStart <= name.length) return null;
  return { name, rest: value.length > name.length + 1 ? value.slice(name.length + 2) : null };
}

/** A message that was sent can't become what is no message. */
function commandRows(isEdit: boolean): readonly ListRow[] {
  const names = (Object.keys(slashCommands) as SlashCommand[]).filter(
    (name) => !isEdit || slashCommands[name].about !== 'conversation',
  );
  return names.map((name) => ({
    kind: 'command',
    id: name,
    name,
    detail: slashStrings.about(name),
    marks: [],
    recent: false,
  }));
}

function promptRow({ id, name, description, hint, path }: PromptFile): ListRow {
  const about = description === '' ? path : description;
  const detail = hint === '' ? about : beside(hint, about);
  return { kind: 'prompt', id, name: visible(name), detail: visible(detail), marks: [], recent: false };
}

/** Those whose names have these letters in their order: what begins with them first, then what has them in one piece. */
function matching(rows: readonly ListRow[], letters: string): readonly ListRow[] {
  const wanted = letters.toLowerCase();
  const ranked = rows.flatMap((row) => {
    const name = row.name.toLowerCase();
    const whole = name.indexOf(wanted);
    const marks = whole === -1 ? inOrder(name, wanted) : [...wanted].map((_, index) => whole + index);
    if (marks === null) return [];
    return [{ row: { ...row, marks }, rank: whole === 0 ? 0 : whole > 0 ? 1 : 2 }];
  });
  return ranked
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, mostRows)
    .map(({ row }) => row);
}

function inOrder(name: string, letters: string): readonly number[] | null {
  const marks: number[] = [];
  let from = 0;
  for (const letter of letters) {
    const at = name.indexOf(letter, from);
    if (at === -1) return null;
    marks.push(at);
    from = at + letter.length;
  }
  return marks;
}
