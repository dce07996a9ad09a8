/** Files in any encoding and with any line ends, as the editor shows them (L55, L56). */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { runTool } from '../../../src/core/tools/all';
import { decodeFile, maxDecodedBytes, pieceDecoder } from '../../../src/host/workspace/files/decode';
import { fileTypeOf } from '../../../src/host/workspace/files/fileType';
import { editorDecoder } from './editorDecoder';
import { never, type TempWorkspace, tempWorkspace, tool } from './tempWorkspace';

const read = async (temp: TempWorkspace, input: unknown) =>
  (await runTool(tool('read_file'), input, temp.ports, never)).content;

/** 日本語 and テスト in Shift-JIS, on two lines. */
const shiftJis = Buffer.from([0x93, 0xfa, 0x96, 0x7b, 0x8c, 0xea, 10, 0x83, 0x65, 0x83, 0x58, 0x83, 0x67]);
/** More than is decoded at once. */
const large = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(maxDecodedBytes, `\n${'x'.repeat(99)}`)]);

describe('The encoding of a file', () => {
  let temp: TempWorkspace;
  afterEach(() => temp.remove());

  it('is that of files.encoding, in small files and in large ones (L56)', async () => {
    temp = tempWorkspace({ files: { 'a.txt': shiftJis, 'large.txt': large(shiftJis) } });
    temp.facts.decoder.encoding = 'shiftjis';
    assert.equal(await read(temp, { path: 'a.txt' }), 'a.txt, lines 1-2 of 2\n  1\t日本語\n  2\tテスト');
    assert.match(
      await read(temp, { path: 'large.txt', end_line: 2 }),
      /^large\.txt, lines 1-2 of [\d,]+\n {2}1\t日本語\n/,
    );
  });

  it('is UTF-16 without a mark where the bytes show it (L56)', async () => {
    const text = 'first\nzwei';
    temp = tempWorkspace({
      files: { 'le.txt': Buffer.from(text, 'utf16le'), 'be.txt': Buffer.from(text, 'utf16le').swap16() },
    });
    for (const path of ['le.txt', 'be.txt']) {
      assert.equal(await read(temp, { path }), `${path}, lines 1-2 of 2\n  1\tfirst\n  2\tzwei`);
    }
  });

  it('is said to be guessed when the text differs from that of files.encoding (L56)', async () => {
    temp = tempWorkspace({ files: { 'a.txt': shiftJis, 'plain.txt': 'plain', 'utf8.txt': 'naïve' } });
    Object.assign(temp.facts.decoder, { guesses: true, guessed: 'shiftjis' });
    assert.match(
      await read(temp, { path: 'a.txt' }),
      /^a\.txt, lines 1-2 of 2\n\[The encoding was guessed.*utf8 .*\]\n {2}1\t日本語\n/,
    );
    assert.equal(await read(temp, { path: 'plain.txt' }), 'plain.txt, line 1 of 1\n  1\tplain');
    temp.facts.decoder.guessed = 'utf8';
    assert.equal(await read(temp, { path: 'utf8.txt' }), 'utf8.txt, line 1 of 1\n  1\tnaïve');
  });

  it('is said to be wrong where bytes were lost, and what stands behind them is read (L55)', async () => {
    temp = tempWorkspace({ files: { 'latin.txt': Buffer.from('na\xefve\nlast', 'latin1'), 'real.txt': 'a \ufffd' } });
    assert.match(
      await read(temp, { path: 'latin.txt' }),
      /^latin\.txt, lines 1-2 of 2\n\[Some bytes are no text in utf8.*\]\n {2}1\tna\ufffdve\n {2}2\tlast$/,
    );
    assert.equal(await read(temp, { path: 'real.txt' }), 'real.txt, line 1 of 1\n  1\ta \ufffd');
    temp.facts.decoder.encoding = 'windows1252';
    assert.match(await read(temp, { path: 'latin.txt' }), /\n {2}1\tnaïve\n/);
  });

  it('is said to be another one where only VS Code knows it and the file is large', async () => {
    temp = tempWorkspace({ files: { 'large.txt': large(Buffer.from([0x84, 10])) } });
    temp.facts.decoder.encoding = 'cp437';
    assert.match(
      await read(temp, { path: 'large.txt', end_line: 1 }),
      /\n\[Read as UTF-8: files\.encoding is cp437, .*up to 5 MB.*\]\n/,
    );
  });

  it('a setting that VS Code does not know leaves the file readable', async () => {
    temp = tempWorkspace({ files: { 'a.txt': 'naïve' } });
    temp.facts.decoder.encoding = 'nonsense';
    assert.match(await read(temp, { path: 'a.txt' }), /1\tnaïve$/);
  });
});

