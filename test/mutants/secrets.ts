import type { Mutant } from './mutant';

const names = 'src/core/tools/secretFiles.ts';
const marks = 'src/core/tools/secretMarks.ts';
const test = 'unit/tools/secretFiles';

export const secretsMutants: readonly Mutant[] = [
  {
    name: 'L59: a backup of a secret file is no secret',
    file: names,
    find: 'for (const end of ends) found.add',
    replace: 'for (const end of ends.slice(0, 0)) found.add',
    test,
  },
  {
    name: 'L59: a word that sounds harmless frees a key',
    file: names,
    find: 'if (names.some((one) => keyNames.some((pattern) => pattern.test(one)))) return',
    replace:
      'if (!exampleName.test(name.slice(0, name.lastIndexOf("."))) && keyNames.some((one) => one.test(name))) return',
    test,
    grep: 'frees a key',
  },
  {
    name: 'L59: a name in another Unicode form is another name',
    file: names,
    find: ".slice(0, maxName)\n    .normalize('NFKC')",
    replace: '.slice(0, maxName)',
    test,
  },
  {
    name: 'L59: any file in a folder of secrets may be read',
    file: names,
    find: 'return !(mixed.source && sourceName.test(name));',
    replace: 'return false;',
    test,
  },
  {
    name: 'L59: the headers of an encrypted key hide it',
    file: marks,
    find: '|[A-Za-z][A-Za-z-]{1,30}:[^\\r\\n\\\\]{0,200}(?=[\\r\\n\\\\])',
    replace: '',
    test,
    grep: 'encrypted PEM',
  },
  {
    name: 'L59: a key over the border of two pieces is not found',
    file: marks,
    find: 'this.#rest = text.slice(-(reach + reachBack));',
    replace: "this.#rest = '';",
    test,
    grep: 'wherever the text is cut',
  },
];
