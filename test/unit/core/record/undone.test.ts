/** What the model is told of what the user did to files by the panel. */
import assert from 'node:assert/strict';
import { carriedOver, lastSaid } from '../../../../src/core/record/excluded';
import type { NewEntry } from '../../../../src/core/record/record';
import { untoldEdits } from '../../../../src/core/record/undone';
import { toldEdit } from '../../../../src/core/tools/edits/versions';
import { type PathMaker, sentMessages, text, toolUse } from '../prompt/paths';
import { Kept, turnOf } from './editKit';

describe('What the user undid', () => {
  const undone = [toldEdit('a.ts', 'A\n', 'a\n')];

  function decided(): { readonly maker: PathMaker; readonly turn: string; readonly decision: NewEntry } {
    const { maker, turn } = turnOf(new Kept().edit('a.ts', 'a\n', 'A\n'));
    maker.assistant([text('Done.')]).end();
    return { maker, turn, decision: { kind: 'edits', turn, files: [], undone } };
  }

  it('is told once, whatever was decided since', () => {
    const { maker, decision } = decided();
    maker.add(decision);
    maker.add(decision);
    assert.equal(lastSaid(maker.entries)?.kind, 'end');
    const changes = untoldEdits(maker.entries);
    assert.equal(changes.length, 2);
    maker.change(...changes);
    maker.user('And now?');
    assert.deepEqual(untoldEdits(maker.entries), []);
    const told = sentMessages(maker.entries)
      .at(-1)
      ?.content.map((block) => (block.type === 'text' ? block.text : ''));
    assert.equal(told?.length, 2);
    assert.match(
      told?.[0] ?? '',
      /^<news>\nThe user undid these of your edits.*\n<undone path="a\.ts">\n@@.*\n-A\n\+a\n<\/undone>\n<undone/,
    );
    assert.equal(told?.[1], 'And now?');
    // A fresh snapshot does not say it.
    maker.assistant([text('I see.')]).end();
    const before = sentMessages(maker.entries);
    maker.snapshot();
    assert.deepEqual(sentMessages(maker.entries), before);
    maker.add(decision);
    assert.equal(untoldEdits(maker.entries).length, 1);
  });

  it('is told with no more lines than there is room for in one message, and of the rest that it was undone', () => {
    const { maker, turn } = decided();
    const told = (path: string, size: number) => ({ path, patch: 'x'.repeat(size) });
    maker.add({ kind: 'edits', turn, files: [], undone: [told('a', 8000), told('b', 8000), told('c', 8000)] });
    maker.add({
      kind: 'edits',
      turn,
      files: [],
      undone: [told('d', 7000)],
      applied: [told('e', 1001), told('f', 1000)],
    });
    assert.deepEqual(
      untoldEdits(maker.entries).map((one) => 'patch' in one && [one.change, one.path, one.patch.length]),
      [
        ['undone', 'a', 8000],
        ['undone', 'b', 8000],
        ['undone', 'c', 8000],
        ['undone', 'd', 7000],
        ['applied', 'e', 0],
        ['applied', 'f', 1000],
      ],
    );
  });

  it('is not told of a turn that is left out', () => {
    const { maker, turn, decision } = decided();
    maker.add(decision);
    maker.leaveOut('turn', turn);
    assert.deepEqual(untoldEdits(maker.entries), []);
  });

  it('changes nothing that was sent, and stands in nobody’s way within a step', () => {
    const [plain, other] = [decided(), decided()];
    for (const { maker } of [plain, other]) maker.user('Look.').assistant([toolUse('toolu_look')]);
    other.maker.add(other.decision);
    for (const { maker } of [plain, other]) maker.result('toolu_look');
    assert.deepEqual(sentMessages(other.maker.entries), sentMessages(plain.maker.entries));
  });

  it('stays with its turn when that or a later one is asked again, and goes with its turn', () => {
    const { maker, turn, decision } = decided();
    const asked = maker.user('And now?').last();
    maker.assistant([text('So.')]).end();
    maker.add(decision);
    assert.deepEqual(carriedOver(maker.entries, asked), [decision]);
    assert.deepEqual(
      carriedOver(maker.entries, turn),
      [{ kind: 'edits', turn, files: [] }],
      'the model knows of neither',
    );
    assert.deepEqual(carriedOver(maker.entries, null), []);
    maker.add({ kind: 'edits', turn, files: [], applied: undone, call: 'block/1' });
    assert.deepEqual(
      carriedOver(maker.entries, turn),
      [{ kind: 'edits', turn, files: [] }],
      'nor what was applied of an answer that is gone',
    );
  });
});
