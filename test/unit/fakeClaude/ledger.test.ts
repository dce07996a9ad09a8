import assert from 'node:assert/strict';
import { CacheLedger } from '../../fakeClaude/ledger';
import { findModel, inputCost } from '../../fakeClaude/models';
import type { Block, InputUsage, Message, RequestBody } from '../../fakeClaude/wire';

const model = 'claude-opus-4-8';
const mark = { type: 'ephemeral' } as const;
const hour = { type: 'ephemeral', ttl: '1h' } as const;
const minutes = 60_000;
const long = (words: number, seed = 'word'): string => `${seed} `.repeat(words).trim();

const text = (value: string, cache_control?: Block['cache_control']): Block => ({
  type: 'text',
  text: value,
  ...(cache_control ? { cache_control } : {}),
});
const user = (...content: Block[]): Message => ({ role: 'user', content });
const request = (rest: Partial<RequestBody>): RequestBody => ({
  model,
  max_tokens: 100,
  messages: [user(text('hi'))],
  ...rest,
});

/** A single user message of `count` blocks, each about 100 tokens; `marks` are 1-based block numbers. */
function blocks(count: number, ...marks: number[]): RequestBody {
  const content = Array.from({ length: count }, (_, index) =>
    text(`block ${index + 1} ${long(50)}`, marks.includes(index + 1) ? mark : undefined),
  );
  return request({ messages: [user(...content)] });
}

const split = (usage: InputUsage): readonly number[] => [
  usage.cache_read_input_tokens,
  usage.cache_creation.ephemeral_1h_input_tokens,
  usage.cache_creation.ephemeral_5m_input_tokens,
  usage.input_tokens,
];

