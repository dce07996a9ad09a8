/** The record as the panel shows it. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { modelOf } from '../../../../src/core/models/models';
import { excludable } from '../../../../src/core/prompt/excludable';
import type { Entry } from '../../../../src/core/record/record';
import { eventsOf, partKey, replayStart, stateOf, toolOutput } from '../../../../src/core/transcript/transcript';
import { sameFailure } from '../../../../src/core/turn/sameFailure';
import { type ChatEvent, type ChatState, emptyChat } from '../../../../src/shared/chat';
import { reduce } from '../../../../src/shared/reduce';
import { noUsage, type TokenUsage } from '../../../../src/shared/tokenUsage';
import { anyPath, file, image, opus, PathMaker, text, thinking, toolUse } from '../prompt/paths';

const usage: TokenUsage = { input: 1, cacheRead: 20, cacheWrite5m: 300, cacheWrite1h: 0, output: 4000 };

function show(maker: PathMaker): ChatState {
  return stateOf('c', 'Title', maker.entries);
}

/** The items in short. */
function shape(state: ChatState): readonly string[] {
  return state.items.map((item) => {
    if (item.type === 'user') return `user ${item.text}`;
    if (item.type === 'context') return `context ${item.lines.map((line) => `${line.change} ${line.path}`).join()}`;
    if (item.type === 'compaction') return `compaction ${item.outcome?.kind ?? 'open'}`;
    const parts = item.parts.map((part) => (part.type === 'tool' ? `tool ${part.status}` : part.type));
    return `answer [${parts.join()}] ${item.outcome?.kind ?? 'open'}`;
  });
}

