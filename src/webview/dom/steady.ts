/** Text that is drawn anew, in other nodes: what is selected in it stays selected. */
import { noChange } from 'lit-html';
import {
  type ChildPart,
  Directive,
  type DirectiveParameters,
  directive,
  type PartInfo,
  PartType,
} from 'lit-html/directive.js';
import { setChildPartValue } from 'lit-html/directive-helpers.js';

class Steady extends Directive {
  constructor(info: PartInfo) {
    super(info);
    if (info.type !== PartType.CHILD) throw new Error('steady() stands between tags only');
  }

  override render(_content: unknown): unknown {
    return noChange;
  }

  override update(part: ChildPart, [content]: DirectiveParameters<this>): unknown {
    const box = part.parentNode;
    const selection = document.getSelection();
    const { anchorNode = null, focusNode = null, anchorOffset = 0, focusOffset = 0 } = selection ?? {};
    const anchor = placeIn(box, anchorNode, anchorOffset);
    const focus = placeIn(box, focusNode, focusOffset);
    setChildPartValue(part, content, this);
    const isThere = selection?.anchorNode === anchorNode && selection?.focusNode === focusNode;
    const isSame = isThere && selection?.anchorOffset === anchorOffset && selection?.focusOffset === focusOffset;
    if ((anchor === null && focus === null) || isSame) return noChange;
    const from = anchor === null ? ([anchorNode, anchorOffset] as const) : nodeAt(box, anchor);
    const to = focus === null ? ([focusNode, focusOffset] as const) : nodeAt(box, focus);
    if (from[0] !== null && to[0] !== null) selection?.setBaseAndExtent(from[0], from[1], to[0], to[1]);
    return noChange;
  }
}

/** How many characters of a box are before a place; null for one outside. */
function placeIn(box: Node, node: Node | null, offset: number): number | null {
  if (node === null || !box.contains(node)) return null;
  const before = document.createRange();
  before.setStart(box, 0);
  before.setEnd(node, offset);
  return before.toString().length;
}

function nodeAt(box: Node, place: number): readonly [Node | null, number] {
  const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  let left = place;
  let last: Text | null = null;
  for (let node = texts.nextNode(); node instanceof Text; node = texts.nextNode()) {
    if (left <= node.length) return [node, left];
    left -= node.length;
    last = node;
  }
  return [last, last?.length ?? 0];
}

/** Draws what the selection survives as long as its characters are the same. */
export const steady = directive(Steady);
