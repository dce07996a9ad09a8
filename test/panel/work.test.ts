/** What a finished turn did: one fold for all of it. Pictures of it where PRELUDE_PICTURES names a folder. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { serverToolStrings } from '../../src/core/tools/web/strings';
import type { Item, Part } from '../../src/shared/chat';
import type { ContextLine } from '../../src/shared/contextLine';
import { freshSnapshotText, strings } from '../../src/webview/l10n/strings';
import { transcriptStrings, workText } from '../../src/webview/l10n/transcriptStrings';
import { answer, chat, failure, shortTools, startedAt, text, tool, user } from './chats';
import { type PanelBench, PanelPage, startBench } from './panelPage';
import { themeNames } from './themes';

const question = user('u1', 'Why does login retry twice?');
const nothingDone = { thoughtMs: 0, tools: new Map(), cancelled: 0, excluded: 0, context: [] };
const line = (path: string, change: ContextLine['change']): ContextLine => ({
  ...{ path, change, linesAdded: change === 'modified' ? 3 : 0, linesRemoved: change === 'modified' ? 1 : 0 },
});
const sent: Item = {
  type: 'context',
  id: 'c1',
  at: startedAt,
  lines: [
    ...Array.from({ length: 5 }, (_, n) => line(`src/f${n}.ts`, 'opened')),
    line('src/login.ts:3-8', 'selection'),
  ],
};
const changed: Part = { type: 'context', key: 'c2', lines: [line('src/login.ts', 'modified')] };
const failed = tool('t9', {
  status: 'failed',
  label: { text: 'Read {0}', args: ['gone.ts'] },
  summary: { text: 'No such file' },
});
const source = (n: number) => ({ url: `https://example.com/${n}`, title: `Page ${n}`, age: null });
const search = (key: string, ...pages: readonly number[]): Part =>
  tool(key, {
    ...{ name: 'web_search', label: serverToolStrings.searchWeb('retries').done, server: true },
    ...{ summary: serverToolStrings.results(pages.length), sources: pages.map(source) },
  });
/** Work of each kind, with words between. */
const mixed: readonly Part[] = [
  ...shortTools.slice(0, 2),
  text('a', 'I looked at **login.ts** first.'),
  ...shortTools.slice(2),
  failed,
  changed,
  text('b', 'Both callers wait for the same promise.'),
  tool('t4', { status: 'cancelled', summary: null }),
  text('c', 'So it is one retry.'),
];
const mixedWords = workText({
  ...nothingDone,
  thoughtMs: 6100,
  tools: new Map([
    ['read_file', 2],
    ['search_text', 1],
  ]),
  cancelled: 1,
  context: [...sent.lines, ...changed.lines],
});

