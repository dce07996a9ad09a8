/** Where the chat has its place: the secondary side bar, and for whom it was in the activity bar there. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { chatViewId } from '../../../../src/host/base/commandIds';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { strings } from '../../../texts';
import { until } from '../../core/kit';
import { createStub, installStub } from '../../vscodeStub';
import { FakeWebview, openWholeHost, showSideBar } from '../wholeHost';

describe('The place of the chat', () => {
  let fake: FakeClaude;
  let folder: string;
  let whole: Awaited<ReturnType<typeof openWholeHost>> | undefined;

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = mkdtempSync(join(tmpdir(), 'prelude-home-'));
  });
  afterEach(async () => {
    await whole?.host.dispose();
    whole?.restore();
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const moves = (): unknown[] =>
    (whole?.given ?? []).filter(([command]) => command === 'vscode.moveViews').map(([, options]) => options);
  const to = (container: string): object => ({
    viewIds: [chatViewId],
    destinationId: `workbench.view.extension.${container}`,
  });

  it('is where VS Code has it, for who begins', async () => {
    whole = await openWholeHost(fake.url, folder);
    showSideBar(whole.host);
    assert.deepEqual(moves(), []);
  });

  /** What an earlier version has left: a conversation, and no word of the place. */
  const chattedBefore = async (): Promise<void> => {
    const first = await openWholeHost(fake.url, folder);
    try {
      const webview = showSideBar(first.host);
      webview.say({ type: 'ready' });
      await until('the snapshot', () => webview.told.some(({ type }) => type === 'snapshot'));
      const conversation = webview.told.findLast((one) => one.type === 'snapshot')?.state.conversation ?? '';
      fake.enqueue(reply.text('Done.'));
      webview.say({ type: 'send', conversation, text: 'Asked long ago' });
      await until('the request', () => fake.messages.length === 1);
    } finally {
      await first.host.dispose();
      first.restore();
    }
    const storage = join(folder, 'storage');
    const database = new DatabaseSync(join(storage, readdirSync(storage).find((name) => name.endsWith('.db')) ?? ''));
    assert.equal(database.prepare("DELETE FROM keyValues WHERE key = 'home'").run().changes, 1);
    database.close();
  };
  /** Shown where it goes and comes with the secondary side bar, or elsewhere. */
  const showIn = async (place: 'secondarySideBar' | 'panel'): Promise<void> => {
    const nothing = (): object => ({ dispose: () => undefined });
    const view = {
      webview: new FakeWebview(),
      get visible(): boolean {
        const toggled = whole?.ran.filter((command) => command === 'workbench.action.toggleAuxiliaryBar').length ?? 0;
        return place === 'panel' || toggled % 2 === 0;
      },
      onDidChangeVisibility: nothing,
      onDidDispose: nothing,
    };
    whole?.host.view.resolveWebviewView(view as never);
    await delay(100);
  };

  it('is the activity bar still for who has chatted in an earlier version, once it is shown, until it is moved by a click', async () => {
    await chattedBefore();
    whole = await openWholeHost(fake.url, folder);
    const asked: string[] = [];
    whole.window['showInformationMessage'] = async (message: string, ...buttons: string[]) => {
      asked.push(message);
      return buttons[0];
    };
    assert.deepEqual(moves(), [], 'nothing moves before it is shown');
    await showIn('secondarySideBar');
    await until('both moves', () => moves().length === 2);
    assert.deepEqual(moves(), [to('preludeActivityBar'), to('prelude')]);
    assert.deepEqual(asked, [strings.keptInActivityBar()]);
    await showIn('secondarySideBar');
    assert.equal(moves().length, 2, 'only once');
  });

  it('is where the user has moved it by hand', async () => {
    await chattedBefore();
    whole = await openWholeHost(fake.url, folder);
    await showIn('panel');
    assert.deepEqual(moves(), []);
    const toggles = whole.ran.filter((command) => command === 'workbench.action.toggleAuxiliaryBar').length;
    assert.equal(toggles % 2, 0, 'the side bar is as it was');
  });

  it('is not moved for a folder without conversations, as a start that failed or a lost store leaves it', async () => {
    mkdirSync(join(folder, 'storage'));
    whole = await openWholeHost(fake.url, folder);
    await showIn('secondarySideBar');
    assert.deepEqual(moves(), []);
  });

  it('is decided once for each VS Code and each store: not again for what another remote has stored', async () => {
    const memory = new Map<string, unknown>();
    const memento = {
      get: (key: string) => memory.get(key) as never,
      update: async (key: string, value: unknown) => void memory.set(key, value),
    };
    const remote = (home: string | null, conversations: number) => {
      const values = new Map(home === null ? [] : [['home', home]]);
      return {
        values,
        getValue: async (key: string) => values.get(key) ?? null,
        setValue: async (key: string, value: string | null) => void values.set(key, value ?? ''),
        list: async () => ({ rows: Array.from({ length: conversations }) }) as never,
      };
    };
    const restore = installStub(createStub({ folder, storage: folder, settings: {}, secrets: new Map() }).module);
    try {
      const { keepHome } = await import('../../../../src/host/panel/home');
      const first = remote(null, 1);
      await (await keepHome(first, memento))?.(() => false);
      assert.equal(first.values.get('home'), 'moved');
      const other = remote(null, 1);
      assert.equal(await keepHome(other, memento), null);
      assert.equal(other.values.get('home'), 'moved', 'a fresh VS Code moves nothing there, either');
      memory.clear();
      assert.equal(await keepHome(other, memento), null);
    } finally {
      restore();
    }
  });
});