describe('What is shown of a record', () => {
  it('is there whatever the input of a stored call is: nested without end, or none (L62)', () => {
    for (const json of [`${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`, 'null']) {
      const input: unknown = JSON.parse(json);
      const call = { ...toolUse('x'), input: input ?? undefined };
      const maker = new PathMaker()
        .user('one')
        .assistant([text('I look.'), call])
        .result('x', 'no', true);
      const answer = show(maker).items.find(({ type }) => type === 'answer');
      const part = answer?.type === 'answer' ? answer.parts[1] : undefined;
      assert.equal(part?.type === 'tool' ? part.input : null, '…');
      assert.equal(sameFailure(maker.entries), null);
      assert.doesNotThrow(() => excludable(maker.entries, modelOf(opus), 1));
    }
  });

  it('is each entry in its place', () => {
    const maker = new PathMaker()
      .snapshot(file('a.ts', 'a'))
      .user('one', image('pixel'))
      .assistant([thinking('Hm.'), text('I look.'), toolUse('x')], { usage, usd: 0.5, durations: [10, 20, null] })
      .result('x', 'found it')
      .change({ change: 'removed', uri: 'file:///work/a.ts', path: 'a.ts' })
      .assistant([text('So.')], { usage, usd: 0.25 })
      .end()
      .change({ change: 'added', uri: 'u', path: 'b.ts', text: 'b', linesAdded: 1, linesRemoved: 0 })
      .user('two');
    const state = show(maker);
    assert.deepEqual(shape(state), [
      'context opened a.ts',
      'user one',
      'answer [thinking,text,tool done,context,text] done',
      'context added b.ts',
      'user two',
      'answer [] open',
    ]);
    const [, user, answer] = state.items;
    assert.ok(user?.type === 'user' && answer?.type === 'answer');
    assert.deepEqual(user.attachments, [
      { kind: 'image', id: 'pixel', label: 'pixel.png', mediaType: 'image/png', width: 1, height: 1 },
    ]);
    assert.deepEqual([answer.usd, state.usd, answer.usage.output, answer.id], [0.75, 0.75, 8000, user.id]);
    const [thought, , tool] = answer.parts;
    assert.ok(thought?.type === 'thinking' && tool?.type === 'tool');
    assert.deepEqual([thought.durationMs, thought.open], [10, false]);
    assert.deepEqual([tool.output, tool.input, tool.label.text], ['found it', '{"path":"a.ts"}', 'Read {0}']);
    assert.deepEqual([state.title, state.conversation, state.activity], ['Title', 'c', null]);
  });

  it('has the lines that a question is about as its attachment', () => {
    const selection = { uri: 'file:///work/src/a.ts', path: 'src/a.ts', startLine: 3, endLine: 4, text: 'x' };
    const [, item] = show(
      new PathMaker().snapshot(file('a.ts', 'a')).user('one', { type: 'selection', selection }),
    ).items;
    assert.ok(item?.type === 'user');
    assert.deepEqual(
      [item.text, item.attachments],
      [
        'one',
        [
          {
            kind: 'selection',
            id: 'src/a.ts:3',
            label: 'a.ts:3-4',
            place: ':3-4',
            source: { uri: selection.uri, path: 'src/a.ts', line: 3, cell: null },
          },
        ],
      ],
    );
  });

  it('is an unknown price where one answer had none, never a smaller sum', () => {
    const maker = new PathMaker()
      .user('one')
      .assistant([text('A')], { usd: 1 })
      .end();
    maker
      .user('two')
      .assistant([text('B')], { usd: null })
      .end();
    assert.equal(show(maker).usd, null);
  });

  it('has a line for each tool, whatever became of it', () => {
    const maker = new PathMaker().user('one').assistant([toolUse('a'), toolUse('b'), toolUse('c'), toolUse('d')]);
    maker.result('a').result('b', 'no', true).result('c', 'stopped', true, true);
    assert.deepEqual(shape(show(maker)).at(-1), 'answer [tool done,tool failed,tool cancelled,tool preparing] open');
    const cut = new PathMaker()
      .user('one')
      .assistant([toolUse('a')], { stopReason: 'max_tokens' })
      .end('maxTokens');
    assert.deepEqual(shape(show(cut)).at(-1), 'answer [tool cancelled] maxTokens');
  });

  it('keeps thoughts that are redacted', () => {
    const maker = new PathMaker().user('one').assistant([{ type: 'redacted_thinking', data: 'x' }, text('A')]);
    assert.deepEqual(shape(show(maker)).at(-1), 'answer [thinking,text] open');
  });

  it('says nothing of an empty snapshot', () => {
    assert.deepEqual(shape(show(new PathMaker().snapshot().user('one').end())), ['user one', 'answer [] done']);
  });

  it('holds the beginning of a long tool output, and gives the rest on demand, cut where it is too long (L75)', () => {
    const maker = new PathMaker()
      .user('one')
      .assistant([text('Let me see.'), toolUse('x'), toolUse('y'), toolUse('z')])
      .result('y', 'short')
      .result('x', 'b'.repeat(5000))
      .result('z', 'y'.repeat(50_000))
      .user('two')
      .assistant([toolUse('x')])
      .result('x', 'of another turn');
    const answer = show(maker).items[1];
    const tools = answer?.type === 'answer' ? answer.parts.filter((part) => part.type === 'tool') : [];
    assert.deepEqual(
      tools.map(({ output, outputLength }) => [output?.length, outputLength]),
      [
        [400, 5000],
        [5, undefined],
        [400, 20_001],
      ],
    );
    const whole = tools.map(({ key }) => toolOutput(maker.entries, key) ?? '');
    assert.deepEqual(whole.slice(0, 2), ['b'.repeat(5000), 'short']);
    assert.equal(whole[2], `${'y'.repeat(20_000)}…`);
    const [words] = answer?.type === 'answer' ? answer.parts : [];
    for (const key of [words?.key ?? '', 'e99:0', '']) assert.equal(toolOutput(maker.entries, key), null);
  });

  it('marks what a button said as not the words of the user', () => {
    const maker = new PathMaker();
    maker.add({ kind: 'user', content: [{ type: 'text', text: 'Go on.' }], model: opus, auto: 'continue' });
    const item = show(maker).items[0];
    assert.equal(item?.type === 'user' ? item.auto : undefined, 'continue');
  });

  it('is JSON-safe and the same from any record, in one go or entry by entry', () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        const state = stateOf('c', '', path);
        assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
        const shown = replayStart();
        const steps = path.flatMap((entry) => eventsOf(entry, shown));
        assert.deepEqual(steps.reduce(reduce, emptyChat('c')), state);
      }),
    );
  });

  it('has a part for no more than one block, with a key of its own', () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        for (const item of stateOf('c', '', path).items) {
          if (item.type !== 'answer') continue;
          const keys = item.parts.map((part) => part.key);
          assert.equal(new Set(keys).size, keys.length);
        }
      }),
    );
    assert.equal(partKey('e', 3), 'e:3');
  });

  it('ignores what belongs to no turn, but for an answer whose question is lost', () => {
    assert.deepEqual(show(new PathMaker().result('x').end()).items, []);
    const [answer] = show(new PathMaker().assistant([text('A')]).end()).items;
    assert.ok(answer?.type === 'answer');
    assert.deepEqual(answer.outcome, { kind: 'done' });
  });
});

