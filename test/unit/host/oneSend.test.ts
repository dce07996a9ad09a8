/** The way of a message through the whole host: from the panel's intent to the first request, over the vscode stub. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Store } from '../../../src/core/record/store';
import { systemClock } from '../../../src/host/base/clock';
import type { HostToView } from '../../../src/shared/protocol';
import { reply } from '../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../fakeClaude/server';
import { repoRoot } from '../../vscode/paths';
import { ask, closeChat, FakeEditors, FakeView, openChat, until } from '../core/kit';
import { createStub, installStub } from '../vscodeStub';

/** A webview without a page: what it was told, and what it says. */
class FakeWebview {
  readonly told: HostToView[] = [];
  html = '';
  options = {};
  readonly cspSource = 'stub:';
  #listener: (message: unknown) => void = () => undefined;

  readonly asWebviewUri = (uri: unknown): unknown => uri;
  readonly postMessage = async (message: HostToView): Promise<boolean> => {
    this.told.push(message);
    return true;
  };
  readonly onDidReceiveMessage = (listener: (message: unknown) => void): object => {
    this.#listener = listener;
    return { dispose: () => undefined };
  };

  say(intent: object, ask = 1): void {
    this.#listener({ ask, intent });
  }
}

/** Files of src whose functions ran between two moments, by V8's own count. */
async function filesEntered(work: () => Promise<void>): Promise<readonly string[]> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await session.post('Profiler.takePreciseCoverage');
  await work();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  await session.post('Profiler.stopPreciseCoverage');
  session.disconnect();
  const source = join(repoRoot(), 'dist', 'src');
  return result
    .filter(({ functions }) => functions.some(({ functionName, ranges }) => functionName !== '' && ranges[0]?.count))
    .map(({ url }) => (url.startsWith('file:') ? fileURLToPath(url) : url))
    .filter((file) => file.startsWith(source))
    .map((file) => file.slice(source.length + 1).replaceAll('\\', '/'));
}

describe('One Send', () => {
  let fake: FakeClaude;
  let folder: string;
  let restore: (() => void) | undefined;

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = mkdtempSync(join(tmpdir(), 'prelude-send-'));
    writeFileSync(join(folder, 'a.ts'), 'export const a = 1;\n');
  });
  afterEach(async () => {
    restore?.();
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('goes from the panel to the API through the whole host', async () => {
    const { module, context } = createStub({
      folder,
      storage: join(folder, 'storage'),
      settings: { 'prelude.baseUrl': fake.url },
      secrets: new Map([['prelude.apiKey', 'sk-ant-test']]),
    });
    restore = installStub(module);
    const { compose } = await import('../../../src/host/compose');
    const { createLogChannel } = await import('../../../src/host/base/log');
    const host = await compose(context as never, createLogChannel());
    const webview = new FakeWebview();
    const view = {
      webview,
      visible: true,
      onDidChangeVisibility: () => ({ dispose: () => undefined }),
      onDidDispose: () => ({ dispose: () => undefined }),
    };
    host.view.resolveWebviewView(view as never);
    webview.say({ type: 'ready' });
    await until('the snapshot', () => webview.told.some(({ type }) => type === 'snapshot'));
    const snapshot = webview.told.find((message) => message.type === 'snapshot');
    const conversation = snapshot?.state.conversation ?? '';
    // What is only shown has been read.
    await new Promise((resolve) => setTimeout(resolve, 300));

    fake.enqueue(reply.text('Hello.'));
    const files = await filesEntered(async () => {
      webview.say({ type: 'send', conversation, text: 'Hello?' }, 2);
      await until('the request', () => fake.messages.length === 1);
    });
    await host.dispose();
    if (process.env['PRELUDE_PRINT'] !== undefined)
      process.stdout.write(`${files.length} files\n${files.join('\n')}\n`);
    assert.deepEqual(fake.refusals, []);
    assert.ok(files.includes('host/session/controller.js'), 'what ran was counted');
  });

  it('waits for the store six times at most before the first request of a conversation', async () => {
    const calls: string[] = [];
    const counted = (store: Store): Store =>
      new Proxy(store, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name, target);
          if (typeof member !== 'function') return member;
          return (...args: unknown[]) => {
            if (fake.messages.length === 0) calls.push(String(name));
            return Reflect.apply(member, target, args);
          };
        },
      });
    const editors = new FakeEditors();
    editors.files.set('a.ts', 'export const a = 1;\n');
    editors.open = ['a.ts'];
    const chat = await openChat({ url: fake.url, folder, editors, wrap: counted, clock: systemClock });
    const view = new FakeView(await chat.conversations.current());
    await until('the composer to have read what is open', () => (view.composer?.chips.length ?? 0) > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    calls.length = 0;
    fake.enqueue(reply.text('Hello.'));
    await ask(view, 'Hello?');
    await closeChat(chat);
    assert.ok(calls.includes('append'), 'what was called was counted');
    assert.ok(calls.length <= 6, `${calls.length}: ${calls.join(', ')}`);
  });
});
