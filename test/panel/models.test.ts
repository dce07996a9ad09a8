/** The pickers of model and effort, the line about a switch, and the key that the environment holds. */

import assert from 'node:assert/strict';
import { modelOf, modelTable } from '../../src/core/models/models';
import { familyStrings, modelStrings } from '../../src/host/base/plainStrings';
import { modelChoices } from '../../src/host/pricing/models';
import type { PanelEnvironment } from '../../src/shared/protocol';
import { costStrings } from '../../src/webview/l10n/costStrings';
import { stepLabel } from '../../src/webview/l10n/failures';
import { spokenDollars } from '../../src/webview/l10n/format';
import { effortName } from '../../src/webview/l10n/pickerButtonStrings';
import { pickerStrings } from '../../src/webview/l10n/pickerStrings';
import { strings } from '../../src/webview/l10n/strings';
import { filled, saying } from '../texts';
import { loadAxe, violations } from './axe';
import { answer, chat, failure, text, user } from './chats';
import { nextCost } from './costs';
import { type PanelBench, PanelPage, startBench } from './panelPage';
import { themeNames } from './themes';

const models = modelChoices(
  modelTable.map((model) => ({ model, facts: null })),
  modelOf('claude-opus-4-8'),
  Date.UTC(2026, 10, 22),
);
const environment: Partial<PanelEnvironment> = { models, modelList: 'live' };

