/** What a view is told of a conversation when it opens it, and what it asks for later. */
import assert from 'node:assert/strict';
import type { ChatSettings } from '../../../../src/core/base/settings';
import type { Entry } from '../../../../src/core/record/record';
import type { Store, StoredConversation } from '../../../../src/core/record/store';
import { refusals } from '../../../../src/host/base/plainStrings';
import type { ChatController } from '../../../../src/host/session/controller';
import { encodeDraft } from '../../../../src/host/session/draft/draft';
import { newestOf, type Snapshot } from '../../../../src/host/session/newest';
import { Screen } from '../../../../src/host/session/turns/screen';
import type { Answer, HostToView } from '../../../../src/shared/protocol';
import { longPath } from '../../../bench/light/longPath';
import { reply } from '../../../fakeClaude/script';
import { ask, closeChat, FakeView, tableModels, until } from '../../core/kit';
import { opus, PathMaker, toolUse } from '../../core/prompt/paths';
import { meta } from '../../store/fixtures';
import { composerState } from '../panel/panelParts';
import { FilledChat } from './filledChat';

const identity = { key: 'work', name: 'work', folders: ['file:///work'] };

/** A view of a conversation that is shown from this path, and all that it is told. */
function viewOf(path: readonly Entry[]): { readonly screen: Screen; readonly told: HostToView[] } {
  const screen = new Screen('c', { composer: () => composerState, draft: () => '', failed: assert.ifError });
  screen.rebuild(path, 'Title');
  const told: HostToView[] = [];
  screen.attach((message) => told.push(message));
  return { screen, told };
}

/** What it is told when it opens one of so many turns. */
function opened(turns: number): HostToView {
  const [snapshot, ...more] = viewOf(longPath(turns)).told;
  assert.ok(snapshot !== undefined && more.length === 0);
  return snapshot;
}

describe('What is posted when a conversation is opened', () => {
  it('is as much for a thousand turns with tool results as for ten, at most twice (L75)', () => {
    const [few, many] = [opened(10), opened(1000)].map((message) => JSON.stringify(message).length);
    assert.ok(few !== undefined && many !== undefined && many <= 2 * few, `${few} → ${many}`);
    assert.ok(many < 150_000, `${many}`);
  });

  it('has of each tool output the beginning only (L75)', () => {
    const snapshot = opened(1000);
    assert.ok(snapshot.type === 'snapshot');
    const parts = snapshot.state.items.flatMap((item) => (item.type === 'answer' ? item.parts : []));
    const tools = parts.filter((part) => part.type === 'tool');
    assert.equal(tools.length, 24);
    for (const { output, outputLength } of tools) {
      assert.equal(output?.length, 400);
      assert.ok((outputLength ?? 0) > 9000);
    }
  });
});

describe('What is posted when another window goes on with a conversation', () => {
  const path = longPath(1000);
  const turn = path.length - path.findLastIndex(({ kind }) => kind === 'user');

  it('is what is new with each of its steps, and nothing where nothing is (L75)', () => {
    const { screen, told } = viewOf(path.slice(0, -turn));
    told.length = 0;
    for (let left = turn - 1; left >= 0; left -= 1) screen.rebuild(path.slice(0, path.length - left));
    assert.deepEqual(
      told.map((message) => {
        const event = message.type === 'events' ? message.events[0] : undefined;
        assert.ok(event?.type === 'items' && event.kept !== null);
        return [
          event.kept,
          event.items.length,
          event.items.flatMap((item) => (item.type === 'answer' ? item.parts : [])).length,
        ];
      }),
      [
        // The question and its answer, thinking and two calls, the result of each, the text, the end.
        [1998, 2, 0],
        [1999, 1, 3],
        [1999, 1, 2],
        [1999, 1, 1],
        [1999, 1, 1],
        [1999, 1, 0],
      ],
    );
    const bytes = told.reduce((sum, message) => sum + JSON.stringify(message).length, 0);
    assert.ok(bytes < 12_000, `${bytes} bytes`);
    told.length = 0;
    screen.rebuild([...path]);
    assert.deepEqual(told, []);
  });

  it('is where a path was cut, no more than that; and a whole other one as the newest of its turns', () => {
    const { screen, told } = viewOf(path);
    told.length = 0;
    screen.rebuild(path.slice(0, -turn));
    screen.rebuild(path.slice(0, turn));
    screen.rebuild(path);
    const [cut, toOne, back] = told.map((message) => (message.type === 'events' ? message.events[0] : undefined));
    assert.ok(cut?.type === 'items' && toOne?.type === 'items' && back?.type === 'items');
    assert.deepEqual([cut.kept, cut.items, Object.keys(cut.state)], [1998, [], []]);
    assert.deepEqual([toOne.kept, toOne.items], [2, []]);
    assert.deepEqual([back.kept, back.items.length, back.above.items], [null, 24, 1976]);
  });
});

