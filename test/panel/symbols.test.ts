/** Names in code that the workspace defines, and files that it has. Pictures of them where PRELUDE_PICTURES names a folder. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { strings } from '../../src/webview/l10n/strings';
import { loadAxe, violations } from './axe';
import { answer, chat, startedAt, text, user } from './chats';
import { type PanelBench, PanelPage, startBench } from './panelPage';
import { themeNames } from './themes';

const words = [
  'The retry is in `retryLogin`: `Cart.add()` calls it, and `nobody` else does. See `src/login.ts:3` and [`retryLogin`](src/a.ts).',
  'It begins in `src/cart.ts` (lines 3–9), **src/cart.ts:12**.',
  'Not `a b`, not `--flag`, not `x`.',
  '```ts\nretryLogin();\n```',
].join('\n\n');
const question = user('u1', 'Where?');
const state = chat([question, answer('u1', [text('a', words)])]);

/** What Ctrl+C gives of the whole answer. */
async function copyAll({ page }: PanelPage): Promise<string> {
  return await page.evaluate(() => {
    const data = new DataTransfer();
    getSelection()?.selectAllChildren(document.querySelector('.markdown') as Element);
    document
      .querySelector('.markdown')
      ?.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true }));
    getSelection()?.removeAllRanges();
    return data.getData('text/plain');
  });
}

