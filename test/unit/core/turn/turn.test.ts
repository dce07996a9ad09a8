/** The turn: how each stop reason ends it, what a stop leaves, and what the disk may do to it. */
import assert from 'node:assert/strict';
import { StoreError } from '../../../../src/core/base/errors';
import { repairOf } from '../../../../src/core/record/repair';
import type { Tool } from '../../../../src/core/tools/tool';
import type { Outcome } from '../../../../src/shared/chat';
import { blocksOf, checkStrictly, file, PathMaker } from '../prompt/paths';
import {
  answer,
  blockFrames,
  checkAfter,
  type Frame,
  LiveAnswer,
  Played,
  play,
  readFile,
  refusal,
  settle,
  type TurnOptions,
  tool,
} from './turnKit';

describe('The end of a turn', () => {
  const rows: readonly (readonly [string, TurnOptions['replies'][number], Outcome])[] = [
    ['end_turn', answer('end_turn', 'So.'), { kind: 'done' }],
    ['stop_sequence', answer('stop_sequence', 'So.'), { kind: 'done' }],
    ['max_tokens', answer('max_tokens', 'So'), { kind: 'maxTokens' }],
    ['model_context_window_exceeded', answer('model_context_window_exceeded', 'So'), { kind: 'contextWindow' }],
    ['refusal', refusal('cyber', 'I wi'), { kind: 'refusal', category: 'cyber', explanation: 'No.' }],
    ['a refusal without a category', refusal(null), { kind: 'refusal', category: null, explanation: 'No.' }],
    ['an empty end_turn', answer('end_turn'), { kind: 'empty' }],
    ['end_turn with blank text', answer('end_turn', '\n\n'), { kind: 'empty' }],
    ['an unknown reason', answer('new_reason', 'So.'), { kind: 'unknown', stopReason: 'new_reason' }],
    ['no reason', answer(null, 'So.'), { kind: 'unknown', stopReason: 'none' }],
    ['tool_use without a tool', answer('tool_use', 'I look.'), { kind: 'unknown', stopReason: 'tool_use' }],
    ['compaction', answer('compaction', 'So.'), { kind: 'unknown', stopReason: 'compaction' }],
  ];
  for (const [name, reply, outcome] of rows) {
    it(`by ${name} has an outcome of its own (L13)`, async () => {
      const played = await play({ replies: [reply], tools: [readFile] });
      assert.deepEqual(played.outcome, outcome);
      assert.equal(played.requests.length, 1);
      assert.deepEqual(played.kinds(), ['snapshot', 'user', 'assistant', 'end']);
      checkAfter(played);
    });
  }

  it('keeps nothing of what a refusal had begun to say', async () => {
    const played = await play({ replies: [refusal('bio', 'First you', 'then')] });
    const [said] = played.log.path.filter((entry) => entry.kind === 'assistant');
    assert.ok(said?.kind === 'assistant');
    assert.deepEqual(said.content, []);
    assert.equal(played.shown.items.flatMap((item) => (item.type === 'answer' ? item.parts : [])).length, 0);
    assert.ok((said.usage.output ?? 0) > 0, 'what was billed is kept');
  });

  it('does not come with tools that were cut at max_tokens: they never run (L14)', async () => {
    let runs = 0;
    const spy: Tool = {
      ...readFile,
      run: async () => {
        runs += 1;
        return { content: 'x', summary: { text: '' } };
      },
    };
    const played = await play({ replies: [answer('max_tokens', 'I look.', tool('t1'))], tools: [spy] });
    assert.deepEqual(played.outcome, { kind: 'maxTokens' });
    assert.equal(runs, 0);
    checkAfter(played);
  });

  it('comes after the tools have run and the model has read their results', async () => {
    const replies = [answer('tool_use', 'I look.', tool('t1'), tool('t2')), answer('end_turn', 'So.')];
    const played = await play({ replies, tools: [readFile] });
    assert.deepEqual(played.outcome, { kind: 'done' });
    assert.deepEqual(played.kinds(), ['snapshot', 'user', 'assistant', 'toolResult', 'toolResult', 'assistant', 'end']);
    const [first, second] = played.requests;
    assert.ok(first && second);
    assert.deepEqual(blocksOf(second).slice(0, blocksOf(first).length), blocksOf(first));
    checkStrictly(second);
    checkAfter(played);
  });

  it('resends a pause as it is, at most five times', async () => {
    const paused = answer('pause_turn', { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} });
    const resumed = await play({ replies: [paused, answer('end_turn', 'So.')] });
    assert.deepEqual(resumed.outcome, { kind: 'done' });
    assert.equal(resumed.requests[1]?.messages.at(-1)?.role, 'assistant');
    const endless = await play({ replies: Array.from({ length: 9 }, () => paused) });
    assert.deepEqual(endless.outcome, { kind: 'pauseLimit' });
    assert.equal(endless.requests.length, 6);
  });

  it('shows what a search looked for as a reload does, wherever the end of its input stands', async () => {
    const id = 'srvtoolu_1';
    const part = (index: number, json: string): Frame => ({
      type: 'content_block_delta',
      index,
      delta: { type: 'input_json_delta', partial_json: json },
    });
    const call = { type: 'server_tool_use', id, name: 'web_search', input: {} };
    const [opened, stopped] = blockFrames(0, call) as [Frame, Frame];
    const found = blockFrames(1, { type: 'web_search_tool_result', tool_use_id: id, content: [] });
    for (const order of [
      [opened, part(0, '{"query":"x"}'), stopped, ...found],
      [opened, part(0, '{"query":'), ...found, part(0, '"x"}'), stopped],
      [opened, part(0, '{"query":"x"}'), ...found],
      [opened, part(0, '{"query":"x"}'), stopped, ...found, part(0, 'more')],
      [opened, part(0, '{"query":"x"}'), stopped, part(0, 'more')],
    ]) {
      const live = new LiveAnswer();
      const played = new Played({ replies: [live.reply] });
      live.push(...order);
      live.finish('end_turn');
      await played.done;
      checkAfter(played);
    }
  });

  it('comes after a hundred steps at the latest', async () => {
    const replies = Array.from({ length: 101 }, (_, index) => answer('tool_use', tool(`t${index}`)));
    const played = await play({ replies, tools: [readFile] });
    assert.deepEqual(played.outcome, { kind: 'stepLimit', steps: 100 });
    assert.equal(played.requests.length, 100);
  });

  it('without a key says so, and sends nothing', async () => {
    const played = await play({ replies: [], access: null });
    assert.ok(played.outcome?.kind === 'failed');
    assert.equal(played.outcome.failure.code, 'noKey');
    assert.equal(played.requests.length, 0);
  });

  it('tells the model of files that changed under the tools, inside the last result', async () => {
    const path = new PathMaker().snapshot(file('a.ts', 'old\n')).user('Why?').entries;
    const replies = [answer('tool_use', tool('t1')), answer('end_turn', 'So.')];
    const played = await play({ replies, tools: [readFile], path, editors: async () => [file('a.ts', 'new\n')] });
    assert.match(JSON.stringify(played.requests[1]?.messages.at(-1)), /tool_result.*the text.*news.*new/);
    checkAfter(played);
  });

  it('goes on without news of the files when they cannot be read', async () => {
    const path = new PathMaker().snapshot(file('a.ts', 'old\n')).user('Why?').entries;
    const replies = [answer('tool_use', tool('t1')), answer('end_turn', 'So.')];
    const editors = async (): Promise<never> => Promise.reject(new Error('disk'));
    const played = await play({ replies, tools: [readFile], path, editors });
    assert.deepEqual(played.outcome, { kind: 'done' });
    assert.ok(!played.kinds().includes('change'));
  });
});

