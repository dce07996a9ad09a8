/** Reads the import specifiers out of TypeScript source, those of types included. */

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
