/** Faults of an answer that streams: what is done again for each piece of it, and what is lost while it comes. */
import type { Mutant } from './mutant';

const work = 'unit/webview/streamWork';
const selecting = 'panel/selecting';

export const streamingMutants: readonly Mutant[] = [
  {
    name: 'a flood of text is drawn in every frame',
    file: 'src/host/session/turns/eventBatch.ts',
    find: 'this.#flooded ? 4 * frameMs : frameMs',
    replace: 'frameMs',
    test: 'unit/host/session/eventBatch',
    grep: 'than anyone reads in one',
  },
  {
    name: 'L18: a paragraph is lexed from its start for each piece',
    file: 'src/webview/markdown/run.ts',
    find: 'if (token === undefined) return;',
    replace: 'if (token === undefined || at >= 0) return;',
    test: work,
    grep: 'every kind of block',
  },
  {
    name: 'L18: an item that follows has the one before it lexed again',
    file: 'src/webview/markdown/openText.ts',
    find: 'if (start !== null) return this.#nextItem',
    replace: 'if (start !== null && lead > 99) return this.#nextItem',
    test: work,
    grep: 'a list with others in it',
  },
  {
    name: 'what came out otherwise at the end is kept as it was',
    file: 'src/webview/markdown/same.ts',
    find: "(name) => name === 'type' || isSource(a, name) || shownAlike(a[name], b[name])",
    replace: "(name) => name === 'type' || isSource(a, name) || a !== b",
    test: 'unit/webview/same',
    grep: 'differ in a word',
  },
  {
    name: 'L18: each delta copies the state',
    file: 'src/webview/view/store.ts',
    find: 'if (growing !== null && only !== undefined && goesOn(growing, only)) {',
    replace: 'if (growing !== null && only !== undefined && this.#seq < 0 && goesOn(growing, only)) {',
    test: 'unit/webview/store',
    grep: 'copies the state once',
  },
  {
    name: 'text of another part is taken for more of the same',
    file: 'src/webview/view/store.ts',
    find: 'event.answer === growing.answer && event.key === growing.key',
    replace: 'event.answer === growing.answer',
    test: 'unit/webview/store',
    grep: 'deltas of two parts apart',
  },
  {
    name: 'L66: text that grows is written anew, and what is selected in it is lost',
    file: 'src/webview/dom/growing.ts',
    find: 'node.appendData(text.slice(same));',
    replace: 'node.data = text;',
    test: selecting,
    grep: 'that is being written',
  },
  {
    name: 'the address of a link is shown while it is written, and gone then',
    file: 'src/webview/markdown/run.ts',
    find: 'if (link !== null && link.index < token.raw.length)',
    replace: 'if (link !== null && link.index < 0)',
    test: 'panel/smooth',
    grep: 'keeps its end in sight',
  },
  {
    name: 'the header of a table is shown as words until its second line has come',
    file: 'src/webview/markdown/stream.ts',
    find: ' || mayBeHeader.test(this.#tail)',
    replace: '',
    test: 'panel/smooth',
    grep: 'keeps its end in sight',
  },
  {
    name: 'L66: the view runs away while the pointer selects',
    file: 'src/webview/dom/scroll.ts',
    find: 'if (!this.#held && !this.#pressed) this.#goOn();',
    replace: 'if (!this.#held) this.#goOn();',
    test: selecting,
    grep: 'holds the tail',
  },
  {
    name: 'L66: the tail is not followed again once the pointer is let go',
    file: 'src/webview/dom/scroll.ts',
    find: '    this.#pressed = false;\n    this.#goOn();',
    replace: '    this.#pressed = false;',
    test: selecting,
    grep: 'holds the tail',
  },
  {
    name: 'a focus that went up is taken back to the end before its scroll event comes',
    file: 'src/webview/dom/scroll.ts',
    find: 'if (this.#attached && this.#movedUp()) this.#set(false);\n    this.#follow();',
    replace: 'this.#follow();',
    test: 'panel/scroll',
    grep: 'stays where a focus went',
  },
];
