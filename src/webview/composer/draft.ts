/** Tells the host what is being typed: soon after the last key, and at once when the view may go away. */

const delayMs = 300;

export interface DraftSink {
  /** Called with every change, before the host is told. */
  keep(text: string, untold: boolean): void;
  /** Resolves to false when the host could not store it. */
  tell(text: string): Promise<boolean>;
}

export class Draft {
  readonly #sink: DraftSink;
  #text = '';
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(sink: DraftSink) {
    this.#sink = sink;
  }

  get text(): string {
    return this.#text;
  }

  /** True while the host has not been told the last change. */
  get untold(): boolean {
    return this.#timer !== null;
  }

  typed(text: string): void {
    this.#text = text;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), delayMs);
    this.#sink.keep(text, true);
  }

  /** The text that the host has already; nothing is told. */
  set(text: string): void {
    this.#cancel();
    this.#text = text;
    this.#sink.keep(text, false);
  }

  /** Tells the host now, if there is anything to tell. */
  flush(): void {
    if (this.#timer === null) return;
    this.#cancel();
    const told = this.#text;
    const stored = this.#sink.tell(told);
    this.#sink.keep(told, false);
    stored.then((done) => {
      // Then it is only here.
      if (!done && this.#text === told) this.#sink.keep(told, true);
    });
  }

  #cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
