import type { Mutant } from './mutant';

export const chipsMutants: readonly Mutant[] = [];
