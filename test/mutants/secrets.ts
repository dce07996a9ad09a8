import type { Mutant } from './mutant';

export const secretsMutants: readonly Mutant[] = [];
