/** read_file in a real VS Code: its own decoder and settings, editors and notebooks, pictures (L55–L58); what goes along beyond plain files. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Anthropic from '@anthropic-ai/sdk';
import { reply } from '../fakeClaude/script';
import { pdfFile, pngFile } from '../unit/attachments/files';
import { beyondFiles, beyondFilesTests } from './beyondFiles';
import { afterTry, assertNoRefusals, type ChatHost, openChatHost } from './chatHost';

/** これは日本語のテキストです。 in Shift-JIS: enough of it to be guessed. */
const shiftJis = Buffer.from('82b182ea82cd93fa967b8cea82cc8365834c8358836782c582b78142', 'hex');
const japanese = 'これは日本語のテキストです。';

describe('read_file in a real VS Code', () => {
  let host: ChatHost;

  before(async () => {
    host = await openChatHost({
      // With what reads notebooks.
      services: true,
      files: {
        ...beyondFiles,
        'lines.txt': 'one\rtwo\rthree',
        'edited.ts': 'on disk\n',
        ['café.txt'.normalize('NFD')]: 'found\n',
        'work.ipynb': JSON.stringify({
          nbformat: 4,
          nbformat_minor: 5,
          metadata: { language_info: { name: 'python' } },
          cells: [
            { id: 'a', cell_type: 'markdown', metadata: {}, source: ['# Title'] },
            {
              id: 'b',
              cell_type: 'code',
              metadata: {},
              execution_count: 2,
              source: ['plot()'],
              outputs: [
                {
                  output_type: 'display_data',
                  metadata: {},
                  data: { 'image/png': pngFile(3, 2).toString('base64'), 'text/plain': ['<Figure>'] },
                },
                { output_type: 'stream', name: 'stdout', text: ['printed\n'] },
              ],
            },
          ],
        }),
      },
    });
    const write = (name: string, bytes: Buffer): void => writeFileSync(join(host.folder, name), bytes);
    write('sjis.txt', Buffer.concat([shiftJis, Buffer.from('\n'), shiftJis, Buffer.from('\nlast\n')]));
    write('wide.txt', Buffer.from('first\nzwei\n', 'utf16le'));
    write('latin.txt', Buffer.from('caf\xe9\nbehind\n', 'latin1'));
    write('a.png', pngFile(30, 20));
    write('a.pdf', pdfFile(2));
    await host.run('prelude.focusChat');
  });
  after(() => host?.close());
  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  const set = (name: string, value: unknown): Promise<void> =>
    host.session.evaluate(
      async (vscode, [key, to]) => {
        await vscode.workspace.getConfiguration('files').update(key as string, to, vscode.ConfigurationTarget.Global);
      },
      [name, value] as const,
    );

  /** The result of reading these files, as it went out. */
  const read = async (
    ...paths: readonly string[]
  ): Promise<readonly { readonly type: string; readonly text?: unknown }[]> => {
    host.fake.enqueue(
      reply.toolUse('read_file', { files: paths.map((path) => ({ path })) }),
      reply.text(`Read ${paths.length}.`),
    );
    const before = host.fake.messages.length;
    await host.send(`Read ${paths.join(' and ')}`);
    await host.fake.untilMessages(before + 2);
    await host.idle();
    const body = host.fake.messages.at(-1)?.body as unknown as Anthropic.MessageCreateParams | undefined;
    const last = body?.messages.at(-1)?.content ?? [];
    const result = typeof last === 'string' ? undefined : last.find(({ type }) => type === 'tool_result');
    return result?.type === 'tool_result' && Array.isArray(result.content) ? result.content : [];
  };
  const textOf = (blocks: Awaited<ReturnType<typeof read>>): string =>
    blocks.map(({ text }) => (typeof text === 'string' ? text : '')).join('\n');

  it('decodes as files.encoding says, and UTF-16 without a mark; counts lines that end in CR (L56)', async () => {
    await set('encoding', 'shiftjis');
    const text = textOf(await read('sjis.txt', 'wide.txt', 'lines.txt'));
    assert.ok(text.includes(`sjis.txt, lines 1-3 of 3\n  1\t${japanese}\n  2\t${japanese}\n  3\tlast`), text);
    assert.ok(text.includes('wide.txt, lines 1-2 of 2\n  1\tfirst\n  2\tzwei'), text);
    assert.ok(text.includes('lines.txt, lines 1-3 of 3\n  1\tone\n  2\ttwo\n  3\tthree'), text);
  });

  it('says when it was guessed, and what stands behind a byte that is no UTF-8 (L55, L56)', async () => {
    await set('encoding', 'utf8');
    const plain = textOf(await read('latin.txt'));
    assert.match(
      plain,
      /latin\.txt, lines 1-2 of 2\n\[Some bytes are no text in utf8.*\]\n {2}1\tcaf\ufffd\n {2}2\tbehind/,
    );
    await set('autoGuessEncoding', true);
    const guessed = textOf(await read('sjis.txt'));
    assert.match(guessed, /\[The encoding was guessed/);
    assert.ok(guessed.includes(japanese), guessed);
  });

  it('reads what is not saved, names in another form, and notebooks as cells (L57, L58)', async () => {
    await host.open('edited.ts');
    await host.session.evaluate(async (vscode) => {
      const editor = vscode.window.activeTextEditor;
      await editor?.edit((edit) => edit.insert(new vscode.Position(0, 0), 'not saved, '));
    });
    const text = textOf(await read('edited.ts', 'café.txt'.normalize('NFC'), 'work.ipynb'));
    assert.ok(text.includes('(unsaved changes in the editor)\n  1\tnot saved, on disk'), text);
    assert.ok(text.includes('1\tfound'), text);
    assert.match(text, /--- cell 2, code, run as \[2\]\n {2}1\tplot\(\)\n--- output of cell 2\n<Figure>/);
    assert.match(text, /\[image\/png, \d+ bytes, not shown\][\s\S]*printed/);
  });

  it('reads the cells of an open notebook, unsaved ones too (L58)', async () => {
    await host.session.evaluate(
      async (vscode, file) => {
        const document = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
        const edit = new vscode.WorkspaceEdit();
        const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, 'added()', 'python');
        edit.set(document.uri, [vscode.NotebookEdit.insertCells(0, [cell])]);
        await vscode.workspace.applyEdit(edit);
      },
      join(host.folder, 'work.ipynb'),
    );
    const text = textOf(await read('work.ipynb'));
    assert.match(text, /cells 1-3 of 3 \(unsaved changes in the editor\)\n--- cell 1, code\n {2}1\tadded\(\)/);
    assert.match(text, /<Figure>[\s\S]*\[image\/png, \d+ bytes, not shown\][\s\S]*printed/);
  });

  it('shows pictures and PDFs', async () => {
    const blocks = await read('a.png', 'a.pdf');
    assert.deepEqual(
      blocks.map(({ type }) => type),
      ['image', 'document', 'text'],
    );
    assert.match(textOf(blocks), /a\.png: PNG image, 30 × 20 pixels, shown here/);
    assertNoRefusals(host.fake);
  });

  beyondFilesTests(() => host);
});
