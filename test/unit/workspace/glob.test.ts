import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { ToolError } from '../../../src/core/tools/workspace';
import { compileGlob, type Meter, pathOf } from '../../../src/host/workspace/ignore/glob';
import { GlobError, maxGlobLength } from '../../../src/host/workspace/ignore/globSyntax';
import { Rules } from '../../../src/host/workspace/ignore/ignoreRules';
import { readPattern } from '../../../src/host/workspace/search/pattern';

/** Steps for each character of the pattern and each of the path. */
const stepsEach = 3;

/** Of a workspace with one folder. */
function pathMatcher(pattern: string): (path: string) => boolean {
  const root = { name: 'project', uri: 'file:///home/me/project', folder: '/home/me/project' };
  return readPattern(pattern, 'pattern', [{ root, folders: [root.folder] }]).forRoot(root).matches;
}

function matches(glob: string, path: string, meter?: Meter): boolean {
  const split = pathOf(path);
  assert.ok(split);
  return compileGlob(glob).matches(split, meter);
}

/** What a glob means, as a regular expression: right for short ones, and of any time for others. */
function meaning(glob: string): RegExp {
  const source = glob
    .replaceAll('.', '\\.')
    .replaceAll('?', '[^/]')
    .replace(/(^|\/)\*\*\//g, '$1(?:[^/]+/)@')
    .replace(/\/\*\*$/, '/.+')
    .replace(/^\*\*$/, '.@')
    .replace(/\*+/g, '[^/]@')
    .replaceAll('@', '*')
    .replace(/\{/g, '(?:')
    .replace(/\}/g, ')')
    .replaceAll(',', '|');
  return new RegExp(`^${source}$`);
}

describe('Globs', () => {
  it('match as they do in VS Code', () => {
    assert.ok(matches('**/*.ts', 'a.ts') && matches('**/*.ts', 'a/b/c.ts'));
    assert.ok(matches('src/*.ts', 'src/a.ts') && !matches('src/*.ts', 'src/b/a.ts'));
    assert.ok(matches('src/**', 'src/b/a.ts') && !matches('src/**', 'srcs/a') && !matches('src/**', 'src'));
    assert.ok(matches('a/**/b', 'a/b') && matches('a/**/b', 'a/x/y/b') && !matches('a/**/b', 'ab'));
    assert.ok(matches('*.{ts,tsx}', 'a.tsx') && !matches('*.{ts,tsx}', 'a.t'));
    assert.ok(matches('{src,test}/**/*.ts', 'test/a/b.ts') && matches('{a/b,c}/d', 'a/b/d'));
    assert.ok(matches('[a-c]?.js', 'bz.js') && !matches('[!a-c].js', 'b.js') && matches('[!a-c].js', 'd.js'));
    assert.ok(matches('[]x]', ']') && matches('a[.-]b', 'a-b') && !matches('a[!x]b', 'a/b'));
    assert.ok(matches('a\\*b', 'a*b') && !matches('a\\*b', 'axb'));
    assert.ok(matches('a(b)+.ts', 'a(b)+.ts') && matches('[', '[') && matches('👩?.md', '👩x.md'));
    assert.ok(matches('?', '👩') && !matches('*??', '👩') && matches('*👩*', 'a👩b') && matches('[👨-👩]', '👩'));
    assert.ok(matches('**', 'a/b') && matches('a**b', 'axb') && !matches('a**b', 'a/b'));
  });

  it('mean names at any depth when they have no slash', () => {
    assert.ok(pathMatcher('*.md')('docs/a.md'));
    assert.ok(!pathMatcher('/*.md')('docs/a.md') && pathMatcher('./*.md')('a.md'));
    assert.ok(pathMatcher('docs/')('docs/x/y.md') && pathMatcher('docs\\*.md')('docs/a.md'));
  });

  it('match what they mean, whatever their parts', () => {
    const part = fc.constantFrom('a', 'b', '.', '*', '?', '**', '/', '/', '**/', '{a,b*}', '{a/b,b,}');
    const glob = fc.array(part, { minLength: 1, maxLength: 7 }).map((parts) => parts.join(''));
    const name = fc.array(fc.constantFrom('a', 'b', '.'), { minLength: 1, maxLength: 5 }).map((all) => all.join(''));
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
    fc.assert(
      fc.property(glob, path, (pattern, tried) => {
        // What the simple meaning does not know: three stars, `**` twice, and `**` beside braces or empty names.
        fc.pre(!/\*\*\*|\*\{|\}\*|\/\/|\*\/\*\*|[/,}]\}|\}\//.test(pattern));
        assert.equal(matches(pattern, tried), meaning(pattern).test(tried), `${pattern} ${tried}`);
      }),
      { numRuns: 3_000 },
    );
  });

  it('take steps in proportion to pattern and path, whatever both are (L54)', () => {
    const hostile = fc.constantFrom('*a', '*', '?', '**/', '*a/', '[a]', '{a,*a}', '[!b]*', 'a', '*?');
    const glob = fc.array(hostile, { minLength: 1, maxLength: 60 }).map((parts) => parts.join(''));
    const path = fc.array(fc.constantFrom('a', 'aaaaaaaa', 'a/', 'a/a/a/'), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(glob, path, fc.constantFrom('', 'b'), (start, pieces, end) => {
        const tried = pieces.join('');
        const split = pathOf(tried);
        assert.ok(split);
        try {
          const compiled = compileGlob(start + end);
          const meter = { steps: 0 };
          compiled.matches(split, meter);
          const most = stepsEach * (compiled.size + 2) * (tried.length + 2);
          assert.ok(meter.steps <= most, `${meter.steps} of ${most}: ${start + end} ${tried}`);
        } catch (error) {
          if (!(error instanceof GlobError)) throw error;
        }
      }),
      { numRuns: 2_000 },
    );
    const meter = { steps: 0 };
    assert.ok(!matches('*a*a*a*a*b', 'a'.repeat(200), meter));
    assert.ok(!matches(`${'*a'.repeat(500)}*b`, 'a'.repeat(255), meter));
    assert.ok(!matches(`${'*a'.repeat(250)}*b*`, 'a'.repeat(255), meter));
    assert.ok(!matches(`${'**/a/'.repeat(200)}b`, 'a/'.repeat(2_000), meter));
    assert.ok(!matches('{a*,{a,{a,b}}}'.repeat(4), `${'a'.repeat(200)}/`, meter));
    assert.ok(meter.steps < 10_000_000, `${meter.steps}`);
  });

  it('are refused where they are broken or stand for too many (L54)', () => {
    const refused = (glob: string) => {
      assert.throws(() => compileGlob(glob), GlobError, glob.slice(0, 40));
    };
    refused('{a,b}'.repeat(20));
    refused('{,}'.repeat(12));
    refused('{'.repeat(1_000));
    refused(`${'{a,'.repeat(300)}b${'}'.repeat(300)}`);
    refused('a'.repeat(maxGlobLength + 1));
    refused('{a');
    refused('a}');
    refused('[b-a]');
    refused('a\\');
    assert.equal(pathOf('a/'.repeat(1_000_000)), null);
  });

  it('take any text as a pattern without failing otherwise', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (glob, path) => {
        try {
          pathMatcher(glob)(path);
        } catch (error) {
          if (!(error instanceof ToolError)) throw error;
        }
      }),
    );
  });
});

