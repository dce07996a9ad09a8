/** ripgrep and the fallback in JavaScript find the same lines, and those are the lines of the editor. */
import assert from 'node:assert/strict';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { type SearchQuery, ToolError } from '../../../src/core/tools/workspace';
import { decodeFile } from '../../../src/host/workspace/files/decode';
import { labelOf } from '../../../src/host/workspace/search/encodings';
import { cases } from '../../short';
import { hostRipgrep, never, type TempWorkspace, tempWorkspace } from './tempWorkspace';

const searchQuery = (query: string, rest: Partial<SearchQuery> = {}): SearchQuery => ({
  query,
  isRegex: false,
  caseSensitive: true,
  include: null,
  maxMatches: 500,
  ...rest,
});

/** Settings of a root's files; where VS Code guesses, it finds Shift JIS. */
function decodeWith(temp: TempWorkspace, encoding: string, guesses = false): void {
  Object.assign(temp.facts.decoder, { encoding, guesses, guessed: 'shiftjis' });
}

async function lines(temp: TempWorkspace, rg: string | null, query: SearchQuery): Promise<readonly string[] | null> {
  temp.facts.ripgrep = async () => rg;
  try {
    const { matches } = await temp.workspace.searchText(query, never);
    return matches.map(({ path, line, text, context }) => `${path}:${line}${context === true ? '-' : ':'}${text}`);
  } catch (error) {
    if (error instanceof ToolError) return null;
    throw error;
  }
}

