/** Words on their way to a host that is killed: they are there after it, once. */
import assert from 'node:assert/strict';
import { chat, user } from './chats';
import { type PanelBench, PanelPage, startBench } from './panelPage';

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
});
