import type { Mutant } from './mutant';

export const serverMutants: readonly Mutant[] = [
  {
    name: 'L39: a count that is none is taken for one',
    file: 'src/core/cost.ts',
    find: 'Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null',
    replace: '(value as number) ?? null',
    test: 'unit/core/money',
    grep: 'L39',
  },
  {
    name: 'API-FACTS 10.1: what was written beyond the breakdown is not counted',
    file: 'src/core/cost.ts',
    find: "cached(total ?? split['ephemeral_5m_input_tokens'])",
    replace: "cached(split['ephemeral_5m_input_tokens'] ?? total)",
    test: 'unit/core/money',
    grep: 'beyond the breakdown',
  },
  {
    name: 'L39: an unknown count is added as nothing',
    file: 'src/shared/chat.ts',
    find: 'return a === null || b === null ? null : a + b;',
    replace: 'return (a ?? 0) + (b ?? 0);',
    test: 'unit/core/money',
    grep: 'every sum',
  },
  {
    name: 'L39: an unknown count is kept as nothing in the sums of the store',
    file: 'src/host/store/usage.ts',
    find: 'count ?? Number.POSITIVE_INFINITY',
    replace: 'count ?? 0',
    test: 'unit/store/usage',
    grep: 'L39',
  },
];