describe('The lines of a search', () => {
  let rg: string;
  let temp: TempWorkspace;
  before(async function () {
    this.timeout(600_000);
    rg = await hostRipgrep();
  });
  afterEach(() => temp.remove());

  const both = async (query: SearchQuery): Promise<readonly string[]> => {
    const found = await lines(temp, rg, query);
    assert.deepEqual(await lines(temp, null, query), found);
    return found ?? assert.fail('refused');
  };

  it('are those of the editor behind a byte that is no UTF-8 (L55)', async () => {
    temp = tempWorkspace({
      files: {
        'a.txt': Buffer.from('first\ncaf\xe9 needle\nx \xe9 needle\n', 'latin1'),
        'b.txt': Buffer.from('\xe9needle', 'latin1'),
        'c.txt': 'é needle\n',
      },
    });
    assert.deepEqual(await both(searchQuery('needle')), [
      'a.txt:2:caf\ufffd needle',
      'a.txt:3:x \ufffd needle',
      'b.txt:1:\ufffdneedle',
      'c.txt:1:é needle',
    ]);
    const regex = async (query: string) => (await both(searchQuery(query, { isRegex: true }))).length;
    assert.equal(await regex('^.needle'), 1);
    assert.equal(await regex('^.{4}.needle$'), 1);
    assert.equal(await regex('\\W needle'), 4 - 2);
    assert.equal(await regex('\ufffd'), 3);
  });

  it('are those of the editor where they end in CR alone, or CRLF', async () => {
    temp = tempWorkspace({ files: { 'a.txt': 'one\rneedle two\rthree\r', 'b.txt': 'x\r\nneedle\r\nneedle y' } });
    assert.deepEqual(await both(searchQuery('needle')), ['a.txt:2:needle two', 'b.txt:2:needle', 'b.txt:3:needle y']);
    const regex = async (query: string) => await both(searchQuery(query, { isRegex: true }));
    assert.deepEqual(await regex('^needle$'), ['b.txt:2:needle']);
    assert.deepEqual(await regex('^t'), ['a.txt:3:three']);
    assert.deepEqual(await regex('needle[^x]'), ['a.txt:2:needle two', 'b.txt:3:needle y']);
    assert.deepEqual(await regex('needle\\s'), ['a.txt:2:needle two', 'b.txt:3:needle y']);
    assert.deepEqual(await regex('^$'), []);
  });

  it('are those of the editor far down in a file, and in one that is known from an earlier search (L55)', async () => {
    const far = 'a line of code\n'.repeat(30_000);
    temp = tempWorkspace({
      files: {
        'a.txt': `${far}one\rneedle two\r`,
        'b.txt': Buffer.from(`${far}caf\xe9 needle\n`, 'latin1'),
        'c.txt': `${far}é needle\n`,
      },
    });
    const expected = ['a.txt:30002:needle two', 'b.txt:30001:caf\ufffd needle', 'c.txt:30001:é needle'];
    const inPast = new Date(Date.now() - 60_000);
    // What was written a moment ago is not kept.
    for (const name of ['a.txt', 'b.txt', 'c.txt']) utimesSync(join(temp.folder, name), inPast, inPast);
    for (let time = 0; time < 2; time += 1) {
      assert.deepEqual(await both(searchQuery('needle')), expected);
      assert.deepEqual(await both(searchQuery('.needle', { isRegex: true })), expected.slice(1));
    }
  });

  it('are found in the encoding of the settings, also in one that ripgrep does not know (L56)', async () => {
    temp = tempWorkspace({
      files: {
        'sjis.txt': Buffer.from([0x93, 0xfa, 0x96, 0x7b, 0x20, 0x6e, 0x0a]),
        'ascii.txt': 'n\n',
        'utf16.txt': Buffer.from('\ufeff日本 n\n', 'utf16le'),
      },
    });
    decodeWith(temp, 'shiftjis');
    assert.deepEqual(await both(searchQuery('日本')), ['sjis.txt:1:日本 n', 'utf16.txt:1:日本 n']);
    decodeWith(temp, 'utf8');
    assert.deepEqual(await both(searchQuery('日本')), ['utf16.txt:1:日本 n']);
    // Guessed by VS Code, file by file.
    decodeWith(temp, 'utf8', true);
    assert.deepEqual(await both(searchQuery('日本')), ['sjis.txt:1:日本 n', 'utf16.txt:1:日本 n']);
    assert.equal(labelOf('shiftjis'), 'shift_jis');
    assert.equal(labelOf('windows1252'), 'windows-1252');
    assert.equal(labelOf('iso88592'), 'iso-8859-2');
    assert.equal(labelOf('cp437'), null);
  });

  it('come with those around them', async () => {
    temp = tempWorkspace({ files: { 'a.txt': '1\n2\nneedle\n4\n5\n6\nneedle\n', 'b.txt': 'é\rneedle\r3' } });
    assert.deepEqual(await both(searchQuery('needle', { contextLines: 1 })), [
      'a.txt:2-2',
      'a.txt:3:needle',
      'a.txt:4-4',
      'a.txt:6-6',
      'a.txt:7:needle',
      'b.txt:1-é',
      'b.txt:2:needle',
      'b.txt:3-3',
    ]);
  });

  it('are counted by file', async () => {
    temp = tempWorkspace({ files: { 'a.txt': 'needle\nneedle needle\n', 'b.txt': 'x\rneedle\rneedle', 'c.txt': 'x' } });
    for (const ripgrep of [rg, null]) {
      temp.facts.ripgrep = async () => ripgrep;
      const counts = await temp.workspace.searchText(searchQuery('needle', { output: 'counts' }), never);
      assert.deepEqual(counts.perFile, [
        { path: 'a.txt', count: 2 },
        { path: 'b.txt', count: 2 },
      ]);
      const files = await temp.workspace.searchText(searchQuery('needle', { output: 'files', maxMatches: 1 }), never);
      assert.deepEqual([files.perFile?.map(({ path }) => path), files.truncated], [['a.txt'], true]);
    }
  });

  it('are the first by path, however many there are and in whatever order they are found', async function () {
    this.timeout(60_000);
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`d${i % 17}/f${1_000 + i}.txt`, 'needle\n'.repeat(60)]),
    );
    temp = tempWorkspace({ files });
    const query = searchQuery('needle', { maxMatches: 200 });
    const first = await both(query);
    const paths = Object.keys(files).sort();
    assert.deepEqual([...new Set(first.map((line) => line.split(':')[0]))], paths.slice(0, 4));
    for (let again = 0; again < 5; again += 1) assert.deepEqual(await lines(temp, rg, query), first);
  });

  it('are the same for ripgrep and JavaScript, whatever encoding, line ends and query (L55)', async function () {
    this.timeout(120_000);
    temp = tempWorkspace();
    const word = fc.constantFrom('a', 'foo', 'é', 'É', '日本', 'x_1', ' ', '\t', '\xff', 'ß', '.', '(', '\u2028', '');
    const line = fc.array(word, { maxLength: 4 }).map((words) => words.join(''));
    const text = fc
      .tuple(fc.array(line, { maxLength: 6 }), fc.constantFrom('\n', '\r\n', '\r', 'mixed'))
      .map(([all, end]) =>
        all.map((one, index) => one + (end === 'mixed' ? (['\n', '\r', '\r\n'][index % 3] ?? '') : end)).join(''),
      );
    const bytes = fc.tuple(text, fc.constantFrom('utf8', 'latin1', 'utf16le', 'bom')).map(([content, encoding]) => {
      if (encoding === 'bom') return Buffer.from(`\ufeff${content}`);
      return encoding === 'utf16le'
        ? Buffer.from(`\ufeff${content}`, 'utf16le')
        : Buffer.from(content, encoding as 'utf8');
    });
    const part = fc.constantFrom(
      'a',
      'foo',
      'é',
      '日',
      '.',
      '.*',
      '^',
      '$',
      '\\w',
      '\\W',
      '\\s',
      '\\b',
      '[^a]',
      '[a-z]',
      '\\d?',
      '(?:o|é)',
      '\\.',
    );
    const query = fc.tuple(
      fc.oneof(
        fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => ({ query: parts.join(''), isRegex: true })),
        fc
          .constantFrom('a', 'foo', 'é', '.', '(', ' ', 'É', '本')
          .map((literal) => ({ query: literal, isRegex: false })),
      ),
      fc.boolean(),
      fc.constantFrom(0, 1),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(bytes, { minLength: 1, maxLength: 3 }),
        query,
        fc.constantFrom('utf8', 'windows1252'),
        async (files, [what, caseSensitive, contextLines], encoding) => {
          for (const [index, content] of files.entries()) temp.write(`f${index}.txt`, content);
          for (let index = files.length; index < 3; index += 1) temp.write(`f${index}.txt`, '');
          decodeWith(temp, encoding);
          const asked = searchQuery(what.query, { isRegex: what.isRegex, caseSensitive, contextLines });
          const found = await lines(temp, rg, asked);
          assert.deepEqual(found, await lines(temp, null, asked), JSON.stringify(what));
          for (const shown of found ?? []) {
            const [path = '', place = ''] = shown.split(/[:-](?=\d)/);
            const index = Number(path.slice(1, 2));
            const decoded = await decodeFile(files[index] ?? Buffer.alloc(0), 'file:///x', temp.facts.decoder);
            const own = decoded?.text.split(/\r\n|\r|\n/)[Number.parseInt(place, 10) - 1];
            assert.equal(shown.slice(path.length + 1).replace(/^\d+[:-]/, ''), own);
          }
        },
      ),
      { numRuns: Number(process.env['PRELUDE_RUNS'] ?? cases(40, 20)) },
    );
  });
});
