/** From the user's hand to the wire and back, in a real VS Code and a real webview. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type Anthropic from '@anthropic-ai/sdk';
import { toolStrings } from '../../src/core/tools/words/strings';
import { failureRow } from '../../src/shared/failure';
import { stepLabel } from '../../src/webview/l10n/failures';
import { findStrings } from '../../src/webview/l10n/findStrings';
import type { RecordedRequest } from '../fakeClaude/record';
import { reply } from '../fakeClaude/script';
import { filled, saying, some } from '../texts';
import { denyUntil } from './approvals';
import {
  afterTry,
  assertNoRefusals,
  type ChatHost,
  eventually,
  newChat,
  openChatHost,
  transcriptText,
} from './chatHost';
import { panelIn } from './listHost';

const login = Array.from({ length: 60 }, (_, line) => `export const login${line + 1} = retry(${line + 1});`).join('\n');

function systemText(request: RecordedRequest | undefined): string {
  const system = (request?.body as unknown as Anthropic.MessageCreateParams | undefined)?.system;
  return Array.isArray(system) ? system.map((block) => block.text).join('\n') : '';
}

function messagesText(request: RecordedRequest | undefined): string {
  return JSON.stringify(request?.body.messages ?? []);
}

describe('A chat in VS Code', () => {
  let host: ChatHost;

  before(async () => {
    host = await openChatHost({
      goesOn: true,
      files: {
        'src/login.ts': login,
        'src/retry.ts': 'export function retry(n: number) {\n  return n;\n}\n',
        'README.md': '# Shop\n',
      },
    });
  });

  after(async () => {
    await host?.close();
  });

  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  it('sends nothing before Send: not the open files, not the draft, no count of them', async () => {
    host.fake.forbidRequests();
    await host.open('src/login.ts', [3, 8]);
    await host.run('prelude.focusChat');
    const panel = await host.frame();
    await panel.locator('.composerText').pressSequentially('A draft that stays here');
    await panel.locator('.chip', { hasText: 'login.ts:3-8' }).waitFor();
    await panel.locator('.composerText').blur();
    await delay(1500);
    assert.deepEqual(host.fake.requests, []);
  });

  it('streams the answer into the panel while it arrives', async () => {
    const held = host.fake.hold();
    await host.send('Why does login retry?');
    await held.push('The retry is in ');
    await host.see('The retry is in');
    const panel = await host.frame();
    assert.equal(await panel.locator('.answer.running').count(), 1);
    await held.push('`src/retry.ts:1`, **as asked**.');
    await panel.locator('.answer strong', { hasText: 'as asked' }).waitFor();
    await held.end();
    await host.idle();
    const request = host.fake.messages.at(-1);
    assert.match(messagesText(request), /Why does login retry\?/);
    assert.match(systemText(request), /<file path=\\?"src\/login\.ts/);
    assert.match(systemText(request), /<selection path="src\/login\.ts" lines="3-8">/);
    assertNoRefusals(host.fake);
  });

  it('shows what the turn cost, from the usage that was billed', async () => {
    const panel = await host.frame();
    const shown = Number(/\$([\d.]+)/.exec(await panel.locator('.answer.last .turnCost').innerText())?.[1]);
    const billed = host.fake.bill().totalUsd;
    assert.ok(Math.abs(shown - billed) / billed < 0.06, `${shown} shown, ${billed} billed`);
  });

  it('runs the tools that the model asks for on the real workspace, unsaved text included', async () => {
    await host.session.evaluate(async (vscode) => {
      const editor = vscode.window.visibleTextEditors[0];
      await editor?.edit((edit) => edit.insert(new vscode.Position(0, 0), '// unsaved line\n'));
    });
    host.fake.enqueue(
      reply
        .thinking('I should look.')
        .text('I look into it.')
        .toolUse('read_file', { path: 'src/login.ts', start_line: 1, end_line: 3 })
        .toolUse('search_text', { query: 'function retry' }),
      reply.text('It is all there.'),
    );
    await host.send('Look into it, please.');
    await host.see('It is all there.');
    await host.idle();
    const results = messagesText(host.fake.messages.at(-1));
    assert.match(results, /unsaved line/);
    assert.match(results, /src\/retry\.ts/);
    const panel = await host.frame();
    const group = panel.locator('.answer.last .work');
    await group.waitFor();
    await group.locator('button').first().click();
    await panel.getByText('Read login.ts:1-3').waitFor();
    await panel.getByText(filled(toolStrings.matches(1, 1))).waitFor();
    assertNoRefusals(host.fake);
  });

  it('tells the model of an edit once, and the user by a line', async () => {
    host.fake.enqueue(reply.text('Noted.'));
    await host.session.evaluate(async (vscode) => {
      const editor = vscode.window.visibleTextEditors[0];
      await editor?.edit((edit) => edit.insert(new vscode.Position(30, 0), '// edited line\n'));
    });
    await host.send('What changed?');
    await host.see('Noted.');
    await host.idle();
    const text = messagesText(host.fake.messages.at(-1));
    assert.equal(text.split('+// edited line').length - 1, 1);
    assert.doesNotMatch(systemText(host.fake.messages.at(-1)), /edited line/);
    assert.match(await transcriptText(host), /login\.ts changed/);
  });

  it('finds in the chat by its keys, with a box of its own, and gives the focus back', async () => {
    const { keyboard } = host.session.page;
    const panel = await host.frame();
    const words = () => panel.locator('.findCount').textContent();
    const isFocused = (name: string) => panel.evaluate((one) => document.activeElement?.matches(`.${one}`), name);
    await panel.locator('.composerText').click();
    // VS Code knows of the focus a moment later; a box that opens late selects what is typed already.
    await eventually(async () => {
      await keyboard.press('Control+f');
      await panel.locator('.findText:focus').waitFor({ timeout: 1000 });
      await keyboard.press('Control+a');
      await keyboard.type('noted');
      await eventually(async () => assert.equal(await words(), findStrings.place(1, '1')), 2000);
    });
    await keyboard.press('Control+a');
    // In one piece: what the first letter alone finds is never shown.
    await keyboard.insertText('it');
    let first: string | null = null;
    await eventually(async () => {
      first = await words();
      assert.notEqual(first, findStrings.place(1, '1'));
      assert.match(first ?? '', saying(findStrings.place(1, some).slice(1)));
    });
    await keyboard.press('F3');
    await eventually(async () => assert.notEqual(await words(), first));
    await keyboard.press('Shift+F3');
    await eventually(async () => assert.equal(await words(), first));
    assert.equal(await host.session.page.locator('.find-widget.visible, .simple-find-part.visible').count(), 0);
    await keyboard.press('Escape');
    await eventually(async () => assert.ok(await isFocused('composerText')));
    assert.equal(await panel.locator('.findBox').count(), 0);
  });

  it('shows in the side bar what is typed in its tab, and has what was written anew there after that is closed (L2)', async () => {
    const begin = async () => {
      await host.run('prelude.openInEditor');
      const tab = await panelIn(host.session, 'editor');
      await tab.locator('[data-edit]').first().click({ force: true });
      return tab;
    };
    const tab = await begin();
    await tab.locator('.inlineText').fill('Written anew');
    await tab.locator('.composerText').fill('Typed in the tab');
    const text = (await panelIn(host.session, 'sidebar')).locator('.composerText');
    // It is told behind what is being written anew.
    await eventually(async () => assert.equal(await text.inputValue(), 'Typed in the tab'));
    await delay(500);
    await host.run('workbench.action.closeActiveEditor');
    const again = await begin();
    await eventually(async () => assert.equal(await again.locator('.inlineText').inputValue(), 'Written anew'));
    await host.session.page.keyboard.press('Escape');
    await again.locator('.composerText').fill('');
    await eventually(async () => assert.equal(await text.inputValue(), ''));
    await host.run('workbench.action.closeActiveEditor');
    await host.run('prelude.focusChat');
  });

  it('has its keys in a tab too, and leaves them to what has the focus beside it (L26)', async () => {
    const { keyboard } = host.session.page;
    await host.run('prelude.openInEditor');
    const tab = await panelIn(host.session, 'editor');
    await tab.locator('.composerText').click();
    await eventually(async () => {
      await keyboard.press('Control+f');
      await tab.locator('.findText:focus').waitFor({ timeout: 1000 });
    });
    await keyboard.press('Escape');
    await tab.locator('.findBox').waitFor({ state: 'detached' });
    await host.run('workbench.action.output.toggleOutput');
    await host.session.page.locator('.output-view .monaco-editor.focused').waitFor();
    // That the tab has the focus no more comes to VS Code by way of the extension.
    await delay(500);
    await keyboard.press('Control+f');
    await host.session.page.locator('.find-part textarea:focus').waitFor();
    assert.equal(await tab.locator('.findBox').count(), 0);
    await host.run('workbench.action.closePanel');
    await host.run('workbench.action.closeActiveEditor');
    await host.run('prelude.focusChat');
  });

  it('keeps an Enter that ends a composition of an input method, and sends with the next (L24)', async () => {
    const panel = await host.frame();
    const text = panel.locator('.composerText');
    const count = host.fake.requests.length;
    await text.click();
    const keys = await host.session.page.context().newCDPSession(host.session.page);
    const composed = { text: 'にほん', selectionStart: 3, selectionEnd: 3 };
    await eventually(async () => {
      await keys.send('Input.imeSetComposition', composed);
      assert.equal(await text.inputValue(), composed.text);
    });
    // As the system gives it: the input method has taken it, it is no character.
    const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 };
    for (const type of ['rawKeyDown', 'keyUp'] as const) await keys.send('Input.dispatchKeyEvent', { type, ...enter });
    await delay(500);
    assert.deepEqual([await text.inputValue(), host.fake.requests.length], [composed.text, count]);
    await keys.send('Input.insertText', { text: '日本とは？' });
    await keys.detach();
    await eventually(async () => assert.equal(await text.inputValue(), '日本とは？'));
    host.fake.enqueue(reply.text('A country.'));
    await host.session.page.keyboard.press('Enter');
    await host.see('A country.');
    await host.idle();
    assert.match(messagesText(host.fake.messages.at(-1)), /日本とは？/);
    // When it was asked and answered shows while one is at it.
    for (const turn of ['.turn.user', '.turn.answer.last']) {
      const when = panel.locator(`${turn} .turnWhen`).last();
      await panel.locator(turn).last().hover();
      await eventually(async () => assert.equal(await when.evaluate((one) => getComputedStyle(one).opacity), '1'));
      assert.match(await when.innerText(), /\d\d?:\d\d/);
    }
  });

  it('goes to a question by its keys, and to any by the list of them', async () => {
    for (const question of ['Where is the first?', 'And the second?']) {
      host.fake.enqueue(reply.text('Here.'));
      await host.send(question);
      await host.idle();
    }
    const panel = await host.frame();
    const at = (question: string): Promise<void> =>
      panel.locator('.turn.user:focus', { hasText: question }).waitFor({ timeout: 10_000 });
    // VS Code may not know yet that the chat has the keys.
    await eventually(async () => {
      await host.session.page.keyboard.press('Control+Alt+ArrowUp');
      await panel.locator('.turn.user:focus').waitFor({ timeout: 2_000 });
    });
    await at('And the second?');
    await host.session.page.keyboard.press('Control+Alt+ArrowUp');
    await at('Where is the first?');
    await host.session.page.keyboard.press('Control+Alt+ArrowDown');
    await at('And the second?');
    const picked = host.run('prelude.goToTurn');
    const list = host.session.page.locator('.quick-input-widget');
    await list.locator('input[type="text"]').fill('first?');
    await list.locator('.monaco-list-row.focused', { hasText: 'Where is the first?' }).waitFor();
    await host.session.page.keyboard.press('Enter');
    await picked;
    await at('Where is the first?');
  });

  it('stops at once: the socket is closed, what arrived stays, and the chat goes on (L8)', async () => {
    const held = host.fake.hold();
    await host.send('Tell me a long story.');
    await held.push('Once upon a time');
    await host.see('Once upon a time');
    const request = await held.request;
    const panel = await host.frame();
    await panel.locator('[data-do="stop"]').click();
    await eventually(() => assert.equal(request.aborted, true), 3000);
    await host.see('Stopped.');
    assert.match(await transcriptText(host), /Once upon a time/);
    const sent = host.fake.messages.length;
    await host.send('And then?');
    await host.fake.untilMessages(sent + 1);
    await host.idle();
    assert.match(messagesText(host.fake.messages.at(-1)), /Once upon a time/);
    assertNoRefusals(host.fake);
  });

  it('counts down to the next try when the API is overloaded, and tries now when asked (L15)', async () => {
    host.fake.enqueue(reply.overloaded(), reply.rateLimited(30), reply.text('At last.'));
    await host.send('Are you there?');
    const panel = await host.frame();
    await panel.locator('.retrying', { hasText: /3 of 5/ }).waitFor({ timeout: 15_000 });
    await panel.locator('[data-step="retryNow"]').click();
    await host.see('At last.');
    await host.idle();
    assertNoRefusals(host.fake);
  });

  it('starts a new chat and leaves the old one as it is (L6)', async () => {
    await newChat(host);
    host.fake.enqueue(reply.text('A fresh start.'));
    await host.send('Hello again');
    await host.see('A fresh start.');
    await host.idle();
    assert.doesNotMatch(messagesText(host.fake.messages.at(-1)), /Why does login retry/);
    // As the new text, or as the cached one and what has changed in it since.
    const sent = host.fake.messages.at(-1);
    assert.match(`${systemText(sent)}${messagesText(sent)}`, /edited line/, 'a new chat has the current text');
  });

  it('says in place that the key was refused, and keeps the question', async () => {
    host.fake.enqueue(reply.error(401, 'authentication_error', 'Invalid bearer token'));
    await host.send('With a bad key');
    await host.see(failureRow('badKey').text);
    await host.idle();
    const panel = await host.frame();
    assert.equal(await panel.locator('.answer.last .notice .button').innerText(), stepLabel('setKey'));
    assert.match(await transcriptText(host), /With a bad key/);
  });

  it('leaves nothing of a file outside the workspace in a request', async () => {
    writeFileSync(join(host.folder, '.env'), 'PASSWORD=hunter2\n');
    await host.open('.env');
    await host.run('prelude.focusChat');
    host.fake.enqueue(
      reply.toolUse('read_file', { path: '.env' }).toolUse('read_file', { path: '../../etc/passwd' }),
      reply.text('I may not.'),
    );
    await host.send('Read the secrets');
    await denyUntil(host, 'I may not.');
    await host.idle();
    const sent = host.fake.messages.map((request) => request.raw).join('\n');
    assert.doesNotMatch(sent, /hunter2|root:x:0/);
    assertNoRefusals(host.fake);
  });
});
