import assert from 'node:assert/strict';
import { readImage } from '../../src/shared/images/imageHeader';
import type { Answer, DraftAttachment, ImageData } from '../../src/shared/protocol';
import { addressStrings } from '../../src/webview/l10n/filesPopupStrings';
import { listStrings } from '../../src/webview/l10n/listStrings';
import { strings } from '../../src/webview/l10n/strings';
import { gifFile, hollowPng, pdfFile, pngFile } from '../unit/attachments/files';
import { chat, user } from './chats';
import { type GivenFile, type Giving, given, giveTo } from './giving';
import { conversation, type PanelBench, PanelPage, startBench } from './panelPage';

const png = (width: number, height: number, seed = 0): Buffer => pngFile(width, height, { seed });

const shot: DraftAttachment = {
  id: 'a'.repeat(64),
  kind: 'image',
  label: 'login screen.png',
  mediaType: 'image/png',
  width: 1920,
  height: 1080,
  bytes: 84_000,
  tokens: 2691,
};

describe('Attachments in the panel', function () {
  this.timeout(30_000);
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

  const give = (
    event: Giving,
    files: readonly GivenFile[],
    texts: Readonly<Record<string, string>> = {},
    shiftKey = false,
  ): Promise<boolean> => giveTo(panel.page, event, files, texts, { shiftKey });
  const told = async (count = 1) => {
    await panel.page.waitForFunction(
      (wanted) => window.panelHost.said.filter(({ type }) => type === 'attach').length >= wanted,
      count,
    );
    return panel.said('attach');
  };
  const refusals = () => panel.page.locator('.attachmentNote.refused .noteWords');

  it('take a pasted screenshot that fits as it is, byte for byte', async () => {
    panel = await PanelPage.open(bench);
    const small = png(1280, 800);
    assert.equal(await give('paste', [given('image.png', 'image/png', small)]), true);
    assert.deepEqual(await told(), [
      { type: 'attach', conversation, name: 'image.png', mediaType: 'image/png', data: small.toString('base64') },
    ]);
  });

  it('make a screenshot of 4000×3000 as large as the model sees it, and keep it a PNG (L5)', async () => {
    panel = await PanelPage.open(bench);
    await give('paste', [given('image.png', 'image/png', png(4000, 3000))]);
    const [sent] = await told();
    assert.equal(sent?.mediaType, 'image/png');
    assert.deepEqual(readImage(Buffer.from(sent?.data ?? '', 'base64')), {
      kind: 'image',
      type: 'image/png',
      width: 2000,
      height: 1500,
    });
  });

  it('go by the model: one that sees less gets less', async () => {
    panel = await PanelPage.open(bench, { composer: { maxImageTokens: 1568 } });
    await give('paste', [given('image.png', 'image/png', png(1920, 1080))]);
    const [sent] = await told();
    const image = readImage(Buffer.from(sent?.data ?? '', 'base64'));
    assert.deepEqual(image.kind === 'image' && [image.width, image.height], [1456, 819]);
  });

  it('stay of their kind when they are scaled: JPEG and WebP; a GIF becomes its first frame as a PNG', async () => {
    panel = await PanelPage.open(bench);
    const drawn = await panel.page.evaluate(async () => {
      const canvas = new OffscreenCanvas(3000, 400);
      canvas.getContext('2d')?.fillRect(10, 10, 900, 100);
      const encode = async (type: string): Promise<string> => {
        const blob = await canvas.convertToBlob({ type });
        const bytes = new Uint8Array(await blob.arrayBuffer());
        return btoa([...bytes].map((byte) => String.fromCharCode(byte)).join(''));
      };
      return { jpeg: await encode('image/jpeg'), webp: await encode('image/webp') };
    });
    await give('drop', [
      { name: 'a.jpg', type: 'image/jpeg', data: drawn.jpeg },
      { name: 'b.webp', type: 'image/webp', data: drawn.webp },
      given('c.gif', 'image/gif', gifFile(2500, 100)),
    ]);
    const sent = await told(3);
    assert.deepEqual(
      sent.map(({ mediaType, data }) => {
        const image = readImage(Buffer.from(data, 'base64'));
        return [mediaType, image.kind === 'image' && image.type, image.kind === 'image' && image.width];
      }),
      [
        ['image/jpeg', 'image/jpeg', 2000],
        ['image/webp', 'image/webp', 2000],
        ['image/png', 'image/png', 2000],
      ],
    );
  });

  it('shrink until their bytes fit too (L5)', async () => {
    panel = await PanelPage.open(bench);
    const noisy = pngFile(1500, 1000, { noise: true });
    assert.ok(noisy.length > 4_000_000);
    await give('paste', [given('noise.png', 'image/png', noisy)]);
    const [sent] = await told();
    const bytes = Buffer.from(sent?.data ?? '', 'base64');
    const image = readImage(bytes);
    assert.ok(bytes.length <= 3_700_000 && image.kind === 'image' && image.type === 'image/png');
  });

  it('are refused here when only decoding shows that they are damaged (L5)', async () => {
    panel = await PanelPage.open(bench);
    await give('paste', [given('photo.png', 'image/png', hollowPng(40, 30))]);
    await refusals().getByText('photo.png is damaged: it cannot be shown. Save it again.').waitFor();
    assert.equal((await panel.said()).filter(({ type }) => type === 'attach').length, 0);
    await panel.page.locator('.attachmentNote.refused button').click();
    await panel.settled();
    assert.equal(await refusals().count(), 0);
  });

  it('that are no images go to the host as they are', async () => {
    panel = await PanelPage.open(bench);
    const pdf = pdfFile(2);
    await give('drop', [given('a.pdf', 'application/pdf', pdf), given('notes.md', '', Buffer.from('# Notes'))]);
    const sent = await told(2);
    assert.deepEqual(
      sent.map(({ name, mediaType, data }) => [name, mediaType, data]),
      [
        ['a.pdf', 'application/pdf', pdf.toString('base64')],
        ['notes.md', '', Buffer.from('# Notes').toString('base64')],
      ],
    );
  });

  it('leave pasted text alone, even when a picture of it comes along', async () => {
    panel = await PanelPage.open(bench);
    assert.equal(await give('paste', [], { 'text/plain': 'just text' }), false);
    const sheet = { 'text/plain': '1\t2', 'text/html': '<table><td>1<td>2</table>' };
    assert.equal(await give('paste', [given('image.png', 'image/png', png(9, 9))], sheet), false);
    await panel.settled();
    assert.equal((await panel.said()).filter(({ type }) => type === 'attach').length, 0);
  });

  it('ask what to do with a pasted address of an image, and keep it as text until they are told', async () => {
    panel = await PanelPage.open(bench);
    const url = 'https://example.com/a/login.png';
    const area = panel.page.locator('textarea');
    await area.fill(`Look at ${url} please`);
    assert.equal(await give('paste', [], { 'text/plain': url }), false);
    await panel.page.getByText(addressStrings.askAddress()).waitFor();
    await panel.page.locator('[data-do="keepText"]').click();
    await panel.settled();
    assert.equal(await panel.page.locator('.attachmentNote').count(), 0);
    assert.equal(await area.inputValue(), `Look at ${url} please`);
    await give('paste', [], { 'text/plain': url });
    await panel.page.locator('[data-do="sendAddress"]').click();
    assert.deepEqual(await panel.said('attachUrl'), [{ type: 'attachUrl', conversation, url, edit: null }]);
    assert.equal(await area.inputValue(), 'Look at  please');
  });

  it('say that Shift has to be held while something is dragged (L27)', async () => {
    panel = await PanelPage.open(bench);
    const note = panel.page.locator('.composerNote');
    await give('dragenter', [given('a.png', 'image/png', png(9, 9))]);
    await panel.settled();
    assert.equal(await note.textContent(), strings.holdShift());
    await give('dragenter', [given('a.png', 'image/png', png(9, 9))], {}, true);
    await panel.settled();
    assert.equal(await note.textContent(), strings.dropHere());
    await give('drop', [given('a.png', 'image/png', png(9, 9))], {}, true);
    await told();
    assert.equal(await note.textContent(), '');
    await give('dragenter', [], { 'text/plain': 'dragged words' });
    await panel.settled();
    assert.equal(await note.textContent(), '', 'text is dropped as always');
    assert.match((await panel.page.locator('[data-do="attach"]').getAttribute('title')) ?? '', /Shift/);
  });

  it('dropped from the explorer are read by the host', async () => {
    panel = await PanelPage.open(bench);
    const list = 'file:///work/a.png\r\nfile:///work/b.pdf';
    await give('drop', [], { 'application/vnd.code.uri-list': list, 'text/plain': 'a.png' }, true);
    assert.deepEqual(await panel.said('attachFile'), [
      { type: 'attachFile', conversation, uri: 'file:///work/a.png', edit: null },
      { type: 'attachFile', conversation, uri: 'file:///work/b.pdf', edit: null },
    ]);
  });

  it('dropped as tabs that were never saved bring their text, those with an address none', async () => {
    panel = await PanelPage.open(bench);
    const tabs = [{ contents: 'one' }, { resource: { path: '/a' }, contents: 'of the host' }, { contents: '' }, {}];
    for (const codeeditors of [JSON.stringify([...tabs, { contents: 'two' }]), '{', 'null'])
      await give('drop', [], { 'application/vnd.code.uri-list': '', codeeditors }, true);
    await panel.page.waitForFunction(
      () => window.panelHost.said.filter(({ type }) => type === 'attachPasted').length > 1,
    );
    assert.deepEqual(
      (await panel.pasted()).map(({ text }) => text),
      ['one', 'two'],
    );
  });

  it('are picked by the button', async () => {
    panel = await PanelPage.open(bench);
    await panel.page.locator('[data-do="attach"]').click();
    assert.deepEqual(await panel.said('pickFiles'), [{ type: 'pickFiles', conversation }]);
  });

  it('are scaled for the host, which read them', async () => {
    panel = await PanelPage.open(bench);
    const data = png(2600, 1300).toString('base64');
    await panel.post({ type: 'resize', conversation, name: '/a/wide.png', mediaType: 'image/png', data });
    const [sent] = await told();
    const image = readImage(Buffer.from(sent?.data ?? '', 'base64'));
    assert.deepEqual(image.kind === 'image' && [image.width, image.height], [2000, 1000]);
  });

  it('are there before the message is sent that they belong to', async () => {
    panel = await PanelPage.open(bench);
    await panel.page.locator('textarea').fill('This');
    await give('paste', [given('image.png', 'image/png', png(4000, 3000))]);
    await panel.page.locator('textarea').press('Enter');
    await panel.said('send');
    const kinds = (await panel.said()).map(({ type }) => type).filter((type) => type === 'attach' || type === 'send');
    assert.deepEqual(kinds, ['attach', 'send']);
  });

  it('stand above the text with picture, name and size, and go by click or Delete', async () => {
    const pdf: DraftAttachment = {
      id: 'b'.repeat(64),
      kind: 'document',
      label: 'spec.pdf',
      mediaType: 'application/pdf',
      bytes: 1_240_000,
      tokens: 7000,
    };
    panel = await PanelPage.open(bench, { composer: { attachments: [shot, pdf] } });
    const chips = panel.page.locator('.chip.attachment');
    assert.deepEqual(
      (await chips.allTextContents()).map((text) => text.replace(/\s+/g, ' ').trim()),
      ['login screen.png 84 kB', 'spec.pdf 1.2 MB'],
    );
    const row = await panel.page.locator('.attachmentRow').boundingBox();
    const area = await panel.page.locator('textarea').boundingBox();
    assert.ok(row !== null && area !== null && row.y + row.height <= area.y);
    const load = await panel.said('loadBlob');
    assert.deepEqual(load, [{ type: 'loadBlob', id: shot.id }], 'once, and no document');
    await panel.answer('loadBlob', blob(png(400, 300)));
    await panel.page.waitForFunction(() => (document.querySelector('.thumb') as HTMLImageElement).naturalWidth === 240);
    await chips.nth(0).locator('.chipMain').focus();
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press(listStrings.removeHint());
    await chips.nth(0).locator('.chipRemove').click();
    assert.deepEqual(await panel.said('detach'), [
      { type: 'detach', conversation, id: pdf.id },
      { type: 'detach', conversation, id: shot.id },
    ]);
  });

  it('open what they are, in the draft and in the question; a PDF, which nothing here shows, is plainly no button', async () => {
    const text = 'c'.repeat(64);
    const where = 'file:///work/src/login.ts';
    const source = { uri: where, path: 'src/login.ts', line: 3, cell: null };
    const selection = { kind: 'selection', label: 'login.ts:3-8', place: ':3-8', source } as const;
    const address = 'https://example.com/login.png';
    const draft: readonly DraftAttachment[] = [
      { id: text, kind: 'document', label: 'notes.md', mediaType: 'text/plain', bytes: 900, tokens: 300 },
      { ...selection, id: `${where}#3-8`, tokens: 90 },
      { id: address, kind: 'imageUrl', label: 'login.png (example.com)', tokens: 4784 },
      { id: 'd'.repeat(64), kind: 'document', label: 'spec.pdf', mediaType: 'application/pdf', tokens: 7000 },
    ];
    const sent = [
      { kind: 'document', id: text, label: 'notes.md', mediaType: 'text/plain' },
      { ...selection, id: 'src/login.ts:3' },
      { kind: 'imageUrl', id: address, label: 'login.png (example.com)' },
      { kind: 'document', id: 'd'.repeat(64), label: 'spec.pdf', mediaType: 'application/pdf' },
    ] as const;
    panel = await PanelPage.open(bench, {
      composer: { attachments: draft },
      state: chat([{ ...user('u1', 'What do they say?'), attachments: sent }]),
    });
    for (const place of ['button.chipMain', 'button.chip.sent']) {
      await panel.forget();
      const buttons = panel.page.locator(place);
      assert.equal(await buttons.count(), 3, place);
      for (let at = 0; at < 3; at += 1) await buttons.nth(at).click();
      assert.deepEqual(
        (await panel.said()).filter(({ type }) => type.startsWith('open')),
        [
          { type: 'openText', id: text, label: 'notes.md' },
          { type: 'openSource', ...source },
          { type: 'openLink', url: address },
        ],
        place,
      );
    }
    for (const pdf of [panel.page.locator('.chipMain.plain'), panel.page.locator('span.chip.sent')]) {
      assert.match(await panel.words(pdf), /^spec\.pdf/);
      assert.equal(await pdf.evaluate((chip) => getComputedStyle(chip).cursor), 'default');
    }
  });

  it('can be sent without words', async () => {
    panel = await PanelPage.open(bench, { composer: { attachments: [shot] } });
    await panel.page.locator('textarea').press('Enter');
    assert.deepEqual(await panel.said('send'), [{ type: 'send', conversation, text: '' }]);
  });

  it('are shown in the question, loaded when they come into view, and open large', async () => {
    const attachments = [{ kind: 'image' as const, id: shot.id, label: shot.label, mediaType: 'image/png' }];
    panel = await PanelPage.open(bench, { state: chat([{ ...user('u1', 'What is wrong here?'), attachments }]) });
    await panel.said('loadBlob');
    await panel.answer('loadBlob', blob(png(800, 600)));
    await panel.page.waitForFunction(() => (document.querySelector('.thumb') as HTMLImageElement).naturalWidth === 240);
    await panel.forget();
    await panel.page.locator('.sentImage').click();
    await panel.said('loadBlob');
    await panel.answer('loadBlob', blob(png(800, 600)));
    await panel.page.waitForFunction(
      () => (document.querySelector('.largeImage img') as HTMLImageElement | null)?.naturalWidth === 800,
    );
    await panel.page.keyboard.press('Escape');
    await panel.settled();
    assert.equal(await panel.page.locator('.largeImage').count(), 0);
    assert.equal(await panel.page.evaluate(() => document.activeElement?.className), 'sentImage');
  });

  it('that are no longer stored say so', async () => {
    panel = await PanelPage.open(bench, { composer: { attachments: [shot] } });
    await panel.said('loadBlob');
    await panel.answer('loadBlob', { ok: true, value: null });
    await panel.page.locator('.thumb[title="This image is no longer stored."]').waitFor();
  });

  function blob(bytes: Buffer): Answer<ImageData | null> {
    return { ok: true, value: { mediaType: 'image/png', data: bytes.toString('base64') } };
  }
});
