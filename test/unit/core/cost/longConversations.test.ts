/** What it takes to estimate the next message of a long conversation: it grows with the conversation, and not faster. */
import assert from 'node:assert/strict';
import { seenContext } from '../../../../src/core/context/context';
import { ConversationCost } from '../../../../src/core/cost/conversationCost';
import { estimateNext } from '../../../../src/core/cost/estimate';
import { modelOf } from '../../../../src/core/models/models';
import { mediaOf } from '../../../../src/core/prompt/attachments';
import { planRequest } from '../../../../src/core/prompt/request';
import type { Entry } from '../../../../src/core/record/record';
import { toolDefinitions, tools } from '../../../../src/core/tools/all';
import { callsOf } from '../../functionCalls';
import { elementsVisited, longPath } from '../longPaths';
import { blobs, file, image, opus, PathMaker, settings } from '../prompt/paths';

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
