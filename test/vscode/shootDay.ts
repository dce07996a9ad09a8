/** Pictures of a day's work in the panel: looking for something, mentioning, going back, arranging, and a refused key. */
import { reply } from '../fakeClaude/script';
import { type ChatHost, eventually } from '../integration/chatHost';
import { nls } from '../texts';
import type { Camera } from './pictures';

/** What `shootDay` takes pictures of. */
export const dayStates: readonly string[] = [
  'wrapped',
  'find',
  'mentions',
  'slash',
  'attachments',
  'queue',
  'editMessage',
  'branches',
  'excluded',
  'compaction',
  'list',
  'listFound',
  'listDeleted',
  'keyRefused',
  'largeFont',
];

const code = `export const login = async (name: string, password: string): Promise<boolean> => (await retry(() => session.open(name, password), 2)) !== null;`;
const written = `It is one line, in \`src/login.ts:6\`:

\`\`\`ts
${code}
\`\`\`

| Where | What it does |
| --- | --- |
| \`src/retry.ts:2\` | tries again<br>and swallows the error |

It waits twice.[^1]

[^1]: 100 ms, then 200 ms.`;

/** In the window of the others. */
export async function shootDay(host: ChatHost, camera: Camera): Promise<void> {
  const { fake, session } = host;
  const { keyboard } = session.page;
  const panel = await host.frame();
  const text = panel.locator('.composerText');
  const ask = async (question: string, answer: string): Promise<void> => {
    fake.enqueue(reply.text(answer));
    await host.send(question);
    await host.see(answer.slice(0, 12));
    await host.idle();
  };
  const pick = async (command: string): Promise<void> => {
    const item = session.page.locator('.monaco-menu').getByText(nls[`command.${command}.title`] ?? '', { exact: true });
    await item.hover();
    await session.page.waitForTimeout(400);
    await item.click();
  };

  await host.run('prelude.newChat');
  await panel.locator('.answer').first().waitFor({ state: 'detached' });
  await ask('Could login be one line?', written);
  const wrap = panel.locator('.codeBlock [data-code="word-wrap"]').first();
  if ((await wrap.count()) > 0) await wrap.click();
  await camera.shoot('wrapped');
  if ((await wrap.count()) > 0) await wrap.click();

  await text.click();
  await eventually(async () => {
    await keyboard.press('Control+f');
    await panel.locator('.findText:focus').waitFor({ timeout: 1000 });
  });
  await keyboard.insertText('retry');
  await camera.shoot('find');
  await keyboard.press('Escape');

  await text.click();
  await keyboard.type('What about @re');
  await panel.locator('.mentionPopup .option').first().waitFor();
  await camera.shoot('mentions');
  await keyboard.press('Escape');
  await text.fill('');
  await text.click();
  await keyboard.type('/');
  await panel.locator('.mentionPopup .option').first().waitFor();
  await camera.shoot('slash');
  await keyboard.press('Escape');
  await text.fill('');

  const log = 'error: the session could not be opened\n'.repeat(400);
  await session.page.evaluate((long) => {
    window.focus();
    return navigator.clipboard.writeText(long);
  }, log);
  await text.click();
  await keyboard.press('Control+v');
  await panel.locator('.chip.attachment:not(.taking)').waitFor();
  await text.fill('What went wrong here?');
  await camera.shoot('attachments');
  await panel.locator('.chip.attachment .chipRemove').click();
  await text.fill('');

  const held = fake.hold();
  await host.send('And in steps?');
  await held.push('First, the retry moves. ');
  await host.see('First, the retry moves.');
  await host.send('Then write a test for it.');
  await panel.locator('.queued, [data-queued]').first().waitFor();
  await camera.shoot('queue');
  fake.enqueue(reply.text('The test is short.'));
  await held.end();
  await host.see('The test is short.');
  await host.idle();

  await panel.locator('.turn.user .bubble').first().hover();
  await panel.locator('.turn.user [data-do="edit"], .turn.user [data-edit]').first().click();
  await panel.locator('[data-edit-of] textarea').waitFor();
  await camera.shoot('editMessage');
  await keyboard.press('Escape');

  fake.enqueue(reply.text('The test is longer now.'));
  await panel.locator('.turn.answer.last').hover();
  await panel.locator('.turn.answer.last .more[data-more="answer"]').click();
  await pick('regenerate');
  await host.see('The test is longer now.');
  await host.idle();
  await panel.locator('.turn.answer .branches').waitFor();
  await camera.shoot('branches');

  await panel.locator('.turn.user .bubbleText').nth(1).click({ button: 'right' });
  await pick('leaveTurnOut');
  await panel.locator('.excludedNote').first().waitFor();
  await camera.shoot('excluded');
  await panel.locator('[data-do="takeBack"]').first().click();

  await host.run('prelude.newChat');
  await panel.locator('.answer').first().waitFor({ state: 'detached' });
  await ask('What retries here?', 'The login does, by `retry` in `src/retry.ts`.');
  fake.enqueue(reply.text('The user asked whether `login` could be one line, and for a test of it.'));
  await host.run('prelude.compact');
  await panel.locator('.compaction .foldLine').waitFor();
  await panel.locator('.compaction .foldLine').click();
  await camera.shoot('compaction');

  await panel.locator('.titleButton').click();
  await panel.locator('.listSearch').waitFor();
  await camera.shoot('list');
  await panel.locator('.listSearch').fill('retry');
  await panel.locator('.listRow mark, .listRow .rowSnippet').first().waitFor();
  await camera.shoot('listFound');
  await panel.locator('.listSearch').fill('');
  await panel.locator('.listRow .rowOpen').last().focus();
  await keyboard.press('Delete');
  await panel.locator('[data-list="undo"]').waitFor();
  await camera.shoot('listDeleted');
  await panel
    .locator('[data-list="undo"]')
    .click()
    .catch(() => undefined);
  await keyboard.press('Escape');

  await host.run('prelude.newChat');
  await panel.locator('.answer').first().waitFor({ state: 'detached' });
  fake.enqueue(reply.error(401, 'authentication_error', 'invalid x-api-key'));
  await host.send('Is the key fine?');
  await panel.locator('.answer.last .notice').waitFor();
  await camera.shoot('keyRefused');

  await session.evaluate(async (vscode) => {
    await vscode.workspace.getConfiguration('chat').update('fontSize', 20, vscode.ConfigurationTarget.Global);
  });
  await camera.shoot('largeFont');
  await session.evaluate(async (vscode) => {
    await vscode.workspace.getConfiguration('chat').update('fontSize', undefined, vscode.ConfigurationTarget.Global);
  });
}
