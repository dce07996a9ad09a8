/** The words of what is drawn, as `core/transcript/shownWords` has them of its source, and where in the document they stand. */
import { blockEnd } from '../../shared/find';

/** What is read by nobody as a part of the text: buttons, headers, the small numbers of sources. */
const asides = ['codeHeader', 'plainHead', 'citation', 'codicon'];
const blocks = new Set(
  ['p', 'div', 'li', 'ul', 'ol', 'pre', 'blockquote', 'table', 'tr', 'td', 'th', 'hr'].concat(
    [1, 2, 3, 4, 5, 6].map((depth) => `h${depth}`),
  ),
);
const rows = ['lineWords', 'lineResult'];

/** Text of an element, and its nodes with where each begins in that. */
export class DrawnWords {
  #text = '';
  readonly #nodes: Text[] = [];
  readonly #starts: number[] = [];

  constructor(element: Element) {
    this.#read(element);
  }

  /** Where a pattern matches. */
  matches(pattern: RegExp): readonly StaticRange[] {
    pattern.lastIndex = 0;
    const found: StaticRange[] = [];
    for (let match = pattern.exec(this.#text); match !== null; match = pattern.exec(this.#text)) {
      const start = this.#at(match.index);
      const end = this.#at(match.index + match[0].length - 1);
      if (start === null || end === null) continue;
      const [startContainer, startOffset] = start;
      found.push(new StaticRange({ startContainer, startOffset, endContainer: end[0], endOffset: end[1] + 1 }));
    }
    return found;
  }

  /** The node that holds a character, and its place in there. */
  #at(index: number): readonly [Text, number] | null {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    const node = this.#nodes[low];
    const offset = index - (this.#starts[low] ?? 0);
    return node === undefined || offset >= node.length ? null : [node, offset];
  }

  #read(parent: Element): void {
    for (const child of parent.childNodes) {
      if (child instanceof Text) {
        this.#nodes.push(child);
        this.#starts.push(this.#text.length);
        this.#text += child.data;
      } else if (child instanceof Element) this.#readElement(child);
    }
  }

  #readElement(element: Element): void {
    const { localName, classList } = element;
    if (localName === 'br') this.#text += '\n';
    else if (localName === 'button' || asides.some((name) => classList.contains(name))) return;
    else {
      const isBlock = blocks.has(localName) || rows.some((name) => classList.contains(name));
      if (isBlock) this.#endBlock();
      this.#read(element);
      if (isBlock) this.#endBlock();
    }
  }

  #endBlock(): void {
    if (this.#text !== '' && !this.#text.endsWith(blockEnd)) this.#text += blockEnd;
  }
}
