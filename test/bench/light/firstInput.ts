/** From the click on its title until one can type: the chat, and beside it a view that is nothing but a text box. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { launchHost } from '../../vscode/launch';
import { repoRoot } from '../../vscode/paths';
import type { HostSession } from '../../vscode/session';
import { median } from '../bench';

const rounds = 9;

/** Its own extension, as small as one can be; and a place to look at before, in which there is nothing. */
const emptyManifest = {
  ...{ name: 'empty', publisher: 'prelude-test', version: '0.0.1', engines: { vscode: '^1.90.0' }, main: './empty.js' },
  contributes: {
    viewsContainers: {
      secondarySidebar: [
        { id: 'empty', title: 'Empty', icon: 'icon.svg' },
        { id: 'idle', title: 'Idle', icon: 'icon.svg' },
      ],
    },
    views: { empty: [{ type: 'webview', id: 'empty.view', name: 'Empty' }], idle: [{ id: 'idle.view', name: 'Idle' }] },
  },
};

const emptyMain = `
const vscode = require('vscode');
exports.activate = () => {
  vscode.window.registerWebviewViewProvider('empty.view', {
    resolveWebviewView: ({ webview }) => {
      webview.html = '<!DOCTYPE html><html><body><textarea class="emptyText"></textarea></body></html>';
    },
  });
};
`;

/** True in the document whose text box is there and takes words. */
function isUsable(selector: string): boolean {
  const box = document.querySelector<HTMLTextAreaElement>(selector);
  return box !== null && box.getClientRects().length > 0 && !box.disabled;
}

/** Looks until the text box of one of the frames can be used. */
async function usable({ page }: HostSession, box: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
    const found = await Promise.all(page.frames().map((frame) => frame.evaluate(isUsable, box).catch(() => false)));
    if (found.includes(true)) return;
    await delay(4);
  }
  throw new Error(`there is no ${box}`);
}

/** Both as installed extensions. */
function install(dataDir: string): void {
  const own = join(dataDir, 'extensions', 'prelude.prelude-0.0.1');
  for (const part of ['package.json', 'package.nls.json', 'media', 'dist/webview'])
    cpSync(join(repoRoot(), part), join(own, part), { recursive: true });
  for (const file of ['extension.js', 'host.js', 'storeWorker.js'])
    cpSync(join(repoRoot(), 'dist', file), join(own, 'dist', file));
  const empty = join(dataDir, 'extensions', 'prelude-test.empty-0.0.1');
  mkdirSync(empty, { recursive: true });
  writeFileSync(join(empty, 'package.json'), JSON.stringify(emptyManifest));
  writeFileSync(join(empty, 'empty.js'), emptyMain);
  cpSync(join(repoRoot(), 'media', 'icon.svg'), join(empty, 'icon.svg'));
}

/** ms, in a window that was loaded anew: nothing of either is there yet. */
async function untilUsable(session: HostSession, title: string, box: string): Promise<number> {
  await session.evaluate(async (vscode) => {
    await vscode.commands.executeCommand('workbench.view.extension.idle');
  });
  await session.reload();
  const icon = session.page.locator('.part.auxiliarybar .composite-bar .action-item', {
    has: session.page.locator(`[aria-label^="${title}"]`),
  });
  await icon.waitFor();
  // What VS Code does after a load is no part of it.
  await delay(1500);
  const clicked = Date.now();
  await icon.click();
  await usable(session, box);
  return Date.now() - clicked;
}

/** Median ms of the chat, and of the empty view. */
export async function firstInput(): Promise<{ readonly chat: number; readonly empty: number }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'prelude-first-'));
  const workspace = mkdtempSync(join(tmpdir(), 'prelude-first-folder-'));
  install(dataDir);
  let session: HostSession | undefined;
  try {
    session = await launchHost({ workspace, dataDir, extensionPath: null });
    const chat: number[] = [];
    const empty: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      chat.push(await untilUsable(session, 'Prelude', '.composerText'));
      empty.push(await untilUsable(session, 'Empty', '.emptyText'));
    }
    return { chat: median(chat), empty: median(empty) };
  } finally {
    await session?.close();
    for (const folder of [dataDir, workspace]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
