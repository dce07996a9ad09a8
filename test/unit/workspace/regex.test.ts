/** One meaning of a query for ripgrep and for JavaScript. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { SearchQuery } from '../../../src/core/tools/workspace';
import { readQuery } from '../../../src/host/workspace/search/query';
import { runRipgrep } from '../../../src/host/workspace/search/ripgrep';
import { cases } from '../../short';
import { hostRipgrep, never } from './tempWorkspace';

const searchQuery = (query: string, rest: Partial<SearchQuery> = {}): SearchQuery => ({
  query,
  isRegex: true,
  caseSensitive: true,
  include: null,
  maxMatches: 100,
  ...rest,
});

/** Numbers of the lines that match. */
async function byRipgrep(
  rg: string,
  pattern: string,
  text: string,
  ignoreCase = false,
): Promise<readonly number[] | null> {
  let printed = '';
  const args = ['-n', '--text', '--color=never', ignoreCase ? '-i' : '-s'];
  const end = await runRipgrep(rg, [...args, '-e', `^(?-u:[^\\n])*?(?:${pattern})`, '--', '-'], {
    signal: never,
    timeoutMs: 20_000,
    stdin: text.toString(),
    onOutput: (piece) => {
      printed += piece.toString('latin1');
      return true;
    },
  });
  if (end.code === 2) return null;
  return [
    ...new Set(
      printed
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => Number.parseInt(line, 10)),
    ),
  ];
}

function byJavaScript(expression: RegExp, text: string): readonly number[] {
  return text.split('\n').flatMap((line, index) => (expression.test(line) ? [index + 1] : []));
}

const texts = [
  '',
  'a',
  'ab',
  'foo bar',
  'Foo_1',
  'é',
  'É',
  'ß',
  'x٣y',
  'ſtop',
  'K',
  ' \t',
  'a-b.c',
  '日本',
  '👩',
  'e\u0301',
  '\ufffd',
  '(x)',
  '[a]',
  '\u2028z',
  '\u0130i',
];

const atom = fc.constantFrom(
  'a',
  'b',
  'foo',
  'é',
  'K',
  's',
  '.',
  '\\d',
  '\\w',
  '\\s',
  '\\D',
  '\\W',
  '\\S',
  '[a-c]',
  '[^a]',
  '[\\w-]',
  '[^\\s]',
  '[[:alpha:]_]',
  '\\p{L}',
  '\\P{Lu}',
  '\\x61',
  '\\u{e9}',
  '\\.',
  '\\b',
  '\\B',
  '^',
  '$',
  '(?:ab)',
  '(a|b)',
  '(?P<n>o)',
  ' ',
  '-',
  '日',
  '\\t',
  '[\\]\\-]',
  '[^\\W]',
  '(?i:x)',
);
const times = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,2}', '*?', '{0,}');
const pattern = fc
  .array(fc.tuple(atom, times, fc.constantFrom('', '', '|')), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.map(([one, many, or], index) => one + many + (index < parts.length - 1 ? or : '')).join(''));

describe('A query', () => {
  let rg: string;
  before(async function () {
    this.timeout(600_000);
    rg = await hostRipgrep();
  });

  it('means the same to ripgrep and to JavaScript, whatever it is (L55)', async function () {
    this.timeout(120_000);
    const text = texts.join('\n');
    let both = 0;
    await fc.assert(
      fc.asyncProperty(pattern, fc.boolean(), async (query, caseSensitive) => {
        const read = readQuery(searchQuery(query, { caseSensitive }));
        const own = await byRipgrep(rg, read.overText, text, !caseSensitive);
        let expression: RegExp;
        try {
          expression = read.inJavaScript();
        } catch {
          return;
        }
        // What only one of them takes.
        if (own === null) return;
        both += 1;
        assert.deepEqual(byJavaScript(expression, text), own, query);
        const over = new Set(await byRipgrep(rg, read.overBytes, text, !caseSensitive));
        const missed = own.filter((line) => !over.has(line));
        assert.deepEqual(missed, [], `${query} is missed by ${read.overBytes}`);
        if (!read.loose.beyondAscii) assert.deepEqual([...over], own, `over bytes ${read.overBytes}`);
      }),
      { numRuns: Number(process.env['PRELUDE_RUNS'] ?? cases(100, 40)) },
    );
    assert.ok(both > cases(20, 8));
  });
});
