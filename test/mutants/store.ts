import type { Mutant } from './mutant';

export const storeMutants: readonly Mutant[] = [];
