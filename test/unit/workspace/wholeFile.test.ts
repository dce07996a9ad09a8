/** Files are judged by all that is in them, wherever a part of them comes from (L59). */
import assert from 'node:assert/strict';
import { closeSync, openSync, statSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import * as fc from 'fast-check';
import { runTool } from '../../../src/core/tools/all';
import type { SearchQuery } from '../../../src/core/tools/workspace';
import { createEditorContextOver, type EditorSelection } from '../../../src/host/workspace/context';
import type { Disk, DiskStat } from '../../../src/host/workspace/files/disk';
import { FileScanner } from '../../../src/host/workspace/files/fileScan';
import { decodeText } from '../../../src/host/workspace/files/fileType';
import { bytesHoldKey, holdsKey, Judge } from '../../../src/host/workspace/files/judge';
import { Ignores } from '../../../src/host/workspace/ignore/ignoreFiles';
import { Locator } from '../../../src/host/workspace/ignore/locate';
import { linesOfFile, linesOfText } from '../../../src/host/workspace/lines';
import { readLines } from '../../../src/host/workspace/readLines';
import { cpuClock } from '../cpuClock';
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
      return { type: { kind: 'text', encoding: 'utf8', skip: 0 }, holdsKey: times > 1, lines: 1, marks: [] };
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
    const asked: string[] = [];
    let answer = false;
    temp.facts.mayReadUnjudged = async (path, bytes) => {
      asked.push(`${path} ${bytes > 256 * 1024 * 1024}`);
      return answer;
    };
    await assert.rejects(read({ path: 'huge.log', end_line: 1 }), /the user did not allow/);
    answer = true;
    assert.match(await read({ path: 'huge.log', end_line: 2 }), /lines 1-2 of many/);
    assert.deepEqual(asked, ['huge.log true', 'huge.log true']);
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
      const selection = { uri: '', untitled: false, name: 'x', startLine: 1, endLine: 1, text: 'needle', ...rest };
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
    const untitled = { uri: 'untitled:U', untitled: true };
    assert.equal(await selectionIn({ ...untitled, whole: () => withKey }), null);
    assert.equal((await selectionIn({ ...untitled, whole: () => 'needle' }))?.text, 'needle');
  });
});

/** A disk of one file that counts how often it is looked through. */
function oneFile(bytes: Buffer, pieceBytes = 64 * 1024) {
  let stamp: string | null = '1 2 3';
  let passes = 0;
  const stat = (): DiskStat => ({ kind: 'file', size: bytes.length, stamp });
  const disk: Disk = {
    stat: async () => stat(),
    read: async (_path, maxBytes) => bytes.subarray(0, maxBytes),
    pieces: async (_path, start, onPiece, signal) => {
      if (start === 0) passes += 1;
      for (let at = start; at < bytes.length; at += pieceBytes) {
        await setTimeout(1);
        signal?.throwIfAborted();
        if (!onPiece(Buffer.from(bytes.subarray(at, at + pieceBytes)))) break;
      }
      return true;
    },
    list: async () => [],
  };
  return {
    disk,
    stat,
    passes: () => passes,
    setStamp: (next: string | null) => {
      stamp = next;
    },
  };
}

