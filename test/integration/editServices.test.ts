/** Edits beside VS Code's own services: what the TypeScript service finds new, what the JSON formatter does on saving, other editors. */
import assert from 'node:assert/strict';
import { reply } from '../fakeClaude/script';
import { afterTry, assertNoRefusals, type ChatHost, eventually, openChatHost } from './chatHost';
import { EditDesk, replace } from './editDesk';

const cells = [{ cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source: ['one()'] }];
const sum = 'export function sum(a: number, b: number): number {\n  return a + b;\n}\n';

describe('Edits beside the services of a real VS Code', () => {
  let host: ChatHost;
  let desk: EditDesk;

  before(async () => {
    host = await openChatHost({
      services: true,
      settings: { '[json]': { 'editor.formatOnSave': true } },
      files: {
        'first.txt': 'first\n',
        'tsconfig.json': '{ "compilerOptions": { "strict": true, "noEmit": true }, "include": ["src"] }\n',
        'src/closed.ts': sum,
        'src/open.ts': sum,
        'data.json': '{\n  "last": 0\n}\n',
        'sums.ipynb': JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }),
        'other.png': 'no picture\n',
      },
    });
    desk = new EditDesk(host);
    await desk.reviewAtEnd();
  });
  after(() => host?.close());
  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  it('names the errors that an edit has made, none once it is mended, and says where none are reported', async () => {
    await host.open('src/open.ts');
    await host.open('first.txt');
    // The service has started: what it takes until then is not the edit's.
    await desk.results([['get_diagnostics', { path: 'src/open.ts' }]]);
    // On a busy machine the service may take longer than an edit waits, which is said: then it is asked again.
    let broken = '';
    for (let tries = 0; tries === 0 || (tries < 5 && broken.includes('Not known yet')); tries += 1) {
      desk.write('src/open.ts', sum);
      await eventually(async () => assert.equal((await desk.shown('src/open.ts'))?.text, sum));
      [broken = ''] = await desk.results([replace('src/open.ts', 'return a + b;', 'return String(a + b);')]);
    }
    assert.match(broken, /line 2: error: Type 'string' is not assignable to type 'number'\. \(ts 2322\)/, broken);
    const [mended] = await desk.results([replace('src/open.ts', 'String(a + b)', 'a - b')]);
    assert.doesNotMatch(mended ?? '', /error:/);
    // TypeScript's service reports only what is open in a tab: of another file nothing is claimed.
    desk.write('src/closed.ts', sum);
    const [closed] = await desk.results([replace('src/closed.ts', 'return a + b;', 'return String(a + b);')]);
    assert.match(closed ?? '', /Not known yet: whether it has new problems|error: Type/);
    assertNoRefusals(host.fake);
  });

  it('makes ten edits of a file that VS Code formats on saving, one after the other, without a read in between', async () => {
    desk.write('data.json', '{\n  "last": 0\n}\n');
    await host.open('data.json');
    await host.open('first.txt');
    for (let at = 1; at <= 10; at += 1) {
      const [name, input] = replace('data.json', '"last":', `"key${at}":${at},"last":`);
      host.fake.enqueue(reply.toolUse(name, input, `toolu_format_${at}`));
    }
    host.fake.enqueue(reply.text('Ten-made.'));
    await host.send('Ten edits');
    await desk.done('Ten-made.');
    const results = desk.resultsIn(host.fake.messages.at(-1)?.body);
    assert.deepEqual(
      results.slice(-10).filter(({ failed }) => failed),
      [],
    );
    const made = JSON.parse(desk.read('data.json'));
    assert.deepEqual(Object.keys(made), [...Array.from({ length: 10 }, (_, at) => `key${at + 1}`), 'last']);
    assert.equal(desk.read('data.json').trimEnd(), JSON.stringify(made, null, 2), 'the formatter has run');
    assert.ok(
      results.slice(-10).some(({ text }) => /changed the text further/.test(text)),
      'and the result says so',
    );
    assert.deepEqual(await desk.shown('data.json'), { text: desk.read('data.json'), dirty: false });
  });

  it('changes no notebook and nothing in a custom editor as text', async () => {
    const opened = async (path: string, editor: string): Promise<void> => {
      await host.session.evaluate(
        async (vscode, [file, type]) => {
          await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), type);
        },
        [desk.at(path), editor] as const,
      );
      await eventually(async () => assert.equal((await desk.tabs())[0], path));
    };
    const before = [desk.read('sums.ipynb'), desk.read('other.png')];
    await opened('sums.ipynb', 'jupyter-notebook');
    const [notebook] = await desk.results([replace('sums.ipynb', 'one()', 'two()')]);
    assert.match(notebook ?? '', /notebook/);
    await opened('other.png', 'imagePreview.previewEditor');
    const [custom] = await desk.results([replace('other.png', 'no picture', 'a picture')]);
    assert.match(custom ?? '', /open in a custom editor/);
    assert.deepEqual([desk.read('sums.ipynb'), desk.read('other.png')], before);
  });
});
