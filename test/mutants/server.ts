import type { Mutant } from './mutant';

export const serverMutants: readonly Mutant[] = [];
