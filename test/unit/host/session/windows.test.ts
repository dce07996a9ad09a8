/** What several windows on one store do to each other, without windows: leases, lost stores, what is looked on at. */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import type { Lease } from '../../../../src/core/record/leases';
import type { Entry } from '../../../../src/core/record/record';
import type { Checkpoint, ConversationMeta, Store } from '../../../../src/core/record/store';
import { checkpointEvents } from '../../../../src/core/transcript/checkpoint';
import { replayStart, stateOf } from '../../../../src/core/transcript/transcript';
import { Creation } from '../../../../src/host/session/creation';
import { LeaseKeeper } from '../../../../src/host/session/turns/lease';
import { reduce } from '../../../../src/shared/reduce';

/** As much of a store as these need. */
class Shelf {
  lease: Lease | null = null;
  name = 'first';
  readonly conversations = new Map<string, { readonly meta: ConversationMeta; readonly entries: Entry[] }>();

  readonly store = {
    getLease: async () => this.lease,
    acquireLease: async (lease: Lease, now: number) => {
      if (this.lease !== null && this.lease.owner !== lease.owner && this.lease.expiresAt > now) return false;
      this.lease = lease;
      return true;
    },
    releaseLease: async (_conversation: string, owner: string) => {
      if (this.lease?.owner === owner) this.lease = null;
    },
    getValue: async () => this.name,
    getMeta: async (id: string) => this.conversations.get(id)?.meta ?? null,
    createConversation: async (_workspace: unknown, meta: ConversationMeta) => {
      this.conversations.set(meta.id, { meta, entries: [] });
    },
    setTitle: async () => undefined,
    append: async (id: string, entries: readonly Entry[]) => {
      this.conversations.get(id)?.entries.push(...entries);
    },
  } as unknown as Store;
}

const identity = { key: 'w', name: 'w', folders: [] };

describe('Windows over one store', () => {
  it('stop driving when the lease was taken by another one, as after a long sleep', async () => {
    const shelf = new Shelf();
    let now = 0;
    const timers = new Set<() => void>();
    const clock = {
      now: () => now,
      sleep: async () => undefined,
      every: (_ms: number, callback: () => void) => {
        timers.add(callback);
        return () => timers.delete(callback);
      },
    };
    const log = { info() {}, warn() {}, error() {} };
    let lost = 0;
    const keeper = (owner: string, onLost: () => void) =>
      new LeaseKeeper('c', { store: shelf.store, clock, log, owner, isAlive: () => true }, onLost);
    const one = keeper('one', () => {
      lost += 1;
    });
    const two = keeper('two', () => assert.fail('the second keeps it'));
    assert.equal(await one.acquire(), true);
    assert.equal(await two.acquire(), false);
    now = 60_000;
    assert.equal(await two.acquire(), true);
    for (const tick of [...timers]) tick();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(lost, 1);
    await one.release();
    assert.equal(shelf.lease?.owner, 'two', 'the first does not give back what is not its own');
    await two.release();
    assert.equal(timers.size, 0);
  });

  const user = { kind: 'user', id: 'u', parent: null, at: 7, content: [{ type: 'text', text: 'Hi' }], model: 'm' };
  const path = [user as unknown as Entry];
  const creationOver = (shelf: Shelf) =>
    new Creation(
      'c',
      { store: shelf.store, clock: { now: () => 9 } as never, identity, log: { info() {}, warn() {}, error() {} } },
      { path: () => path, title: () => 'Hi' },
      async () => undefined,
    );

  it('bring a conversation back whose store was lost under it, whole and with its title', async () => {
    const shelf = new Shelf();
    const creation = creationOver(shelf);
    await creation.loaded();
    shelf.name = 'second';
    await creation.ensure('A new message');
    const back = shelf.conversations.get('c');
    assert.deepEqual(back?.entries, path);
    assert.equal(back?.meta.title, 'Hi');
    await creation.ensure('');
    assert.equal(back?.entries.length, 1, 'once');
  });

  it('do not bring back what another window has deleted', async () => {
    const shelf = new Shelf();
    const creation = creationOver(shelf);
    await creation.loaded();
    await creation.ensure('');
    assert.equal(shelf.conversations.size, 0);
  });

  it('show what a checkpoint adds to the answer that another one streams, each character once', () => {
    const shown = replayStart();
    let state = stateOf('c', '', path, shown);
    const look = (...content: readonly unknown[]): string => {
      const checkpoint = { entry: 'a', parent: 'u', model: 'm', at: 8, content } as unknown as Checkpoint;
      for (const event of checkpointEvents(checkpoint, state, shown)) state = reduce(state, event);
      const answer = state.items.findLast((item) => item.type === 'answer');
      return (answer?.type === 'answer' ? answer.parts : [])
        .map((part) => (part.type === 'text' || part.type === 'thinking' ? part.text : part.type))
        .join('|');
    };
    const text = (words: string): Partial<Anthropic.TextBlock> => ({ type: 'text', text: words });
    assert.equal(look(text('One')), 'One');
    assert.equal(look(text('One')), 'One');
    assert.equal(look(text('One, two')), 'One, two');
    const call = { type: 'tool_use', id: 't', name: 'read_file', input: { path: 'a' } };
    assert.equal(look(text('One, two'), call), 'One, two|tool');
    assert.equal(look(text('One, two'), { ...call, input: { path: 'ab' } }), 'One, two|tool');
  });
});
