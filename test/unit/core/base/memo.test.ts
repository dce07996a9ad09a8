/** What a conversation remembers of what was computed: it changes what that costs, and nothing else. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Memo } from '../../../../src/core/base/memo';
import { seenContext } from '../../../../src/core/context/context';
import { ConversationCost } from '../../../../src/core/cost/conversationCost';
import { estimateNext } from '../../../../src/core/cost/estimate';
import { modelOf, modelTable } from '../../../../src/core/models/models';
import { planRequest } from '../../../../src/core/prompt/request';
import type { Entry } from '../../../../src/core/record/record';
import { toolDefinitions, tools } from '../../../../src/core/tools/all';
import { anyPath, asked, blobs, file, opus, settings } from '../prompt/paths';

describe('What is remembered', () => {
  it('is computed once for an object and a name, and anew when what else it depends on is another', () => {
    const memo = new Memo();
    const of = {};
    let computed = 0;
    const next = (): number => (computed += 1);
    assert.deepEqual([memo.get(of, 'a', next), memo.get(of, 'a', next)], [1, 1]);
    assert.deepEqual([memo.get(of, 'b', next), memo.get({}, 'a', next)], [2, 3]);
    assert.deepEqual([memo.get(of, 'c', next, 'x', 1), memo.get(of, 'c', next, 'x', 1)], [4, 4]);
    assert.deepEqual([memo.get(of, 'c', next, 'x', 2), memo.get(of, 'c', next, 'x', 1)], [5, 6]);
    assert.equal(new Memo().get(of, 'a', next), 7);
  });

  it('changes neither a request nor an estimate, however the conversation goes on', () => {
    const offered = toolDefinitions(tools);
    const toolsJson = JSON.stringify(offered);
    const context = { project: [], files: [file('a.ts', 'const a = 1;\n')], selection: null };
    fc.assert(
      fc.property(anyPath, fc.constantFrom(...modelTable), (any, other) => {
        const cost = new ConversationCost();
        const path = asked(any);
        // Turn by turn, as a conversation grows, and for another model in between.
        for (const length of [Math.ceil(path.length / 2), path.length]) {
          const now: readonly Entry[] = length === path.length ? path : asked(path.slice(0, length));
          for (const model of [modelOf(opus), other]) {
            const input = { path: now, model, settings: { ...settings, model: model.id }, tools: offered, blobs };
            assert.deepEqual(planRequest({ ...input, memo: cost }), planRequest(input));
            const seen = seenIn(now);
            const next = { path: now, seen, model, effort: null, context, draft: 'And?', toolsJson, now: 9_000_000 };
            assert.deepEqual(estimateNext(next, cost), estimateNext(next));
          }
        }
      }),
    );
  });
});

function seenIn(path: readonly Entry[]): ReturnType<typeof seenContext> {
  try {
    return seenContext(path);
  } catch {
    return null;
  }
}
