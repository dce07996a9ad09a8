/** The web's tools of the fake API: what it refuses of their definitions, what they say, and what they cost. */
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { serverTools } from '../../../src/core/tools/web/definitions';
import { type Reply, reply } from '../../fakeClaude/script';
import { hello, withFake } from './helpers';

const tools = serverTools.map(({ definition }) => definition) as unknown as Anthropic.ToolUnion[];
const ruby = { url: 'https://www.ruby-lang.org/', title: 'Ruby', text: 'Ruby 4.0.6 is out. '.repeat(40) };

async function answered(script: Reply, offered = tools, words = 'See https://a.de/x'): Promise<Anthropic.Message> {
  let message: Anthropic.Message | null = null;
  await withFake(async (fake, client) => {
    fake.enqueue(script);
    const messages = [{ role: 'user', content: words } as const];
    message = await client.messages.stream({ ...hello, messages, tools: offered }).finalMessage();
    const { totalUsd, inputUsd, outputUsd } = fake.bill();
    const { server_tool_use: used } = message.usage;
    assert.ok(Math.abs(totalUsd - inputUsd - outputUsd - 0.01 * (used?.web_search_requests ?? 0)) < 1e-9);
  });
  assert.ok(message !== null);
  return message;
}

describe('The tools of the web', () => {
  it('take our definitions, and no others than the API does', async () => {
    await answered(reply.text('So.'));
    const wrong: readonly object[] = [
      { type: 'web_search_20250305', name: 'search' },
      { type: 'web_search_20240101', name: 'web_search' },
      { type: 'web_search_20250305', name: 'web_search', max_uses: 0 },
      { type: 'web_search_20250305', name: 'web_search', max_content_tokens: 5 },
      { type: 'web_search_20250305', name: 'web_search', allowed_domains: 'a.de' },
      { type: 'web_fetch_20250910', name: 'web_search' },
    ];
    for (const tool of wrong) {
      await assert.rejects(
        answered(reply.text('So.'), [tool as Anthropic.ToolUnion]),
        Anthropic.BadRequestError,
        JSON.stringify(tool),
      );
    }
  });

  it('say a call with its result, are billed by search, and make the model read what was found', async () => {
    const plain = await answered(reply.text('So.'));
    const message = await answered(reply.search('ruby', ruby).search('none').text('So.'));
    assert.deepEqual(
      message.content.map(({ type }) => type),
      ['server_tool_use', 'web_search_tool_result', 'server_tool_use', 'web_search_tool_result', 'text'],
    );
    assert.equal(message.usage.server_tool_use?.web_search_requests, 2);
    assert.ok(message.usage.input_tokens > plain.usage.input_tokens + 50);
    assert.equal(plain.usage.server_tool_use ?? null, null);
  });

  it('say their errors within the answer', async () => {
    const codes = ({ content }: Anthropic.Message): readonly unknown[] =>
      content.flatMap((block) =>
        'tool_use_id' in block && 'error_code' in block.content ? [block.content.error_code] : [],
      );
    const six = [1, 2, 3, 4, 5, 6].reduce((script) => script.search('ruby', ruby), reply);
    const limited = await answered(six);
    assert.deepEqual(codes(limited), ['max_uses_exceeded']);
    assert.equal(limited.usage.server_tool_use?.web_search_requests, 5);
    const page = { url: 'https://a.de/x', text: 'A' };
    const fetched = await answered(
      reply.fetch('https://a.de/x', page).fetch('https://b.de/', page).fetch('https://a.de/x', null),
    );
    assert.deepEqual(codes(fetched), ['url_not_in_prior_context', 'url_not_accessible']);
  });
});
