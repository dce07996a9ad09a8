import type { Mutant } from './mutant';

export const workspaceMutants: readonly Mutant[] = [
  {
    name: 'L54: what stands between two stars is tried again for each other star',
    file: 'src/host/workspace/glob.ts',
    find: '    from = at + chunk.length;',
    replace:
      '    from = at + chunk.length; for (const a of rest) for (const b of rest) matchChunk(a === b ? a : b, characters, at, meter);',
    test: 'unit/workspace/glob',
    grep: 'take steps in proportion',
  },
  {
    name: 'L54: braces stand for any number of patterns',
    file: 'src/host/workspace/globSyntax.ts',
    find: 'lists.length * ends.length > maxAlternatives',
    replace: 'lists.length * ends.length > 1e9',
    test: 'unit/workspace/glob',
    grep: 'are refused where',
  },
  {
    name: 'L54: an ignore file may have any number of patterns that are tried on every path',
    file: 'src/host/workspace/ignoreRules.ts',
    find: 'this.#tried > maxTried',
    replace: 'this.#tried > 1e12',
    test: 'unit/workspace/glob',
    grep: 'cost each path a bounded number',
  },
  {
    name: 'L54: every rule of an ignore file is tried on every path',
    file: 'src/host/workspace/ignoreRules.ts',
    find: 'line.length < maxGlobLength - 3 && plain.test(line)',
    replace: 'line === rule.pattern',
    test: 'unit/workspace/glob',
    grep: 'are few for each path',
  },
  {
    name: 'L54: a broken line takes the ignore file with it',
    file: 'src/host/workspace/ignoreRules.ts',
    find: '      this.#breaks(number, error.message);',
    replace: '      throw error;',
    test: 'unit/workspace/glob',
    grep: 'hold beside broken lines',
  },
  {
    name: 'L54: an exclude that cannot be read fails every search',
    file: 'src/host/workspace/excludes.ts',
    find: 'if (!(error instanceof GlobError)) throw error;',
    replace: 'throw error;',
    test: 'unit/workspace/search',
    grep: 'goes on beside an exclude',
  },
  {
    name: 'L54: ripgrep is given excludes that it refuses',
    file: 'src/host/workspace/searchScope.ts',
    find: '      if (!isPlainGlob(text)) return [];',
    replace: '',
    test: 'unit/workspace/search',
    grep: 'goes on beside an exclude',
  },
];
