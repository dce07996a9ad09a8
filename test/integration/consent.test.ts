/** What the model may not read by itself, in a real window: a card, the answers, what is remembered and taken back. */
import assert from 'node:assert/strict';
import { reply } from '../fakeClaude/script';
import { inAll } from '../short';
import { strings } from '../texts';
import { assertNoRefusals, type ChatHost, openChatHost } from './chatHost';

describe('Consent', () => {
  let host: ChatHost;

  before(async () => {
    host = await openChatHost({
      goesOn: true,
      files: {
        '.gitignore': 'dist/\n',
        'dist/built.js': 'export const built = "by the build";\n',
        'dist/other.js': 'export const other = "not asked for";\n',
        'src/a.ts': 'export const a = 1;\n',
      },
    });
  });
  after(() => host.close());

  const sent = () => host.fake.messages.at(-1)?.raw ?? '';

  async function ask(path: string, end: string): Promise<void> {
    host.fake.enqueue(reply.toolUse('read_file', { path }), reply.text(end));
    await host.send(`Read ${path}`);
  }

  async function ended(end: string): Promise<void> {
    await host.see(end);
    await host.idle();
    assertNoRefusals(host.fake);
  }

  it('reads an ignored file after Allow Once, and asks again the next time', async () => {
    const panel = await host.frame();
    await ask('dist/built.js', 'It was built.');
    await panel.locator('.approval').waitFor();
    assert.doesNotMatch(sent(), /by the build/, 'nothing is sent before the answer');
    await panel.locator('.approval [data-allow="once"]').click();
    await ended('It was built.');
    assert.match(sent(), /by the build/);
    await ask('dist/built.js', 'Not again.');
    await panel.locator('.approval').waitFor();
    await panel.locator('.approval [data-do="deny"]').click();
    await panel.locator('.denialReason').fill('Look into src instead');
    await panel.locator('.denialReason').press('Enter');
    await ended('Not again.');
    assert.match(sent(), /did not allow this.*Look into src instead/, 'the model knows why');
  });

  inAll.it(
    'remembers what is allowed in the workspace over a reload, for that file alone, until it is taken back',
    async () => {
      let panel = await host.frame();
      await ask('dist/built.js', 'Allowed here.');
      await panel.locator('.approval [data-allow="workspace"]').click();
      await ended('Allowed here.');
      await host.session.reload();
      await host.run('prelude.focusChat');
      panel = await host.frame();
      await ask('dist/built.js', 'Read without asking.');
      await ended('Read without asking.');
      await ask('dist/other.js', 'Another file.');
      await panel.locator('.approval [data-do="deny"]').click();
      await panel.locator('[data-do="denyNow"]').click();
      await ended('Another file.');
      assert.doesNotMatch(sent(), /not asked for/);

      void host.run('prelude.managePermissions');
      const { page } = host.session;
      const list = page.locator('.quick-input-widget');
      await list.getByText(strings.mayRead('dist/built.js')).waitFor();
      await list.getByText(strings.mayRead('dist/built.js')).click();
      await page.keyboard.press('Enter');
      await list.waitFor({ state: 'hidden' });
      await ask('dist/built.js', 'Asked again.');
      await panel.locator('.approval [data-do="deny"]').click();
      await panel.locator('[data-do="denyNow"]').click();
      await ended('Asked again.');
    },
  );
});
