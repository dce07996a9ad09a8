import { chipsMutants } from './chips';
import { failuresMutants } from './failures';
import { historyMutants } from './history';
import type { Mutant } from './mutant';
import { protocolMutants } from './protocol';
import { screenMutants } from './screen';
import { secretsMutants } from './secrets';
import { serverMutants } from './server';
import { storeMutants } from './store';
import { updatesMutants } from './updates';
import { workspaceMutants } from './workspace';

/** Every known fault, in the order of the areas. */
export const allMutants: readonly Mutant[] = [
  ...serverMutants,
  ...failuresMutants,
  ...updatesMutants,
  ...storeMutants,
  ...screenMutants,
  ...protocolMutants,
  ...workspaceMutants,
  ...secretsMutants,
  ...chipsMutants,
  ...historyMutants,
];
