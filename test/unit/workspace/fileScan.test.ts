/** A file is looked through once, and read from near where a line is (L59). */
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import * as fc from 'fast-check';
import { decodeFile, decoderOf } from '../../../src/host/workspace/files/decode';
import { type Disk, type DiskStat, diskOf } from '../../../src/host/workspace/files/disk';
import { FileScanner, markBytes } from '../../../src/host/workspace/files/fileScan';
import { bytesHoldKey, holdsKey, Judge } from '../../../src/host/workspace/files/judge';
import { linesOfFile, linesOfText } from '../../../src/host/workspace/lines';
import { cpuClock } from '../cpuClock';
import { privateKey } from '../tools/secretTexts';
import { editorDecoder } from './editorDecoder';
import { never, tempWorkspace } from './tempWorkspace';

function utf16(text: string, bigEndian = false, mark = true): Buffer {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

const padding = 'const x = 1; // nothing to see here\n'.repeat(12_000);
const withKey = `${padding}${privateKey}${padding}`;

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

  it('and its lines are counted right wherever its pieces are cut and whatever stands in it', () => {
    const part = fc.oneof(
      fc.constantFrom('\n', '\r', '\r\n', '\n\n\n\n\n', '\0', '\t', '\v', '\x0b\x0c', 'é', '\x8a', '\xff', 'a'),
      fc.integer({ min: 1, max: 300_000 }).map((length) => 'x'.repeat(length)),
      fc.integer({ min: 1, max: 2_000 }).map((length) => '\n'.repeat(length)),
    );
    const cases = fc.tuple(
      fc.array(part, { maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 200_001 })),
      fc.nat(3),
    );
    fc.assert(
      fc.property(cases, ([parts, cuts, shift]) => {
        const text = `${'z'.repeat(8_192)}${parts.join('')}`;
        const bytes = Buffer.from(text, 'latin1');
        const scanner = new FileScanner(false);
        // The first piece has all of the head; each lies at any place of the memory.
        for (let at = 0, n = 0; at < bytes.length; n += 1) {
          const length = n === 0 ? 8_192 : (cuts[n % Math.max(1, cuts.length)] ?? 70_001);
          const piece = Buffer.alloc(Math.min(length, bytes.length - at) + shift);
          bytes.copy(piece, shift, at);
          scanner.add(piece.subarray(shift));
          at += length;
        }
        const starts = [0, ...Array.from(text.matchAll(/\r\n?|\n/g), (end) => end.index + end[0].length)];
        const marks: { line: number; offset: number }[] = [];
        for (const [index, offset] of starts.entries()) {
          if (offset - (marks.at(-1)?.offset ?? 0) >= markBytes) marks.push({ line: index + 1, offset });
        }
        const scan = scanner.end();
        const lines = starts.length - (starts.at(-1) === text.length ? 1 : 0);
        assert.deepEqual([scan.lines, scan.marks, scanner.hasNul], [lines, marks, text.includes('\0')]);
      }),
      { numRuns: 150 },
    );
  });

  it('while the next piece of it is read already', async () => {
    const bytes = Buffer.from(Array.from({ length: 150_000 }, (_, n) => `${n}\n`).join(''));
    const temp = tempWorkspace({ files: { 'a.txt': bytes } });
    const [root] = temp.facts.roots();
    assert.ok(root !== undefined);
    const disk = diskOf(root, temp.facts);
    const read = async (start: number, most: number): Promise<Buffer> => {
      const pieces: Buffer[] = [];
      const take = (piece: Buffer): boolean => {
        // Long enough for the next piece to come.
        for (const until = performance.now() + 5; performance.now() < until; );
        return pieces.push(Buffer.from(piece)) < most;
      };
      assert.equal(await disk.pieces('a.txt', start, take, never), true);
      return Buffer.concat(pieces);
    };
    assert.ok(bytes.equals(await read(0, 100)));
    assert.ok(bytes.subarray(300_001).equals(await read(300_001, 100)));
    assert.ok(bytes.subarray(0, 256 * 1024).equals(await read(0, 1)), 'as far as it is wanted');
    assert.equal((await read(bytes.length, 100)).length, 0);
    temp.remove();
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
        fc.constantFrom('\n', '\r\n', '\r'),
        async (parts, encode, startLine, maxLines, pieceBytes, end) => {
          // Long lines between, so that there are marks.
          const text = parts.map((part) => `${part}${end}${'y'.repeat(40_000)}${end}`).join('');
          const bytes = encode(text);
          const file = oneFile(bytes, pieceBytes * 100_003);
          const scan = await new Judge().file(file.disk, 'a', file.stat(), never);
          assert.ok(scan !== null && scan.type.kind === 'text');
          const range = { startLine, maxLines, maxBytes: 10_000 };
          const from = scan.marks.findLast((mark) => mark.line <= startLine);
          const source = { disk: file.disk, path: 'a', lines: scan.lines, ...(from === undefined ? {} : { from }) };
          const { decoder } = decoderOf(scan.type, 'file:///a', editorDecoder());
          const decoded = await decodeFile(bytes, 'file:///a', editorDecoder());
          assert.deepEqual(
            await linesOfFile(source, { decoder, skip: scan.type.skip }, range, never),
            linesOfText(decoded?.text ?? '', range),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('A large file', () => {
  const large = Buffer.from(padding.repeat(12));
  const judged = async (bytes: Buffer, mayHold: boolean | null) => {
    const asked: string[] = [];
    const judge = new Judge(async (file) => {
      asked.push(file);
      return mayHold;
    });
    const file = oneFile(bytes, 1024 * 1024);
    const scan = await judge.file(file.disk, 'a', file.stat(), never, '/real/a');
    return { scan, asked, passes: file.passes() };
  };

  it('is looked through for keys only where they may be in it, and its lines are counted the same (L59)', async () => {
    const slow = await judged(large, null);
    const quick = await judged(large, false);
    assert.deepEqual(quick.scan, slow.scan);
    assert.deepEqual([quick.asked, quick.passes, slow.passes], [['/real/a'], 1, 2]);
    const key = Buffer.concat([large, Buffer.from(privateKey)]);
    assert.equal((await judged(key, true)).scan?.holdsKey, true);
    // NULs between the letters hide a key from others.
    const hidden = Buffer.concat([large, Buffer.from(privateKey, 'utf16le')]);
    assert.equal((await judged(hidden, false)).scan?.holdsKey, true);
  });
});
