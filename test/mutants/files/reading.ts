/** Faults of reading files: encodings, notebooks, names, pictures. */
import type { Mutant } from '../mutant';

const decode = 'src/host/workspace/files/decode.ts';
const encodings = 'unit/workspace/encodings';
const wholeReads = 'unit/workspace/wholeReads';

export const readingMutants: readonly Mutant[] = [
  {
    name: 'L5: a picture of a tool that the API refused is sent again',
    file: 'src/core/prompt/refusedMedia.ts',
    find: "else if (entry.kind === 'toolResult') fresh.push(entry);",
    replace: '',
    test: 'unit/core/turn/resultMedia',
    grep: 'is left out once',
  },
  {
    name: 'L36: each file of a call has a bound of its own',
    file: 'src/core/tools/readFile.ts',
    find: 'left -= byteLength(read.content);',
    replace: '',
    test: wholeReads,
    grep: 'share one bound',
  },
  {
    name: 'L59: NULs hide a key from ripgrep',
    file: 'src/host/workspace/files/judge.ts',
    find: ' || scanner.hasNul',
    replace: '',
    test: 'unit/workspace/fileScan',
    grep: 'looked through for keys only',
  },
  {
    name: 'L56: files.encoding counts for nothing',
    file: decode,
    find: 'const text = withoutMark(await editor.decode(bytes, uri));',
    replace: "const text = wholeText(body, 'utf8');",
    test: encodings,
    grep: 'is that of files.encoding',
  },
  {
    name: 'L56: nobody is told that an encoding was guessed',
    file: decode,
    find: 'const guessed = guesses &&',
    replace: 'const guessed = !guesses &&',
    test: encodings,
    grep: 'is said to be guessed',
  },
  {
    name: 'L56: a CR alone ends no line',
    file: 'src/host/workspace/lines.ts',
    find: 'unit === 10 || unit === 13',
    replace: 'unit === 10 || (unit === 13 && text.charCodeAt(at + 1) === 10)',
    test: encodings,
    grep: 'CR alone',
  },
  {
    name: 'L55: a NUL further down makes a text binary',
    file: 'src/host/workspace/files/fileType.ts',
    find: 'if (!bytes.includes(0)) return false;',
    replace: 'if (bytes.includes(0)) return true;',
    test: encodings,
    grep: 'tell text as the editor does',
  },
  {
    name: 'L57: a name in another Unicode form leads nowhere',
    file: 'src/host/workspace/ignore/locate.ts',
    find: 'const located = relative === null ? null : await this.#find(given, { ...place, relative });',
    replace: 'const located = relative === null ? null : null;',
    test: wholeReads,
    grep: 'in another Unicode form',
    ends: { with: 'There is nothing at' },
  },
  {
    name: 'L57: of two names that are meant one is taken',
    file: 'src/host/workspace/files/names.ts',
    find: 'only === undefined || same.length > 1',
    replace: 'only === undefined',
    test: wholeReads,
    grep: 'taken for neither',
  },
  {
    name: 'L58: pictures of a notebook are printed',
    file: 'src/core/tools/words/notebook.ts',
    find: "const plain = forms.find(({ type }) => type === 'text/plain');",
    replace: "const plain = forms.find(({ type }) => type.startsWith('image/'));",
    test: wholeReads,
    grep: 'named and not printed',
  },
  {
    name: 'L59: the cells of a notebook are not looked through',
    file: 'src/host/workspace/readWhole.ts',
    find: '  if (await judge.text(textOf(notebook), signal)) throw secretInside(located);\n  return',
    replace: '  return',
    test: wholeReads,
    grep: 'with a key in any cell',
  },
];
