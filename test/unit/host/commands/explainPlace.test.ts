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
