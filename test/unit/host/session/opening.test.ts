/** What a view is told of a conversation when it opens it, and what it asks for later. */
import assert from 'node:assert/strict';
import { refusals } from '../../../../src/host/base/plainStrings';
import type { Answer } from '../../../../src/shared/protocol';
import { reply } from '../../../fakeClaude/script';
import { ask } from '../../core/kit';
import { FilledChat } from './filledChat';

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
