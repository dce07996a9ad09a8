/** What test/README.md says is there: each file, each title, and each of the known failures that a test must name. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '../vscode/paths';

const tests = join(repoRoot(), 'test');
/** The failures of other chats that a test must name. */
const cases = [
  1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 22, 24, 25, 26, 27, 28, 29, 31, 32, 33, 34, 35, 36, 37, 38, 39,
  40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68,
  69, 70, 71, 72, 73, 74, 76,
];

const sources = new Map(
  readdirSync(tests, { recursive: true })
    .map((file) => String(file).replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => [file.replace('.test.ts', ''), readFileSync(join(tests, file), 'utf8')]),
);
/** Every title of a test or of a group, with its blanks left open. */
const titles = [...sources.values()].flatMap((text) =>
  [...text.matchAll(/\b(?:it|describe)\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g)].map((match) => match[2] ?? ''),
);

describe('The page for contributors', () => {
  const page = readFileSync(join(repoRoot(), 'CONTRIBUTING.md'), 'utf8');
  const rows = page
    .slice(page.indexOf('## To change'), page.indexOf('A change of the prompt shows'))
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('`'));

  it('names places that there are, and in them what it names', () => {
    assert.ok(rows.length > 20, String(rows.length));
    for (const row of rows) {
      const [, , places = '', tests = ''] = row.split('|');
      const files = [...places.matchAll(/`((?:src|test|media)\/[\w./]+|package(?:\.nls)?\.json)`/g)].map(
        ([, path = '']) => path,
      );
      assert.ok(files.length > 0, row);
      for (const file of files) assert.ok(existsSync(join(repoRoot(), file)), `${file} is there`);
      for (const [, name = '', file = ''] of places.matchAll(/`(\w+)`(?: and `\w+`)? (?:in|of) `(src\/[\w./]+)`/g))
        assert.match(readFileSync(join(repoRoot(), file), 'utf8'), new RegExp(`\\b${name}\\b`), file);
      for (const [, test = ''] of tests.matchAll(/`((?:unit|panel)\/[\w/]+)`/g))
        assert.ok(
          [...sources.keys()].some((name) => name.startsWith(test)),
          `${test} is a test`,
        );
    }
  });

  it('names files on the way of a message that there are', () => {
    const way = page.slice(page.indexOf('## The way of a message'), page.indexOf('## To change'));
    assert.equal([...way.matchAll(/^\d+\. /gm)].length, 10);
    const whole = [...way.matchAll(/`((?:core|host|shared|webview)\/[\w./]+\.ts)`/g)].map(([, path = '']) => path);
    assert.ok(whole.length > 12);
    for (const path of whole) assert.ok(existsSync(join(repoRoot(), 'src', path)), path);
  });
});

describe('The table of what is shown', () => {
  const rows = readFileSync(join(tests, 'README.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('`'));

  it('names files that there are, and titles that are in them', () => {
    let checked = 0;
    for (const row of rows) {
      for (const place of (row.split('|').at(-2) ?? '').split(' · ')) {
        const file = /`((?:unit|panel|integration)\/[\w/]+)`/.exec(place)?.[1];
        if (file === undefined) continue;
        const text = sources.get(file);
        assert.ok(text !== undefined, `${file} is no test`);
        for (const [, title = ''] of place.matchAll(/"([^"]+)"/g)) {
          assert.ok(text.includes(title), `${file} has no "${title}"`);
          checked += 1;
        }
      }
    }
    assert.ok(checked > 30, String(checked));
  });

  for (const number of cases) {
    it(`has a test for the known failure number ${number}, by its name`, () => {
      const named = titles.filter((title) => new RegExp(`\\bL${number}\\b`).test(title));
      assert.notDeepEqual(named, []);
    });
  }
});