/** The values of `files.encoding`. */
const settings = (
  'utf8 utf8bom utf16le utf16be windows1252 iso88591 iso88593 iso885915 macroman cp437 windows1256 iso88596 windows1257 ' +
  'iso88594 iso885914 windows1250 iso88592 cp852 windows1251 cp866 cp1125 iso88595 koi8r koi8u iso885913 windows1253 ' +
  'iso88597 windows1255 iso88598 iso885910 iso885916 windows1254 iso88599 windows1258 gbk gb18030 cp950 big5hkscs ' +
  'shiftjis eucjp euckr windows874 iso885911 koi8ru koi8t gb2312 cp865 cp850'
).split(' ');

describe('The decoder', () => {
  it('asks VS Code of what is not plain ASCII only', async () => {
    const editor = editorDecoder();
    await decodeFile(Buffer.from('plain\n'), 'file:///a', editor);
    assert.equal(editor.asked, 0);
    await decodeFile(Buffer.from('naïve\n'), 'file:///a', editor);
    assert.equal(editor.asked, 1);
  });

  it('knows the names of the web for the encodings of VS Code, but for those that it has not', () => {
    assert.deepEqual(
      settings.filter((name) => pieceDecoder(name) === null),
      ['cp437', 'cp852', 'cp1125', 'iso885916', 'koi8ru', 'koi8t', 'cp865', 'cp850'],
    );
  });

  it('gives the same in pieces as at once (L56)', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '日', 'テ', '\n', '\r'), maxLength: 30 });
    fc.assert(
      fc.property(
        text,
        fc.constantFrom('utf8', 'utf16le', 'utf16be'),
        fc.integer({ min: 1, max: 5 }),
        (whole, name, size) => {
          const wide = Buffer.from(whole, 'utf16le');
          const bytes = name === 'utf8' ? Buffer.from(whole) : name === 'utf16be' ? wide.swap16() : wide;
          const decoder = pieceDecoder(name);
          assert.ok(decoder !== null);
          let out = '';
          for (let at = 0; at < bytes.length; at += size) out += decoder.write(bytes.subarray(at, at + size));
          assert.equal(out + decoder.end(), whole);
        },
      ),
    );
  });
});

describe('The line ends of a file', () => {
  let temp: TempWorkspace;
  afterEach(() => temp.remove());

  for (const [name, end] of [
    ['LF', '\n'],
    ['CR LF', '\r\n'],
    ['CR alone', '\r'],
  ] as const) {
    it(`count as in the editor: ${name} (L56)`, async () => {
      const long = Array.from({ length: 120_000 }, (_, i) => `line ${i + 1} ${'.'.repeat(40)}`).join(end);
      temp = tempWorkspace({ files: { 'a.txt': `one${end}${end}three${end}`, 'long.txt': long } });
      assert.equal(await read(temp, { path: 'a.txt' }), 'a.txt, lines 1-3 of 3\n  1\tone\n  2\t\n  3\tthree');
      assert.match(
        await read(temp, { path: 'long.txt', start_line: 119_999 }),
        /^long\.txt, lines 119999-120000 of 120,000\n {2}119999\tline 119999 \.+\n {2}120000\tline 120000 \.+$/,
      );
    });
  }

  it('are counted with each kind in one file', async () => {
    temp = tempWorkspace({ files: { 'a.txt': 'a\rb\r\nc\n\rd' } });
    assert.equal(await read(temp, { path: 'a.txt' }), 'a.txt, lines 1-5 of 5\n  1\ta\n  2\tb\n  3\tc\n  4\t\n  5\td');
  });
});

describe('The first bytes of a file', () => {
  it('tell text as the editor does: a NUL further down is no sign of anything else (L55)', () => {
    assert.equal(fileTypeOf(Buffer.from(`${'a line of a log\n'.repeat(100)}\0`)).kind, 'text');
    assert.equal(fileTypeOf(Buffer.from('ab\0c')).kind, 'binary');
    assert.equal(fileTypeOf(Buffer.concat([Buffer.alloc(600, 'x'), Buffer.alloc(600, '\x01\0')])).kind, 'binary');
    assert.equal(fileTypeOf(Buffer.from('MZ is how it begins')).kind, 'text');
    assert.deepEqual(fileTypeOf(Buffer.from('MZ\x90\0\x03\0')), { kind: 'binary', name: 'program (Windows)' });
  });
});
