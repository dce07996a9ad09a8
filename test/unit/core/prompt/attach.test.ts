/** Attachments through a whole chat: from the intent to the wire, over a restart, over deletions. */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import { attachmentStrings } from '../../../../src/core/base/strings';
import type { IncomingFile } from '../../../../src/host/workspace/fileSource';
import type { HostToView } from '../../../../src/shared/protocol';
import type { RecordedRequest } from '../../../fakeClaude/record';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { filled } from '../../../texts';
import { gifFile, jpegFile, pdfFile, pngFile } from '../../attachments/files';
import { privateKey } from '../../tools/secretTexts';
import { type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../kit';

/** What the API is told to say in one of the tests; everything else that it refuses is a fault. */
const scripted = 'Unable to download the file.';

type Refusal = Extract<HostToView, { type: 'attachRefused' }>;

/** The blocks of the user's messages on the wire, the last message's when `last`. */
function userBlocks(request: RecordedRequest | undefined, last = true): readonly Anthropic.ContentBlockParam[] {
  const messages = (request?.body.messages ?? []) as unknown as readonly Anthropic.MessageParam[];
  const users = messages.filter(({ role }) => role === 'user');
  return (last ? users.slice(-1) : users).flatMap(({ content }) => (typeof content === 'string' ? [] : content));
}

describe('Attachments of a conversation', function () {
  this.timeout(20_000);
  let fake: FakeClaude;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let chat: Chat;
  let view: FakeView;
  const disk = new Map<string, IncomingFile>();
  const told: string[] = [];

  const files = {
    pick: async () => [...disk.keys()],
    read: async (uri: string) => {
      const file = disk.get(uri);
      if (file === undefined) throw new Error('it is gone');
      return file;
    },
    tell: (name: string) => void told.push(name),
  };

  /** As some later or foreign model may be: the API's list says which take images. */
  const blindModel = 'claude-words-1';
  let model = 'claude-opus-4-8';

  const open = async (): Promise<void> => {
    chat = await openChat({
      url: fake.url,
      folder: folder.path,
      editors: new FakeEditors(),
      files,
      settings: () => ({ model }),
      modelFacts: (id) => (id === blindModel ? { name: 'Words 1', imageInput: false } : {}),
    });
    view = new FakeView(await chat.conversations.current());
  };
  const attach = (name: string, bytes: Buffer, mediaType = '', to = view): Promise<unknown> =>
    to.controller.handle({
      type: 'attach',
      conversation: to.controller.conversation,
      name,
      mediaType,
      data: bytes.toString('base64'),
    });
  const labels = (of = view): readonly string[] => of.composer?.attachments.map(({ label }) => label) ?? [];
  const attached = (...wanted: string[]): Promise<void> =>
    until(`attached: ${wanted.join()}`, () => labels().join() === wanted.join());
  const refusals = (): readonly string[] =>
    view.messages
      .filter((message): message is Refusal => message.type === 'attachRefused')
      .map(({ reason }) => reason.text);

  const ask = async (of: FakeView, text: string): Promise<void> => {
    const sent = fake.messages.length;
    of.controller.handle({ type: 'send', conversation: of.controller.conversation, text });
    await fake.untilMessages(sent + 1);
    await until('the turn to end', () => !of.controller.isRunning);
  };

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    disk.clear();
    told.length = 0;
    model = 'claude-opus-4-8';
    await open();
  });
  afterEach(async () => {
    await closeChat(chat);
    await fake.close();
    folder.remove();
    assert.deepEqual(chat.errors, []);
    const said = fake.refusals.map(({ response }) => response?.error);
    assert.deepEqual(
      said.filter((error) => error !== scripted),
      [],
    );
  });

  it('go before the words, as they are, and stay the same bytes over the turns', async () => {
    const [shot, photo, pdf] = [pngFile(60, 40), jpegFile(30, 20), pdfFile(2)];
    attach('shot.png', shot, 'image/png');
    attach('photo.jpg', photo, 'image/jpeg');
    attach('a.pdf', pdf, 'application/pdf');
    attach('notes.md', Buffer.from('\ufeff# Notes\nzero\u200bwidth'));
    await attached('shot.png', 'photo.jpg', 'a.pdf', 'notes.md');
    fake.enqueue(reply.text('Seen.'), reply.text('Again.'));
    await ask(view, 'What is this?');
    assert.deepEqual(labels(), []);
    const blocks = userBlocks(fake.messages[0]);
    assert.deepEqual(
      blocks.map((block) => ({ ...block, cache_control: undefined })),
      [
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: shot.toString('base64') } },
        { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: photo.toString('base64') } },
        {
          type: 'document',
          source: { type: 'base64', media_type: 'application/pdf', data: pdf.toString('base64') },
          title: 'a.pdf',
        },
        {
          type: 'document',
          source: { type: 'text', media_type: 'text/plain', data: '# Notes\nzero\\u{200b}width' },
          title: 'notes.md',
        },
        { type: 'text', text: 'What is this?' },
      ].map((block) => ({ ...block, cache_control: undefined })),
    );
    await ask(view, 'And now?');
    const again = userBlocks(fake.messages[1], false).slice(0, blocks.length);
    assert.deepEqual(again.slice(0, 4), blocks.slice(0, 4));
    const item = view.state.items.find((one) => one.type === 'user');
    assert.deepEqual(item?.type === 'user' && item.attachments.map(({ kind, label }) => [kind, label]), [
      ['image', 'shot.png'],
      ['image', 'photo.jpg'],
      ['document', 'a.pdf'],
      ['document', 'notes.md'],
    ]);
  });

  it('go alone, without words, and name the conversation', async () => {
    attach('shot.png', pngFile(60, 40));
    await attached('shot.png');
    fake.enqueue(reply.text('Seen.'));
    await ask(view, '');
    assert.deepEqual(
      userBlocks(fake.messages[0]).map(({ type }) => type),
      ['image'],
    );
    assert.equal(view.state.title, 'shot.png');
  });

  it('are there after a restart, with the words, before they are sent (L2)', async () => {
    attach('shot.png', pngFile(60, 40));
    view.controller.handle({ type: 'draft', conversation: view.controller.conversation, text: 'Look at' });
    await attached('shot.png');
    await closeChat(chat);
    await open();
    assert.equal(view.draft, 'Look at');
    assert.deepEqual(labels(), ['shot.png']);
    fake.enqueue(reply.text('Seen.'));
    await ask(view, 'Look at this');
    assert.equal(userBlocks(fake.messages[0])[0]?.type, 'image');
    await closeChat(chat);
    await open();
    assert.deepEqual(labels(), [], 'what was sent is no draft any more');
    assert.equal(view.draft, '');
  });

  it('are of their own conversation, and outlive the deletion of another with the same image (L2)', async () => {
    const shot = pngFile(60, 40);
    attach('shot.png', shot);
    await attached('shot.png');
    const first = view.controller.conversation;
    view = new FakeView(await chat.conversations.startNew());
    assert.notEqual(view.controller.conversation, first);
    attach('same.png', shot);
    await attached('same.png');
    fake.enqueue(reply.text('Seen.'), reply.text('Seen.'));
    await ask(view, 'Sent here');
    const second = view.controller.conversation;
    view = new FakeView(await chat.conversations.open(first));
    assert.deepEqual(labels(), ['shot.png']);
    await chat.store.deleteForever(second);
    await ask(view, 'Still there?');
    const [image] = userBlocks(fake.messages.at(-1));
    assert.equal(
      image?.type === 'image' && image.source.type === 'base64' && image.source.data,
      shot.toString('base64'),
    );
  });

  it('are erased with their conversation, the ones that were only in its draft too', async () => {
    attach('shot.png', pngFile(60, 40));
    await attached('shot.png');
    const id = view.composer?.attachments[0]?.id ?? '';
    assert.notEqual(await chat.store.getBlob(id), null);
    const before = view.controller.conversation;
    await chat.conversations.startNew();
    await chat.store.deleteForever(before);
    assert.equal(await chat.store.getBlob(id), null);
  });

  it('can be taken away again, and the same one twice is one', async () => {
    const shot = pngFile(60, 40);
    attach('a.png', shot);
    attach('b.png', shot);
    attach('c.gif', gifFile(3, 3));
    await attached('a.png', 'c.gif');
    const id = view.composer?.attachments[0]?.id ?? '';
    view.controller.handle({ type: 'detach', conversation: view.controller.conversation, id });
    await attached('c.gif');
    await closeChat(chat);
    await open();
    assert.deepEqual(labels(), ['c.gif']);
  });

  it('are waited for: a message sent at once has what was pasted before it', async () => {
    attach('shot.png', pngFile(600, 400));
    fake.enqueue(reply.text('Seen.'));
    view.controller.handle({ type: 'send', conversation: view.controller.conversation, text: 'This' });
    await fake.untilMessages(1);
    await until('the end', () => !view.controller.isRunning);
    assert.deepEqual(
      userBlocks(fake.messages[0]).map(({ type }) => type),
      ['image', 'text'],
    );
  });

  it('are refused with words before anything of them is stored: corrupt, lying, secret, too large (L5, L32, L59)', async () => {
    attach('cut.png', pngFile(60, 40).subarray(0, 90), 'image/png');
    attach('lie.png', jpegFile(60, 40), 'image/png');
    attach('wide.png', pngFile(2400, 2), 'image/png');
    attach('.env', Buffer.from('TOKEN=1'));
    attach('locked.pdf', pdfFile(1, { encrypted: true }));
    attach('notes.txt', Buffer.from(`${'words\n'.repeat(50_000)}${privateKey}`));
    attach('wide.txt', Buffer.from(`\ufeff${privateKey}`));
    await until('the refusals', () => refusals().length === 7);
    const link = { name: '/a/config.txt', mediaType: '', bytes: Buffer.from('TOKEN=1'), target: '/a/.env' };
    disk.set('file:///a/config.txt', link);
    await view.controller.attachUri('file:///a/config.txt');
    await until('the refusal of the link', () => refusals().length === 8);
    assert.deepEqual(labels(), []);
    const expected = [/incomplete/, /a valid/, /pixels/, /secrets/, /password/, /a private/, /a private/, /secrets/];
    for (const [index, words] of expected.entries()) assert.match(refusals()[index] ?? '', words);
  });

  it('of a kind that the model does not take are said so, attached, sent, or sent before, instead of a 400 (L5)', async () => {
    const { conversation } = view.controller;
    const pick = (id: string): void => {
      model = id;
      view.controller.refreshComposer();
    };
    const idle = (): Promise<void> => until('the end', () => !view.controller.isRunning);
    const inDraft = filled(attachmentStrings.noImages('{0}'));
    const inChat = filled(attachmentStrings.noImagesBefore('{0}'));
    pick(blindModel);
    attach('shot.png', pngFile(60, 40));
    await until('a refusal', () => refusals().length === 1);
    assert.deepEqual([refusals(), labels()], [[inDraft], []]);
    // Attached for another model, and then this one is picked.
    pick('claude-opus-4-8');
    attach('shot.png', pngFile(60, 40));
    await attached('shot.png');
    pick(blindModel);
    view.controller.handle({ type: 'send', conversation, text: 'What is this?' });
    await until('a refusal', () => refusals().length === 2);
    assert.deepEqual([refusals()[1], labels(), view.draft], [inDraft, ['shot.png'], 'What is this?']);
    pick('claude-opus-4-8');
    fake.enqueue(reply.text('A shot.'));
    await ask(view, 'What is this?');
    // The conversation has one: nothing of it can go to that model, by whichever way.
    pick(blindModel);
    await view.controller.handle({ type: 'send', conversation, text: 'And now?' });
    await view.controller.handle({ type: 'retry', conversation });
    const [first] = view.state.items.filter((item) => item.type === 'user');
    await view.controller.handle({ type: 'editMessage', conversation, id: first?.id ?? '', text: 'What is it?' });
    await until('the refusals', () => refusals().length === 5);
    assert.deepEqual(refusals().slice(2), [inChat, inChat, inDraft]);
    await idle();
    assert.equal(fake.messages.length, 1, 'nothing was sent that the API would refuse');
    pick('claude-opus-4-8');
    fake.enqueue(reply.text('Still a shot.'));
    await ask(view, 'And now?');
    assert.deepEqual(
      userBlocks(fake.messages.at(-1), false).map(({ type }) => type),
      ['image', 'text', 'text'],
    );
  });

  it('as an address go to the API as an address, and nothing is fetched here', async () => {
    const url = 'https://example.com/pictures/login.png';
    const { conversation } = view.controller;
    view.controller.handle({ type: 'attachUrl', conversation, url, edit: null });
    await attached('login.png (example.com)');
    assert.deepEqual(fake.requests, []);
    fake.enqueue(reply.text('Seen.'));
    await ask(view, 'What does it show?');
    const [image] = userBlocks(fake.messages[0]);
    assert.deepEqual(image, { type: 'image', source: { type: 'url', url } });
    view.controller.handle({ type: 'attachUrl', conversation, url: 'http://a/b.png', edit: null });
    await until('the refusal', () => refusals().length === 1);
  });

  it('of one conversation may be many: 25 screenshots go out together (L5)', async function () {
    this.timeout(60_000);
    for (let shot = 0; shot < 25; shot += 1) {
      attach(`shot${shot}.png`, pngFile(2000, 150, { seed: shot }));
      await until('the screenshot', () => labels().length === 1);
      fake.enqueue(reply.text('Seen.'));
      await ask(view, `Screenshot ${shot}`);
    }
    const images = userBlocks(fake.messages.at(-1), false).filter(({ type }) => type === 'image');
    assert.equal(images.length, 25);
  });

  it('that the API refused do not make every later request fail, and go out again when they are asked again (L5)', async () => {
    const url = 'https://example.com/gone.png';
    view.controller.handle({ type: 'attachUrl', conversation: view.controller.conversation, url, edit: null });
    attach('shot.png', pngFile(60, 40));
    await attached('gone.png (example.com)', 'shot.png');
    const refusal = reply.error(400, 'invalid_request_error', scripted);
    fake.enqueue(refusal, refusal, reply.text('Fine.'), reply.text('Fine again.'));
    await ask(view, 'What is this?');
    view.controller.handle({ type: 'retry', conversation: view.controller.conversation });
    await fake.untilMessages(2);
    await until('the end of the retry', () => !view.controller.isRunning);
    const types = (request: RecordedRequest | undefined): readonly string[] =>
      userBlocks(request, false).map(({ type }) => type);
    assert.deepEqual(types(fake.messages[1]), ['image', 'image', 'text'], 'the retry sends all of it');
    await ask(view, 'Never mind. Hello?');
    assert.deepEqual(types(fake.messages[2]), ['text', 'text', 'text', 'text']);
    const [left] = userBlocks(fake.messages[2], false);
    assert.equal(left?.type === 'text' && left.text, `[${url} was left out: it could not be sent.]`);
    const asked = view.state.items.find((item) => item.type === 'user');
    assert.deepEqual(
      asked?.type === 'user' && asked.attachments.map(({ notSent }) => notSent),
      [true, true],
      'and shown so',
    );
    await ask(view, 'And?');
    assert.deepEqual(
      userBlocks(fake.messages[3], false).slice(0, 4),
      userBlocks(fake.messages[2], false)
        .slice(0, 4)
        .map((block) => {
          const { cache_control: _, ...plain } = block as Anthropic.TextBlockParam;
          return plain;
        }),
    );
  });

  it('count in what the next message weighs, before and after it is sent', async () => {
    const tokens = (): number => view.composer?.next.tokens ?? 0;
    const before = tokens();
    attach('shot.png', pngFile(1000, 1000));
    await attached('shot.png');
    const added = tokens() - before;
    assert.ok(added >= 1296 && added <= 1304, `${added}: the image, and the little that a block takes`);
    assert.equal(view.composer?.attachments[0]?.tokens, 1296);
  });

  it('picked from the disk are looked at and scaled by the panel, or refused by their header where there is none (L5)', async () => {
    const wide = pngFile(2400, 2);
    disk.set('file:///a/wide.png', { name: '/a/wide.png', mediaType: 'image/png', bytes: wide });
    disk.set('file:///a/notes.md', { name: '/a/notes.md', mediaType: '', bytes: Buffer.from('# Notes') });
    view.controller.handle({ type: 'pickFiles', conversation: view.controller.conversation });
    await attached('notes.md');
    const asked = view.messages.find((message) => message.type === 'resize');
    assert.deepEqual(asked, {
      type: 'resize',
      conversation: view.controller.conversation,
      name: '/a/wide.png',
      mediaType: 'image/png',
      data: wide.toString('base64'),
    });
    const unseen = await chat.conversations.startNew();
    await unseen.attachUri('file:///a/wide.png');
    await unseen.attachUri('file:///a/gone.png');
    assert.deepEqual(told, ['wide.png', 'gone.png']);
  });

  it('come back into the draft with the words when a message is taken back', async () => {
    attach('shot.png', pngFile(60, 40));
    await attached('shot.png');
    const held = fake.hold();
    view.controller.handle({ type: 'send', conversation: view.controller.conversation, text: 'Too early' });
    await held.request;
    assert.deepEqual(labels(), []);
    view.controller.handle({ type: 'stop', conversation: view.controller.conversation });
    await until('the end', () => !view.controller.isRunning);
    view.controller.handle({ type: 'restorePrompt', conversation: view.controller.conversation });
    await attached('shot.png');
    await until('the words', () => view.draft.includes('Too early'));
  });
});
