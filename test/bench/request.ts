/** How long it takes to build a request, against writing the same request as JSON. */

import type { Request } from '../../src/core/api/requestBody';
import { Memo } from '../../src/core/base/memo';
import { seenContext } from '../../src/core/context/context';
import { ConversationCost } from '../../src/core/cost/conversationCost';
import { estimateNext } from '../../src/core/cost/estimate';
import { modelOf } from '../../src/core/models/models';
import { planRequest } from '../../src/core/prompt/request';
import type { Entry } from '../../src/core/record/record';
import { toolDefinitions, tools } from '../../src/core/tools/all';
import { stateOf } from '../../src/core/transcript/transcript';
import { type Bench, compare, figure } from './bench';

/** A conversation of about `entries` entries: turns with two parallel reads each. */
function conversation(entries: number): readonly Entry[] {
  const path: Entry[] = [];
  const add = (entry: object): void => {
    const at = path.length;
    path.push({ id: `e${at}`, parent: at === 0 ? null : `e${at - 1}`, at, ...entry } as Entry);
  };
  const line = 'const value = compute(input, options); // a line of code as files have it\n';
  add({
    kind: 'snapshot',
    project: [],
    files: [{ uri: 'file:///a', path: 'a.ts', text: line.repeat(200) }],
    selection: null,
  });
  for (let turn = 0; path.length < entries; turn += 1) {
    add({
      kind: 'user',
      content: [{ type: 'text', text: `Question ${turn}: what does this do?` }],
      model: 'claude-opus-4-8',
    });
    add(answer([toolUse(turn, 0), toolUse(turn, 1)], 'tool_use'));
    for (const call of [0, 1]) {
      add({
        kind: 'toolResult',
        toolUseId: `toolu_${turn}_${call}`,
        content: line.repeat(30),
        isError: false,
        cancelled: false,
        label: { text: '' },
        summary: null,
      });
    }
    add(answer([{ type: 'text', text: 'It computes a value. '.repeat(40), citations: null }], 'end_turn'));
    add({ kind: 'end', outcome: { kind: 'done' } });
  }
  return path;
}

function answer(content: readonly object[], stopReason: string): object {
  const usage = { input: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 1 };
  const rest = { partial: null, refusal: null, usage, usd: 0, messageId: null, requestId: null, durations: [] };
  return { kind: 'assistant', content, stopReason, model: 'claude-opus-4-8', ...rest };
}

function toolUse(turn: number, call: number): object {
  return {
    type: 'tool_use',
    id: `toolu_${turn}_${call}`,
    name: 'read_file',
    input: { path: `src/file${call}.ts` },
    caller: { type: 'direct' },
  };
}

/** As a conversation that goes on: what it has computed of its entries is there. */
function build(path: readonly Entry[], memo: Memo): Request {
  const settings = {
    model: 'claude-opus-4-8',
    effort: 'high',
    thinkingDisplay: 'summarized',
    maxTokens: null,
  } as const;
  return planRequest({
    path,
    model: modelOf(settings.model),
    settings,
    tools: toolDefinitions(tools),
    blobs: new Map(),
    memo,
  }).request;
}

/** What the host computes for each key that is typed: the next request's size and price. */
function keystrokes(path: readonly Entry[]): () => void {
  const seen = seenContext(path);
  const context = { project: [], files: [...(seen?.files.values() ?? [])], selection: null };
  const toolsJson = JSON.stringify(toolDefinitions(tools));
  const cache = { ttl: 'auto', pauseHistogram: { short: 10, middle: 2, long: 1 } } as const;
  const cost = new ConversationCost();
  let typed = 0;
  return () => {
    typed += 1;
    const draft = 'What does it do? '.repeat(1 + (typed % 40));
    const model = modelOf('claude-opus-4-8');
    const now = path.length + 1000;
    estimateNext({ path, seen, model, effort: 'high', context, draft, toolsJson, now, cache }, cost);
  };
}

export const requestBench: Bench = {
  name: 'request',
  about: 'time to build the request of a long conversation, as a multiple of writing it as JSON',
  async run() {
    const long = conversation(2000);
    const longer = conversation(4000);
    const memo = new Memo();
    const request = build(long, memo);
    const type = keystrokes(long);
    return [
      figure(
        'the cost line for a key that is typed ÷ JSON.stringify, 2,000 entries',
        compare(41, type, () => JSON.stringify(request)),
        '×',
        0.25,
      ),
      figure(
        'build ÷ JSON.stringify, 2,000 entries',
        compare(
          41,
          () => build(long, memo),
          () => JSON.stringify(request),
        ),
        '×',
        2,
      ),
      figure(
        'build of 4,000 ÷ build of 2,000 entries',
        compare(
          41,
          () => build(longer, memo),
          () => build(long, memo),
        ),
        '×',
        2.6,
      ),
      figure(
        'what the model has seen, 4,000 ÷ 2,000 entries',
        compare(
          41,
          () => seenContext(longer),
          () => seenContext(long),
        ),
        '×',
        2.6,
      ),
      figure(
        'the panel’s state out of the record, 4,000 ÷ 2,000 entries',
        compare(
          21,
          () => stateOf('c', '', longer),
          () => stateOf('c', '', long),
        ),
        '×',
        3.5,
      ),
    ];
  },
};
