/** Names in code that the workspace defines. Pictures of them where PRELUDE_PICTURES names a folder. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { strings } from '../../src/webview/l10n/strings';
import { loadAxe, violations } from './axe';
import { answer, chat, startedAt, text, user } from './chats';
import { type PanelBench, PanelPage, startBench } from './panelPage';
import { themeNames } from './themes';

const words = [
  'The retry is in `retryLogin`: `Cart.add()` calls it, and `nobody` else does. See `src/login.ts:3` and [`retryLogin`](src/a.ts).',
  'Not `a b`, not `--flag`, not `x`.',
  '```ts\nretryLogin();\n```',
].join('\n\n');
const question = user('u1', 'Where?');
const state = chat([question, answer('u1', [text('a', words)])]);

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
    await panel.answer('definedSymbols', { ok: true, value: names });
  };

  it('become links where the workspace defines them, and nothing moves', async () => {
    panel = await PanelPage.open(bench, { state });
    assert.deepEqual(await panel.said('definedSymbols'), [
      { type: 'definedSymbols', names: ['retryLogin', 'Cart.add', 'nobody'] },
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
    assert.equal((await panel.said('definedSymbols')).length, 1, 'what was not found is not asked for at once');
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
    assert.equal((await panel.said()).filter(({ type }) => type === 'definedSymbols').length, 0);
    await panel.events(
      { type: 'answerEnded', answer: 'u2', at: startedAt + 1, outcome: { kind: 'done' } },
      { type: 'activity', activity: null },
    );
    assert.deepEqual(await panel.said('definedSymbols'), [{ type: 'definedSymbols', names: ['laterName'] }]);
    await answered();
    await panel.forget();
    await panel.page.locator('.transcript').evaluate((box) => box.scrollTo(0, 0));
    assert.deepEqual(await panel.said('definedSymbols'), [{ type: 'definedSymbols', names: ['farAway'] }]);
  });

  it('stay code where the host does not answer for them', async () => {
    panel = await PanelPage.open(bench, { state });
    await panel.answer('definedSymbols', { ok: false, reason: { text: 'no' } });
    assert.equal(await links().count(), 0);
    assert.doesNotMatch(await panel.words('.composerArea'), /Couldn/);
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
      assert.deepEqual(await violations(panel.page, theme), []);
    }
  });
});
