/** Names and places in finished answers: what the workspace has becomes a link, once there is time for it. */
import type { Asks } from './asks';
import { Later } from './later';

/** ms of rest before what is on screen is looked at. */
const restMs = 300;

/** Looks at what is on screen after it has come to rest. */
export class Symbols {
  readonly #links: Later<{ look(): void }>;
  #timer = 0;
  #running = false;

  constructor(
    private readonly box: HTMLElement,
    asks: Pick<Asks, 'ask'>,
  ) {
    this.#links = new Later(
      async () => (await import('./symbolLinks')).createSymbolLinks(box, asks),
      () => this.#look(),
    );
    box.addEventListener('scroll', () => this.#soon(), { passive: true });
  }

  /** After each drawing. */
  drawn(running: boolean): void {
    this.#running = running;
    this.#soon();
  }

  #soon(): void {
    if (this.#timer !== 0 || this.#running) return;
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      this.#look();
    }, restMs);
  }

  #look(): void {
    if (this.#running || this.box.querySelector('.answer:not(.running) .markdown') === null) return;
    this.#links.part?.look();
  }
}
