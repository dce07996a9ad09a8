import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { reply } from '../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../fakeClaude/server';
import { launchHost } from '../vscode/launch';
import type { HostSession } from '../vscode/session';
import { openComposer } from './chatHost';

const root = join(__dirname, '..', '..', '..');
/** Bytes that a .vsix may have. */
const largest = 600_000;

/** What `npm run package` reads. It runs in a copy: a production build would delete the tests that are running. */
const inputs: readonly string[] = [
  'package.json',
  'package.nls.json',
  'esbuild.mjs',
  'tsconfig.json',
  '.vscodeignore',
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'media',
  'src',
  'test',
];

/** Names of the files in a zip, out of its central directory. */
function namesIn(zip: Buffer): readonly string[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  assert.ok(end >= 0, 'a zip archive');
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const length = zip.readUInt16LE(at + 28);
    names.push(zip.toString('utf8', at + 46, at + 46 + length));
    at += 46 + length + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return names;
}

describe('The package', () => {
  let folder = '';
  let vsix = '';
  let names: readonly string[] = [];

  before(function () {
    this.timeout(120_000);
    folder = mkdtempSync(join(tmpdir(), 'prelude-package-'));
    for (const input of inputs) {
      if (existsSync(join(root, input))) cpSync(join(root, input), join(folder, input), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    vsix = join(folder, 'prelude.vsix');
    const scripts = (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { scripts: { package: string } })
      .scripts;
    // What the script says, with the same vsce and without a shell: no prompt can wait for an answer.
    const [program, ...args] = scripts.package.split(' ');
    assert.equal(program, 'vsce');
    const vsce = join(dirname(createRequire(__filename).resolve('@vscode/vsce/package.json')), 'vsce');
    const run = spawnSync(process.execPath, [vsce, ...args, '--out', vsix], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    assert.equal(run.status, 0, `${run.stdout}\n${run.stderr}`);
    names = namesIn(readFileSync(vsix));
  });

  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  it('is built without a question, and stays under 600 kB', () => {
    const { size } = statSync(vsix);
    process.stdout.write(`    prelude.vsix: ${(size / 1000).toFixed(0)} kB in ${names.length} files\n`);
    assert.ok(size < largest, `${size} bytes`);
  });

  it('holds what runs', () => {
    for (const file of [
      'package.json',
      'package.nls.json',
      'LICENSE.txt',
      'dist/extension.js',
      'dist/host.js',
      'dist/storeWorker.js',
      'dist/webview/panel.js',
      'dist/webview/panel.css',
      'dist/webview/highlight.js',
      'dist/webview/editParts.js',
      'dist/webview/usageTable.js',
      'dist/webview/listRows.js',
      'dist/webview/popups.js',
      'dist/webview/codicon.ttf',
      'media/icon.svg',
      'media/icon.png',
    ]) {
      assert.ok(names.includes(`extension/${file}`), file);
    }
  });

  it('holds nothing of node_modules, src or test, no source maps and no dotfiles', () => {
    const odd = names.filter((name) =>
      /\/(?:node_modules|src|test|screenshots)\/|\.map$|\.ts$|\/\.[^/]|\.mjs$/.test(name),
    );
    assert.deepEqual(odd, []);
    const known =
      /^(?:extension\.vsixmanifest|\[Content_Types\]\.xml|extension\/(?:package(?:\.nls[\w.-]*)?\.json|(?:readme|changelog|security)\.md|LICENSE\.txt|(?:dist|media)\/.+))$/i;
    assert.deepEqual(
      names.filter((name) => !known.test(name)),
      [],
    );
  });

  it('begins with an entry that is small: the rest is loaded on first use (L22)', () => {
    const entry = statSync(join(folder, 'dist', 'extension.js')).size;
    assert.ok(entry < 15_000, `${entry} bytes`);
  });

  describe('installed into a VS Code', () => {
    let workspace: string;
    let session: HostSession | undefined;
    let api: FakeClaude;
    let shellApi: FakeClaude;

    before(async () => {
      [api, shellApi] = await Promise.all([startFakeClaude(), startFakeClaude()]);
      workspace = mkdtempSync(join(tmpdir(), 'prelude-installed-'));
      writeFileSync(join(workspace, 'cart.ts'), 'export function addToCart() {}\n');
      // What works in development only: an installed extension must take none of it.
      const env = { PRELUDE_DEMO_URL: shellApi.url, PRELUDE_USE_ENVIRONMENT_KEY: '1', ANTHROPIC_API_KEY: 'sk-shell' };
      session = await launchHost({ workspace, vsix, extensionPath: null, env });
    });

    after(async () => {
      await session?.close();
      await Promise.all([api?.close(), shellApi?.close()]);
      rmSync(workspace, { recursive: true, force: true });
    });

    it('leads a newcomer to the composer by the first button of its walkthrough', async () => {
      assert.ok(session);
      await session.evaluate(async (vscode) => {
        await vscode.commands.executeCommand('workbench.action.openWalkthrough', 'prelude.prelude#prelude.start');
      });
      const { page } = session;
      await page.locator('.gettingStartedContainer').getByRole('button', { name: 'Open Chat' }).first().click();
      await (await session.webview(openComposer)).locator('textarea').waitFor();
      await session.evaluate(async (vscode) => {
        await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      });
    });

    it('answers a question, with a tool, from the address and key that the user set', async () => {
      assert.ok(session);
      await session.evaluate(async (vscode, url) => {
        await vscode.workspace.getConfiguration('prelude').update('baseUrl', url, vscode.ConfigurationTarget.Global);
        await vscode.commands.executeCommand('prelude.setApiKey', 'sk-ant-of-the-user');
        await vscode.commands.executeCommand('prelude.focusChat');
      }, api.url);
      const chat = await session.webview(openComposer);
      // The panel has heard of the key.
      await chat.locator('[data-step="setKey"]').waitFor({ state: 'detached' });
      const asked = [...api.requests, ...shellApi.requests].map(
        ({ method, path, query }) => `${method} ${path}?${query}`,
      );
      assert.deepEqual(asked, ['GET /v1/models?limit=1'], 'the key was checked, and nothing is sent before Send');

      // The first message of a workspace: it is said what goes along, and that is left out by one click.
      await session.evaluate(
        async (vscode, file) => {
          await vscode.window.showTextDocument(vscode.Uri.file(file));
          await vscode.commands.executeCommand('prelude.focusChat');
        },
        join(workspace, 'cart.ts'),
      );
      await chat.locator('.firstSend', { hasText: 'cart.ts' }).locator('button').click();
      await chat.locator('.filesChip.none').waitFor();
      await chat.locator('.firstSend').waitFor({ state: 'detached' });

      api.enqueue(reply.toolUse('read_file', { path: 'cart.ts' }), reply.text('It defines **addToCart**.'));
      await chat.locator('textarea').fill('What is in cart.ts?');
      await chat.locator('textarea').press('Enter');
      await chat.locator('strong', { hasText: 'addToCart' }).waitFor();

      assert.equal(api.messages.length, 2);
      assert.doesNotMatch(api.messages[0]?.raw ?? '', /export function addToCart/);
      assert.ok(JSON.stringify(api.messages[1]?.body).includes('export function addToCart'), 'the tool read the file');
      assert.equal(shellApi.requests.length, 0);
    });
  });
});
