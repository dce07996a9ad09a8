/** What is copied of a drawn text is drawn as that was. */

/** Elements that say what words are. */
const kinds = 'strong, em, del, code, a, li, blockquote, td, th, h1, h2, h3, h4, h5, h6';

function kindOf(element: Element): string {
  if (element instanceof HTMLTableCellElement) return `cell ${element.cellIndex}`;
  return element instanceof HTMLAnchorElement ? `a ${element.href}` : element.localName;
}

/** Each character, blanks aside, and what it stands in below what all of them stand in. */
function drawnIn(root: Node, range: Range | null): readonly string[] {
  const found: string[] = [];
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node: Node | null = texts.currentNode; node !== null; node = texts.nextNode()) {
    if (!(node instanceof Text) || range?.intersectsNode(node) === false) continue;
    if (node.parentElement?.closest('button, .codeHeader') != null) continue;
    const from = node === range?.startContainer ? range.startOffset : 0;
    const to = node === range?.endContainer ? range.endOffset : node.length;
    const around: string[] = [];
    for (let one = node.parentElement; one !== null && one !== root && root.contains(one); one = one.parentElement)
      if (one.matches(kinds)) around.push(kindOf(one));
    const inside = around.sort().join(' ');
    for (const character of node.data.slice(from, to).replace(/\s/g, '')) found.push(`${character} ${inside}`);
  }
  return found;
}

/** What is selected, drawn again from its copy, in words what became otherwise; null when nothing did. */
export function drawnOtherwise(range: Range, copy: string, draw: (text: string) => Element): string | null {
  const common = range.commonAncestorContainer;
  const root = common instanceof Element ? common : (common.parentElement ?? common);
  // Within code it is no Markdown.
  if (root instanceof Element && root.closest('code, pre') !== null) return null;
  // A part of one text is that.
  if (common instanceof Text) return copy.trim() === range.toString().trim() ? null : `of ${range} is copied ${copy}`;
  const wanted = drawnIn(root, range);
  const again = draw(copy);
  const got = drawnIn(again, null);
  const at = wanted.findIndex((one, index) => one !== got[index]);
  if (at < 0 && wanted.length === got.length) return null;
  const [was, is] = [wanted[at < 0 ? wanted.length : at] ?? 'nothing', got[at < 0 ? wanted.length : at] ?? 'nothing'];
  return `the copy ${JSON.stringify(copy)} of ${JSON.stringify(range.toString())} has ${JSON.stringify(is)} for ${JSON.stringify(was)}`;
}
