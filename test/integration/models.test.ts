/** Models, effort and the key in a real VS Code: from the click to the setting, the wire and the words. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { keyStrings } from '../../src/host/base/plainStrings';
import { failureRow } from '../../src/shared/failure';
import { costStrings } from '../../src/webview/l10n/costStrings';
import { besideFailure, outcomeTexts, stepLabel } from '../../src/webview/l10n/failures';
import { type Reply, reply } from '../fakeClaude/script';
import { startFakeClaude } from '../fakeClaude/server';
import { filled, saying, sayingOnly, some, strings } from '../texts';
import {
  afterTry,
  assertNoRefusals,
  type Chat,
  type ChatHost,
  chatIn,
  eventually,
  openChatHost,
  testKey,
} from './chatHost';

describe('Models in VS Code', () => {
  let host: ChatHost;

  before(async () => {
    host = await openChatHost({ goesOn: true, files: { 'src/login.ts': 'export const login = 1;\n'.repeat(200) } });
    await host.open('src/login.ts');
    await host.run('prelude.focusChat');
  });

  after(async () => {
    await host?.close();
  });

  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  const asked = (): readonly string[] => host.fake.requests.map(({ method, path }) => `${method} ${path}`);
  const setting = (name: string): Promise<unknown> =>
    host.session.evaluate(
      (vscode, wanted) => vscode.workspace.getConfiguration('prelude').inspect(wanted)?.globalValue,
      name,
    );

  it('are asked for when the user opens the list, and nothing before', async () => {
    const panel = await host.frame();
    await panel.locator('.composerText').pressSequentially('A draft');
    await delay(800);
    assert.deepEqual(asked(), []);
    await panel.locator('.composerModel').click();
    await panel.locator('.option[data-value="claude-opus-5-5"]').waitFor();
    await eventually(() => assert.deepEqual(asked(), ['GET /v1/models']));
    // The fake serves no Mythos: the list is the API's now.
    await panel.locator('.option[data-value="claude-mythos-5"]').waitFor({ state: 'detached' });
    await host.session.page.keyboard.press('Escape');
    await panel.locator('.picker').waitFor({ state: 'detached' });
  });

  it('are chosen from the keyboard; the choice is the user’s setting and the next request’s model', async () => {
    const panel = await host.frame();
    await host.session.evaluate(async (vscode) => {
      const global = vscode.ConfigurationTarget.Global;
      await vscode.workspace.getConfiguration('prelude').update('model', 'claude-opus-4-8', global);
    });
    await panel.locator('.composerModel', { hasText: 'Opus 4.8' }).waitFor();
    host.fake.enqueue(reply.text('By Opus.'));
    await host.send('Who are you?');
    await host.see('By Opus.');
    await host.idle();
    await panel.locator('.composerModel').click();
    await panel.locator('.pickerFilter').pressSequentially('sonnet 4.6');
    await host.session.page.keyboard.press('Enter');
    await panel.locator('.composerModel', { hasText: 'Sonnet 4.6' }).waitFor();
    assert.equal(await setting('model'), 'claude-sonnet-4-6');
    const note = panel.locator('.rewriteNote');
    await note.waitFor();
    assert.match(
      await note.innerText(),
      sayingOnly(costStrings.dearer(costStrings.change('Opus 4.8', 'Sonnet 4.6'), `$0.0${some}`)),
    );
    host.fake.enqueue(reply.text('By Sonnet.'));
    await host.send('And you?');
    await host.see('By Sonnet.');
    await host.idle();
    assert.equal(host.fake.messages.at(-1)?.body.model, 'claude-sonnet-4-6');
    await note.waitFor({ state: 'detached' });
    assertNoRefusals(host.fake);
  });

  it('take the effort that is chosen', async () => {
    const panel = await host.frame();
    await panel.locator('.composerEffort').click();
    await panel.locator('.option', { hasText: 'Low' }).click();
    await panel.locator('.composerEffort', { hasText: 'Low' }).waitFor();
    assert.equal(await setting('effort'), 'low');
    host.fake.enqueue(reply.text('Briefly.'));
    await host.send('Short, please.');
    await host.see('Briefly.');
    await host.idle();
    assert.match(host.fake.messages.at(-1)?.raw ?? '', /"output_config":\{"effort":"low"\}/);
    assert.deepEqual(
      asked().filter((one) => one === 'GET /v1/models'),
      ['GET /v1/models'],
      'the list is kept',
    );
  });

  const rows: readonly (readonly [string, Reply, RegExp, string])[] = [
    ['402', reply.error(402, 'billing_error', 'Pay'), saying(failureRow('noCredit').text), stepLabel('openBilling')],
    [
      '404',
      reply.error(404, 'not_found_error', 'model: x'),
      saying(filled({ text: failureRow('unknownModel').text, args: [some] })),
      stepLabel('chooseModel'),
    ],
    ['413', reply.html(413), saying(failureRow('requestTooLarge').text), stepLabel('compact')],
    ['max_tokens', reply.text('Half').stop('max_tokens'), saying(outcomeTexts.maxTokens()), stepLabel('continue')],
    [
      'refusal',
      reply.text('Half').refuse('cyber', 'No.'),
      saying(outcomeTexts.refusal(), 'No.'),
      stepLabel('restorePrompt'),
    ],
    [
      'a cut socket',
      reply.text('Half').cut(),
      saying(besideFailure.kept(failureRow('connectionLost').text)),
      stepLabel('continue'),
    ],
  ];
  for (const [name, answer, words, button] of rows) {
    it(`says in place what ${name} means, with one primary action, and goes on after it`, async () => {
      const panel = await host.frame();
      host.fake.enqueue(answer);
      await host.send(`A question for ${name}`);
      const notice = panel.locator('.answer.last .notice');
      await notice.waitFor();
      await host.idle();
      assert.match(await notice.locator('.noticeText').innerText(), words);
      assert.deepEqual(await notice.locator('.button').allInnerTexts(), [button]);
      host.fake.enqueue(reply.text(`Answered after ${name}.`));
      await host.send('And now?');
      await host.see(`Answered after ${name}.`);
      await host.idle();
      assertNoRefusals(host.fake);
    });
  }

  it('keep the key out of the panel (L33)', async () => {
    const panel = await host.frame();
    assert.ok(!(await panel.content()).includes(testKey.slice(-12)));
  });

  // The last: it ends without a key.
  it('take the key of the environment, which is one click away, shown by its last four; a typed one is checked in its box, refused there, or stored unchecked when that is wanted', async () => {
    const fake = await startFakeClaude();
    const workspace = mkdtempSync(join(tmpdir(), 'prelude-key-'));
    const shellKey = 'sk-ant-api03-FromTheShell-wxyz';
    await host.run('prelude.clearApiKey');
    const environment = { ANTHROPIC_API_KEY: shellKey, ANTHROPIC_BASE_URL: fake.url };
    const session = await host.session.openWindow(workspace, environment);
    try {
      const chat: Chat = chatIn(session, workspace);
      await session.evaluate(async (vscode, url) => {
        const global = vscode.ConfigurationTarget.Global;
        await vscode.workspace.getConfiguration('prelude').update('baseUrl', url, global);
      }, fake.url);
      await chat.run('prelude.focusChat');
      const panel = await chat.frame();
      const use = panel.locator('.empty .button');
      await use.waitFor();
      assert.equal(await use.innerText(), 'Use Key …wxyz');
      assert.ok(!(await panel.content()).includes('FromTheShell'));

      // A key that the API refuses stays in the box, with the reason.
      fake.enqueueFault('models', reply.error(401, 'authentication_error', 'Invalid bearer token'));
      await panel.locator('[data-step="setKey"]').click();
      const box = session.page.locator('.quick-input-widget input[type="password"]');
      await box.waitFor();
      await box.fill('sk-ant-api03-MistypedKey-0000');
      await session.page.keyboard.press('Enter');
      await session.page
        .locator('.quick-input-widget', { hasText: saying(filled(keyStrings.refused(some))) })
        .waitFor();
      assert.deepEqual(
        fake.requests.map(({ method, path, query }) => `${method} ${path}?${query}`),
        ['GET /v1/models?limit=1'],
      );
      await session.page.keyboard.press('Escape');
      await use.waitFor();

      await use.click();
      await use.waitFor({ state: 'detached' });
      fake.enqueue(reply.text('Hello from the shell.'));
      await chat.send('Hello?');
      await chat.see('Hello from the shell.');
      assert.equal(fake.messages[0]?.headers.authorization, `Bearer ${shellKey}`);

      // Cleared, it is not asked for again.
      await chat.idle();
      await chat.run('prelude.clearApiKey');
      await chat.run('prelude.newChat');
      await panel.locator('.empty [data-step="setKey"]').waitFor();
      assert.equal(await panel.locator('[data-step="useEnvironmentKey"]').count(), 0);

      // A right key is taken from the box, and the keys go back into the panel.
      await panel.locator('.empty [data-step="setKey"]').click();
      await box.waitFor();
      await box.fill(testKey);
      await session.page.keyboard.press('Enter');
      await panel.locator('.empty [data-step="setKey"]').waitFor({ state: 'detached' });
      await eventually(async () =>
        assert.ok(
          await panel.evaluate(() => document.hasFocus() && document.activeElement?.className === 'composerText'),
        ),
      );
      fake.enqueue(reply.text('With the typed key.'));
      await session.page.keyboard.type('Hello again?');
      await session.page.keyboard.press('Enter');
      await chat.see('With the typed key.');
      assert.equal(fake.messages.at(-1)?.headers.authorization, `Bearer ${testKey}`);
      await chat.idle();

      // One that could not be checked is stored only when the user wants that.
      const later = 'sk-ant-api03-CheckedByNobody-1111';
      await chat.run('prelude.clearApiKey');
      await chat.run('prelude.newChat');
      for (const choice of ['Close', strings.storeAnyway()]) {
        fake.enqueueFault('models', reply.error(500, 'api_error', 'Internal server error'));
        await panel.locator('.empty [data-step="setKey"]').click();
        await box.waitFor();
        await box.fill(later);
        await session.page.keyboard.press('Enter');
        // A driven VS Code shows no toasts: they are in its list.
        const list = session.page.locator('.notifications-list-container');
        const said = list.getByText(saying(filled(keyStrings.fault(some))));
        await eventually(async () => {
          await chat.run('notifications.showList');
          assert.equal(await said.count(), 1);
        });
        await said.hover();
        if (choice === 'Close') await list.locator('.codicon-notifications-clear').click();
        else await list.getByText(choice).click();
        await said.waitFor({ state: 'hidden' });
        if (choice === 'Close') assert.equal(await panel.locator('.empty [data-step="setKey"]').count(), 1);
      }
      await panel.locator('.empty [data-step="setKey"]').waitFor({ state: 'detached' });
      fake.enqueue(reply.text('With the key that nobody checked.'));
      await chat.send('And now?');
      await chat.see('With the key that nobody checked.');
      assert.equal(fake.messages.at(-1)?.headers.authorization, `Bearer ${later}`);
    } catch (error) {
      const folder = await host.session.saveFailure('The key of the environment');
      await session.page.screenshot({ path: join(folder, 'other.png') });
      throw error;
    } finally {
      await session.close();
      await fake.close();
      rmSync(workspace, { recursive: true, force: true });
    }
  });
});