describe('The cache ledger keeps the rules of the prompt cache', () => {
  it('writes at block 15, misses from a breakpoint at 35 and hits from one at 34 (20 positions with itself)', () => {
    for (const [at, hits] of [
      [34, true],
      [35, false],
    ] as const) {
      const ledger = new CacheLedger();
      const first = ledger.play(blocks(15, 15), 0);
      assert.ok(first.usage.cache_creation_input_tokens > 1_024);
      const second = ledger.play(blocks(at, at), 1);
      const read = second.usage.cache_read_input_tokens;
      assert.equal(read, hits ? first.usage.cache_creation_input_tokens : 0, `breakpoint at ${at}`);
    }
  });

  it('keeps the cache over 20 new blocks with an intermediate breakpoint', () => {
    const ledger = new CacheLedger();
    ledger.play(blocks(15, 15), 0);
    const { usage, marks } = ledger.play(blocks(40, 30, 40), 1);
    assert.ok(usage.cache_read_input_tokens > 0);
    assert.equal(marks[0]?.hit, 'messages.0.content.14');
    assert.equal(marks[1]?.hit, undefined);
  });

  it('writes only at breakpoints: a prefix that no request marked is not read', () => {
    const ledger = new CacheLedger();
    ledger.play(blocks(30, 30), 0);
    assert.equal(ledger.play(blocks(20, 20), 1).usage.cache_read_input_tokens, 0);
    assert.ok(ledger.play(blocks(31, 31), 1).usage.cache_read_input_tokens > 0);
  });

  it('caches nothing below the minimum of the model, without an error', () => {
    const ledger = new CacheLedger();
    const small = request({ system: [text(long(500), mark)] });
    const { usage } = ledger.play(small, 0);
    assert.ok(usage.input_tokens > 512 && usage.input_tokens < 1_024, `${usage.input_tokens}`);
    assert.equal(usage.cache_creation_input_tokens, 0);
    assert.equal(ledger.play(small, 1).usage.cache_read_input_tokens, 0);
    const haiku = { ...request({ system: [text(long(2_500), mark)] }), model: 'claude-haiku-4-5' };
    assert.equal(ledger.play(haiku, 0).usage.cache_creation_input_tokens, 0);
    assert.ok(ledger.play({ ...haiku, model }, 0).usage.cache_creation_input_tokens > 0);
  });

  it('has a switch for the minimum of claude-sonnet-4-6', () => {
    const body = { ...request({ system: [text(long(1_200), mark)] }), model: 'claude-sonnet-4-6' };
    const low = new CacheLedger({ switches: { sonnet46MinCacheable: 1_024 } }).play(body, 0);
    const high = new CacheLedger({ switches: { sonnet46MinCacheable: 2_048 } }).play(body, 0);
    assert.ok(low.usage.cache_creation_input_tokens > 0);
    assert.equal(high.usage.cache_creation_input_tokens, 0);
  });

  it('forgets after the lifetime, counted from the start of the request and refreshed by a hit', () => {
    const body = request({ system: [text(long(2_000), mark)] });
    const ledger = new CacheLedger();
    ledger.play(body, 0);
    assert.ok(ledger.play(body, 5 * minutes - 1).usage.cache_read_input_tokens > 0);
    assert.ok(ledger.play(body, 10 * minutes - 2).usage.cache_read_input_tokens > 0, 'the hit did not refresh');
    assert.equal(ledger.play(body, 15 * minutes).usage.cache_read_input_tokens, 0);
    const lasting = request({ system: [text(long(2_000), hour)] });
    ledger.clear();
    ledger.play(lasting, 0);
    assert.ok(ledger.play(lasting, 59 * minutes).usage.cache_read_input_tokens > 0);
  });

  it('has a switch for an entry that outlives those it was written onto', () => {
    const read = (entriesLiveAlone: boolean): number => {
      const ledger = new CacheLedger({ switches: { entriesLiveAlone } });
      const ask = (messages: readonly object[], at: number): number => {
        const body = { model: 'claude-opus-4-8', max_tokens: 1, messages } as unknown as RequestBody;
        return ledger.play(body, at * 60_000).usage.cache_read_input_tokens;
      };
      const long = { type: 'text', text: 'word '.repeat(3000) };
      const more = { type: 'text', text: 'And more.' };
      ask([{ role: 'user', content: [{ ...long, cache_control: { type: 'ephemeral' } }] }], 0);
      const hour = { ...more, cache_control: { type: 'ephemeral', ttl: '1h' } };
      ask([{ role: 'user', content: [long, hour] }], 1);
      return ask([{ role: 'user', content: [long, hour] }], 30);
    };
    assert.ok(read(true) > 1024);
    assert.equal(read(false), 0);
  });

  it('lets nobody read an entry before the response of its writer began', () => {
    const body = request({ system: [text(long(2_000), mark)] });
    const ledger = new CacheLedger();
    const first = ledger.open(body, 0);
    const parallel = ledger.open(body, 10);
    assert.deepEqual(parallel.usage, first.usage);
    first.began();
    assert.ok(ledger.open(body, 20).usage.cache_read_input_tokens > 0);
    assert.ok(ledger.open(body, 5 * minutes - 1).usage.cache_read_input_tokens > 0);
  });

  it('splits mixed lifetimes as documented: read A, 1h write B − A, 5m write C − B', () => {
    const system = [text(long(1_500, 'one'), hour)];
    const messages = (tail: number): Message[] => [
      user(text(long(400, 'two'), hour), text(long(300, 'three')), text(long(tail, 'four'), mark), text('rest')),
    ];
    const ledger = new CacheLedger();
    const [, a] = split(ledger.play(request({ system }), 0).usage);
    const { usage, positions, promptTokens } = ledger.play(request({ system, messages: messages(200) }), 1);
    const [, b = 0, , c = 0] = positions.map(({ total }) => total);
    assert.equal(positions.length, 5);
    assert.deepEqual(split(usage), [a, b - (a ?? 0), c - b, promptTokens - c]);
    assert.equal(usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens, promptTokens);
    const opus = findModel(ledger.models, model);
    assert.ok(opus !== undefined);
    const price = (promptTokens - c) * 5 + (c - b) * 6.25 + (b - (a ?? 0)) * 10 + (a ?? 0) * 0.5;
    assert.ok(Math.abs(inputCost(opus, usage) - price / 1e6) < 1e-12);
  });

  it('places the automatic mark on the last block that can carry one', () => {
    const ledger = new CacheLedger();
    const messages = [user(text(long(2_000)))];
    const first = ledger.play(request({ messages, cache_control: mark }), 0);
    assert.ok(first.usage.cache_creation_input_tokens > 1_024);
    const thought: Message = { role: 'assistant', content: [{ type: 'redacted_thinking', data: 'eA==' }] };
    const second = ledger.play(request({ messages: [...messages, thought], cache_control: mark }), 1);
    assert.equal(second.marks[0]?.path, 'messages.0.content.0');
    const same = request({ messages: [user(text(long(2_000), mark))], cache_control: mark });
    assert.equal(ledger.play(same, 2).marks.length, 1);
  });
});

const tool = { name: 'look', description: long(1_500, 'tool'), input_schema: { type: 'object' } } as const;
const system = [text(long(1_500, 'system'), mark)];
const base = request({
  tools: [{ ...tool, cache_control: mark }],
  system,
  messages: [user(text(long(1_500, 'user'), mark))],
});

/** Which of the three levels is still read after a change. */
function survives(
  changed: RequestBody,
  options: ConstructorParameters<typeof CacheLedger>[0] = {},
  from = base,
): string {
  const ledger = new CacheLedger(options);
  const before = ledger.play(from, 0);
  const { usage } = ledger.play(changed, 1);
  const levels = before.marks.filter(({ total }) => total <= usage.cache_read_input_tokens + 1);
  return ['none', 'tools', 'system', 'messages'][levels.length] ?? '?';
}

