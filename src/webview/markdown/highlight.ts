/** Colours of code: loaded when the first fence closes, a chunk of its own. */
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import graphql from 'highlight.js/lib/languages/graphql';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import kotlin from 'highlight.js/lib/languages/kotlin';
import less from 'highlight.js/lib/languages/less';
import lua from 'highlight.js/lib/languages/lua';
import makefile from 'highlight.js/lib/languages/makefile';
import markdown from 'highlight.js/lib/languages/markdown';
import objectivec from 'highlight.js/lib/languages/objectivec';
import perl from 'highlight.js/lib/languages/perl';
import php from 'highlight.js/lib/languages/php';
import plaintext from 'highlight.js/lib/languages/plaintext';
import python from 'highlight.js/lib/languages/python';
import r from 'highlight.js/lib/languages/r';
import ruby from 'highlight.js/lib/languages/ruby';
import rust from 'highlight.js/lib/languages/rust';
import scss from 'highlight.js/lib/languages/scss';
import shell from 'highlight.js/lib/languages/shell';
import sql from 'highlight.js/lib/languages/sql';
import swift from 'highlight.js/lib/languages/swift';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';

/** The common languages of highlight.js but for four that are seldom asked about: each takes its share of the package. */
const languages = {
  bash,
  c,
  cpp,
  csharp,
  css,
  diff,
  go,
  graphql,
  ini,
  java,
  javascript,
  json,
  kotlin,
  less,
  lua,
  makefile,
  markdown,
  objectivec,
  perl,
  php,
  plaintext,
  python,
  r,
  ruby,
  rust,
  scss,
  shell,
  sql,
  swift,
  typescript,
  xml,
  yaml,
};
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);

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
