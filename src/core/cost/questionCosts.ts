/** What the next message would cost with each of the models that can be chosen. Pure; nothing is asked of the API. */
import type { NextCost } from '../../shared/nextCost';
import { ratesFor } from '../models/cost';
import { effortFor, type Model } from '../models/models';
import { firstFactor } from '../models/tokens';
import { type EstimateInput, stepsIn } from './estimate';
import { priorTurns } from './turnPrior';
import { expectedTurn } from './turnSizes';

/** By the id of the model, the US dollars of a likely turn; one whose price is unknown is missing. */
export type QuestionCosts = Readonly<Record<string, number>>;

/** `next` is the estimate with the model of `input`. Another model counts in its own tokens, and its cache holds nothing. */
export function questionCosts(input: EstimateInput, next: NextCost, models: readonly Model[]): QuestionCosts {
  const { model: own, toolsJson, turns = [] } = input;
  const factor = (id: string): number => input.factor?.(id) ?? firstFactor(id);
  const isKept = next.cachedTokens > 0 || next.rows.written.tokens > 0;
  const costOf = (model: Model): number | null => {
    if (model.id === own.id) return next.askUsd === null ? null : next.askUsd + (next.answerUsd ?? 0);
    if (model.prices === null) return null;
    const tokens = Math.round((next.tokens * factor(model.id)) / factor(own.id));
    const price = ratesFor(model.prices, tokens);
    const kept = isKept && tokens >= model.minCacheable;
    const { hasTools, hasSearch } = stepsIn(toolsJson);
    const first = {
      tokens,
      held: kept ? tokens : 0,
      minCacheable: model.minCacheable,
      hasTools,
      hasSearch: hasSearch && model.webSearch,
      scaleOf: (other: string) => factor(model.id) / factor(other),
    };
    const { likely } = expectedTurn(
      turns,
      priorTurns(model.id, effortFor(model, input.effort ?? 'high')),
      first,
      model.prices,
    );
    const ask = (tokens * (kept ? price.write5m : price.input)) / 1_000_000;
    return ask + (likely.outputUsd ?? 0) + (likely.stepsUsd ?? 0);
  };
  return Object.fromEntries(
    [own, ...models].flatMap((model) => {
      const usd = costOf(model);
      return usd === null ? [] : [[model.id, usd]];
    }),
  );
}
