/** The models as the picker offers them: the API's list or the table's, with the chosen one among them. */
import type { ModelFacts } from '../../core/api/modelFacts';
import type { Model } from '../../core/models/models';
import { undated } from '../../core/models/models';
import type { Words } from '../../shared/chat';
import type { ModelChoice } from '../../shared/protocol';

export interface Listed {
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
  const own = inList ? [] : [choice(chosen, { text: 'Chosen in the settings' })];
  const others = listed.map(({ model, facts }) =>
    // A date that the settings name stays: it is that one which answers.
    choice(undated(chosen.id) === model.id ? { ...model, id: chosen.id } : model, phraseOf(model, facts)),
  );
  return [...own, ...others];
}

function choice(model: Model, phrase: Words): ModelChoice {
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

function phraseOf(model: Model, facts: ModelFacts | null): Words {
  if (facts?.lifecycle === 'deprecated') {
    const date = facts.retiresAt?.slice(0, 10) ?? '';
    return date === '' ? { text: 'Will be switched off soon' } : { text: 'Will be switched off on {0}', args: [date] };
  }
  if (model.id === 'claude-opus-4-8') return { text: 'The default: careful with hard work' };
  const family = /claude-(?:[\d.-]+-)?([a-z]+)/.exec(model.id)?.[1] ?? '';
  return { text: phrases[family] ?? 'Listed by the API' };
}

const phrases: Readonly<Record<string, string>> = {
  haiku: 'Quick and cheap, for simple questions',
  sonnet: 'Fast and able, for everyday work',
  opus: 'Careful with hard work',
  fable: 'For the hardest work, at a higher price',
  mythos: 'For the hardest work, at a higher price',
};