describe('The work of a finished turn', () => {
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

  const fold = () => panel.page.locator('.work > .fold > .foldLine');
  const parts = () =>
    panel.page
      .locator('.answer > :is(.work, .tool, .fold, .markdown, .line)')
      .evaluateAll((all) => all.map(({ className }) => className.trim().split(' ')[0]));

  it('is one fold, wherever its lines stood, and what failed stays in its place', async () => {
    panel = await PanelPage.open(bench, { state: chat([sent, question, answer('u1', mixed)]) });
    assert.deepEqual(await parts(), ['work', 'markdown', 'fold', 'markdown', 'markdown']);
    assert.equal(await panel.words(fold()), mixedWords);
    assert.match(
      mixedWords,
      /^Thought 6 s, read 2 files, searched once, 1 call cancelled, 5 files included, 1 file changed/,
    );
    assert.match(await panel.words('.answer > .tool'), /gone\.ts/);
    assert.equal(await panel.page.locator('.contextTurn, .foldBody, .contextLine').count(), 0);
    // For the ear: the sentence, and whether it is open.
    const button = panel.page.getByRole('button', { name: mixedWords, expanded: false });
    await button.focus();
    await panel.page.keyboard.press('Enter');
    await panel.settled();
    assert.equal(await panel.page.getByRole('button', { name: mixedWords, expanded: true }).count(), 1);
    const lines = await panel.page
      .locator('.work > .fold > .foldBody > *')
      .evaluateAll((all) => all.map((one) => (one.textContent ?? '').replace(/\s+/g, ' ').trim()));
    assert.equal(lines.length, 7);
    assert.match(lines[0] ?? '', /5 files/);
    assert.equal(lines[1], strings.thoughtFor('6 s'));
    assert.match(lines.slice(2).join('\n'), /login\.ts:1-80.*\n.*session\.ts.*\n.*retryLogin.*\n.*login\.ts changed/);
  });

  it('opens each of its lines as before', async () => {
    panel = await PanelPage.open(bench, { state: chat([question, answer('u1', mixed)]) });
    await fold().click();
    await panel.page.locator('.work .tool .foldLine').first().click();
    await panel.page.locator('.work .contextLine').click();
    await panel.settled();
    assert.match(await panel.words('.toolText'), /"path": "src\/login\.ts"/);
    const height = (await panel.page.locator('.toolText').first().boundingBox())?.height ?? 999;
    assert.ok(height <= 258, String(height));
    assert.equal((await panel.said('openFile')).length, 1);
  });

  it('draws nothing inside until it is opened: a turn of two hundred calls costs as much as one of two', async () => {
    const many = (count: number) =>
      chat([
        question,
        answer('u1', [
          ...Array.from({ length: count }, (_, n) => tool(`t${n}`, { input: `{"path":"f${n}"}` })),
          text('a', 'Done.'),
        ]),
      ]);
    const nodes = () => panel.page.locator('.transcript *').count();
    panel = await PanelPage.open(bench, { state: many(2) });
    const few = await nodes();
    await panel.snapshot({ state: many(200) });
    await panel.settled();
    assert.match(await panel.words(fold()), /200/);
    assert.equal(await nodes(), few);
  });

  it('shows the lines of a turn that runs, and keeps what is selected when they are folded (L66)', async () => {
    const running = answer('u1', mixed, { outcome: null, endedAt: null });
    const activity = { kind: 'writing', since: startedAt } as const;
    panel = await PanelPage.open(bench, { state: chat([sent, question, running], { activity }) });
    assert.equal(await panel.page.locator('.work').count(), 0);
    assert.equal(await panel.page.locator('.answer > .tool').count(), 5);
    assert.equal(await panel.page.locator('.contextTurn').count(), 1);
    await panel.page
      .locator('.answer .markdown')
      .nth(1)
      .evaluate((one) => getSelection()?.selectAllChildren(one));
    const selected = () => panel.page.evaluate(() => String(getSelection()).trim());
    const before = await selected();
    assert.match(before, /same promise/);
    await panel.events({ type: 'answerEnded', answer: 'u1', at: startedAt + 9000, outcome: { kind: 'done' } });
    assert.equal(await fold().count(), 1);
    assert.equal(await selected(), before);
  });

  it('is a line where there is one, and none where that is a thought of under two seconds', async () => {
    const thought = (key: string, durationMs: number | null): Part => ({
      ...{ type: 'thinking', key, text: 'Hm.', open: false, durationMs },
    });
    const says = text('a', 'So.');
    const ended = async (...work: readonly Part[]): Promise<string> => {
      await panel.snapshot({ state: chat([question, answer('u1', [...work, says])]) });
      await panel.settled();
      return panel.page
        .locator('.answer > :not(.turnFooter, .markdown)')
        .evaluateAll((all) => all.map((one) => (one.textContent ?? '').replace(/\s+/g, ' ').trim()).join('|'));
    };
    panel = await PanelPage.open(bench, { state: chat([question]) });
    assert.equal(await ended(thought('x', 1999)), '');
    assert.equal(await ended(thought('x', 900), thought('y', 900)), '');
    assert.equal(await ended(thought('x', 2000)), strings.thoughtFor('2 s'));
    assert.equal(await ended(thought('x', null)), strings.thought());
    assert.equal(await ended(thought('x', 1100), thought('y', 1900)), workText({ ...nothingDone, thoughtMs: 3000 }));
    assert.equal(
      await ended(thought('x', 400), tool('t', {})),
      workText({ ...nothingDone, tools: new Map([['read_file', 1]]) }),
    );
    assert.match(await ended(tool('t', {})), /^Read src\/login\.ts:1-80/);
    assert.match(await ended(changed), /^login\.ts changed, \+3 −1$/);
  });

  it('leaves the pages that were found in sight, each once, those first that are cited', async () => {
    const cited = { ...text('e:3', 'So.'), citations: [{ url: source(4).url, title: 'Page 4', text: '' }] };
    panel = await PanelPage.open(bench, {
      state: chat([question, answer('u1', [search('s1', 1, 2), search('s2', 2, 3, 4, 5), cited])]),
    });
    const pages = async () =>
      (await panel.page.locator('.source .sourceTitle').allTextContents()).map((title) => title.replace('Page ', ''));
    assert.deepEqual(await pages(), ['4', '1', '2']);
    assert.equal(await panel.words('[data-more="sources"]'), transcriptStrings.moreSources(2));
    await panel.page.locator('[data-more="sources"]').click();
    await panel.settled();
    assert.deepEqual(await pages(), ['1', '2', '3', '4', '5']);
    await fold().click();
    await panel.settled();
    assert.equal(await panel.page.locator('.work > .sources').count(), 0, 'each stands below its own line');
    assert.equal(await panel.page.locator('.work .tool .sources').count(), 2);
  });

  it('has what went along with a question that got no answer (L66)', async () => {
    const outcome = { kind: 'failed', failure: failure() } as const;
    panel = await PanelPage.open(bench, { state: chat([sent, question, answer('u1', [], { outcome })]) });
    assert.match(await panel.words('.answer .foldLine'), /5 files/);
  });

  it('leaves in its place what says that files were sent again for a price', async () => {
    const rebased = (usd: number | null): Item => ({
      ...{ type: 'context', id: 'c3', at: startedAt },
      lines: [{ ...line('', 'rebased'), rebase: { reason: 'stale', savedTokens: 9000, usd } }, line('a.ts', 'opened')],
    });
    const words = async (usd: number | null): Promise<string> => {
      await panel.snapshot({ state: chat([rebased(usd), question, answer('u1', mixed)]) });
      await panel.settled();
      return panel.words('.contextTurn');
    };
    panel = await PanelPage.open(bench, { state: chat([question]) });
    const said = (usd: number) => freshSnapshotText({ reason: 'stale', savedTokens: 9000, usd });
    assert.equal(await words(0.02), said(0.02));
    assert.equal(await words(-0.02), said(-0.02));
    await panel.snapshot({ state: chat([rebased(null), question, answer('u1', mixed)]) });
    await panel.settled();
    assert.equal(await panel.page.locator('.contextTurn').count(), 0);
  });

  it('counts the files that were read, each once', async () => {
    const read = (key: string, input: unknown) => tool(key, { input: JSON.stringify(input) });
    const calls = [
      read('t1', { files: ['a', 'b', 'c'].map((path) => ({ path })) }),
      read('t2', { path: 'a', start_line: 90 }),
      read('t3', { path: 'd', files: [{ path: 'e' }] }),
    ];
    panel = await PanelPage.open(bench, { state: chat([question, answer('u1', calls)]) });
    assert.equal(await panel.words(fold()), workText({ ...nothingDone, tools: new Map([['read_file', 5]]) }));
  });

  it('leaves all lines where they are while one is open, has the focus or is selected (L66)', async () => {
    const running = answer('u1', mixed, { outcome: null, endedAt: null });
    const activity = { kind: 'writing', since: startedAt } as const;
    const begin = async (): Promise<void> => {
      await panel.snapshot({ state: chat([]) });
      await panel.settled();
      await panel.snapshot({ state: chat([sent, question, running], { activity }) });
      await panel.settled();
    };
    const end = () =>
      panel.events({ type: 'answerEnded', answer: 'u1', at: startedAt + 9000, outcome: { kind: 'done' } });
    const call = () => panel.page.locator('.answer > .tool .foldLine').nth(1);
    panel = await PanelPage.open(bench, { state: chat([]) });

    await begin();
    await call().click();
    await panel.page.locator('.composerText').focus();
    await end();
    assert.match(await panel.words('.answer > .tool .toolText'), /path/);
    assert.equal(await panel.page.locator('.contextTurn').count(), 1);
    // The next question leaves them while the line is open, and folds them after that.
    await panel.events({ type: 'item', item: user('u2', 'And then?') });
    assert.equal(await fold().count(), 0);
    await call().click();
    await panel.page.locator('.composerText').focus();
    await panel.events({ type: 'item', item: user('u3', 'And now?') });
    assert.equal(await fold().count(), 1);

    await begin();
    await call().focus();
    await end();
    assert.ok(await call().evaluate((one) => one === document.activeElement));

    await begin();
    await panel.page.locator('.contextTurn').evaluate((one) => getSelection()?.selectAllChildren(one));
    await end();
    assert.match(await panel.page.evaluate(() => String(getSelection())), /5 files/);

    // What is selected elsewhere, and a line that stays, keep nothing.
    await begin();
    await panel.page.locator('.answer > .tool.failed .foldLine').focus();
    await end();
    assert.equal(await fold().count(), 1);
    assert.equal(
      await panel.page.evaluate(() => document.activeElement?.closest('.tool')?.className.includes('failed')),
      true,
    );
  });

  it('stays with the question whose answer another window has', async () => {
    const asked: Item = { ...question, id: 'u2' };
    panel = await PanelPage.open(bench, { state: chat([question, answer('u1', [text('a', 'So.')]), sent, asked]) });
    const order = await panel.page.locator('.turn').evaluateAll((all) => all.map(({ classList }) => classList[1]));
    assert.deepEqual(order.slice(0, 4), ['user', 'answer', 'user', 'contextTurn']);
  });

  it('looks as it should', async () => {
    const folder = process.env['PRELUDE_PICTURES'];
    const state = chat([sent, question, answer('u1', [...mixed, search('s1', 1, 2)])]);
    panel = await PanelPage.open(bench, { width: 260, state });
    assert.ok(await panel.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    if (folder === undefined) return;
    for (const theme of themeNames) {
      for (const width of [260, 400]) {
        await panel.close();
        panel = await PanelPage.open(bench, { theme, width, state });
        await panel.page.screenshot({ path: join(folder, `work-${theme}-${width}.png`) });
        await fold().click();
        await panel.settled();
        await panel.page.screenshot({ path: join(folder, `work-open-${theme}-${width}.png`) });
      }
    }
  });
});
