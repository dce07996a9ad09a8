/** Whole chats with a model that binds its thinking, before and after an update of Prelude (L49). */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type Anthropic from '@anthropic-ai/sdk';
import { databaseName } from '../../../../src/host/store/file/protocol';
import type { AnswerItem } from '../../../../src/shared/chat';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import {
  ask,
  asOfficial,
  type Chat,
  closeChat,
  FakeEditors,
  FakeView,
  openChat,
  temporaryFolder,
  until,
} from '../../core/kit';

const model = 'claude-opus-5-5';

type Body = { tools: object[]; system: Anthropic.TextBlockParam[]; messages: Anthropic.MessageParam[] };

/** What another version of Prelude sent instead. */
const others: Readonly<Record<string, (body: Body) => void>> = {
  'had one tool less': (body) => {
    body.tools = body.tools.slice(0, -1);
  },
  'said a word of the instructions otherwise': (body) => {
    body.system = body.system.map((block, index) => (index === 0 ? { ...block, text: `${block.text} So.` } : block));
  },
};

describe('A conversation with a model that binds its thinking (L49)', () => {
  let fake: FakeClaude;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let chat: Chat;
  let view: FakeView;

  const open = async (sent?: (body: Body) => void): Promise<void> => {
    const editors = new FakeEditors();
    editors.files.set('a.ts', 'export const a = 1;\n'.repeat(1500));
    editors.open = ['a.ts'];
    const change: typeof fetch = async (url, init) => {
      if (sent === undefined || init?.method !== 'POST') return fetch(url, init);
      const body = JSON.parse(String(init.body)) as Body;
      sent(body);
      const headers = new Headers(init.headers);
      headers.delete('content-length');
      return fetch(url, { ...init, headers, body: JSON.stringify(body) });
    };
    chat = await openChat({
      url: fake.url,
      folder: folder.path,
      editors,
      model,
      ...asOfficial(fake.url, change),
    });
    view = new FakeView(await chat.conversations.current());
    await until('the conversation to be shown', () => view.composer !== null);
  };
  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
  });
  afterEach(async () => {
    assert.deepEqual(chat.errors, []);
    await closeChat(chat);
    await fake.close();
    folder.remove();
  });

  /** Closes the chat and changes what its store has. */
  const reload = async (sql: string): Promise<void> => {
    await closeChat(chat);
    const db = new DatabaseSync(join(folder.path, databaseName));
    db.exec(sql);
    db.close();
    await open();
  };
  const answers = (): readonly AnswerItem[] =>
    view.state.items.flatMap((item) => (item.type === 'answer' ? [item] : []));
  const say = async (text: string): Promise<void> => {
    fake.enqueue(reply.thinking(`Hm, ${text}.`).text(`About ${text}.`));
    await ask(view, text);
    assert.deepEqual(answers().at(-1)?.outcome, { kind: 'done' });
  };
  /** Which answers of the last request had their thoughts. */
  const thoughts = (): readonly boolean[] =>
    ((fake.messages.at(-1)?.body.messages ?? []) as readonly Anthropic.MessageParam[])
      .filter(({ role }) => role === 'assistant')
      .map(({ content }) => typeof content !== 'string' && content.some(({ type }) => type === 'thinking'));
  const refusals = (): readonly unknown[] => fake.refusals.map(({ response }) => response?.error);

  it('sends its thoughts back while nothing changes, a reload or not', async () => {
    await open();
    await say('one');
    await say('two');
    await reload('SELECT 1');
    await say('three');
    assert.deepEqual(thoughts(), [true, true]);
    assert.deepEqual(
      answers().flatMap(({ cacheMisses }) => cacheMisses),
      [],
    );
    assert.deepEqual(refusals(), []);
  });

  for (const [what, sent] of Object.entries(others)) {
    it(`goes on after an update from one that ${what}, and says what the cache was missed for`, async () => {
      await open(sent);
      await say('one');
      await say('two');
      await reload("UPDATE heldRequests SET digest = 'other' || entry, tools = 'other', instructions = 'other'");
      await say('three');
      assert.deepEqual(thoughts(), [false, false]);
      assert.deepEqual(
        answers()
          .at(-1)
          ?.cacheMisses?.map(({ reason }) => reason),
        ['update'],
      );
      await say('four');
      assert.deepEqual(thoughts(), [false, false, true]);
      assert.deepEqual(answers().at(-1)?.cacheMisses ?? [], []);
      assert.deepEqual(refusals(), []);
    });

    it(`goes on where it was stored by one that ${what} and kept no digests`, async () => {
      await open(sent);
      await say('one');
      await reload('DELETE FROM heldRequests');
      await say('two');
      await say('three');
      assert.deepEqual(thoughts(), [false, true]);
      assert.deepEqual(refusals(), []);
    });
  }

  it('goes on where nothing changed but that it kept no digests: the missed cache is told as what it is', async () => {
    await open();
    await say('one');
    await reload('DELETE FROM heldRequests');
    await say('two');
    assert.deepEqual(thoughts(), [false]);
    await say('three');
    assert.deepEqual(thoughts(), [false, true]);
    assert.deepEqual(refusals(), []);
  });

  it('goes on in the middle of a tool loop that an update broke off, by Retry and by new words', async () => {
    for (const retry of [true, false]) {
      await open(others['had one tool less']);
      fake.enqueue(reply.thinking('First I look.').toolUse('read_file', { path: 'a.ts' }), reply.stall());
      view.controller.handle({ type: 'send', conversation: view.controller.conversation, text: 'Look.' });
      await until('the second step', () => fake.messages.length % 2 === 0 && fake.messages.length > 0);
      await reload("UPDATE heldRequests SET digest = 'other' || entry, tools = 'other', instructions = 'other'");
      fake.enqueue(reply.thinking('Now.').text('So.'));
      if (retry) {
        view.controller.handle({ type: 'retry', conversation: view.controller.conversation });
        await until('the turn to end', () => answers().at(-1)?.outcome?.kind === 'done');
      } else await ask(view, 'Go on.');
      assert.deepEqual(answers().at(-1)?.outcome, { kind: 'done' });
      assert.deepEqual(refusals(), []);
      if (retry) {
        await closeChat(chat);
        folder.remove();
        folder = await temporaryFolder();
        await fake.close();
        fake = await startFakeClaude();
      }
    }
  });

  it('goes on with a key of another account, whose server refuses the thoughts: without them, from then on', async () => {
    await open();
    await say('one');
    fake.enqueue(
      reply.error(400, 'invalid_request_error', 'messages.1.content.0: Invalid `signature` in `thinking` block'),
    );
    await say('two');
    assert.deepEqual(thoughts(), [false]);
    await say('three');
    assert.deepEqual(thoughts(), [false, true]);
    assert.equal(
      answers()
        .flatMap(({ parts }) => parts)
        .filter(({ type }) => type === 'thinking').length,
      3,
    );
  });
});
