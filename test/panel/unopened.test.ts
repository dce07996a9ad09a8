import assert from 'node:assert/strict';
import { answer, chat, text, user } from './chats';
import { type PanelBench, PanelPage, startBench } from './panelPage';

describe('A conversation that cannot be opened, in the panel', () => {
  let bench: PanelBench;
  let panel: PanelPage;

  before(async () => {
    bench = await startBench();
  });
  afterEach(async () => {
    assert.deepEqual(panel.problems, []);
    await panel.close();
  });

  const unopened = { type: 'unopened', conversation: 'bad', title: 'Login race', reason: 'It is damaged.' } as const;

  it('is named in its place, with Retry, Export and a way to the others (L73)', async () => {
    panel = await PanelPage.open(bench, { state: chat([user('u', 'Hello'), answer('u', [text('t', 'Hi.')])]) });
    await panel.page.fill('textarea', 'half a thought');
    await panel.forget();
    await panel.post(unopened);
    await panel.settled();
    assert.deepEqual(
      (await panel.said('draft')).map(({ text: words }) => words),
      ['half a thought'],
    );
    const words = await panel.words('[data-unopened]');
    assert.match(words, /deleted\. Couldn’t open “Login race”\. It is damaged\..*Retry/);
    assert.equal(await panel.words('.title'), 'Login race');
    assert.equal(await panel.page.locator('textarea').isVisible(), false);
    await panel.page.click('[data-unopened] [data-step="retry"]');
    await panel.page.click('[data-unopened] [data-do="export"]');
    await panel.page.click('[data-unopened] [data-step="newChat"]');
    assert.deepEqual((await panel.said('exportConversation')).at(-1)?.id, 'bad');
    assert.equal((await panel.said('reopen')).length, 1);
    assert.equal((await panel.said('do')).at(-1)?.action, 'newChat');
    await panel.page.click('[data-do="conversations"]');
    await panel.said('listConversations');
    await panel.settled();
    assert.equal(await panel.page.locator('.conversations').isVisible(), true);
    // Another one opens as before.
    await panel.snapshot({ state: chat([user('u', 'Another')]), draft: 'kept' });
    await panel.settled();
    assert.match(await panel.words('.column'), /Another/);
    assert.equal(await panel.page.inputValue('textarea'), 'kept');
  });

  it('may be the first thing that is shown, before anything is known of the panel (L73)', async () => {
    panel = await PanelPage.open(bench, { snapshot: false });
    await panel.post({ ...unopened, conversation: null, title: '' });
    await panel.settled();
    assert.match(
      await panel.words('[data-unopened]'),
      /deleted\. Couldn’t open the conversation\. It is damaged\..*Retry/,
    );
    assert.equal(await panel.page.locator('[data-do="export"]').count(), 0);
    // A snapshot without an environment is shown, too.
    await panel.snapshot({ state: chat([user('u', 'Hello')]) });
    await panel.settled();
    assert.match(await panel.words('.column'), /Hello/);
    assert.equal(await panel.page.locator('textarea').isVisible(), true);
  });
});