describe('The pickers', () => {
  let bench: PanelBench;
  let panel: PanelPage;
  /** axe itself does what the panel's policy forbids. */
  let axeRan = false;

  before(async () => {
    bench = await startBench();
  });
  afterEach(async () => {
    const { problems } = panel;
    await panel.close();
    if (!axeRan) assert.deepEqual(problems, []);
    axeRan = false;
  });

  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await panel.page.keyboard.press(key);
    await panel.settled();
  };
  const openModels = async (): Promise<void> => {
    await panel.page.locator('.composerModel').click();
    await panel.settled();
  };
  const focused = () => panel.page.evaluate(() => document.activeElement?.className ?? '');
  const active = () => panel.words('.option.active .optionName');
  const names = () => panel.page.locator('.option .optionName').allTextContents();

  it('open above their button, no wider than 320 px and inside the panel at any width', async () => {
    for (const width of [260, 400, 900]) {
      panel = await PanelPage.open(bench, { width, environment });
      for (const kind of ['model', 'effort']) {
        const button = panel.page.locator(`[data-picker="${kind}"]`);
        if (!(await button.isVisible())) continue;
        await button.click();
        await panel.settled();
        const [popup, place] = [await panel.page.locator('.picker').boundingBox(), await button.boundingBox()];
        assert.ok(popup && place);
        assert.ok(popup.width <= 320 && popup.x >= 0 && popup.x + popup.width <= width, `${kind} at ${width}`);
        assert.ok(popup.y >= 0 && popup.y + popup.height <= place.y, `${kind} above its button at ${width}`);
        await press('Escape');
      }
      if (width !== 900) await panel.close();
    }
  });

  it('say that they cannot be shown where their part cannot be loaded, and close', async () => {
    panel = await PanelPage.open(bench, { environment, snapshot: false, alone: true });
    await panel.page.route('**/popups.js', (route) => route.abort());
    await panel.start({ environment });
    await openModels();
    await panel.page.waitForSelector('.attachmentNote.refused');
    assert.equal(await panel.words('.attachmentNote.refused .noteWords'), strings.cannotShow());
    assert.equal(await panel.page.locator('.composerModel').getAttribute('aria-expanded'), 'false');
    // The browser tells of what it could not load.
    axeRan = true;
  });

  it('say name, phrase and prices of each model, with the default and the chosen one marked', async () => {
    panel = await PanelPage.open(bench, { environment });
    await openModels();
    const first = panel.page.locator('.option').first();
    assert.equal(await panel.words(first.locator('.optionTitle')), `Opus 4.8 ${pickerStrings.default()}`);
    assert.match(
      await panel.words(first),
      saying('$5 / $25', filled(familyStrings['opus']?.() ?? modelStrings.listed())),
    );
    assert.equal(await first.getAttribute('aria-selected'), 'true');
    assert.equal(await panel.page.locator('.option[aria-selected="true"]').count(), 1);
    assert.equal(await panel.page.locator('.optionBadge').count(), 1);
    const tiered = panel.page.locator('[data-value="claude-haiku-5-5"]');
    assert.match(await panel.words(tiered), saying('$0.10 / $0.50', pickerStrings.above('100k', '$0.50', '$2.50')));
  });

  it('stand with the newest of each line first, and say of the older ones what speaks against them', async () => {
    panel = await PanelPage.open(bench, { environment });
    await openModels();
    const older = panel.page.getByRole('group', { name: pickerStrings.older() });
    const all = await names();
    assert.deepEqual(all.slice(0, 5), ['Opus 4.8', 'Opus 5.5', 'Sonnet 5.5', 'Haiku 5.5', 'Fable 5.2']);
    assert.deepEqual(await older.locator('.optionName').allTextContents(), all.slice(6));
    const more = (id: string) => panel.page.locator(`[data-value="${id}"] .optionMore`).allTextContents();
    assert.deepEqual(await more('claude-opus-4-8'), [pickerStrings.cheaper('Opus 5.5', '20%')]);
    assert.deepEqual(await more('claude-sonnet-4-5'), [
      pickerStrings.cheaper('Sonnet 5.5', '13%'),
      (Date.now() < Date.UTC(2026, 10, 30) ? pickerStrings.retires : pickerStrings.retired)('November 30'),
    ]);
    // A window is said where it is smaller than those of the others.
    const windows = await panel.page.locator('.option', { hasText: pickerStrings.window('200k') }).count();
    assert.equal(windows, models.filter(({ windowTokens }) => windowTokens < 1_000_000).length);
    assert.equal(await panel.page.locator('.option', { hasText: pickerStrings.window('1M') }).count(), 0);
  });

  it('say what a question like this one costs with each model, where that is known', async () => {
    const byModel = { 'claude-opus-4-8': 0.0444, 'claude-haiku-5-5': 0.004 };
    panel = await PanelPage.open(bench, { environment, composer: { next: nextCost({ byModel }) } });
    await openModels();
    const more = (id: string) => panel.words(`[data-value="${id}"] .optionMore >> nth=0`);
    assert.match(await more('claude-opus-4-8'), saying(pickerStrings.question('$0.04')));
    assert.match(await more('claude-opus-4-8'), saying(pickerStrings.spokenQuestion(spokenDollars(0.0444))));
    assert.match(await more('claude-haiku-5-5'), saying(pickerStrings.question('< $0.01')));
    assert.doesNotMatch(await more('claude-haiku-5-5'), /≈/);
    assert.doesNotMatch(await panel.words('[data-value="claude-opus-5-5"]'), saying(pickerStrings.question('')));
  });

  it('never show a price that is not known', async () => {
    const unknown = modelChoices([], modelOf('my-gateway/opus'), 0);
    panel = await PanelPage.open(bench, { environment: { models: unknown }, composer: { modelId: 'my-gateway/opus' } });
    await openModels();
    assert.match(await panel.words('.option'), /— \/ —/);
  });

  it('narrow as one types, by name, id and phrase', async () => {
    panel = await PanelPage.open(bench, { environment });
    await openModels();
    await panel.page.keyboard.type('sonnet 4');
    await panel.settled();
    assert.deepEqual(await names(), ['Sonnet 4.6', 'Sonnet 4.5']);
    assert.equal(await active(), 'Sonnet 4.6');
    await panel.page.locator('.pickerFilter').fill('cheap');
    await panel.settled();
    assert.deepEqual(await names(), ['Haiku 5.5', 'Haiku 4.5']);
    await panel.page.locator('.pickerFilter').fill('zzz');
    await panel.settled();
    assert.equal(await panel.words('.pickerNote'), pickerStrings.none());
    await press('Enter');
    assert.ok(!(await panel.said()).some(({ type }) => type === 'setModel'));
  });

  it('work from the keyboard: open, arrows, Enter; the choice goes to the host once', async () => {
    panel = await PanelPage.open(bench, { environment });
    await panel.page.locator('textarea').focus();
    for (let stops = 0; stops < 4 && !/composerModel/.test(await focused()); stops += 1) await press('Tab');
    assert.match(await focused(), /composerModel/);
    await press('Enter');
    assert.match(await focused(), /pickerFilter/);
    assert.equal(await active(), 'Opus 4.8');
    await press('ArrowDown');
    assert.equal(await active(), 'Opus 5.5');
    await press('ArrowUp', 'ArrowUp');
    assert.equal(await active(), models.at(-1)?.name, 'round the end');
    await press('ArrowDown', 'ArrowDown', 'Enter');
    assert.deepEqual(await panel.said('setModel'), [{ type: 'setModel', model: 'claude-opus-5-5' }]);
    assert.equal(await panel.page.locator('.picker').count(), 0);
    assert.match(await focused(), /composerModel/);
  });

  it('give the focus back on Esc, and close when it goes elsewhere', async () => {
    panel = await PanelPage.open(bench, { environment });
    await openModels();
    await press('Escape');
    assert.equal(await panel.page.locator('.picker').count(), 0);
    assert.match(await focused(), /composerModel/);
    await openModels();
    await press('Shift+Tab');
    assert.equal(await panel.page.locator('.picker').count(), 0);
    await openModels();
    await panel.page.locator('.titleRow').click();
    await panel.settled();
    assert.equal(await panel.page.locator('.picker').count(), 0);
    assert.ok(!(await panel.said()).some(({ type }) => type === 'setModel'));
  });

  it('leave Enter, arrows and Esc to an input method that is at work (L24)', async () => {
    panel = await PanelPage.open(bench, { environment });
    await openModels();
    await panel.page.evaluate(() => {
      for (const key of ['Enter', 'ArrowDown', 'Escape']) {
        const init = { key, bubbles: true, cancelable: true, isComposing: true };
        document.querySelector('.pickerFilter')?.dispatchEvent(new KeyboardEvent('keydown', init));
      }
    });
    await panel.settled();
    assert.equal(await panel.page.locator('.picker').count(), 1);
    assert.equal(await active(), 'Opus 4.8');
    assert.ok(!(await panel.said()).some(({ type }) => type === 'setModel'));
  });

  it('are read out as a list with its active option', async () => {
    panel = await PanelPage.open(bench, { environment });
    await openModels();
    await press('ArrowDown');
    const filter = panel.page.locator('.pickerFilter');
    assert.equal(await filter.getAttribute('role'), 'combobox');
    const list = await filter.getAttribute('aria-controls');
    assert.equal(await panel.page.locator(`#${list}`).getAttribute('role'), 'listbox');
    const option = panel.page.locator(`#${await filter.getAttribute('aria-activedescendant')}`);
    assert.equal(await option.getAttribute('role'), 'option');
    const name = `Opus 5.5 ${pickerStrings.spokenPrices('$4', '$20')} ${filled(familyStrings['opus']?.() ?? modelStrings.listed())}`;
    assert.equal(await panel.page.getByRole('option', { name, exact: true }).count(), 1);
    assert.equal(await option.getAttribute('data-value'), 'claude-opus-5-5');
  });

  it('have nothing that axe would mind, in any theme', async () => {
    const rewrite = { kind: 'model', from: 'Opus 4.8', to: 'Sonnet 4.6', tokens: 18_000, usd: 0.0675 } as const;
    for (const theme of themeNames) {
      axeRan = true;
      panel = await PanelPage.open(bench, { theme, environment, composer: { rewrite } });
      await loadAxe(panel.page);
      for (const kind of ['model', 'effort']) {
        await panel.page.locator(`[data-picker="${kind}"]`).click();
        await panel.settled();
        const found = (await violations(panel.page, theme)).map((violation) => `${theme}, ${kind}: ${violation}`);
        assert.deepEqual(found, []);
        await press('Escape');
      }
      if (theme !== themeNames.at(-1)) await panel.close();
    }
  });

  it('ask the host for the list only when the models are opened, and say when the API is being asked', async () => {
    panel = await PanelPage.open(bench, { environment });
    await panel.page.locator('.composerEffort').click();
    await panel.settled();
    await press('Escape');
    assert.ok(!(await panel.said()).some(({ type }) => type === 'askModels'));
    await openModels();
    assert.deepEqual(await panel.said('askModels'), [{ type: 'askModels' }]);
    await panel.start({ environment: { ...environment, modelList: 'asking' } });
    assert.equal(await panel.words('.pickerNote'), pickerStrings.asking());
    await panel.start({ environment: { ...environment, modelList: 'failed' } });
    assert.match(await panel.words('.pickerNote'), saying(pickerStrings.askingFailed()));
    await panel.start({ environment });
    assert.equal(await panel.words('.pickerNote'), '');
  });

  it('offer the efforts that the model takes, and none where it takes none', async () => {
    panel = await PanelPage.open(bench, { environment });
    await panel.page.locator('.composerEffort').click();
    await panel.settled();
    assert.deepEqual(await names(), ['low', 'medium', 'high', 'xhigh', 'max'].map(effortName));
    assert.equal(await active(), 'High');
    await panel.page.locator('.option', { hasText: 'Max' }).click();
    assert.deepEqual(await panel.said('setEffort'), [{ type: 'setEffort', effort: 'max' }]);
    await panel.snapshot({
      composer: { modelId: 'claude-sonnet-4-6', modelName: 'Sonnet 4.6', effort: 'low' },
    });
    await panel.page.locator('.composerEffort').click();
    await panel.settled();
    assert.deepEqual(await names(), ['Low', 'Medium', 'High', 'Max']);
    await press('Escape');
    await panel.snapshot({ composer: { modelId: 'claude-haiku-4-5', modelName: 'Haiku 4.5', effort: null } });
    await panel.settled();
    assert.equal(await panel.page.locator('.composerEffort').count(), 0);
  });

  it('lead from the models to the effort where the bar has no room for both', async () => {
    panel = await PanelPage.open(bench, { width: 260, environment });
    assert.equal(await panel.page.locator('.composerEffort').isVisible(), false);
    await openModels();
    await panel.page.locator('.pickerMore').click();
    await panel.settled();
    assert.deepEqual(await names(), ['low', 'medium', 'high', 'xhigh', 'max'].map(effortName));
    await press('Escape');
    assert.match(await focused(), /composerModel/);
  });

  it('say in a quiet line what a switch costs with the next message, and nothing when it costs nothing', async () => {
    const rewrite = { kind: 'model', from: 'Opus 4.8', to: 'Sonnet 4.6', tokens: 18_000, usd: 0.0675 } as const;
    panel = await PanelPage.open(bench, { environment, composer: { rewrite } });
    const line = costStrings.dearer('Opus 4.8 → Sonnet 4.6', '$0.068');
    assert.equal(await panel.words('.rewriteNote'), line);
    await panel.snapshot({ composer: { rewrite: { ...rewrite, kind: 'effort', from: 'high', to: 'max', usd: null } } });
    await panel.settled();
    assert.equal(await panel.words('.rewriteNote'), costStrings.dearerUnknown('High → Max'));
    await panel.snapshot({});
    await panel.settled();
    assert.equal(await panel.page.locator('.rewriteNote').count(), 0);
  });

  it('open from the notice about a model that may not be used', async () => {
    const outcome = { kind: 'failed', failure: failure({ code: 'unknownModel' }) } as const;
    const state = chat([user('u1', 'Why?'), answer('u1', [text('a', 'x')], { outcome })]);
    panel = await PanelPage.open(bench, { environment, state });
    const button = panel.page.locator('.notice .button');
    assert.equal(await panel.words(button), stepLabel('chooseModel'));
    await button.click();
    await panel.settled();
    assert.equal(await panel.page.locator('.modelPicker').count(), 1);
    await press('Escape');
    assert.match(await focused(), /button/, 'the focus goes back to the notice');
  });
});

