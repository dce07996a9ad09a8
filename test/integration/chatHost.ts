/** The chat in a real VS Code, against the fake API over HTTP: what the end-to-end suites share. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Frame, Locator } from 'playwright-core';
import { type FakeClaude, type FakeOptions, startFakeClaude } from '../fakeClaude/server';
import { type LaunchOptions, launchHost } from '../vscode/launch';
import type { HostSession } from '../vscode/session';
import type { HostWindow, OtherWindow } from '../vscode/window';

/** Looks like a key, and is one to the fake. */
export const testKey = 'sk-ant-api03-ThisIsTheKeyOfTheTests-0123456789';

/** The chat in one window. */
export interface Chat {
  /** The panel's document, whichever it is by now. */
  frame(): Promise<Frame>;
  /** Runs a command of VS Code. */
  run(command: string, ...args: readonly unknown[]): Promise<void>;
  /** Opens a file in an editor, with lines selected when given (one-based, inclusive). */
  open(path: string, lines?: readonly [number, number]): Promise<void>;
  /** Types into the composer and presses Enter, as a user does. */
  send(text: string): Promise<void>;
  /** Waits until the panel's text has this. */
  see(text: string | RegExp): Promise<void>;
  /** Waits until no turn runs. */
  idle(): Promise<void>;
}

export interface ChatHost extends Chat {
  readonly session: HostSession;
  readonly fake: FakeClaude;
  /** The workspace's folder. */
  readonly folder: string;
  close(): Promise<void>;
}

export interface ChatHostOptions extends Partial<LaunchOptions> {
  /** Files of the workspace: path → text. */
  readonly files: Readonly<Record<string, string>>;
  readonly fake?: FakeOptions;
  /** False: no key is stored. */
  readonly key?: boolean;
  /**
   * True: the suite takes the window of the one before as its user goes on in it, with other files and in a new chat.
   * What the chats before have stored is there; to load a window anew takes as much as many a suite.
   */
  readonly goesOn?: boolean;
}

/** A window with a workspace. */
interface Used {
  readonly session: HostSession;
  readonly folder: string;
}

/** The VS Code that the suites of one process use one after the other: to start one takes longer than many a suite. */
let shared: (Used & { readonly services: LaunchOptions['services'] }) | null = null;
/** Something failed in it: the next suite gets another one. */
const doubtful = new WeakSet<HostSession>();

if (typeof after === 'function') after('close VS Code', () => (shared === null ? undefined : end(shared)));

async function end({ session, folder }: Used): Promise<void> {
  await session.close();
  rmSync(folder, { recursive: true, force: true });
}

/** True for what needs a VS Code that was started for it; one with the same services will do. */
function isSpecial({ settings: _, services: __, ...others }: Partial<LaunchOptions>): boolean {
  return Object.keys(others).length > 0;
}

function fill(folder: string, files: ChatHostOptions['files']): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** A window whose workspace has these files. */
async function takeWindow({ files, goesOn }: ChatHostOptions, launch: Partial<LaunchOptions>): Promise<Used> {
  const made = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'prelude-chat-'));
    fill(folder, files);
    return folder;
  };
  const launched = async (folder: string): Promise<Used> => ({
    session: await launchHost({ workspace: folder, ...launch }),
    folder,
  });
  if (shared === null || isSpecial(launch) || shared.services !== launch.services) return launched(made());
  const used = shared;
  shared = null;
  try {
    if (goesOn === true) {
      await clear(used, launch.settings ?? {});
      fill(used.folder, files);
      await untilKnown(used, files);
      return used;
    }
    const folder = made();
    await used.session.beginAnew(folder, launch.settings ?? {});
    rmSync(used.folder, { recursive: true, force: true });
    return { session: used.session, folder };
  } catch {
    await end(used);
    return launched(made());
  }
}

