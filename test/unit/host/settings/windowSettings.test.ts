/** VS Code is asked for a setting when it may be another one, and not each time that it is read. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { until } from '../../core/kit';
import { type FakeWebview, openWholeHost, showSideBar } from '../wholeHost';

describe('Settings of the window', () => {
  let fake: FakeClaude;
  let folder: string;
  let opened: Awaited<ReturnType<typeof openWholeHost>>;
  let webview: FakeWebview;
  let conversation = '';

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = mkdtempSync(join(tmpdir(), 'prelude-settings-'));
    opened = await openWholeHost(fake.url, folder);
    webview = showSideBar(opened.host);
    webview.say({ type: 'ready' });
    await until('the snapshot', () => webview.told.some(({ type }) => type === 'snapshot'));
    conversation = webview.told.find((message) => message.type === 'snapshot')?.conversation ?? '';
  });
  afterEach(async () => {
    await opened.host.dispose();
    opened.restore();
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function send(text: string): Promise<void> {
    const requests = fake.messages.length;
    const endings = (): number =>
      webview.told.filter((one) => one.type === 'events' && one.events.some(({ type }) => type === 'answerEnded'))
        .length;
    const ended = endings();
    fake.enqueue(reply.text('Hello.'));
    webview.say({ type: 'send', conversation, text }, 2);
    await until('the answer', () => fake.messages.length > requests && endings() > ended);
  }

  it('asks VS Code for none of them in one Send', async () => {
    await send('Hello?');
    const { inspected } = opened.configuration;
    assert.equal(new Set(inspected).size, inspected.length, 'each was asked for once');
    const before = inspected.length;
    assert.ok(before > 5);
    await send('And then?');
    assert.deepEqual(inspected.slice(before), []);
  });

  it('reads a setting anew once it has changed, before anybody is told', async () => {
    await send('Hello?');
    assert.equal(fake.messages.at(-1)?.body.model, 'claude-opus-4-8');
    opened.configuration.set('prelude.model', 'claude-haiku-4-5');
    await send('And then?');
    assert.equal(fake.messages.at(-1)?.body.model, 'claude-haiku-4-5');
    // Another extension's are no reason.
    const { inspected } = opened.configuration;
    const before = inspected.length;
    opened.configuration.set('editor.fontSize', 14);
    await send('And now?');
    assert.equal(inspected.length, before);
  });

  it('wraps code as VS Code’s own chat does, and tells the panel once that is another way', async () => {
    const wraps = () =>
      webview.told.flatMap((one) => (one.type === 'environment' ? [one.environment.wrapsCode ?? false] : [])).at(-1);
    assert.equal(wraps(), false);
    opened.configuration.set('chat.editor.wordWrap', 'on');
    await until('the panel to know', () => wraps() === true);
  });
});
