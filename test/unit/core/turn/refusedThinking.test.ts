/** Thinking without a signature, and thinking that is refused: the conversation goes on (L38, L49). */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import type { KnownLimits } from '../../../../src/core/api/addressBook';
import type { AddressLimit } from '../../../../src/core/api/addressLimits';
import type { Entry } from '../../../../src/core/record/record';
import { isAboutThinking } from '../../../../src/core/turn/thinkingRefused';
import { bound } from '../answers';
import { PathMaker } from '../prompt/paths';
import { answer, type Frame, type Played, play, readFile, type TurnOptions, tool } from './turnKit';

const unsigned: Frame = { type: 'thinking', thinking: 'Hm.' };
const official = 'https://api.anthropic.com';
const gateway = 'http://127.0.0.1:9';

function refused(message: string, status = 400): () => Response {
  const error = { type: 'invalid_request_error', message };
  return () => Response.json({ type: 'error', error }, { status });
}

/** What an address does not take, as it is learnt. */
class Book implements KnownLimits {
  readonly learnt: { readonly address: string; readonly limit: AddressLimit }[] = [];

  async of(address: string): Promise<readonly AddressLimit[]> {
    return this.learnt.filter((one) => one.address === address).map(({ limit }) => limit);
  }

  async add(address: string, limit: AddressLimit): Promise<void> {
    this.learnt.push({ address, limit });
  }
}

/** The thinking blocks of a request. */
function thoughts(played: Played, request: number): readonly object[] {
  return (played.requests[request]?.messages ?? []).flatMap(({ content }) =>
    (content as readonly Anthropic.ContentBlockParam[]).filter((block) => block.type.endsWith('thinking')),
  );
}

/** The next turn of the conversation that was played. */
function next(played: Played, options: Partial<TurnOptions>): Promise<Played> {
  const user = { kind: 'user', id: 'next', parent: null, at: 1, content: [{ type: 'text', text: 'And?' }] } as const;
  const path: readonly Entry[] = [...played.log.path, { ...user, model: 'claude-opus-4-8' }];
  return play({ replies: [answer('end_turn', 'So.')], path, ...options });
}

const at = (baseUrl: string) => ({ apiKey: 'sk', baseUrl, headers: {} });

describe('Thinking without a signature (L38)', () => {
  const loop = [answer('tool_use', unsigned, tool('a')), answer('end_turn', unsigned, 'So.')];

  it('goes back as it was received to the address that sent it so (L38)', async () => {
    const played = await play({ replies: loop, tools: [readFile] });
    assert.deepEqual(played.outcome, { kind: 'done' });
    assert.equal(thoughts(played, 1).length, 1);
    assert.deepEqual(thoughts(played, 1), [
      played.log.path.flatMap((entry) => (entry.kind === 'assistant' ? entry.content : []))[0],
    ]);
    assert.equal(thoughts(await next(played, {}), 0).length, 2);
  });

  it('does not go to Anthropic’s address, wherever it came from, nor to a third one', async () => {
    const played = await play({ replies: loop, tools: [readFile], access: at(official) });
    assert.deepEqual(played.outcome, { kind: 'done' });
    assert.deepEqual(thoughts(played, 1), []);
    const elsewhere = await play({ replies: loop, tools: [readFile] });
    for (const address of [official, 'http://127.0.0.1:10']) {
      assert.deepEqual(thoughts(await next(elsewhere, { access: at(address) }), 0), []);
    }
  });

  it('is shown and stored all the same', async () => {
    const played = await play({ replies: loop, tools: [readFile], access: at(official) });
    const stored = played.log.path.flatMap((entry) => (entry.kind === 'assistant' ? entry.content : []));
    assert.equal(stored.filter(({ type }) => type === 'thinking').length, 2);
  });

  it('is left out at once where that is refused, and from then on (L38)', async () => {
    const addresses = new Book();
    const says = refused('messages.1.content.0.thinking.signature: Field required', 422);
    const [first, last] = loop;
    assert.ok(first !== undefined && last !== undefined);
    const played = await play({ replies: [first, says, last], tools: [readFile], addresses });
    assert.deepEqual(played.outcome, { kind: 'done' });
    assert.deepEqual(
      [0, 1, 2].map((request) => thoughts(played, request).length),
      [0, 1, 0],
    );
    assert.equal(played.retries.length, 0, 'without a countdown');
    const turn = played.log.path.find((entry) => entry.kind === 'user')?.id;
    assert.deepEqual(addresses.learnt, [{ address: gateway, limit: { kind: 'unsignedThinking', turn } }]);
    assert.deepEqual(thoughts(await next(played, { addresses }), 0), []);
  });
});

describe('Thinking that is refused (L49)', () => {
  const signed: Frame = { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' };
  const says = refused(
    'messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a different conversation.',
  );

  for (const model of ['claude-opus-4-8', bound]) {
    it(`is left out at once, and stays out while what came after it goes along (${model})`, async () => {
      const played = await play({ replies: [answer('end_turn', signed, 'So.')], model });
      const second = await next(played, { replies: [says, answer('end_turn', signed, 'Well.')], model });
      assert.deepEqual(second.outcome, { kind: 'done' });
      assert.deepEqual([thoughts(second, 0).length, thoughts(second, 1).length], [1, 0]);
      const third = await next(second, { model });
      assert.deepEqual(third.outcome, { kind: 'done' });
      const answers = third.requests[0]?.messages.filter(({ role }) => role === 'assistant') ?? [];
      assert.deepEqual(
        answers.map(({ content }) => (content as readonly { type: string }[]).map(({ type }) => type)),
        [['text'], ['thinking', 'text']],
      );
    });
  }

  it('fails when it was not in the request, or when the refusal is about something else', async () => {
    const without = await play({ replies: [says], path: new PathMaker().user('Why?').entries });
    assert.ok(without.outcome?.kind === 'failed');
    assert.equal(without.requests.length, 1);
    const played = await play({ replies: [answer('end_turn', signed, 'So.')] });
    const other = await next(played, { replies: [refused('tools.0.custom.name: String should match pattern')] });
    assert.ok(other.outcome?.kind === 'failed');
    assert.equal(other.requests.length, 1);
  });

  it('is told apart from refusals of the parameter', () => {
    const about = (message: string): boolean => isAboutThinking(Object.assign(new Error(message), { status: 400 }));
    for (const message of [
      '400 messages.1.content.0: Invalid `signature` in `thinking` block',
      'messages.3.content.1.thinking.signature: Field required',
      'messages.1.content.0: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified.',
      'messages.5.content.0.redacted_thinking.data: Field required',
      'Corrupted thought signature.',
      'content block type "thinking" is not supported',
    ]) {
      assert.ok(about(message), message);
    }
    for (const message of [
      'adaptive thinking is not supported on this model',
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort".',
      'thinking: Extra inputs are not permitted',
      'thinking.display: Extra inputs are not permitted',
      'messages: text content blocks must be non-empty',
      'prompt is too long: 219898 tokens > 200000 maximum',
    ]) {
      assert.ok(!about(message), message);
    }
    assert.ok(!isAboutThinking(new Error('Invalid `signature` in `thinking` block')), 'no response');
  });
});
