/** Sent messages that are written anew where they stand. */
import assert from 'node:assert/strict';
import { pngFile } from '../unit/attachments/files';
import { answer, chat, text, user } from './chats';
import { giveTo } from './giving';
import { baseComposer, conversation, type PanelBench, PanelPage, startBench } from './panelPage';

describe('A sent message that is written anew', () => {
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

  const inline = () => panel.page.locator('.inlineText');

  it('keeps the words of each while another is edited, and over a reload; one that was left alone is let go (L2)', async () => {
    const state = chat(
      ['u1', 'u2', 'u3'].flatMap((id) => [user(id, `words of ${id}`), answer(id, [text(id, 'Yes.')])]),
    );
    const edit = async (id: string): Promise<void> => {
      await panel.page.locator(`[data-edit="${id}"]`).click({ force: true });
      await panel.page.locator(`[data-edit-of="${id}"] .inlineText:focus`).waitFor();
    };
    panel = await PanelPage.open(bench, { state });
    await edit('u1');
    await inline().fill('ten lines');
    await edit('u2');
    assert.equal(await inline().inputValue(), 'words of u2');
    assert.ok(!(await panel.said()).some(({ type }) => type === 'dropFromEdit'));
    await edit('u3');
    assert.deepEqual(
      (await panel.said('dropFromEdit')).map((one) => one.edit),
      ['u2'],
    );
    await inline().fill('of the third');
    await edit('u1');
    assert.equal(await inline().inputValue(), 'ten lines');
    await panel.reload({ state });
    await panel.settled();
    assert.equal(await inline().inputValue(), 'ten lines');
    await inline().press('Enter');
    assert.deepEqual(
      (await panel.said('editMessage')).map((one) => [one.id, one.text]),
      [['u1', 'ten lines']],
    );
    await edit('u3');
    assert.equal(await inline().inputValue(), 'of the third');
    // Given up by the user: it says what was sent again.
    await inline().press('Escape');
    await edit('u3');
    assert.equal(await inline().inputValue(), 'words of u3');
  });

  it('has its words kept by the host too, so that they are there in a view that never showed it (L2)', async () => {
    const state = chat(
      ['u1', 'u2', 'u3'].flatMap((id) => [user(id, `words of ${id}`), answer(id, [text(id, 'Yes.')])]),
    );
    const begun = ['u2', 'u3'].map((id) => ({ kind: 'message', id, text: `${id} anew` }) as const);
    const edit = async (id: string): Promise<void> => {
      await panel.page.locator(`[data-edit="${id}"]`).click({ force: true });
      await panel.page.locator(`[data-edit-of="${id}"] .inlineText:focus`).waitFor();
    };
    const told = async (id: string, words: string | null): Promise<void> => {
      await panel.page.waitForFunction(
        ([of, wanted]) =>
          window.panelHost.said.some(
            (one) => one.type === 'keepEdit' && one.id === of && (one.edit?.text ?? null) === wanted,
          ),
        [id, words] as const,
      );
    };
    panel = await PanelPage.open(bench, { state, begun });
    assert.equal(await inline().count(), 0, 'none is opened by itself');
    await edit('u2');
    assert.equal(await inline().inputValue(), 'u2 anew');
    await edit('u1');
    await inline().fill('the first');
    await told('u1', 'the first');
    await inline().press('Enter');
    await told('u1', null);
    assert.ok(
      (await panel.said('keepEdit')).every((one) => one.id === 'u1'),
      'nothing of what the host has',
    );
    await edit('u3');
    await inline().fill('the third');
    await told('u3', 'the third');
    // Another view has gone on with it since.
    const later = { kind: 'message', id: 'u3', text: 'words of a later view' } as const;
    await panel.reload({ state, begun: [later] });
    await panel.page.waitForFunction(
      (words) => document.querySelector<HTMLTextAreaElement>('.inlineText')?.value === words,
      later.text,
    );
    await inline().fill('the third');
    // Before the view shows another chat, or goes away, it says all.
    await panel.snapshot({ state: chat([user('x', 'Another')], { conversation: 'another' }) });
    await told('u3', 'the third');
    assert.ok((await panel.said('keepEdit')).every((one) => one.conversation === conversation));
  });

  it('goes without a word where something is attached to it, and not at all with nothing', async () => {
    const image = { kind: 'image', id: 'f'.repeat(64), label: 'shot.png', bytes: 9 } as const;
    const state = chat([
      { ...user('u1', 'What is it?'), attachments: [image] },
      answer('u1', [text('a', 'A picture.')]),
      user('u2', 'And?'),
      answer('u2', [text('b', 'That is all.')]),
    ]);
    const sendBlank = async (id: string): Promise<void> => {
      await panel.page.locator(`[data-edit="${id}"]`).click({ force: true });
      await inline().fill(' ');
      await panel.page.locator('[data-inline="save"]').click();
      await panel.settled();
    };
    const sent = async (): Promise<readonly string[]> =>
      (await panel.said()).flatMap((one) => (one.type === 'editMessage' ? [one.id] : []));
    panel = await PanelPage.open(bench, { state });
    await sendBlank('u2');
    assert.deepEqual(await sent(), []);
    const edited = [{ ...image, edit: 'u2', tokens: 9 }];
    await panel.post({ type: 'composer', conversation, composer: { ...baseComposer, edited } });
    await panel.page.locator('.inlineEditor').waitFor();
    await panel.page.locator('[data-inline="save"]').click();
    await panel.settled();
    assert.deepEqual(await sent(), ['u2']);
    await sendBlank('u1');
    assert.deepEqual(await sent(), ['u2', 'u1']);
  });

  it('gets what is pasted and dropped into it: addresses, files of the explorer, tabs (L71)', async () => {
    const state = chat([user('u1', 'Why?'), answer('u1', [text('a', 'So.')])]);
    panel = await PanelPage.open(bench, { state });
    const url = 'https://example.com/a.png';
    await panel.page.locator('[data-edit="u1"]').click({ force: true });
    await panel.page.locator('.inlineText:focus').waitFor();
    const place = '.inlineText';
    await inline().fill(`See ${url} there`);
    await giveTo(panel.page, 'paste', [], { 'text/plain': url }, { place });
    await panel.page.locator('[data-do="sendAddress"]').click();
    assert.deepEqual(await panel.said('attachUrl'), [{ type: 'attachUrl', conversation, url, edit: 'u1' }]);
    assert.equal(await inline().inputValue(), 'See  there');
    await panel.page.keyboard.press('Control+z');
    assert.equal(await inline().inputValue(), `See ${url} there`, 'the text’s own undo');
    const list = 'file:///work/a.png\r\nhttps://example.com/page';
    await giveTo(panel.page, 'drop', [], { 'application/vnd.code.uri-list': list }, { place });
    assert.deepEqual(await panel.said('attachFile'), [
      { type: 'attachFile', conversation, uri: 'file:///work/a.png', edit: 'u1' },
    ]);
    assert.match(await inline().inputValue(), /https:\/\/example\.com\/page/, 'a link is words');
    const codeeditors = JSON.stringify([{ contents: 'never saved' }]);
    await giveTo(panel.page, 'drop', [], { 'application/vnd.code.uri-list': '', codeeditors }, { place });
    assert.deepEqual(
      (await panel.said('attachPasted')).map(({ edit }) => edit),
      ['u1'],
    );
    const data = pngFile(8, 8).toString('base64');
    await panel.post({ type: 'resize', conversation, edit: 'u1', name: 'a.png', mediaType: 'image/png', data });
    assert.deepEqual(
      (await panel.said('attachToEdit')).map(({ edit, name }) => [edit, name]),
      [['u1', 'a.png']],
    );
    assert.equal(await panel.page.locator('.composerText').inputValue(), '');
  });

  it('asks about no address that is pasted where nothing is sent from', async () => {
    panel = await PanelPage.open(bench);
    await panel.post({ type: 'find', step: 'open' });
    await panel.page.locator('.findText:focus').waitFor();
    const url = 'https://example.com/a.png';
    await giveTo(panel.page, 'paste', [], { 'text/plain': url }, { place: '.findText' });
    await panel.settled();
    assert.equal(await panel.page.locator('[data-do="sendAddress"]').count(), 0);
    await giveTo(panel.page, 'paste', [], { 'text/plain': url });
    await panel.page.locator('[data-do="sendAddress"]').waitFor();
  });
});
