import type { Mutant } from './mutant';

const replacing = 'unit/core/tools/edits/replacing';
const hunks = 'unit/core/tools/edits/hunks';

export const editTextsMutants: readonly Mutant[] = [
  {
    name: 'an old text that stands several times is replaced at its first place',
    file: 'src/core/tools/edits/replacing.ts',
    find: "return patches.length === 1 || all ? patches : 'several';",
    replace: 'return all ? patches : patches.slice(0, 1);',
    test: replacing,
    grep: 'apply where the old text stands exactly once',
  },
  {
    name: 'places that overlap are taken for one',
    file: 'src/core/tools/edits/replacing.ts',
    find: 'sought.length : 1;',
    replace: 'sought.length : sought.length;',
    test: replacing,
    grep: 'apply where the old text stands exactly once',
  },
  {
    name: 'a last line without a line end gets one that nobody asked for',
    file: 'src/core/tools/edits/replacing.ts',
    find: 'fresh: newText.slice(0, -1)',
    replace: 'fresh: newText',
    test: replacing,
    grep: 'leave the byte order mark',
  },
  {
    name: 'a file with CRLF gets LF',
    file: 'src/core/tools/edits/lineEnds.ts',
    find: "if (ends === null || ends === '\\n') return text;",
    replace: "if (typeof ends !== 'object' || ends === null) return text;",
    test: replacing,
    grep: 'find line ends of any kind',
  },
  {
    name: 'lines that an edit does not touch get the line ends of their neighbours in a mixed file',
    file: 'src/core/tools/edits/lineEnds.ts',
    find: 'line += count;\n    taken = line;',
    replace: 'taken = line;',
    test: replacing,
    grep: 'leave every line that they do not touch',
  },
  {
    name: 'lines that both changed are taken from the base without a word',
    file: 'src/core/tools/edits/carry.ts',
    find: ') overlaps.push(overlap);',
    replace: ') overlaps.push();',
    test: hunks,
    grep: 'stay in the file where both changed the same lines',
  },
  {
    name: 'what somebody else changed is lost with an undo of lines that both changed',
    file: 'src/core/tools/edits/hunks.ts',
    find: 'const done = wished.filter((part) => !part.isChangedSince);',
    replace: 'const done = wished;',
    test: hunks,
    grep: 'are never lost, whatever the turn did',
  },
  {
    name: 'a change of somebody else is not carried into the base, so that an undo takes it back',
    file: 'src/core/tools/edits/carry.ts',
    find: 'for (const change of group.theirs) take(change, theirs.after);',
    replace: '',
    test: hunks,
    grep: 'are never lost, whatever the turn did',
  },
  {
    name: 'the id of a hunk changes when another is undone',
    file: 'src/core/tools/edits/hunks.ts',
    find: 'return digestOf(JSON.stringify([...own, ...beside]));',
    replace: 'return digestOf(JSON.stringify([...own, ...beside, part.newStart, part.oldStart]));',
    test: hunks,
    grep: 'keep their ids while others are undone or kept',
  },
  {
    name: 'hidden characters of a hunk are not shown',
    file: 'src/core/tools/edits/hunks.ts',
    find: '{visible(cut)}',
    replace: '{cut}',
    test: hunks,
    grep: 'show hidden characters',
  },
];
