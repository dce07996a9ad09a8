/** What a turn asks the user with, in memory: nothing was allowed before, and nobody answers but the test. */
import { Listeners } from '../../../../src/core/base/listeners';
import type { Consents, Permit, Situation } from '../../../../src/core/tools/consent';
import { OpenCalls } from '../../../../src/core/turn/openCalls';
import type { Approvals } from '../../../../src/core/turn/toolCall';

/** Consents of one conversation. */
export class MemoryConsents implements Consents {
  readonly #changes = new Listeners();
  readonly onDidChange = this.#changes.add;
  readonly keys = new Set<string>();
  readonly spans: string[] = [];
  /** Thrown when something is to be kept. */
  refuses: Error | null = null;

  async allowed(): Promise<ReadonlySet<string>> {
    return new Set(this.keys);
  }

  async allow(_conversation: string, permits: readonly Permit[], span: string): Promise<void> {
    if (this.refuses !== null) throw this.refuses;
    this.spans.push(span);
    for (const { key } of permits) this.keys.add(key);
    this.#changes.tell();
  }
}

/** In a trusted window with a folder, where each change is looked at. */
export function memoryApprovals(situation: Partial<Situation> = {}): Approvals & { readonly consents: MemoryConsents } {
  const here = { trusted: true, hasFolder: true, reviewAtEnd: false, ...situation };
  const calls = new OpenCalls({ now: () => 0, every: () => () => undefined });
  calls.review(here.reviewAtEnd);
  return { consents: new MemoryConsents(), situation: () => here, calls };
}
