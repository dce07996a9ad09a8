/** Leaving out and compacting in a real VS Code: its own menus and lists, over the fake API. */

import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import type { Frame, Locator } from 'playwright-core';
import { fieldStrings, refusals } from '../../src/host/base/plainStrings';
import { besideFailure } from '../../src/webview/l10n/failures';
import { transcriptStrings } from '../../src/webview/l10n/transcriptStrings';
import type { RecordedRequest } from '../fakeClaude/record';
import { reply } from '../fakeClaude/script';
import { filled, nls, saying, sayingOnly, some, strings } from '../texts';
import { afterTry, type ChatHost, eventually, openChatHost, transcriptText } from './chatHost';
import { openList, panelIn, row } from './listHost';
import { messages, systemText } from './requests';

const tooLong = reply.error(400, 'invalid_request_error', 'prompt is too long: 1012000 tokens > 1000000 maximum');

/** As a command stands in a menu. */
const title = (command: string): string => nls[`command.${command}.title`] ?? '';

describe('Keeping within the window in VS Code', () => {
  let host: ChatHost;

  before(async () => {
    host = await openChatHost({
      goesOn: true,
      files: {
        'src/login.ts': `${Array.from({ length: 400 }, (_, n) => `// line ${n}, of no importance`).join('\n')}\n`,
      },
    });
  });
  after(async () => {
    await host?.close();
  });
  afterEach(async function () {
    await afterTry(host, this.currentTest);
    const refused = host.fake.refusals.map((request) => request.response?.error ?? '');
    assert.deepEqual(
      refused.filter((error) => !/too long|not permitted/.test(error)),
      [],
    );
  });

  const find = async (selector: string): Promise<Locator> => (await host.frame()).locator(selector);
  const newChat = async (): Promise<void> => {
    await host.run('prelude.newChat');
    await (await find('.answer')).first().waitFor({ state: 'detached' });
  };
  const last = (): RecordedRequest | undefined => host.fake.messages.at(-1);
  const results = (): readonly string[] =>
    ((last()?.body.messages ?? []) as unknown as Anthropic.MessageParam[]).flatMap(({ content }) =>
      typeof content === 'string'
        ? []
        : content.flatMap((block) => (block.type === 'tool_result' ? [JSON.stringify(block.content)] : [])),
    );
  const oneTurn = async (): Promise<void> => {
    await newChat();
    host.fake.enqueue(
      reply.text('I look.').toolUse('read_file', { path: 'src/login.ts' }),
      reply.text('There is nothing of importance.'),
    );
    await host.send('What is in login.ts?');
    await host.see('There is nothing of importance.');
    await host.idle();
  };
  const ask = async (question: string, answer: string): Promise<void> => {
    host.fake.enqueue(reply.text(answer));
    await host.send(question);
    await host.see(answer);
    await host.idle();
  };
  const pick = async (entry: string): Promise<void> => {
    const item = host.session.page.locator('.monaco-menu').getByText(entry, { exact: true });
    await item.hover();
    // A menu takes no click in the moment in which it opens.
    await host.session.page.waitForTimeout(400);
    await item.click();
  };

  it('leaves a tool’s result out by the menu of its ⋯, and takes it back by that of the line', async () => {
    await oneTurn();
    const tool = (await find('.tool')).first();
    await tool.locator('.foldLine').hover();
    await tool.locator('.more').click();
    await pick(title('leaveOut'));
    await (await find('.tool.excluded .codicon-eye-closed')).waitFor();
    await ask('And now?', 'I do not see it any more.');
    assert.match(results()[0] ?? '', /left this result out/);
    await (await find('.tool .foldLine')).first().click({ button: 'right' });
    await pick(title('takeBack'));
    await (await find('.tool.excluded')).waitFor({ state: 'detached' });
    await ask('And again?', 'There it is.');
    assert.match(results()[0] ?? '', /line 399/);
  });

  it('leaves a question out with its answer, and nothing while a turn runs', async () => {
    await oneTurn();
    await ask('And now?', 'Still nothing.');
    const bubble = (await find('.turn.user .bubbleText')).first();
    await bubble.click({ button: 'right' });
    await pick(title('leaveTurnOut'));
    await host.see(transcriptStrings.turnOut());
    const held = host.fake.hold();
    await host.send('Third?');
    await held.push('It begins');
    await host.see('It begins');
    await bubble.click({ button: 'right' });
    const menu = host.session.page.locator('.monaco-menu');
    await menu.getByText(title('copyChat')).waitFor();
    assert.equal(await menu.getByText(title('takeBack')).count(), 0);
    assert.equal(await menu.getByText(title('leaveTurnOut')).count(), 0);
    await host.session.page.keyboard.press('Escape');
    await held.end();
    await host.idle();
    assert.doesNotMatch(messages(last()).join('\n'), /login\.ts\?|of importance/);
    assert.match(messages(last()).join('\n'), /And now\?/);
    await (await find('[data-do="takeBack"]')).click();
    await (await find('.excludedNote')).waitFor({ state: 'detached' });
  });

  it('asks another model by the menu of an answer, and forks by that of an earlier message', async () => {
    await oneTurn();
    await ask('And now?', 'Still nothing.');
    const { page } = host.session;
    host.fake.enqueue(reply.text('Another model sees nothing.'));
    await (await find('.turn.answer.last .more[data-more="answer"]')).click();
    await pick(title('regenerateWith'));
    await page.locator('.quick-input-widget').getByText('Haiku 4.5', { exact: true }).click();
    await host.see('Another model sees nothing.');
    await host.idle();
    assert.equal(last()?.body.model, 'claude-haiku-4-5');
    await (await find('.turn.answer .branches')).waitFor();
    await (await find('.turn.user .bubbleText')).first().click({ button: 'right' });
    await pick(title('fork'));
    await (await find('.title')).getByText(filled(refusals.forkOf('What is in login.ts?'))).waitFor();
    assert.equal(await (await find('.turn.user')).count(), 1);
    await ask('And here?', 'Nothing here, too.');
    assert.match(messages(last()).join('\n'), /What is in login\.ts\?[\s\S]*And here\?/);
    assert.doesNotMatch(messages(last()).join('\n'), /And now\?/);
  });

  it('sums the conversation up by a command and by /compact, shows it, has it when it is opened again, and undoes it (L17)', async () => {
    await oneTurn();
    host.fake.enqueue(reply.text('The user asked about **login.ts**, which holds nothing.'));
    await host.run('prelude.compact');
    await host.see(sayingOnly(transcriptStrings.compacted(some, some, `$${some}`)));
    await newChat();
    const panel = await host.frame();
    await openList(panel);
    await row(panel, 'What is in login.ts?').first().locator('.rowOpen').click();
    await host.see(saying(transcriptStrings.compacted(some, some, `$${some}`)));
    await (await find('.compaction .foldLine')).click();
    await host.see('which holds nothing');
    await ask('And now?', 'I know the summary.');
    const [first = '', ...more] = messages(last());
    assert.equal(more.length, 0);
    assert.match(first, /<conversation_summary>[\s\S]*\*\*login\.ts\*\*[\s\S]*And now\?/);
    assert.ok(systemText(last()).length > 0);
    await (await find('[data-do="undoCompaction"]')).click();
    await host.see(saying(transcriptStrings.compactUndone()));
    await ask('And again?', 'I know all of it.');
    assert.match(messages(last()).join('\n'), /What is in login\.ts\?[\s\S]*And again\?/);
    assert.doesNotMatch(messages(last()).join('\n'), /conversation_summary/);
    // The same by what is typed.
    host.fake.enqueue(reply.text('A summary by /compact.'));
    await host.send('/compact');
    await (await find('.compaction:not(.undone) .foldLine')).click();
    await host.see('A summary by /compact.');
    await eventually(async () => assert.equal(await (await find('.composerText')).inputValue(), ''));
    assert.doesNotMatch(await transcriptText(host), /^\/compact/m);
  });

  it('compacts and asks again what was too long, by the button of the error', async () => {
    await oneTurn();
    host.fake.enqueue(tooLong);
    await host.send('And now?');
    await host.see(saying(besideFailure.excess(some, 'Opus 4.8')));
    host.fake.enqueue(reply.text('A short summary.'), reply.text('Now it fits.'));
    await (await find('.notice [data-step="compact"]')).click();
    await host.see('Now it fits.');
    await host.idle();
    assert.match(messages(last())[0] ?? '', /A short summary\.[\s\S]*And now\?/);
    assert.equal(await (await find('.compaction')).count(), 1);
    assert.equal(await (await find('.turn.user')).count(), 2);
  });

  it('lists what can be left out, and asks again without what was checked', async () => {
    await oneTurn();
    host.fake.enqueue(tooLong);
    await host.send('And now?');
    await host.see(saying(besideFailure.excess(some, 'Opus 4.8')));
    await (await find('.notice [data-step="manageExcluded"]')).click();
    const list = host.session.page.locator('.quick-input-widget');
    await list.getByText('Exclude from Context for Opus 4.8').waitFor();
    const rows = list.locator('.monaco-list-row');
    await eventually(async () => assert.equal(await rows.count(), 2));
    assert.match((await rows.first().innerText()).replace(/\s+/g, ' '), /Turn: What is in login\.ts\?.*[\d,.]+ tokens/);
    await rows.nth(1).getByText('Read login.ts').click();
    await list.getByText('1 Selected').waitFor();
    host.fake.enqueue(reply.text('Now it fits.'));
    await host.session.page.keyboard.press('Enter');
    await host.see('Now it fits.');
    await host.idle();
    assert.match(results()[0] ?? '', /left this result out/);
    assert.equal(await (await find('.tool.excluded')).count(), 1);
  });

  it('lists what is left out for the server, and sends again what is picked there (L44)', async () => {
    await newChat();
    const thinking = () => last()?.body.thinking as { readonly display?: string } | undefined;
    host.fake.enqueue(
      reply.error(400, 'invalid_request_error', 'thinking.display: Extra inputs are not permitted'),
      reply.text('Without it.'),
    );
    await host.send('Hello?');
    await (await find('.notice [data-step="mend"]')).click();
    await host.see('Without it.');
    await host.idle();
    assert.equal(thinking()?.display, undefined);
    const shown = host.run('prelude.showAddressLimits');
    const list = host.session.page.locator('.quick-input-widget');
    await list.getByText(saying(strings.limitsTitle('127.0.0.1'))).waitFor();
    await list
      .locator('.monaco-list-row', { hasText: filled(fieldStrings['thinking.display']?.() ?? { text: '' }) })
      .click();
    await shown;
    await eventually(async () => assert.equal(await (await find('.addressNote')).count(), 0));
    await ask('And now?', 'With it.');
    assert.equal(thinking()?.display, 'summarized');
  });

  it('says why nothing is compacted where nothing was answered', async () => {
    await newChat();
    const count = host.fake.messages.length;
    await host.run('prelude.compact');
    await host.run('notifications.showList');
    await host.session.page
      .locator('.notifications-center', { hasText: saying(filled(refusals.nothingToCompact())) })
      .waitFor();
    await host.run('notifications.clearAll');
    assert.equal(host.fake.messages.length, count);
  });

  it('does what a menu says to the chat that the menu is of, beside a tab that is the active editor', async () => {
    await oneTurn();
    await host.run('prelude.openInEditor');
    await host.run('prelude.newChatInTab');
    const { page } = host.session;
    const sideBar = await panelIn(host.session, 'sidebar');
    const tab = await panelIn(host.session, 'editor');
    await tab.locator('.answer').first().waitFor({ state: 'detached' });
    const list = page.locator('.quick-input-widget');
    const isExcludable = async (menu: Locator, label: string): Promise<void> => {
      await menu.click();
      await pick(label);
      await list.getByText('What is in login.ts?').waitFor();
      await page.keyboard.press('Escape');
      await list.waitFor({ state: 'hidden' });
    };
    const bar = page.locator('.part.auxiliarybar .title-actions');
    // The tab has the keys.
    await tab.locator('.composerText').click();
    await isExcludable(bar.locator('.codicon-toolbar-more'), title('chooseLeftOut'));
    const copied = async (panel: Frame): Promise<string> => {
      await host.session.evaluate((vscode) => vscode.env.clipboard.writeText('nothing'));
      await panel.locator('.transcript').click({ button: 'right', position: { x: 20, y: 5 } });
      await pick(title('copyChat'));
      let text = '';
      await eventually(async () => {
        text = await host.session.evaluate((vscode) => vscode.env.clipboard.readText());
        assert.notEqual(text, 'nothing');
      });
      return text;
    };
    assert.match(await copied(sideBar), /What is in login\.ts\?/);
    // Now the side bar has them.
    await sideBar.locator('.composerText').click();
    await page.locator('.editor-actions .codicon-toolbar-more').click();
    await pick(title('inspectRequest'));
    const request = page.locator('.editor-instance .view-lines');
    await request.waitFor();
    const inspected = await host.session.evaluate((vscode) => {
      const [editor] = vscode.window.visibleTextEditors;
      return editor?.document.getText() ?? '';
    });
    assert.ok(inspected.length > 0);
    assert.doesNotMatch(inspected, /What is in login/);
    await host.run('workbench.action.closeAllEditors');
  });
});
