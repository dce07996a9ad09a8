/** Images and documents from the user's hand to the wire, in a real VS Code and a real webview. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type Anthropic from '@anthropic-ai/sdk';
import { addressStrings } from '../../src/webview/l10n/filesPopupStrings';
import { strings } from '../../src/webview/l10n/strings';
import type { RecordedRequest } from '../fakeClaude/record';
import { reply } from '../fakeClaude/script';
import { inAll } from '../short';
import { jpegFile, pdfFile, pngFile } from '../unit/attachments/files';
import { afterTry, assertNoRefusals, type ChatHost, eventually, newChat, openChatHost, typeInto } from './chatHost';

function blocksOf(request: RecordedRequest | undefined, type: string): readonly Anthropic.ContentBlockParam[] {
  const messages = (request?.body.messages ?? []) as unknown as readonly Anthropic.MessageParam[];
  return messages
    .flatMap(({ content }) => (typeof content === 'string' ? [] : content))
    .filter((block) => block.type === type);
}

function base64Of(block: Anthropic.ContentBlockParam | undefined): string {
  return (block?.type === 'image' || block?.type === 'document') && block.source.type === 'base64'
    ? block.source.data
    : '';
}

describe('Attachments in VS Code', () => {
  let host: ChatHost;

  before(async () => {
    host = await openChatHost({
      goesOn: true,
      files: {
        'README.md': '# Shop\n',
        'notes/tab.txt': 'in a tab\n',
        'src/shop.ts': 'export const open = true;\n',
        'CLAUDE.md': 'Be brief. @src/rules.md\n',
        'src/rules.md': 'No semicolons.\n',
        '.github/copilot-instructions.md': 'Write in verse.\n',
        '.github/prompts/review.prompt.md': 'Review the shop.',
      },
    });
    const { page } = host.session;
    const { origin } = new URL(page.url());
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  });

  after(async () => {
    await host?.close();
  });

  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  const chips = async () => (await host.frame()).locator('.chip.attachment:not(.taking)');
  const attached = (...names: readonly string[]): Promise<void> =>
    eventually(async () => {
      assert.deepEqual(await (await chips()).locator('.chipLabel').allTextContents(), names);
    });
  const loaded = (selector: string): Promise<void> =>
    eventually(async () => {
      const shown = (await host.frame()).locator(selector);
      const widths = await shown.evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth));
      assert.ok(widths.length > 0 && widths.every((width) => width > 0), `${selector}: ${widths.join()}`);
    });

  /** What a screenshot tool leaves in the clipboard. */
  const copyImage = (bytes: Buffer): Promise<void> =>
    host.session.page.evaluate(async (base64) => {
      const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const blob = new Blob([data], { type: 'image/png' });
      window.focus();
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
    }, bytes.toString('base64'));
  const pasteHere = async (): Promise<void> => {
    await (await host.frame()).locator('.composerText').click();
    await host.session.page.keyboard.press('Control+V');
  };
  /** Drags files of the disk over the composer, as the system tells the browser, or what another part of VS Code has. */
  const drag = async (
    files: readonly string[],
    modifiers: number,
    drop: boolean,
    items: readonly { readonly mimeType: string; readonly data: string }[] = [],
  ): Promise<void> => {
    const box = await (await host.frame()).locator('.composerText').boundingBox();
    assert.ok(box !== null);
    const cdp = await host.session.page.context().newCDPSession(host.session.page);
    const data = { items: [...items], files: [...files], dragOperationsMask: 1 };
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2, data, modifiers };
    for (const type of ['dragEnter', 'dragOver', ...(drop ? (['drop'] as const) : [])] as const)
      await cdp.send('Input.dispatchDragEvent', { type, ...at });
    await cdp.detach();
  };
  /** Drags the tab of a name over the composer by the mouse, with Shift. */
  const dragTab = async (name: string): Promise<void> => {
    const { mouse, keyboard } = host.session.page;
    const box = await (await host.frame()).locator('.composerText').boundingBox();
    assert.ok(box !== null);
    await host.session.page.locator('.tab', { hasText: name }).hover();
    await mouse.down();
    await keyboard.down('Shift');
    await mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
    await mouse.up();
    await keyboard.up('Shift');
  };
  const file = (name: string, bytes: Buffer): string => {
    const path = join(host.folder, name);
    writeFileSync(path, bytes);
    return path;
  };

  it('takes a screenshot pasted from the clipboard, and sends nothing of it before Send (L5)', async () => {
    host.fake.forbidRequests();
    await copyImage(pngFile(640, 400));
    await pasteHere();
    await attached('image.png');
    await loaded('.chip .thumb');
    await delay(500);
    assert.deepEqual(host.fake.requests, []);
  });

  /** A second try finds no draft of the test before it. */
  const pasted = async (): Promise<void> => {
    if ((await (await chips()).count()) > 0) return;
    await copyImage(pngFile(640, 400));
    await pasteHere();
    await attached('image.png');
  };

  it('sends it as an image block before the words', async () => {
    await pasted();
    await (await host.frame()).locator('.composerText').fill('What is wrong here?');
    host.fake.enqueue(reply.text('The button is cut off.'));
    await (await host.frame()).locator('.composerText').press('Enter');
    await host.see('The button is cut off.');
    await host.idle();
    const [image] = blocksOf(host.fake.messages.at(-1), 'image');
    assert.equal(image?.type === 'image' && image.source.type === 'base64' && image.source.media_type, 'image/png');
    assert.ok(base64Of(image).length > 100);
    await attached();
    await loaded('.bubble .thumb');
    assertNoRefusals(host.fake);
  });

  inAll.it('is there after a reload: the one that was sent, and one in the draft with the words (L2)', async () => {
    const image = base64Of(blocksOf(host.fake.messages.at(-1), 'image')[0]);
    await pasted();
    await (await host.frame()).locator('.composerText').fill('And here?');
    await delay(800);
    await host.session.reload();
    await host.run('prelude.focusChat');
    await host.see('The button is cut off.');
    await attached('image.png');
    await loaded('.chip .thumb');
    await loaded('.bubble .thumb');
    const panel = await host.frame();
    await eventually(async () => {
      assert.equal(await panel.locator('.composerText').inputValue(), 'And here?');
    });
    await panel.locator('.bubble .sentImage').click();
    await panel.waitForFunction(
      () => document.querySelector<HTMLImageElement>('.largeImage img')?.naturalWidth === 640,
    );
    await host.session.page.keyboard.press('Escape');
    await panel.locator('.largeImage').waitFor({ state: 'detached' });
    host.fake.enqueue(reply.text('Still cut off.'));
    await panel.locator('.composerText').press('Enter');
    await host.see('Still cut off.');
    await host.idle();
    const images = blocksOf(host.fake.messages.at(-1), 'image').map(base64Of);
    assert.equal(images.length, 2);
    assert.equal(images[0], image, 'the same bytes');
    assertNoRefusals(host.fake);
  });

  it('says that Shift has to be held while a file is dragged, and takes it with Shift (L27)', async () => {
    const path = file('dropped.png', pngFile(80, 60));
    await drag([path], 0, false);
    const panel = await host.frame();
    await panel.locator('.composerNote', { hasText: strings.holdShift() }).waitFor();
    await drag([path], 8, true);
    await attached('dropped.png');
    await (await chips()).locator('.chipMain').focus();
    await host.session.page.keyboard.press('Delete');
    await attached();
  });

  inAll.it('makes a huge screenshot as large as the model sees it (L5)', async () => {
    await drag([file('huge.png', pngFile(4000, 3000))], 8, true);
    await attached('huge.png');
    host.fake.enqueue(reply.text('As large as I see.'));
    await host.send('How large is it?');
    await host.see('As large as I see.');
    const sent = Buffer.from(base64Of(blocksOf(host.fake.messages.at(-1), 'image').at(-1)), 'base64');
    assert.deepEqual([sent.readUInt32BE(16), sent.readUInt32BE(20)], [2000, 1500]);
    assertNoRefusals(host.fake);
  });

  it('sends a PDF and a text as documents', async () => {
    const pdf = pdfFile(3);
    await drag([file('spec.pdf', pdf), file('notes.md', Buffer.from('# Notes\n'))], 8, true);
    await attached('spec.pdf', 'notes.md');
    // A click shows the text as it will be sent.
    await (await chips()).locator('button.chipMain').click();
    await eventually(async () =>
      assert.deepEqual(
        await host.session.evaluate((vscode) => {
          const document = vscode.window.activeTextEditor?.document;
          return [document?.getText(), document?.languageId, document?.fileName.split(/[\\/]/).at(-1)];
        }),
        ['# Notes\n', 'markdown', 'notes.md'],
      ),
    );
    await host.run('workbench.action.closeAllEditors');
    host.fake.enqueue(reply.text('Read.'));
    await host.send('What do they say?');
    await host.see('Read.');
    const [first, second] = blocksOf(host.fake.messages.at(-1), 'document');
    assert.equal(base64Of(first), pdf.toString('base64'));
    assert.deepEqual(second?.type === 'document' && [second.title, second.source], [
      'notes.md',
      { type: 'text', media_type: 'text/plain', data: '# Notes\n' },
    ]);
    await host.idle();
    assertNoRefusals(host.fake);
  });

  it('refuses a damaged file and one that lies with words, and the chat goes on (L5)', async () => {
    await drag([file('cut.png', pngFile(80, 60).subarray(0, 90)), file('lie.png', jpegFile(80, 60))], 8, true);
    await host.see('cut.png is incomplete');
    await host.see('lie.png isn’t a valid PNG file');
    await attached();
    host.fake.enqueue(reply.text('Fine.'));
    await host.send('Are you there?');
    await host.see('Fine.');
    const notes = (await host.frame()).locator('.attachmentNote.refused');
    for (let left = await notes.count(); left > 0; left -= 1) {
      await notes.first().locator('button').click();
      await eventually(async () => assert.ok((await notes.count()) < left));
    }
    assertNoRefusals(host.fake);
  });

  it('asks before the address of an image goes out instead of the image', async () => {
    const url = 'https://example.com/pictures/login.png';
    await host.session.evaluate((vscode, text) => vscode.env.clipboard.writeText(text), url);
    await host.session.page.evaluate((text) => navigator.clipboard.writeText(text), url);
    await pasteHere();
    await host.see(addressStrings.askAddress());
    const panel = await host.frame();
    await panel.locator('[data-do="sendAddress"]').click();
    await attached('login.png (example.com)');
    assert.equal(await panel.locator('.composerText').inputValue(), '');
    host.fake.enqueue(reply.text('A login form.'));
    await host.send('What is there?');
    await host.see('A login form.');
    const sent = blocksOf(host.fake.messages.at(-1), 'image').at(-1);
    assert.deepEqual(sent?.type === 'image' && sent.source, { type: 'url', url });
    assertNoRefusals(host.fake);
  });

  it('sends what was mentioned with @, found by a few letters, and nothing of it before Send', async () => {
    await newChat(host);
    const seen = host.fake.requests.length;
    const panel = await host.frame();
    const text = panel.locator('.composerText');
    await typeInto(host.session, text, 'What is in @readm');
    await panel.locator('.mentionPopup [role=option]', { hasText: 'README.md' }).waitFor();
    await host.session.page.keyboard.press('Enter');
    await eventually(async () => assert.equal(await text.inputValue(), 'What is in @README.md '));
    await panel.locator('.chip .chipLabel', { hasText: 'README.md' }).waitFor();
    assert.equal(host.fake.requests.length, seen);
    host.fake.enqueue(reply.text('A shop.'));
    await host.session.page.keyboard.press('Enter');
    await host.see('A shop.');
    assert.match(JSON.stringify(host.fake.messages.at(-1)?.body.system), /# Shop/);
    assertNoRefusals(host.fake);
  });

  it('takes a folder and files dragged from the explorer or as tabs, by the address of a remote window', async () => {
    await newChat(host);
    const panel = await host.frame();
    const base = host.session.kind === 'server' ? 'vscode-remote://remote' : 'file://';
    const list = ['src', 'README.md'].map((path) => `${base}${host.folder}/${path}`).join('\r\n');
    await drag([], 8, true, [{ mimeType: 'application/vnd.code.uri-list', data: list }]);
    await attached('src/');
    const chip = (name: string) => panel.locator('.chip:not(.attachment) .chipLabel', { hasText: name });
    await chip('README.md').waitFor();
    // A tab that is dragged goes along when it is closed, and what it has that was never saved.
    await host.open('notes/tab.txt');
    await dragTab('tab.txt');
    await host.run('workbench.action.closeAllEditors');
    await host.session.evaluate(async (vscode) => {
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: 'never saved' }));
    });
    await dragTab('Untitled-1');
    await eventually(async () => assert.equal(await (await chips()).count(), 2));
    await host.run('workbench.action.files.revert');
    await chip('tab.txt').waitFor();
    host.fake.enqueue(reply.text('Two files.'));
    await host.send('What is there?');
    await host.see('Two files.');
    await host.idle();
    const { raw = '' } = host.fake.messages.at(-1) ?? {};
    assert.match(raw, /in a tab/);
    assert.match(raw, /never saved/);
    assert.match(raw, /shop\.ts/);
    assert.doesNotMatch(raw, /open = true/, 'its listing alone');
    assert.match(raw, /# Shop/);
    assertNoRefusals(host.fake);
  });

  it('takes out what CLAUDE.md imports with it, and leaves copilot-instructions.md in', async () => {
    await newChat(host);
    const panel = await host.frame();
    const chip = (name: string) => panel.locator('.chip', { hasText: name });
    await chip('rules.md').waitFor();
    await chip('CLAUDE.md').locator('.chipRemove').click();
    await panel.locator('.chipOut', { hasText: 'rules.md' }).waitFor();
    await chip('copilot-instructions.md').and(panel.locator(':not(.chipOut)')).waitFor();
    host.fake.enqueue(reply.text('As you like.'));
    await host.send('And now?');
    await host.see('As you like.');
    await host.idle();
    const { raw = '' } = host.fake.messages.at(-1) ?? {};
    assert.doesNotMatch(raw, /Be brief|No semicolons/);
    assert.match(raw, /Write in verse\./);
    assertNoRefusals(host.fake);
  });

  it('goes by its keys: a prompt of the workspace, Ctrl+Enter where that sends, the last words, a long paste', async () => {
    const { page } = host.session;
    const sendsBy = (control: boolean): Promise<void> =>
      host.session.evaluate(async (vscode, value) => {
        const global = vscode.ConfigurationTarget.Global;
        await vscode.workspace.getConfiguration('prelude').update('useCtrlEnterToSend', value, global);
      }, control);
    await newChat(host);
    const text = (await host.frame()).locator('.composerText');
    const says = (words: string): Promise<void> => eventually(async () => assert.equal(await text.inputValue(), words));
    await text.click();
    await page.keyboard.type('/revi');
    await (await host.frame()).locator('.mentionPopup .option', { hasText: 'review' }).waitFor();
    await page.keyboard.press('Enter');
    await says('Review the shop.');
    await sendsBy(true);
    try {
      await eventually(async () => {
        await text.fill('Review the shop.');
        await page.keyboard.press('End');
        await page.keyboard.press('Enter');
        assert.equal(await text.inputValue(), 'Review the shop.\n');
      });
      host.fake.enqueue(reply.text('It is open.'));
      await page.keyboard.press('Control+Enter');
      await host.see('It is open.');
      await host.idle();
    } finally {
      await sendsBy(false);
    }
    await text.click();
    await page.keyboard.press('ArrowUp');
    await eventually(async () => assert.equal((await text.inputValue()).trim(), 'Review the shop.'));
    await text.fill('');
    const log = `A log\n${'a line of it\n'.repeat(900)}the last line`;
    await page.evaluate((long) => {
      window.focus();
      return navigator.clipboard.writeText(long);
    }, log);
    await pasteHere();
    await eventually(async () => assert.equal(await (await chips()).count(), 1));
    assert.equal(await text.inputValue(), '');
    host.fake.enqueue(reply.text('It failed.'));
    await host.send('What is this?');
    await host.see('It failed.');
    await host.idle();
    assert.ok(host.fake.messages.at(-1)?.raw.includes(JSON.stringify(log).slice(1, -1)), 'to the letter');
    assertNoRefusals(host.fake);
  });

  inAll.it('holds 25 screenshots in one conversation, and the API takes them all (L5)', async () => {
    await newChat(host);
    const paths = Array.from({ length: 25 }, (_, shot) => file(`shot${shot}.png`, pngFile(2400, 150, { seed: shot })));
    for (let from = 0; from < 25; from += 5) {
      const some = paths.slice(from, from + 5);
      await drag(some, 8, true);
      await attached(...some.map((path) => path.slice(host.folder.length + 1)));
      host.fake.enqueue(reply.text(`Seen up to ${from + 5}.`));
      await host.send('And these?');
      await host.see(`Seen up to ${from + 5}.`);
      await host.idle();
    }
    assert.equal(blocksOf(host.fake.messages.at(-1), 'image').length, 25);
    assertNoRefusals(host.fake);
  });
});