describe('The cache ledger loses what a change invalidates', () => {
  it('reads everything again when nothing changed', () => {
    assert.equal(survives(base), 'messages');
    assert.equal(survives({ ...base, tool_choice: { type: 'auto' }, thinking: { type: 'disabled' } }), 'messages');
    assert.equal(survives({ ...base, output_config: { effort: 'high' } }), 'messages');
  });

  it('loses tools, system and messages with the first byte of each that changes', () => {
    assert.equal(survives({ ...base, model: 'claude-opus-4-7' }), 'none');
    const other = { ...tool, description: `${tool.description}.`, cache_control: mark };
    assert.equal(survives({ ...base, tools: [other] }), 'none');
    assert.equal(survives({ ...base, system: [text(`${long(1_500, 'system')}.`, mark)] }), 'tools');
    assert.equal(survives({ ...base, speed: 'fast' }), 'tools');
    assert.equal(survives({ ...base, messages: [user(text(`${long(1_500, 'user')}.`, mark))] }), 'system');
  });

  it('loses the messages with tool_choice, thinking and effort', () => {
    assert.equal(survives({ ...base, tool_choice: { type: 'auto', disable_parallel_tool_use: true } }), 'system');
    assert.equal(survives({ ...base, thinking: { type: 'adaptive' } }), 'system');
    assert.equal(survives({ ...base, output_config: { effort: 'low' } }), 'system');
    const kept = { switches: { effortInvalidatesMessages: false } };
    assert.equal(survives({ ...base, output_config: { effort: 'low' } }, kept), 'messages');
  });

  it('keeps everything when only what is shown of a thought changes', () => {
    const shown = { ...base, thinking: { type: 'adaptive', display: 'summarized' } } as const;
    assert.equal(survives({ ...base, thinking: { type: 'adaptive' } }, {}, shown), 'messages');
  });

  it('has a switch for appended images and the messages cache', () => {
    const data = Buffer.from('89504e470d0a1a0a0000000d494844520000001000000010', 'hex').toString('base64');
    const image: Block = { type: 'image', source: { type: 'base64', media_type: 'image/png', data } };
    const appended = {
      ...base,
      messages: [...base.messages, { role: 'assistant', content: 'ok' }, user(image)] as const,
    };
    assert.equal(survives(appended), 'system');
    assert.equal(survives(appended, { switches: { appendedImagesKeepCache: true } }), 'messages');
  });

  it('does not take cache breakpoints for content, nor a string for other than one text block', () => {
    const plain = {
      ...base,
      messages: [{ role: 'user', content: long(1_500, 'user') }, user(text('more', mark))],
    } as const;
    assert.equal(survives(plain), 'messages');
  });

  it('is byte-exact about the order of keys in the input of a tool', () => {
    const turn = (input: unknown): RequestBody => ({
      ...base,
      messages: [
        ...base.messages,
        { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input }] },
        user({ type: 'tool_result', tool_use_id: 'toolu_1', content: 'x', cache_control: mark }),
      ],
    });
    const ledger = new CacheLedger();
    const first = ledger.play(turn({ a: 1, b: 2 }), 0);
    assert.equal(ledger.play(turn({ a: 1, b: 2 }), 1).usage.cache_creation_input_tokens, 0);
    assert.ok(ledger.play(turn({ b: 2, a: 1 }), 2).usage.cache_creation_input_tokens > 0);
    assert.equal(first.marks.length, 4);
  });
});

describe('The ledger counts tokens by profiles', () => {
  it('counts between 2.4 and 4.2 characters a token, prose, code and CJK apart', () => {
    const prose = 'The quick brown fox jumps over the lazy dog and runs away from the bears. '.repeat(40);
    const source = '  if (a[i] !== b.get(k)) { return f(x, "y") + z; }\n'.repeat(40);
    const wide = '我能吞下玻璃而不伤身体。'.repeat(40);
    for (const profile of ['light', 'middle', 'dense'] as const) {
      const ledger = new CacheLedger({ profile });
      for (const id of [model, 'claude-sonnet-4-6']) {
        const found = findModel(ledger.models, id);
        assert.ok(found !== undefined);
        const rates = [prose, source, wide].map((one) => one.length / ledger.counter.text(one, found));
        for (const rate of rates) assert.ok(rate >= 2.35 && rate <= 4.25, `${profile} ${id} ${rate}`);
        assert.ok((rates[0] ?? 0) > (rates[2] ?? 9), 'prose is not cheaper than CJK');
      }
    }
    const ledger = new CacheLedger({ profile: 'light' });
    const counted = [model, 'claude-sonnet-4-6'].map((id) =>
      ledger.countTokens({ ...request({}), model: id, messages: [user(text(prose))] }),
    );
    assert.ok((counted[0] ?? 0) > 1.2 * (counted[1] ?? 0), 'the newer tokenizer makes more tokens');
  });
});
