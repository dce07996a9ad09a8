/** Colours of code: loaded when the first fence closes, a chunk of its own. */
import hljs from 'highlight.js/lib/common';

/** A piece of code: plain, or in a scope ("string", "title.function") that gives it its colour. */
export type CodeNode = string | { readonly scope: string; readonly children: readonly CodeNode[] };

interface TreeNode {
  readonly scope?: string;
  readonly language?: string;
  readonly children: readonly (string | TreeNode)[];
}

/** Scopes inside each other. */
const deepest = 100;

/** The token tree of this code; null for languages that are not known, and where scopes lie too deep in each other. */
export function highlight(code: string, language: string): readonly CodeNode[] | null {
  if (hljs.getLanguage(language) === undefined) return null;
  const result = hljs.highlight(code, { language, ignoreIllegals: true });
  // The emitter of highlight.js 11 keeps the tree from which it would make HTML.
  const emitter = result._emitter as unknown as { readonly rootNode?: TreeNode };
  const root = emitter.rootNode;
  if (root === undefined || isDeep(root, 0)) return null;
  return root.children.map(convert);
}

function isDeep(node: string | TreeNode, depth: number): boolean {
  if (typeof node === 'string') return false;
  return depth > deepest || node.children.some((child) => isDeep(child, depth + 1));
}

function convert(node: string | TreeNode): CodeNode {
  if (typeof node === 'string') return node;
  return { scope: node.scope ?? '', children: node.children.map(convert) };
}
