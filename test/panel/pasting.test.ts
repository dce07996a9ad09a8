/** What is pasted: into the words, beside them, and where the cursor is. */
import assert from 'node:assert/strict';
import { attachmentStrings } from '../../src/core/base/strings';
import { refusals } from '../../src/host/base/plainStrings';
import type { DraftAttachment } from '../../src/shared/protocol';
import { pasteStrings } from '../../src/webview/l10n/filesPopupStrings';
import { strings } from '../../src/webview/l10n/strings';
import { filled } from '../texts';
import { pngFile } from '../unit/attachments/files';
import { answer, chat, text, user } from './chats';
import { given, giveTo } from './giving';
import { baseComposer, conversation, type PanelBench, PanelPage, startBench } from './panelPage';

const picture = given('shot.png', 'image/png', pngFile(9, 9));

describe('What is pasted', () => {
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

  const give = (text: string): Promise<boolean> => giveTo(panel.page, 'paste', [], { 'text/plain': text });
  const edits = async (save: string): Promise<readonly string[]> => {
    const said = await panel.said();
    return said
      .map(({ type }) => type as string)
      .filter((type) => (/Edit$/.test(type) && type !== 'keepEdit') || type === save);
  };
  const refused = () => panel.page.locator('.attachmentNote.refused .noteWords');

  it('that is long is folded beside the words, and one stays in them that could not be stored (L68)', async () => {
    panel = await PanelPage.open(bench, { draft: 'Why? ' });
    const long = `Error\n${'a line of a log\n'.repeat(50_000)}`;
    const area = panel.page.locator('textarea');
    assert.equal(await give(long), true);
    assert.deepEqual(await panel.pasted(), [{ text: long, edit: null }]);
    assert.equal(await panel.words('.chip.taking'), strings.takingIn(strings.pastedText()));
    await panel.answer('attachPasted', { ok: true, value: null });
    assert.deepEqual([await panel.page.locator('.chip.taking').count(), await area.inputValue()], [0, 'Why? ']);
    await giveTo(panel.page, 'drop', [], { 'text/plain': 'x\n'.repeat(300) });
    assert.equal((await panel.said('attachPasted')).length, 2, 'dropped, and long by its lines');
    // The host has put it behind the draft, wherever the user is by then: it stands once.
    const text = 'x\n'.repeat(300);
    await panel.post({ type: 'setDraft', conversation, text });
    await panel.answer('attachPasted', { ok: false, reason: refusals.textGone() });
    await refused().waitFor();
    assert.equal(await area.inputValue(), `Why?\n\n${text}`);
    for (const short of ['x'.repeat(8000), ' '.repeat(9000)]) assert.equal(await give(short), false);
  });

  it('has no sign that comes and goes beside the chip when it is taken at once', async () => {
    panel = await PanelPage.open(bench);
    const signs = await panel.page.evaluateHandle(() => {
      // At once, on any machine.
      const real = window.setTimeout;
      window.setTimeout = ((then: () => void, ms = 0) => real(then, ms === 150 ? 60_000 : ms)) as typeof setTimeout;
      const seen: string[] = [];
      const look = (): void => {
        for (const { className } of document.querySelectorAll('.attachmentRow .chip')) seen.push(className);
      };
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
      return seen;
    });
    await give('a line\n'.repeat(2000));
    const label = 'a line';
    const attachment = { id: 'e'.repeat(64), kind: 'document', label, mediaType: 'text/plain', pasted: true } as const;
    const composer = { ...baseComposer, attachments: [{ ...attachment, bytes: 14_000, tokens: 4000 }] };
    await panel.post({ type: 'composer', conversation, composer });
    await panel.page.locator('[data-attachment]').waitFor();
    await panel.answer('attachPasted', { ok: true, value: null });
    await panel.page.locator('.attachmentRow .chip').waitFor();
    assert.deepEqual([...new Set(await signs.jsonValue())], ['chip attachment']);
  });

  it('and is a picture is kept though blank text comes with it (L71)', async () => {
    panel = await PanelPage.open(bench);
    for (const blank of [' ', '\n', '\u200b\ufeff', '\u00a0']) {
      await panel.forget();
      const texts = { 'text/plain': blank, 'text/html': '<img src="x.png">' };
      assert.equal(await giveTo(panel.page, 'paste', [picture], texts), true, JSON.stringify(blank));
      assert.deepEqual(
        (await panel.said('attach')).map(({ name }) => name),
        ['shot.png'],
      );
    }
  });

  it('into a message that is written anew goes with that one, and goes again when it stays as it was (L71)', async () => {
    const waiting = { id: 'q1', text: 'And then?', attachments: 0, held: true };
    const options = { state: chat([user('u1', 'Why?'), answer('u1', [text('a', 'So.')])]) };
    const { name, type: mediaType, data } = picture;
    panel = await PanelPage.open(bench, { ...options, composer: { queued: [waiting] } });
    const open = async (button: string): Promise<void> => {
      await panel.page.locator(button).first().click({ force: true });
      await panel.page.locator('.inlineText:focus').waitFor();
      await panel.forget();
    };
    const paste = () => giveTo(panel.page, 'paste', [picture], {}, { place: '.inlineText' });
    for (const [edit, button, save] of [
      ['u1', '.bubbleEdit', 'editMessage'],
      ['q1', '[data-queue="edit"]', 'editQueued'],
    ] as const) {
      const dropped = (id: string | null) => [{ type: 'dropFromEdit', conversation, edit, id }];
      await open(button);
      assert.equal(await paste(), true);
      const asked = { type: 'attachToEdit', conversation, edit, name, mediaType, data } as const;
      assert.deepEqual(await panel.said('attachToEdit'), [asked]);
      assert.ok(!(await panel.said()).some(({ type }) => type === 'attach'));
      const edited = [{ id: 'f'.repeat(64), edit, kind: 'image', label: name, bytes: 900, tokens: 90 }] as const;
      await panel.post({ type: 'composer', conversation, composer: { ...baseComposer, queued: [waiting], edited } });
      await panel.page.locator('.editing .chip.attachment button').click();
      assert.deepEqual(await panel.said('dropFromEdit'), dropped('f'.repeat(64)));
      await panel.forget();
      await panel.page.locator('.inlineText').press('Escape');
      assert.deepEqual(await panel.said('dropFromEdit'), dropped(null));
      // Esc before it is on its way: it goes nowhere either.
      await panel.post({ type: 'composer', conversation, composer: { ...baseComposer, queued: [waiting] } });
      await open(button);
      await paste();
      await panel.page.keyboard.press('Escape');
      assert.deepEqual(await panel.said('dropFromEdit'), dropped(null));
      assert.deepEqual(await edits(save), ['attachToEdit', 'dropFromEdit']);
      // One that is saved at once has what was pasted before it, and waits for no long text.
      assert.equal(await give('x\n'.repeat(300)), true);
      await open(button);
      await paste();
      await panel.page.keyboard.press('Enter');
      await panel.said(save);
      assert.deepEqual(await edits(save), ['attachToEdit', save]);
      // One of which something is refused after that is not saved yet.
      await open(button);
      await panel.page.evaluate(() => {
        const real = window.createImageBitmap;
        const pressed = new Promise((resolve) => document.addEventListener('keyup', resolve, { once: true }));
        window.createImageBitmap = async () => {
          await pressed;
          window.createImageBitmap = real;
          throw new Error('damaged');
        };
      });
      await paste();
      await panel.page.keyboard.press('Enter');
      await refused().first().waitFor();
      assert.equal(await panel.page.locator('.inlineText').count(), 1);
      assert.deepEqual(await edits(save), []);
      await panel.page.locator('.inlineText').press('Escape');
      await panel.said('dropFromEdit');
      await panel.page.locator('.attachmentNote.refused button').click();
    }
  });

  it('is kept while the host does not answer, and neither it nor Send waits for ever (L68)', async () => {
    panel = await PanelPage.open(bench, { draft: 'Why?' });
    // Seconds of patience are moments here.
    await panel.page.evaluate(() => {
      const real = window.setTimeout;
      window.setTimeout = ((then: () => void, ms = 0) => real(then, ms >= 1000 ? ms / 200 : ms)) as typeof setTimeout;
    });
    const text = 'a line\n'.repeat(2000);
    await give(text);
    await refused().waitFor();
    assert.equal(await panel.words(refused()), pasteStrings.pasteWaits());
    await panel.page.locator('.chip.taking').waitFor({ state: 'detached' });
    await panel.page.locator('textarea').press('Enter');
    await panel.said('send');
    await panel.reload({ draft: 'Why?' });
    assert.deepEqual(await panel.pasted(), [{ text, edit: null }], 'it is told once more');
    await panel.answer('attachPasted', { ok: true, value: null });
    await panel.reload({ draft: 'Why?' });
    assert.ok(!(await panel.said()).some(({ type }) => type === 'attachPasted'));
  });

  it('and is larger than anything that is sent stays where it was, and it is said (L68)', async () => {
    panel = await PanelPage.open(bench);
    await panel.page.evaluate(() => {
      const data = new DataTransfer();
      data.setData('text/plain', 'x'.repeat(25 * 1024 * 1024));
      const box = document.querySelector('.composerText');
      box?.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
    });
    assert.equal(await panel.words(refused()), filled(attachmentStrings.tooLarge(strings.pastedText())));
    assert.ok(!(await panel.said()).some(({ type }) => type === 'attachPasted'));
    assert.equal(await panel.page.locator('textarea').inputValue(), '');
  });

  it('and is long goes with a message that is written anew, and into its words where it could not be stored (L68)', async () => {
    panel = await PanelPage.open(bench, { state: chat([user('u1', 'Why?'), answer('u1', [text('a', 'So.')])]) });
    await panel.page.locator('.bubbleEdit').first().click({ force: true });
    const field = panel.page.locator('.inlineText');
    await panel.page.locator('.inlineText:focus').waitFor();
    const long = 'a line\n'.repeat(300);
    assert.equal(await giveTo(panel.page, 'paste', [], { 'text/plain': long }, { place: '.inlineText' }), true);
    assert.deepEqual(await panel.pasted(), [{ text: long, edit: 'u1' }]);
    await panel.page.keyboard.press('Enter');
    await panel.answer('attachPasted', { ok: false, reason: refusals.textGone() });
    await refused().waitFor();
    assert.equal(await field.inputValue(), `Why?${long}`);
    assert.ok(!(await panel.said()).some(({ type }) => type === 'editMessage'), 'nor is it sent without');
  });

  it('before a conversation is shown is folded, too, and goes to the one that comes (L68)', async () => {
    panel = await PanelPage.open(bench, { snapshot: false });
    const long = 'a line\n'.repeat(300);
    assert.equal(await give(long), true);
    assert.ok(!(await panel.said()).some(({ type }) => type === 'attachPasted'));
    await panel.start();
    assert.deepEqual(await panel.pasted(), [{ text: long, edit: null }]);
    assert.equal(await panel.page.locator('textarea').inputValue(), '');
  });

  it('that is folded can be looked at, removed, and put into the words again (L68)', async () => {
    const id = 'e'.repeat(64);
    const label = 'Error: it broke';
    const attachments: readonly DraftAttachment[] = [
      { id, kind: 'document', label, mediaType: 'text/plain', pasted: true, bytes: 812_000, tokens: 300_000 },
    ];
    panel = await PanelPage.open(bench, { draft: 'Before. After.', composer: { attachments } });
    const chip = panel.page.locator('.chip.attachment');
    assert.equal(await panel.words(chip), `${label} 812 kB`);
    await chip.locator('.chipMain').click();
    assert.deepEqual(await panel.said('openText'), [{ type: 'openText', id, label }]);
    await panel.page.locator('textarea').evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(8, 8));
    await chip.locator('.chipMain').focus();
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('Enter');
    await panel.said('pastedText');
    await chip.locator('.chipMain').focus();
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('Enter');
    await panel.settled();
    assert.equal((await panel.said('pastedText')).length, 1, 'once, however often it is asked for');
    await panel.answer('pastedText', { ok: true, value: 'Line 1\r\nLine 2' });
    const area = panel.page.locator('textarea');
    assert.equal(await area.inputValue(), 'Before. Line 1\nLine 2After.');
    assert.deepEqual(await panel.said('detach'), [{ type: 'detach', conversation, id }]);
    await panel.forget();
    await area.press('ControlOrMeta+z');
    assert.equal(await area.inputValue(), 'Before. After.');
    const again = [{ text: 'Line 1\r\nLine 2', edit: null }];
    assert.deepEqual(await panel.pasted(), again, 'Undo brings its chip back');
    await panel.answer('attachPasted', { ok: true, value: null });
    await area.press('ControlOrMeta+Shift+z');
    assert.deepEqual(await panel.said('detach'), [{ type: 'detach', conversation, id }]);
    await panel.forget();
    await chip.locator('.chipMain').focus();
    await panel.page.keyboard.press('Delete');
    assert.deepEqual(await panel.said('detach'), [{ type: 'detach', conversation, id }]);
  });
});
