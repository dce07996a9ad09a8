/** Keeping what was sent in the prompt cache: only where it is turned on, only what was sent, and no longer than it helps. */
import assert from 'node:assert/strict';
import { forgetStopped } from '../../../src/host/session/warmCare';
import { VirtualClock } from '../../fakeClaude/clock';
import { reply } from '../../fakeClaude/script';
import { type FakeClaude, type FakeOptions, startFakeClaude } from '../../fakeClaude/server';
import { PlayClock } from '../../fakeClaude/windowClock';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../core/kit';

const minute = 60_000;

describe('Warm-ups', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let clock: PlayClock;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  async function open(
    warm: { start: boolean; keep: boolean },
    switches: FakeOptions['switches'] = allowed,
  ): Promise<void> {
    const virtual = new VirtualClock();
    clock = new PlayClock(virtual);
    fake = await startFakeClaude({ clock: virtual, ...(switches === undefined ? {} : { switches }) });
    folder = await temporaryFolder();
    const editors = new FakeEditors();
    editors.files.set('login.ts', 'export const login = compute(1);\n'.repeat(400));
    editors.open = ['login.ts'];
    chat = await openChat({ url: fake.url, folder: folder.path, editors, clock, settings: () => ({ warm }) });
    view = new FakeView(await chat.conversations.current());
    fake.enqueue(reply.text('It retries. '.repeat(20)));
    await ask(view, 'Why does it retry?');
  }

  afterEach(async () => {
    forgetStopped();
    await closeChat(chat);
    await fake.close();
    folder.remove();
  });

  const allowed = { warmUpUnderAdaptiveThinking: true };
  const warmUps = () => fake.messages.filter((request) => request.body.max_tokens === 0);
  const lines = () => view.state.items.flatMap((item) => (item.type === 'context' ? item.lines : []));
  const kept = () => lines().findLast((line) => line.change === 'warmed')?.warm;
  const read = (at: number): number => fake.messages.at(at)?.response?.usage?.cache_read_input_tokens ?? -1;
  const quiet = () => until('nothing to run', () => !view.controller.isRunning);

  it('are not made unless they are turned on', async () => {
    await open({ start: false, keep: false });
    await clock.pass(4.6 * minute);
    view.controller.handle({ type: 'draft', conversation: view.controller.conversation, text: 'A draft' });
    await clock.pass(10 * minute);
    assert.equal(fake.messages.length, 1);
  });

  it('keep what was sent in the cache while the conversation is shown, and say what that costs', async () => {
    await open({ start: false, keep: true });
    for (const times of [1, 2, 3]) {
      await clock.pass(4.6 * minute);
      await until(`warm-up ${times}`, () => warmUps().length === times);
      await quiet();
      assert.equal(kept()?.times, times);
    }
    assert.ok((kept()?.usd ?? 0) > 0);
    const [first] = fake.messages;
    for (const request of warmUps()) {
      assert.deepEqual([request.body.system, request.body.messages], [first?.body.system, first?.body.messages]);
      assert.equal(request.body.stream ?? false, false);
      assert.ok((request.response?.usage?.cache_read_input_tokens ?? 0) > 4000);
    }
    fake.enqueue(reply.text('So it does.'));
    await ask(view, 'And now?');
    assert.ok(read(-1) > 4000, 'a quarter of an hour later it is read');
    assert.ok(view.state.usd !== null && view.state.usd > (kept()?.usd ?? 0));
    assert.deepEqual(fake.refusals, []);
  });

  it('end before they have cost as much as writing again', async () => {
    await open({ start: false, keep: true });
    for (let time = 0; time < 20; time += 1) {
      await clock.pass(4.5 * minute + 1000);
      await quiet();
      await new Promise((resolve) => setTimeout(resolve, 30));
      await quiet();
    }
    assert.ok(warmUps().length >= 8 && warmUps().length <= 12, `${warmUps().length} times`);
  });

  it('put back what went cold when the user begins to type, and nothing of what is typed', async () => {
    await open({ start: true, keep: false });
    await clock.pass(30 * minute);
    assert.equal(fake.messages.length, 1);
    view.controller.handle({ type: 'draft', conversation: view.controller.conversation, text: 'A secret draft' });
    await until('the warm-up', () => warmUps().length === 1);
    await quiet();
    assert.doesNotMatch(fake.messages.at(-1)?.raw ?? '', /secret draft/);
    view.controller.handle({ type: 'draft', conversation: view.controller.conversation, text: 'A secret draft, on' });
    fake.enqueue(reply.text('So.'));
    await ask(view, 'And now?');
    assert.equal(warmUps().length, 1);
    assert.ok(read(-1) > 4000);
  });

  it('stop for a model when the API refuses one, and say so', async () => {
    await open({ start: true, keep: true }, {});
    await clock.pass(4.6 * minute);
    await until('the refusal to be shown', () => kept()?.stopped === 'refused');
    await quiet();
    await clock.pass(30 * minute);
    view.controller.handle({ type: 'draft', conversation: view.controller.conversation, text: 'On' });
    await clock.pass(minute);
    assert.equal(warmUps().length, 1);
    fake.enqueue(reply.text('So.'));
    await ask(view, 'And now?');
    assert.equal(view.state.items.filter((item) => item.type === 'answer').at(-1)?.type, 'answer');
  });

  it('stop for a model when what they kept is not read, and say so', async () => {
    await open({ start: false, keep: true });
    await clock.pass(4.6 * minute);
    await until('the warm-up', () => warmUps().length === 1);
    await quiet();
    fake.ledger.clear();
    fake.enqueue(reply.text('So.'));
    await ask(view, 'And now?');
    await until('it to be said', () => kept()?.stopped === 'missed');
    await quiet();
    await clock.pass(10 * minute);
    assert.equal(warmUps().length, 1);
  });

  it('are part of the record: after a reload it shows them and what they cost', async () => {
    await open({ start: false, keep: true });
    await clock.pass(4.6 * minute);
    await until('the warm-up', () => kept()?.times === 1);
    await quiet();
    const { state } = view;
    const again = new FakeView(await chat.conversations.current());
    assert.deepEqual(again.state, state);
  });
});
