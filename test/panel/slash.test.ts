/** `/` at the beginning of the composer's text: the list, its keys, and what stands in the text then. */
import assert from 'node:assert/strict';
import { refusals } from '../../src/host/base/plainStrings';
import type { PromptFile } from '../../src/shared/mentions/prompts';
import { slashCommands } from '../../src/shared/slashCommands';
import { slashStrings } from '../../src/webview/l10n/pickerStrings';
import { loadAxe, violations } from './axe';
import { conversation, type PanelBench, PanelPage, startBench } from './panelPage';

const review: PromptFile = {
  id: 'file:///w/.github/prompts/review.prompt.md',
  name: 'review',
  description: 'Reviews a file',
  hint: '[file]',
  path: '.github/prompts/review.prompt.md',
};

describe('Commands in the composer', () => {
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

  const area = () => panel.page.locator('.composerText');
  const rows = () => panel.page.locator('.mentionPopup .option');
  const type = (keys: string) => panel.page.keyboard.type(keys);
  const press = (key: string) => panel.page.keyboard.press(key);
  /** A panel in whose text a `/` stands, with the workspace's prompts. */
  const open = async (prompts: readonly PromptFile[] | null = [review], options = {}): Promise<void> => {
    panel = await PanelPage.open(bench, options);
    await area().focus();
    await type('/');
    await rows().first().waitFor();
    if (prompts !== null) await panel.answer('promptFiles', { ok: true, value: prompts });
  };
  const names = async () => {
    await panel.settled();
    return await rows().locator('.mentionName').allTextContents();
  };

  it('are listed with those of the workspace, found by a few letters, and put in the text', async () => {
    await open();
    assert.deepEqual(await names(), [...Object.keys(slashCommands), 'review']);
    assert.ok((await rows().last().textContent())?.includes('[file] · Reviews a file'));
    await type('xq');
    assert.deepEqual(await names(), []);
    for (let n = 0; n < 2; n += 1) await press('Backspace');
    await type('cmt');
    assert.deepEqual(await names(), ['commit', 'compact']);
    assert.deepEqual(await rows().first().locator('b').allTextContents(), ['c', 'm', 't']);
    await press('Tab');
    assert.equal(await area().inputValue(), '/commit ');
    assert.deepEqual(await names(), []);
    await press('ControlOrMeta+z');
    assert.equal(await area().inputValue(), '/cmt');
  });

  it('tell a screen reader which is meant and how many there are, and nothing serious is wrong with them', async () => {
    await open([review], { width: 260, theme: 'dark' });
    const told = (name: string) => area().getAttribute(name);
    assert.deepEqual([await told('aria-controls'), await told('aria-activedescendant')], ['mentionRows', 'mention0']);
    await press('ArrowUp');
    await panel.settled();
    assert.equal(await told('aria-activedescendant'), `mention${Object.keys(slashCommands).length}`);
    assert.ok(
      (await panel.words('.mentionPopup [role=status]')).startsWith(String(Object.keys(slashCommands).length + 1)),
    );
    assert.equal(
      await panel.page.locator('.mentionPopup [role=listbox]').getAttribute('aria-label'),
      slashStrings.title(),
    );
    await loadAxe(panel.page);
    assert.deepEqual(await violations(panel.page, 'dark'), []);
    const pictures = process.env['PRELUDE_PICTURES'];
    if (pictures !== undefined) await panel.page.screenshot({ path: `${pictures}/slash-260.png` });
    await press('Escape');
    await type('f');
    assert.equal((await names()).length, 0, 'what was left stays closed');
    assert.equal(await told('aria-controls'), null);
  });

  it('that are whole go with Enter at once, and leave it to an input method (L24)', async () => {
    await open(null);
    await type('fix');
    await area().evaluate((text) =>
      text.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }),
      ),
    );
    await panel.settled();
    assert.equal(
      (await panel.said()).some((one) => one.type === 'send'),
      false,
    );
    await press('Enter');
    assert.deepEqual(await panel.said('send'), [{ type: 'send', conversation, text: '/fix' }]);
  });

  it('are sent by Enter only where the row of that command is the one that is gone to', async () => {
    await open([{ ...review, name: 'commit' }]);
    await type('commit');
    assert.deepEqual(await names(), ['commit', 'commit']);
    await press('ArrowDown');
    await press('Enter');
    assert.deepEqual(await panel.said('promptText'), [{ type: 'promptText', id: review.id, args: '' }]);
    // Its words have not come yet: it is not sent as it is typed.
    await press('Enter');
    await panel.answer('promptText', {
      ok: true,
      value: { text: 'Commit.', from: 7, to: 7, runs: false, permits: false },
    });
    assert.equal(await area().inputValue(), 'Commit.');
    assert.equal(
      (await panel.said()).some((one) => one.type === 'send'),
      false,
    );
  });

  it('leave an @ behind a name to its own list', async () => {
    await open();
    await type('review @log');
    const login = {
      kind: 'file',
      id: 'src/login.ts',
      name: 'login.ts',
      detail: 'src',
      marks: [],
      recent: false,
    } as const;
    await panel.answer('mentions', {
      ok: true,
      value: { rows: [login], total: 1, partial: false, beside: [], more: false },
    });
    assert.deepEqual(await names(), ['login.ts']);
    await press('Enter');
    assert.equal((await area().inputValue()).trimEnd(), '/review @src/login.ts');
  });

  it('of the workspace become the message with what is written behind them, and are not sent (L61)', async () => {
    await open();
    await type('review a.ts');
    assert.deepEqual(await names(), ['review']);
    await press('Enter');
    assert.deepEqual(await panel.said('promptText'), [{ type: 'promptText', id: review.id, args: 'a.ts' }]);
    const text = 'Review [file] well.';
    const value = { text, from: 7, to: 13, runs: true, permits: true };
    await panel.answer('promptText', { ok: true, value });
    assert.equal(await area().inputValue(), text);
    assert.equal(
      await area().evaluate((box: HTMLTextAreaElement) => getSelection()?.toString() ?? box.value),
      '[file]',
    );
    assert.equal(
      (await panel.said()).some((one) => one.type === 'send'),
      false,
    );
    assert.deepEqual(await panel.page.locator('.attachmentNote .noteWords').allTextContents(), [
      slashStrings.notRun('review'),
      slashStrings.notPermitted('review'),
    ]);
    await press('ControlOrMeta+z');
    assert.equal(await area().inputValue(), '/review a.ts');
  });

  it('wait for what the workspace has, and say why one could not be read', async () => {
    await open(null);
    await type('rev');
    await press('Enter');
    await panel.answer('promptFiles', { ok: true, value: [review] });
    await panel.answer('promptText', { ok: false, reason: refusals.promptGone() });
    assert.equal(await area().inputValue(), '/rev');
    assert.equal(await panel.page.locator('.attachmentNote').count(), 1);
  });

  it('are none within a text, and none that a draft begins with', async () => {
    await open();
    await press('Escape');
    for (const [draft, typed] of [
      ['/fix', ''],
      ['', 'see /'],
      ['', '//'],
    ] as const) {
      await area().fill('');
      await panel.settled();
      await panel.post({ type: 'setDraft', conversation, text: draft });
      await type(typed);
      await panel.settled();
      assert.equal(await rows().count(), 0, draft + typed);
    }
    await area().fill('');
    await type('/');
    await rows().first().waitFor();
  });
});
