import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Frame } from 'playwright-core';
import { keyStrings } from '../../src/host/base/plainStrings';
import type { Intent } from '../../src/shared/intents';
import { type HostToView, wholeFile } from '../../src/shared/protocol';
import { filled, nls, saying } from '../texts';
import { hostileCommands } from '../unit/shared/terminal/hostileCommands';
import { launchHost } from '../vscode/launch';
import { repoRoot } from '../vscode/paths';
import type { HostSession } from '../vscode/session';
import { openComposer } from './chatHost';

const key = 'sk-ant-api03-NobodyMaySeeThis-0123456789';

/** Asks until the answer is what was waited for; the last one is what the failure shows. */
async function eventually<T>(ask: () => Promise<T>, expected: T): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const answer = await ask();
    try {
      assert.deepEqual(answer, expected);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}

describe('The chat view', () => {
  let folder: string;
  let session: HostSession;
  let frame: Frame;
  /** All that the webview was sent, of every document so far. */
  const received: HostToView[] = [];

  const run = (command: string, ...args: readonly unknown[]): Promise<unknown> =>
    session.evaluate(
      async (vscode, call) => {
        await vscode.commands.executeCommand(call.command, ...call.args);
      },
      { command, args },
    );

  /** Keeps what arrives in the webview from now on. The script's own connection stays as it is. */
  const listen = async (view: Frame): Promise<void> => {
    await view.evaluate(() => {
      const kept: unknown[] = [];
      Object.assign(window, { keptMessages: kept });
      window.addEventListener('message', (event) => kept.push(event.data));
    });
  };
  const collect = async (): Promise<readonly HostToView[]> => {
    const more = await frame.evaluate(() => {
      const kept = (window as unknown as { keptMessages: HostToView[] }).keptMessages;
      return kept.splice(0);
    });
    received.push(...more);
    return received;
  };
  /** Says something in the panel's place: VS Code's own channel to the extension, which the script has no name for. */
  const say = async (intent: Intent | { readonly type: string }): Promise<void> => {
    await frame.evaluate((message) => {
      const post = (window as unknown as { sayToHost?: (message: unknown) => void }).sayToHost;
      if (post === undefined) throw new Error('The webview was not prepared.');
      post({ ask: -1, intent: message });
    }, intent);
  };
  const lastEnvironment = async (): Promise<unknown> => {
    const environments = (await collect()).filter((message) => message.type === 'environment');
    return environments.at(-1)?.environment.key;
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'prelude-view-'));
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'README.md'), '# Shop\n');
    writeFileSync(join(folder, 'src', 'cart.ts'), 'const one = 1;\nexport function addToCart() {}\n');
    session = await launchHost({ workspace: folder });
    // A key that is set is checked at once: nobody answers there.
    await session.evaluate(async (vscode) => {
      const global = vscode.ConfigurationTarget.Global;
      await vscode.workspace.getConfiguration('prelude').update('baseUrl', 'http://127.0.0.1:9', global);
    });
    // Each webview document keeps a way to speak beside the one that its script takes.
    await session.page.context().addInitScript(() => {
      const parent = window.parent as unknown as { __vscode_post_message__?: (channel: string, data: unknown) => void };
      let post: ((channel: string, data: unknown) => void) | undefined;
      try {
        post = parent['__vscode_post_message__']?.bind(window.parent);
      } catch {
        // Another origin's frame: none of ours.
      }
      if (post === undefined) return;
      const speak = post;
      Object.assign(window, { sayToHost: (message: unknown) => speak('onmessage', { message }) });
    });
  });

  after(async () => {
    await session?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const isActive = (): Promise<boolean | undefined> =>
    session.evaluate((vscode) => vscode.extensions.getExtension('prelude.prelude')?.isActive);

  it('is not even loaded before it is opened or a command is called (L22)', async () => {
    const path = await session.evaluate((vscode) => vscode.extensions.getExtension('prelude.prelude')?.extensionPath);
    assert.equal(path, repoRoot());
    assert.equal(await isActive(), false);
    await run('prelude.focusChat');
    assert.equal(await isActive(), true);
    const commands = await session.evaluate((vscode) => vscode.commands.getCommands());
    for (const id of ['prelude.chat.focus', 'prelude.newChat']) assert.ok(commands.includes(id), id);
    frame = await session.webview(openComposer);
    await listen(frame);
  });

  it('opens with the cursor in the text', async () => {
    await eventually(() => frame.evaluate(() => document.activeElement?.tagName), 'TEXTAREA');
  });

  it('runs under a strict policy (L34)', async () => {
    const policy = await frame.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    assert.match(policy ?? '', /^default-src 'none'; /);
    assert.doesNotMatch(policy ?? '', /unsafe-|\bhttp:|connect-src|frame-src|object-src/);
    const blocked = await frame.evaluate(async () => {
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      const image = document.createElement('img');
      image.src = 'https://tracker.invalid/pixel.png';
      document.body.append(image);
      await fetch('https://tracker.invalid/').catch(() => undefined);
      // The page's own: Node's timers are not there.
      await new Promise((resolve) => setTimeout(resolve, 200));
      script.remove();
      image.remove();
      return { violations: violations.sort(), injected: 'injected' in window };
    });
    assert.deepEqual(blocked, { violations: ['connect-src', 'img-src', 'script-src-elem'], injected: false });
  });

  it('learns that a key was set, and never the key (L33)', async () => {
    await run('prelude.setApiKey', `  ${key}\n`);
    await eventually(lastEnvironment, { kind: 'stored' });
    await run('prelude.clearApiKey');
    await eventually(lastEnvironment, { kind: 'missing' });
    await run('prelude.setApiKey', key);
    await eventually(lastEnvironment, { kind: 'stored' });
  });

  it('refuses with words what is no key', async () => {
    await assert.rejects(run('prelude.setApiKey', 'sk-ant 123'), saying(filled(keyStrings.spaces())));
    assert.deepEqual(await lastEnvironment(), { kind: 'stored' });
  });

  it('is whole again after its side bar was closed, which a button of the editor opens (L19)', async () => {
    const { page } = session;
    const button = page.locator(`.editor-actions [aria-label^="${nls['command.focusChat.title']}"]`);
    await say({ type: 'openFile', path: 'src/cart.ts', line: 1, column: null, end: null });
    await page.locator('.tab', { hasText: 'cart.ts' }).waitFor();
    await eventually(() => button.count(), 0);
    await run('workbench.action.closeAuxiliaryBar');
    await eventually(async () => frame.isDetached(), true);
    await button.click();
    frame = await session.webview(openComposer);
    await listen(frame);
    await eventually(() => frame.evaluate(() => document.activeElement?.tagName), 'TEXTAREA');
  });

  it('has a button of the editor wherever it was moved, while it is not in sight, and never beside it', async () => {
    const { page } = session;
    const button = page.locator(`.editor-actions [aria-label^="${nls['command.focusChat.title']}"]`);
    const move = (destinationId: string): Promise<unknown> =>
      run('vscode.moveViews', { viewIds: ['prelude.chat'], destinationId });
    for (const [container, close] of [
      ['workbench.panel.markers', 'closePanel'],
      ['workbench.view.extension.preludeActivityBar', 'closeSidebar'],
    ] as const) {
      await move(container);
      await run('prelude.focusChat');
      await session.webview(openComposer);
      await run('workbench.action.closeAuxiliaryBar');
      await eventually(() => button.count(), 0);
      await run(`workbench.action.${close}`);
      await eventually(() => button.count(), 1);
      await button.click();
      await session.webview(openComposer);
      await eventually(() => button.count(), 0);
    }
    await run('workbench.action.closeSidebar');
    await move('workbench.view.extension.prelude');
    await run('prelude.focusChat');
    frame = await session.webview(openComposer);
    await listen(frame);
  });

  it('opens files of the workspace, and nothing outside it (L31)', async () => {
    const shown = (): Promise<unknown> =>
      session.evaluate((vscode) => {
        const editor = vscode.window.activeTextEditor;
        return editor && { path: editor.document.uri.path, line: editor.selection.active.line };
      });
    await say({ type: 'openFile', path: 'src/cart.ts', line: 2, column: null, end: null });
    const cart = { path: join(folder, 'src/cart.ts'), line: 1 };
    await eventually(shown, cart);
    // What stands behind the words of a command.
    await say({ type: 'openFile', path: 'node --check src/cart.ts', line: 1, column: null, end: null });
    await eventually(shown, { ...cart, line: 0 });
    await say({ type: 'openFile', path: '../../etc/hosts', ...wholeFile });
    await say({ type: 'openFile', path: '/etc/hosts', ...wholeFile });
    // Long enough to open it.
    await delay(1000);
    assert.deepEqual(await shown(), { ...cart, line: 0 });
  });

  it('inserts at the cursor as one undo step, and copies', async () => {
    const text = (): Promise<string | undefined> =>
      session.evaluate((vscode) => vscode.window.activeTextEditor?.document.getText());
    const line = (): Promise<number | undefined> =>
      session.evaluate((vscode) => vscode.window.activeTextEditor?.selection.active.line);
    await say({ type: 'openFile', path: 'src/cart.ts', line: 2, column: null, end: null });
    await eventually(line, 1);
    const before = await text();
    await say({ type: 'insert', text: '// two\n// lines\n' });
    await eventually(text, 'const one = 1;\n// two\n// lines\nexport function addToCart() {}\n');
    await run('undo');
    await eventually(text, before);
    await say({ type: 'copy', text: '**bold**' });
    await eventually(() => session.evaluate(async (vscode) => await vscode.env.clipboard.readText()), '**bold**');
  });

  it('opens code as a new file, in its language, from the menu of a block', async () => {
    await run('prelude.newFileFromCode', { text: 'let one: 1;', language: 'ts' });
    const shown = (): Promise<unknown> =>
      session.evaluate((vscode) => {
        const document = vscode.window.activeTextEditor?.document;
        return [document?.isUntitled, document?.languageId, document?.getText()];
      });
    await eventually(shown, [true, 'typescript', 'let one: 1;']);
    await run('workbench.action.revertAndCloseActiveEditor');
  });

  it('puts a line into a real shell and runs nothing, whatever the line is', async () => {
    const made = (name: string): boolean => existsSync(join(folder, name));
    await say({ type: 'insertInTerminal', conversation: 'c', text: '$ touch ran-by-hand\n' });
    await eventually(() => session.evaluate((vscode) => vscode.window.terminals.length), 1);
    for (const text of hostileCommands) await say({ type: 'insertInTerminal', conversation: 'c', text });
    // Long enough for a shell to start and to run it.
    await delay(5000);
    assert.deepEqual([made('ran'), made('ran-by-hand')], [false, false]);
    assert.equal(await session.evaluate((vscode) => vscode.window.terminals.length), 1);
    // It was there, at the prompt: Enter runs it, and nothing else.
    await session.evaluate((vscode) => vscode.window.activeTerminal?.sendText('', true));
    await eventually(async () => made('ran-by-hand'), true);
    assert.equal(made('ran'), false);
    await session.evaluate((vscode) => vscode.window.activeTerminal?.dispose());
  });

  it('has what it does not know ignored, with a line in the log', async () => {
    await say({ type: 'runCommand' });
    await eventually(
      async () => (await session.logs()).includes('A message of the panel was ignored: runCommand.'),
      true,
    );
  });

  it('has left the key nowhere: not in a message, a log or the store (L33)', async () => {
    const messages = JSON.stringify(await collect());
    assert.ok(messages.includes('"environment"'), 'messages were seen');
    assert.ok(!messages.includes('NobodyMaySeeThis'));
    const logs = await session.logs();
    assert.ok(logs.includes('An API key was stored.'), 'the log was seen');
    assert.ok(!logs.includes('NobodyMaySeeThis'));
    const store = join(session.globalStoragePath, 'prelude.prelude');
    const files = readdirSync(store, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    assert.ok(
      files.some(({ name }) => name.endsWith('.db')),
      'the store was seen',
    );
    for (const { parentPath, name } of files) {
      assert.ok(!readFileSync(join(parentPath, name)).includes('NobodyMaySeeThis'), name);
    }
  });
});
