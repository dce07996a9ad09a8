/** Cache diagnostics from remembered request fingerprints (API-FACTS §6.5). */
import type { Position } from './positions';
import { digest } from './tokens';
import type { Json, RequestBody } from './wire';

interface Fingerprint {
  readonly at: number;
  readonly model: string;
  /** What prevents a comparison when it differs: tool_choice, thinking, output_config, betas. */
  readonly settings: string;
  readonly blocks: readonly Position[];
}

/** Fingerprints are short-lived; the exact time is not published. */
const remembered = 60 * 60_000;

export class Diagnostics {
  readonly #prints = new Map<string, Fingerprint>();

  /** Remembers an answered request under the id of its answer. */
  remember(id: string, body: RequestBody, betas: string, blocks: readonly Position[], now: number): void {
    if (this.#prints.size > 500) for (const old of [...this.#prints.keys()].slice(0, 250)) this.#prints.delete(old);
    this.#prints.set(id, fingerprint(body, betas, blocks, now));
  }

  /** The `diagnostics` of an answer; undefined when the request did not ask. */
  compare(body: RequestBody, betas: string, blocks: readonly Position[], now: number): Json | undefined {
    if (body.diagnostics === undefined || body.diagnostics === null) return undefined;
    const previousId = body.diagnostics.previous_message_id ?? null;
    if (previousId === null) return null;
    const previous = this.#prints.get(previousId);
    if (previous === undefined || now - previous.at > remembered) return missed('previous_message_not_found');
    const current = fingerprint(body, betas, blocks, now);
    if (current.model !== previous.model) return missed('model_changed', blocks.at(-1)?.total ?? 0);
    if (current.settings !== previous.settings) return missed('unavailable');
    for (const section of ['tools', 'system', 'messages'] as const) {
      const was = previous.blocks.filter((block) => block.section === section);
      const is = blocks.filter((block) => block.section === section);
      // Appended messages are no divergence; an added tool or system block is one.
      const length = section === 'messages' ? was.length : Math.max(was.length, is.length);
      const at = Array.from({ length }).findIndex((_, index) => was[index]?.own !== is[index]?.own);
      if (at === -1) continue;
      const kept = is[at - 1]?.total ?? blocks[blocks.indexOf(is[0] as Position) - 1]?.total ?? 0;
      return missed(`${section}_changed`, Math.max((previous.blocks.at(-1)?.total ?? 0) - kept, 0));
    }
    return null;
  }
}

function fingerprint(body: RequestBody, betas: string, blocks: readonly Position[], at: number): Fingerprint {
  const settings = [body.tool_choice ?? null, body.thinking ?? null, body.output_config ?? null, betas];
  return { at, model: `${body.model} ${body.speed ?? 'standard'}`, settings: digest(JSON.stringify(settings)), blocks };
}

function missed(type: string, tokens?: number): Json {
  return {
    cache_miss_reason: tokens === undefined ? { type } : { type, cache_missed_input_tokens: tokens },
  };
}
