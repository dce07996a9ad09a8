/** What is shown before sending, in a real VS Code: from the keys that are typed to the wire. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { shortened } from '../../src/core/cost/inspection';
import { costPopupStrings } from '../../src/webview/l10n/costPopupStrings';
import { reply } from '../fakeClaude/script';
import { readInspection } from '../unit/host/pricing/readInspection';
import { assertNoRefusals, type ChatHost, eventually, openChatHost, testKey } from './chatHost';

const code = Array.from({ length: 120 }, (_, line) => `export const value${line} = retry(${line}, { times: 2 });`);

describe('Before sending, in VS Code', () => {
  let host: ChatHost;

  before(async () => {
    host = await openChatHost({
      goesOn: true,
      files: { 'src/login.ts': `${code.join('\n')}\n` },
      fake: { profile: 'dense' },
    });
    await host.open('src/login.ts', [3, 6]);
    await host.run('prelude.focusChat');
  });

  after(async () => {
    await host?.close();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await host?.session.saveFailure(this.currentTest.fullTitle());
  });

  const asked = (): readonly string[] => host.fake.requests.map(({ method, path }) => `${method} ${path}`);
  const inspected = (): Promise<{ readonly text: string; readonly dirty: boolean; readonly language: string } | null> =>
    host.session.evaluate((vscode) => {
      const document = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'prelude-request');
      if (document === undefined) return null;
      return { text: document.getText(), dirty: document.isDirty, language: document.languageId };
    });

  it('the cost line follows what is typed, and nothing leaves the machine', async () => {
    const panel = await host.frame();
    const line = panel.locator('.costLine');
    const face = panel.locator('.costFace');
    await panel.locator('.chip').first().waitFor();
    await panel.locator('.composerText').click();
    await eventually(async () => assert.match(await face.innerText(), /\$0\.0\d/));
    const before = await line.getAttribute('aria-label');
    await host.session.page.keyboard.insertText('Why does login retry? '.repeat(400));
    await eventually(async () => assert.notEqual(await line.getAttribute('aria-label'), before));
    await panel.locator('.composerText').fill('Why does login retry?');
    assert.deepEqual(asked(), []);
  });

  it('Inspect Request shows what is sent then, without the key, and does not become context', async () => {
    const panel = await host.frame();
    await eventually(async () =>
      assert.equal(await panel.locator('.composerText').inputValue(), 'Why does login retry?'),
    );
    await delay(500);
    const chips = await panel.locator('.chips').innerText();
    await panel.locator('.costLine').click();
    await panel.locator('[data-do="inspectRequest"]').click();
    await eventually(async () => assert.match((await inspected())?.text ?? '', /Why does login retry\?/));
    const document = await inspected();
    assert.ok(document);
    assert.deepEqual([document.dirty, document.language], [false, 'markdown']);
    assert.ok(!document.text.includes(testKey.slice(-12)));
    assert.match(document.text, /◆ cache breakpoint/);
    assert.match(document.text, /export const value119 = retry\(119, \{ times: 2 \}\);/);
    await eventually(async () => assert.equal(await panel.locator('.chips').innerText(), chips));
    assert.deepEqual(asked(), []);

    await host.session.evaluate(async (vscode) => {
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });
    await panel.locator('.costLine').click();
    await panel.locator('[data-do="countExactly"]').click();
    await panel.locator('.countNote', { hasText: costPopupStrings.counted() }).waitFor();
    assert.deepEqual(asked(), ['POST /v1/messages/count_tokens']);
    const shown = await panel.locator('.costTable .sum').first().innerText();
    await host.session.page.keyboard.press('Escape');
    await panel.locator('.costPopup').waitFor({ state: 'detached' });

    host.fake.enqueue(reply.text('Because of its options.'));
    await panel.locator('.composerText').click();
    await host.session.page.keyboard.press('Enter');
    await host.see('Because of its options.');
    await host.idle();
    // Its texts and numbers, its order and its marks: all but base64 is there as it went out.
    assert.deepEqual(readInspection(document.text), shortened(JSON.parse(host.fake.messages[0]?.raw ?? '')));
    const price = Number(/\$(0\.\d+)/.exec(shown)?.[1]);
    const billed = host.fake.usageLog[0]?.inputUsd ?? Number.NaN;
    // What is shown has two digits.
    assert.ok(Math.abs(price - billed) < 0.05 * billed + 0.0005, `${shown}: ${billed}`);
    assertNoRefusals(host.fake);
  });

  it('says until when the cache is warm once something was sent', async () => {
    const panel = await host.frame();
    await panel.locator('.costLine').click();
    const note = panel.locator('.costPopup .costNote').first();
    await note.waitFor();
    assert.match(await note.innerText(), /^The prompt cache keeps this conversation until \d?\d:\d\d/);
    const cached = await panel.locator('.costTable tbody tr').first().innerText();
    assert.match(cached, /^Cached\s+[\d.]+k\s+\$0\.0/);
    await host.session.page.keyboard.press('Escape');
  });
});
