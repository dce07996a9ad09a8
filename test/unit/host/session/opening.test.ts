/** What a view is told of a conversation when it opens it, and what it asks for later. */
import assert from 'node:assert/strict';
import { refusals } from '../../../../src/host/base/plainStrings';
import { Screen } from '../../../../src/host/session/turns/screen';
import type { Answer, HostToView } from '../../../../src/shared/protocol';
import { longPath } from '../../../bench/light/longPath';
import { reply } from '../../../fakeClaude/script';
import { ask } from '../../core/kit';
import { composerState } from '../panel/panelParts';
import { FilledChat } from './filledChat';

/** What a view is told of a conversation of so many turns. */
function opened(turns: number): HostToView {
  const screen = new Screen('c', { composer: () => composerState, draft: () => '', failed: assert.ifError });
  screen.rebuild(longPath(turns), 'Title');
  const told: HostToView[] = [];
  screen.attach((message) => told.push(message));
  const [snapshot] = told;
  assert.ok(snapshot !== undefined && told.length === 1);
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
