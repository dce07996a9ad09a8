/** Which chat has the keys, as the conditions of keys and the commands know it: through the whole host over the vscode stub. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
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
    await press();
    await until('the tab', () => led(tab.webview).length === 3);
    assert.equal(led(sideBar).length, 3);
  });
});
