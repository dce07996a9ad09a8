/** The lists that what is typed in a text box opens: what is known of them before they are loaded, and the way to them from then on. */
import type { KeptMention } from '../../../shared/mentions/mentions';
import type { ListProps, MadeLists, TypedListHost, TypedLists } from './mentionProps';

/** Those of one text box: `@` for what can be mentioned, `/` for commands. */
export class Suggestions {
  /** null until they are loaded, with what draws them. */
  #lists: TypedLists | null = null;
  /** Where the sign stands that was typed before that; null for none. */
  #at: number | null = null;
  #kept: readonly KeptMention[] = [];
  /** The text that those stood in. */
  #stood = '';

  constructor(
    private readonly text: HTMLTextAreaElement,
    private readonly host: TypedListHost,
    private readonly signal: AbortSignal,
  ) {
    text.addEventListener('input', () => this.#lists ?? this.#typed(), { signal });
  }

  #typed(): void {
    const { value, selectionStart: caret } = this.text;
    if (value[caret - 1] === '@') this.#at = caret - 1;
    else if (value.startsWith('/')) this.#at = 0;
    else return;
    this.host.changed();
  }

  /** What draws them is loaded. */
  came(make: MadeLists | null): void {
    if (this.#lists !== null || make === null || this.signal.aborted) return;
    this.#lists = make(this.text, this.host, this.signal);
    this.#lists.restore(this.#kept, this.#stood);
    if (this.#at !== null) this.#lists.openAt(this.#at);
  }

  /** null while none is open. */
  get props(): ListProps | null {
    return this.#lists?.props ?? null;
  }

  /** Grows with every change of what is drawn. */
  get version(): number {
    return this.#lists?.version ?? 0;
  }

  /** What the view keeps of what is mentioned in the text. */
  get kept(): readonly KeptMention[] {
    return this.#lists?.kept ?? this.#kept;
  }

  /** What is mentioned in a text that is shown again: the host has what stands of it. */
  restore(kept: readonly KeptMention[]): void {
    this.#kept = kept;
    this.#stood = this.text.value;
    this.#lists?.restore(kept, this.#stood);
  }

  /** True while the host has not answered yet of something that is mentioned. */
  get isTelling(): boolean {
    return this.#lists?.isTelling === true;
  }

  /** Resolves when it has; to false where something was refused, which is then no more than words. */
  async settled(): Promise<boolean> {
    return (await this.#lists?.settled()) !== false;
  }

  /** Another text is shown, or this one has left. */
  clear(): void {
    this.close();
    this.restore([]);
  }

  close(): void {
    this.#at = null;
    this.#lists?.close();
  }

  drawn(): void {
    this.#lists?.drawn();
  }

  /** True for a key that is a list's; the text box does nothing with it. Those of an input method are not asked about. */
  key(event: KeyboardEvent): boolean {
    return this.#lists?.key(event) === true;
  }
}
