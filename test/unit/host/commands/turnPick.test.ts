/** The list of the user's messages, and where it leads: through the whole host over the vscode stub. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { strings } from '../../../texts';
import { until } from '../../core/kit';
import { openWholeHost, showSideBar } from '../wholeHost';

interface Row {
  readonly label: string;
  readonly description: string;
}

describe('The list of the user’s messages', () => {
  let fake: FakeClaude;
  let folder: string;
  let whole: Awaited<ReturnType<typeof openWholeHost>>;

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = mkdtempSync(join(tmpdir(), 'prelude-turns-'));
    whole = await openWholeHost(fake.url, folder);
  });
  afterEach(async () => {
    await whole.host.dispose();
    whole.restore();
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has each with its time, the newest first, and leads to the one that is picked', async () => {
    const webview = showSideBar(whole.host);
    webview.say({ type: 'ready' });
    await until('the snapshot', () => webview.told.some(({ type }) => type === 'snapshot'));
    const snapshot = webview.told.find((message) => message.type === 'snapshot');
    const conversation = snapshot?.conversation ?? '';
    const said: string[] = [];
    let rows: readonly Row[] = [];
    let pick = -1;
    whole.window['showInformationMessage'] = async (text: string) => void said.push(text);
    whole.window['showQuickPick'] = async (given: readonly Row[]) => {
      rows = given;
      return given[pick];
    };
    const goTo = whole.host.commands['prelude.goToTurn'];
    await goTo();
    assert.deepEqual(said, [strings.noMessages()]);

    for (const [n, text] of ['Why  does\nlogin retry?', `Run $(pwd) ${'and on '.repeat(100)}`].entries()) {
      fake.enqueue(reply.text('So.'));
      webview.say({ type: 'send', conversation, text }, n + 2);
      const ended = () =>
        webview.told
          .flatMap((one) => (one.type === 'events' ? one.events : []))
          .filter(({ type }) => type === 'answerEnded');
      await until('the answer', () => ended().length === n + 1);
    }
    await goTo();
    assert.match(rows[0]?.label ?? '', /^Run \\\$\(pwd\) and on .*…$/);
    assert.equal(rows[1]?.label, 'Why does login retry?');
    assert.match(rows[1]?.description ?? '', /^\d\d:\d\d/);
    const led = () => webview.told.flatMap((one) => (one.type === 'goToTurn' ? [one.to] : []));
    assert.deepEqual(led(), [], 'nothing was picked');
    pick = 1;
    await goTo();
    const first = webview.told
      .flatMap((one) => (one.type === 'events' ? one.events : []))
      .flatMap((event) => (event.type === 'item' && event.item.type === 'user' ? [event.item.id] : []))[0];
    await until('the way', () => led().length === 1);
    assert.deepEqual(led(), [`user/${first}`]);
    await whole.host.commands['prelude.previousTurn']();
    await whole.host.commands['prelude.nextTurn']();
    await until('the ways', () => led().length === 3);
    assert.deepEqual(led().slice(1), ['previous', 'next']);
  });
});
