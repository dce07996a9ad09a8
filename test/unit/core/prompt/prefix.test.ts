/** The prompt as a log: over a long conversation each request extends the one before, and the cache shows it. */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import { VirtualClock } from '../../../fakeClaude/clock';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { PlayClock } from '../../../fakeClaude/windowClock';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder } from '../kit';

/** The request as one list of strings, in the order in which the cache sees it, without breakpoints. */
function blocksOf(raw: string): readonly string[] {
  const body = JSON.parse(raw) as Anthropic.MessageCreateParams;
  const system = Array.isArray(body.system) ? body.system : [];
  return [
    ...(body.tools ?? []).map((tool) => `tool ${bytes(tool)}`),
    ...system.map((block) => `system ${bytes(block)}`),
    ...body.messages.flatMap(({ role, content }) =>
      (Array.isArray(content) ? content : []).map((block) => `${role} ${bytes(block)}`),
    ),
  ];
}

function bytes(block: object): string {
  const { cache_control: _, ...rest } = block as { cache_control?: unknown };
  return JSON.stringify(rest);
}

function line(count: number, word: string): string {
  return Array.from({ length: count }, (_, index) => `export const ${word}${index} = compute(${index});`).join('\n');
}

for (const model of ['claude-opus-4-8', 'claude-sonnet-4-6']) {
  describe(`A conversation of twelve turns with ${model}`, () => {
    let fake: FakeClaude;
    let chat: Chat;
    let view: FakeView;
    const folder = temporaryFolder();

    before(async () => {
      fake = await startFakeClaude();
      const editors = new FakeEditors();
      editors.files.set('login.ts', line(150, 'login'));
      editors.files.set('retry.ts', line(120, 'retry'));
      editors.files.set('other.ts', line(80, 'other'));
      editors.open = ['login.ts', 'retry.ts'];
      editors.selected = { path: 'login.ts', startLine: 3, endLine: 9 };
      chat = await openChat({ url: fake.url, folder: (await folder).path, editors, model });
      view = new FakeView(await chat.conversations.current());
      for (let turn = 0; turn < 12; turn += 1) {
        const tools = turn % 3 === 1;
        if (tools) {
          fake.enqueue(
            reply
              .thinking(`Let me look, ${turn}.`)
              .text('I will look.')
              .toolUse('read_file', { path: 'other.ts', start_line: turn, end_line: turn + 20 })
              .toolUse('search_text', { query: `retry${turn}` }),
            reply.thinking('Once more.').toolUse('read_file', { path: 'missing.ts' }),
          );
        }
        fake.enqueue(reply.thinking('Hm.').text(`Answer ${turn}: it retries because of the loop.`));
        if (turn === 2)
          editors.files.set('login.ts', editors.files.get('login.ts')?.replace('login70 =', 'loginSeventy =') ?? '');
        if (turn === 5) editors.files.set('retry.ts', 'everything is new\n');
        if (turn === 8) {
          editors.files.set('login.ts', `// first line\n${editors.files.get('login.ts')}`);
          editors.selected = null;
        }
        await ask(view, `Question ${turn}: why does login retry?`);
        fake.clock.advance(60_000);
      }
    });

    after(async () => {
      await closeChat(chat);
      await fake.close();
      (await folder).remove();
    });

    it('is accepted by the strict API from the first to the last request', () => {
      assert.deepEqual(
        fake.refusals.map((request) => request.response?.error),
        [],
      );
      assert.deepEqual(chat.errors, []);
      assert.equal(fake.messages.length, 12 + 4 * 2);
      assert.equal(fake.pending, 0);
    });

    it('extends each request byte for byte in the next one (L10)', () => {
      const requests = fake.messages.map((request) => blocksOf(request.raw));
      for (const [index, blocks] of requests.entries()) {
        const before = requests[index - 1];
        if (before === undefined) continue;
        assert.ok(blocks.length > before.length);
        assert.deepEqual(blocks.slice(0, before.length), before, `request ${index} rewrites an earlier block`);
      }
    });

    it('tells the model of every edit once, and of the selection', () => {
      const last = blocksOf(fake.messages.at(-1)?.raw ?? '').join('\n');
      assert.equal(last.split('loginSeventy').length - 1, 1, 'the edit as a diff, once');
      assert.equal(last.split('everything is new').length - 1, 1, 'the rewritten file, once');
      assert.equal(last.split('// first line').length - 1, 1);
      assert.match(last, /<selection none=/);
    });

    it('reads the prefix from the cache from the second turn on (L9)', () => {
      const usages = fake.messages.map((request) => request.response?.usage);
      for (const [index, usage] of usages.entries()) {
        const before = usages[index - 1];
        assert.ok(usage);
        if (before === undefined) continue;
        const whole = before.cache_read_input_tokens + before.cache_creation_input_tokens;
        assert.equal(usage.cache_read_input_tokens, whole, `request ${index} reads all that the one before wrote`);
        assert.ok(whole > 1024);
      }
    });
  });
}

describe('A context that is begun anew', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let clock: PlayClock;
  const folder = temporaryFolder();

  before(async () => {
    const virtual = new VirtualClock();
    clock = new PlayClock(virtual);
    fake = await startFakeClaude({ clock: virtual });
    const editors = new FakeEditors();
    editors.files.set('login.ts', line(150, 'login'));
    editors.files.set('retry.ts', line(120, 'retry'));
    editors.open = ['login.ts', 'retry.ts'];
    chat = await openChat({ url: fake.url, folder: (await folder).path, editors, clock });
    view = new FakeView(await chat.conversations.current());
    const say = async (words: string): Promise<void> => {
      fake.enqueue(reply.text('It retries because of the loop.'));
      await ask(view, words);
    };
    await say('Why does it retry?');
    editors.open = ['login.ts'];
    await clock.pass(60_000);
    await say('And without the loop?');
    await clock.pass(90 * 60_000);
    await say('After lunch, then?');
  });

  after(async () => {
    await closeChat(chat);
    await fake.close();
    (await folder).remove();
  });

  it('keeps to what was sent while that is cheaper, and drops what is stale once the cache is cold (L10)', () => {
    const [first, second, third] = fake.messages.map((request) => blocksOf(request.raw));
    assert.ok(first && second && third);
    assert.deepEqual(second.slice(0, first.length), first, 'a closed file stays what was sent');
    assert.doesNotMatch(second.join(), /<closed path=/);
    assert.doesNotMatch(third.join(), /retry0|<closed path=/);
    assert.match(third.join(), /login0/);
    assert.deepEqual(fake.refusals, []);
  });

  it('is told in the chat, with what it saves', () => {
    const lines = view.state.items.flatMap((item) => (item.type === 'context' ? item.lines : []));
    const { rebase } = lines.find(({ change }) => change === 'rebased') ?? {};
    assert.equal(rebase?.reason, 'cold');
    assert.ok((rebase?.savedTokens ?? 0) > 1000);
    assert.ok((rebase?.usd ?? 1) < 0);
  });
});
