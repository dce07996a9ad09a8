import type { Mutant } from './mutant';

export const historyMutants: readonly Mutant[] = [];
