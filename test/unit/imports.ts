/** Reads the import specifiers out of TypeScript source, those of types included, and finds what each may not import. */
import { posix } from 'node:path';

/** The source with its comments blanked; strings stay. A quote that does not close on its line closes with it. */
function withoutComments(source: string): string {
  let out = '';
  let at = 0;
  while (at < source.length) {
    const two = source.slice(at, at + 2);
    const char = source.charAt(at);
    if (two === '//') {
      at = endOr(source, source.indexOf('\n', at));
    } else if (two === '/*') {
      const end = source.indexOf('*/', at + 2);
      at = end < 0 ? source.length : end + 2;
      out += ' ';
    } else if (char === "'" || char === '"' || char === '`') {
      const end = closing(source, at, char);
      out += source.slice(at, end);
      at = end;
    } else {
      out += char;
      at += 1;
    }
  }
  return out;
}

const endOr = (source: string, found: number): number => (found < 0 ? source.length : found);

function closing(source: string, start: number, quote: string): number {
  for (let at = start + 1; at < source.length; at += 1) {
    const char = source.charAt(at);
    if (char === '\\') at += 1;
    else if (char === quote) return at + 1;
    else if (char === '\n' && quote !== '`') return at;
  }
  return source.length;
}

const forms: readonly RegExp[] = [
  // import … from 'x', import type … from 'x', export … from 'x'
  /\b(?:import|export)\b[^'"`;()]*?\bfrom\s*(['"])([^'"]+)\1/g,
  // import 'x'
  /\bimport\s*(['"])([^'"]+)\1/g,
  // import('x') as a value and as a type, require('x'), import x = require('x')
  /\b(?:import|require)\s*\(\s*(['"`])([^'"`]+)\1/g,
];

/** Every specifier that a file imports, in whichever way. */
export function importsOf(source: string): readonly string[] {
  const code = withoutComments(source);
  const found = forms.flatMap((form) => [...code.matchAll(form)].map((match) => match[2] ?? ''));
  return [...new Set(found)];
}

interface Wall {
  /** Which files it is about, by their path below src. */
  readonly files: RegExp;
  /** Paths below src, and packages, that these may import. */
  readonly folders: RegExp;
  readonly packages: RegExp;
}

/** DESIGN's table; the first row that fits a file is its own. */
const walls: readonly Wall[] = [
  { files: /^extension\.ts$/, folders: /./, packages: /./ },
  { files: /^shared\//, folders: /^shared\//, packages: /^$/ },
  { files: /^core\/tools\//, folders: /^(?:core\/ports$|core\/tools\/|shared\/)/, packages: /^zod$/ },
  { files: /^core\//, folders: /^(?:core|shared)\//, packages: /^(?:@anthropic-ai\/sdk(?:\/.+)?|zod|diff)$/ },
  { files: /^host\//, folders: /^(?:host|core|shared)\//, packages: /^(?:vscode|node:.+)$/ },
  {
    files: /^webview\//,
    folders: /^(?:webview|shared)\//,
    packages: /^(?:marked|lit-html(?:\/.+)?|highlight\.js(?:\/.+)?)$/,
  },
];

/** What a file below src imports and may not, in words. `file` is relative to src, with forward slashes. */
export function wallsBroken(file: string, source: string): readonly string[] {
  const wall = walls.find(({ files }) => files.test(file));
  if (wall === undefined) return [`${file} lies in none of the folders of src`];
  return importsOf(source)
    .filter((specifier) => {
      if (!specifier.startsWith('.')) return !wall.packages.test(specifier);
      const target = posix.normalize(posix.join(posix.dirname(file), specifier)).replace(/\.(?:ts|js)$/, '');
      return target.startsWith('..') || !wall.folders.test(target);
    })
    .map((specifier) => `${file} imports ${specifier}`);
}
