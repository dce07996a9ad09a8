import type { Mutant } from './mutant';

export const workspaceMutants: readonly Mutant[] = [];
