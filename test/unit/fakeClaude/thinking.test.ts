import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import { reply } from '../../fakeClaude/script';
import type { FakeClaude } from '../../fakeClaude/server';
import type { Switches } from '../../fakeClaude/switches';
import { errorText, post, withFake } from './helpers';

const tools: Anthropic.Tool[] = [{ name: 'look', input_schema: { type: 'object' } }];
const ask = {
  model: 'claude-opus-4-8',
  max_tokens: 4_000,
  thinking: { type: 'adaptive' as const, display: 'summarized' as const },
  tools,
  messages: [{ role: 'user' as const, content: 'Look.' }],
} satisfies Anthropic.MessageCreateParamsNonStreaming;

/** Runs one thinking tool call and returns the answer's content, which a test may spoil before it goes back. */
async function firstTurn(client: Anthropic, fake: FakeClaude): Promise<Anthropic.ContentBlock[]> {
  fake.enqueue(reply.thinking('First I look.').toolUse('look', { at: 1 }));
  const { content } = await client.messages.stream({ ...ask, messages: [...ask.messages] }).finalMessage();
  return content;
}

async function sendBack(
  fake: FakeClaude,
  content: readonly object[],
  change: { readonly question?: string; readonly model?: string; readonly after?: readonly object[] } = {},
): Promise<{ readonly status: number; readonly says: string }> {
  const call = content.find((block) => 'id' in block) as { id: string };
  const answer = await post(fake, {
    ...ask,
    model: change.model ?? ask.model,
    messages: [
      { role: 'user', content: change.question ?? 'Look.' },
      { role: 'assistant', content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'seen' }] },
      ...(change.after ?? []),
    ],
  });
  return { status: answer.status, says: answer.status === 200 ? '' : errorText(answer.text) };
}

const moved =
  'messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a different conversation. Remove the block, or set `thinking.block_binding.prefix_mismatch_behavior` to "drop_block".';
const modified =
  'messages.1.content.0: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.';

async function check(
  spoil: (content: Anthropic.ContentBlock[]) => readonly object[],
  expected: string,
  change: Parameters<typeof sendBack>[2] = {},
  switches: Partial<Switches> = {},
): Promise<void> {
  await withFake(
    async (fake, client) => {
      const back = await sendBack(fake, spoil(await firstTurn(client, fake)), change);
      assert.equal(back.says, expected);
      assert.equal(back.status, expected === '' ? 200 : 400);
    },
    { switches },
  );
}

const altered = (content: Anthropic.ContentBlock[]): readonly object[] =>
  content.map((block) => (block.type === 'thinking' ? { ...block, thinking: `${block.thinking}!` } : block));
const goneOn = {
  after: [
    { role: 'assistant', content: 'Seen.' },
    { role: 'user', content: 'More.' },
  ],
};

describe('Thinking that comes back is checked', () => {
  it('passes as it was', () => check((content) => content, ''));
  it('is refused when it was altered within the tool loop', () => check(altered, modified));
  it('is refused when it was left out within the tool loop', () =>
    check((content) => content.filter((block) => block.type !== 'thinking'), modified));
  it('is refused when it moved behind its tool call', () =>
    check((content) => content.toReversed(), modified.replace('content.0', 'content.1')));
  it('is refused when it came from elsewhere', () =>
    check(([, call]) => [{ type: 'thinking', thinking: 'made up', signature: 'bWFkZSB1cA==' }, call ?? {}], modified));
  it('may be left out of an earlier turn', () =>
    check((content) => content.filter((block) => block.type !== 'thinking'), '', goneOn));
  it('may not be altered in an earlier turn', () =>
    check(altered, 'messages.1.content.0: Invalid `signature` in `thinking` block', goneOn));
  it('is ignored by another model of the 4.x class', () =>
    check((content) => content, '', { model: 'claude-sonnet-4-6', ...goneOn }));

  it('is bound to the prompt before it where the model or the switch says so', async () => {
    const bound = { thinkingBoundToPrefix: true };
    await check((content) => content, '', {}, bound);
    await check((content) => content, '', goneOn, bound);
    await check((content) => content, '', { question: 'Look elsewhere.' });
    await check((content) => content, moved, { question: 'Look elsewhere.' }, bound);
    await check((content) => content, moved, { model: 'claude-sonnet-4-6', ...goneOn }, bound);
  });

  it('may be left out within the tool loop where it is bound, all of it: its refusal asks for that', () =>
    check(
      (content) => content.filter((block) => block.type !== 'thinking'),
      '',
      { question: 'Look elsewhere.' },
      {
        thinkingBoundToPrefix: true,
      },
    ));

  it('stays bound over several turns, leading thinking left out or not', async () => {
    await withFake(
      async (fake, client) => {
        const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'One.' }];
        for (const words of ['Two.', 'Three.', 'Four.']) {
          fake.enqueue(reply.thinking(`Hm, ${words}`).text('Well.'));
          const { content } = await client.messages.stream({ ...ask, messages }).finalMessage();
          messages.push({ role: 'assistant', content }, { role: 'user', content: words });
        }
        assert.equal((await post(fake, { ...ask, messages })).status, 200);
        const without = (at: number): Anthropic.MessageParam[] =>
          messages.map((message, index) =>
            index !== at || typeof message.content === 'string'
              ? message
              : { role: 'assistant', content: message.content.filter((block) => block.type !== 'thinking') },
          );
        assert.equal((await post(fake, { ...ask, messages: without(1) })).status, 200);
        const between = await post(fake, { ...ask, messages: without(3) });
        assert.equal(between.status, 400, 'one between others may not be left out');
        assert.equal(errorText(between.text), moved.replace('messages.1', 'messages.5'));
        messages[0] = { role: 'user', content: 'Another.' };
        assert.equal((await post(fake, { ...ask, messages })).status, 400);
      },
      { switches: { thinkingBoundToPrefix: true } },
    );
  });
});
