import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LaunchOptions, launchHost } from '../vscode/launch';
import type { HostSession } from '../vscode/session';

/** An extension with one webview, one secret and one state: what must outlive a reload and a crash. */
const extension = `'use strict';
const vscode = require('vscode');
exports.activate = (context) => {
  context.subscriptions.push(vscode.commands.registerCommand('probe.open', () => {
    const panel = vscode.window.createWebviewPanel('probe', 'Probe', vscode.ViewColumn.One, { enableScripts: true });
    panel.webview.html = '<!doctype html><button id="probe" onclick="this.textContent = 1 + Number(this.textContent)">1</button>';
  }));
  return { context };
};
`;

interface ProbeApi {
  readonly context: import('vscode').ExtensionContext;
}

describe('A VS Code to run in', () => {
  let folder: string;
  let session: HostSession;
  let options: LaunchOptions;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'prelude-host-'));
    writeFileSync(join(folder, 'hello.ts'), 'export const hello = "world";\n');
    const probe = mkdtempSync(join(folder, 'probe-'));
    const manifest = {
      name: 'probe',
      publisher: 'test',
      version: '0.0.1',
      engines: { vscode: '^1.90.0' },
      main: './main.js',
    };
    writeFileSync(
      join(probe, 'package.json'),
      JSON.stringify({ ...manifest, activationEvents: ['onStartupFinished'] }),
    );
    writeFileSync(join(probe, 'main.js'), extension);
    options = {
      workspace: folder,
      extensionPath: probe,
      dataDir: `${folder}-data`,
      env: { PROBE: 'told' },
      colorScheme: 'dark',
    };
    session = await launchHost(options);
  });

  after(async () => {
    await session?.close();
    for (const path of [folder, `${folder}-data`]) rmSync(path, { recursive: true, force: true });
  });

  const kept = async (): Promise<readonly unknown[]> => {
    await session.activate('test.probe');
    return session.evaluate(async (vscode) => {
      const { context } = vscode.extensions.getExtension<ProbeApi>('test.probe')?.exports ?? {};
      return [await context?.secrets.get('key'), context?.globalState.get('state')];
    });
  };

  const readHello = async (): Promise<string> =>
    session.evaluate(
      async (vscode, path) => {
        const document = await vscode.workspace.openTextDocument(path);
        await vscode.window.showTextDocument(document);
        return document.getText();
      },
      join(folder, 'hello.ts'),
    );

  it('evaluates in the extension host with the real vscode module', async () => {
    const [version, root, told, theme] = await session.evaluate((vscode) => [
      vscode.version,
      vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
      process.env['PROBE'],
      vscode.window.activeColorTheme.kind,
    ]);
    assert.match(String(version), /^1\.\d+\.\d+/);
    assert.deepEqual([root, told, theme], [folder, 'told', 2]);
    assert.equal(await readHello(), 'export const hello = "world";\n');
  });

  it('has node:sqlite with full-text search', async () => {
    const found = await session.evaluate(() => {
      const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
      const database = new DatabaseSync(':memory:');
      database.exec("create virtual table words using fts5(text); insert into words values ('a needle in hay')");
      return database.prepare("select count(*) as n from words where words match 'needle'").get()?.['n'];
    });
    assert.equal(found, 1);
  });

  it('says what went wrong in the extension host', async () => {
    await assert.rejects(
      session.evaluate(() => {
        throw new TypeError('on purpose');
      }),
      /on purpose/,
    );
  });

  it('refuses a proposed API to an extension that does not ask for it', async () => {
    await session.activate('test.probe');
    const refusal = await session.evaluate((vscode) => {
      const workspace = vscode.workspace as unknown as Record<string, (...args: unknown[]) => unknown>;
      try {
        workspace['findTextInFiles']?.({ pattern: 'x' }, () => {});
        return 'allowed';
      } catch (error) {
        return String(error);
      }
    });
    assert.match(refusal, /CANNOT use API proposal: findTextInFiles/);
  });

  it('reaches into a webview, and answers again after a reload with secrets and state in place', async () => {
    await session.activate('test.probe');
    await session.evaluate((vscode) => vscode.commands.executeCommand('probe.open'));
    const frame = await session.webview('#probe');
    await frame.click('#probe');
    assert.equal(await frame.textContent('#probe'), '2');
    await session.evaluate(async (vscode) => {
      const { context } = vscode.extensions.getExtension<ProbeApi>('test.probe')?.exports ?? {};
      await context?.secrets.store('key', 'kept');
      await context?.globalState.update('state', 7);
    });

    const before = session.extensionHostPid();
    await session.reload();
    assert.notEqual(session.extensionHostPid(), before);
    assert.deepEqual(await kept(), ['kept', 7]);
  });

  it('answers again after the extension host was killed', async () => {
    const before = session.extensionHostPid();
    await session.killExtensionHost();
    assert.notEqual(session.extensionHostPid(), before);
    assert.equal(await readHello(), 'export const hello = "world";\n');
  });

  it('finds secrets and state when it is started again on the same data', async () => {
    await session.close();
    session = await launchHost(options);
    assert.equal(await session.evaluate((vscode) => vscode.workspace.isTrusted), true);
    assert.deepEqual(await kept(), ['kept', 7]);
  });
});
