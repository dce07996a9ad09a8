/** Groups, keys and found places of the list of conversations. */
import assert from 'node:assert/strict';
import type { FoundPlace } from '../../src/shared/find';
import type { IntentType } from '../../src/shared/intents';
import type { ConversationsPage, Snippet } from '../../src/shared/protocol';
import { findStrings } from '../../src/webview/l10n/findStrings';
import { dayGroup, listStrings } from '../../src/webview/l10n/listStrings';
import { saying } from '../texts';
import { loadAxe, violations } from './axe';
import { answer, chat, text, user } from './chats';
import { listPage, row, spokenOf } from './lists';
import { conversation, type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';
import { notDoneWords } from './refused';
import { themeNames } from './themes';

describe('The list of conversations by its keys', () => {
  let bench: PanelBench;
  let panel: PanelPage;

  before(async () => {
    bench = await startBench();
  });
  afterEach(async () => {
    assert.deepEqual(panel.problems, []);
    await panel.close();
  });

  const state = chat([user('u', 'Hello'), answer('u', [text('t', 'Hi.')])]);
  const opened = async (options: PanelOptions = {}): Promise<void> => {
    panel = await PanelPage.open(bench, { state, ...options });
  };
  const reply = (more: Partial<ConversationsPage> = {}) =>
    panel.answer('listConversations', { ok: true, value: listPage(more) });

  it('has nothing that axe would mind, with every mark, words that were found, and a deletion (L30)', async () => {
    for (const theme of themeNames) {
      await opened({ theme, width: 900, environment: { column: true } });
      const states = ['idle', 'running', 'elsewhere', 'needsYou', 'unread', 'unopened'] as const;
      const snippet = { text: 'some \u0002words\u0003 here', item: 'user/u', entry: 'u' };
      await reply({ rows: states.map((one) => row(one, { state: one, snippet })), elsewhere: 2 });
      await panel.page.locator('.rowOpen').first().focus();
      await panel.page.keyboard.press(listStrings.removeHint());
      await panel.page.locator('.listUndo').waitFor();
      await loadAxe(panel.page);
      assert.deepEqual(await violations(panel.page, theme), [], theme);
      const sides = await panel.page.evaluate(() => [document.body.scrollWidth, document.body.clientWidth]);
      assert.equal(sides[0], sides[1], 'no wider than its place');
      if (theme !== themeNames.at(-1)) await panel.close();
    }
  });

  it('groups its rows by day, and each group by its name (L30)', async () => {
    await opened({ width: 900, environment: { column: true } });
    const now = Date.now();
    const rows = [
      row('t', { at: now }),
      row('u', { at: now - 1 }),
      row('w', { at: now - 4 * 86_400_000 }),
      row('o', { at: 0 }),
    ];
    await reply({ rows });
    const drawn = await panel.page
      .locator('.listScroll')
      .evaluate((list) =>
        [...list.querySelectorAll('.listGroup, .listRows')].map((one) => one.ariaLabel ?? one.textContent),
      );
    const names = [listStrings.today(), listStrings.previousDays(), dayGroup(0, now)];
    assert.deepEqual(
      drawn,
      names.flatMap((name) => [name, name]),
    );
    assert.deepEqual(
      await panel.page.locator('.listRows').evaluateAll((lists) => lists.map((one) => one.children.length)),
      [2, 1, 1],
    );
  });

  it('searches by / and by the key that finds, renames by the command, and gives the focus back by Esc', async () => {
    await opened({ width: 900, environment: { column: true } });
    await reply();
    const { keyboard } = panel.page;
    const isFocused = (name: string) =>
      panel.page.waitForFunction((one) => document.activeElement?.classList.contains(one) === true, name);
    await panel.page.locator('.rowOpen').nth(1).focus();
    await keyboard.press('/');
    await isFocused('listSearch');
    await keyboard.press('ArrowDown');
    await panel.post({ type: 'find', step: 'open' });
    await isFocused('listSearch');
    assert.equal(await panel.page.locator('.findBox').count(), 0);
    await keyboard.type('x');
    await keyboard.press('Escape');
    await panel.page.waitForFunction(() => document.querySelector<HTMLInputElement>('.listSearch')?.value === '');
    await keyboard.press('Escape');
    await isFocused('composerText');
    await panel.post({ type: 'showConversations', rename: true });
    await isFocused('rowRename');
    assert.equal(await panel.page.locator('.rowRename').inputValue(), 'CSV export', 'the one that is shown');
    await keyboard.press('Escape');
    await panel.page.locator('.rowOpen').nth(1).focus();
    await panel.post({ type: 'showConversations', rename: true });
    await isFocused('rowRename');
    assert.equal(await panel.page.locator('.rowRename').inputValue(), 'Flaky test', 'the one that has the focus');
    await keyboard.press('Escape');
  });

  it('opens to rename what is shown, where it was closed', async () => {
    await opened();
    await panel.post({ type: 'showConversations', rename: true });
    await panel.settled();
    await reply();
    await panel.page.waitForFunction(() => document.activeElement?.className === 'rowRename');
    assert.equal(await panel.page.locator('.rowRename').inputValue(), 'CSV export');
  });

  it('looks for what is to be renamed where it is not among the rows that are shown', async () => {
    await opened({ width: 900, environment: { column: true } });
    await reply({ rows: [row('x', { at: 9 })], more: true });
    await panel.page.locator('.listSearch').fill('csv');
    await panel.page.waitForFunction(() => window.panelHost.said.some((one) => 'query' in one && one.query === 'csv'));
    await reply({ rows: [row('x', { at: 9 })] });
    await panel.page.locator('.composerText').focus();
    await panel.post({ type: 'showConversations', rename: true });
    const asked = (after: object | null): Promise<unknown> =>
      panel.page.waitForFunction((cursor) => {
        const last = window.panelHost.said.filter(({ type }) => type === 'listConversations').at(-1);
        return JSON.stringify(last).includes(`"query":"",`) && JSON.stringify(last).includes(`"after":${cursor}`);
      }, JSON.stringify(after));
    await asked(null);
    await reply({ rows: [row('x', { at: 9 })], more: true });
    await asked({ at: 9, id: 'x' });
    await reply();
    await panel.page.waitForFunction(() => document.activeElement?.className === 'rowRename');
    assert.equal(await panel.page.locator('.rowRename').inputValue(), 'CSV export');
  });

  it('erases at once what is deleted forever', async () => {
    await opened({ width: 900, environment: { column: true } });
    await reply();
    await panel.page.locator('.rowOpen').first().focus();
    await panel.page.keyboard.press(listStrings.removeHint());
    await panel.page.locator('[data-list="deleteForever"]').click();
    assert.deepEqual(await panel.said('deleteForever'), [{ type: 'deleteForever', id: 'a' }]);
    await panel.answer('deleteForever', { ok: true, value: null });
    await panel.settled();
    assert.equal(await panel.page.locator('.listUndo').count(), 0);
    assert.match(await panel.words('[aria-live="polite"]'), saying(listStrings.erased('Login race')));
  });

  it('brings back together what was deleted within the time of one undo, but for what was refused', async () => {
    await opened({ width: 900, environment: { column: true }, alone: true });
    await reply();
    await panel.page.clock.install();
    const { keyboard } = panel.page;
    const seen = () => panel.page.locator('.listRow').evaluateAll((rows) => rows.map((one) => one.dataset['id']));
    await panel.page.locator('.rowOpen').first().focus();
    await keyboard.press(listStrings.removeHint());
    await panel.page.clock.runFor(6000);
    await panel.page.locator('.listRow[data-id="b"] .rowOpen').focus();
    await keyboard.press(listStrings.removeHint());
    await panel.page.clock.runFor(6000);
    assert.equal(await panel.words('.undoText'), listStrings.deletedMany(2));
    assert.match(await panel.words('[aria-live="polite"]'), saying(listStrings.deletedMany(2)));
    await keyboard.press(listStrings.removeHint());
    await panel.page.clock.runFor(100);
    assert.deepEqual(await seen(), []);
    // The first one is driven elsewhere meanwhile, say.
    await panel.answer('deleteConversation', { ok: false, reason: { text: 'Busy.' } }, 2);
    await panel.page.clock.runFor(100);
    assert.equal(await panel.words('.undoText'), listStrings.deletedMany(2));
    await panel.page.locator('[data-list="undo"]').click();
    assert.deepEqual(
      (await panel.said('undoDelete')).map(({ id }) => id),
      ['b', conversation],
    );
    await panel.answer('undoDelete', { ok: true, value: null }, 1);
    await panel.answer('undoDelete', { ok: true, value: null });
    await panel.page.clock.runFor(200);
    assert.match(await panel.words('[aria-live="polite"]'), saying(listStrings.restoredMany(2)));
    assert.deepEqual(await panel.said('openConversation'), [{ type: 'openConversation', id: conversation }]);
    assert.equal(await panel.page.locator('.listUndo').count(), 0);
    await reply();
    await panel.page.clock.runFor(100);
    assert.deepEqual(await seen(), ['a', 'b', conversation]);
  });

  it('erases all that was deleted within that time where they are deleted forever', async () => {
    await opened({ width: 900, environment: { column: true } });
    await reply();
    await panel.page.locator('.rowOpen').first().focus();
    for (const left of ['b', conversation]) {
      await panel.page.keyboard.press(listStrings.removeHint());
      await panel.page.waitForFunction((id) => document.activeElement?.closest(`[data-id="${id}"]`) !== null, left);
    }
    await panel.page.locator('[data-list="deleteForever"]').click();
    assert.deepEqual(
      (await panel.said('deleteForever')).map(({ id }) => id),
      ['a', 'b'],
    );
    for (const before of [1, 0]) await panel.answer('deleteForever', { ok: true, value: null }, before);
    assert.match(await panel.words('[aria-live="polite"]'), saying(listStrings.erasedMany(2)));
  });

  it('does nothing of weight by a key that is held down: no second row is deleted, nothing is stopped or sent anew', async () => {
    const held = async (key: string): Promise<void> => {
      for (let times = 0; times < 3; times += 1) await panel.page.keyboard.down(key);
      await panel.page.keyboard.up(key);
      await panel.settled();
    };
    const count = async (type: IntentType): Promise<number> =>
      (await panel.said()).filter((one) => one.type === type).length;
    await opened({ width: 900, environment: { column: true } });
    await reply();
    await panel.page.locator('.rowOpen').first().focus();
    await held(listStrings.removeHint());
    assert.equal(await count('deleteConversation'), 1);
    await panel.page.locator('.listRow[data-id="b"] [data-row="delete"]').focus();
    await held('Enter');
    assert.deepEqual([await count('deleteConversation'), await count('openConversation')], [2, 0]);
    await panel.page.locator('[data-edit]').first().focus();
    await panel.page.keyboard.down('Enter');
    await panel.page.waitForFunction(() => document.activeElement?.classList.contains('inlineText') === true);
    await held('Enter');
    assert.equal(await count('editMessage'), 0, 'the Enter that opened it');
    await panel.page.keyboard.press('Escape');
    await panel.events({ type: 'activity', activity: { kind: 'waiting', since: Date.now() } });
    await panel.page.locator('.composerText').focus();
    await held('Escape');
    assert.equal(await count('stop'), 0);
    await panel.page.keyboard.press('Escape');
    assert.equal(await count('stop'), 1);
    await panel.page.locator('.composerText').fill('words');
    await held('Backspace');
    assert.equal(await panel.page.locator('.composerText').inputValue(), 'wo', 'a text goes on');
  });

  it('does not bring a row back with rows that were asked for before it was deleted', async () => {
    await opened({ width: 900, environment: { column: true } });
    await reply();
    await panel.post({ type: 'conversationsChanged' });
    await panel.page.waitForFunction(
      () => window.panelHost.said.filter(({ type }) => type === 'listConversations').length === 2,
    );
    await panel.page.locator('.rowOpen').first().focus();
    await panel.page.keyboard.press(listStrings.removeHint());
    await panel.page.locator('.listUndo').waitFor();
    const gone = panel.page.locator('.listRow[data-id="a"]');
    await reply();
    await panel.settled();
    assert.equal(await gone.count(), 0);
    await panel.page.locator('[data-list="undo"]').click();
    await panel.post({ type: 'conversationsChanged' });
    await panel.page.waitForFunction(
      () => window.panelHost.said.filter(({ type }) => type === 'listConversations').length === 3,
    );
    await reply();
    await gone.waitFor();
  });

  it('opens what was found at its place, with the words marked, wherever the list is', async () => {
    const found = chat([
      user('u1', 'Why does brûlée burn?'),
      answer('u1', [text('t', 'It is hot.')]),
      user('u2', 'The brûlée again'),
      answer('u2', [text('t', 'Yes.')]),
    ]);
    const other = { ...found, conversation: 'other' };
    const snippet = { text: 'The \u0002brûlée\u0003 again', item: 'user/u2', entry: 'u2' };
    for (const width of [400, 900]) {
      await opened({ width, environment: { column: true } });
      if (width < 720) await panel.page.locator('.titleButton').click();
      await reply();
      await panel.page.locator('.listSearch').fill('brulee');
      await panel.page.waitForFunction(() =>
        window.panelHost.said.some((one) => 'query' in one && one.query === 'brulee'),
      );
      await reply({ rows: [row('other', { snippet })] });
      const pick = panel.page.locator('.listRow[data-id="other"] .rowOpen');
      assert.match(await pick.evaluate(spokenOf), /The brûlée again$/);
      await pick.click();
      assert.deepEqual(await panel.said('openConversation'), [{ type: 'openConversation', id: 'other' }]);
      await panel.snapshot({ state: other });
      await panel.page.locator('.findBox').waitFor();
      assert.equal(await panel.page.locator('.findText').inputValue(), 'brûlée', 'as it is written there');
      const places = [
        { item: 'user/u1', place: 'user/u1', count: 1 },
        { item: 'user/u2', place: 'user/u2', count: 1 },
      ];
      await panel.page.waitForFunction(() => window.panelHost.said.some(({ type }) => type === 'find'));
      assert.equal((await panel.said('find')).at(-1)?.conversation, 'other');
      await panel.answer('find', { ok: true, value: { places, more: false } });
      await panel.page.waitForFunction(() => (CSS.highlights.get('preludeFoundNow')?.size ?? 0) === 1);
      assert.equal(await panel.words('.findCount'), findStrings.place(2, '2'), 'the turn that was picked');
      assert.equal(await panel.page.locator('.conversations').isVisible(), width > 720);
      if (width < 720) await panel.close();
    }
  });

  /** Picks a row whose words were found, in a chat of its own. */
  async function pick(found: ReturnType<typeof chat>, snippet: Snippet): Promise<void> {
    await opened({ width: 900, environment: { column: true } });
    await reply();
    const typed = snippet.text.split('\u0002')[1]?.split('\u0003')[0] ?? '';
    await panel.page.locator('.listSearch').fill(typed);
    await panel.page.waitForFunction(
      (words) => window.panelHost.said.some((one) => 'query' in one && one.query === words),
      typed,
    );
    await reply({ rows: [row('other', { snippet })] });
    await panel.page.locator('.listRow[data-id="other"] .rowOpen').click();
    await panel.snapshot({ state: { ...found, conversation: 'other' } });
  }

  /** Answers the first search so, or the second. */
  const foundAt = async (time: 1 | 2, ...places: readonly FoundPlace[]) => {
    await panel.page.waitForFunction(
      (times) => window.panelHost.said.filter(({ type }) => type === 'find').length === times,
      time,
    );
    await panel.answer('find', { ok: true, value: { places, more: false } });
  };
  const markedNow = async () =>
    await panel.page.evaluate(() => {
      const [one] = CSS.highlights.get('preludeFoundNow') ?? [];
      const range = document.createRange();
      if (one !== undefined) range.setStart(one.startContainer, one.startOffset);
      if (one !== undefined) range.setEnd(one.endContainer, one.endOffset);
      return String(range);
    });

  it('goes to the branch on which the words were found, and says why where it cannot', async () => {
    const question = user('u1', 'Which animal?');
    const shown = chat([question, answer('u1', [text('t', 'A giraffe.')])]);
    const snippet = { text: 'A \u0002zebra\u0003.', item: 'answer/u1', entry: 'a0' };
    await pick(shown, snippet);
    await foundAt(1);
    const walk = { type: 'walk', conversation: 'other', to: 'a0' };
    const walks = async () => (await panel.said()).filter(({ type }) => type === 'walk');
    for (let tries = 0; tries < 200 && (await walks()).length === 0; tries += 1) await panel.settled();
    assert.deepEqual(await walks(), [walk]);
    await panel.snapshot({
      state: { ...chat([question, answer('u1', [text('z', 'A zebra.')])]), conversation: 'other' },
    });
    await panel.answer('walk', { ok: true, value: null });
    await foundAt(2, { item: 'answer/u1', place: 'answer/u1/z', count: 1 });
    await panel.page.waitForFunction(() => (CSS.highlights.get('preludeFoundNow')?.size ?? 0) === 1);
    assert.deepEqual([await markedNow(), await panel.words('.findCount')], ['zebra', findStrings.place(1, '1')]);
    await panel.close();
    await pick(shown, snippet);
    await foundAt(1);
    await panel.answer('walk', { ok: false, reason: { text: 'It runs.' } });
    await panel.page.waitForFunction(
      (words) => document.querySelector('.findCount')?.textContent === words,
      notDoneWords('walk', 'It runs.'),
    );
  });

  it('marks what was sent along, or all of the message, where its text has not got what was found', async () => {
    const sent = { kind: 'document', id: 'd', label: 'quarterly.pdf', mediaType: 'application/pdf' } as const;
    const shown = chat([{ ...user('u1', 'Sum it up.'), attachments: [sent] }, answer('u1', [text('t', 'It grows.')])]);
    for (const [words, marks] of [
      ['quarterly', 'quarterly.pdf'],
      ['elsewhere', 'Sum it up.'],
    ] as const) {
      await pick(shown, { text: `\u0002${words}\u0003`, item: 'user/u1', entry: 'u1' });
      await foundAt(1);
      await panel.answer('walk', { ok: true, value: null });
      await foundAt(2);
      await panel.page.waitForFunction(() => (CSS.highlights.get('preludeFoundNow')?.size ?? 0) === 1);
      assert.deepEqual([(await markedNow()).trim(), await panel.words('.findCount')], [marks, findStrings.beside()]);
      if (words === 'quarterly') await panel.close();
    }
  });
});
