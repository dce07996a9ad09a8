/**
 * The head of the next request: tools, instructions and context. What another conversation sent of it is known by its
 * bill, and is counted so: an estimate of all of it would put its whole error into the little that is new.
 */
import { snapshotTexts } from '../context/context';
import type { Model } from '../models/models';
import { measureBlock, nothingMeasured, sumOf, type TextStats, tokensOf } from '../models/tokens';
import { instructions } from '../prompt/instructions';
import type { SnapshotEntry } from '../record/record';
import type { ConversationCost } from './conversationCost';
import { systemOf, wholeOf } from './promptBreakdown';

/** The head of a prompt that the cache holds whichever conversation wrote it. */
export interface SharedPrefix {
  /** How many texts of `system`, tools included; 0 for nothing. */
  readonly texts: number;
  /** As the API counted them; null where it has not. */
  readonly tokens: number | null;
}

/** In tokens. */
export interface SystemHead {
  /** Of all of it, but for the selection, which stands behind what is kept. */
  readonly tokens: number;
  /** Of these, what the API has counted, more than is estimated; less than 0 for fewer. */
  readonly corrected: number;
  /** Of these, what is read of what other conversations sent. */
  readonly held: number;
}

/** What the head is made of. */
interface HeadInput {
  readonly model: Model;
  readonly toolsJson: string;
  /** What a request with these texts in `system` would read of what other conversations sent. */
  readonly shared?: ((texts: readonly string[]) => SharedPrefix) | undefined;
}

/** The head with the context of this snapshot; null for none. */
export function systemHead(
  snapshot: SnapshotEntry | null,
  { model, toolsJson, shared }: HeadInput,
  factor: number,
  cost: ConversationCost,
): SystemHead {
  const texts = [instructions, ...(snapshot === null ? [] : snapshotTexts(snapshot, cost))];
  const found = snapshot === null ? undefined : shared?.(texts);
  const first = (count: number): TextStats => {
    const measured = (): TextStats =>
      sumOf([wholeOf(systemOf(null, model, toolsJson, cost)), ...texts.slice(1, count).map(measureBlock)]);
    return snapshot === null ? measured() : cost.get(snapshot, `head ${count}`, measured, toolsJson, model.id);
  };
  const all = tokensOf(first(snapshot?.selection == null ? texts.length : texts.length - 1), factor);
  const held = found === undefined || found.texts === 0 ? nothingMeasured : first(found.texts);
  const estimated = tokensOf(held, factor);
  const tokens = found?.tokens ?? Math.round(estimated);
  const corrected = found === undefined || found.texts === 0 || found.tokens === null ? 0 : found.tokens - estimated;
  return { tokens: all + corrected, corrected, held: tokens >= model.minCacheable ? tokens : 0 };
}
