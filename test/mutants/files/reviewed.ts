import type { Mutant } from '../mutant';

const restoring = 'unit/host/workspace/edits/restoring';
const record = 'unit/core/record/edits';
const cutOff = 'unit/host/session/cutOffWrites';
const review = 'unit/host/session/editReview';

/** Of what a turn has changed, as it is kept, shown and undone. */
export const reviewedMutants: readonly Mutant[] = [
  {
    name: 'an unsaved text is kept in another encoding than its file',
    file: 'src/host/workspace/edits/restoring.ts',
    find: 'bytes: await bytesOfText(document.text(), encoding, place, encodings), unsaved: true',
    replace: "bytes: Buffer.from(document.text(), 'utf8'), unsaved: true",
    test: restoring,
    grep: 'has an unsaved text in the encoding in which it would be saved',
  },
  {
    name: 'an unsaved text gets its undone lines in another encoding',
    file: 'src/host/workspace/edits/restoring.ts',
    find: 'await textOfBytes(bytes, encoding, place.uri, encodings)',
    replace: "Buffer.from(bytes).toString('utf8')",
    test: restoring,
    grep: 'has an unsaved text in the encoding in which it would be saved',
  },
  {
    name: 'an edit that was cut off in an unsaved text is not known again',
    file: 'src/host/workspace/edits/filesNow.ts',
    find: 'digestOf(await bytesOfText(document.text(), encoding, place, encodings))',
    replace: 'digestOf(Buffer.from(document.text()))',
    test: restoring,
    grep: 'has an unsaved text in the encoding in which it would be saved',
  },
  {
    name: 'L37: the review shows bytes in the place of text',
    file: 'src/host/session/turns/editReview.ts',
    find: "reviewHunks(base ?? '', current ?? '', since, readableLine)",
    replace: "reviewHunks(base ?? '', current ?? '', since)",
    test: review,
    grep: 'shows text as it reads in any script',
  },
  {
    name: 'what a turn did to files is forgotten when it is asked again',
    file: 'src/core/record/excluded.ts',
    find: 'return entry === last ? [now] : [];',
    replace: 'return entry === last ? [] : [];',
    test: record,
    grep: 'goes on from what was done before the turn was asked again',
  },
  {
    name: 'a file that the settings make read-only is written',
    file: 'src/host/workspace/edits/readonly.ts',
    find: 'if (!matches(include, one.relative, place.file) || matches(exclude, one.relative, place.file)) continue;',
    replace: 'if (matches(include, one.relative, place.file) || !matches(exclude, one.relative, place.file)) continue;',
    test: 'unit/host/workspace/edits/writing',
    grep: 'leaves what the user’s settings make read-only',
  },
  {
    name: 'a notebook is made as text',
    file: 'src/host/workspace/edits/planning.ts',
    find: '  assertNoNotebook(place);\n',
    replace: '',
    test: 'unit/host/workspace/edits/writing',
    grep: 'refuses what is no text, notebooks',
  },
  {
    name: 'what was given up on a silent disk is written all the same when that answers',
    file: 'src/host/workspace/edits/writing.ts',
    find: '      alive();\n      hasBegun = true;',
    replace: '      hasBegun = true;',
    test: 'unit/host/workspace/edits/virtual',
    grep: 'is not known where the file system falls silent',
  },
  {
    name: 'what may have been written when it was stopped cannot be undone',
    file: 'src/core/turn/toolCall.ts',
    find: 'edits: unresolved };',
    replace: 'edits: [] };',
    test: cutOff,
    grep: 'can be undone where it was made',
  },
  {
    name: 'what was not written when it was stopped is an edit',
    file: 'src/core/turn/editsOfTurn.ts',
    find: "became !== 'notWritten'",
    replace: "became !== 'other'",
    test: cutOff,
    grep: 'is no edit where it was not made',
  },
  {
    name: 'an empty file cannot be kept',
    file: 'src/host/store/tables/blobs.ts',
    find: "coalesce(?, x'')",
    replace: '?',
    test: 'unit/store/edits',
    grep: 'keeps a file that is empty',
    ends: { with: 'could not be read or written' },
  },
];
