import type { Mutant } from './mutant';

export const historyMutants: readonly Mutant[] = [
  {
    name: 'an automatic count goes to an address that never got the content',
    file: 'src/host/exactCount.ts',
    find: ' || !tokens.wasSent(answer.id, access.baseUrl)',
    replace: '',
    test: 'unit/host/beforeSending',
    grep: 'an address that never got the content',
  },
];
