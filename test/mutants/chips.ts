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
  {
    name: 'a removed selection takes every later one with it',
    file: 'src/host/chips.ts',
    find: 'if (!legacy && ![...removed].some(isOther)) return removed;',
    replace: 'if (!legacy) return removed;',
    test: 'unit/host/chips',
    grep: 'keep a removed selection out until another one is made',
  },
  {
    name: 'instructions of the project go along without a chip',
    file: 'src/host/chips.ts',
    find: "for (const file of project) single('instructions', file, !removed.has(file.uri));",
    replace: '',
    test: 'unit/host/chips',
    grep: 'tell all that goes along',
  },
  {
    name: 'the eye drops instructions of the project, too',
    file: 'src/host/composer.ts',
    find: 'return { ...context, project, files: added, selection: null };',
    replace: 'return { ...context, project: [], files: added, selection: null };',
    test: 'unit/host/chips',
    grep: 'tell of instructions that appear',
  },
  {
    name: 'L76: instructions that appear in mid-conversation never reach the model',
    file: 'src/core/context.ts',
    find: 'for (const file of now.project) if (!seen.project.has(file.uri)) add(file, true);',
    replace: '',
    test: 'unit/host/chips',
    grep: '(L76)',
  },
];