describe('A file is looked through once (L59)', () => {
  it('for as long as it stays the same, for several readers at a time too', async () => {
    const file = oneFile(Buffer.from(withKey));
    const judge = new Judge();
    const all = await Promise.all([1, 2, 3].map(() => judge.file(file.disk, 'a', file.stat(), never)));
    assert.ok(all.every((scan) => scan?.holdsKey === true));
    await judge.file(file.disk, 'a', file.stat(), never);
    assert.equal(file.passes(), 1);
    file.setStamp('1 2 4');
    await judge.file(file.disk, 'a', file.stat(), never);
    assert.equal(file.passes(), 2);
    file.setStamp(null);
    await judge.file(file.disk, 'a', file.stat(), never);
    await judge.file(file.disk, 'a', file.stat(), never);
    assert.equal(file.passes(), 4, 'what changed a moment ago is not kept');
  });

  it('and is not kept when it changed meanwhile', async () => {
    const file = oneFile(Buffer.from(padding));
    const judge = new Judge();
    const found = file.stat();
    const running = judge.file(file.disk, 'a', found, never);
    file.setStamp('1 2 9');
    await running;
    await judge.file(file.disk, 'a', found, never);
    assert.equal(file.passes(), 2);
  });

  it('goes on for the others when one reader stops, and ends when the last one does', async () => {
    const file = oneFile(Buffer.from(padding), 4 * 1024);
    const judge = new Judge();
    const [one, two] = [new AbortController(), new AbortController()];
    const first = judge.file(file.disk, 'a', file.stat(), one.signal);
    const second = judge.file(file.disk, 'a', file.stat(), two.signal);
    one.abort(new Error('stop'));
    await assert.rejects(first, /stop/);
    assert.equal((await second)?.holdsKey, false);
    file.setStamp('5');
    const third = judge.file(file.disk, 'a', file.stat(), two.signal);
    two.abort(new Error('stop'));
    await assert.rejects(third, /stop/);
    assert.equal((await judge.file(file.disk, 'a', file.stat(), never))?.holdsKey, false, 'and begins anew');
  });

  it('without holding up anything else for long', async () => {
    const bytes = Buffer.from(`${'0123456789abcdef '.repeat(4)}\n`.repeat(400_000));
    const text = bytes.toString();
    let turns = 0;
    const ticks = setInterval(() => {
      turns += 1;
    }, 1);
    await bytesHoldKey(bytes);
    await holdsKey(text);
    clearInterval(ticks);
    assert.ok(turns > 2, `${turns} turns of others meanwhile`);
    const pieces: number[] = [];
    const scanner = new FileScanner();
    for (let at = 0; at < bytes.length; at += 256 * 1024) {
      const cpu = cpuClock();
      scanner.add(bytes.subarray(at, at + 256 * 1024));
      pieces.push(cpu());
    }
    assert.ok((pieces.toSorted((a, b) => a - b)[pieces.length >> 1] ?? 0) < 20, `${pieces} ms`);
  });

  it('and its later lines are read from near where they are', async () => {
    const text = `${'x'.repeat(99)}\n`.repeat(60_000);
    const scanner = new FileScanner();
    for (let at = 0; at < text.length; at += 256 * 1024) scanner.add(Buffer.from(text.slice(at, at + 256 * 1024)));
    const { marks, lines } = scanner.end();
    assert.equal(lines, 60_000);
    assert.ok(marks.length >= 8 && marks.every(({ line, offset }) => offset === (line - 1) * 100));
  });

  it('any range of any text is the same with marks as without', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'é', '本', '\r', '👩', '\u0a0a', '\u000a'), maxLength: 40 });
    const encodings = [
      (text: string) => Buffer.from(text),
      (text: string) => Buffer.from(`\ufeff${text}`),
      (text: string) => utf16(text),
      (text: string) => utf16(text, true),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 30 }),
        fc.constantFrom(...encodings),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 7 }),
        async (parts, encode, startLine, maxLines, pieceBytes) => {
          // Long lines between, so that there are marks.
          const text = parts.map((part) => `${part}\n${'y'.repeat(40_000)}\n`).join('');
          const bytes = encode(text);
          const file = oneFile(bytes, pieceBytes * 100_003);
          const scan = await new Judge().file(file.disk, 'a', file.stat(), never);
          assert.ok(scan !== null && scan.type.kind === 'text');
          const range = { startLine, maxLines, maxBytes: 10_000 };
          const from = scan.marks.findLast((mark) => mark.line <= startLine);
          const source = { disk: file.disk, path: 'a', lines: scan.lines, ...(from === undefined ? {} : { from }) };
          assert.deepEqual(
            await linesOfFile(source, scan.type, range, never),
            linesOfText(decodeText(bytes) ?? '', range),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
