/** The lists that what is typed in the composer opens: `@` that of mentions, `/` that of commands. Of two that are open, that of the `@` is shown: it stands among what is written behind a command. */
import type { ListProps, MadeList, TypedList, TypedListHost } from './mentionProps';
import { Mentions } from './mentions';
import type { Standing } from './standing';

/** Both lists, for the text box and for what is drawn above it. */
export class Suggestions {
  readonly #mentions: Mentions;
  /** null until it is loaded, with what draws it. */
  #slash: TypedList | null = null;
  /** A `/` was typed before that. */
  #wanted = false;

  constructor(
    private readonly text: HTMLTextAreaElement,
    private readonly host: TypedListHost,
    private readonly signal: AbortSignal,
  ) {
    this.#mentions = new Mentions(text, host, signal);
    text.addEventListener('input', () => this.#typed(), { signal });
  }

  #typed(): void {
    if (this.#slash !== null || !this.text.value.startsWith('/')) return;
    this.#wanted = true;
    this.host.changed();
  }

  /** What draws them is loaded. */
  came(slash: MadeList | null): void {
    if (this.#slash !== null || slash === null) return;
    this.#slash = slash(this.text, this.host, this.signal);
    if (this.#wanted) this.text.dispatchEvent(new InputEvent('input'));
  }

  /** null while none is open. */
  get props(): ListProps | null {
    return this.#mentions.props ?? this.#slash?.props ?? null;
  }

  get #showsSlash(): boolean {
    return this.#mentions.props === null && this.#slash?.isOpen === true;
  }

  /** What its rendering depends on. */
  get state(): unknown {
    return this.#showsSlash ? this.#slash?.state : this.#mentions.state;
  }

  /** What is mentioned in the text. */
  get standing(): Standing {
    return this.#mentions.standing;
  }

  /** Another text is shown, or this one has left. */
  clear(): void {
    this.#mentions.clear();
  }

  close(): void {
    this.#wanted = false;
    this.#mentions.close();
    this.#slash?.close();
  }

  get active(): number {
    return this.#mentions.active;
  }

  drawn(): void {
    if (this.#showsSlash) this.#slash?.drawn();
    else this.#mentions.drawn();
  }

  /** True for a key that is a list's; the text box does nothing with it. */
  key(event: KeyboardEvent): boolean {
    return this.#mentions.key(event) || this.#slash?.key(event) === true;
  }
}