describe('A turn that is stopped', () => {
  for (const cause of ['stopped', 'interrupted'] as const) {
    it(`as ${cause} closes the socket and keeps what arrived (L8)`, async () => {
      const live = new LiveAnswer();
      const played = new Played({ replies: [live.reply] });
      live.push(...blockFrames(0, 'It is'), ...blockFrames(1, tool('t1')).slice(0, 2));
      await settle();
      played.stop(cause);
      await played.done;
      assert.deepEqual(played.outcome, { kind: cause });
      assert.ok(played.signals[0]?.aborted);
      const said = played.log.path.find((entry) => entry.kind === 'assistant');
      assert.ok(said?.kind === 'assistant' && said.partial === cause);
      checkAfter(played);
    });
  }

  it('before the first byte leaves the question alone', async () => {
    const live = new LiveAnswer();
    const played = new Played({ replies: [live.reply] });
    await settle();
    played.stop();
    await played.done;
    assert.deepEqual(played.outcome, { kind: 'stopped' });
    assert.deepEqual(played.kinds(), ['snapshot', 'user', 'end']);
    checkAfter(played);
  });

  it('while tools run answers each of them, at once', async () => {
    const stuck: Tool = { ...readFile, run: () => new Promise(() => undefined) };
    const played = new Played({ replies: [answer('tool_use', tool('t1'), tool('t2'))], tools: [stuck] });
    await settle();
    played.stop();
    await played.done;
    assert.deepEqual(played.outcome, { kind: 'stopped' });
    assert.deepEqual(played.kinds(), ['snapshot', 'user', 'assistant', 'toolResult', 'toolResult', 'end']);
    checkAfter(played);
  });
});

