/** What is said of files on the branch that is gone to: what became of them on the one that is left. */
import assert from 'node:assert/strict';
import type { Entry, TurnFile } from '../../../../src/core/record/record';
import { turnEdits } from '../../../../src/core/record/turnEdits';
import { carriedTo } from '../../../../src/core/record/walk';
import { PathMaker, text } from '../prompt/paths';
import { Kept, turnOf, uriOf } from './editKit';

describe('Going from one branch to another', () => {
  it('says of a file that the branch that is left has made nothing of, that it is as it was', async () => {
    const kept = new Kept();
    const { maker, turn } = turnOf(kept.edit('n.txt', null, 'new\n'));
    const made = await turnEdits(maker.entries, turn, kept.versions);
    assert.ok(made);
    maker.add(made);
    const to = maker.entries;
    // The other branch was handed the new file, and has deleted it.
    const other = new PathMaker(2_000_000).user('Change another.');
    const asked = other.last();
    const carried = (files: readonly TurnFile[]) => other.add({ kind: 'edits', turn: asked, files });
    carried(made.files);
    other.assistant([text('It is gone.')]);
    carried([]);
    const snapshot = to[0] as Entry;
    const [news, ...others] = await carriedTo([snapshot, ...other.entries], to, kept.versions);
    assert.deepEqual(others, []);
    assert.ok(news?.kind === 'edits');
    const [file] = news.files;
    assert.deepEqual(
      [file?.open, file?.undone, file?.base, file?.current, file?.handedOn],
      [0, true, null, null, undefined],
    );
  });

  it('says of a file that has got its old name back on the branch that is left, that it is not renamed any more', async () => {
    const kept = new Kept();
    const { maker, turn } = turnOf(kept.rename('a.txt', 'n.txt', 'one\n'));
    const made = await turnEdits(maker.entries, turn, kept.versions);
    assert.ok(made);
    maker.add(made);
    const other = new PathMaker(2_000_000).user('Change another.');
    const asked = other.last();
    other.add({ kind: 'edits', turn: asked, files: made.files });
    const [{ from: _, to: __, ...file }] = made.files as [TurnFile];
    const back = { ...file, uri: uriOf('a.txt'), kind: 'edit', open: 0, undone: true } as const;
    other.add({ kind: 'edits', turn: asked, files: [back] });
    const [news] = await carriedTo([maker.entries[0] as Entry, ...other.entries], maker.entries, kept.versions);
    assert.ok(news?.kind === 'edits');
    assert.deepEqual(news.files, [{ ...back, base: back.current }]);
  });
});
