/** Several files in a call, notebooks as cells (L58), images and PDFs as they are, names in another form (L57). */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runTool } from '../../../src/core/tools/all';
import type { Notebook } from '../../../src/core/tools/words/notebook';
import { byteLength } from '../../../src/core/tools/words/text';
import type { MediaPort } from '../../../src/core/tools/workspace';
import { pdfFile, pngFile } from '../attachments/files';
import { privateKey } from '../tools/secretTexts';
import { never, type TempWorkspace, tempWorkspace, tool, virtualWorkspace } from './tempWorkspace';

let temp: TempWorkspace;
const kept: string[] = [];
const media: MediaPort = {
  keep: async (name, bytes) => {
    kept.push(`${name} ${bytes.length}`);
    return { type: 'image', blob: 'b', mediaType: 'image/png', width: 3, height: 2, name };
  },
};
const run = (input: unknown) => runTool(tool('read_file'), input, { ...temp.ports, media }, never);
const read = async (input: unknown) => (await run(input)).content;

const base64 = 'iVBORw0KGgo'.repeat(2_000);
const notebook = JSON.stringify({
  metadata: { kernelspec: { name: 'python3' }, language_info: { name: 'python' } },
  cells: [
    { cell_type: 'markdown', source: ['# Title\n', 'words'] },
    {
      cell_type: 'code',
      execution_count: 3,
      source: 'import x\nx.plot()',
      outputs: [
        { output_type: 'stream', name: 'stdout', text: ['one\n', 'two\n'] },
        { output_type: 'display_data', data: { 'image/png': base64, 'text/plain': '<Figure>' } },
        { output_type: 'error', ename: 'KeyError', evalue: "'a'", traceback: ['\u001b[0;31mKeyError\u001b[0m'] },
      ],
    },
    {
      cell_type: 'code',
      execution_count: null,
      source: '',
      outputs: [{ output_type: 'stream', text: 'y\n'.repeat(5_000) }],
    },
  ],
});

describe('A notebook', () => {
  afterEach(() => temp.remove());

  it('is read as numbered cells, its pictures named and not printed (L58)', async () => {
    temp = tempWorkspace({ files: { 'work.ipynb': notebook } });
    const text = await read({ path: 'work.ipynb' });
    assert.doesNotMatch(text, /iVBORw0KGgo/);
    const lines = text.split('\n');
    assert.deepEqual(lines.slice(0, 20), [
      'work.ipynb, notebook (python), cells 1-3 of 3',
      '--- cell 1, markdown',
      '  1\t# Title',
      '  2\twords',
      '--- cell 2, code, run as [3]',
      '  1\timport x',
      '  2\tx.plot()',
      '--- output of cell 2',
      'one',
      'two',
      '--- output of cell 2',
      '<Figure>',
      '--- output of cell 2',
      '[image/png, 16,500 bytes, not shown]',
      '--- output of cell 2',
      "KeyError: 'a'",
      'KeyError',
      '--- cell 3, code',
      '--- output of cell 3',
      'y',
    ]);
    assert.equal(lines.at(-1), '[output cut: it has 9,999 characters]');
    assert.ok(text.length < 1_200);
  });

  it('is read by ranges of cells, and says how to go on (L58)', async () => {
    const cell = (n: number) => ({ cell_type: 'code', source: `${'x = 1\n'.repeat(2_000)}# ${n}`, outputs: [] });
    temp = tempWorkspace({
      files: { 'work.ipynb': notebook, 'long.ipynb': JSON.stringify({ cells: [1, 2, 3, 4, 5].map(cell) }) },
    });
    assert.match(
      await read({ path: 'work.ipynb', start_line: 1, end_line: 1 }),
      /cell 1 of 3\n--- cell 1, markdown\n.*\n.*words$/,
    );
    const long = await read({ path: 'long.ipynb' });
    assert.ok(byteLength(long) < 50 * 1024);
    assert.match(long, /cells 1-2 of 5\n[\s\S]*\[Cut here at 48 KB: continue with start_line 3\.\]$/);
    await assert.rejects(read({ path: 'work.ipynb', start_line: 4 }), /has 3 cells; cell 4 is past its end/);
  });

  it('is that of the editor, unsaved cells included', async () => {
    temp = tempWorkspace({ files: { 'work.ipynb': notebook } });
    const edited: Notebook = {
      language: 'python',
      cells: [{ kind: 'code', source: 'unsaved()', execution: null, outputs: [] }],
    };
    const uri = pathToFileURL(join(temp.folder, 'work.ipynb')).href;
    Object.assign(temp.facts, { openNotebooks: () => [{ uri, dirty: true, notebook: () => edited }] });
    assert.match(
      await read({ path: 'work.ipynb' }),
      /cell 1 of 1 \(unsaved changes in the editor\)\n.*\n {2}1\tunsaved\(\)$/,
    );
  });

  it('with a key in any cell or output is refused (L59)', async () => {
    const lines = privateKey.split('\n').map((line) => `${line}\n`);
    const cells = [
      { cell_type: 'code', source: ['a'] },
      { cell_type: 'raw', source: lines },
    ];
    const json = JSON.stringify({ cells }, null, 1);
    // JSON may write any character otherwise: the bytes show no key then.
    temp = tempWorkspace({ files: { 'a.ipynb': json, 'b.ipynb': json.replaceAll('-', '\\u002d') } });
    for (const path of ['a.ipynb', 'b.ipynb'])
      await assert.rejects(read({ path, end_line: 1 }), /contains a private key/);
  });

  it('that is damaged is said to be so', async () => {
    temp = tempWorkspace({ files: { 'a.ipynb': notebook.slice(0, 200) } });
    await assert.rejects(read({ path: 'a.ipynb' }), /no notebook that can be read: it is damaged/);
  });
});

