/** Tells the host what is being typed: soon after the last key, and at once when the view may go away. */

const delayMs = 300;

export interface DraftSink {
  /** Called with every change of the text, or of what the host has of it. */
  keep(): void;
  /** Resolves to false when the host could not store it. */
  tell(text: string): Promise<boolean>;
}

export interface ShownDraft {
  readonly text: string;
  /** True while the host has not been told it. */
  readonly untold: boolean;
}

/** The draft that a conversation is shown with: what the host was never told, or has lost, is only kept here. */
export function draftToShow(
  kept: { readonly draft: string; readonly untold: boolean } | null,
  told: string,
): ShownDraft {
  if (kept === null || kept.draft === '') return { text: told, untold: false };
  // The host has it, and words that came back behind it.
  const hasMore = told.startsWith(`${kept.draft.trimEnd()}\n\n`);
  const isOurs = told === '' || (kept.untold && !hasMore);
  return isOurs ? { text: kept.draft, untold: true } : { text: told, untold: false };
}

export class Draft {
  readonly #sink: DraftSink;
  #text = '';
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** The host could not store it. */
  #refused = false;

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
    this.#sink.keep();
  }

  /** Tells the host now, if there is anything to tell. */
  flush(): void {
    if (this.#timer === null) return;
    this.#cancel();
    const told = this.#text;
    const stored = this.#sink.tell(told);
    this.#sink.keep();
    stored.then((done) => {
      if (done || this.#text !== told) return;
      // Then it is only here.
      this.#refused = true;
      this.#sink.keep();
    });
  }

  #cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#refused = false;
  }
}
