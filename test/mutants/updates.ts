import type { Mutant } from './mutant';

export const updatesMutants: readonly Mutant[] = [];
