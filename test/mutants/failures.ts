import type { Mutant } from './mutant';

export const failuresMutants: readonly Mutant[] = [];
