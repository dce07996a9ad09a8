import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageHtml } from '../../src/host/panel/chatHtml';
import { costStrings } from '../../src/webview/l10n/costStrings';
import { strings } from '../../src/webview/l10n/strings';
import { short } from '../short';
import { repoRoot } from '../vscode/paths';
import { loadAxe, violations } from './axe';
import { answer, chat, chips, longAnswer, shortTools, startedAt, text, tool, user } from './chats';
import { baseEnvironment, conversation, type PanelBench, PanelPage, startBench } from './panelPage';
import { bodyClasses } from './server';
import { states, unfold } from './states';
import { type ThemeName, themeNames, themeSheets, themeVariables } from './themes';

const question = user('u1', 'Why does login retry twice?');

/** All themes, or the first with one of the others in turn. */
function wornIn(state: number): readonly ThemeName[] {
  const [first = 'dark', ...others] = themeNames;
  return short ? [first, others[state % others.length] ?? first] : themeNames;
}

describe('For everyone', () => {
  let bench: PanelBench;
  let panel: PanelPage;
  /** axe itself does what the panel's policy forbids. */
  let axeRan = false;

  before(async () => {
    bench = await startBench();
  });
  beforeEach(() => {
    axeRan = false;
  });
  afterEach(async () => {
    const { problems } = panel;
    await panel.close();
    if (!axeRan) assert.deepEqual(problems, []);
  });

  it('has nothing that axe would mind, in any theme', async function () {
    this.timeout(240_000);
    axeRan = true;
    panel = await PanelPage.open(bench);
    await loadAxe(panel.page);
    const found: string[] = [];
    for (const [at, [name, options]] of Object.entries(states).entries()) {
      await panel.page.setViewportSize({ width: options.width ?? 260, height: 700 });
      await panel.post({ type: 'environment', environment: { ...baseEnvironment, ...options.environment } });
      await panel.snapshot(options);
      await panel.settled();
      await unfold(panel);
      if (options.opened !== undefined) await options.opened(panel);
      else {
        const popup = panel.page.locator('.filesChip');
        await ((await popup.count()) > 0 ? popup : panel.page.locator('.costLine')).click();
      }
      // Some load the document anew.
      if (await panel.page.evaluate(() => !('axe' in window))) await loadAxe(panel.page);
      // As the user changes it, with the panel open.
      for (const theme of wornIn(at)) {
        await panel.wear(theme);
        found.push(...(await violations(panel.page, theme)).map((violation) => `${name}, ${theme}: ${violation}`));
      }
      if (options.opened === undefined) {
        await panel.page.keyboard.press('Escape');
        continue;
      }
      await panel.close();
      panel = await PanelPage.open(bench);
      await loadAxe(panel.page);
    }
    assert.deepEqual(found, []);
  });

  it('has nothing that axe would mind where the start has failed', async () => {
    axeRan = true;
    panel = await PanelPage.open(bench, { alone: true });
    const retry = { label: 'Retry', nonce: 'n0nce' };
    const message = 'Couldn’t open the store: the disk is full.';
    const heading = 'Couldn’t start Prelude.';
    const body = messageHtml({ locale: 'en', title: 'Prelude Chat', heading, message, retry });
    await panel.page.route('**/failed', (route) => route.fulfill({ contentType: 'text/html', body }));
    await panel.page.goto(`${bench.server.origin}/failed`);
    await loadAxe(panel.page);
    const found: string[] = [];
    for (const theme of themeNames) {
      await panel.page.evaluate(
        async ([sheet, worn]) => {
          document.body.className = worn;
          document.adoptedStyleSheets = [await new CSSStyleSheet().replace(sheet)];
        },
        [themeSheets()[theme] ?? '', bodyClasses[theme]] as const,
      );
      found.push(...(await violations(panel.page, theme)).map((violation) => `${theme}: ${violation}`));
    }
    assert.deepEqual(found, []);
  });

  it('uses only colours that VS Code has in its themes, or falls back', () => {
    const css = ['panel', 'transcript', 'markdown', 'composer', 'cost']
      .map((name) => readFileSync(join(repoRoot(), 'media', `${name}.css`), 'utf8'))
      .join('\n');
    const bare = new Set(
      [...css.matchAll(/var\((--vscode-[\w-]+)\)/g)].flatMap(([, name]) => (name === undefined ? [] : [name])),
    );
    assert.ok(bare.size > 30);
    for (const name of bare) assert.ok(name in themeVariables('dark') && name in themeVariables('light'), name);
    assert.equal(/#[0-9a-f]{3,8}\b/i.test(css), false, 'no colour of its own');
  });

  it('draws borders in high contrast', async () => {
    panel = await PanelPage.open(bench, { theme: 'highContrast', ...states['with an answer'] });
    for (const selector of ['.bubble', '.chip', '.codeBlock', '.tableFrame', '.composerBox']) {
      const border = await panel.page
        .locator(selector)
        .first()
        .evaluate((element) => {
          const { borderTopWidth, borderTopColor } = getComputedStyle(element);
          return `${borderTopWidth} ${borderTopColor}`;
        });
      assert.match(border, /^1px rgb\((?!0, 0, 0\))/, selector);
    }
  });

  it('names its turns and tells events, never tokens', async () => {
    panel = await PanelPage.open(bench, { state: chat([question, answer('u1', [text('a', 'x')], { usd: 0.043 })]) });
    const labels = await panel.page
      .locator('article')
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
    assert.match(labels[0] ?? '', /^You, \d\d:\d\d/);
    assert.match(labels[1] ?? '', /^Claude, \d\d:\d\d.*, 12 seconds, 4 cents$/);
    await panel.page.evaluate(() => {
      const heard: string[] = [];
      const live = document.querySelector('[aria-live]');
      if (live !== null)
        new MutationObserver(() => heard.push(live.textContent ?? '')).observe(live, {
          childList: true,
          characterData: true,
          subtree: true,
        });
      Object.assign(window, { heard });
    });
    const running = tool('t1', { status: 'running', label: { text: 'Reading {0}', args: ['login.ts'] } });
    const { key, status, label, summary, output } = running;
    const told = { type: 'tool', answer: 'u2', key, status, label, summary, output } as const;
    await panel.events(
      { type: 'item', item: user('u2', 'Again?') },
      { type: 'answerStarted', id: 'u2', at: startedAt, model: 'claude-opus-4-8' },
    );
    await panel.events({ type: 'partStarted', answer: 'u2', part: running }, told);
    await panel.events(told);
    await panel.events({ type: 'partStarted', answer: 'u2', part: text('a', '', true) });
    for (const piece of ['one ', 'two ', 'three'])
      await panel.events({ type: 'delta', answer: 'u2', key: 'a', text: piece });
    await panel.events({ type: 'answerEnded', answer: 'u2', at: startedAt + 1000, outcome: { kind: 'done' } });
    const heard = await panel.page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    assert.deepEqual(heard, [strings.announceAnswering(), 'Reading login.ts', 'Answer finished, 3 words']);
    assert.equal(await panel.page.locator('[aria-live]').count(), 1);
    const spoken = await panel.page.locator('.costLine').getAttribute('aria-label');
    assert.equal(spoken, costStrings.spoken(costStrings.about(costStrings.spokenRange(2, '6 cents'))));
  });

  it('can be walked through with the keyboard alone', async () => {
    panel = await PanelPage.open(bench, {
      composer: { chips },
      state: chat([
        question,
        answer('u1', [...shortTools, text('a', longAnswer)]),
        user('u2', 'And?'),
        answer('u2', [text('a', 'So.')]),
      ]),
    });
    const { keyboard } = panel.page;
    const focused = () => panel.page.evaluate(() => document.activeElement?.className ?? '');
    assert.equal(await focused(), 'composerText', 'opening focuses the text');
    await keyboard.press('Shift+Tab');
    assert.match(await focused(), /chip/, 'chips are one stop');
    await keyboard.press('ArrowRight');
    assert.match(await focused(), /chip/);
    await keyboard.press('ArrowLeft');
    await keyboard.press('Shift+Tab');
    assert.equal(await focused(), 'transcript', 'the transcript is one stop');
    await keyboard.press('ArrowUp');
    assert.match(await focused(), /turn answer/);
    await keyboard.press('ArrowUp');
    await keyboard.press('ArrowUp');
    assert.match(await focused(), /turn answer/);
    await keyboard.press('Tab');
    assert.match(await focused(), /foldLine/, 'Tab goes inside');
    await keyboard.press('Enter');
    await panel.settled();
    assert.equal(await panel.page.locator('.foldBody').count(), 1);
    await panel.page.locator('.transcript').focus();
    await keyboard.press('Tab');
    assert.equal(await focused(), 'pill', 'Tab goes past the turns');
    await keyboard.press('Tab');
    assert.match(await focused(), /chip/);
    await keyboard.press('Tab');
    assert.equal(await focused(), 'composerText');
  });

  it('comes by Tab to all that stands between the transcript and the text, and back', async () => {
    const full = states['a window that fills'];
    panel = await PanelPage.open(bench, { ...full, height: 300, composer: { ...full?.composer, chips: [] } });
    const { page } = panel;
    // What draws it is loaded when it is shown.
    await page.locator('.compactOffer button').nth(2).waitFor();
    await panel.post({ type: 'attachRefused', conversation, name: 'a.png', reason: { text: 'It is too large.' } });
    await page.locator('.attachmentNote.refused').waitFor();
    await page.locator('.transcript').evaluate((box) => {
      box.dispatchEvent(new WheelEvent('wheel', { deltaY: -1 }));
      box.scrollTop = 0;
    });
    await page.locator('.pill').waitFor();
    const stops = ['pill', 'button', 'linkButton', 'linkButton', 'iconButton codicon codicon-close', 'composerText'];
    const walked = async (key: string): Promise<string> => {
      await page.keyboard.press(key);
      return await page.evaluate(() => document.activeElement?.className ?? '');
    };
    await page.locator('.transcript').focus();
    const there: string[] = [];
    for (const _ of stops) there.push(await walked('Tab'));
    assert.deepEqual(there, stops);
    const back: string[] = [];
    for (const _ of stops) back.push(await walked('Shift+Tab'));
    assert.deepEqual(back, [...stops.slice(0, -1).reverse(), 'transcript']);
  });

  it('says once what was not done', async () => {
    panel = await PanelPage.open(bench);
    await panel.page.locator('.composerText').fill('Hello?');
    await panel.page.keyboard.press('Enter');
    await panel.answer('send', { ok: false, reason: { text: 'The disk is full.' } });
    await panel.page.locator('[role="alert"]').getByText('The disk is full.').waitFor();
    assert.equal(await panel.words('.live'), '');
  });

  it('keeps still when motion is to be reduced', async () => {
    panel = await PanelPage.open(bench, { reducedMotion: true, ...states['in the middle of an answer'] });
    const animation = () =>
      panel.page
        .locator('.spin')
        .first()
        .evaluate((element) => getComputedStyle(element).animationName);
    assert.equal(await animation(), 'none');
    await panel.page.emulateMedia({ reducedMotion: 'no-preference' });
    assert.equal(await animation(), 'spin');
    await panel.page.evaluate(() => document.body.classList.add('vscode-reduce-motion'));
    assert.equal(await animation(), 'none');
  });

  it('loses nothing where the system gives the colours', async () => {
    const left = states['left out, and nearly full'];
    const composer = { ...left?.composer, chips };
    panel = await PanelPage.open(bench, {
      ...left,
      composer,
      environment: { models: states['models']?.environment?.models ?? [] },
    });
    await panel.page.emulateMedia({ forcedColors: 'active' });
    /** What of it stands out from the page: its ground, its frame, what is around that. */
    const look = (selector: string): Promise<readonly string[]> =>
      panel.page
        .locator(selector)
        .first()
        .evaluate((element) => {
          const probe = document.body.appendChild(document.createElement('i'));
          probe.style.color = 'Canvas';
          const page = getComputedStyle(probe).color;
          probe.remove();
          const { backgroundColor, borderTopWidth, borderTopColor, outlineStyle, outlineColor } =
            getComputedStyle(element);
          return [
            ...(backgroundColor === page || backgroundColor.endsWith(', 0)') ? [] : [`ground ${backgroundColor}`]),
            ...(borderTopWidth === '0px' || borderTopColor === page ? [] : [`frame ${borderTopColor}`]),
            ...(outlineStyle === 'none' || outlineColor === page ? [] : [`outline ${outlineStyle} ${outlineColor}`]),
          ];
        });
    try {
      for (const selector of ['.changedDot', '.windowBar', '.bubble', '.chip', '.composerBox', '.sendButton']) {
        assert.notDeepEqual(await look(selector), [], selector);
      }
      const focused = await look('.composerBox');
      await panel.page.locator('.composerModel').click();
      await panel.page.locator('.option.active').waitFor();
      assert.notDeepEqual(await look('.composerBox'), focused, 'the text box with the focus');
      assert.notDeepEqual(await look('.option.active'), await look('.option:not(.active)'), 'the chosen option');
      await panel.page.keyboard.press('Escape');
      await panel.post({ type: 'find', step: 'open' });
      await panel.page.locator('.findText:focus').waitFor();
      const field = await look('.findField');
      const open = await look('.findSwitch');
      await panel.page.locator('.findSwitch').first().click();
      await panel.page.locator('.findSwitch[aria-pressed="true"]').waitFor();
      await panel.page.locator('.composerText').focus();
      assert.notDeepEqual(await look('.findSwitch'), open, 'a switch that is on');
      assert.notDeepEqual(await look('.findField'), field, 'the field with the focus');
      const icon = await panel.page
        .locator('.codicon-add')
        .first()
        .evaluate((one) => getComputedStyle(one).color);
      assert.notEqual(
        icon,
        await panel.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor),
      );
    } finally {
      await panel.page.emulateMedia({ forcedColors: 'none' });
    }
  });

  it('is never wider than its place', async () => {
    panel = await PanelPage.open(bench, { width: 260, ...states['with an answer'] });
    for (const width of [200, 260, 339, 340, 400, 719, 720, 900]) {
      await panel.page.setViewportSize({ width, height: 700 });
      await panel.settled();
      const wide = await panel.page.evaluate(() =>
        [...document.querySelectorAll('.panel *')]
          .filter((element) => {
            if (element.closest('pre, .tableFrame, .live, .chipsFitting') !== null) return false;
            const box = element.getBoundingClientRect();
            return box.width > 0 && box.right > innerWidth + 0.5;
          })
          .map((element) => element.className),
      );
      assert.deepEqual(wide, [], String(width));
      // Nothing can scroll but what is meant to: the title row and the composer stay where they are.
      const moved = await panel.page.evaluate(() => {
        document.querySelector('.turn .foldLine')?.scrollIntoView({ block: 'start' });
        const roots = [document.documentElement, document.body, ...document.querySelectorAll('#app, .root, .panel')];
        return roots
          .filter((root) => root.scrollTop > 0 || root.scrollHeight > root.clientHeight)
          .map((root) => root.tagName);
      });
      assert.deepEqual(moved, [], String(width));
    }
  });
});
