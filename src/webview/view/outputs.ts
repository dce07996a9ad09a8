/** Outputs of tools, whole: asked for when their line is opened, and kept while it is. */
import type { ToolPart } from '../../shared/chat';
import { localize } from '../l10n/language';
import type { Asks } from './asks';

/** What there is of an output. */
export interface Output {
  readonly text: string;
  /** Why the rest is not there; null where it is, or is on its way. */
  readonly problem: string | null;
}

/** The outputs that are open, by the key of their part. */
export class Outputs {
  readonly #known = new Map<string, Output | 'asked'>();
  /** Grows with every answer, so that templates can depend on it. */
  version = 0;

  /** `changed` draws what came. */
  constructor(
    private readonly asks: Pick<Asks, 'ofChat'>,
    private readonly changed: () => void,
  ) {}

  /** What there is of an opened tool's output; what is missing is on its way from then on. */
  of(part: Pick<ToolPart, 'key' | 'output' | 'outputLength'>): Output | null {
    if (part.output === null) return null;
    const begun = { text: part.output, problem: null };
    if (part.outputLength === undefined) return begun;
    const known = this.#known.get(part.key);
    if (known === undefined) void this.#ask(part.key, part.output);
    return known === undefined || known === 'asked' ? { ...begun, text: `${begun.text}…` } : known;
  }

  /** Its line is closed: it is asked for again when that is opened. */
  closed({ key }: ToolPart): void {
    this.#known.delete(key);
  }

  clear(): void {
    this.#known.clear();
  }

  async #ask(key: string, begun: string): Promise<void> {
    this.#known.set(key, 'asked');
    const answer = await this.asks.ofChat('toolOutput', { key });
    // Closed meanwhile.
    if (this.#known.get(key) !== 'asked') return;
    const failed = (): Output => ({
      text: `${begun}…`,
      problem: answer.ok ? null : localize(answer.reason),
    });
    this.#known.set(
      key,
      answer.ok && typeof answer.value === 'string' ? { text: answer.value, problem: null } : failed(),
    );
    this.version += 1;
    this.changed();
  }
}