describe('The newest turns of a conversation', () => {
  /** Of turns with so many results of tools each. */
  const newest = (...results: readonly number[]) => {
    const maker = new PathMaker();
    for (const [n, count] of results.entries()) {
      const ids = Array.from({ length: count }, (_, call) => `t${n}-${call}`);
      maker.user(`question ${n}`).assistant(ids.map((id) => toolUse(id)));
      for (const id of ids) maker.result(id);
      maker.end();
    }
    const loadEnd = async (_id: string, count: number) =>
      ({ meta: meta('c'), path: maker.entries.slice(-count), draft: '' }) as unknown as StoredConversation;
    const settings = () => ({ model: opus, effort: 'high' }) as ChatSettings;
    return newestOf('c', { store: { loadEnd } as unknown as Store, models: tableModels, settings });
  };

  it('are whole: one that is longer than what is read is left out', async () => {
    const told = await newest(90, 90, 90);
    assert.deepEqual(
      told?.state.items.map(({ type, id }) => `${type}/${id}`),
      ['user/e187', 'answer/e187'],
    );
    assert.equal(told?.state.above.items, 2, 'what went with the first one’s question may be lost');
    assert.equal(await newest(90, 300), null);
    assert.equal(await newest(300), null);
  });
});

describe('A long conversation that is not in memory', () => {
  let world: FilledChat;
  /** Reads of the store in their order. */
  let reads: string[];
  let held: (() => void) | null;

  beforeEach(async () => {
    world = await FilledChat.start();
    await world.chat.store.createConversation(identity, meta('long', { workspace: 'work' }));
    await world.chat.store.append('long', longPath(100), null);
    await world.chat.store.setDraft('long', encodeDraft({ text: 'What I was writing', attachments: [], edits: [] }));
    await world.chat.store.createConversation(identity, meta('short', { workspace: 'work' }));
    await world.chat.store.append(
      'short',
      longPath(2).map((entry) => ({ ...entry, id: `s${entry.id}`, parent: entry.parent && `s${entry.parent}` })),
      null,
    );
    reads = [];
    held = null;
    await closeChat(world.chat);
    await world.open({
      wrap: (store) =>
        new Proxy(store, {
          get: (target, name) => {
            const member: unknown = Reflect.get(target, name, target);
            if (name !== 'load' && name !== 'loadEnd') return member;
            return async (...args: unknown[]) => {
              reads.push(String(name));
              const read: unknown = await Reflect.apply(member as () => unknown, store, args);
              if (name === 'load' && args[0] === 'long')
                await new Promise<void>((resolve) => {
                  held = resolve;
                });
              return read;
            };
          },
        }),
    });
  });
  afterEach(async () => {
    held?.();
    await world.end();
  });

  it('shows its newest turns while the rest is read, as the whole shows them (L75)', async () => {
    const told: Snapshot[] = [];
    const end = world.chat.conversations.onDidReadNewest((newest) => told.push(newest));
    reads = [];
    const opening = world.chat.conversations.open('long');
    await until('its newest turns', () => told.length === 1);
    assert.deepEqual(reads, ['loadEnd', 'load'], 'the few are asked for first');
    await until('the whole', () => held !== null);
    held?.();
    const whole = new FakeView((await opening) as ChatController);
    const [newest] = told;
    assert.ok(newest !== undefined);
    assert.equal(newest.conversation, 'long');
    assert.equal(newest.draft, 'What I was writing');
    assert.deepEqual(newest.state.items, whole.state.items);
    assert.equal(whole.state.above.items, 176);
    assert.ok(newest.state.above.items > 0);
    assert.deepEqual(
      [newest.state.usd, newest.composer.next.askUsd],
      [null, null],
      'what is not known yet is not said',
    );
    whole.detach();
    end();
  });

  it('shows nothing first where it is as soon there as a whole, and no other one than is wanted by then', async () => {
    const told: string[] = [];
    const end = world.chat.conversations.onDidReadNewest(({ conversation }) => told.push(conversation));
    await world.chat.conversations.open('short');
    const long = world.chat.conversations.open('long');
    await world.chat.conversations.open('short');
    await until('the long one to be read', () => held !== null);
    held?.();
    await long;
    assert.deepEqual(told, []);
    end();
  });
});

describe('A conversation that is opened', () => {
  let world: FilledChat;

  beforeEach(async () => {
    world = await FilledChat.start();
  });
  afterEach(() => world.end());

  const output = (key: string): Promise<Answer> => {
    const { controller } = world.view;
    return controller.handle({ type: 'toolOutput', conversation: controller.conversation, key });
  };

  it('holds the beginning of what a tool gave back, and gives all of it on demand (L75)', async () => {
    const file = world.editors.files.get('a.ts') ?? '';
    world.fake.enqueue(reply.toolUse('read_file', { path: 'a.ts' }), reply.text('One.'));
    await ask(world.view, 'first');
    const told = JSON.stringify(world.view.messages);
    assert.ok(!told.includes(file.slice(0, 1000)), 'it is in nothing that was posted');
    const answer = world.view.state.items.find((item) => item.type === 'answer');
    const part = answer?.type === 'answer' ? answer.parts.find((one) => one.type === 'tool') : undefined;
    assert.ok(part?.type === 'tool' && part.output !== null);
    const given = await output(part.key);
    assert.ok(given.ok && typeof given.value === 'string');
    assert.equal(given.value.length, part.outputLength);
    assert.ok(given.value.startsWith(part.output) && given.value.includes('a long file a long file'));
    assert.deepEqual(await output('gone:0'), { ok: false, reason: refusals.outputGone() });
  });
});
