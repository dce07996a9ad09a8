import type { Mutant } from './mutant';

const texts = 'unit/core/tools/edits/codeBlock';
const session = 'unit/host/session/blockEdits';

export const codeBlocksMutants: readonly Mutant[] = [
  {
    name: 'a comment that stands for code that is left out comes into the file',
    file: 'src/core/tools/edits/codeBlock.ts',
    find: 'const isGap = (line: string): boolean => isElision(line) && !own.has(line.trim());',
    replace: 'const isGap = (line: string): boolean => isElision(line) && own.has(line.trim());',
    test: texts,
    grep: 'keeps what comments stand for',
  },
  {
    name: 'of lines that are all alike a code block takes the place of any',
    file: 'src/core/tools/edits/blockPlace.ts',
    find: '> own - onlyBy) return false;',
    replace: '> own + 1) return false;',
    test: texts,
    grep: 'has no place where that is not certain',
  },
  {
    name: 'a code block that leaves out much without a word deletes it',
    file: 'src/core/tools/edits/blockPlace.ts',
    find: '3 * (next.at - at - 1) + mostGone',
    replace: '9_000',
    test: texts,
    grep: 'has no place where that is not certain',
  },
  {
    name: 'a code block that is indented otherwise comes into the file as it is',
    file: 'src/core/tools/edits/blockLines.ts',
    find: 'add + line.slice(drop.length)',
    replace: 'line',
    test: texts,
    grep: 'that is indented otherwise',
  },
  {
    name: 'the place of a code block is looked for by a text that stands there twice',
    file: 'src/core/tools/edits/codeBlock.ts',
    find: 'if (isWhole || isOnlyOne(before, oldText)) {',
    replace: "if (isWhole || oldText !== '') {",
    test: texts,
    grep: 'whatever it is, makes what one exact replacement makes',
  },
  {
    name: 'a code block is applied before it is asked',
    file: 'src/host/session/turns/blockEdits.ts',
    find: '      if (apply) await this.apply(waiting);',
    replace: '      await this.apply(waiting);',
    test: session,
    grep: 'are let be by Reject',
  },
  {
    name: 'a code block that the file has by now is applied to it once more',
    file: 'src/host/session/turns/blockEdits.ts',
    find: 'if (JSON.stringify(now) !== JSON.stringify(change)) {',
    replace: 'if (now === undefined) {',
    test: session,
    grep: 'come into the file once',
  },
  {
    name: 'a code block that is in the file is no longer noted when it is refused',
    file: 'src/host/session/turns/blockEdits.ts',
    find: 'if (!isBegun || isWritten ||',
    replace: 'if (isWritten ||',
    test: session,
    grep: 'come into the file once',
  },
  {
    name: 'lines of a file with secrets go to the model when a code block is applied to it',
    file: 'src/host/session/turns/blockEdits.ts',
    find: 'told.push(mayBeTold(why) ?',
    replace: 'told.push(mayBeTold([]) ?',
    test: session,
    grep: 'of files that are not read without asking',
  },
  {
    name: 'what a code block has changed is lost when the window goes in between',
    file: 'src/host/session/turns/healing.ts',
    find: "became === 'written' ? [edit] : []",
    replace: "became === 'unknown' ? [edit] : []",
    test: session,
    grep: 'that were written when the window was gone',
  },
];