/** Leaves nothing of the suite before but what is stored. */
async function clear({ session, folder }: Used, settings: Readonly<Record<string, unknown>>): Promise<void> {
  await session.evaluate(async (vscode) => {
    const { commands, window, workspace } = vscode;
    for (const document of workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
      await window.showTextDocument(document);
      await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    }
    for (const terminal of window.terminals) terminal.dispose();
    for (const command of ['closeAllGroups', 'closePanel', 'closeQuickOpen'])
      await commands.executeCommand(`workbench.action.${command}`);
    await commands.executeCommand('notifications.clearAll');
    await commands.executeCommand('prelude.stop');
    await commands.executeCommand('prelude.newChat');
  });
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
  await session.goOn(settings);
}

/**
 * A file may have the name of one of the suite before, whose text VS Code has until it hears of the change: a selection in
 * it would move then, and a tool would read what was. Rejects where it never hears of it.
 */
async function untilKnown({ session, folder }: Used, files: ChatHostOptions['files']): Promise<void> {
  const written = Object.entries(files).map(([path, text]) => [join(folder, path), text] as const);
  await session.evaluate(async ({ workspace }, all) => {
    const known = (path: string) => workspace.textDocuments.find(({ uri }) => uri.fsPath === path)?.getText();
    for (const [path, text] of all)
      for (let tries = 0; (known(path) ?? text) !== text; tries += 1) {
        if (tries > 200) throw new Error(`${path} is another file to VS Code.`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
  }, written);
}

async function giveBack(used: Used, launch: Partial<LaunchOptions>): Promise<void> {
  const { session } = used;
  if (shared !== null || isSpecial(launch) || session.kind === 'desktop' || doubtful.has(session)) await end(used);
  else shared = { ...used, services: launch.services };
}

export async function openChatHost(options: ChatHostOptions): Promise<ChatHost> {
  const { files: _, goesOn: __, fake: fakeOptions, key, ...launch } = options;
  const fake = await startFakeClaude(fakeOptions);
  const used = await takeWindow(options, launch);
  const { session, folder } = used;
  const chat = chatIn(session, folder);
  await session.evaluate(async (vscode, url) => {
    const global = vscode.ConfigurationTarget.Global;
    await vscode.workspace.getConfiguration('prelude').update('baseUrl', url, global);
  }, fake.url);
  if (key !== false) await chat.run('prelude.setApiKey', testKey);
  // Setting a key asks the API whether it takes it; what comes after is what the tests look at.
  fake.requests.length = 0;
  // Between two side bars an editor would be too narrow for two sides of a diff.
  await chat.run('workbench.action.closeSidebar');
  await chat.run('prelude.focusChat');
  await chat.frame();
  return {
    ...chat,
    session,
    fake,
    folder,
    close: async () => {
      await giveBack(used, launch);
      await fake.close();
    },
  };
}

/** The text box once a conversation is shown: before, what is typed waits for one. */
export const openComposer = '.composerArea:not([aria-busy]) .composerText';

/** The chat in a window. `folder` is what the paths of `open` are relative to. */
export function chatIn(window: HostWindow, folder: string): Chat {
  const run = (command: string, ...args: readonly unknown[]): Promise<void> =>
    window.evaluate(
      async (vscode, call) => {
        await vscode.commands.executeCommand(call.command, ...call.args);
      },
      { command, args },
    );
  const frame = (): Promise<Frame> => window.webview(openComposer);
  return {
    frame,
    run,
    open: (path, lines) => openEditor(window, join(folder, path), lines),
    send: async (text) => {
      await typeInto(window, (await frame()).locator('.composerText'), text);
      await window.page.keyboard.press('Enter');
    },
    see: async (text) => {
      const panel = await frame();
      await panel.getByText(text).first().waitFor({ state: 'visible', timeout: 20_000 });
    },
    idle: async () => {
      const panel = await frame();
      await panel.locator('[data-do="send"]').waitFor({ timeout: 30_000 });
      await panel.waitForFunction(() => document.querySelector('.answer.running') === null, undefined, {
        polling: 100,
        timeout: 30_000,
      });
    },
  };
}

/**
 * Another window on a workspace file with so many roots. On a busy machine VS Code's web workbench at times finds no
 * folder in one: a user would load it again.
 */
export async function openRoots(session: HostSession, file: string, roots: number, attempt = 1): Promise<OtherWindow> {
  const window = await session.openWindow(file);
  try {
    await eventually(async () => {
      assert.equal(await window.evaluate((vscode) => vscode.workspace.workspaceFolders?.length), roots);
    }, 8_000);
    return window;
  } catch (error) {
    await window.close();
    if (attempt === 3) throw error;
    return openRoots(session, file, roots, attempt + 1);
  }
}

/** Begins a new chat, and waits until the panel shows it: what is typed before that belongs to the one before. */
export async function newChat(host: Pick<ChatHost, 'run' | 'frame'>): Promise<void> {
  await host.run('prelude.newChat');
  await (await host.frame()).locator('.answer').first().waitFor({ state: 'detached' });
}

/** Types, again where VS Code took the focus away in between. */
export async function typeInto(window: Pick<HostWindow, 'page'>, field: Locator, text: string): Promise<void> {
  await eventually(async () => {
    await field.click();
    await field.fill('');
    await window.page.keyboard.type(text);
    assert.equal(await field.inputValue(), text);
  });
}

async function openEditor(session: HostWindow, file: string, lines?: readonly [number, number]): Promise<void> {
  await session.evaluate(
    async (vscode, { path, range }) => {
      const selection = range === null ? undefined : new vscode.Range(range[0] - 1, 0, range[1] - 1, 10_000);
      const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
      await vscode.window.showTextDocument(document, {
        preview: false,
        ...(selection === undefined ? {} : { selection }),
      });
    },
    { path: file, range: lines ?? null },
  );
}

/**
 * Call it after each test. A failed try leaves a picture and the logs, and a quiet chat: the next one must not trip over
 * a running turn, a draft, an open list or a scripted answer.
 */
export async function afterTry(host: ChatHost | undefined, test: Mocha.Test | undefined): Promise<void> {
  if (host === undefined) return;
  host.fake.allowRequests();
  // Of a try that is followed by another one mocha tells no state.
  if (test === undefined || test.state === 'passed') return;
  doubtful.add(host.session);
  await host.session.saveFailure(test.fullTitle());
  host.fake.forget();
  await quiet(host).catch(() => undefined);
}

async function quiet(host: ChatHost): Promise<void> {
  for (const command of [
    'prelude.stop',
    'workbench.action.closeQuickOpen',
    'notifications.clearAll',
    'prelude.focusChat',
  ])
    await host.run(command);
  const panel = await host.frame();
  const close = panel.locator('.panel.listCover [data-list="close"]');
  if ((await close.count()) > 0) await close.click();
  for (const remove of await panel.locator('.chip.attachment .chipRemove').all()) await remove.click();
  await panel.locator('.composerText').fill('');
  await host.idle();
}

/** Asks again and again until the answer passes; the last failure is the one shown. */
export async function eventually(check: () => void | Promise<void>, ms = 15_000): Promise<void> {
  const deadline = Date.now() + ms;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}

/** The text of the panel's transcript, with the turns that a long conversation shows only when they are asked for. */
export async function transcriptText(host: Chat): Promise<string> {
  const panel = await host.frame();
  const transcript = panel.locator('.transcript');
  const earlier = transcript.locator('.earlier');
  if ((await earlier.count()) === 0) return transcript.innerText();
  await eventually(async () => {
    // They come by themselves where one scrolls near them.
    await transcript.evaluate((box) => {
      box.dispatchEvent(new WheelEvent('wheel', { deltaY: -1 }));
      box.scrollTop = 0;
    });
    assert.equal(await earlier.count(), 0, 'all turns are shown');
  });
  const text = await transcript.innerText();
  const toLatest = panel.locator('.pill');
  if ((await toLatest.count()) > 0) await toLatest.click();
  return text;
}

/** What the fake refused: a test of the client wants nothing. */
export function assertNoRefusals(fake: FakeClaude): void {
  assert.deepEqual(
    fake.refusals.map((request) => request.response?.error),
    [],
  );
}
