import assert from 'node:assert/strict';
import type { ConversationRow, ConversationsPage } from '../../src/shared/protocol';
import { listStrings } from '../../src/webview/l10n/listStrings';
import { saying } from '../texts';
import { answer, chat, text, user } from './chats';
import { listPage, row, spokenOf } from './lists';
import { conversation, type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';

describe('The list of conversations', () => {
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
  /** Answers the latest request, or one before it. */
  const reply = async (more: Partial<ConversationsPage> = {}, before = 0): Promise<void> => {
    const value = listPage(more);
    await panel.answer('listConversations', { ok: true, value }, before);
  };
  const focused = (): Promise<string> =>
    panel.page.evaluate(() => {
      const { activeElement: element } = document;
      return `${element?.closest<HTMLElement>('.listRow')?.dataset['id'] ?? ''} ${element?.className.split(' ')[0] ?? ''}`.trim();
    });

  it('draws the rows in sight a frame before the rest of its first page (L20)', async () => {
    await opened();
    await panel.page.evaluate(() => {
      const counts: number[] = [];
      Object.assign(window, { rowCounts: counts });
      new MutationObserver(() => {
        const count = document.querySelectorAll('.listRow').length;
        if (count !== counts.at(-1)) counts.push(count);
      }).observe(document.body, { childList: true, subtree: true });
    });
    await panel.post({ type: 'showConversations' });
    await reply({ rows: Array.from({ length: 30 }, (_, n) => row(`row${n}`)), more: true });
    await panel.page.waitForFunction(() => document.querySelectorAll('.listRow').length === 30);
    const counts = await panel.page.evaluate(() => (window as unknown as { rowCounts: number[] }).rowCounts);
    assert.deepEqual(
      counts.filter((count) => count > 0),
      [12, 30],
    );
  });

  it('covers the transcript when it is narrow, until a pick or Esc', async () => {
    await opened();
    assert.equal(
      (await panel.said()).filter(({ type }) => type === 'listConversations').length,
      0,
      'nothing is loaded',
    );
    await panel.page.locator('.titleButton').click();
    await reply();
    assert.equal(await panel.page.locator('.transcript').isVisible(), false);
    await panel.page.waitForFunction(() => document.activeElement?.className === 'listSearch');
    await panel.page.keyboard.press('Escape');
    await panel.settled();
    assert.equal(await panel.page.locator('.transcript').isVisible(), true);
    await panel.page.waitForFunction(() => document.activeElement?.className === 'composerText');
    await panel.post({ type: 'showConversations' });
    await reply();
    await panel.page.locator('.listRow', { hasText: 'Login race' }).locator('.rowOpen').click();
    assert.deepEqual(await panel.said('openConversation'), [{ type: 'openConversation', id: 'a' }]);
    await panel.settled();
    assert.equal(await panel.page.locator('.conversations').isVisible(), false);
  });

  it('shows each column of a row', async () => {
    // A new column has to be named here, with a value that is seen.
    const seen: { readonly [Column in keyof Required<ConversationRow>]: ConversationRow[Column] } = {
      id: 'other',
      title: 'Another title',
      at: Date.UTC(2020, 1, 1),
      state: 'running',
      workspace: 'bank',
      snippet: { text: 'some words', item: 'user/u', entry: 'u' },
    };
    await opened();
    await panel.page.locator('.titleButton').click();
    const same = { at: Date.now() - 150_000, title: 'A title' };
    const rows = [
      row('a', same),
      ...Object.entries(seen).map(([name, value]) => row(`${name}Of`, { ...same, [name]: value })),
    ];
    await reply({ rows });
    const drawn = (id: string): Promise<string> =>
      panel.page
        .locator(`.listRow[data-id="${id}"]`)
        .evaluate((one) => one.outerHTML.replaceAll(one.dataset['id'] ?? '', ''));
    const plain = await drawn('a');
    for (const name of Object.keys(seen).filter((column) => column !== 'id')) {
      assert.notEqual(await drawn(`${name}Of`), plain, name);
    }
    assert.equal(await panel.page.locator('.listRow[data-id="other"]').count(), 1);
  });

  it('has a column of 260 px when it is wide; closing it is remembered', async () => {
    await opened({ width: 900, environment: { column: true } });
    await reply();
    const width = await panel.page.locator('.conversations').evaluate((list) => list.getBoundingClientRect().width);
    assert.equal(width, 260);
    assert.equal(await panel.page.locator('.transcript').isVisible(), true);
    await panel.page.locator('[data-list="close"]').click();
    await panel.settled();
    assert.equal(await panel.page.locator('.conversations').isVisible(), false);
    assert.deepEqual(await panel.said('showColumn'), [{ type: 'showColumn', shown: false }]);
    await panel.page.locator('.titleButton').click();
    assert.deepEqual((await panel.said('showColumn')).at(-1), { type: 'showColumn', shown: true });
  });

  it('tells state, title, age and workspace, and not by colour alone', async () => {
    await opened({ width: 900, environment: { column: true } });
    await reply();
    const labels = await panel.page
      .locator('.rowOpen')
      .all()
      .then((buttons) => Promise.all(buttons.map((button) => button.evaluate(spokenOf))));
    assert.deepEqual(labels.slice(0, 2), [
      'Login race answering, 2 minutes ago',
      `Flaky test ${listStrings.state.needsYou()}, 1 hour ago`,
    ]);
    assert.match(labels[2] ?? '', /^CSV export May 5, 2024, .* bank$/);
    assert.deepEqual(await panel.page.locator('.rowAge').allTextContents(), ['2m', '1h', 'May 2024']);
    assert.equal(await panel.page.locator('.rowState.running .codicon-loading').count(), 1);
    assert.equal(await panel.page.locator('.rowState.needsYou .codicon-question').count(), 1);
    assert.equal(await panel.page.locator('.rowOpen[aria-current="true"]').count(), 1);
  });

  it('asks for a page at a time, and says what the filter hides (L7, L20)', async () => {
    await opened({ width: 900, environment: { column: true } });
    const many = Array.from({ length: 50 }, (_, index) => row(`r${index}`, { at: 9000 - index }));
    await reply({ rows: many, more: true, elsewhere: 3 });
    assert.match(await panel.words('.listHidden'), /^3 conversations of other workspaces are hidden\. Show$/);
    await panel.page.locator('[data-list="more"]').click();
    const last = (await panel.said('listConversations')).at(-1);
    assert.deepEqual([last?.after, last?.limit], [{ at: 9000 - 49, id: 'r49' }, 30]);
    await reply({ rows: [row('r50', { at: 1 })] });
    assert.equal(await panel.page.locator('.listRow').count(), 51);
    // Something changed: the rows that are shown are asked for again, no more.
    await panel.post({ type: 'conversationsChanged' });
    await panel.settled();
    const again = (await panel.said('listConversations')).at(-1);
    assert.deepEqual([again?.after, again?.limit], [null, 51]);
    // As the host does, which gives so many at once: what is behind stays, in its place.
    await reply({ rows: many, more: true, elsewhere: 3 });
    assert.equal(await panel.page.locator('.listRow').last().getAttribute('data-id'), 'r50');
    await panel.page.locator('[data-list="showHidden"]').click();
    await panel.settled();
    assert.equal((await panel.said('listConversations')).at(-1)?.all, true);
    assert.equal(await panel.page.locator('[data-list="all"]').isChecked(), true);
  });

  it('looks for what is typed, and takes no answer to an older question', async () => {
    await opened({ width: 900, environment: { column: true } });
    await reply();
    const before = (await panel.said('listConversations')).length;
    await panel.page.locator('.listSearch').fill('csv');
    await panel.page.waitForFunction(
      (count) => window.panelHost.said.filter(({ type }) => type === 'listConversations').length > count,
      before,
    );
    const asked = (await panel.said('listConversations')).at(-1);
    assert.equal(asked?.query, 'csv');
    await reply({ rows: [] }, 1);
    assert.equal(await panel.page.locator('.listRow').count(), 3, 'an old answer changes nothing');
    await reply({
      rows: [row('x', { snippet: { text: 'the \u0002<b>csv</b>\u0003 file', item: 'user/u', entry: 'u' } })],
    });
    assert.equal(await panel.words('.rowSnippet mark'), '<b>csv</b>');
    assert.equal(await panel.page.locator('.rowSnippet b').count(), 0, 'text stays text');
  });

  it('is worked with the keyboard alone', async () => {
    await opened({ width: 900, environment: { column: true } });
    await reply();
    const { keyboard } = panel.page;
    await panel.page.locator('.listSearch').focus();
    await keyboard.press('ArrowDown');
    assert.equal(await focused(), 'a rowOpen');
    await keyboard.press('ArrowDown');
    assert.equal(await focused(), 'b rowOpen');
    await keyboard.press('ArrowRight');
    assert.equal(
      await panel.page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
      listStrings.rename('Flaky test'),
    );
    await keyboard.press('Enter');
    await panel.page.waitForFunction(() => document.activeElement?.className === 'rowRename');
    await keyboard.type('Named by keys');
    await keyboard.press('Enter');
    assert.deepEqual(await panel.said('renameConversation'), [
      { type: 'renameConversation', id: 'b', title: 'Named by keys' },
    ]);
    await panel.settled();
    assert.equal(await focused(), 'b rowOpen');
    await keyboard.press(listStrings.removeHint());
    await panel.settled();
    assert.deepEqual(await panel.said('deleteConversation'), [{ type: 'deleteConversation', id: 'b' }]);
    assert.equal(await focused(), `${conversation} rowOpen`);
    await panel.page.locator('[data-list="undo"]').focus();
    await keyboard.press('Enter');
    assert.deepEqual(await panel.said('undoDelete'), [{ type: 'undoDelete', id: 'b' }]);
    // One stop of the tab order for all rows.
    assert.equal(await panel.page.locator('.rowOpen[tabindex="0"]').count(), 1);
  });

  it('uncovers the conversation that was shown when its deletion is taken back, carried out or not', async () => {
    await opened();
    await panel.page.locator('.titleButton').click();
    await reply();
    await panel.page.locator('.listRow.current .rowOpen').focus();
    await panel.page.keyboard.press(listStrings.removeHint());
    await panel.page.locator('[data-list="undo"]').click();
    await panel.page.locator('.transcript').waitFor();
    await panel.answer('undoDelete', { ok: true, value: null });
    await panel.settled();
    assert.deepEqual(await panel.said('openConversation'), [{ type: 'openConversation', id: conversation }]);
  });

  it('offers the way back for some seconds, and no longer', async () => {
    await opened({ width: 900, environment: { column: true }, alone: true });
    await reply();
    await panel.page.clock.install();
    await panel.page.locator('.rowOpen').first().focus();
    await panel.page.keyboard.press(listStrings.removeHint());
    await panel.page.clock.runFor(7000);
    assert.match(await panel.words('.listUndo'), /^“Login race” is deleted\. ?Undo ?Delete Forever$/);
    await panel.page.clock.runFor(1500);
    assert.equal(await panel.page.locator('.listUndo').count(), 0);
  });

  it('leaves a title as it is on Esc, and on an Enter of an input method (L24)', async () => {
    await opened({ width: 900, environment: { column: true } });
    await reply();
    const target = panel.page.locator('.listRow', { hasText: 'Login race' });
    await target.hover();
    await target.locator('[data-row="rename"]').click();
    const field = panel.page.locator('.rowRename');
    await field.fill('Something else');
    await field.evaluate((input) =>
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, isComposing: true })),
    );
    assert.equal(await field.count(), 1);
    await field.press('Escape');
    await panel.settled();
    assert.equal((await panel.said()).filter(({ type }) => type === 'renameConversation').length, 0);
    assert.equal(await panel.words(target.locator('.rowTitle')), 'Login race');
  });

  it('offers what belongs here from another place, and takes it back', async () => {
    await opened({ width: 900, environment: { column: true } });
    const moved = { key: 'old', from: '~/old', count: 34 };
    await reply({ offer: moved });
    assert.match(await panel.words('.listOffer'), saying(listStrings.offer(34, '~/old')));
    await panel.page.getByText(listStrings.bring(34, '~/old')).click();
    assert.deepEqual(await panel.said('adoptConversations'), [{ type: 'adoptConversations', key: 'old' }]);
    await panel.post({ type: 'conversationsChanged' });
    await panel.settled();
    await reply({ adopted: moved });
    await panel.page.getByText(listStrings.putBack()).click();
    assert.deepEqual(await panel.said('putBackConversations'), [{ type: 'putBackConversations', key: 'old' }]);
  });

  it('is offered in an empty chat where it is all there is, and the list shows what came', async () => {
    const moved = { key: 'old', from: '~/old', count: 34 };
    await opened({ state: chat([], { title: '' }), environment: { moved } });
    const offer = panel.page.locator('.empty .listOffer');
    assert.match(await panel.words(offer), saying(listStrings.offer(34, '~/old')));
    await offer.locator('[data-list="adopt"]').click();
    assert.deepEqual(await panel.said('adoptConversations'), [{ type: 'adoptConversations', key: 'old' }]);
    await reply({ adopted: moved });
    assert.match(
      await panel.words('.conversations .listOffer'),
      /34 conversations were brought from ~\/old\. ?Put Back/,
    );
    assert.equal(await panel.page.locator('.listRow').count(), 3);
    await panel.page.keyboard.press('Escape');
    await panel.settled();
    await offer.locator('[data-list="dismiss"]').click();
    assert.deepEqual(await panel.said('dismissOffer'), [{ type: 'dismissOffer', key: 'old' }]);
    await panel.snapshot({ state });
    await panel.settled();
    assert.equal(await offer.count(), 0, 'never in a chat that has begun');
  });

  it('keeps draft, place and folds of each conversation over a switch (L2)', async () => {
    const long = Array.from({ length: 30 }, (_, index) => [
      user(`u${index}`, `Question ${index}`),
      answer(`u${index}`, [text('t', 'Line.\n\n'.repeat(10))]),
    ]).flat();
    await opened({ state: chat(long) });
    const top = (): Promise<number> => panel.page.locator('.transcript').evaluate((box) => box.scrollTop);
    await panel.page.locator('.transcript').evaluate((box) => {
      box.dispatchEvent(new WheelEvent('wheel', { deltaY: -1 }));
      box.scrollTop = 400;
    });
    await panel.settled();
    // Earlier turns are drawn above by then.
    await panel.settled();
    const place = await top();
    await panel.page.locator('.composerText').fill('Typed just before');
    const other = { ...chat([user('x', 'Elsewhere')]), conversation: 'other' };
    await panel.snapshot({ state: other });
    await panel.settled();
    assert.deepEqual((await panel.said('draft')).at(-1), { type: 'draft', conversation, text: 'Typed just before' });
    assert.equal(await panel.page.locator('.composerText').inputValue(), '');
    await panel.snapshot({ state: chat(long), draft: 'Typed just before' });
    await panel.settled();
    assert.equal(await panel.page.locator('.composerText').inputValue(), 'Typed just before');
    assert.ok(place > 400);
    assert.equal(await top(), place);
  });
});
