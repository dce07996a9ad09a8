/** A command that was put into a real shell: when the user has run it, its output is offered, and goes once it is added. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { codeStrings } from '../../src/webview/l10n/codeStrings';
import { outputStrings } from '../../src/webview/l10n/filesPopupStrings';
import { reply } from '../fakeClaude/script';
import { nls } from '../texts';
import { afterTry, assertNoRefusals, type ChatHost, eventually, openChatHost } from './chatHost';

const command = 'node fail.js';
const script = "console.log('\\u001b[31mfirst\\u001b[0m'); console.error('second'); process.exitCode = 3;\n";

describe('A command in a terminal', () => {
  let host: ChatHost;

  before(async () => {
    host = await openChatHost({
      goesOn: true,
      files: { 'fail.js': script },
      settings: { 'terminal.integrated.defaultProfile.linux': 'bash' },
    });
  });
  after(() => host?.close());
  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  /** Runs what stands at the prompt: again where it came there after the key. Resolves when its output is offered. */
  const enter = (offered: Locator): Promise<void> =>
    eventually(async () => {
      await host.session.evaluate(async (vscode) => vscode.window.activeTerminal?.sendText('', true));
      await offered.waitFor({ timeout: 12_000 });
    }, 30_000);

  /** By the button of a code block: the line stands at the prompt of a shell that VS Code knows. */
  async function insert(): Promise<void> {
    const panel = await host.frame();
    await panel.locator('.answer').last().locator('[data-code="terminal"]').click();
    await eventually(async () => {
      const isKnown = await host.session.evaluate(
        async (vscode) => vscode.window.activeTerminal?.shellIntegration !== undefined,
      );
      assert.equal(isKnown, true);
    }, 30_000);
  }

  it('that was inserted and run offers its output: command, exit code, tokens; nothing goes before it is added', async () => {
    host.fake.enqueue(reply.text(`Run this:\n\n\`\`\`sh\n${command}\n\`\`\`\n\nEnd-1.`));
    await host.send('How do I test it?');
    await host.see('End-1.');
    await host.idle();
    const sent = host.fake.requests.length;
    await insert();
    const panel = await host.frame();
    assert.equal(await panel.locator('.offered').count(), 0, codeStrings.terminal());
    const chip = panel.locator('.offered');
    await enter(chip);
    const words = ((await chip.textContent()) ?? '').replace(/\s+/g, ' ');
    assert.match(words, /node fail\.js exit 3 · \d+/);
    await picture('offered');
    assert.equal(host.fake.requests.length, sent);
    await chip.locator('[data-do="addOutput"]').click();
    await panel.locator('.chip.attachment:not(.offered)', { hasText: command }).waitFor();
    assert.equal(await chip.count(), 0);
    assert.equal(host.fake.requests.length, sent);
    await picture('added');
    host.fake.enqueue(reply.text('End-2.'));
    await host.send('Why?');
    await host.see('End-2.');
    const raw = host.fake.messages.at(-1)?.raw ?? '';
    assert.match(raw, /\$ node fail\.js\\nfirst\\nsecond\\n\[exit code 3\]/);
    assertNoRefusals(host.fake);
  });

  it('that is let be is not offered again, nor is one that was typed there, which an @ finds', async () => {
    const panel = await host.frame();
    const block = panel.locator('[data-code="terminal"]').last();
    await block.click();
    const chip = panel.locator('.offered');
    await enter(chip);
    await chip.getByLabel(outputStrings.dismissOutput(command)).click();
    await chip.waitFor({ state: 'detached' });
    await host.session.evaluate(async (vscode) => vscode.window.activeTerminal?.sendText('echo typed', true));
    // An @ has it.
    const text = panel.locator('.composerText');
    const row = panel.locator('.mentionPopup [data-kind="terminal"]', { hasText: 'echo typed' });
    await eventually(async () => {
      await text.fill('');
      await text.pressSequentially('@te');
      await row.waitFor({ timeout: 1000 });
    }, 30_000);
    assert.equal(await chip.count(), 0);
    await row.click();
    await panel.locator('.chip.attachment:not(.offered)', { hasText: 'echo typed' }).waitFor();
    // So has the terminal's own menu.
    await panel.locator('.chip.attachment .chipRemove').click();
    await eventually(async () => {
      await host.session.page.locator('.terminal-wrapper').last().click({ button: 'right', force: true });
      const item = host.session.page.locator('.monaco-menu').getByText(nls['command.addTerminalOutput.title'] ?? '');
      await item.hover({ timeout: 2000 });
      // A menu takes no click in the moment in which it opens.
      await host.session.page.waitForTimeout(400);
      await item.click({ timeout: 2000 });
    });
    await panel.locator('.chip.attachment:not(.offered)', { hasText: 'echo typed' }).waitFor();
    await host.session.evaluate(async (vscode) => vscode.window.activeTerminal?.dispose());
  });

  async function picture(name: string): Promise<void> {
    const folder = process.env['PRELUDE_PICTURES'];
    if (folder !== undefined) await host.session.page.screenshot({ path: join(folder, `terminal-${name}.png`) });
  }
});
