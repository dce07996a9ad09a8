/** Words on their way to a host that is killed: they are there after it, once. */
import assert from 'node:assert/strict';
import { chat, user } from './chats';
import { conversation, type PanelBench, PanelPage, startBench } from './panelPage';

describe('Words on their way', () => {
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

  const typed = (): Promise<string> => panel.page.locator('textarea').inputValue();

  async function sent(text: string): Promise<void> {
    panel = await PanelPage.open(bench);
    await panel.page.locator('textarea').pressSequentially(text);
    await panel.page.keyboard.press('Enter');
    assert.equal(await typed(), '');
  }

  it('are back where the host died before it had them, with what was typed since (L1, L2)', async () => {
    await sent('Why?');
    await panel.reload({ draft: '' });
    assert.equal(await typed(), 'Why?');
    await panel.page.keyboard.press('Enter');
    await panel.page.locator('textarea').pressSequentially('And then');
    await panel.reload({ draft: '' });
    assert.equal(await typed(), 'Why?\n\nAnd then');
  });

  it('are no draft where it has them, or has said so', async () => {
    await sent('Why?');
    await panel.reload({ state: chat([user('u1', 'Why?')]), draft: '' });
    assert.equal(await typed(), '');
    await panel.page.locator('textarea').fill('How?');
    await panel.page.keyboard.press('Enter');
    await panel.answer('send', { ok: true, value: null });
    await panel.settled();
    await panel.reload({ draft: '' });
    assert.equal(await typed(), '');
  });

  it('typed in another view of the chat stand here too, and never in place of what is typed here (L2)', async () => {
    const elsewhere = (text: string): Promise<void> =>
      panel.post({ type: 'setDraft', conversation, text, instead: true });
    panel = await PanelPage.open(bench, { draft: 'Why' });
    await elsewhere('Why not?');
    assert.equal(await typed(), 'Why not?');
    assert.ok(!(await panel.said()).some(({ type }) => type === 'draft'), 'the host has it');
    await panel.page.locator('textarea').fill('Mine');
    await elsewhere('Theirs');
    assert.equal(await typed(), 'Mine', 'not told yet');
    assert.deepEqual(
      (await panel.said('draft')).map(({ text }) => text),
      ['Mine'],
    );
    await elsewhere('Older');
    assert.equal(await typed(), 'Mine', 'told, and not answered: the host had said that before');
    await panel.answer('draft', { ok: true, value: null });
    await elsewhere('Mine, and theirs');
    assert.equal(await typed(), 'Mine, and theirs');
    await panel.page.keyboard.press('Enter');
    await elsewhere('Mine, and theirs');
    assert.equal(await typed(), '', 'on its way');
  });
});
