/** The models as the picker offers them: the API's list or the table's, with the chosen one among them. */
import type { ModelFacts } from '../../core/api/modelFacts';
import { type OfferedModel, offeredModels } from '../../core/models/modelOrder';
import { defaultModelId, type Model, undated } from '../../core/models/models';
import type { LocalizableMessage } from '../../shared/chat';
import type { ModelChoice } from '../../shared/protocol';
import { familyStrings, modelStrings } from '../base/plainStrings';

interface Listed {
  readonly model: Model;
  /** null for one of the table. */
  readonly facts: ModelFacts | null;
}

/**
 * The choices in the order in which they are offered. One that only the settings name follows the default: it may be a
 * gateway's own, or one that the list leaves out. `now`: ms since the epoch.
 */
export function modelChoices(listed: readonly Listed[], chosen: Model, now: number): readonly ModelChoice[] {
  const inList = listed.some(({ model }) => model.id === chosen.id || model.id === undated(chosen.id));
  const offered = offeredModels(
    listed.map((one) => ({ ...one, retiresAt: retirementOf(one) })),
    defaultModelId,
    now,
  );
  const choices = offered.map((one) => {
    const { model } = one;
    const facts = listed.find((other) => other.model === model)?.facts ?? null;
    // A date that the settings name stays: it is that one which answers.
    const own = undated(chosen.id) === model.id ? { ...model, id: chosen.id } : model;
    return choice({ ...one, model: own }, phraseOf(model, facts));
  });
  if (inList) return choices;
  const own = { model: chosen, isDefault: false, isOlder: false, cheaper: null, retiresAt: null };
  const [first, ...others] = choices;
  const alone = choice(own, modelStrings.chosen());
  if (first === undefined) return [alone];
  return first.isDefault ? [first, alone, ...others] : [alone, ...choices];
}

/** ms since the epoch; null where neither the API nor the table says it. */
function retirementOf({ model, facts }: Listed): number | null {
  const at = Date.parse(facts?.retiresAt ?? model.retiresAt ?? '');
  return Number.isNaN(at) ? null : at;
}

function choice({ model, ...place }: OfferedModel, phrase: LocalizableMessage): ModelChoice {
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
    ...place,
  };
}

function phraseOf(model: Model, facts: ModelFacts | null): LocalizableMessage {
  if (facts?.lifecycle === 'deprecated' && retirementOf({ model, facts }) === null) return modelStrings.retiresSoon();
  const family = /claude-(?:[\d.-]+-)?([a-z]+)/.exec(model.id)?.[1] ?? '';
  return (familyStrings[family] ?? modelStrings.listed)();
}
