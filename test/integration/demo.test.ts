/** The demo's model in a real VS Code: a small flaw is found, mended and reviewed; a selection is explained at any turn. */
import assert from 'node:assert/strict';
import { promptStrings } from '../../src/host/base/plainStrings';
import { editStrings } from '../../src/webview/l10n/editStrings';
import { demoReply } from '../fakeClaude/demo';
import { filled } from '../texts';
import { afterTry, assertNoRefusals, type ChatHost, eventually, openChatHost } from './chatHost';
import { EditDesk } from './editDesk';

const gap = Array.from({ length: 9 }, (_, at) => `const line${at} = ${at};\n`).join('');
const lock = `// Waits untill the lock is free.\n${gap}// Opens the the file.\nexport function open(name: string) {\n  return wait(name);\n}\n`;

describe('The demo in a real VS Code', () => {
  let host: ChatHost;
  let desk: EditDesk;

  before(async () => {
    host = await openChatHost({
      files: { 'first.txt': 'first\n', 'lock.ts': lock },
      fake: { answer: ({ body }) => demoReply(body, 0) },
    });
    desk = new EditDesk(host);
  });
  after(() => host?.close());
  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  it('finds a small flaw, proposes an edit with two hunks, and has it reviewed at the end', async () => {
    await host.send(filled(promptStrings.smallFlaw()));
    const card = await desk.card();
    await card.locator('.diff').nth(1).waitFor();
    assert.equal(await card.locator('.diff').count(), 2);
    assert.equal(desk.read('lock.ts'), lock);
    await card.locator('[data-do="applyAtEnd"]').click();
    await host.idle();
    assert.equal(desk.read('lock.ts'), lock.replace('untill', 'until').replace('the the', 'the'));
    const end = await desk.end();
    await end.locator('.foldLine').first().click();
    await end.locator('.hunk').nth(1).locator('[data-do="undo"]').click();
    await end.locator('.hunk').nth(1).waitFor({ state: 'detached' });
    await end.locator('.hunk').first().locator('[data-do="keep"]').click();
    await end.getByText(editStrings.partlyUndone()).waitFor();
    assert.equal(desk.read('lock.ts'), lock.replace('untill', 'until'));
    assertNoRefusals(host.fake);
  });

  it('explains a selection at any turn', async () => {
    for (const [from, to] of [
      [12, 14],
      [2, 4],
    ] as const) {
      await host.open('lock.ts', [from, to]);
      await host.run('prelude.explainSelection');
      const answer = (await host.frame()).locator('.answer.last .markdown', { hasText: `lock.ts:${from}` });
      await answer.first().waitFor({ timeout: 20_000 });
      await host.idle();
      await eventually(async () => assert.match(await answer.first().innerText(), from === 12 ? /wait/ : /line0/));
    }
    assertNoRefusals(host.fake);
  });
});