describe('The reducer', () => {
  const base = show(new PathMaker().user('one').assistant([text('A'), toolUse('x')]));
  const words = { text: 'x' };
  const strangers: readonly ChatEvent[] = [
    { type: 'delta', answer: 'e1', key: 'nobody', text: 'x' },
    { type: 'delta', answer: 'nobody', key: 'e2:0', text: 'x' },
    { type: 'partEnded', answer: 'e1', key: 'nobody', durationMs: 1 },
    { type: 'partRemoved', answer: 'e1', key: 'nobody' },
    { type: 'partStarted', answer: 'nobody', part: { type: 'text', key: 'k', text: '', open: true } },
    { type: 'answerEnded', answer: 'nobody', at: 1, outcome: { kind: 'done' } },
    { type: 'tool', answer: 'e1', key: 'nobody', status: 'done', label: words, summary: null, output: null },
    { type: 'tool', answer: 'e1', key: 'e2:0', status: 'done', label: words, summary: null, output: null },
  ];

  it('ignores parts and answers that it does not know', () => {
    for (const event of strangers) assert.deepEqual(reduce(base, event), base, JSON.stringify(event));
  });

  it('changes nothing in place', () => {
    const before = JSON.stringify(base);
    const events: readonly ChatEvent[] = [
      ...strangers,
      { type: 'delta', answer: 'e1', key: 'e2:0', text: 'more' },
      { type: 'delta', answer: 'e1', key: 'e2:1', text: '{' },
      { type: 'partEnded', answer: 'e1', key: 'e2:0', durationMs: 5 },
      { type: 'partRemoved', answer: 'e1', key: 'e2:0' },
      { type: 'usage', answer: 'e1', usage, usd: 1 },
      { type: 'title', title: 'T' },
      { type: 'activity', activity: { kind: 'waiting', since: 1 } },
      { type: 'answerEnded', answer: 'e1', at: 1, outcome: { kind: 'done' } },
    ];
    for (const event of events) reduce(base, event);
    assert.equal(JSON.stringify(base), before);
  });

  it('joins deltas to the text that a stored block has at once', () => {
    const start: ChatEvent = {
      type: 'partStarted',
      answer: 'e1',
      part: { type: 'text', key: 'k', text: '', open: true },
    };
    fc.assert(
      fc.property(fc.array(fc.string()), (deltas) => {
        const events: readonly ChatEvent[] = [
          start,
          ...deltas.map((delta): ChatEvent => ({ type: 'delta', answer: 'e1', key: 'k', text: delta })),
          { type: 'partEnded', answer: 'e1', key: 'k', durationMs: null },
        ];
        const answer = events.reduce(reduce, base).items.at(-1);
        const part = answer?.type === 'answer' ? answer.parts.at(-1) : undefined;
        assert.deepEqual(part, { type: 'text', key: 'k', text: deltas.join(''), open: false });
      }),
    );
  });

  it('counts nothing for an answer that was not billed', () => {
    const entry = { kind: 'usage', usage: noUsage };
    assert.deepEqual(reduce(base, { type: 'usage', answer: 'e1', usage: entry.usage, usd: 0 }), base);
  });

  it('ends the activity with the answer', () => {
    const busy = reduce(base, { type: 'activity', activity: { kind: 'tools', since: 1 } });
    const ended = reduce(busy, { type: 'answerEnded', answer: 'e1', at: 2, outcome: { kind: 'stopped' } });
    assert.equal(ended.activity, null);
  });
});

describe('A repaired record', () => {
  it('shows no part as open', () => {
    const path: readonly Entry[] = new PathMaker()
      .user('one')
      .assistant([thinking('Hm'), text('It is')], { partial: 'interrupted', stopReason: null })
      .end('interrupted').entries;
    for (const item of stateOf('c', '', path).items) {
      if (item.type !== 'answer') continue;
      assert.ok(item.parts.every((part) => !('open' in part) || !part.open));
    }
  });
});
