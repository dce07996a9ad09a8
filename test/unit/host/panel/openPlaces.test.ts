/** What a click on a chip opens, over a stand-in for VS Code: where something was selected, or a word where that is gone. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { refusals } from '../../../../src/host/base/plainStrings';
import { Refused } from '../../../../src/host/base/refused';
import type { SelectionSource } from '../../../../src/shared/contextLine';
import { documentStrings, filled } from '../../../texts';
import { createStub, installStub } from '../../vscodeStub';

interface Stub {
  readonly Uri: { parse(text: string): object };
  readonly commands: object;
  readonly workspace: Record<string, unknown>;
}

interface Selected {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

describe('A click on a chip', () => {
  let folder: string;
  let restore: () => void;
  let stub: Stub;
  let places: typeof import('../../../../src/host/panel/openPlaces');
  let opened: string[];
  let selected: Selected | null = null;
  /** What a provider has of each URI; of others VS Code rejects. */
  const texts = new Map<string, string>();

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'prelude-places-'));
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src/a.ts'), 'a\n');
    writeFileSync(join(folder, 'work.ipynb'), '{}');
    const { module } = createStub({ folder, storage: folder, settings: {}, secrets: new Map() });
    stub = module as unknown as Stub;
    Object.assign(stub.commands, {
      getCommands: async () => ['workbench.action.output.show.tasks'],
      executeCommand: async (command: string, uri?: object, options?: { selection?: Selected }) => {
        const { start, end } = options?.selection ?? {};
        const line = start?.line;
        const position = (at: Selected['start']) => ({ line: at.line, character: at.character });
        selected = start === undefined || end === undefined ? null : { start: position(start), end: position(end) };
        opened.push(
          [
            command.split('.').at(-1),
            ...(uri === undefined ? [] : [`${uri}`]),
            ...(line === undefined ? [] : [line]),
          ].join(' '),
        );
      },
    });
    Object.assign(stub.workspace, {
      getWorkspaceFolder: () => undefined,
      openTextDocument: async (uri: object) => {
        const text = texts.get(`${uri}`);
        if (text === undefined) throw new Error('cannot open it');
        return { getText: () => text };
      },
      openNotebookDocument: async (uri: object) => notebook(`${uri}`),
    });
    restore = installStub(module);
    places = await import('../../../../src/host/panel/openPlaces');
  });
  beforeEach(() => {
    texts.clear();
    Object.assign(stub.workspace, { textDocuments: [], notebookDocuments: [] });
  });
  after(() => {
    restore();
    rmSync(folder, { recursive: true, force: true });
  });

  const notebook = (uri: string) => ({
    uri: stub.Uri.parse(uri),
    getCells: () =>
      ['x', 'y'].map((cell) => ({ document: { uri: stub.Uri.parse(`vscode-notebook-cell:/w#${cell}`) } })),
  });
  /** What was opened, or the words of the refusal. */
  const click = async (uri: string, path: string, more: Partial<SelectionSource> = {}): Promise<string> => {
    opened = [];
    try {
      await places.openSource({ uri, path, line: 3, cell: null, ...more });
      return opened.join();
    } catch (error) {
      assert.ok(error instanceof Refused, String(error));
      return filled(error.reason);
    }
  };
  const own = (path: string): string => pathToFileURL(join(folder, path)).href;

  it('opens a file where it was, else where the workspace has it now', async () => {
    assert.equal(await click(own('src/a.ts'), 'src/a.ts'), `open ${own('src/a.ts')} 2`);
    assert.equal(await click('file:///moved/since/src/a.ts', 'src/a.ts'), `open ${own('src/a.ts')} 2`);
    assert.equal(await click(own('src/gone.ts'), 'src/gone.ts'), filled(refusals.gone('src/gone.ts')));
  });

  it('opens a place that code names at its column and lines, and one that is written from its root (L64)', async () => {
    const at = async (path: string, line: number | null, column: number | null, end: number | null) => {
      opened = [];
      selected = null;
      await places.openFile(path, { line, column, end });
      return [opened.join(), JSON.stringify(selected)];
    };
    const a = `open ${own('src/a.ts')}`;
    const range = (...[line, character, toLine, to]: readonly number[]) =>
      JSON.stringify({ start: { line, character }, end: { line: toLine, character: to } });
    assert.deepEqual(await at('src/a.ts', 3, 7, null), [`${a} 2`, range(2, 6, 2, 6)]);
    assert.deepEqual(await at('./src/a.ts', 3, null, 5), [`${a} 2`, range(2, 0, 5, 0)]);
    assert.deepEqual(await at('/src/a.ts', 3, null, null), [`${a} 2`, range(2, 0, 2, 0)]);
    assert.deepEqual(await at('src\\a.ts', null, null, null), [a, 'null']);
    await assert.rejects(at('/etc/hosts', 1, null, null), Refused);
  });

  it('opens an unsaved document while it is open, and never an empty one in its place', async () => {
    assert.equal(await click('untitled:Untitled-1', 'Untitled-1'), filled(refusals.notOpen('Untitled-1')));
    Object.assign(stub.workspace, { textDocuments: [{ uri: stub.Uri.parse('untitled:Untitled-1') }] });
    assert.equal(await click('untitled:Untitled-1', 'Untitled-1'), 'open untitled:Untitled-1 2');
  });

  it('opens a version in Git, and no empty document where that is gone', async () => {
    const uri = `${stub.Uri.parse(`git:/w/a.ts?${JSON.stringify({ path: '/w/a.ts', ref: 'HEAD' })}`)}`;
    assert.equal(await click(uri, 'a.ts'), filled(refusals.gone('a.ts (HEAD)')));
    texts.set(uri, '');
    assert.equal(await click(uri, 'a.ts'), filled(refusals.gone('a.ts (HEAD)')));
    texts.set(uri, 'old\n');
    assert.equal(await click(uri, 'a.ts'), `open ${uri} 2`);
  });

  it('opens the cell of a notebook, and the notebook where the cell is gone (L58)', async () => {
    const uri = own('work.ipynb');
    assert.equal(await click(uri, 'work.ipynb', { cell: 2 }), 'open vscode-notebook-cell:/w#y 2');
    assert.equal(await click(uri, 'work.ipynb', { cell: 9 }), `open ${uri}`);
    assert.equal(await click(own('no.ipynb'), 'no.ipynb', { cell: 1 }), filled(refusals.gone('no.ipynb')));
    assert.equal(await click('untitled:U.ipynb', 'U.ipynb', { cell: 1 }), filled(refusals.notOpen('U.ipynb')));
  });

  it('shows an output that there still is, and runs nothing that a URI may name', async () => {
    assert.equal(await click('output:tasks', 'tasks'), 'tasks');
    assert.equal(await click('output:none', 'none'), filled(refusals.gone(documentStrings.output('none'))));
    assert.equal(
      await click('command:workbench.action.quit', 'x'),
      filled(refusals.gone('workbench.action.quit (command)')),
    );
  });
});
