import type { Mutant } from './mutant';

const lexer = 'src/webview/markdown/boundedLexer.ts';
const bounds = 'unit/webview/markdownLimits';
const parts = 'panel/parts';

export const screenMutants: readonly Mutant[] = [
  {
    name: 'L62: lists may be nested without end',
    file: lexer,
    find: '    if (depth > limits.depth) throw new TooMuch();\n',
    replace: '',
    test: parts,
    grep: 'deep: its text is shown',
  },
  {
    name: 'L62: a run of text may have any number of marks',
    file: lexer,
    find: 'if (depth === 0 && !runFits(src)) {',
    replace: 'if (depth < 0) {',
    test: bounds,
    grep: 'whatever takes long',
  },
  {
    name: 'L62: a paragraph may have any number of lines',
    file: lexer,
    find: '    if (lines.fit) return undefined;\n',
    replace: '    if (lines.end >= 0) return undefined;\n',
    test: bounds,
    grep: 'whatever takes long',
  },
  {
    name: 'L62: a quote is read again and again',
    file: lexer,
    find: '    if (this.readAgain > limits.readAgain) throw new TooMuch();\n',
    replace: '',
    test: bounds,
    grep: 'whatever takes long',
  },
  {
    name: 'L62: what ends an address is taken off one by one',
    file: lexer,
    find: 'return end * word.length > limits.addressWork ? undefined : super.url(src);',
    replace: 'return end < 0 ? undefined : super.url(src);',
    test: bounds,
    grep: 'ends in what is none',
  },
  {
    name: 'L62: short rows of a table are filled up without end',
    file: 'src/webview/markdown/measure.ts',
    find: 'fit: columns <= limits.columns && missing <= limits.filledCells',
    replace: 'fit: columns <= limits.columns',
    test: bounds,
    grep: 'whatever takes long',
  },
  {
    name: 'L62: a lexer that fails takes the answer',
    file: 'src/webview/markdown/stream.ts',
    find: '    } catch {\n      this.#failed = true;',
    replace: '    } catch (error) {\n      if (error !== null) throw error;\n      this.#failed = true;',
    test: bounds,
    grep: 'when the lexer fails',
  },
  {
    name: 'L62: a part that fails takes the whole panel',
    file: 'src/webview/bounded.ts',
    find: '      this.#replace(part, instead);\n',
    replace: '      throw error;\n',
    test: parts,
    grep: 'an answer without parts',
  },
  {
    name: 'L62: what a failed part left is drawn over',
    file: 'src/webview/bounded.ts',
    find: '    clearPart(part);\n    setCommittedValue(part, nothing);\n    try {',
    replace: '    try {',
    test: parts,
    grep: 'leaves nothing behind',
  },
  {
    name: 'L62: the card of a failure stays when another conversation is shown',
    file: 'src/webview/main.ts',
    find: 'if (shown && data.conversation !== conversation) reload();',
    replace: '',
    test: parts,
    grep: 'the card leaves',
  },
  {
    name: 'L62: an event that is not understood ends the panel',
    file: 'src/webview/panel.ts',
    find: "if (message.type === 'events') this.#host.post({ type: 'resync', conversation: message.conversation });",
    replace: 'this.#fail(error);',
    test: parts,
    grep: 'does not understand',
  },
];
