/** The lists that what is typed in a text box opens, as they are loaded: `@` that of mentions, `/` that of commands. Of two that are open, that of the `@` is shown: it stands among what is written behind a command. */
import type { KeptMention } from '../../view/vscodeApi';
import type { ListProps, TypedListHost, TypedLists } from './mentionProps';
import { Mentions } from './mentions';
import { Slash } from './slash';

/** Both lists of one text box. */
export class Lists implements TypedLists {
  readonly #mentions: Mentions;
  readonly #slash: Slash;
  version = 0;

  constructor(
    private readonly text: HTMLTextAreaElement,
    host: TypedListHost,
    signal: AbortSignal,
  ) {
    const changed = (): void => {
      this.version += 1;
      host.changed();
    };
    const counted = { ...host, changed };
    this.#mentions = new Mentions(text, counted, signal);
    this.#slash = new Slash(text, counted, signal);
  }

  openAt(at: number): void {
    if (document.activeElement !== this.text) return;
    if (this.text.value[at] === '@') this.#mentions.openAt(at);
    else this.#slash.follow();
  }

  get props(): ListProps | null {
    return this.#mentions.props ?? this.#slash.props;
  }

  get kept(): readonly KeptMention[] {
    return this.#mentions.standing.kept;
  }

  restore(kept: readonly KeptMention[], stood: string): void {
    this.#mentions.standing.restore(kept, stood);
  }

  get isTelling(): boolean {
    return this.#mentions.standing.isTelling;
  }

  settled(): Promise<boolean> {
    return this.#mentions.standing.settled();
  }

  close(): void {
    this.#mentions.close();
    this.#slash.close();
  }

  drawn(): void {
    if (this.#mentions.props === null && this.#slash.isOpen) this.#slash.drawn();
    else this.#mentions.drawn();
  }

  key(event: KeyboardEvent): boolean {
    return this.#mentions.key(event) || this.#slash.key(event);
  }
}
