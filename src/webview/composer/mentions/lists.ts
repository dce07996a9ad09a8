/** The lists that what is typed in a text box opens, as they are loaded: `@` that of mentions, `/` that of commands. Of two that are open, that of the `@` is shown: it stands among what is written behind a command. */
import { nothing, render } from 'lit-html';
import type { KeptMention } from '../../../shared/mentions/mentions';
import { mentionList } from './mentionList';
import type { ListProps, MadeLists, TypedListHost, TypedLists } from './mentionProps';
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

/** Of a message that is written anew: what it stands among scrolls, and what is drawn over that stands beside it. */
export const inlineLists: MadeLists = (text, host, signal) => {
  const place = document.createElement('div');
  place.className = 'inlineLists';
  signal.addEventListener('abort', () => place.remove());
  const changed = (): void => {
    // The field had no place yet when they were made.
    if (!place.isConnected) text.closest('.panel')?.append(place);
    render(lists.props === null ? nothing : mentionList(lists.props), place);
    lists.drawn();
  };
  const lists = new Lists(text, { ...host, changed }, signal);
  return lists;
};
