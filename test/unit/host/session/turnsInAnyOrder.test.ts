/** Turns that changed the same file are undone in any order: what is left of them all is what was there before them. */
import assert from 'node:assert/strict';
import { Refused } from '../../../../src/host/base/refused';
import { ReviewDesk } from './reviewDesk';

const lines = (...own: readonly string[]): string => own.map((line) => `${line}\n`).join('');
const first = lines('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j');

/** Turn `t` leaves `second` in a file that was `first`, and turn `u` leaves `third`; null for no file. */
function desk(first: string | null, second: string | null, third: string | null): ReviewDesk {
  const made = new ReviewDesk();
  made.edited('a.ts', first, second, 't');
  made.edited('a.ts', second, third, 'u');
  return made;
}

async function undoAll(made: ReviewDesk): Promise<string | null> {
  await made.decide(null, null, false, 't');
  await made.decide(null, null, false, 'u');
  return made.text('a.ts');
}

describe('An undo of a turn before another one', () => {
  it('leaves the later one nothing of it to bring back: a file that it made and the later one deleted', async () => {
    const made = desk(null, 'new\n', null);
    await made.decide(null, null, false, 't');
    assert.deepEqual([made.file('a.ts', 'u').open, made.text('a.ts')], [0, null]);
    await assert.rejects(made.decide('a.ts', null, false, 'u'), Refused);
    assert.equal(made.text('a.ts'), null);
  });

  it('leaves nothing of a file that it made and the later one moved', async () => {
    const made = desk(null, 'new\n', 'new\n');
    const [uri, to] = ['file:///w/b.ts', 'b.ts'];
    const move = { kind: 'rename', uri, to, from: 'file:///w/a.ts', open: 1 } as const;
    made.path = made.path.map((one) =>
      one.turn === 'u' ? { ...one, files: one.files.map((file) => ({ ...file, ...move })) } : one,
    );
    await made.restoring.move('file:///w/a.ts', uri);
    await made.decide(null, null, false, 't');
    assert.deepEqual([made.file('b.ts', 'u').kind, made.file('b.ts', 'u').from], ['create', undefined]);
    await made.decide(null, null, false, 'u');
    assert.deepEqual([made.text('a.ts'), made.text('b.ts')], [null, null]);
  });

  it('brings back what was there before both where the later one took its lines away, or wrote over them', async () => {
    const added = first.replace('c\n', 'c\nmodel one\nmodel two\n');
    assert.equal(await undoAll(desk(first, added, first)), first, 'took them away');
    assert.equal(await undoAll(desk(first, added, `${first}more\n`)), first, 'and added some');
    const second = first.replace('b', 'B').replace('i', 'I');
    const made = desk(first, second, second.replace('B', 'BB'));
    await assert.rejects(made.decide('a.ts', null, false, 't'), Refused);
    assert.equal(made.text('a.ts'), first.replace('b', 'BB'));
    assert.deepEqual((await made.hunks('a.ts', 'u'))[0]?.lines.slice(1, 3), ['-b', '+BB']);
    await made.decide('a.ts', null, false, 'u');
    assert.equal(made.text('a.ts'), first);
  });

  for (const keep of [false, true]) {
    it(`of one hunk alone decides no line that the later one wrote over, ${keep ? 'kept' : 'undone'}`, async () => {
      const second = first.replace('b', 'B').replace('f', 'F').replace('i', 'I');
      const made = desk(first, second, second.replace('B', 'BB').replace('F', 'FF'));
      const shown = async (turn: string) =>
        (await made.hunks('a.ts', turn)).map(({ lines, changedSince = false }) => [
          ...lines.filter((line) => !line.startsWith(' ')),
          changedSince,
        ]);
      const overwritten = ['-b', '+BB', true];
      const other = ['-f', '+FF', true];
      assert.deepEqual(await shown('t'), [overwritten, other, ['-i', '+I', false]]);
      const last = (await made.hunks('a.ts', 't'))[2]?.id ?? '';
      await made.decide('a.ts', last, keep, 't');
      assert.deepEqual(await shown('t'), [overwritten, other]);
      const { open, added, removed } = made.file('a.ts', 't');
      assert.deepEqual([open, added, removed], keep ? [2, 2, 2] : [2, 1, 1]);
      // One of them is kept as it has become: that is decided with the turn that wrote over it.
      await made.decide('a.ts', (await made.hunks('a.ts', 't'))[1]?.id ?? '', true, 't');
      assert.deepEqual(await shown('t'), [overwritten]);
      assert.deepEqual(await shown('u'), [
        ['-B', '+BB', false],
        ['-F', '+FF', false],
      ]);
      await made.decide('a.ts', null, false, 'u');
      const left = keep ? first.replace('i', 'I') : first;
      assert.equal(made.text('a.ts'), left.replace('b', 'B').replace('f', 'F'));
      assert.deepEqual(await shown('t'), [['-b', '+B', false]]);
      await made.decide('a.ts', (await made.hunks('a.ts', 't'))[0]?.id ?? '', false, 't');
      assert.equal(made.text('a.ts'), left.replace('f', 'F'));
    });
  }

  it('goes into a later one that has handed its rename on to it, which says where the file is', async () => {
    for (const isTaken of [false, true]) {
      const made = new ReviewDesk();
      made.edited('b.ts', first, first.replace('b', 'B'), 't');
      made.edited('b.ts', first, first.replace('b', 'B'), 'u');
      const move = { kind: 'rename', to: 'b.ts', from: 'file:///w/a.ts' } as const;
      made.path = made.path.map((one) => ({ ...one, files: one.files.map((file) => ({ ...file, ...move })) }));
      const handedOn = { open: 0, handedOn: true, base: made.keep(first.replace('b', 'B')) } as const;
      made.path = made.path.map((one) =>
        one.turn === 'u' ? { ...one, files: one.files.map((file) => ({ ...file, ...handedOn })) } : one,
      );
      if (isTaken) made.files.set('file:///w/a.ts', Buffer.from('taken\n'));
      await made.decide(null, null, false, 't').catch(() => assert.ok(isTaken));
      const { kind, from, open, current } = made.file(isTaken ? 'b.ts' : 'a.ts', 'u');
      assert.deepEqual([kind, from], isTaken ? ['rename', 'file:///w/a.ts'] : ['edit', undefined]);
      assert.deepEqual([open, current], [0, made.keep(first)]);
    }
  });

  it('goes into a later one of which all was kept, which says what the file is', async () => {
    const second = first.replace('b', 'B').replace('i', 'I');
    const made = desk(first, second, second.replace('I', 'II'));
    await made.decide(null, null, true, 'u');
    await assert.rejects(made.decide(null, null, false, 't'), Refused);
    assert.equal(made.text('a.ts'), first.replace('i', 'II'));
    const { open, base, current, undone } = made.file('a.ts', 'u');
    assert.deepEqual([open, base, current, undone], [0, current, made.keep(first.replace('i', 'II')), false]);
  });

  it('leaves what somebody else wrote in between, and what the user kept', async () => {
    const second = first.replace('b', 'B').replace('i', 'I');
    const theirs = second.replace('B', 'theirs').replace('e', 'E');
    const made = new ReviewDesk();
    made.edited('a.ts', first, second, 't');
    made.edited('a.ts', theirs, theirs.replace('g', 'G'), 'u');
    await assert.rejects(made.decide('a.ts', null, false, 't'), Refused);
    await made.decide('a.ts', null, false, 'u');
    assert.equal(made.text('a.ts'), theirs.replace('I', 'i'));
    const other = desk(first, second, second.replace('I', 'II'));
    const [hunk] = await other.hunks('a.ts', 't');
    await other.decide('a.ts', hunk?.id ?? '', true, 't');
    await other.decide('a.ts', null, false, 'u');
    assert.equal(other.text('a.ts'), second);
  });
});