describe('Names in the code of an answer', () => {
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

  const links = () => panel.page.locator('code[data-symbol]');
  const answered = async (...names: readonly string[]) => {
    await panel.answer('linkable', { ok: true, value: { names, files: ['src/cart.ts'] } });
  };

  it('become links where the workspace defines them, and nothing moves', async () => {
    panel = await PanelPage.open(bench, { state });
    assert.deepEqual(await panel.said('linkable'), [
      { type: 'linkable', names: ['retryLogin', 'Cart.add', 'nobody'], files: ['src/cart.ts'] },
    ]);
    const places = () =>
      panel.page
        .locator('.markdown :is(p, code)')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
    const before = await places();
    assert.equal(await links().count(), 0);
    await answered('retryLogin', 'Cart.add');
    assert.deepEqual(await links().allTextContents(), ['retryLogin', 'Cart.add()']);
    assert.deepEqual(await places(), before);
    await links().first().click();
    await panel.page.getByRole('link', { name: 'Cart.add()' }).focus();
    await panel.page.keyboard.press('Enter');
    assert.deepEqual(await panel.said('openSymbol'), [
      { type: 'openSymbol', name: 'retryLogin' },
      { type: 'openSymbol', name: 'Cart.add' },
    ]);
    assert.equal(await links().first().getAttribute('title'), strings.openSymbol('retryLogin'));
    assert.equal((await panel.said('linkable')).length, 1, 'what was not found is not asked for at once');
    // Elsewhere or in it, what is selected is no matter to the keys; a click at the end of selecting opens nothing.
    await panel.forget();
    await panel.page.evaluate(() => getSelection()?.selectAllChildren(document.querySelector('.turn.user') as Element));
    await panel.page.keyboard.press('Enter');
    assert.equal((await panel.said('openSymbol')).length, 1);
    await panel.page.evaluate(() => getSelection()?.selectAllChildren(document.activeElement as Element));
    await panel.page.keyboard.press('Enter');
    assert.equal((await panel.said('openSymbol')).length, 2);
    await links().first().dblclick();
    assert.deepEqual((await panel.said('openSymbol')).slice(2), [{ type: 'openSymbol', name: 'retryLogin' }]);
  });

  it('are asked for when they come into sight, and not while an answer runs', async () => {
    const running = answer('u2', [text('b', 'See `laterName`.')], { outcome: null, endedAt: null });
    const long = answer('u1', [text('a', `\`farAway\`\n\n${'Words.\n\n'.repeat(120)}`)]);
    panel = await PanelPage.open(bench, {
      state: chat([question, long, user('u2', 'And?'), running], { activity: { kind: 'writing', since: startedAt } }),
    });
    await panel.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
    assert.equal((await panel.said()).filter(({ type }) => type === 'linkable').length, 0);
    await panel.events(
      { type: 'answerEnded', answer: 'u2', at: startedAt + 1, outcome: { kind: 'done' } },
      { type: 'activity', activity: null },
    );
    assert.deepEqual(await panel.said('linkable'), [{ type: 'linkable', names: ['laterName'], files: [] }]);
    await answered();
    await panel.forget();
    await panel.page.locator('.transcript').evaluate((box) => box.scrollTo(0, 0));
    assert.deepEqual(await panel.said('linkable'), [{ type: 'linkable', names: ['farAway'], files: [] }]);
  });

  it('stay code where the host does not answer for them', async () => {
    panel = await PanelPage.open(bench, { state });
    await panel.answer('linkable', { ok: false, reason: { text: 'no' } });
    assert.equal(await links().count(), 0);
    assert.doesNotMatch(await panel.words('.composerArea'), /Couldn/);
  });

  it('and places in them, however they are written, become links where the workspace has the file (L64)', async () => {
    const written = [
      'See `src/a.ts`, `src/a.ts:12, src/b.ts:3`, `src/a.ts` line 12, `src/a.ts` (L12–L20) and `src/a.ts`:12, not `Cart.add`.',
      'Plain src/a.ts:12, **src/a.ts:12**, src/a.ts (lines 3-9), line 12 of src/a.ts, src/a.ts#L3-L9. And **`src/b.ts`**, lines 3 and 9.',
      'No 1.2:3, e.g. this, node.js, foo.bar, https://x.org/src/a.ts:3, src/gone.ts:3 or `src/gone.ts`.',
      'The retry (src/a.ts:42), [src/b.ts] and src/__tests__/a.ts, `src/a.ts` — line 3, `at A.b(src/a.ts:12)`, not `owner/repo#12` or `node:18`.',
      '- In an item src/b.ts:7\n- and | none',
      '| src/b.ts | b |\n| --- | --- |\n| src/a.ts:1 | c |',
    ].join('\n\n');
    panel = await PanelPage.open(bench, { state: chat([question, answer('u1', [text('a', written)])]) });
    const asked = await panel.said('linkable');
    assert.deepEqual(
      asked.map(({ files }) => files),
      [['src/a.ts', 'src/b.ts', 'Cart.add', 'src/gone.ts', 'src/__tests__/a.ts', 'owner/repo']],
    );
    const at = () =>
      panel.page
        .locator('.markdown :is(p, li, td, th, code, strong)')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
    const before = await at();
    const copied = await copyAll(panel);
    const files = ['src/a.ts', 'src/b.ts', 'src/__tests__/a.ts'];
    await panel.answer('linkable', { ok: true, value: { names: [], files } });
    const links = panel.page.locator('.markdown a[data-path]');
    await panel.page.waitForFunction(() => document.querySelectorAll('.markdown a[data-path]').length === 21);
    const all = await links.evaluateAll((found) =>
      found.map((link) => {
        const { path, line = '', end = '' } = (link as HTMLElement).dataset;
        return `${link.textContent} → ${path} ${line} ${end}`.trim();
      }),
    );
    assert.deepEqual(all, [
      'src/a.ts → src/a.ts',
      'src/a.ts:12 → src/a.ts 12',
      'src/b.ts:3 → src/b.ts 3',
      'src/a.ts → src/a.ts 12',
      'src/a.ts → src/a.ts 12 20',
      'src/a.ts → src/a.ts 12',
      'src/a.ts:12 → src/a.ts 12',
      'src/a.ts:12 → src/a.ts 12',
      'src/a.ts (lines 3-9) → src/a.ts 3 9',
      'line 12 of src/a.ts → src/a.ts 12',
      'src/a.ts#L3-L9 → src/a.ts 3 9',
      'src/b.ts → src/b.ts 3',
      '9 → src/b.ts 9',
      'src/a.ts:42 → src/a.ts 42',
      'src/b.ts → src/b.ts',
      'src/__tests__/a.ts → src/__tests__/a.ts',
      'src/a.ts → src/a.ts 3',
      'src/a.ts:12 → src/a.ts 12',
      'src/b.ts:7 → src/b.ts 7',
      'src/b.ts → src/b.ts',
      'src/a.ts:1 → src/a.ts 1',
    ]);
    assert.deepEqual(await at(), before, 'nothing moves');
    assert.equal(await copyAll(panel), copied, 'what is copied is what was written (L65)');
    await links.nth(4).click();
    await links.nth(9).focus();
    await panel.page.keyboard.press('Enter');
    const openFile = { type: 'openFile', path: 'src/a.ts', line: 12, column: null, end: null };
    assert.deepEqual(await panel.said('openFile'), [{ ...openFile, end: 20 }, openFile]);
    assert.equal((await panel.said('linkable')).length, 1, 'what is not there is not asked for at once');
  });

  it('and lines of what was printed, with all that is copied of them as it was (L64)', async () => {
    const trace = 'Error: no\n    at retry (src/a.ts:12:7)\n    at src/b.ts:3:1\n\nsrc/b.ts\n';
    const block = (language: string, code = trace) => `\`\`\`${language}\n${code}\`\`\`\n`;
    const state = (words: string) => chat([question, answer('u1', [text('a', words)])]);
    const written = [block(''), block('text'), block('ts', '// src/a.ts:12\nretry();\n')].join('\n');
    panel = await PanelPage.open(bench, { state: state(written) });
    await panel.answer('linkable', { ok: true, value: { names: [], files: ['src/a.ts', 'src/b.ts'] } });
    const links = () =>
      panel.page
        .locator('.markdown pre a[data-path]')
        .evaluateAll((all) => all.map((one) => `${one.textContent} ${(one as HTMLElement).dataset['line']}`));
    await panel.page.waitForFunction(() => document.querySelectorAll('.markdown pre a[data-path]').length === 4);
    assert.deepEqual(await links(), ['src/a.ts:12:7 12', 'src/b.ts:3:1 3', 'src/a.ts:12:7 12', 'src/b.ts:3:1 3']);
    const shown = () => panel.page.locator('.codeBlock pre').allTextContents();
    assert.equal((await shown())[0], trace.trimEnd());
    await panel.page.locator('.codeBlock [data-code="copy"]').first().click();
    assert.deepEqual(await panel.said('copy'), [{ type: 'copy', text: trace.trimEnd() }]);
    await panel.page.locator('.markdown pre a').first().click();
    assert.deepEqual(await panel.said('openFile'), [
      { type: 'openFile', path: 'src/a.ts', line: 12, column: 7, end: null },
    ]);
    // Drawn anew with other words, it is these alone.
    const others = ['', 'text'].map((language) => block(language, 'at src/b.ts:9\n'));
    await panel.snapshot({ state: state(others.join('\n')) });
    await panel.page.waitForFunction(() => document.querySelectorAll('.markdown pre a[data-line="9"]').length === 2);
    assert.deepEqual(await shown(), ['at src/b.ts:9', 'at src/b.ts:9']);
  });

  it('keep what is selected while they become links, and are drawn once where the answer goes on', async () => {
    const written = 'The loop is in src/a.ts:12 and in `src/b.ts`.';
    const state = (words: string) => chat([question, answer('u1', [text('a', words)])]);
    panel = await PanelPage.open(bench, { state: state(written) });
    await panel.page.evaluate(() =>
      getSelection()?.selectAllChildren(document.querySelector('.markdown p') as Element),
    );
    await panel.answer('linkable', { ok: true, value: { names: [], files: ['src/a.ts', 'src/b.ts'] } });
    const links = panel.page.locator('.markdown a[data-path]');
    assert.equal(await panel.page.evaluate(() => String(getSelection())), written.replaceAll('`', ''));
    assert.equal(await links.count(), 0, 'what is selected is left alone');
    await panel.page.evaluate(() => getSelection()?.removeAllRanges());
    await panel.snapshot({ state: state(written) });
    await links.nth(1).waitFor();
    await panel.snapshot({ state: state(`${written} See src/b.ts:3, too.`) });
    await panel.page.waitForFunction(() => document.querySelectorAll('.markdown a[data-path]').length === 3);
    assert.equal(await panel.words('.markdown'), 'The loop is in src/a.ts:12 and in src/b.ts. See src/b.ts:3, too.');
  });

  it('are told from other code in each theme', async () => {
    panel = await PanelPage.open(bench, { state, alone: true });
    await answered('retryLogin', 'Cart.add');
    await loadAxe(panel.page);
    const folder = process.env['PRELUDE_PICTURES'];
    for (const theme of themeNames) {
      if (folder !== undefined) {
        await panel.close();
        panel = await PanelPage.open(bench, { theme, width: 260, state, alone: true });
        await answered('retryLogin', 'Cart.add');
        await panel.page.screenshot({ path: join(folder, `symbols-${theme}.png`) });
        await loadAxe(panel.page);
      }
      await panel.wear(theme);
      assert.deepEqual(await violations(panel.page, theme), [], theme);
    }
  });
});
