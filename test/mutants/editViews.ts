import type { Mutant } from './mutant';

const test = 'panel/edits';

export const editViewsMutants: readonly Mutant[] = [
  {
    name: 'Enter in the text applies the edits that wait',
    file: 'src/webview/composer/controller.ts',
    find: 'if (isSendKey(event, this.#sendsWithCtrl)) {',
    replace:
      'if (isSendKey(event, this.#sendsWithCtrl)) {\n      document.querySelector<HTMLElement>(\'[data-do="apply"]\')?.click();',
    test,
    grep: 'Enter in the text applies nothing',
  },
  {
    name: 'a second click answers the calls of a card again',
    file: 'src/webview/edits/reviews.ts',
    find: 'keys.filter((key) => !this.#answered.has(key))',
    replace: 'keys.filter((key) => key !== null)',
    test,
    grep: 'each call is answered once',
  },
  {
    name: 'an edit that always asks can be reviewed at the end',
    file: 'src/webview/transcript/approval.ts',
    find: 'alone: approval.files.some(({ why }) => why.length > 0)',
    replace: 'alone: false',
    test,
    grep: 'without a second button',
  },
  {
    name: 'a hunk that was undone is open again when late hunks come',
    file: 'src/webview/edits/reviews.ts',
    find: '!done.ok || what.hunk === null',
    replace: '!done.ok || what.hunk !== null',
    test,
    grep: 'by hunk, file and turn, each once',
  },
  {
    name: 'each of forty files has a row at once',
    file: 'src/webview/edits/editCard.ts',
    find: 'files.slice(0, firstFiles)',
    replace: 'files.slice(0, 400)',
    test,
    grep: 'of 40 files make no more nodes',
  },
  {
    name: 'a card opens the hunks of three files, however many lines they have',
    file: 'src/webview/edits/editCard.ts',
    find: 'return over === -1 ? calls.length : Math.max(1, over);',
    replace: 'return over === -1 ? calls.length : Math.max(3, over);',
    test,
    grep: 'of 40 files make no more nodes',
  },
  {
    name: 'an edit that waits on a card has a line of its own as well',
    file: 'src/webview/transcript/approval.ts',
    find: 'return changeOnCard(part) !== null && view.edits.parts !== null;',
    replace: 'return changeOnCard(part) === null && view.edits.parts !== null;',
    test,
    grep: 'stand on their card alone',
  },
  {
    name: 'the card of a code block goes though the code was inserted nowhere',
    file: 'src/webview/edits/reviews.ts',
    find: 'if (done.ok) {\n        leave();',
    replace: 'if (done !== null) {\n        leave();',
    test: 'panel/blocks',
    grep: 'whose place is not certain',
  },
  {
    name: 'a file of which nothing is left has changes to review',
    file: 'src/webview/edits/editsEnd.ts',
    find: "file.kind !== 'rename' && reviews.isWithoutHunks(answer, file)",
    replace: "file.kind === 'rename' && reviews.isWithoutHunks(answer, file)",
    test: 'panel/edits',
    grep: 'of which nothing is left to review say so',
  },
  {
    name: 'a typed reason is lost with the view',
    file: 'src/webview/view/vscodeApi.ts',
    find: " || kind === 'reason'",
    replace: '',
    test: 'panel/approvals',
    grep: 'keeps a reason',
  },
];
