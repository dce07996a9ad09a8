/** What the panel asks for only when it is looked at. */
import assert from 'node:assert/strict';
import { problems } from '../../src/webview/l10n/problems';
import { saying } from '../texts';
import { answer, chat, text, tool, user } from './chats';
import { conversation, type PanelBench, PanelPage, startBench } from './panelPage';

describe('A long tool output', () => {
  let bench: PanelBench;
  let panel: PanelPage;

  before(async () => {
    bench = await startBench();
  });
  afterEach(async () => {
    const { problems: thrown } = panel;
    await panel.close();
    assert.deepEqual(thrown, []);
  });

  const begun = tool('t1', { output: 'It begins', outputLength: 5000 });
  const state = chat([user('u1', 'Why?'), answer('u1', [begun, text('a', 'So.')])]);
  const shown = (): Promise<string> => panel.words(panel.page.locator('.toolText').last());
  const fold = () => panel.page.locator('.tool > .foldLine').click();

  it('is asked for when its line is opened, once, and again when it is opened again (L75)', async () => {
    panel = await PanelPage.open(bench, { state });
    assert.ok(!(await panel.said()).some(({ type }) => type === 'toolOutput'), 'not before');
    await fold();
    assert.deepEqual(await panel.said('toolOutput'), [{ type: 'toolOutput', conversation, key: 't1' }]);
    assert.equal(await shown(), 'It begins…');
    await panel.events({ type: 'title', title: 'Another' });
    await panel.answer('toolOutput', { ok: true, value: 'It begins and ends' });
    assert.equal(await shown(), 'It begins and ends');
    await panel.events({ type: 'excluded', target: { what: 'turn', entry: 'u1', index: 0 }, out: true });
    assert.equal((await panel.said('toolOutput')).length, 1, 'asked once');
    await fold();
    await fold();
    assert.equal((await panel.said('toolOutput')).length, 2);
    assert.equal(await shown(), 'It begins…');
  });

  it('that cannot be read says why below its beginning', async () => {
    panel = await PanelPage.open(bench, { state });
    await fold();
    await panel.answer('toolOutput', { ok: false, reason: { text: 'gone' } });
    assert.equal(await shown(), 'It begins…');
    assert.match(await panel.words('.toolDetails .lineWords'), saying(`${problems.toolOutput?.()}: gone`));
  });

  it('is there again after a reload, where its line was open', async () => {
    panel = await PanelPage.open(bench, { state });
    await fold();
    await panel.answer('toolOutput', { ok: true, value: 'It begins and ends' });
    await panel.reload({ state });
    await panel.answer('toolOutput', { ok: true, value: 'It begins and ends' });
    assert.equal(await shown(), 'It begins and ends');
  });

  it('that is short is there at once', async () => {
    panel = await PanelPage.open(bench, {
      state: chat([user('u1', 'Why?'), answer('u1', [tool('t1', { output: 'All of it' })])]),
    });
    await fold();
    assert.equal(await shown(), 'All of it');
    assert.ok(!(await panel.said()).some(({ type }) => type === 'toolOutput'));
  });
});
