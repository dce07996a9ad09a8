/** Which chat has the keys, as the conditions of keys and the commands know it: through the whole host over the vscode stub. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { strings } from '../../../texts';
import { until } from '../../core/kit';
import { type FakePanel, type FakeWebview, openWholeHost, showSideBar } from '../wholeHost';

describe('The keys of a chat', () => {
  let fake: FakeClaude;
  let folder: string;
  let whole: Awaited<ReturnType<typeof openWholeHost>>;

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = mkdtempSync(join(tmpdir(), 'prelude-focus-'));
    whole = await openWholeHost(fake.url, folder);
  });
  afterEach(async () => {
    await whole.host.dispose();
    whole.restore();
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const openTab = async (): Promise<FakePanel> => {
    await whole.host.commands['prelude.openInEditor']();
    const panel = whole.panels.at(-1);
    assert.ok(panel !== undefined);
    return panel;
  };
  const focus = (webview: FakeWebview, focused: boolean): void => webview.say({ type: 'focused', focused });

  it('are taken by a tab only while it has the focus', async () => {
    const isTold = () => whole.contexts.get('prelude.tabFocused') ?? false;
    const one = await openTab();
    assert.equal(isTold(), false, 'the active editor need not have the keys');
    focus(one.webview, true);
    assert.equal(isTold(), true);
    focus(one.webview, false);
    assert.equal(isTold(), false);

    await whole.host.tabs.open(null);
    const other = whole.panels.at(-1);
    assert.ok(other !== undefined && other !== one);
    focus(one.webview, true);
    focus(other.webview, true);
    focus(one.webview, false);
    assert.equal(isTold(), true, 'the other one has them');
    one.dispose();
    assert.equal(isTold(), true);
    other.show({ visible: false, active: false });
    assert.equal(isTold(), false);
    other.show({ visible: true, active: true });
    focus(other.webview, true);
    other.dispose();
    assert.equal(isTold(), false);
  });

  it('act on the side bar while it has the focus, whatever tab is the active editor, and focus nothing anew', async () => {
    const sideBar = showSideBar(whole.host);
    const tab = await openTab();
    for (const webview of [sideBar, tab.webview]) {
      webview.say({ type: 'ready' });
      await until('the snapshot', () => webview.told.some(({ type }) => type === 'snapshot'));
    }
    const kinds = ['find', 'goToTurn', 'review'];
    const led = ({ told }: FakeWebview) => told.map(({ type }) => type).filter((type) => kinds.includes(type));
    const press = async (): Promise<void> => {
      await whole.host.commands['prelude.findInChat']();
      await whole.host.commands['prelude.nextTurn']();
      await whole.host.commands['prelude.review']();
    };
    focus(sideBar, true);
    await press();
    await until('the side bar', () => led(sideBar).length === 3);
    assert.deepEqual(led(tab.webview), []);
    assert.ok(!whole.ran.includes('prelude.chat.focus'), whole.ran.join());
    focus(sideBar, false);
    focus(tab.webview, true);
    await press();
    await until('the tab', () => led(tab.webview).length === 3);
    assert.equal(led(sideBar).length, 3);
  });

  describe('and the menus', () => {
    let sideBar: FakeWebview;
    let tab: FakePanel;
    let conversation: string;

    beforeEach(async () => {
      sideBar = showSideBar(whole.host);
      sideBar.say({ type: 'ready' });
      await until('the snapshot', () => sideBar.told.some(({ type }) => type === 'snapshot'));
      conversation = sideBar.told.findLast((one) => one.type === 'snapshot')?.state.conversation ?? '';
      fake.enqueue(reply.text('Done.'));
      sideBar.say({ type: 'draft', conversation, text: 'Asked in the side bar' });
      sideBar.say({ type: 'send', conversation, text: 'Asked in the side bar' });
      await until('the request', () => fake.messages.length === 1);
      await whole.host.tabs.open(null);
      const opened = whole.panels.at(-1);
      assert.ok(opened !== undefined);
      tab = opened;
    });

    /** Which conversation is copied: the tab has none. */
    const copied = async (...context: readonly unknown[]): Promise<string> => {
      let which = '';
      whole.window['setStatusBarMessage'] = () => {
        which = 'side bar';
      };
      whole.window['showInformationMessage'] = async (message: string) => {
        assert.equal(message, strings.nothingToCopy());
        which = 'tab';
      };
      await whole.host.commands['prelude.copyChat'](...context);
      return which;
    };
    /** Of which conversation the next request is shown. */
    const inspected = async (
      id: 'prelude.inspectRequest' | 'prelude.inspectRequestInView',
      ...context: readonly unknown[]
    ): Promise<string> => {
      let which = '';
      whole.workspace['openTextDocument'] = async ({ query }: { readonly query: string }) => {
        which = query === conversation ? 'side bar' : 'tab';
      };
      whole.window['showTextDocument'] = async () => undefined;
      await whole.host.commands[id](...context);
      return which;
    };

    it('act on the chat that they were opened in, whichever had the keys', async () => {
      for (const webview of [sideBar, tab.webview]) {
        focus(webview, true);
        assert.equal(await copied({ webview: 'prelude.chat' }), 'side bar');
        assert.equal(await copied({ webview: 'prelude.chatTab' }), 'tab');
        // The title of an editor.
        assert.equal(await inspected('prelude.inspectRequest', whole.fileUri('/panel'), { groupId: 0 }), 'tab');
        assert.equal(await inspected('prelude.inspectRequestInView'), 'side bar');
        focus(webview, false);
      }
    });

    it('that say nothing act on the chat that had the keys last, while it is in sight', async () => {
      assert.equal(await inspected('prelude.inspectRequest'), 'tab', 'the one that was opened');
      focus(sideBar, true);
      focus(sideBar, false);
      assert.equal(await copied(), 'side bar', 'the palette has the keys');
      assert.equal(await inspected('prelude.inspectRequest'), 'side bar');
      // Its column, which says nothing of who uses it.
      tab.show({ visible: true, active: true });
      assert.equal(await copied(), 'side bar');
      tab.show({ visible: true, active: false });
      tab.show({ visible: true, active: true });
      assert.equal(await copied(), 'tab', 'it was gone to');
    });
  });
});
