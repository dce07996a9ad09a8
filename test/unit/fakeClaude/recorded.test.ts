import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import { type Reply, reply } from '../../fakeClaude/script';
import { type Block, isObject } from '../../fakeClaude/wire';
import { clientOf, errorText, post, recordedFolder, withFake } from './helpers';

interface Event {
  readonly type: string;
  readonly index?: number;
  readonly content_block?: Block;
  readonly delta?: {
    readonly type?: string;
    readonly text?: string;
    readonly thinking?: string;
    readonly partial_json?: string;
    readonly citation?: unknown;
    readonly stop_reason?: string;
    readonly stop_details?: { readonly category: string | null; readonly explanation: string | null } | null;
    readonly stop_sequence?: string | null;
  };
}

function eventsOf(stream: string): readonly Event[] {
  return [...stream.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? '') as Event);
}

/** A script that says what a recorded stream said. */
function replayOf(events: readonly Event[]): { readonly script: Reply; readonly sequences: string[] } {
  let script = reply;
  const sequences: string[] = [];
  const starts = events.filter(({ type }) => type === 'content_block_start');
  for (const { index, content_block: block } of starts) {
    if (block === undefined) continue;
    const deltas = events.filter((event) => event.type === 'content_block_delta' && event.index === index);
    const joined = (name: 'text' | 'thinking' | 'partial_json') =>
      deltas.map(({ delta }) => delta?.[name] ?? '').join('');
    if (block.type === 'text') {
      script = script.newBlock();
      for (const { delta } of deltas) {
        script =
          delta?.citation === undefined
            ? script.text('', { chunks: [delta?.text ?? ''] })
            : script.citation(delta.citation);
      }
    } else if (block.type === 'thinking') script = script.thinking(joined('thinking'));
    else if (block.type === 'redacted_thinking') script = script.redactedThinking();
    else if (block.type === 'tool_use') {
      script = script.toolUse(block.name ?? '', JSON.parse(joined('partial_json') || '{}'), block.id);
    } else if (block.type === 'server_tool_use') {
      script = script.block({ ...block, input: JSON.parse(joined('partial_json') || '{}') });
    } else script = script.block(block);
  }
  const end = events.find(({ type }) => type === 'message_delta')?.delta;
  if (end?.stop_reason === 'refusal') script = script.refuse(end.stop_details?.category, end.stop_details?.explanation);
  else if (end?.stop_reason === 'stop_sequence') {
    sequences.push(end.stop_sequence ?? '');
    script = script.text('', { chunks: [end.stop_sequence ?? '', 'and what would have followed'] });
  } else script = script.stop(end?.stop_reason ?? 'end_turn');
  return { script, sequences };
}

/** What both must agree on: everything but what is made anew (signatures, usage) or came later (caller). */
function agreed(message: Anthropic.Message): unknown {
  const { content, role, type, stop_reason, stop_sequence, stop_details } = message;
  const plain = JSON.parse(JSON.stringify(content)) as Record<string, unknown>[];
  for (const block of plain) {
    if ('signature' in block) block['signature'] = block['signature'] === '' ? 'missing' : 'present';
    if (block['type'] === 'redacted_thinking') block['data'] = 'redacted';
    delete block['caller'];
    if (Array.isArray(block['citations']) && block['citations'].length === 0) delete block['citations'];
    if (block['citations'] === null) delete block['citations'];
  }
  const details = stop_details ? { category: stop_details.category, explanation: stop_details.explanation } : null;
  return { content: plain, role, type, stop_reason, stop_sequence, details };
}

async function readRecorded(bytes: Buffer): Promise<Anthropic.Message> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.end(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new Anthropic({ apiKey: 'sk-x', baseURL: `http://127.0.0.1:${port}`, maxRetries: 0 });
  try {
    return await client.messages.stream(question).finalMessage();
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const question = {
  model: 'claude-sonnet-4-6',
  max_tokens: 64_000,
  thinking: { type: 'adaptive' },
  messages: [{ role: 'user', content: 'Go on.' }],
} as const satisfies Anthropic.MessageCreateParamsNonStreaming;

const folder = recordedFolder();
const files = folder === undefined ? [] : readdirSync(folder);

describe('A replay by the fake API and the recorded stream are one to the client', () => {
  for (const file of files.filter((name) => name.endsWith('.sse'))) {
    it(file, async () => {
      const bytes = readFileSync(join(folder ?? '', file));
      const events = eventsOf(bytes.toString());
      const recorded = await readRecorded(bytes);
      const { script, sequences } = replayOf(events);
      await withFake(async (fake) => {
        fake.enqueue(script, script);
        const params = { ...question, stop_sequences: sequences };
        const replayed = await clientOf(fake).messages.stream(params).finalMessage();
        assert.deepEqual(agreed(replayed), agreed(recorded));
        const raw = await post(fake, { ...params, stream: true });
        for (const event of eventsOf(raw.text)) {
          const like = events.find((other) => other.type === event.type && other.delta?.type === event.delta?.type);
          const names = (value: unknown) => (isObject(value) ? Object.keys(value).toSorted() : []);
          if (like === undefined || event.type === 'message_delta') continue;
          assert.deepEqual(names(event), names(like), `fields of ${event.type}`);
        }
      });
    });
  }

  for (const file of files.filter((name) => /^\d+.*\.json$/.test(name))) {
    it(`${file} has the envelope of the fake's own errors`, async () => {
      const recorded = readFileSync(join(folder ?? '', file), 'utf8');
      await withFake(async (fake) => {
        const bodies: Readonly<Record<string, readonly [Record<string, unknown>, Record<string, string>]>> = {
          '400-effort': [{ ...question, output_config: { effort: 'xhigh' } }, {}],
          '400-prompt': [
            {
              ...question,
              model: 'claude-haiku-4-5',
              thinking: undefined,
              messages: [{ role: 'user', content: 'word '.repeat(300_000) }],
            },
            {},
          ],
          '401': [question, { 'x-api-key': 'sk-bad' }],
          '404': [{ ...question, model: 'claude-does-not-exist' }, {}],
        };
        const [, [body, headers] = [{}, {}]] = Object.entries(bodies).find(([name]) => file.startsWith(name)) ?? [];
        const own = await post(fake, body, { headers });
        assert.equal(`${own.status}`, file.slice(0, 3));
        const digits = (text: string) => text.replace(/\d+ tokens/, 'N tokens').replace('max_tokens: 64000', '');
        assert.equal(digits(errorText(own.text)), digits(errorText(recorded)));
        const shape = (text: string) => Object.keys(JSON.parse(text) as object).toSorted();
        assert.deepEqual(shape(own.text), shape(recorded));
      });
    });
  }
});
