/** Whole chats from which things are left out, against the strict API. */
import assert from 'node:assert/strict';
import { excludedResult } from '../../../../src/core/prompt/entryBlocks';
import { reply } from '../../../fakeClaude/script';
import { ask, closeChat, until } from '../../core/kit';
import { FilledChat, tooLong } from './filledChat';

describe('What is left out of a conversation', () => {
  let world: FilledChat;

  beforeEach(async () => {
    world = await FilledChat.start();
  });
  afterEach(() => world.end());

  it('leaves out what the user names, at once and after a reload, and takes it back in', async () => {
    await world.twoTurns();
    const answer = world.view.state.items.find((item) => item.type === 'answer');
    const tool = answer?.type === 'answer' ? answer.parts.find((part) => part.type === 'tool') : undefined;
    const [entry = '', index] = tool?.key.split(':') ?? [];
    const target = { what: 'result', entry, index: Number(index) } as const;
    const warm = world.view.composer?.next;
    assert.equal(warm?.cache.kind, 'warm');
    world.act({ type: 'exclude', target, out: true });
    await until('it to be out', () => world.view.state.excluded.length === 1);
    await until('its price to be said', () => world.view.composer?.rewrite?.kind === 'sent');
    const { next, rewrite } = world.view.composer ?? {};
    assert.ok((next?.tokens ?? 0) < warm.tokens - 1000);
    assert.ok((next?.cachedTokens ?? 0) > 1000, 'instructions, tools and files stay in the cache');
    assert.equal(next?.cache.kind, 'none');
    // Only what stays is written anew, not what is gone.
    assert.ok((rewrite?.tokens ?? 0) <= (next?.tokens ?? 0) - (next?.cachedTokens ?? 0) + 1);
    assert.ok((rewrite?.usd ?? 0) > 0 && (rewrite?.usd ?? 0) <= (next?.askUsd ?? 0));
    await world.idle();
    world.act({ type: 'exclude', target, out: false });
    await until('it to be as it was', () => (world.view.composer?.next.cachedTokens ?? 0) >= warm.cachedTokens);
    assert.equal(world.view.composer?.rewrite, null);
    await world.idle();
    world.act({ type: 'exclude', target, out: true });
    await until('it to be out again', () => world.view.state.excluded.length === 1);
    await closeChat(world.chat);
    await world.open();
    assert.equal(world.view.state.excluded.length, 1);
    await ask(world.view, 'third');
    assert.ok(JSON.stringify(world.messages()).includes(excludedResult));
    world.act({ type: 'exclude', target, out: false });
    await until('it to be in', () => world.view.state.excluded.length === 0);
    await world.idle();
    await ask(world.view, 'fourth');
    assert.ok(!JSON.stringify(world.messages()).includes(excludedResult));
  });

  it('records both of two that are asked for in a row', async () => {
    await world.twoTurns();
    const users = world.view.state.items.filter((item) => item.type === 'user');
    for (const { id } of users)
      world.act({ type: 'exclude', target: { what: 'turn', entry: id, index: 0 }, out: true });
    await until('both to be out', () => world.view.state.excluded.length === 2);
    await world.idle();
  });

  it('is behind nothing that is sent while it is stored, however the last turn ended', async () => {
    await world.twoTurns();
    const held = world.fake.hold();
    world.act({ type: 'send', text: 'third' });
    await held.push('Some');
    world.act({ type: 'stop' });
    await world.idle();
    const [user] = world.view.state.items.filter((item) => item.type === 'user');
    world.fake.enqueue(reply.text('Four.'));
    world.act({ type: 'exclude', target: { what: 'turn', entry: user?.id ?? '', index: 0 }, out: true });
    world.act({ type: 'send', text: 'fourth' });
    await until('the answer', () => world.shown().slice(-2).join() === 'fourth,→ done');
    assert.equal(world.view.state.excluded.length, 1);
    await world.idle();
  });

  it('ignores what is not there, and anything while a turn runs', async () => {
    await world.twoTurns();
    const path = async (): Promise<number> =>
      (await world.chat.store.load(world.view.controller.conversation))?.path.length ?? 0;
    const before = await path();
    const user = world.view.state.items.find((item) => item.type === 'user')?.id ?? '';
    world.act({ type: 'exclude', target: { what: 'turn', entry: 'nothing', index: 0 }, out: true });
    world.act({ type: 'exclude', target: { what: 'attachment', entry: user, index: 0 }, out: true });
    world.act({ type: 'exclude', target: { what: 'turn', entry: user, index: 0 }, out: false });
    await world.idle();
    assert.equal(await path(), before);
    const held = world.fake.hold();
    world.act({ type: 'send', text: 'third' });
    await held.push('Some');
    world.act({ type: 'exclude', target: { what: 'turn', entry: user, index: 0 }, out: true });
    world.act({ type: 'compact' });
    await held.end();
    await world.idle();
    assert.deepEqual(world.view.state.excluded, []);
    assert.deepEqual(world.compactions(), []);
  });

  it('lists what can be left out, the largest first, and asks what was too long again without it', async () => {
    await world.twoTurns();
    world.fake.enqueue(tooLong);
    await ask(world.view, 'third');
    world.choose = (list) => list.slice(0, 1).map(({ target }) => target);
    world.fake.enqueue(reply.text('Three.'));
    world.act({ type: 'manageExcluded' });
    await until('the answer', () => world.shown().at(-1) === '→ done' && world.shown().includes('third'));
    await world.idle();
    assert.deepEqual(
      world.offered.map(({ target }) => target.what),
      ['turn', 'result'],
    );
    assert.ok((world.offered[0]?.tokens ?? 0) >= (world.offered[1]?.tokens ?? 0));
    assert.deepEqual(world.said(), ['user: second', 'assistant: Two.', 'user: third']);
    assert.equal(world.view.state.excluded.length, 1);
    // It is in the list, checked, and comes back by being unchecked.
    world.choose = () => [];
    world.act({ type: 'manageExcluded' });
    await until('it to be back', () => world.view.state.excluded.length === 0);
    await world.idle();
    assert.equal(world.offered.filter(({ out }) => out).length, 1);
    assert.deepEqual(world.shown().slice(-2), ['third', '→ done']);
  });
});
