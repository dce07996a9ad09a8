import type { Mutant } from './mutant';

/** What is selected, copied, and left in sight. */
export const selectingMutants: readonly Mutant[] = [
  {
    name: 'L63: footnotes on consecutive lines run together',
    file: 'src/webview/markdown/boundedLexer.ts',
    find: 'measured.footnote === -1 ? src :',
    replace: 'measured.footnote !== -2 ? src :',
    test: 'panel/asWritten',
    grep: 'is shown as it is meant',
  },
  {
    name: 'L65: a copy loses the blanks of code',
    file: 'src/webview/dom/copyMarkdown.ts',
    find: '    .map((one, at) => (at === 0',
    replace: '    .map(withoutLastBlanks)\n    .map((one, at) => (at === 0',
    test: 'panel/selecting',
    grep: 'is copied with the numbers of its items',
  },
  {
    name: 'L65: code in a table loses its blanks in a copy',
    file: 'src/webview/dom/copyMarkdown.ts',
    find: 'return kept(inCell ?',
    replace: 'return String(inCell ?',
    test: 'panel/selecting',
    grep: 'to the letter, in a table',
  },
  {
    name: 'L63: an address takes in the words of a Korean sentence',
    file: 'src/webview/markdown/render.ts',
    find: '  return mark < 0 || (letters > 0 && letters < mark) ? letters : mark;',
    replace: '  return letters < -1 ? letters : mark;',
    test: 'panel/asWritten',
    grep: 'is shown as it is meant',
  },
  {
    name: 'what is wrapped moves the button that was clicked for it',
    file: 'src/webview/view/reading.ts',
    find: '    this.scroll.keepAt(button, top);\n',
    replace: '',
    test: 'panel/wrap',
    grep: 'that block stays where it is',
  },
  {
    name: 'L65: a copied part of a list is numbered anew',
    file: 'src/webview/dom/copyMarkdown.ts',
    find: '  numberAsShown(range, container);\n',
    replace: '',
    test: 'panel/selecting',
    grep: 'is copied with the numbers of its items',
  },
  {
    name: 'what is selected in code is lost when its fence closes',
    file: 'src/webview/dom/steady.ts',
    find: 'if ((anchor === null && focus === null) || isSame) return noChange;',
    replace: 'if (anchor === null || anchor >= 0) return noChange;',
    test: 'panel/selecting',
    grep: 'keeps what is selected in code when its fence closes',
  },
  {
    name: 'the way back to the end covers the last line',
    file: 'src/webview/dom/scroll.ts',
    find: 'return !this.#attached && this.#hasBelow;',
    replace: 'return !this.#attached;',
    test: 'panel/selecting',
    grep: 'offers the way back to the end only',
  },
];
