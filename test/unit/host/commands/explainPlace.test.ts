/** Where a question of a command goes, and what is written on its way: through the whole host over the vscode stub. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { strings } from '../../../texts';
import { until } from '../../core/kit';
import { type FakeWebview, openWholeHost, showSideBar } from '../wholeHost';

const code = 'export const a = 1;';
const question = strings.explain('a.ts:1');

describe('A question or a file of a command', () => {
  let fake: FakeClaude;
  let folder: string;
  let whole: Awaited<ReturnType<typeof openWholeHost>>;

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = mkdtempSync(join(tmpdir(), 'prelude-explain-'));
    writeFileSync(join(folder, 'a.ts'), `${code}\n`);
  });
  afterEach(async () => {
    await whole.host.dispose();
    whole.restore();
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (settings: Readonly<Record<string, unknown>> = {}): Promise<void> => {
    whole = await openWholeHost(fake.url, folder, settings);
    const uri = {
      path: join(folder, 'a.ts'),
      scheme: 'file',
      toString: () => pathToFileURL(join(folder, 'a.ts')).href,
    };
    const place = (line: number, character: number): object => ({ line, character });
    const selection = { start: place(0, 0), end: place(0, code.length), isEmpty: false };
    const document = {
      uri,
      getText: () => code,
      isUntitled: false,
      languageId: 'typescript',
      version: 1,
      lineCount: 1,
    };
    whole.window['activeTextEditor'] = { document, selection, selections: [selection] };
  };
  const explain = async (answer: string): Promise<void> => {
    const sent = fake.messages.length;
    fake.enqueue(reply.text(answer));
    await whole.host.commands['prelude.explainSelection']();
    await until('the request', () => fake.messages.length === sent + 1);
  };
  /** The conversation that a webview shows from its `ready` on. */
  const shownIn = async (webview: FakeWebview | undefined): Promise<string> => {
    webview?.say({ type: 'ready' });
    const snapshot = () => webview?.told.findLast((message) => message.type === 'snapshot');
    await until('the snapshot', () => snapshot() !== undefined);
    return snapshot()?.state.conversation ?? '';
  };
  const titleOf = (index: number): string | undefined => whole.panels[index]?.title;
  const revealed = (): boolean => whole.ran.includes('prelude.chat.focus');

  it('goes to the chat tab in sight that was active last, and the side bar stays closed', async () => {
    await open();
    const { host, panels } = whole;
    await host.tabs.open(null);
    await host.tabs.open(null);
    const [first, second] = panels;
    // The user reads in the editor beside both, after a look at the first.
    first?.show({ visible: true, active: true });
    first?.show({ visible: true, active: false });
    await explain('In the first.');
    await until('the title', () => titleOf(0) === question);
    assert.notEqual(titleOf(1), question);
    assert.equal(revealed(), false);

    first?.show({ visible: false, active: false });
    await explain('In the second.');
    await until('the title', () => titleOf(1) === question);
    assert.equal(revealed(), false);
    second?.show({ visible: false, active: false });
    await explain('In the side bar.');
    assert.equal(revealed(), true);
  });

  it('goes on in the chat of the tab, and begins a new one there where that is the setting', async () => {
    await open();
    await whole.host.tabs.open(null);
    const before = await shownIn(whole.panels[0]?.webview);
    await explain('One.');
    await until('the answer', () => whole.panels[0]?.title === question);
    assert.equal(await shownIn(whole.panels[0]?.webview), before);
    await whole.host.dispose();
    whole.restore();

    await open({ 'prelude.explain.target': 'new' });
    await whole.host.tabs.open(before);
    assert.equal(await shownIn(whole.panels[0]?.webview), before);
    await explain('Two.');
    assert.notEqual(await shownIn(whole.panels[0]?.webview), before);
    assert.equal(revealed(), false);
  });

  for (const [command, added] of [
    ['prelude.addSelection', '"a.ts:1"'],
    ['prelude.addFile', '"a.ts"'],
  ] as const) {
    it(`${command} goes to the chat tab in sight, else to the side bar`, async () => {
      await open({ 'prelude.context.automatic': 'none' });
      const { host, panels, fileUri } = whole;
      const run = (): unknown => host.commands[command](fileUri(join(folder, 'a.ts')));
      const sideBar = showSideBar(host);
      await host.tabs.open(null);
      const tab = panels[0];
      for (const webview of [tab?.webview, sideBar]) await shownIn(webview);
      const has = (webview: FakeWebview | undefined): boolean =>
        JSON.stringify(webview?.told.findLast(({ type }) => type === 'composer') ?? '').includes(added);
      await run();
      await until('what was added to the tab', () => has(tab?.webview));
      assert.deepEqual([has(sideBar), revealed()], [false, false]);

      tab?.show({ visible: false, active: false });
      await run();
      await until('what was added to the side bar', () => has(sideBar));
      assert.equal(revealed(), true);
    });
  }

  const ended = async (webview: FakeWebview): Promise<void> => {
    // What the day has cost is told anew once nothing runs.
    const end = (): number => webview.told.findIndex((message) => JSON.stringify(message).includes('answerEnded'));
    const after = (): boolean => webview.told.slice(end()).some(({ type }) => type === 'environment');
    await until('its end', () => end() !== -1 && after());
  };
  /** A chat in the side bar that was sent a long text. */
  const begunDear = async (times = 60_000): Promise<string> => {
    const webview = showSideBar(whole.host);
    const conversation = await shownIn(webview);
    fake.enqueue(reply.text('Long.'));
    webview.say({ type: 'send', conversation, text: 'lorem ipsum '.repeat(times) });
    await until('the long turn', () => JSON.stringify(webview.told).includes('Long.') && fake.messages.length === 1);
    await ended(webview);
    return conversation;
  };
  const bodyOf = (index: number): string => JSON.stringify(fake.messages.at(index)?.body.messages);

  it('goes to a new chat where the open one is much dearer', async () => {
    await open();
    await begunDear();
    await explain('In the new one.');
    assert.ok(bodyOf(1).includes(question) && !bodyOf(1).includes('lorem ipsum'));
  });

  it('says in the new chat what the open one would cost, through a reload, and is asked there by a click', async () => {
    await open();
    const dear = await begunDear();
    const sideBar = showSideBar(whole.host);
    await shownIn(sideBar);
    await explain('In the new one.');
    const snapshot = (webview: FakeWebview | undefined) => webview?.told.findLast(({ type }) => type === 'snapshot');
    const conversationIn = (webview: FakeWebview | undefined): string => {
      const last = snapshot(webview);
      return last?.type === 'snapshot' ? last.state.conversation : '';
    };
    await until('the new chat', () => ![dear, ''].includes(conversationIn(sideBar)));
    const asked = conversationIn(sideBar);
    await whole.host.dispose();
    whole.restore();

    await open();
    await whole.host.tabs.open(asked);
    const tab = whole.panels[0]?.webview;
    assert.equal(await shownIn(tab), asked);
    const shown = snapshot(tab);
    const dearer = shown?.type === 'snapshot' ? shown.composer.dearer : undefined;
    assert.deepEqual([dearer?.conversation, dearer?.state], [dear, 'asked']);
    assert.ok((dearer?.usd ?? 0) >= 0.05);
    fake.enqueue(reply.text('There.'));
    tab?.say({ type: 'askThere', conversation: asked, id: dearer?.id });
    await until('the request there', () => fake.messages.length === 3);
    assert.ok(bodyOf(2).includes('lorem ipsum') && bodyOf(2).includes(question));
  }).timeout(60_000);

  it('goes to the open chat where that costs about as much as a new one', async () => {
    await open();
    const webview = showSideBar(whole.host);
    const conversation = await shownIn(webview);
    await explain('Once.');
    await ended(webview);
    await explain('Twice.');
    assert.equal(await shownIn(webview), conversation);
    assert.ok(bodyOf(1).includes('Once.'));
  });

  it('goes to the open chat, however dear, where that is the setting, once it is clicked', async () => {
    await open({ 'prelude.explain.target': 'current' });
    const conversation = await begunDear(20_000);
    await explain('Here.');
    assert.ok(bodyOf(1).includes('lorem ipsum'));
    assert.equal(await shownIn(showSideBar(whole.host)), conversation);
  });

  it('is shown in the side bar that is open', async () => {
    await open();
    const webview = showSideBar(whole.host);
    const conversation = await shownIn(webview);
    await explain('It is one.');
    await until('the question', () =>
      webview.told.some((message) => JSON.stringify(message).includes(JSON.stringify(question).slice(1, -1))),
    );
    assert.equal(await shownIn(webview), conversation);
  });
});
