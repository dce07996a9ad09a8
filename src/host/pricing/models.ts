/** The models as the picker offers them: the API's list or the table's, with the chosen one among them. */
import type { ModelFacts } from '../../core/api/modelFacts';
import type { Model } from '../../core/models/models';
import { undated } from '../../core/models/models';
import type { LocalizableMessage } from '../../shared/chat';
import type { ModelChoice } from '../../shared/protocol';
import { familyStrings, modelStrings } from '../base/plainStrings';

interface Listed {
  readonly model: Model;
  /** null for one of the table. */
  readonly facts: ModelFacts | null;
}

/**
 * The choices in the order of the list. One that only the settings name comes first: it may be a gateway's own, or one
 * that the list leaves out.
 */
export function modelChoices(listed: readonly Listed[], chosen: Model): readonly ModelChoice[] {
  const inList = listed.some(({ model }) => model.id === chosen.id || model.id === undated(chosen.id));
  const own = inList ? [] : [choice(chosen, modelStrings.chosen())];
  const others = listed.map(({ model, facts }) =>
    // A date that the settings name stays: it is that one which answers.
    choice(undated(chosen.id) === model.id ? { ...model, id: chosen.id } : model, phraseOf(model, facts)),
  );
  return [...own, ...others];
}

function choice(model: Model, phrase: LocalizableMessage): ModelChoice {
  const { prices } = model;
  const above = prices?.above;
  return {
    id: model.id,
    name: model.name,
    phrase,
    inputUsd: prices?.input ?? null,
    outputUsd: prices?.output ?? null,
    above:
      above === undefined
        ? null
        : { promptTokens: above.promptTokens, inputUsd: above.rates.input, outputUsd: above.rates.output },
    windowTokens: model.window,
    efforts: model.efforts,
  };
}

function phraseOf(model: Model, facts: ModelFacts | null): LocalizableMessage {
  if (facts?.lifecycle === 'deprecated') {
    const date = facts.retiresAt?.slice(0, 10) ?? '';
    return date === '' ? modelStrings.retiresSoon() : modelStrings.retiresOn(date);
  }
  if (model.id === 'claude-opus-4-8') return modelStrings.default();
  const family = /claude-(?:[\d.-]+-)?([a-z]+)/.exec(model.id)?.[1] ?? '';
  return (familyStrings[family] ?? modelStrings.listed)();
}
