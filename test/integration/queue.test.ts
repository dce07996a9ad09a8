/** Messages that wait, are sent anew or copied, and what goes with the first one: in a real VS Code, over the fake API. */

import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { RecordedRequest } from '../fakeClaude/record';
import { reply } from '../fakeClaude/script';
import { inAll, short } from '../short';
import { afterTry, assertNoRefusals, type ChatHost, eventually, openChatHost } from './chatHost';
import { messages, systemText } from './requests';

describe('Messages in VS Code', () => {
  let host: ChatHost;

  before(async () => {
    host = await openChatHost({
      goesOn: short,
      files: {
        'src/signin.ts': Array.from({ length: 40 }, (_, line) => `export const login${line + 1} = ${line + 1};`).join(
          '\n',
        ),
        'src/retry.ts': 'export function retry(n: number) {\n  return n;\n}\n',
      },
    });
  });
  after(async () => {
    await host?.close();
  });
  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  const composer = async (): Promise<Locator> => (await host.frame()).locator('.composerText');
  const press = (...keys: readonly string[]): Promise<void> =>
    keys.reduce((before, key) => before.then(() => host.session.page.keyboard.press(key)), Promise.resolve());
  const newChat = async (): Promise<void> => {
    await host.run('prelude.newChat');
    await (await host.frame()).locator('.answer').first().waitFor({ state: 'detached' });
  };
  const untilSent = async (count: number): Promise<RecordedRequest> => {
    await host.fake.untilMessages(count);
    const request = host.fake.messages.at(-1);
    assert.ok(request);
    return request;
  };

  // The first of a window: `package` has what a newcomer sees of it.
  inAll.it(
    'name what the first one of a workspace sends, and send only what one adds when that is chosen',
    async () => {
      host.fake.forbidRequests();
      await host.open('src/retry.ts');
      await host.open('src/signin.ts', [3, 8]);
      await host.run('prelude.focusChat');
      const panel = await host.frame();
      const line = panel.locator('.firstSend');
      await eventually(async () =>
        assert.equal(
          (await line.innerText()).replace(/\s+/g, ' '),
          'Sends signin.ts:3-8 and 2 open files · Only what I add',
        ),
      );
      await line.locator('button').click();
      await line.waitFor({ state: 'detached' });
      await panel.locator('.filesChip.none').waitFor();
      host.fake.allowRequests();
      host.fake.enqueue(reply.text('Nothing there.'));
      await host.send('What do you see?');
      await host.see('Nothing there.');
      await host.idle();
      assert.doesNotMatch(systemText(host.fake.messages.at(-1)), /<(?:file|selection) path/);
      await host.session.reload();
      await host.run('prelude.focusChat');
      const again = await host.frame();
      await again.locator('.filesChip.none').click();
      await again.locator('[data-do="includeOpenFiles"]').check();
      await again.locator('.filesChip:not(.none)').waitFor();
      await host.session.page.keyboard.press('Escape');
      host.fake.enqueue(reply.text('Now I see.'));
      await host.send('And now?');
      await host.see('Now I see.');
      await host.idle();
      assert.match(messages(host.fake.messages.at(-1)).join('\n'), /<file path="src\/signin\.ts">/);
      assert.equal(await (await host.frame()).locator('.firstSend').count(), 0);
      assertNoRefusals(host.fake);
    },
  );

  it('deliver a message that was sent while a turn ran at the next step, in one message with the results', async () => {
    await newChat();
    const held = host.fake.hold();
    host.fake.enqueue(reply.text('Both answered.'));
    await host.send('Look into it');
    await held.push('I look.', { toolUse: 'read_file', input: { path: 'src/retry.ts' }, id: 'toolu_1' });
    await host.see('I look.');
    await host.send('And be brief');
    const panel = await host.frame();
    await panel.locator('.queueRow', { hasText: 'And be brief' }).waitFor();
    assert.equal(await (await composer()).inputValue(), '');
    await held.end();
    await host.see('Both answered.');
    await host.idle();
    assert.match(messages(host.fake.messages.at(-1)).at(-1) ?? '', /^user: tool_result \| And be brief$/);
    assert.equal(await panel.locator('.queueRow').count(), 0);
    assertNoRefusals(host.fake);
  });

  it('send a message anew with other words: what followed it is not sent any more, until one goes back to it', async () => {
    const panel = await host.frame();
    await panel.locator('.user').first().hover();
    await panel.locator('.bubbleEdit').first().click();
    const field = panel.locator('.inlineText');
    await field.waitFor();
    assert.equal(await field.inputValue(), 'Look into it');
    await field.fill('Look into retry.ts only');
    const sent = host.fake.messages.length;
    host.fake.enqueue(reply.text('Only that.'));
    await field.press('Enter');
    const request = await untilSent(sent + 1);
    assert.equal(messages(request).length, 1);
    assert.match(messages(request)[0] ?? '', /Look into retry\.ts only$/);
    await host.see('Only that.');
    await host.idle();
    assert.equal(await panel.locator('.user').count(), 1);
    const cost = await panel.locator('.totalCost').innerText();
    await panel.locator('.user').first().focus();
    await press('ArrowLeft');
    await host.see('Both answered.');
    assert.equal(await panel.locator('.totalCost').innerText(), cost);
    assert.equal(host.fake.messages.length, sent + 1, 'nothing is sent for it');
    assertNoRefusals(host.fake);
  });

  inAll.it('go on where one went back to, over a reload of the window', async () => {
    await host.session.reload();
    await host.run('prelude.focusChat');
    await host.see('Both answered.');
    const sent = host.fake.messages.length;
    host.fake.enqueue(reply.text('As before.'));
    await host.send('Go on');
    assert.match(messages(await untilSent(sent + 1))[0] ?? '', /Look into it$/);
    await host.see('As before.');
    await host.idle();
    assertNoRefusals(host.fake);
  });

  it('send one anew with what an @ in it finds and with what a / asks, by the keys of the composer', async () => {
    await newChat();
    host.fake.enqueue(reply.text('It tries.'), reply.text('It tries again.'), reply.text('Tests of it.'));
    await host.send('What does it do?');
    await host.see('It tries.');
    await host.idle();
    const panel = await host.frame();
    const field = panel.locator('.inlineText');
    const edit = async (): Promise<void> => {
      await panel.locator('.user').first().hover();
      await panel.locator('.bubbleEdit').first().click();
      await panel.locator('.inlineText:focus').waitFor();
    };
    await edit();
    const sent = host.fake.requests.length;
    await host.session.page.keyboard.type(' See @ret');
    await panel.locator('.mentionPopup [role=option]', { hasText: 'retry.ts' }).first().waitFor();
    await press('Escape');
    await panel.locator('.mentionPopup').waitFor({ state: 'detached' });
    await press('Backspace');
    await press('Backspace', 'Backspace', 'Backspace');
    await host.session.page.keyboard.type('@ret');
    await panel.locator('.mentionPopup [role=option]', { hasText: 'retry.ts' }).first().waitFor();
    await press('Tab');
    await eventually(async () => assert.equal(await field.inputValue(), 'What does it do? See @src/retry.ts '));
    await panel.locator('.editing .chip', { hasText: 'src/retry.ts' }).waitFor();
    assert.equal(host.fake.requests.length, sent, 'nothing is sent for it');
    await press('Enter');
    await host.see('It tries again.');
    await host.idle();
    const request = host.fake.messages.at(-1);
    assert.match(JSON.stringify(request?.body.messages), /export function retry.*See @src\/retry\.ts/);
    // A command asks about what is selected.
    await host.open('src/signin.ts', [3, 8]);
    await host.run('prelude.focusChat');
    await edit();
    await field.fill('');
    await host.session.page.keyboard.type('/tes');
    const rows = panel.locator('.mentionPopup [role=option]');
    await rows.filter({ hasText: 'tests' }).waitFor();
    await press('Enter');
    await eventually(async () => assert.equal(await field.inputValue(), '/tests '));
    await press('Enter');
    await host.see('Tests of it.');
    await host.idle();
    const asked = JSON.stringify(host.fake.messages.at(-1)?.body.messages);
    assert.match(asked, /login3 = 3/);
    assert.ok(!asked.includes('What does it do'), asked);
    assertNoRefusals(host.fake);
  });

  it('copy the chat as Markdown, and the panel’s selection rather than the editor’s (L25)', async () => {
    await newChat();
    host.fake.enqueue(reply.text('It is **bold** and `code`.'));
    await host.send('How is it?');
    await host.see('bold');
    await host.idle();
    const clipboard = (): Promise<string> =>
      host.session.evaluate(async (vscode) => await vscode.env.clipboard.readText());
    await host.run('prelude.copyChat');
    await eventually(async () =>
      assert.equal(
        await clipboard(),
        '# How is it?\n\n## You\n\nHow is it?\n\n## Claude\n\nIt is **bold** and `code`.\n',
      ),
    );
    await host.open('src/signin.ts', [1, 2]);
    const panel = await host.frame();
    const place = panel.locator('.answer .markdown p');
    await place.click({ clickCount: 3 });
    await press('Control+c');
    // The page's clipboard is read where the focus is.
    await host.run('workbench.action.focusActiveEditorGroup');
    const { page } = host.session;
    await page
      .context()
      .grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(page.url()).origin });
    await eventually(async () =>
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'It is **bold** and `code`.'),
    );
  });

  it('hold a dear question of a command in a row with its price, until it is clicked', async () => {
    await newChat();
    await host.session.evaluate(async (vscode) => {
      const document = await vscode.workspace.openTextDocument({ content: 'one two three\n'.repeat(30_000) });
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('editor.action.selectAll');
    });
    const sent = host.fake.messages.length;
    await host.run('prelude.explainSelection');
    const row = (await host.frame()).locator('.queueRow');
    await row.locator('.queuePrice').waitFor();
    assert.equal(host.fake.messages.length, sent);
    host.fake.enqueue(reply.text('They count.'));
    await row.locator('[data-queue="send"]').click();
    const request = await untilSent(sent + 1);
    assert.match(messages(request).at(-1) ?? '', /one two three/);
    await host.see('They count.');
    await host.idle();
    await host.run('workbench.action.revertAndCloseActiveEditor');
    assertNoRefusals(host.fake);
  });
});
