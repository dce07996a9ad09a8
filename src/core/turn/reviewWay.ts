/** How a conversation's edits are reviewed: each before it is made, or all of them at the turn's end. */
import { Listeners } from '../base/listeners';
import type { Clock } from '../base/ports';

/** ms after which edits ask again, as everything that was allowed for a conversation does. */
const lastsMs = 12 * 60 * 60 * 1000;
/** ms between two looks whether they do: a machine that slept meanwhile knows it by its clock alone. */
const lookMs = 60_000;

/** Kept in memory for each conversation: it ends with its window, and after 12 hours. */
export class ReviewWay {
  readonly #changes = new Listeners();
  /** ms since the epoch; null while each edit asks. */
  #since: number | null = null;
  #stopLooking: () => void = () => undefined;

  constructor(private readonly clock: Pick<Clock, 'now' | 'every'>) {}

  /** Calls back when another way was chosen, or one has ended. */
  readonly onDidChange = this.#changes.add;

  /** True when edits are made at once and reviewed at the turn's end. */
  get isAtEnd(): boolean {
    return this.#since !== null && this.clock.now() - this.#since < lastsMs;
  }

  choose(atEnd: boolean): void {
    this.close();
    this.#since = atEnd ? this.clock.now() : null;
    if (atEnd) this.#stopLooking = this.clock.every(lookMs, () => this.isAtEnd || this.choose(false));
    this.#changes.tell();
  }

  /** Nobody is told any more that it ends. */
  close(): void {
    this.#stopLooking();
  }
}
