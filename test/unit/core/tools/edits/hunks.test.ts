/** Hunks of a file: shown, kept, undone; and changes of others that are carried through. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { carried } from '../../../../../src/core/tools/edits/carry';
import {
  changedCounts,
  kept,
  proposedHunks,
  reviewHunks,
  touchesChanges,
  undone,
  unifiedDiff,
} from '../../../../../src/core/tools/edits/hunks';
import { changedLines, lineDiff } from '../../../../../src/core/tools/edits/lineChanges';

const numbered = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `line ${index + 1}`);
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** Lines with some of them other ones. */
function changed(lines: readonly string[], by: Readonly<Record<number, string>>): string {
  return text(lines.flatMap((line, index) => by[index + 1]?.split('\n').filter((one) => one !== '') ?? [line]));
}

const line = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', '', '}'), fc.constantFrom('\n', '\n', '\r\n'));
const file = fc
  .tuple(fc.array(line, { maxLength: 25 }), fc.constantFrom('', '', 'end'))
  .map(([lines, last]) => lines.map(([words, end]) => words + end).join('') + last);

describe('Hunks', () => {
  it('have the lines around them, apart from each other, with the lines that they begin at', () => {
    const before = text(numbered(20));
    const after = changed(numbered(20), { 3: 'three', 5: 'five', 9: 'nine\nnine and a half', 18: '' });
    const hunks = reviewHunks(before, after);
    assert.deepEqual(
      hunks.map(({ oldStart, newStart, lines }) => [oldStart, newStart, lines]),
      [
        [1, 1, [' line 1', ' line 2', '-line 3', '+three', ' line 4', '-line 5', '+five', ' line 6', ' line 7']],
        [8, 8, [' line 8', '-line 9', '+nine', '+nine and a half', ' line 10', ' line 11']],
        [16, 17, [' line 16', ' line 17', '-line 18', ' line 19', ' line 20']],
      ],
    );
    assert.deepEqual(changedCounts(before, after), { added: 4, removed: 4 });
    assert.deepEqual(changedLines(lineDiff(before, after)), { first: 3, last: 18 });
    assert.equal(new Set(hunks.map(({ id }) => id)).size, 3);
  });

  it('show hidden characters, what has changed of line ends, and not all of long lines (L36, L37)', () => {
    assert.deepEqual(reviewHunks('a\nb', 'a\u200b\nb\n')[0]?.lines, ['-a', '-b', '+a\\u{200b}', '+b␊']);
    assert.deepEqual(reviewHunks('a\n', 'a\r\n')[0]?.lines, ['-a␊', '+a␍␊']);
    const long = reviewHunks('', `${'x'.repeat(100_000)}\n${'y\n'.repeat(10_000)}`)[0];
    assert.ok(long !== undefined && long.lines.length + (long.cut ?? 0) === 10_001);
    assert.ok(long.lines.join('').length < 2_000);
  });

  it('are the first three and twelve lines on a card', () => {
    const before = text(numbered(100));
    const few = proposedHunks(before, changed(numbered(100), { 10: 'x', 30: 'y' }));
    assert.deepEqual([few.added, few.removed, few.moreHunks], [2, 2, 0]);
    assert.equal(few.hunks.length, 2);
    const by = Object.fromEntries([1, 10, 20, 30, 40, 50].map((at) => [at, `changed ${at}`]));
    const many = proposedHunks(before, changed(numbered(100), by));
    assert.ok(many.hunks.length <= 3 && many.hunks.length + many.moreHunks === 6);
    assert.ok(many.hunks.flatMap(({ lines }) => lines).length <= 12);
    assert.ok(many.hunks.every(({ lines }) => lines.some((line) => !line.startsWith(' '))));
    const large = proposedHunks('', text(numbered(100)));
    assert.deepEqual([large.hunks[0]?.lines.length, large.hunks[0]?.cut], [12, 88]);
  });

  it('keep their ids while others are undone or kept', () => {
    const base = text(numbered(40));
    const current = changed(numbered(40), { 3: 'same', 12: 'same\nmore', 22: '', 35: 'same' });
    const ids = reviewHunks(base, current).map(({ id }) => id);
    assert.equal(ids.length, 4);
    const [first = '', second = '', third = '', fourth = ''] = ids;
    const now = undone(base, current, [second]).text;
    assert.deepEqual(
      reviewHunks(base, now).map(({ id }) => id),
      [first, third, fourth],
    );
    const rest = kept(base, now, [first]).text;
    assert.deepEqual(
      reviewHunks(rest, now).map(({ id }) => id),
      [third, fourth],
    );
    const { text: after, count, left } = undone(rest, now, [second, third]);
    assert.deepEqual([after, count, left], [changed(numbered(40), { 3: 'same', 35: 'same' }), 1, [second]]);
  });

  it('come to the base when they are undone in any order, and to the file when they are kept', () => {
    fc.assert(
      fc.property(file, file, fc.array(fc.tuple(fc.boolean(), fc.nat()), { maxLength: 30 }), (base, current, order) => {
        let now = current;
        for (const [, at] of [...order, ...new Array<[boolean, number]>(30).fill([true, 0])]) {
          const hunks = reviewHunks(base, now);
          const hunk = hunks[at % Math.max(1, hunks.length)];
          if (hunk === undefined) break;
          const { text: next, count, left } = undone(base, now, [hunk.id]);
          assert.deepEqual([count, left], [1, []]);
          now = next;
        }
        assert.equal(now, base);
        assert.equal(undone(base, current, 'all').text, base);
        let own = base;
        for (const [, at] of [...order, ...new Array<[boolean, number]>(30).fill([true, 0])]) {
          const hunks = reviewHunks(own, current);
          const hunk = hunks[at % Math.max(1, hunks.length)];
          if (hunk === undefined) break;
          own = kept(own, current, [hunk.id]).text;
        }
        assert.equal(own, current);
        assert.equal(kept(base, current, 'all').text, current);
      }),
      { numRuns: 400 },
    );
  });

  it('are one where two files have little in common, in bounded time', () => {
    const [before, after] = [numbered(30_000), numbered(30_000).map((one) => `${one}!`)];
    const started = performance.now();
    const hunks = reviewHunks(text(before), text(after));
    assert.ok(performance.now() - started < 5_000);
    assert.equal(hunks.length, 1);
    assert.equal(undone(text(before), text(after), 'all').text, text(before));
  });

  it('are told to the model as a unified diff', () => {
    assert.equal(unifiedDiff('a\nb\nc\n', 'a\nx\nc\n'), '@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n');
  });

  it('touch what is not saved only where it was changed', () => {
    const saved = text(numbered(10));
    const open = changed(numbered(10), { 4: 'four', 8: '' });
    const isTouching = (from: string, to: string) => touchesChanges(saved, open, open.replace(from, to));
    assert.deepEqual(
      [
        isTouching('four', '4'),
        isTouching('line 6', 'six'),
        isTouching('line 7\n', 'seven\n'),
        isTouching('line 1\n', ''),
      ],
      [true, false, true, false],
    );
    assert.equal(touchesChanges(saved, saved, open), false);
  });
});

