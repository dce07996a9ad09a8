/** Code blocks in the panel that are to be applied to files: what their menu is told, and their cards. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { BlockEdit } from '../../src/shared/approval';
import { approvalStrings } from '../../src/webview/l10n/approvalStrings';
import { editStrings } from '../../src/webview/l10n/editStrings';
import { loadAxe, violations } from './axe';
import { answer, chat, longAnswer, text, user } from './chats';
import { change, edited } from './edits';
import { conversation, type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';

function block(key: string, more: Partial<BlockEdit> = {}): BlockEdit {
  return { key, path: 'src/login.ts', source: 'named', why: [], proposed: change('src/login.ts'), ...more };
}

const unclear = block('b2', { proposed: null, text: 'other();', source: 'active' });

function waiting(blocks: readonly BlockEdit[], more: Partial<PanelOptions> = {}): PanelOptions {
  const turn = answer('u1', [text('a', 'So:\n\n```ts src/login.ts\nlet a;\n```')], { blocks, edits: [edited('b.ts')] });
  return { state: chat([user('u1', 'How?'), turn]), ...more };
}

describe('Code blocks in the panel that are to be applied to files', () => {
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

  const open = async (options: PanelOptions, ready: string): Promise<void> => {
    panel = await PanelPage.open(bench, options);
    await panel.page.locator(ready).first().waitFor();
  };
  const focused = () => panel.page.evaluate(() => document.activeElement?.getAttribute('data-do'));
  const click = (name: string) => panel.page.locator(`[data-do="${name}"]`).first().click();

  it('tell their menu which answer they are of, all of their info, and what stands right above them', async () => {
    const words = [
      'In `src/a.ts`:\n\n```ts title="x.ts"\none;\n```\n\n```ts\ntwo;\n```',
      '1. In b.ts:\n\n   ```ts\n   three;\n   ```\n\n- ```ts\n  four;\n  ```',
    ].join('\n\n');
    panel = await PanelPage.open(bench, { state: chat([user('u1', 'How?'), answer('u1', [text('a', words)])]) });
    await panel.page.evaluate(() => {
      const told: unknown[] = [];
      Object.assign(window, { told });
      document.addEventListener('contextmenu', (event) => {
        told.push(JSON.parse((event.target as Element).getAttribute('data-vscode-context') ?? 'null'));
      });
    });
    for (const button of await panel.page.locator('[data-code="ellipsis"]').all()) await button.press('Enter');
    const told = await panel.page.evaluate(
      () => (window as unknown as { told: readonly Readonly<Record<string, string>>[] }).told,
    );
    assert.deepEqual(
      told.map(({ preludeAnswer, answer: of, info, above }) => [preludeAnswer, of, info, above?.trim()]),
      [
        [true, 'u1', 'ts title="x.ts"', 'In src/a.ts:'],
        [true, 'u1', 'ts', ''],
        [true, 'u1', 'ts', 'In b.ts:'],
        [true, 'u1', 'ts', ''],
      ],
    );
  });

  it('are applied, moved and let be, each once at a time, and say why not where they stand', async () => {
    await open(waiting([block('b1')]), '.blockCard');
    const words = await panel.words('.blockCard');
    assert.ok(words.includes(editStrings.blockSource.named()), words);
    await panel.page
      .locator('[data-do="applyBlock"]')
      .dblclick({ timeout: 1000 })
      .catch(() => undefined);
    assert.deepEqual(await panel.said('answerBlock'), [{ type: 'answerBlock', conversation, key: 'b1', apply: true }]);
    await panel.answer('answerBlock', { ok: false, reason: { text: 'It runs.' } });
    assert.match(await panel.words('.blockCard .editProblem'), /It runs\./);
    assert.equal(await focused(), 'applyBlock');
    await click('moveBlock');
    assert.deepEqual(await panel.said('moveBlock'), [{ type: 'moveBlock', conversation, key: 'b1' }]);
    assert.equal(await panel.page.locator('.blockCard .editProblem').count(), 0);
    await click('openDiff');
    assert.deepEqual(await panel.said('openProposed'), [{ type: 'openProposed', conversation, key: 'b1' }]);
    await click('rejectBlock');
    assert.deepEqual((await panel.said('answerBlock')).at(-1), {
      ...{ type: 'answerBlock', conversation, key: 'b1', apply: false },
    });
    await panel.events({ type: 'blocks', answer: 'u1', blocks: [] });
    assert.equal(await panel.page.locator('.blockCard').count(), 0);
  });

  it('whose place is not certain say so, and go to the cursor', async () => {
    await open(waiting([unclear]), '.blockCard');
    assert.match(await panel.words('.blockCard'), new RegExp(editStrings.unclear('src/login.ts')));
    assert.equal(await panel.page.locator('[data-do="applyBlock"]').count(), 0);
    await panel.page.locator('[data-do="insertBlock"]').press('Enter');
    assert.deepEqual(await panel.said('insert'), [{ type: 'insert', text: 'other();' }]);
    await panel.answer('insert', { ok: false, reason: { text: 'There is none.' } });
    assert.equal(await focused(), 'insertBlock');
    assert.match(await panel.words('.blockCard .editProblem'), /There is none\./);
    const isLetBe = (await panel.said()).some(({ type }) => type === 'answerBlock');
    assert.equal(isLetBe, false, 'the card stays while the code is nowhere');
    await panel.page.keyboard.press('Enter');
    await panel.page.locator('.blockCard .editProblem').waitFor({ state: 'detached' });
    await panel.answer('insert', { ok: true, value: null });
    assert.equal(await panel.page.locator('.composerText:focus').count(), 1, 'before its card goes');
    assert.deepEqual(await panel.said('answerBlock'), [{ type: 'answerBlock', conversation, key: 'b2', apply: false }]);
  });

  it('come into sight with the focus where the user asked for them, once their card is drawn', async () => {
    const turn = answer('u1', [text('a', 'So.')]);
    const above = answer('u2', [text('b', longAnswer.repeat(3))]);
    panel = await PanelPage.open(bench, {
      state: chat([user('u1', 'How?'), turn, user('u2', 'Why?'), above]),
      height: 500,
    });
    await panel.post({ type: 'showCard', key: 'b1' });
    await panel.events({ type: 'blocks', answer: 'u1', blocks: [block('b1')] });
    await panel.page.locator('.blockCard:focus').waitFor();
    await panel.page.locator('.waitingBar').waitFor({ state: 'detached' });
    await panel.page.locator('.transcript').evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await panel.page.locator('.waitingBar').waitFor();
    assert.match(await panel.words('.waitingBar'), new RegExp(approvalStrings.editsWait(1)));
  });

  for (const [width, theme] of [
    [260, 'dark'],
    [400, 'light'],
    [260, 'highContrast'],
  ] as const) {
    it(`fit into ${width} px, ${theme}, and have no faults that axe knows`, async () => {
      const secret = block('b3', { why: ['runsCode'], path: '.vscode/tasks.json', source: 'mentioned' });
      await open(waiting([block('b1'), unclear, secret], { width, theme, height: 1400 }), '.blockCard');
      assert.equal(await panel.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
      const outer = await panel.page.locator('.blockCard').first().boundingBox();
      for (const button of await panel.page.locator('.blockCard button').all()) {
        const place = await button.boundingBox();
        assert.ok(place !== null && outer !== null && place.x + place.width <= outer.x + outer.width + 0.5);
        assert.ok(place.height >= 24, `${place.height}`);
      }
      const folder = process.env['PRELUDE_PICTURES'];
      if (folder !== undefined)
        await panel.page.screenshot({ path: join(folder, `block-cards-${width}-${theme}.png`) });
      await loadAxe(panel.page);
      assert.deepEqual(await violations(panel.page, theme), []);
    });
  }
});
