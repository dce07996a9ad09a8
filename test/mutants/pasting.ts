/** Faults of what is pasted, undone and copied. */
import type { Mutant } from './mutant';

const attachments = { file: 'src/webview/composer/attachments.ts', test: 'panel/pasting' };

export const pastingMutants: readonly Mutant[] = [
  {
    name: 'a long paste is laid out in the text box',
    ...attachments,
    find: 'return (text.length > longText || ',
    replace: 'return (text.length > Number.MAX_SAFE_INTEGER || ',
    grep: 'is folded beside the words',
  },
  {
    name: 'what is pasted is lost with the view while the host does not answer',
    ...attachments,
    file: 'src/webview/composer/pasting.ts',
    find: '    this.host.keep();',
    replace: '',
    grep: 'is kept while the host does not answer',
  },
  {
    name: 'Undo of Insert as Text brings no chip back',
    ...attachments,
    file: 'src/webview/composer/pasting.ts',
    find: 'else this.host.taking(this.attach(one.text));',
    replace: '',
    grep: 'that is folded can be looked at',
  },
  {
    name: 'what goes with a message that is not there any more goes nowhere',
    file: 'src/host/session/draft/attachments.ts',
    find: 'one.edit === undefined || edits.has(one.edit)',
    replace: 'true',
    test: 'unit/core/prompt/pasted',
    grep: 'goes with the message that is written anew',
  },
  {
    name: 'a picture with blank text is lost',
    ...attachments,
    find: '/^[\\s\\p{Cf}]*$/u.test(text)',
    replace: "text === ''",
    grep: 'though blank text comes with it',
  },
  {
    name: 'a picture pasted into a message that is edited goes with the draft',
    ...attachments,
    find: "edit === undefined ? { type: 'attach', ...file }",
    replace: "edit !== '' ? { type: 'attach', ...file }",
    grep: 'goes with that one',
  },
  {
    name: 'a folded paste goes out as a document',
    file: 'src/core/prompt/userContent.ts',
    find: 'isPasted(block) ? pastedBlock : bytesBlock',
    replace: 'isPasted(block) ? bytesBlock : bytesBlock',
    test: 'unit/core/prompt/pasted',
    grep: 'goes out as a text of its own',
  },
  {
    name: 'undo in a text is left to VS Code',
    file: 'src/webview/dom/keys.ts',
    find: "  event.stopPropagation();\n  document.execCommand(key === 'Y'",
    replace: "  document.execCommand(key === 'Y'",
    test: 'panel/composerKeys',
    grep: 'never reach VS Code',
  },
  {
    name: 'a copy has hidden characters as they are drawn',
    file: 'src/webview/dom/copyMarkdown.ts',
    find: '  restoreEscapes(container);\n',
    replace: '',
    test: 'panel/selecting',
    grep: 'where hidden characters are drawn',
  },
  {
    name: 'a dragged tab of a file brings its text, too, as if it were never saved',
    ...attachments,
    file: 'src/webview/composer/pasting.ts',
    find: 'resource === undefined && typeof contents',
    replace: 'typeof contents',
    test: 'panel/attachments',
    grep: 'that were never saved bring their text',
  },
];
