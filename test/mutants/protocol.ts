import type { Mutant } from './mutant';

export const protocolMutants: readonly Mutant[] = [];
