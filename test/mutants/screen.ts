import type { Mutant } from './mutant';

export const screenMutants: readonly Mutant[] = [];