describe('The rules of an ignore file', () => {
  const verdict = (rules: Rules, path: string, meter?: Meter) => {
    const split = pathOf(path);
    assert.ok(split);
    return rules.verdict(split, false, meter);
  };

  it('are read line by line, and the last that matches decides', async () => {
    const rules = await Rules.read('\ufeff# no\n*.log\r\n!keep.log\n  \n/top\nb.js \nname\\ \nd/**\n');
    assert.equal(verdict(rules, 'a/x.log'), 'ignored');
    assert.equal(verdict(rules, 'a/keep.log'), 'included');
    assert.equal(verdict(rules, 'top'), 'ignored');
    assert.equal(verdict(rules, 'a/top'), null);
    assert.equal(verdict(rules, 'b.js'), 'ignored');
    assert.equal(verdict(rules, 'name '), 'ignored');
    assert.equal(verdict(rules, 'd/e/f'), 'ignored');
  });

  it('hold beside broken lines, which are told of by their number', async () => {
    const rules = await Rules.read('{a\n*.log\n[z-a]\nb\\\n');
    assert.equal(verdict(rules, 'x.log'), 'ignored');
    assert.deepEqual(
      rules.broken.map(({ line }) => line),
      [1, 3, 4],
    );
  });

  it('are few for each path, however many there are (L54)', async () => {
    const many = Array.from({ length: 100_000 }, (_, i) => (i % 2 === 0 ? `name${i}` : `*.end${i}`)).join('\n');
    const rules = await Rules.read(many);
    const meter = { steps: 0 };
    assert.equal(verdict(rules, 'a/name99998', meter), 'ignored');
    assert.equal(verdict(rules, 'a/b.end99999', meter), 'ignored');
    assert.equal(verdict(rules, 'a/b.ts', meter), null);
    assert.ok(meter.steps < 200, `${meter.steps}`);
  });

  it('cost each path a bounded number of steps, however hostile they are (L54)', async () => {
    const rules = await Rules.read(`${'*a'.repeat(400)}*b\n`.repeat(5_000));
    assert.ok(rules.broken.length > 0);
    const meter = { steps: 0 };
    verdict(rules, 'a'.repeat(255), meter);
    assert.ok(meter.steps < 30_000_000, `${meter.steps}`);
    await Rules.read(`${' '.repeat(1_000_000)}x`);
  });
});