describe('A turn and the disk', () => {
  const full = (): StoreError => new StoreError('full', 'The disk is full.');

  it('says that an answer could not be stored, and does not go on without it', async () => {
    const played = new Played({
      replies: [answer('tool_use', tool('t1')), answer('end_turn', 'x')],
      tools: [readFile],
    });
    played.store.failNext = full();
    await played.done;
    assert.ok(played.outcome?.kind === 'failed');
    assert.deepEqual([played.outcome.failure.code, played.outcome.failure.message], ['storeLost', 'The disk is full.']);
    assert.equal(played.requests.length, 1);
    assert.deepEqual(played.kinds(), ['snapshot', 'user']);
    assert.deepEqual(
      played.log.takeUnsaved().map(({ kind }) => kind),
      ['assistant', 'end'],
    );
  });

  for (const code of ['full', 'readOnly', 'unavailable', 'damaged', 'newerVersion'] as const) {
    it(`keeps an answer beside the record that refuses it, says so, and pays for no more: ${code}`, async () => {
      const played = new Played({
        replies: [answer('tool_use', tool('t1')), answer('end_turn', 'x')],
        tools: [readFile],
      });
      played.store.rescued = [];
      played.store.failNext = new StoreError(code, 'Not now.');
      await played.done;
      assert.ok(played.outcome?.kind === 'failed');
      assert.equal(played.outcome.failure.code, 'storeRescued');
      assert.equal(played.requests.length, 1);
      assert.deepEqual(
        played.store.rescued.map(({ kind }) => kind),
        ['assistant', 'end'],
      );
      assert.deepEqual(played.log.path.slice(-2), played.store.rescued);
    });
  }

  it('tells of a finished answer that was kept, and keeps how it ended', async () => {
    const played = new Played({ replies: [answer('end_turn', 'So.')] });
    played.store.rescued = [];
    played.store.failNext = full();
    await played.done;
    assert.ok(played.outcome?.kind === 'failed' && played.outcome.failure.code === 'storeRescued');
    const end = played.store.rescued.at(-1);
    assert.deepEqual(end?.kind === 'end' && end.outcome, { kind: 'done' });
  });

  it('is written by no window that another has overtaken: the words are kept to be saved elsewhere', async () => {
    const played = new Played({ replies: [answer('end_turn', 'So.')] });
    played.store.rescued = [];
    played.store.failNext = new StoreError('overtaken', 'Another window.');
    await played.done;
    assert.ok(played.outcome?.kind === 'failed' && played.outcome.failure.code === 'overtaken');
    assert.deepEqual(played.store.rescued, []);
    assert.deepEqual(
      played.log.takeUnsaved().map(({ kind }) => kind),
      ['assistant', 'end'],
    );
  });

  it('is asked again for a minute while it is busy, and has the answer then', async () => {
    const played = new Played({ replies: [answer('end_turn', 'So.')] });
    const append = played.store.append.bind(played.store);
    const free = played.clock.now() + 45_000;
    played.store.append = async (conversation, entries) => {
      if (played.clock.now() < free) throw new StoreError('busy', 'In use.');
      await append(conversation, entries);
    };
    await settle();
    await played.clock.advance(46_000);
    await played.done;
    assert.deepEqual(played.outcome, { kind: 'done' });
    assert.deepEqual(played.kinds(), ['snapshot', 'user', 'assistant', 'end']);
  });

  it('is asked no longer than a minute while it is busy: the answer is kept beside it then', async () => {
    const played = new Played({ replies: [answer('end_turn', 'So.')] });
    played.store.rescued = [];
    played.store.append = async () => {
      throw new StoreError('busy', 'In use.');
    };
    await settle();
    await played.clock.advance(59_000);
    assert.deepEqual(played.store.rescued, []);
    await played.clock.advance(2_000);
    await played.done;
    assert.ok(played.outcome?.kind === 'failed' && played.outcome.failure.code === 'storeRescued');
    assert.equal(played.store.rescued.length, 2);
  });

  it('says so even when its end cannot be stored, and leaves a path that the next start repairs', async () => {
    const played = new Played({ replies: [answer('end_turn', 'So.')] });
    const append = played.store.append.bind(played.store);
    played.store.append = async (conversation, entries) => {
      if (entries[0]?.kind === 'end') throw full();
      await append(conversation, entries);
    };
    await played.done;
    assert.ok(played.outcome?.kind === 'failed');
    assert.equal(played.outcome.failure.code, 'storeLost');
    assert.deepEqual(repairOf(played.log.path, null)?.entries, [{ kind: 'end', outcome: { kind: 'done' } }]);
  });

  it('commits each step before the next begins', async () => {
    let open = (): void => undefined;
    const played = new Played({
      replies: [answer('tool_use', tool('t1')), answer('end_turn', 'x')],
      tools: [readFile],
    });
    played.store.gate = new Promise((resolve) => {
      open = resolve;
    });
    await settle();
    assert.deepEqual(played.store.order, ['append assistant'], 'no tool runs before its call is stored');
    open();
    await played.done;
    assert.deepEqual(played.store.order, ['append assistant', 'append toolResult', 'append assistant', 'append end']);
  });

  it('keeps what streams about once a second, and none behind the answer itself', async () => {
    const live = new LiveAnswer();
    const played = new Played({ replies: [live.reply] });
    live.push(...blockFrames(0, 'It is').slice(0, 2));
    await settle();
    await played.clock.advance(1000);
    await played.clock.advance(5000);
    assert.equal(played.store.checkpoints.length, 1, 'nothing new, nothing written');
    live.push({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' so' } });
    await settle();
    await played.clock.advance(1000);
    const [first, second] = played.store.checkpoints;
    assert.deepEqual(
      [first?.content, second?.content].map((content) => JSON.stringify(content)),
      ['[{"type":"text","text":"It is"}]', '[{"type":"text","text":"It is so"}]'],
    );
    assert.equal(second?.parent, played.log.path.at(-1)?.id);
    live.push({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' now' } });
    await settle();
    // The disk is slow: a second passes while the partial answer is being committed.
    let open = (): void => undefined;
    played.store.gate = new Promise((resolve) => {
      open = resolve;
    });
    played.stop();
    await settle();
    await played.clock.advance(3000);
    open();
    await played.done;
    assert.equal(played.store.order.at(-1), 'append end');
    assert.equal(played.store.order.filter((what) => what === 'checkpoint').length, 2);
    const said = played.log.path.find((entry) => entry.kind === 'assistant');
    assert.equal(said?.id, second?.entry, 'the answer has the id that its checkpoints named');
  });
});