describe('Changes of others', () => {
  const lines = numbered(20);

  it('are carried into the base where the turn changed nothing', () => {
    const before = changed(lines, { 3: 'model', 10: 'model\nmodel' });
    const after = before.replace('line 6\n', 'user\nuser\n').replace('line 20\n', '');
    const { base, overlaps } = carried(text(lines), before, after);
    assert.equal(base, changed(lines, { 6: 'user\nuser', 20: '' }));
    assert.deepEqual(overlaps, []);
    assert.equal(undone(base, after, 'all').text, base);
  });

  it('have a line once that the model took away and somebody has put back', () => {
    for (const [base, left] of [
      ['a\nb\nc\n', 'a\nc\n'],
      ['a\nb\n', 'a\n'],
      ['b\na\n', 'a\n'],
    ] as const) {
      assert.deepEqual(carried(base, left, base), { base, overlaps: [] });
      const theirs = `${base}theirs\n`;
      assert.equal(carried(base, left, theirs).base.split('b\n').length, 2);
    }
    assert.equal(carried('a\nb\nc\n', 'a\nc\n', 'a\ntheirs\nc\n').base, 'a\nb\ntheirs\nc\n');
    // With a line that they changed right before or behind it, as when an editor that was not saved is reverted.
    for (const [base, left, now] of [
      ['typed\nb\nc\n', 'typed\nc\n', 'b\nc\n'],
      ['a\nb\ntyped\nc\n', 'a\ntyped\nc\n', 'a\nb\nc\n'],
      ['typed\nb\r\nc\n', 'typed\nc\n', 'b\nc\n'],
      // Among more of theirs, as where another window has the file without what was typed in this one.
      ['typed\none line\nc\n', 'typed\nc\n', 'one line\ntheirs\nc\n'],
      ['a\none line\ntwo lines\nc\n', 'a\nc\n', 'a\none line\ntheirs\ntwo lines\nc\n'],
    ] as const)
      assert.deepEqual(carried(base, left, now), { base: now, overlaps: [] });
    assert.equal(carried('a\nb\nc\n', 'x\nc\n', 'x\nb\nc\n').base, 'a\nb\nc\n');
    // Some of them, without what was typed right before or behind, as another window has the file.
    const put = 'one line\ntwo lines\nthree lines\n';
    const some = 'two lines\nthree lines\nc\n';
    assert.deepEqual(carried(`typed\n${put}c\n`, 'typed\nc\n', some), { base: `${put}c\n`, overlaps: [] });
    assert.deepEqual(carried(`${put}typed\nc\n`, 'typed\nc\n', some), { base: `${put}c\n`, overlaps: [] });
    // Some of them and others: they cannot be told apart, so that they are not undone.
    const [mixed, both] = ['new\ntwo lines\nthree lines\nc\n', `typed\n${put}c\n`];
    const { base: own, overlaps } = carried(both, 'typed\nc\n', mixed);
    assert.equal(undone(own, mixed, 'all', overlaps).text, mixed);
    const three = 'a\none line\ntwo lines\nthree lines\nc\n';
    assert.equal(carried(three, 'a\nc\n', 'a\ntwo lines\nc\n').base, three);
    // A bracket says not whose it is.
    assert.equal(carried('f\n}\nc\n', 'f\nc\n', 'f {\n}\nx\nc\n').base, 'f {\n}\nx\n}\nc\n');
  });

  it('leave a blank line or a bracket of somebody else where it is, beside a line that the turn changed', () => {
    for (const [base, left, now, back] of [
      ['a\nz\n', 'b\nz\n', 'b\n\nz\n', 'a\n\nz\n'],
      ['if (x) {}\nz\n', 'b\nz\n', 'b\n}\nz\n', 'if (x) {}\n}\nz\n'],
      ['x {\n}\nz\n', 'b\nz\n', 'b\n}\nz\n', 'x {\n}\n}\nz\n'],
      // What the turn took away comes back, whatever was changed above it since.
      ['a\n\nb\n', 'a\nb\n', 'A\nb\n', 'A\n\nb\n'],
      ['a\nsame\nb\n', 'a\nb\n', 'not the same\nb\n', 'not the same\nsame\nb\n'],
    ] as const)
      assert.deepEqual(carried(base, left, now), { base: back, overlaps: [] });
  });

  it('stay in the file where both changed the same lines, which cannot be undone but kept', () => {
    const before = changed(lines, { 3: 'model', 10: 'model ten' });
    const after = before.replace('model ten', 'model and user ten').replace('line 15', 'user');
    const { base, overlaps } = carried(text(lines), before, after);
    assert.equal(base, changed(lines, { 15: 'user' }));
    const place = { oldStart: 9, oldEnd: 10, newStart: 9, newEnd: 10 };
    assert.deepEqual(overlaps, [{ ...place, beforeStart: 9, beforeEnd: 10 }]);
    const hunks = reviewHunks(base, after, overlaps);
    assert.deepEqual(
      hunks.map(({ changedSince }) => changedSince),
      [undefined, true],
    );
    const ids = hunks.map(({ id }) => id);
    const back = undone(base, after, 'all', overlaps);
    assert.equal(back.text, changed(lines, { 10: 'model and user ten', 15: 'user' }));
    assert.deepEqual(back.left, ids.slice(1));
    assert.equal(
      kept(base, after, ids.slice(1), overlaps).text,
      changed(lines, { 10: 'model and user ten', 15: 'user' }),
    );
  });

  it('in the same lines are apart from all else: no line of theirs stands twice after an undo, or is lost', () => {
    // An editor made all line ends the same, and the only line that is the same in both stands in two places.
    const [base, before] = ['a\nkeep\r\nb\n}\nc\nlast\r\nd\n}\n', 'A\nkeep\r\nB\r\nlast\r\nD\n}\n'];
    const after = 'A\nkeep\ntyped\nB\nlast\nD\n}\n';
    const { base: own, overlaps } = carried(base, before, after);
    assert.deepEqual(
      reviewHunks(own, after, overlaps).map(({ changedSince }) => changedSince === true),
      [false, true, false],
    );
    assert.equal(undone(own, after, 'all', overlaps).text, 'a\nkeep\ntyped\nB\nlast\nd\n}\n');
  });

  it('in lines beside those of the turn let each be undone by itself', () => {
    const [base, before, after] = ['a\nb\nc\nd\n', 'A\nb\nC\nd\n', 'A\nb\nCC\nd\n'];
    const { base: own, overlaps } = carried(base, before, after);
    const [first] = reviewHunks(own, after, overlaps);
    assert.deepEqual(undone(own, after, [first?.id ?? ''], overlaps).text, 'a\nb\nCC\nd\n');
  });

  it('keep their ids, and leave those of hunks right beside them, while one or the other is decided', () => {
    const [base, before, after] = ['a\nb\nc\nd\n', 'A\nb\nC\nd\n', 'A\nb\nCC\nd\n'];
    const { base: own, overlaps } = carried(base, before, after);
    const idsOf = (base: string, current: string, since = overlaps): readonly string[] =>
      reviewHunks(base, current, since).map(({ id }) => id);
    const [model = '', theirs = ''] = idsOf(own, after);
    assert.deepEqual(idsOf(own, undone(own, after, [model], overlaps).text), [theirs]);
    assert.deepEqual(idsOf(kept(own, after, [model], overlaps).text, after), [theirs]);
    assert.deepEqual(idsOf(kept(own, after, [theirs], overlaps).text, after, []), [model]);
  });

  it('that take back what the turn did leave nothing to undo', () => {
    const before = changed(lines, { 10: 'model' });
    assert.deepEqual(carried(text(lines), before, text(lines)), { base: text(lines), overlaps: [] });
  });

  it('do not join lines at the end of a file', () => {
    const { base } = carried('a\nz', 'a\n', 'a\nn\n');
    assert.ok(base.includes('n\n') && base.includes('z') && !base.includes('zn'));
  });

  it('are never lost, whatever the turn did and whatever is undone', () => {
    // Every line is its own, so that it can be told whose it is.
    const turn = fc.array(fc.constantFrom('stay', 'stay', 'change', 'delete', 'insert'), {
      minLength: 20,
      maxLength: 20,
    });
    const theirs = fc.array(fc.constantFrom('stay', 'stay', 'stay', 'change', 'insert', 'delete'), { maxLength: 60 });
    fc.assert(
      fc.property(turn, theirs, fc.array(fc.nat(), { maxLength: 6 }), (own, others, order) => {
        const base = text(lines);
        const before = text(
          lines.flatMap((one, index) => {
            const act = own[index] ?? 'stay';
            if (act === 'delete') return [];
            return act === 'change' ? [`model ${index}`] : act === 'insert' ? [one, `model after ${index}`] : [one];
          }),
        );
        const now = before.split('\n').slice(0, -1);
        const after = text(
          now.flatMap((one, index) => {
            const act = others[index] ?? 'stay';
            if (act === 'delete') return [];
            return act === 'change' ? [`user ${index}`] : act === 'insert' ? [one, `user after ${index}`] : [one];
          }),
        );
        const gone = now.filter((one, index) => others[index] === 'delete' && one.startsWith('line'));
        const users = after.split('\n').filter((one) => one.startsWith('user'));
        const carry = carried(base, before, after);
        let [rest, current, since] = [carry.base, after, carry.overlaps];
        for (const at of order) {
          const hunks = reviewHunks(rest, current, since);
          const [theirs, ours] = [hunks.filter((one) => one.changedSince), hunks.filter((one) => !one.changedSince)];
          const hunk = ours[at % Math.max(1, ours.length)];
          if (hunk === undefined) break;
          const next = undone(rest, current, [hunk.id], since);
          assert.deepEqual([next.count, next.left], [1, []]);
          const ids = theirs.map(({ id }) => id);
          [rest, current, since] = [kept(rest, current, ids, since).text, next.text, []];
        }
        const all = undone(rest, current, 'all', since).text;
        for (const result of [current, all]) {
          const left = result.split('\n');
          for (const one of users) assert.ok(left.includes(one), `${one} is lost`);
          for (const one of gone) assert.ok(!left.includes(one), `${one} is back`);
        }
        if (carry.overlaps.length === 0) {
          assert.equal(all, carry.base);
          assert.ok(!/model/.test(all));
        }
      }),
      { numRuns: 500 },
    );
  });
});
