/** Several windows over one store: the same folder twice, no folder, several roots, Restricted Mode. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type Anthropic from '@anthropic-ai/sdk';
import type { RecordedRequest } from '../fakeClaude/record';
import { reply } from '../fakeClaude/script';
import type { OtherWindow } from '../vscode/window';
import {
  afterTry,
  assertNoRefusals,
  type Chat,
  type ChatHost,
  chatIn,
  eventually,
  openChatHost,
  openRoots,
  transcriptText,
} from './chatHost';

function systemText(request: RecordedRequest | undefined): string {
  const system = (request?.body as unknown as Anthropic.MessageCreateParams | undefined)?.system;
  return Array.isArray(system) ? system.map((block) => block.text).join('\n') : '';
}

const messagesText = (request: RecordedRequest | undefined): string => JSON.stringify(request?.body.messages ?? []);

const pause = (ms: number): Promise<void> => delay(ms);

function makeFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'prelude-window-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe('Several windows', () => {
  let host: ChatHost;
  /** A second window on the folder, which the next test has, too. */
  let second: { readonly window: OtherWindow; readonly chat: Chat } | null = null;
  const folders: string[] = [];
  const windows: OtherWindow[] = [];

  before(async () => {
    host = await openChatHost({ files: { 'src/app.ts': 'export const app = 1;\n' } });
    // What both windows on this folder open.
    host.fake.enqueue(reply.text('Nobody yet.'));
    await host.send('Who is here?');
    await host.see('Nobody yet.');
    await host.idle();
  });

  after(async () => {
    await host?.close();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  afterEach(async function () {
    const passed = this.currentTest?.state === 'passed';
    if (!passed) {
      const folder = await host?.session.saveFailure(`${this.currentTest?.fullTitle()} other`);
      for (const [index, { page }] of windows.entries())
        await page.screenshot({ path: join(folder, `other${index}.png`) }).catch(() => {});
    }
    const stays = passed && second?.window === windows.at(-1) ? second : null;
    for (const window of windows.splice(0)) if (window !== stays?.window) await window.close();
    second = stays;
    if (stays !== null) windows.push(stays.window);
    await afterTry(host, this.currentTest);
  });

  /** Another window, its chat open. */
  const openOther = async (workspace?: string): Promise<{ readonly window: OtherWindow; readonly chat: Chat }> => {
    const window = await host.session.openWindow(workspace);
    windows.push(window);
    const chat = chatIn(window, workspace ?? '');
    await chat.run('prelude.focusChat');
    await chat.frame();
    return { window, chat };
  };

  const openSecond = async (): ReturnType<typeof openOther> => {
    second ??= await openOther(host.folder);
    return second;
  };

  const stopButtons = async (chat: Chat): Promise<number> => (await chat.frame()).locator('[data-do="stop"]').count();
  const draftOf = async (chat: Chat): Promise<string> => (await chat.frame()).locator('.composerText').inputValue();
  /** Types without sending, and waits until the host was told. */
  const type = async (chat: Chat, text: string): Promise<void> => {
    await (await chat.frame()).locator('.composerText').fill(text);
    await pause(600);
  };

  it('shows a turn that runs in one window live and read-only in the other, and both go on with it', async () => {
    const { chat: other } = await openSecond();
    await other.see('Nobody yet.');
    const before = host.fake.messages.length;
    const held = host.fake.hold();
    await host.send('Who drives this?');
    await held.push('The first window does, ');
    await other.see('Who drives this?');
    await other.see('The first window does,');
    assert.equal(await stopButtons(other), 0, 'what another window drives is not stopped here');
    await held.push('and it says more.');
    await other.see('and it says more.');
    // Enter keeps what was typed.
    await other.send('Typed in between');
    assert.equal(await draftOf(other), 'Typed in between');
    await held.end();
    await host.idle();
    await other.idle();
    assert.equal(host.fake.messages.length, before + 1);
    assert.equal(await draftOf(other), 'Typed in between');

    host.fake.enqueue(reply.text('Heard in the second.'));
    await other.send('The second window asks');
    await other.see('Heard in the second.');
    await other.idle();
    assert.match(
      messagesText(host.fake.messages.at(-1)),
      /Who drives this\?.*and it says more.*The second window asks/,
    );
    // The first window, which only looked on, has it too.
    await host.see('Heard in the second.');
    host.fake.enqueue(reply.text('Heard in the first.'));
    await host.send('The first window again');
    await host.see('Heard in the first.');
    await host.idle();
    assert.match(messagesText(host.fake.messages.at(-1)), /Heard in the second.*The first window again/);
    assertNoRefusals(host.fake);
  });

  it('lets neither window lose the draft that is typed in it', async () => {
    const { chat: other } = await openSecond();
    await type(host, 'The draft of the first window');
    await type(other, 'The draft of the second window');
    host.fake.enqueue(reply.text('An answer between the drafts.'));
    await host.send('A message between the drafts');
    await host.idle();
    await other.see('An answer between the drafts.');
    assert.equal(await draftOf(other), 'The draft of the second window');
    await type(host, 'A later draft of the first window');
    await host.session.reload();
    await host.run('prelude.focusChat');
    await eventually(async () => assert.equal(await draftOf(host), 'A later draft of the first window'));
    await type(host, '');
  });

  it('repairs what a window that was closed in the middle of an answer left behind', async () => {
    const { window, chat: other } = await openSecond();
    const held = host.fake.hold();
    await other.send('Asked by one that leaves');
    await held.push('This half arrived ');
    await other.see('This half arrived');
    await host.see('This half arrived');
    await window.close();
    second = null;
    await host.idle();
    assert.match(await transcriptText(host), /Asked by one that leaves[\s\S]*This half arrived[\s\S]*interrupted/);
    host.fake.enqueue(reply.text('Whole again.'));
    await host.send('Go on without it');
    await host.see('Whole again.');
    await host.idle();
    assert.match(messagesText(host.fake.messages.at(-1)), /This half arrived/);
    assertNoRefusals(host.fake);
  });

  it('takes over at once from a window whose extension host was killed', async () => {
    const { window, chat: other } = await openOther(host.folder);
    const held = host.fake.hold();
    await other.send('Asked by one that dies');
    await held.push('Before the death ');
    await host.see('Before the death');
    await window.kill();
    await host.idle();
    assert.match(await transcriptText(host), /Asked by one that dies[\s\S]*Before the death[\s\S]*interrupted/);
    host.fake.enqueue(reply.text('Life goes on.'));
    await host.send('And now?');
    await host.see('Life goes on.');
    await host.idle();
    assertNoRefusals(host.fake);
  });

  it('chats in a window without a folder, and keeps its history apart', async () => {
    const { chat } = await openOther();
    assert.equal(await (await chat.frame()).locator('.answer').count(), 0);
    host.fake.enqueue(reply.toolUse('list_directory', { path: '.' }), reply.text('There is no folder here.'));
    await chat.send('What is here?');
    await chat.see('There is no folder here.');
    await chat.idle();
    assert.match(messagesText(host.fake.messages.at(-1)), /No folder is open/);
    assert.doesNotMatch(messagesText(host.fake.messages.at(-1)), /Who drives this/);
    assert.doesNotMatch(await transcriptText(host), /There is no folder here/);
    assertNoRefusals(host.fake);
  });

  it('tells files of the same name in two roots apart, and keeps its history apart (L7)', async () => {
    const roots = makeFolder({
      'shop/src/app.ts': 'export const which = "the shop";\n',
      'bank/src/app.ts': 'export const which = "the bank";\n',
      'both.code-workspace': JSON.stringify({ folders: [{ path: 'shop' }, { path: 'bank' }] }),
    });
    folders.push(roots);
    const window = await openRoots(host.session, join(roots, 'both.code-workspace'), 2);
    windows.push(window);
    const chat = chatIn(window, '');
    await chat.run('prelude.focusChat');
    const both = chatIn(window, roots);
    assert.equal(await (await chat.frame()).locator('.answer').count(), 0);
    await both.open('shop/src/app.ts');
    await both.open('bank/src/app.ts');
    host.fake.enqueue(
      reply.toolUse('read_file', { path: 'shop/src/app.ts' }).toolUse('read_file', { path: 'bank/src/app.ts' }),
      reply.text('Two shops, no: a shop and a bank.'),
    );
    await chat.send('Which is which?');
    await chat.see('a shop and a bank.');
    await chat.idle();
    const request = host.fake.messages.at(-1);
    assert.match(systemText(request), /<file path="shop\/src\/app\.ts"[\s\S]*the shop/);
    assert.match(systemText(request), /<file path="bank\/src\/app\.ts"[\s\S]*the bank/);
    // They are read side by side.
    for (const read of [/the shop/, /the bank/]) assert.match(messagesText(request), read);
    assert.doesNotMatch(await transcriptText(host), /a shop and a bank/);
    assert.doesNotMatch(await transcriptText(chat), /Who drives this/);
    assertNoRefusals(host.fake);
  });
});
