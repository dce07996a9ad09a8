/** What a click on a chip opens, over a stand-in for VS Code: where something was selected, or a word where that is gone. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
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
  const below = ['src/auth/login.ts', 'src/[id]/page.tsx', 'src/a/index.ts', 'src/b/index.ts'];
  /** Finds what a pattern of names matches, where "?" is any sign. */
  const files = {
    findFiles: async (pattern: string) => {
      const end = pattern
        .replaceAll(/[.+^$()|\\]/g, '\\$&')
        .replaceAll('?', '.')
        .split(',')
        .map((one) => one.slice(2));
      looks += 1;
      return { paths: below.filter((path) => new RegExp(`(?:${end.join('|')})$`).test(`/${path}`)), truncated: false };
    },
  };
  let looks = 0;
  let picked: readonly string[];
  let pick = (rows: readonly string[]) => rows.at(-1);
  /** What a provider has of each URI; of others VS Code rejects. */
  const texts = new Map<string, string>();

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'prelude-places-'));
    for (const path of ['src/a.ts', ...below]) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), 'a\n');
    }
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
    Object.assign((stub as unknown as { window: object }).window, {
      showQuickPick: async (rows: readonly string[]) => {
        picked = rows;
        return pick(rows);
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
      await places.openFile(path, { line, column, end }, files);
      return [opened.join(), JSON.stringify(selected)];
    };
    const a = `open ${own('src/a.ts')}`;
    const range = (...[line, character, toLine, to]: readonly number[]) =>
      JSON.stringify({ start: { line, character }, end: { line: toLine, character: to } });
    assert.deepEqual(await at('src/a.ts', 3, 7, null), [`${a} 2`, range(2, 6, 2, 6)]);
    assert.deepEqual(await at('./src/a.ts', 3, null, 5), [`${a} 2`, range(2, 0, 5, 0)]);
    assert.deepEqual(await at('/src/a.ts', 3, null, null), [`${a} 2`, range(2, 0, 2, 0)]);
    assert.deepEqual(await at('src\\a.ts', null, null, null), [a, 'null']);
    for (const outside of ['/etc/hosts', 'file:///etc/hosts', '@/etc/hosts', '~/../../etc/hosts', '../../../etc/hosts'])
      await assert.rejects(at(outside, 1, null, null), Refused, outside);
  });

  it('finds a file that is named without its folders, from the side of a diff, or in a command; of several the user picks (L64)', async () => {
    const at = async (path: string) => {
      opened = [];
      picked = [];
      try {
        await places.openFile(path, { line: 42, column: null, end: null }, files);
        return opened.join();
      } catch (error) {
        assert.ok(error instanceof Refused, String(error));
        return filled(error.reason);
      }
    };
    const login = `open ${own('src/auth/login.ts')} 41`;
    for (const name of [
      'login.ts',
      'auth/login.ts',
      'b/src/auth/login.ts',
      'a/auth/login.ts',
      'node auth/login.ts',
      'auth\\login.ts',
    ])
      assert.equal(await at(name), login, name);
    assert.equal(await at('[id]/page.tsx'), `open ${own('src/[id]/page.tsx')} 41`);
    assert.deepEqual(picked, []);
    assert.equal(await at('index.ts'), `open ${own('src/b/index.ts')} 41`);
    assert.deepEqual(picked, ['src/a/index.ts', 'src/b/index.ts']);
    pick = () => undefined;
    assert.equal(await at('index.ts'), '', 'nothing is picked');
    for (const gone of ['gone.ts', 'ogin.ts', '../login.ts', 'x/page.tsx'])
      assert.equal(await at(gone), filled(refusals.notInWorkspace(gone)));
  });

  it('finds a file by a path from elsewhere: a container, a build, a mention, the name of the folder (L64)', async () => {
    const at = async (path: string) => {
      opened = [];
      picked = [];
      pick = (rows) => rows.at(-1);
      try {
        await places.openFile(path, { line: 42, column: null, end: null }, files);
        return opened.join();
      } catch (error) {
        assert.ok(error instanceof Refused, String(error));
        return filled(error.reason);
      }
    };
    const login = `open ${own('src/auth/login.ts')} 41`;
    const there = [
      '@src/auth/login.ts',
      '@auth/login.ts',
      'retryLogin@src/auth/login.ts',
      '/usr/src/app/src/auth/login.ts',
      '/home/runner/work/r/r/src/auth/login.ts',
      'C:\\build\\src\\auth\\login.ts',
      '../auth/login.ts',
      '../../shop/src/auth/login.ts',
      '~/w/src/auth/login.ts',
      `${basename(folder)}/src/auth/login.ts`,
    ];
    for (const name of there) assert.equal(await at(name), login, name);
    assert.deepEqual(picked, []);
    // The one that has most of the path.
    assert.equal(await at('/app/src/a/index.ts'), `open ${own('src/a/index.ts')} 41`);
    assert.deepEqual(picked, []);
    const gone = [
      '/app/login.ts',
      '/app/other/login.ts',
      '/app/node_modules/x/auth/login.ts',
      '/usr/lib/python3.11/site-packages/auth/login.ts',
      'x/y/auth/login.ts',
      '@login/x.ts',
      '/app/../../etc/hosts',
    ];
    for (const name of gone) assert.equal(await at(name), filled(refusals.notInWorkspace(name)));
    assert.deepEqual(await places.filesThere([...gone, ...there], files), there);
  });

  it('is a link for the files that it would open, all looked for at once (L64)', async () => {
    looks = 0;
    const there = [
      'src/a.ts',
      './src/a.ts',
      '/src/a.ts',
      'login.ts',
      'auth\\login.ts',
      'b/src/auth/login.ts',
      'index.ts',
    ];
    const gone = ['src', 'ogin.ts', 'x/a.ts', '../src/login.ts', '/etc/hosts', 'Cart.add', 'node.js', '..'];
    assert.deepEqual(await places.filesThere([...there, ...gone, '[id]/page.tsx'], files), [...there, '[id]/page.tsx']);
    assert.equal(looks, 1);
    const failing = { findFiles: () => Promise.reject(new Error('no ripgrep')) };
    assert.deepEqual(await places.filesThere(['src/a.ts', 'login.ts'], failing), ['src/a.ts']);
  });

  it('hands an address of the web to VS Code as it is written, encoded signs too', async () => {
    const sent: unknown[] = [];
    // As VS Code does it.
    const openExternal = async (to: string | { toString(plain: boolean): string }) =>
      void sent.push(typeof to === 'string' ? to : encodeURI(decodeURIComponent(String(to))));
    Object.assign((stub as unknown as { env: object }).env, { openExternal });
    const { createViewActions } = await import('../../../../src/host/panel/viewActions');
    const { openLink } = createViewActions({} as never);
    const urls = [
      'https://gitlab.com/api/v4/projects/a%2Fb',
      'https://example.com/?q=a%26b&c=%23x',
      'https://example.com/100%25#a%20b',
      'mailto:a@b.org?subject=1%262',
    ];
    for (const url of urls) await openLink({ url } as never);
    assert.deepEqual(sent, urls);
    await assert.rejects(async () => await openLink({ url: 'command:x' } as never), Refused);
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
