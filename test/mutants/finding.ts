import type { Mutant } from './mutant';

const words = { test: 'unit/core/transcript/findInChat' } as const;
const shown = { test: 'panel/find' } as const;

export const findingMutants: readonly Mutant[] = [
  {
    name: 'what is looked for is a pattern',
    file: 'src/shared/find.ts',
    find: "inner.join('')",
    replace: "inner.join('').replaceAll('\\\\.', '.')",
    ...words,
    grep: 'takes what is typed to the letter',
  },
  {
    name: 'a fence closes with any line',
    file: 'src/core/transcript/shownWords.ts',
    find: 'bare.length >= marks.length &&',
    replace: "bare !== '' ||",
    ...words,
    grep: 'are those that are read',
  },
  {
    name: 'a line is looked through once more for each mark that it begins with',
    file: 'src/core/transcript/shownWords.ts',
    find: 'rest.length <= mayBeRule && rule.test(rest)',
    replace: 'rule.test(rest)',
    ...words,
    grep: 'are taken in time that grows with the text: ',
  },
  {
    name: 'a box that finds stays for a conversation that cannot be opened',
    file: 'src/webview/panel.ts',
    find: 'this.#finding.drawn(null);',
    replace: '',
    ...shown,
    grep: 'closes for a conversation that cannot be opened',
  },
  {
    name: 'a closed fold hides what is found',
    file: 'src/webview/find/places.ts',
    find: 'if (item === place) return',
    replace: "if (item !== '') return",
    ...shown,
    grep: 'opens the folds in which something is found',
  },
  {
    name: 'L75: what is found is asked for with all turns',
    file: 'src/webview/view/reading.ts',
    find: 'this.#ask(chat, key)',
    replace: "this.#ask(chat, key === '' ? null : `user/q0`)",
    ...shown,
    grep: 'asks for no more than leads there',
  },
  {
    name: 'L24: words that are still composed are looked for',
    file: 'src/webview/find/findBox.ts',
    find: 'if (event instanceof InputEvent && event.isComposing) return;',
    replace: '',
    ...shown,
    grep: 'waits for an input method',
  },
  {
    name: 'each delta of an answer asks for the count anew',
    file: 'src/webview/find/findBox.ts',
    find: 'if (!this.#isSearching) this.#renewing ??= setTimeout(() => void this.#search(false), renewMs);',
    replace: 'void this.#search(false);',
    ...shown,
    grep: 'goes on while an answer streams',
  },
  {
    name: 'what has come while it looked is not counted',
    file: 'src/webview/find/findBox.ts',
    find: 'if (this.#isDue) this.#renew();',
    replace: '',
    ...shown,
    grep: 'and then asks once more',
  },
];
