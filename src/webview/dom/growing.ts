/** Text that changes at its end: the text node that is there stays, with all that is selected in it. */
import { noChange } from 'lit-html';
import {
  type ChildPart,
  Directive,
  type DirectiveParameters,
  directive,
  type PartInfo,
  PartType,
} from 'lit-html/directive.js';

class Growing extends Directive {
  #node: Text | null = null;

  constructor(info: PartInfo) {
    super(info);
    if (info.type !== PartType.CHILD) throw new Error('growing() stands between tags only');
  }

  override render(_text: string): unknown {
    return noChange;
  }

  override update(part: ChildPart, [text]: DirectiveParameters<this>): unknown {
    const node = this.#node;
    if (node === null || node.parentNode !== part.parentNode) {
      this.#node = document.createTextNode(text);
      return this.#node;
    }
    const { data } = node;
    if (data === text) return noChange;
    const same = text.startsWith(data) ? data.length : commonLength(data, text);
    // Setting all of it would move what is selected in it to its start, and have all of it shaped anew.
    if (same === data.length) node.appendData(text.slice(same));
    else node.replaceData(same, data.length - same, text.slice(same));
    return noChange;
  }
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a.charCodeAt(length) === b.charCodeAt(length)) length += 1;
  return length;
}

/** Draws text into one text node, of which only what is new is written. */
export const growing = directive(Growing);
