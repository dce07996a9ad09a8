/** From the first moment of the page on: one can type, and what was typed before a conversation is shown is its draft. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { strings } from '../../src/webview/l10n/strings';
import { chat, user } from './chats';
import { given, giveTo } from './giving';
import { conversation, type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';

const onePixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describe('What is typed before a conversation is shown', () => {
  let bench: PanelBench;
  let panel: PanelPage;

  before(async () => {
    bench = await startBench();
  });
  afterEach(async () => {
    const { problems } = panel;
    await panel.close();
    assert.deepEqual(problems, []);
  });

  const area = () => panel.page.locator('textarea');
  const typed = (): Promise<string> => area().inputValue();

  async function early(text: string, options: PanelOptions = {}): Promise<void> {
    panel = await PanelPage.open(bench, { ...options, snapshot: false });
    if (text !== '') await area().pressSequentially(text);
  }

  const drafts = async (): Promise<readonly string[]> => (await panel.said('draft')).map(({ text }) => text);

  it('goes into a box that is there before the script, and stays in it with the cursor (L22)', async () => {
    const beforeScript = async (page: Page): Promise<void> => {
      await page.locator('textarea').pressSequentially('Why?');
      await page.keyboard.press('ArrowLeft');
      await page.evaluate(() => Object.assign(window, { first: document.querySelector('textarea') }));
    };
    await early('', { beforeScript });
    await panel.page.keyboard.type('!');
    await panel.start();
    await panel.page.keyboard.type('?');
    assert.equal(await typed(), 'Why!??');
    const same = await panel.page.evaluate(() => {
      const box = document.querySelector('textarea');
      return document.querySelectorAll('textarea').length === 1 && box === (window as { first?: unknown }).first;
    });
    assert.equal(same, true, 'it is the same box');
    await panel.page.locator('textarea').blur();
    assert.deepEqual((await drafts()).at(-1), 'Why!??');
    assert.equal(await panel.page.locator('textarea').getAttribute('placeholder'), strings.placeholderWorkspace());
  });

  it('is told to the host as the draft of the conversation that is shown then (L2)', async () => {
    await early('Why?');
    await panel.page.waitForTimeout(400);
    assert.equal(
      (await panel.page.evaluate(() => window.panelHost.said)).some(({ type }) => type === 'draft'),
      false,
    );
    await panel.start();
    await area().blur();
    assert.deepEqual(await drafts(), ['Why?']);
  });

  it('joins a draft that is stored: neither is lost, and the cursor stays in what is typed (L2)', async () => {
    await early('Why?');
    await panel.page.keyboard.press('ArrowLeft');
    await panel.start({ draft: 'Half a thought' });
    assert.equal(await typed(), 'Half a thought\n\nWhy?');
    await panel.page.keyboard.type(' now');
    assert.equal(await typed(), 'Half a thought\n\nWhy now?');
    await area().blur();
    assert.deepEqual((await drafts()).at(-1), 'Half a thought\n\nWhy now?');
  });

  it('is there again in the next document, once, where no conversation came before the view went away (L2)', async () => {
    await early('Why?');
    await panel.page.reload();
    await panel.said('ready');
    assert.equal(await typed(), 'Why?');
    await panel.start({ draft: 'Half a thought' });
    assert.equal(await typed(), 'Half a thought\n\nWhy?');
    await panel.reload({ draft: 'Half a thought\n\nWhy?' });
    assert.equal(await typed(), 'Half a thought\n\nWhy?');
  });

  it('is kept while a conversation cannot be opened, and joins the next one (L73)', async () => {
    await early('Why?');
    await panel.post({ type: 'unopened', conversation: 'bad', title: '', reason: 'It is damaged.' });
    await panel.settled();
    assert.equal(await area().isVisible(), false);
    await panel.snapshot({ state: chat([user('u', 'Another')]), draft: 'kept' });
    await panel.settled();
    assert.equal(await typed(), 'kept\n\nWhy?');
    // And no other one.
    await panel.snapshot({ state: { ...chat([]), conversation: 'third' }, draft: '' });
    await panel.settled();
    assert.equal(await typed(), '');
  });

  it('is joined by a picture and a file that were given before, in their order, in this conversation (L2, L71)', async () => {
    await early('Why?');
    const png = Buffer.from(onePixel, 'base64');
    assert.equal(await giveTo(panel.page, 'paste', [given('one.png', 'image/png', png)]), true);
    await giveTo(panel.page, 'drop', [given('two.txt', 'text/plain', Buffer.from('two'))], {}, { shiftKey: true });
    await giveTo(panel.page, 'drop', [], { 'text/uri-list': 'file:///work/three.ts' }, { shiftKey: true });
    await panel.page.waitForTimeout(200);
    assert.deepEqual(
      (await panel.said()).filter(({ type }) => /^attach/.test(type)),
      [],
    );
    await panel.start();
    await panel.said('attachFile');
    await panel.page.waitForFunction(() => window.panelHost.said.filter(({ type }) => type === 'attach').length === 2);
    const named = await panel.said('attach');
    assert.deepEqual(
      named.map((one) => [one.conversation, one.name]),
      [
        [conversation, 'one.png'],
        [conversation, 'two.txt'],
      ],
    );
    assert.equal(await typed(), 'Why?');
  });

  it('is not taken from an input method in the middle of a word', async () => {
    await early('');
    await area().focus();
    const keys = await panel.page.context().newCDPSession(panel.page);
    await keys.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 });
    await panel.start({ draft: 'Half a thought' });
    assert.equal(await typed(), 'に');
    await keys.send('Input.insertText', { text: '日本' });
    await panel.settled();
    assert.equal(await typed(), 'Half a thought\n\n日本');
  });

  it('is not sent before it is known where to: Enter says so, and the words stay', async () => {
    await early('Why?');
    await panel.page.keyboard.press('Enter');
    assert.equal(await typed(), 'Why?');
    assert.equal(await panel.words('.composerNote'), strings.loading());
    await panel.start();
    assert.equal(
      (await panel.page.evaluate(() => window.panelHost.said)).some(({ type }) => type === 'send'),
      false,
    );
    await panel.page.keyboard.press('Enter');
    assert.equal((await panel.said('send')).at(-1)?.text, 'Why?');
    assert.equal(await typed(), '');
  });
});
