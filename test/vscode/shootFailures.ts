/** Pictures of what fails outside of an answer: what is kept, what can be done. The panel is told what the host would say. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FailureCode } from '../../src/shared/failure';
import type { HostToView } from '../../src/shared/protocol';
import { reply } from '../fakeClaude/script';
import { type ChatHost, openChatHost } from '../integration/chatHost';
import { answer, chat, failure, text, user } from '../panel/chats';
import { baseComposer, conversation } from '../panel/panelPage';
import { notDoneWords } from '../panel/refused';
import { strings } from '../texts';
import { type Camera, files, settings, size } from './pictures';

/** What `shootFailures` takes pictures of. */
export const failedStates: readonly string[] = [
  'earlierStep',
  'storeRescued',
  'storeLost',
  'plainPart',
  'listProblem',
  'unopened',
  'viewFailed',
  'storeDamaged',
  'startFailed',
];

const question = user('u1', 'Why does login retry twice?');
const some = 'The retry comes from `src/login.ts:6`: **two** attempts.';

function snapshot(said: string, code?: FailureCode): HostToView {
  const failed = code === undefined ? {} : { outcome: { kind: 'failed', failure: failure({ code }) } as const };
  const state = chat([question, answer('u1', [text('a', said)], failed)]);
  return { type: 'snapshot', conversation, seq: 0, state, composer: baseComposer, draft: '' };
}

/** `cameraOf`: takes the pictures of the host that this opens. */
export async function shootFailures(cameraOf: (host: ChatHost) => Camera): Promise<void> {
  const host = await openChatHost({ files, settings, ...size });
  try {
    await shootPanel(host, cameraOf);
    await shootStart(host, cameraOf);
  } finally {
    await host.close();
  }
}

async function shootPanel(host: ChatHost, cameraOf: (host: ChatHost) => Camera): Promise<void> {
  const camera = cameraOf(host);
  const panel = await host.frame();
  const told = (message: HostToView): Promise<void> => panel.evaluate((data) => window.postMessage(data, '*'), message);
  // One that is listed.
  host.fake.enqueue(reply.text(some));
  await host.send('Why does login retry twice?');
  await host.idle();
  await told(snapshot(some, 'overloaded'));
  await camera.shoot('earlierStep');
  for (const code of ['storeRescued', 'storeLost'] as const) {
    await told(snapshot(some, code));
    await camera.shoot(code);
  }
  await told(snapshot(`${some}\n\n${'- '.repeat(1000)}a list that is nested too deeply\n\nAll else is as ever.`));
  await camera.shoot('plainPart');

  await panel.locator('.titleButton').click();
  await panel.locator('.listRow').first().waitFor();
  await panel.evaluate(
    (words) => {
      // Its question has this number or an earlier one; what nobody has asked is let be.
      const refused = { ok: false, reason: { text: words } };
      window.postMessage({ type: 'conversationsChanged' }, '*');
      for (let ask = 0; ask < 500; ask += 1) window.postMessage({ type: 'answer', ask, answer: refused }, '*');
    },
    notDoneWords('listConversations', 'The disk is full.'),
  );
  await panel.locator('.listProblem').waitFor();
  await camera.shoot('listProblem');
  await panel.locator('[data-list="close"]').click();

  const reason = 'The file of the conversations is damaged.';
  await told({ type: 'unopened', conversation: 'bad', title: 'Login race', reason });
  await camera.shoot('unopened');

  await panel.evaluate(() => {
    const set = (): void => {
      throw new Error('Cannot read properties of undefined (reading "items")');
    };
    Object.defineProperty(document.querySelector('.transcript'), 'ariaLabel', { configurable: true, get: set, set });
  });
  await told(snapshot(some));
  await panel.locator('.viewFailed').waitFor();
  // It has no text box.
  await cameraOf({ ...host, frame: async () => panel }).shoot('viewFailed');
  await panel.locator('.viewFailed button').click();

  const file = join(host.session.globalStoragePath, 'prelude.prelude', 'prelude.damaged-2026-11-28.db');
  await host.session.evaluate((vscode, [message, button]) => void vscode.window.showWarningMessage(message, button), [
    strings.keptDamaged(file),
    strings.showFile(),
  ] as const);
  await camera.shoot('storeDamaged', () => host.run('notifications.showList'));
  await host.run('notifications.clearAll');
}

/** The store cannot be opened: a file stands where its folder was. */
async function shootStart(host: ChatHost, cameraOf: (host: ChatHost) => Camera): Promise<void> {
  const folder = join(host.session.globalStoragePath, 'prelude.prelude');
  renameSync(folder, `${folder}.away`);
  writeFileSync(folder, '');
  await host.session.reload();
  await host.run('prelude.focusChat').catch(() => undefined);
  const frame = () => host.session.webview('#retry');
  await frame();
  await host.run('workbench.action.closeSidebar');
  await host.run('notifications.clearAll');
  await cameraOf({ ...host, frame }).shoot('startFailed');
  rmSync(folder);
  renameSync(`${folder}.away`, folder);
}
