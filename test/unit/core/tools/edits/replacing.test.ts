/** Exact replacements: where they apply, what stays, and the words where they do not. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Replacement } from '../../../../../src/core/tools/edits/editing';
import { linesOf, partsOf } from '../../../../../src/core/tools/edits/lineChanges';
import { refusalWords } from '../../../../../src/core/tools/edits/refusals';
import { type Refusal, replaced } from '../../../../../src/core/tools/edits/replacing';

function edit(oldText: string, newText: string, all = false): Replacement {
  return { oldText, newText, all };
}

function done(raw: string, ...edits: readonly Replacement[]): string {
  const result = replaced(raw, edits);
  assert.ok(result.done, result.done ? '' : refusalWords(result.refusal, 'a.ts', edits.length));
  return result.text;
}

function refused(raw: string, ...edits: readonly Replacement[]): Refusal {
  const result = replaced(raw, edits);
  return result.done ? assert.fail(`done: ${result.text}`) : result.refusal;
}

function words(raw: string, ...edits: readonly Replacement[]): string {
  return refusalWords(refused(raw, ...edits), 'src/a.ts', edits.length);
}

describe('Replacements', () => {
  it('apply where the old text stands exactly once, each on what the one before has left', () => {
    assert.equal(done('one\ntwo\nthree\n', edit('two', 'zwei')), 'one\nzwei\nthree\n');
    assert.equal(done('a\nb\n', edit('a', 'c\nd'), edit('c\nd\nb', 'e')), 'e\n');
    assert.deepEqual(
      [refused('a a', edit('a', 'b')).why, refused('aaa', edit('aa', 'b')).why, refused('abc', edit('d', 'e')).why],
      ['several', 'several', 'missing'],
    );
  });

  it('change every place where that is asked for', () => {
    const result = replaced('a b a b aa', [edit('a', 'x', true)]);
    assert.deepEqual(result, { done: true, text: 'x b x b xx', places: 4 });
  });

  it('are made all or none, and only of what is something to change', () => {
    assert.equal(refused('a\nb\n', edit('a', 'x'), edit('gone', 'y')).index, 1);
    assert.equal(refused('a\n', edit('a\r\n', 'a\n')).why, 'same');
    assert.equal(refused('a\n', edit('', 'b')).why, 'empty');
    assert.equal(done('', edit('', 'a\r\nb\r\n')), 'a\r\nb\r\n');
    assert.equal(done('\ufeff', edit('', 'a\n')), '\ufeffa\n');
  });

  it('find line ends of any kind, and give new lines those of the lines they stand in', () => {
    assert.equal(done('a\r\nb\r\nc\r\n', edit('a\nb', 'a\nx\nb')), 'a\r\nx\r\nb\r\nc\r\n');
    assert.equal(done('a\nb\nc\n', edit('a\r\nb\r\n', 'x\r\ny\r\n')), 'x\ny\nc\n');
    assert.equal(done('a\rb\r', edit('a\nb', 'a\nx\nb')), 'a\rx\rb\r');
    const mixed = 'one\r\ntwo\nthree\r\nfour\n';
    assert.equal(done(mixed, edit('two\nthree', 'two\nnew\nthree')), 'one\r\ntwo\nnew\nthree\r\nfour\n');
    assert.equal(done(mixed, edit('three', 'x\ny')), 'one\r\ntwo\nx\r\ny\r\nfour\n');
    assert.equal(done(mixed, edit('one\ntwo\nthree\n', 'one\nthree\n')), 'one\r\nthree\r\nfour\n');
    assert.equal(done(mixed, edit('\n', '\n\n', true)), 'one\r\n\r\ntwo\n\nthree\r\n\r\nfour\n\n');
    assert.equal(done('a\rx\ny\n', edit('x', '')), 'a\r\ry\n');
    assert.equal(done('one', edit('one', 'a\r\nb')), 'a\r\nb');
  });

  it('leave the byte order mark and the end of the last line as they are', () => {
    assert.equal(done('\ufeffa\nb', edit('a', 'c')), '\ufeffc\nb');
    assert.equal(done('a\nlast', edit('last\n', 'end\n')), 'a\nend');
    assert.equal(done('a\nlast', edit('a\nlast\n', 'b\n')), 'b');
    assert.equal(done('a\nlast', edit('last\n', '')), 'a');
    assert.equal(done('a\nlast', edit('last', 'last\n')), 'a\nlast\n');
    assert.equal(refused('a\nb\na', edit('a\n', 'c\n')).why, 'several');
    assert.equal(done('a\nb\na', edit('a\n', 'c\n', true)), 'c\nb\nc');
  });

  it('leave every line that they do not touch as it was, whatever its end is', () => {
    const end = fc.constantFrom('\n', '\r\n', '\r');
    const file = fc.array(fc.tuple(fc.constantFrom('a', 'b', ' ', '\t}', 'é'), end), { minLength: 3, maxLength: 12 });
    const fresh = fc.array(fc.constantFrom('x', ' ', 'a', 'b'), { maxLength: 4 });
    fc.assert(
      fc.property(file, fc.nat(), fc.nat(), fresh, (lines, at, count, added) => {
        const raw = lines.map(([text, ending]) => text + ending).join('');
        const own = linesOf(raw);
        const start = at % own.length;
        const stop = Math.min(own.length, start + 1 + (count % 3));
        const marked = [...own];
        marked[start] = `here!${marked[start]}`;
        const lf = (all: readonly string[]) => all.map((line) => `${partsOf(line).text}\n`).join('');
        const old = lf(marked.slice(start, stop));
        const now = linesOf(done(marked.join(''), edit(old, lf(added))));
        assert.deepEqual(now.slice(0, start), own.slice(0, start));
        assert.deepEqual(now.slice(now.length - (own.length - stop)), own.slice(stop));
        assert.deepEqual(
          now.slice(start, start + added.length).map((line) => partsOf(line).text),
          added,
        );
        const ends = new Set(own.slice(start, Math.max(stop, start + 1)).map((line) => partsOf(line).end));
        for (const line of now.slice(start, start + added.length)) assert.ok(ends.has(partsOf(line).end));
      }),
      { numRuns: 500 },
    );
  });
});

const code = [
  'import { login } from "./api";',
  '',
  'export async function signIn(name: string, password: string) {',
  '\tconst user = await login(name, password);',
  '\tif (user === null) {',
  '\t\tthrow new Error("no such user");',
  '\t}',
  '\treturn user;',
  '}',
  '',
  'export function signOut() {',
  '\tsession.clear();',
  '}',
  '',
].join('\n');

describe('What the model is told when its old text does not stand', () => {
  it('are the lines as they are now, numbered, where only blanks differ', () => {
    const said = words(code, edit('    const user = await login(name, password);\n    if (user === null) {', 'x'));
    assert.match(said, /old_text does not stand in src\/a\.ts/);
    assert.match(said, /lines 4-5 read now otherwise: only blanks, tabs or line ends differ/);
    assert.ok(said.includes(`Line 4 has ${JSON.stringify('\tconst user = await login(name, password);')}`), said);
    assert.ok(said.includes('\n  4\t\tconst user = await login(name, password);\n  5\t\tif (user === null) {'), said);
    assert.match(said, /Nothing was changed\.$/);
  });

  it('is that line numbers were pasted, quotes were changed, or backslashes are too many', () => {
    assert.match(words(code, edit('  8\t\treturn user;\n  9\t}', 'x')), /line numbers.*stands at line 8\./s);
    assert.match(
      words(code, edit('\t\tthrow new Error(“no such user”);', 'x')),
      /line 6 reads now otherwise: only quotes, dashes/,
    );
    assert.match(words(code, edit('from \\"./api\\";\\n\\nexport', 'x')), /backslashes too many.*at line 1\./s);
  });

  it('are the lines that were changed since', () => {
    const said = words(code, edit(code.slice(0, 200).replace('name: string', 'email: string'), 'x'));
    assert.match(said, /Line 3 has ".*name: string.*" where old_text has ".*email: string/);
    assert.ok(said.includes('\t\tconst user') || said.includes('\tconst user'), said);
  });

  it('are the places where it stands several times', () => {
    const said = words(code, edit('}\n', 'x'));
    assert.match(said, /stands 3 times in src\/a\.ts, from line 7, 9, 13/);
    assert.match(said, /replace_all/);
    for (const line of [7, 9, 13]) assert.match(said, new RegExp(`^ +${line}\\t`, 'm'));
    assert.match(words('aaa', edit('aa', 'b')), /stands 2 times/);
  });

  it('is that an earlier edit of the call changed it, or that the new text stands there already', () => {
    const twice = words(code, edit('session.clear();', 'session.end();'), edit('session.clear();', 'x'));
    assert.match(twice, /old_text of edit 2 .* any more: an earlier edit.*session\.end\(\).*by the other edits/s);
    assert.match(words(code, edit('session.close();', 'session.clear();')), /stands there already, at line 12/);
  });

  it('is that there is nothing like it', () => {
    assert.match(words(code, edit('zzzzzzzzzzzz', 'x')), /Nothing in its 13 lines is like it/);
    assert.match(words('', edit('a', 'x')), /empty old_text writes into it/);
  });

  it('fits into a message, whatever the lines are (L36)', () => {
    const long = Array.from({ length: 500 }, (_, i) => `${i} ${'long '.repeat(500)}`).join('\n');
    for (const old of [long.replaceAll('long', 'lang'), long.slice(0, 5000).toUpperCase(), 'long ']) {
      assert.ok(words(long, edit(old, 'x')).length < 3_900);
    }
  });

  it('names lines that are nearest in any file, at the right place', () => {
    const line = fc
      .string({ minLength: 12, maxLength: 40, unit: 'grapheme-ascii' })
      .filter((one) => one.trim() === one);
    fc.assert(
      fc.property(fc.uniqueArray(line, { minLength: 6, maxLength: 30 }), fc.nat(), (lines, at) => {
        const start = at % (lines.length - 3);
        const old = lines
          .slice(start, start + 3)
          .map((one) => `  ${one}`)
          .join('\n');
        const text = lines.join('\n');
        fc.pre(!text.includes(old));
        const said = words(text, edit(old, 'x'));
        assert.ok(said.includes(`lines ${start + 1}-${start + 3} read`), said);
      }),
    );
  });
});
