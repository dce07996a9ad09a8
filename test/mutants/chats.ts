import type { Mutant } from './mutant';

export const chatsMutants: readonly Mutant[] = [
  {
    name: 'a pasted text is not in the index of the history',
    file: 'src/host/store/tables/textIndex.ts',
    find: "block.mediaType === 'text/plain' && block.blob !== undefined",
    replace: 'block.blob === undefined',
    test: 'unit/store/listing',
    grep: 'finds what was sent along',
  },
  {
    name: 'an index of before stays as it is',
    file: 'src/host/store/tables/textIndex.ts',
    find: '  if (getValue(db, kindKey) !== indexKind)\n',
    replace: '  if (getValue(db, kindKey) === "0")\n',
    test: 'unit/store/listing',
    grep: 'in an index of before, too',
  },
  {
    name: 'a fence in a pasted text ends what is exported of it',
    file: 'src/core/transcript/chatMarkdown.ts',
    find: "'`'.repeat(longest + 1)",
    replace: "'`'.repeat(3)",
    test: 'unit/core/transcript/chatMarkdown',
  },
  {
    name: 'find does not look into pasted texts',
    file: 'src/core/transcript/findInChat.ts',
    find: 'isText(one) ? await',
    replace: 'isText(one) && shown.excluded.has(one.id) ? await',
    test: 'unit/core/transcript/findInChat',
    grep: 'looks through texts that were sent along',
  },
];
