/** What a turn's requests teach of the model's tokens: what each of them added, and what was billed for it. */
import { inputTokens } from '../models/cost';
import type { Model } from '../models/models';
import { type CalibrationSample, sumOf } from '../models/tokens';
import { entryStats } from '../prompt/blockStats';
import type { AssistantEntry, Entry } from '../record/record';
import { isAppended, promptBreakdownOf, wholeOf } from './promptBreakdown';

/** The observations of the path's last turn, in order. */
export function calibrationSamplesOf(
  path: readonly Entry[],
  model: Model,
  toolsJson: string,
): readonly CalibrationSample[] {
  const start = path.findLastIndex((entry) => entry.kind === 'user');
  const found: CalibrationSample[] = [];
  for (let at = Math.max(start, 0); at < path.length; at += 1) {
    const entry = path[at];
    if (entry?.kind !== 'assistant' || entry.model !== model.id || inputTokens(entry.usage) === 0) continue;
    const one = added(path, at, entry, model) ?? whole(path, at, entry, model, toolsJson);
    if (one !== null) found.push(one);
  }
  return found;
}

/** What came behind the answer before: the request before and its answer are known by their usage. */
function added(path: readonly Entry[], at: number, entry: AssistantEntry, model: Model): CalibrationSample | null {
  const before = path.findLastIndex((one, index) => index < at && one.kind === 'assistant');
  const last = path[before];
  if (last?.kind !== 'assistant' || last.model !== entry.model || !isWhole(last)) return null;
  const between = path.slice(before + 1, at);
  if (!between.every(isAppended)) return null;
  const tokens = inputTokens(entry.usage) - inputTokens(last.usage) - (last.usage.output ?? 0);
  return { stats: sumOf(between.map((one) => entryStats(one, model))), tokens };
}

/** Its tokens are those of the API, and it goes out again as it is. */
function isWhole(entry: AssistantEntry): boolean {
  return (
    entry.partial === null &&
    entry.stopReason !== 'refusal' &&
    entry.usage.output !== null &&
    inputTokens(entry.usage) > 0
  );
}

/** The whole request: the first of a conversation, or the first to this model. */
function whole(
  path: readonly Entry[],
  at: number,
  entry: AssistantEntry,
  model: Model,
  toolsJson: string,
): CalibrationSample | null {
  // Within a turn the request before has taught the same already.
  if (path[at - 1]?.kind !== 'user') return null;
  return {
    stats: wholeOf(promptBreakdownOf(path.slice(0, at), model, toolsJson)),
    tokens: inputTokens(entry.usage),
  };
}
