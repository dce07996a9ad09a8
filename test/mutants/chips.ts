import type { Mutant } from './mutant';

export const chipsMutants: readonly Mutant[] = [
  {
    name: 'what a workspace is known by is overwritten with nothing',
    file: 'src/host/store/workspaces.ts',
    find: 'if (facts.names.length === 0 && facts.remotes.length === 0) return;',
    replace: '',
    test: 'unit/store/listing',
    grep: 'keeps what it knows of a workspace',
  },
  {
    name: 'with warm-ups on, Continue and Retry vanish from the last answer',
    file: 'src/webview/transcript/compactOffer.ts',
    find: "return items.findLast(({ type }) => type !== 'context');",
    replace: 'return items.at(-1);',
    test: 'panel/endings',
    grep: 'can still be gone on with when the cache was kept warm',
  },
];
