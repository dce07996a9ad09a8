/** The side bar's page from the click on its icon on: it loads while the host does, and what it says is not lost. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeClaude } from '../../../fakeClaude/server';
import { until } from '../../core/kit';
import { createStub, installStub } from '../../vscodeStub';
import { FakeWebview } from '../wholeHost';

interface View {
  readonly webview: FakeWebview;
  visible: boolean;
}

describe('The first page', () => {
  let fake: Awaited<ReturnType<typeof startFakeClaude>>;
  let folder: string;
  let restore: () => void;
  let resolve: (view: View) => Promise<void>;
  let deactivate: () => Promise<void>;
  let begun: boolean;

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = mkdtempSync(join(tmpdir(), 'prelude-first-'));
    const { module, context } = createStub({
      folder,
      storage: join(folder, 'storage'),
      settings: { 'prelude.baseUrl': fake.url },
      secrets: new Map([['prelude.apiKey', 'sk-ant-test']]),
    });
    // The first thing that the host asks for.
    begun = false;
    const { globalStorageUri } = context as { readonly globalStorageUri: unknown };
    const asked = (): unknown => {
      begun = true;
      return globalStorageUri;
    };
    Object.defineProperty(context, 'globalStorageUri', { get: asked });
    const { window } = module as { readonly window: Record<string, unknown> };
    window['registerWebviewViewProvider'] = (
      _: string,
      provider: { resolveWebviewView(view: View): Promise<void> },
    ) => {
      resolve = (view) => provider.resolveWebviewView(view);
      return { dispose: () => undefined };
    };
    restore = installStub(module);
    const entry = await import('../../../../src/extension');
    deactivate = entry.deactivate;
    entry.activate(context as never);
  });
  afterEach(async () => {
    await deactivate();
    restore();
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function view(): View {
    const nothing = (): object => ({ dispose: () => undefined });
    return { ...{ onDidChangeVisibility: nothing, onDidDispose: nothing }, webview: new FakeWebview(), visible: true };
  }

  it('loads while the host does, and what it says meanwhile is heard then (L22)', async () => {
    const shown = view();
    const resolved = resolve(shown);
    assert.match(shown.webview.html, /panel\.js/);
    shown.webview.say({ type: 'ready' });
    const { html } = shown.webview;
    await resolved;
    await until('the snapshot', () => shown.webview.told.some(({ type }) => type === 'snapshot'));
    assert.equal(shown.webview.html, html, 'it is not loaded again');
  });

  it('has left for the window before the loop is taken to load the host (L22)', async () => {
    const shown = view();
    const resolved = resolve(shown);
    assert.match(shown.webview.html, /panel\.js/);
    await new Promise((done) => setTimeout(done, 10));
    assert.equal(begun, false);
    await resolved;
    assert.equal(begun, true);
  });

  it('is told nothing where it was hidden while the host loaded (L74)', async () => {
    const hidden = view();
    const resolved = resolve(hidden);
    hidden.webview.say({ type: 'ready' });
    hidden.visible = false;
    await resolved;
    await new Promise((done) => setTimeout(done, 100));
    assert.deepEqual(hidden.webview.told, []);
  });
});
