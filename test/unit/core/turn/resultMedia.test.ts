/** Images and PDFs that tools give back: kept as attachments are, sent with their call's result, the same each time (L5). */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import { modelOf } from '../../../../src/core/models/models';
import { tokensOf } from '../../../../src/core/models/tokens';
import { entryStats } from '../../../../src/core/prompt/blockStats';
import { refusedMedia } from '../../../../src/core/prompt/refusedMedia';
import type { Entry, MediaBlock, ToolResultEntry } from '../../../../src/core/record/record';
import { NotTextError, ToolError, type WholeFile } from '../../../../src/core/tools/workspace';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { hollowPng, pdfFile, pngFile } from '../../attachments/files';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder } from '../kit';

class Pictures extends FakeEditors {
  readonly pictures = new Map<string, { readonly type: string; readonly bytes: Uint8Array }>();

  async readWhole(path: string): Promise<WholeFile> {
    const found = this.pictures.get(path);
    if (found === undefined) throw new ToolError(`There is no file ${path}.`);
    return { kind: 'media', file: { uri: `file:///work/${path}`, path }, ...found };
  }

  override async readLines(path: string, startLine: number, maxLines: number) {
    if (this.pictures.has(path)) throw new NotTextError('not text', true);
    return await super.readLines(path, startLine, maxLines);
  }
}

const png = pngFile(30, 20);
const opus = modelOf('claude-opus-4-8');

describe('What a tool shows', function () {
  this.timeout(20_000);
  let fake: FakeClaude;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let chat: Chat;
  let view: FakeView;
  let editors: Pictures;

  const open = async (): Promise<void> => {
    chat = await openChat({ url: fake.url, folder: folder.path, editors });
    view = new FakeView(await chat.conversations.current());
  };
  /** What the results of a request hold. */
  const results = (index: number): readonly (readonly Anthropic.ContentBlockParam[])[] => {
    const messages = (fake.messages[index]?.body.messages ?? []) as unknown as readonly Anthropic.MessageParam[];
    return messages
      .flatMap(({ content }) => (typeof content === 'string' ? [] : content))
      .flatMap((block) => (block.type === 'tool_result' ? [block.content as Anthropic.ContentBlockParam[]] : []));
  };

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    editors = new Pictures();
    editors.pictures.set('a.png', { type: 'PNG image', bytes: png });
    editors.pictures.set('a.pdf', { type: 'PDF document', bytes: pdfFile(2) });
    editors.pictures.set('huge.png', { type: 'PNG image', bytes: hollowPng(9_000, 40) });
    editors.pictures.set('cut.png', { type: 'PNG image', bytes: png.subarray(0, 60) });
    await open();
  });

  afterEach(async () => {
    await closeChat(chat);
    await fake.close();
    await folder.remove();
  });

  it('goes out inside the result, before its words, and is the same after a restart', async () => {
    fake.enqueue(
      reply.toolUse('read_file', { path: 'a.png' }, 'toolu_a').toolUse('read_file', { path: 'a.pdf' }, 'toolu_b'),
      reply.text('I see.'),
      reply.text('Still.'),
    );
    await ask(view, 'Look');
    const first = results(1);
    const [image] = first.find(([block]) => block?.type === 'image') ?? [];
    assert.ok(image?.type === 'image' && image.source.type === 'base64');
    assert.equal(image.source.data, png.toString('base64'));
    const pdf = first.find(([block]) => block?.type === 'document');
    assert.deepEqual(
      pdf?.map(({ type }) => type),
      ['document', 'text'],
    );
    await closeChat(chat);
    await open();
    await ask(view, 'And now?');
    assert.equal(JSON.stringify(results(2)), JSON.stringify(first));
    assert.deepEqual(fake.refusals, []);
  });

  it('is refused in words when it cannot be sent', async () => {
    fake.enqueue(
      reply.toolUse('read_file', { files: [{ path: 'huge.png' }, { path: 'cut.png' }] }, 'toolu_a'),
      reply.text('Oh.'),
    );
    await ask(view, 'Look');
    const [said] = results(1);
    const text = said?.[0]?.type === 'text' ? said[0].text : '';
    assert.match(text, /huge\.png has 9000 × 40 pixels[\s\S]*cut\.png is incomplete/);
    assert.deepEqual(fake.refusals, []);
  });
});

const media: MediaBlock = {
  type: 'image',
  blob: 'b',
  mediaType: 'image/png',
  width: 280,
  height: 280,
  name: 'a.png',
  bytes: 9,
};

function path(end: boolean): readonly Entry[] {
  const at = (id: string, parent: string | null) => ({ id, parent, at: 1 });
  const result: ToolResultEntry = {
    ...at('r', 'a'),
    kind: 'toolResult',
    toolUseId: 't',
    content: 'a.png: shown here.',
    media: [media],
    isError: false,
    cancelled: false,
    label: { text: 'Read a.png' },
    summary: null,
  };
  const failure = { code: 'mediaRefused', message: 'Could not process image', status: 400 };
  const failed = { ...at('e', 'r'), kind: 'end', outcome: { kind: 'failed', failure } } as unknown as Entry;
  return end ? [result, failed] : [result];
}

describe('An image in a result', () => {
  it('is left out once the API has refused it, its words are not (L5)', () => {
    assert.deepEqual([...refusedMedia(path(true))], ['r']);
    assert.deepEqual([...refusedMedia(path(false))], []);
  });

  it('weighs what the API counts for it', () => {
    const [result] = path(false);
    assert.ok(result !== undefined);
    const without = { ...(result as ToolResultEntry), media: [] };
    const tokens = (entry: Entry): number => tokensOf(entryStats(entry, opus), 1);
    assert.ok(Math.abs(tokens(result) - tokens(without) - 100) < 20);
  });
});