describe('A key in the environment', () => {
  let bench: PanelBench;
  let panel: PanelPage;

  before(async () => {
    bench = await startBench();
  });
  afterEach(() => panel.close());

  it('is offered by its last four characters, used after one click, or left alone', async () => {
    const key = { kind: 'missing', offer: { lastFour: 'wxyz', host: null } } as const;
    panel = await PanelPage.open(bench, { environment: { key } });
    assert.match(await panel.words('.empty'), /Found an API key ending in …wxyz in the environment\./);
    const primary = panel.page.locator('.empty .button');
    assert.equal(await primary.count(), 1);
    assert.equal(await panel.words(primary), strings.useFoundKey('wxyz'));
    await primary.click();
    await panel.page.locator('[data-step="declineEnvironmentKey"]').click();
    await panel.page.locator('[data-step="setKey"]').click();
    assert.deepEqual(
      (await panel.said('do')).map(({ action }) => action),
      ['useEnvironmentKey', 'declineEnvironmentKey', 'setKey'],
    );
  });

  it('names the host that the environment gives for it', async () => {
    const key = { kind: 'missing', offer: { lastFour: 'wxyz', host: 'gateway.example' } } as const;
    panel = await PanelPage.open(bench, { environment: { key } });
    assert.match(await panel.words('.empty'), /an API key for gateway\.example ending in …wxyz/);
  });
});
