/** Tests take the product's sentences from its tables: a better word is changed in one place and breaks none of them. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { nls } from '../texts';
import { repoRoot } from '../vscode/paths';

/** Where what is said on screen stands. */
const tables = [
  'src/webview/l10n',
  'src/host/base/strings.ts',
  'src/host/base/plainStrings.ts',
  'src/core/base/strings.ts',
  'src/core/tools/words/strings.ts',
  'src/shared/failure.ts',
];

/** Tests of what the tables make of their values, and of what the demo's model makes of the prompts that it is asked. */
const exempt: readonly string[] = ['test/unit/webview/words.test.ts', 'test/unit/fakeClaude/demo.test.ts'];

/** Sentences that the model reads, which no table holds; a table says the like to the user. */
const toTheModel: readonly string[] = [
  'too large to be looked through for keys',
  'not a plain file',
  '1 match in 1 file',
];

/** A text in the source, as it is written: without its quotes, escapes resolved, values cut out. */
interface Literal {
  readonly line: number;
  readonly pieces: readonly string[];
  /** What stands before it on its line. */
  readonly before: string;
}

const token =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|(?<=[(,=:[!&|?{;]\s*)\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\//g;

function literalsIn(source: string): readonly Literal[] {
  return [...source.matchAll(token)].flatMap(({ 0: text, index }): readonly Literal[] => {
    if (text.startsWith('//') || text.startsWith('/*')) return [];
    const bare = text.slice(1, -1);
    const values = text.startsWith('/') ? /\.[*+]|[|^$()]|\[[^\]]*\]/ : /\$\{[^}]*\}/;
    const pieces = bare.split(values).map((piece) => piece.replace(/\\(.)/g, '$1').trim());
    const line = source.slice(0, index).split('\n').length;
    return [{ line, pieces, before: source.slice(source.lastIndexOf('\n', index) + 1, index) }];
  });
}

function filesIn(place: string): readonly string[] {
  const path = join(repoRoot(), place);
  if (place.endsWith('.ts')) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(path, name));
}

/** A sentence, a title or a good part of one; shorter ones stand anywhere by chance. */
function isQuote(text: string): boolean {
  const words = text.split(/\s+/).length;
  return words >= 4 || (words >= 2 && text.length >= 12 && /^\p{Lu}/u.test(text));
}

describe('Sentences on screen', () => {
  const said = [
    ...Object.values(nls),
    ...tables
      .flatMap(filesIn)
      .flatMap((file) => literalsIn(readFileSync(file, 'utf8')).flatMap(({ pieces }) => pieces)),
  ].join('\n');

  it('are found where a test would quote one', () => {
    const [quote] = literalsIn("await see('Nothing selected'); // 'not this'");
    assert.deepEqual(quote?.pieces.filter(isQuote), ['Nothing selected']);
    assert.ok(said.includes('Nothing selected'));
    assert.deepEqual(literalsIn('assert.match(text, /^Couldn’t open .*$/);')[0]?.pieces.filter(isQuote), [
      'Couldn’t open',
    ]);
  });

  it('are quoted by no test', () => {
    const quotes = filesIn('test').flatMap((file) => {
      const name = relative(repoRoot(), file);
      if (exempt.includes(name) || name === 'test/unit/quotes.test.ts') return [];
      return literalsIn(readFileSync(file, 'utf8'))
        .filter(({ before }) => !/\b(?:describe|it|grep|name|title)[(:]\s*$/.test(before))
        .flatMap(({ line, pieces }) =>
          pieces
            .filter((piece) => isQuote(piece) && said.includes(piece) && !toTheModel.includes(piece))
            .map((piece) => `${name}:${line}: ${piece}`),
        );
    });
    assert.deepEqual(quotes, [], 'take them from their table (test/texts.ts)');
  });
});
