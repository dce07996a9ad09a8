/** Where the blocks of a request come from. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Memo } from '../../../../src/core/base/memo';
import { changesText, fileChange } from '../../../../src/core/context/context';
import { blocksBreakdown } from '../../../../src/core/cost/promptBreakdown';
import { modelOf } from '../../../../src/core/models/models';
import { measureBlock } from '../../../../src/core/models/tokens';
import { buildMessages, messagesOf } from '../../../../src/core/prompt/messages';
import { walk } from '../../../../src/core/prompt/placedBlock';
import { openingAt } from '../../../../src/core/record/excluded';
import type { Entry } from '../../../../src/core/record/record';
import { anyPath, asked, blobs, file, opus, PathMaker, toolUse } from './paths';

/** A summary stands before the turn that it keeps word for word, with what was told of the context before that. */
function asSent(path: readonly Entry[]): readonly Entry[] {
  const order = [...path];
  for (const one of path) {
    if (one.kind !== 'compaction' || one.keeps === undefined) continue;
    const [own, kept] = [order.indexOf(one), order.findIndex(({ id }) => id === one.keeps)];
    if (kept >= 0 && kept < own) order.splice(openingAt(order, kept), 0, ...order.splice(own, 1));
  }
  return order;
}

describe('The messages of any record', () => {
  it('say of each block which entry it comes from, in the order of the path, changes in a result included', () => {
    const ofKind = { text: ['user', 'assistant', 'change', 'toolResult', 'compaction', 'unreadable'] };
    fc.assert(
      fc.property(anyPath, (any) => {
        const path = asked(any);
        const order = asSent(path);
        let before = 0;
        for (const { role, blocks } of messagesOf(path, modelOf(opus))) {
          for (const { block, entry, attached } of walk(blocks)) {
            assert.ok(entry !== null);
            // Of a change behind a snapshot only what was undone is told: it is the same entry with less in it.
            const at = order.findIndex(({ id }) => id === entry.id);
            assert.ok(at >= before, `${entry.kind} ${at} comes behind ${before}`);
            before = at;
            assert.equal(role === 'assistant', entry.kind === 'assistant');
            assert.equal(block.type === 'tool_result', entry.kind === 'toolResult' && block.type !== 'text');
            if (block.type === 'text') {
              assert.ok(ofKind.text.includes(entry.kind));
              assert.equal(block.text.startsWith('<news>'), entry.kind === 'change');
            }
            if (block.type === 'image')
              assert.ok(entry.kind === 'user' && attached && entry.content.includes(attached));
          }
        }
      }),
    );
  });

  it('are the same with what is remembered of requests before, of longer paths, of other tools and of another model', () => {
    const ofModels = [opus, 'claude-opus-5-5'].map(modelOf);
    fc.assert(
      fc.property(anyPath, (any) => {
        const path = asked(any);
        const memo = new Memo();
        for (const length of [path.length - 1, path.length, Math.floor(path.length / 2), path.length]) {
          for (const model of ofModels) {
            for (const tools of ['[]', '[{}]']) {
              const input = { path: path.slice(0, length), model, blobs, tools };
              const { messages, digest, intact } = buildMessages({ ...input, memo });
              const anew = buildMessages({ ...input, memo: new Memo() });
              assert.deepEqual([messages, digest, intact], [anew.messages, anew.digest, anew.intact]);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('tell a change inside a result apart from it: its size is that of files', () => {
    const before = file('a.ts', 'const a = 1;\n'.repeat(40));
    const change = fileChange(before, file('a.ts', 'const a = 2;\n'.repeat(40)));
    const maker = new PathMaker()
      .snapshot(before)
      .user('Why?')
      .assistant([toolUse('x')])
      .result('x', 'It is so.');
    const { entries } = maker.change(change);
    const blocks = messagesOf(entries, modelOf(opus)).flatMap((message) => message.blocks);
    assert.deepEqual(
      [...walk(blocks)].map(({ entry }) => entry?.kind),
      ['user', 'assistant', 'toolResult', 'toolResult', 'change'],
    );
    const { files, history } = blocksBreakdown(blocks, modelOf(opus));
    assert.deepEqual(files, measureBlock(changesText([change])));
    assert.equal(history.blocks, 5);
  });
});
