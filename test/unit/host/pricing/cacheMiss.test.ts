/** Whole chats whose prompt cache is missed: what the API is asked, and what is told. */
import assert from 'node:assert/strict';
import type { ChatSettings } from '../../../../src/core/base/settings';
import type { AnswerItem, CacheMiss } from '../../../../src/shared/chat';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { ask, asOfficial, type FakeView, quickClock } from '../../core/kit';
import { oneChat } from '../../core/oneChat';

describe('A chat whose cache is missed', () => {
  let fake: FakeClaude;
  let view: FakeView;
  let settings: Partial<ChatSettings>;
  /** ms by which this machine's clock is ahead. */
  let shift: number;
  let isOfficial: boolean;

  beforeEach(() => {
    settings = { cacheTtl: '5m' };
    shift = 0;
    isOfficial = true;
  });
  const one = oneChat(
    (begun) => {
      ({ fake, view } = begun);
    },
    {
      workspace: (editors) => {
        editors.files.set('a.ts', 'export const a = 1;\n'.repeat(1500));
        editors.open = ['a.ts'];
      },
      chat: ({ fake: { url } }) => ({
        ...(isOfficial ? asOfficial(url) : {}),
        settings: () => settings,
        clock: { ...quickClock, now: () => Date.now() + shift },
      }),
    },
  );

  const answers = (): readonly AnswerItem[] =>
    view.state.items.flatMap((item) => (item.type === 'answer' ? [item] : []));
  const misses = (): readonly CacheMiss[] => answers().at(-1)?.cacheMisses ?? [];
  const say = async (text: string): Promise<void> => {
    fake.enqueue(reply.text(`About ${text}.`));
    await ask(view, text);
    assert.deepEqual(answers().at(-1)?.outcome, { kind: 'done' });
  };
  const diagnostics = (): readonly unknown[] => fake.messages.map(({ body }) => body.diagnostics);

  it('asks with each request which answer it goes on from, and says nothing while all is well', async () => {
    fake.enqueue(reply.toolUse('read_file', { path: 'a.ts' }, 'toolu_1'), reply.text('Read.'));
    await ask(view, 'one');
    await say('two');
    const [first, second, third] = diagnostics() as readonly { readonly previous_message_id: string | null }[];
    assert.deepEqual(first, { previous_message_id: null });
    assert.match(second?.previous_message_id ?? '', /^msg_/);
    assert.match(third?.previous_message_id ?? '', /^msg_/);
    assert.notEqual(second?.previous_message_id, third?.previous_message_id);
    assert.deepEqual(
      answers().flatMap(({ cacheMisses }) => cacheMisses),
      [],
    );
  });

  it('asks nothing of an address that is not Anthropic’s', async () => {
    isOfficial = false;
    await one.reload();
    await say('one');
    await say('two');
    assert.deepEqual(diagnostics(), [undefined, undefined]);
  });

  it('tells what another model has cost', async () => {
    await say('one');
    settings = { ...settings, model: 'claude-sonnet-4-6' };
    await say('two');
    const [other] = misses();
    assert.equal(other?.reason, 'model');
    assert.ok(other.tokens > 5_000);
    assert.ok((other.usd ?? 0) > 0);
  });

  it('tells that the cache had expired, after a reload too', async () => {
    await say('one');
    shift = 6 * 60_000;
    fake.clock.advance(shift);
    await say('two');
    const before = misses();
    assert.equal(before[0]?.reason, 'expired');
    await one.reload();
    assert.deepEqual(misses(), before);
  });

  it('tells that the API had dropped what should still be there', async () => {
    await say('one');
    fake.clock.advance(6 * 60_000);
    await say('two');
    assert.equal(misses()[0]?.reason, 'gone');
  });

  it('tells that the API no longer knew the request before', async () => {
    await say('one');
    await fake.close();
    one.fake = await startFakeClaude();
    await one.reload();
    await say('two');
    assert.equal(misses()[0]?.reason, 'notFound');
  });

  it('tells a clear miss without having asked', async () => {
    isOfficial = false;
    await one.reload();
    await say('one');
    fake.clock.advance(6 * 60_000);
    await say('two');
    assert.equal(misses()[0]?.reason, 'unknown');
  });
});
