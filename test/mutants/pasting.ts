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
];
