/** Parts of the panel that failed, told to the host once each. */
import { onPartFailed } from './bounded';

/** Failures that are told to the host. */
const maxReported = 20;

/** Keeps what fails in one part of the panel from the others, and tells it once: it may fail with every frame. */
export class PartFailures {
  readonly #reported = new Set<string>();
  readonly #tell: (message: string) => void;

  constructor(tell: (message: string) => void) {
    this.#tell = tell;
    onPartFailed((error) => this.tell(error));
  }

  /** Does something for one part: the others go on without it. */
  alone(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.tell(error);
    }
  }

  tell(error: unknown): void {
    const message = describe(error);
    if (this.#reported.has(message) || this.#reported.size >= maxReported) return;
    this.#reported.add(message);
    this.#tell(message);
  }
}

/** What went wrong, in one line. */
export function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
