import type { Mutant } from './mutant';

const lines = { test: 'unit/core/transcript/serverLines' } as const;

export const webMutants: readonly Mutant[] = [
  {
    name: 'L29: any address of a source is opened',
    file: 'src/core/transcript/serverResult.ts',
    find: '|| !/^https?:\\/\\//i.test(said)',
    replace: '',
    ...lines,
    grep: 'opens no address but those of the web',
  },
  {
    name: 'L36: every page of a result is shown',
    file: 'src/core/transcript/serverResult.ts',
    find: 'const mostSources = 50;',
    replace: 'const mostSources = 50_000;',
    ...lines,
    grep: 'opens no address but those of the web',
  },
  {
    name: 'L37: a title hides what it says',
    file: 'src/core/transcript/serverResult.ts',
    find: "const line = visible(text.slice(0, most).toWellFormed().replace(/\\s+/g, ' ')).trim();",
    replace: "const line = text.slice(0, most).toWellFormed().replace(/\\s+/g, ' ').trim();",
    ...lines,
    grep: 'opens no address but those of the web',
  },
  {
    name: 'a call of the API is left running when its turn ends',
    file: 'src/core/transcript/serverLines.ts',
    find: '  for (const { key, block } of calls.values()) {',
    replace: '  for (const { key, block } of [...calls.values()].slice(1)) {',
    ...lines,
    grep: 'is closed when the turn ends',
  },
  {
    name: 'a result that comes with the next answer finds no call',
    file: 'src/core/turn/answerStream.ts',
    find: 'this.serverCalls = new Map(input.serverCalls);',
    replace: 'this.serverCalls = new Map();',
    ...lines,
    grep: 'goes on with an answer that paused',
  },
  {
    name: 'searches cost nothing',
    file: 'src/core/models/cost.ts',
    find: 'return searches * usdPerSearch;',
    replace: 'return searches * 0;',
    test: 'unit/core/models/money',
    grep: 'a cent for each search',
  },
  {
    name: 'searches of an answer that broke off cost nothing',
    file: 'src/core/turn/turn.ts',
    find: 'searchesIn(Math.max(counted.searches ?? 0, searches))',
    replace: 'searchesIn(counted.searches ?? 0)',
    ...lines,
    grep: 'costs what was searched',
  },
];
