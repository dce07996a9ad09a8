/** Files are judged by all that is in them, wherever a part of them comes from (L59). */
import assert from 'node:assert/strict';
import { closeSync, openSync, statSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { runTool } from '../../../src/core/tools/all';
import type { SearchQuery } from '../../../src/core/tools/workspace';
import { createEditorContextOver, type EditorSelection } from '../../../src/host/workspace/context';
import { Judge } from '../../../src/host/workspace/files/judge';
import { Ignores } from '../../../src/host/workspace/ignore/ignoreFiles';
import { Locator } from '../../../src/host/workspace/ignore/locate';
import { readLines } from '../../../src/host/workspace/readLines';
import { keys, privateKey } from '../tools/secretTexts';
import { hostRipgrep, never, type TempWorkspace, tempWorkspace, tool, virtualWorkspace } from './tempWorkspace';

const padding = 'const x = 1; // nothing to see here\n'.repeat(12_000);
const withKey = `needle at the start\n${padding}${privateKey}${padding}needle at the end\n`;
const lastLine = withKey.split('\n').length - 1;

function utf16(text: string, bigEndian = false, mark = true): Buffer {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

let temp: TempWorkspace;
const read = async (input: unknown): Promise<string> =>
  (await runTool(tool('read_file'), input, temp.ports, never)).content;
const uriOf = (path: string): string => pathToFileURL(join(temp.folder, path)).href;
/** As if nothing had touched it for a while: only then is what was found kept. */
const settle = async (): Promise<void> => void (await setTimeout(2_100));

describe('Reading a part of a file with a key (L59)', () => {
  afterEach(() => temp.remove());

  it('is refused for every part, before and behind the key', async () => {
    temp = tempWorkspace({ files: { 'notes.txt': withKey } });
    await settle();
    for (const start_line of [1, 500, lastLine - 2]) {
      await assert.rejects(read({ path: 'notes.txt', start_line, end_line: start_line + 1 }), /contains a private key/);
    }
  });

  it('is refused in every encoding', async () => {
    temp = tempWorkspace({
      files: {
        'le.txt': utf16(withKey),
        'be.txt': utf16(withKey, true),
        'latin1.txt': Buffer.from(`caf\xe9\n${withKey}`, 'latin1'),
        'bom.txt': Buffer.from(`\ufeff${withKey}`),
        'odd.txt': utf16(`é${withKey}`),
      },
    });
    for (const path of ['le.txt', 'be.txt', 'latin1.txt', 'bom.txt', 'odd.txt']) {
      await assert.rejects(read({ path, end_line: 1 }), /contains a private key/, path);
    }
  });

  it('is refused for every kind of key', async () => {
    temp = tempWorkspace({
      files: Object.fromEntries(
        Object.entries(keys).map(([name, key], i) => [`k${i}.txt`, `${name}\n${padding}${key}`]),
      ),
    });
    for (const i of Object.keys(keys).keys()) {
      await assert.rejects(read({ path: `k${i}.txt`, end_line: 1 }), /contains a private key or an access token/);
    }
  });

  it('finds a key over the border of two pieces', async () => {
    temp = tempWorkspace();
    const border = 256 * 1024;
    for (let before = 0; before < privateKey.length; before += 9) {
      temp.write('border.txt', `line\n${'x'.repeat(border - 5 - before)}${privateKey}\n${padding}`);
      await assert.rejects(read({ path: 'border.txt', end_line: 1 }), /contains a private key/);
    }
  });

  it('is refused for an open editor by its text, saved or not', async () => {
    temp = tempWorkspace({ files: { 'a.txt': 'clean\n', 'b.txt': withKey } });
    let text = withKey;
    let version = 1;
    temp.facts.documents.push(
      {
        uri: uriOf('a.txt'),
        dirty: true,
        get version() {
          return version;
        },
        text: () => text,
      },
      { uri: uriOf('b.txt'), dirty: true, version: 1, text: () => 'the key is gone from the editor\n' },
    );
    await assert.rejects(read({ path: 'a.txt', end_line: 1 }), /contains a private key/);
    await assert.rejects(read({ path: 'a.txt', end_line: 1 }), /contains a private key/);
    text = 'no key any more\n';
    version = 2;
    assert.match(await read({ path: 'a.txt' }), /no key any more/);
    text = withKey;
    version = 3;
    await assert.rejects(read({ path: 'a.txt', end_line: 1 }), /contains a private key/);
    assert.match(await read({ path: 'b.txt' }), /gone from the editor/);
  });

  it('is refused on other file systems', async () => {
    const workspace = virtualWorkspace({ 'a.txt': withKey });
    await assert.rejects(workspace.readLines('a.txt', 1, 1, 1_000, never), /contains a private key/);
  });

  it('is refused where one with a key has taken its place while it was read', async () => {
    temp = tempWorkspace({ files: { 'a.txt': 'clean\n' } });
    const judge = new Judge();
    let times = 0;
    judge.file = async () => {
      times += 1;
      return {
        type: { kind: 'text', encoding: 'utf8', skip: 0 },
        holdsKey: times > 1,
        lines: 1,
        marks: [],
        written: null,
      };
    };
    const range = { startLine: 1, maxLines: 1, maxBytes: 1_000 };
    const locator = new Locator(temp.facts, new Ignores(temp.facts));
    await assert.rejects(readLines(locator, judge, 'a.txt', range, never), /contains a private key/);
  });

  it('follows what is written over a file, of the same size and time', async () => {
    const clean = padding.slice(0, withKey.length - padding.length) + padding;
    temp = tempWorkspace({ files: { 'a.txt': clean.slice(0, withKey.length) } });
    const file = join(temp.folder, 'a.txt');
    const { atime, mtime } = statSync(file);
    await settle();
    assert.match(await read({ path: 'a.txt', end_line: 1 }), /const x/);
    writeFileSync(file, withKey.padEnd(clean.slice(0, withKey.length).length));
    utimesSync(file, atime, mtime);
    await assert.rejects(read({ path: 'a.txt', end_line: 1 }), /contains a private key/);
  });

  it('asks above 256 MB, and reads only after a yes', async () => {
    temp = tempWorkspace();
    const file = openSync(temp.write('huge.log', ''), 'w');
    writeSync(file, Buffer.from('first\nsecond\n'.padEnd(100_000, 'y')));
    writeSync(file, Buffer.from('end\n'), 0, 4, 256 * 1024 * 1024);
    closeSync(file);
    await assert.rejects(read({ path: 'huge.log', end_line: 1 }), /too large to be looked through for keys/);
    const reads = (await temp.workspace.reach?.(['huge.log'], never)) ?? [];
    assert.deepEqual(
      reads.map(({ path, why }) => [path, why]),
      [['huge.log', ['unchecked']]],
    );
    const workspace = temp.workspace.allowing?.(reads) ?? temp.workspace;
    const input = { path: 'huge.log', end_line: 2 };
    assert.match(
      (await runTool(tool('read_file'), input, { ...temp.ports, workspace }, never)).content,
      /lines 1-2 of many/,
    );
  });
});

const query = (rest: Partial<SearchQuery>): SearchQuery => ({
  query: 'needle',
  isRegex: false,
  caseSensitive: false,
  include: null,
  maxMatches: 100,
  ...rest,
});

const searchers: readonly (readonly [string, () => Promise<string | null>])[] = [
  ['ripgrep', hostRipgrep],
  ['JavaScript', async () => null],
];

for (const [name, ripgrep] of searchers) {
  describe(`Searching files with keys with ${name} (L59)`, () => {
    let rg: string | null;
    before(async function () {
      this.timeout(600_000);
      rg = await ripgrep();
    });
    afterEach(() => temp.remove());

    it('leaves out each that holds a key anywhere, and says how many', async () => {
      temp = tempWorkspace({
        files: {
          'a.txt': withKey,
          'b.txt': 'needle\n',
          'c.txt': utf16(withKey),
          'd.json': JSON.stringify({ name: 'needle', private_key: privateKey }),
          'e.txt': 'nothing of the kind\n',
          'f.txt': `hay\n${privateKey}`,
        },
        ripgrep: rg,
      });
      const outcome = await temp.workspace.searchText(query({}), never);
      assert.deepEqual(
        outcome.matches.map(({ path }) => path),
        ['b.txt'],
      );
      assert.equal(outcome.files, 1);
      assert.deepEqual(outcome.notes, ['3 files that hold keys were left out.']);
      const { content } = await runTool(tool('search_text'), { query: 'needle' }, temp.ports, never);
      assert.match(content, /^1 match in 1 file[\s\S]*3 files that hold keys were left out\./);
      const one = await runTool(tool('search_text'), { query: 'hay' }, temp.ports, never);
      assert.match(one.content, /No matches[\s\S]*1 file that holds keys was left out\./);
    });

    it('judges only files whose lines it shows', async () => {
      temp = tempWorkspace({ files: { 'a.txt': 'needle\n'.repeat(5), 'b.txt': withKey }, ripgrep: rg });
      const outcome = await temp.workspace.searchText(query({ maxMatches: 5 }), never);
      assert.equal(outcome.matches.length, 5);
      assert.equal(outcome.notes, undefined);
    });

    it('judges unsaved editors by their text', async () => {
      temp = tempWorkspace({ files: { 'a.txt': 'needle\n', 'b.txt': withKey }, ripgrep: rg });
      temp.facts.documents.push(
        { uri: uriOf('a.txt'), dirty: true, text: () => withKey },
        { uri: uriOf('b.txt'), dirty: true, text: () => 'a needle without a key\n' },
      );
      const outcome = await temp.workspace.searchText(query({}), never);
      assert.deepEqual(
        outcome.matches.map(({ path, text }) => `${path}: ${text}`),
        ['b.txt: a needle without a key'],
      );
      assert.deepEqual(outcome.notes, ['1 file that holds keys was left out.']);
    });
  });
}

describe('The selection in a file with a key (L59)', () => {
  afterEach(() => temp.remove());

  it('does not go along by itself, in a file or in one that was never saved', async () => {
    temp = tempWorkspace({ files: { 'a.txt': withKey, 'b.txt': 'clean' } });
    const selectionIn = async (rest: Partial<EditorSelection>) => {
      const selection = { uri: '', startLine: 1, endLine: 1, text: 'needle', ...rest };
      const context = createEditorContextOver({
        facts: {
          tabs: () => [],
          active: () => null,
          recentlyUsed: () => [],
          selection: () => selection,
          isTrusted: true,
        },
        workspace: temp.workspace,
        automatic: () => 'openFiles',
        estimate: () => 1,
      });
      return (await context.current(never)).selection;
    };
    assert.equal(await selectionIn({ uri: uriOf('a.txt') }), null);
    assert.equal((await selectionIn({ uri: uriOf('b.txt') }))?.text, 'needle');
    temp.facts.documents.push({ uri: uriOf('b.txt'), dirty: true, version: 2, text: () => withKey });
    assert.equal(await selectionIn({ uri: uriOf('b.txt') }), null);
    const other = { path: 'U', label: 'U', what: 'unsaved document', outside: false };
    const untitled = { uri: 'untitled:U', other };
    assert.equal(await selectionIn({ ...untitled, whole: () => withKey }), null);
    assert.equal((await selectionIn({ ...untitled, whole: () => 'needle' }))?.text, 'needle');
  });
});
