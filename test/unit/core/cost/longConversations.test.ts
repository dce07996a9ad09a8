/** What it takes to estimate the next message of a long conversation: it grows with the conversation, and not faster. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Memo } from '../../../../src/core/base/memo';
import { seenContext } from '../../../../src/core/context/context';
import { ConversationCost } from '../../../../src/core/cost/conversationCost';
import { estimateNext } from '../../../../src/core/cost/estimate';
import { type PromptBreakdown, promptBreakdownOf } from '../../../../src/core/cost/promptBreakdown';
import { type Model, modelOf } from '../../../../src/core/models/models';
import { mediaOf } from '../../../../src/core/prompt/attachments';
import { buildMessages, reachesBack, settledLength } from '../../../../src/core/prompt/messages';
import { planRequest } from '../../../../src/core/prompt/request';
import type { Entry } from '../../../../src/core/record/record';
import { toolDefinitions, tools } from '../../../../src/core/tools/all';
import { callsOf } from '../../functionCalls';
import { elementsVisited, longPath } from '../longPaths';
import { anyPath, blobs, file, image, opus, PathMaker, settings, text, toolUse } from '../prompt/paths';

const toolsJson = JSON.stringify(toolDefinitions(tools));

/** Types one more key. */
function typing(path: readonly Entry[]): () => void {
  const seen = seenContext(path);
  const context = { project: [], files: [...(seen?.files.values() ?? [])], selection: null };
  const cache = { ttl: 'auto', pauseHistogram: { short: 10, middle: 2, long: 1 } } as const;
  const now = (path.at(-1)?.at ?? 0) + 1000;
  const cost = new ConversationCost();
  let draft = '';
  const type = (): void => {
    draft += 'x';
    estimateNext({ path, seen, model: modelOf(opus), effort: 'high', context, draft, toolsJson, now, cache }, cost);
  };
  type();
  return type;
}

/** Goes on by an entry of a turn with each call: what the user says, a call, its result, the answer. */
function goingOn(path: readonly Entry[]): () => void {
  const maker = new PathMaker();
  maker
    .user('And this?')
    .assistant([toolUse('more')])
    .result('more')
    .assistant([text('So it is.')]);
  const seen = seenContext(path);
  const context = { project: [], files: [...(seen?.files.values() ?? [])], selection: null };
  const now = (path.at(-1)?.at ?? 0) + 1000;
  const cost = new ConversationCost();
  let entries = path;
  const estimate = (): void => {
    const common = { seen, model: modelOf(opus), effort: 'high', context, draft: '', toolsJson, now } as const;
    estimateNext({ ...common, path: entries }, cost);
  };
  estimate();
  return () => {
    entries = [...entries, maker.entries[entries.length - path.length] as Entry];
    estimate();
  };
}

/** Every other answer knows what its request held: its thinking stays where that is what is sent. */
function withDigests(path: readonly Entry[], model: Model): readonly Entry[] {
  const entries: Entry[] = [];
  for (const entry of path) {
    if (entry.kind !== 'assistant' || entries.length % 2 === 0) entries.push(entry);
    else {
      const { digest } = buildMessages({ path: entries, model, blobs: null, tools: toolsJson, memo: new Memo() });
      const held = { digest, tools: '', instructions: '', address: '', bare: entries.length % 10 === 9 };
      entries.push({ ...entry, held });
    }
  }
  return entries;
}

describe('The cost of the next message in a long conversation', () => {
  const [short, long] = [longPath(250), longPath(1000)];

  it('looks the place of a cache breakpoint up as often after 1,000 turns as after 250', async () => {
    const [few, many] = [await callsOf('tokensAt', typing(short)), await callsOf('tokensAt', typing(long))];
    assert.ok(few > 0 && few < 10, `${few}`);
    assert.equal(many, few);
  });

  it('goes through four times as much after four times the turns', () => {
    const [few, many] = [elementsVisited(typing(short)), elementsVisited(typing(long))];
    assert.ok(many <= 4.2 * few, `${few} and ${many}`);
    assert.ok(many <= 30 * long.length, `${many} of ${long.length} entries`);
  });

  it('puts as much together for a turn that the record goes on with after 1,000 turns as after 250', async () => {
    const blocksFor = async (path: readonly Entry[]): Promise<number> => {
      const goOn = goingOn(path);
      return callsOf('blockStats', () => {
        for (let step = 0; step < 4; step += 1) goOn();
      });
    };
    const [few, many] = [await blocksFor(short), await blocksFor(long)];
    assert.ok(few > 0 && few < 40, `${few}`);
    assert.equal(many, few);
  });

  it('is the same for a record that goes on as for one that is read, whatever is in it and whatever it goes back to', () => {
    let settled = 0;
    const isBound = fc.boolean();
    fc.assert(
      fc.property(
        anyPath,
        isBound,
        fc.boolean(),
        fc.array(fc.nat({ max: 25 })),
        (any, bindsThinking, calm, lengths) => {
          const model = { ...modelOf(opus), bindsThinking };
          const path = withDigests(calm ? any.filter((entry) => !reachesBack(entry)) : any, model);
          const memo = new Memo();
          for (const length of [...path.map((_, index) => index + 1), ...lengths]) {
            const beginning = path.slice(0, length);
            if (settledLength(beginning) > 0) settled += 1;
            assert.deepEqual(
              promptBreakdownOf(beginning, model, toolsJson, memo),
              promptBreakdownOf(beginning, model, toolsJson),
              JSON.stringify(beginning),
            );
          }
        },
      ),
    );
    assert.ok(settled > 100, `${settled} had something settled`);
  });

  it('is measured anew where something is said about an earlier turn', () => {
    const maker = new PathMaker().user('A long question. '.repeat(100));
    const first = maker.last();
    maker.assistant([text('So it is.')]).end();
    maker
      .user('And this?')
      .assistant([text('That, too.')])
      .end();
    const memo = new Memo();
    const said = (): PromptBreakdown => promptBreakdownOf([...maker.entries], modelOf(opus), toolsJson, memo);
    const before = said();
    maker.leaveOut('turn', first);
    assert.ok(said().history.prose < before.history.prose);
    maker.leaveOut('turn', first, 0, false);
    assert.deepEqual(said(), before);
    maker.compaction('Short.');
    assert.ok(said().history.prose < before.history.prose);
  });

  it('makes no messages to find the pictures of a conversation that has none', async () => {
    assert.equal(await callsOf('buildMessages', () => mediaOf(long, modelOf(opus))), 0);
    const { entries } = new PathMaker().snapshot().user('What is this?', image('pixel'));
    assert.equal(mediaOf(entries, modelOf(opus)).length, 1);
  });

  it('measures nothing again when the request is made that was measured before', async () => {
    const memo = new ConversationCost();
    const plan = (path: readonly Entry[]): unknown =>
      planRequest({
        path,
        model: modelOf(opus),
        settings,
        tools: toolDefinitions(tools),
        blobs,
        times: { now: 5_000_000, pauseHistogram: { short: 10, middle: 2, long: 1 } },
        memo,
      });
    const { entries } = new PathMaker().snapshot(file('a.ts', 'const a = 1;\n')).user('Why?');
    assert.ok((await callsOf('measureText', () => plan(entries))) > 0);
    assert.equal(await callsOf('measureText', () => plan([...entries])), 0);
  });
});