describe('An image and a PDF', () => {
  afterEach(() => temp.remove());

  it('are shown as they are, by what is in them', async () => {
    kept.length = 0;
    temp = tempWorkspace({ files: { 'a.png': pngFile(3, 2), 'named.txt': pngFile(3, 2), 'a.pdf': pdfFile(2) } });
    const shown = await run({ path: 'a.png' });
    assert.equal(shown.content, 'a.png: PNG image, 3 × 2 pixels, shown here.');
    assert.deepEqual(
      shown.media?.map(({ name }) => name),
      ['a.png'],
    );
    assert.match(await read({ path: 'named.txt' }), /^named\.txt: PNG image/);
    assert.match(await read({ path: 'a.pdf' }), /^a\.pdf: PDF document/);
    assert.equal(kept.length, 3);
  });

  it('are named where results can only be text', async () => {
    temp = tempWorkspace({ files: { 'a.png': pngFile(3, 2) } });
    await assert.rejects(
      runTool(tool('read_file'), { path: 'a.png' }, temp.ports, never),
      /a\.png is not text: PNG image, \d+ bytes\. The user can attach it/,
    );
  });
});

describe('Several files of one call', () => {
  afterEach(() => temp.remove());

  it('come one after the other, each with its range; what fails fails alone', async () => {
    temp = tempWorkspace({ files: { 'a.ts': 'one\ntwo\nthree', 'b.ts': 'four' } });
    assert.equal(
      await read({ files: [{ path: 'a.ts', start_line: 2, end_line: 2 }, { path: 'nope.txt' }, { path: 'b.ts' }] }),
      [
        'a.ts, line 2 of 3\n  2\ttwo',
        'b.ts, line 1 of 1\n  1\tfour',
        'nope.txt: There is nothing at "nope.txt". find_files with "nope.txt" looks for it everywhere.',
      ].join('\n\n'),
    );
    assert.match(await read({ path: 'b.ts', files: [{ path: 'a.ts' }] }), /^b\.ts.*\n.*four\n\na\.ts, lines 1-3 of 3/);
    await assert.rejects(read({ files: [{ path: 'x' }, { path: 'y' }] }), /nothing at "x"[\s\S]*nothing at "y"/);
  });

  it('share one bound, and what did not fit is named (L36)', async () => {
    const long = 'x'.repeat(99).concat('\n').repeat(300);
    temp = tempWorkspace({ files: { 'a.ts': long, 'b.ts': long, 'c.ts': long } });
    const text = await read({ files: [{ path: 'a.ts' }, { path: 'b.ts' }, { path: 'c.ts', start_line: 7 }] });
    assert.ok(byteLength(text) < 50 * 1024);
    assert.match(
      text,
      /b\.ts, lines 1-\d+ of 300\n[\s\S]*continue with start_line \d+\.\]\n\n\[Not read, .*: c\.ts:7\. Read/,
    );
  });

  it('are asked about together', async () => {
    temp = tempWorkspace();
    const asked: (readonly string[])[] = [];
    const workspace = {
      ...temp.workspace,
      reach: async (paths: readonly string[]) => {
        asked.push(paths);
        return [];
      },
    };
    await tool('read_file').reach?.({ path: 'a', files: [{ path: 'b' }] }, { ...temp.ports, workspace }, never);
    assert.deepEqual(asked, [['a', 'b']]);
  });
});

describe('A name', () => {
  afterEach(() => temp.remove());

  it('in another Unicode form than asked for is found, in folders too (L57)', async () => {
    temp = tempWorkspace({ files: { ['Über/café.txt'.normalize('NFD')]: 'here' } });
    assert.match(await read({ path: 'Über/café.txt'.normalize('NFC') }), /1\there$/);
    const other = virtualWorkspace({ 'café.txt': 'there' });
    const lines = await other.readLines('café.txt'.normalize('NFD'), 1, 9, 900, never);
    assert.deepEqual(lines.lines, ['there']);
  });

  it('that two files could have is taken for neither (L57)', async () => {
    // ế can be written in three ways.
    temp = tempWorkspace({ files: { 'e\u0302\u0301': 'a', '\u00ea\u0301': 'b' } });
    await assert.rejects(read({ path: '\u1ebf' }), /There is nothing at/);
  });

  it('that is absent is answered with names near it', async () => {
    temp = tempWorkspace({
      files: {
        'src/config.ts': '',
        'src/Confg.ts': '',
        'src/config.spec.ts': '',
        'src/other.ts': '',
        '.gitignore': '*.log',
        'src/config.log': '',
        'src/.env': '',
      },
    });
    mkdirSync(join(temp.folder, 'src/confi'));
    await assert.rejects(
      read({ path: 'src/config.js' }),
      /nothing at "src\/config\.js"\. Near that name: "src\/config\.ts", "src\/Confg\.ts"\. find_files/,
    );
    await assert.rejects(read({ path: 'srx/config.ts' }), /Near that name: "src\/"\./);
    await assert.rejects(read({ path: 'src/.emv' }), /nothing at "src\/\.emv"\. find_files/);
  });
});
