/** Which turns a view is given at first, and with each step back. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stateOf } from '../../../src/core/transcript/transcript';
import type { ChatState, Item } from '../../../src/shared/chat';
import { earlierThan, itemKey, sentSize, tailOf, tailStart, turnStart } from '../../../src/shared/tail';
import { answer, chat, compaction, text, tool, user } from '../../panel/chats';
import { anyPath } from '../core/prompt/paths';

function turns(count: number, words = 'So.'): readonly Item[] {
  return Array.from({ length: count }, (_, n) => [user(`q${n}`, 'Why?'), answer(`q${n}`, [text('a', words)])]).flat();
}

const note = (id: string): Item => ({ type: 'context', id, at: 1, lines: [] });

/** All steps from the end to the beginning, each with what is above it. */
function stepsOf(state: ChatState): readonly Pick<ChatState, 'items' | 'above'>[] {
  const tail = tailOf(state);
  const steps: Pick<ChatState, 'items' | 'above'>[] = [tail];
  while ((steps[0]?.above.items ?? 0) > 0) {
    const step = earlierThan(state, itemKey(steps[0]?.items[0]), null);
    assert.ok(step !== null);
    steps.unshift(step);
  }
  return steps;
}

describe('The newest turns', () => {
  it('are some, however many there are, and what is above them is told (L75)', () => {
    const whole = chat(turns(1000, 'x'.repeat(100)));
    const tail = tailOf(whole);
    assert.equal(tail.items.length, 24);
    assert.deepEqual(tail.above, { items: 1976, size: 988 * 104 });
    assert.equal(tailOf(chat(turns(12))).items.length, 24);
    assert.deepEqual(tailOf(chat(turns(12))).above, { items: 0, size: 0 });
    assert.deepEqual(tailOf(chat([])), chat([]));
  });

  it('are fewer where they are long, and one however long it is', () => {
    assert.equal(tailOf(chat(turns(20, 'x'.repeat(60_000)))).items.length, 6);
    assert.equal(tailOf(chat(turns(20, 'x'.repeat(300_000)))).items.length, 2);
    const long = [...turns(3, 'x'.repeat(300_000)), ...turns(3)];
    assert.equal(tailOf(chat(long)).items.length, 6, 'what is beyond the bound is not begun');
  });

  it('are whole: with what was sent with the question, the summary before it, and what a button said', () => {
    const go = { ...user('c', 'Go on.'), auto: 'continue' } as const;
    const said = [
      ...turns(2),
      note('n1'),
      { ...compaction(), id: 's' } as const,
      note('n2'),
      user('u', 'Why?'),
      note('n3'),
      answer('u', [text('a', 'So')]),
      go,
      answer('c', [text('b', 'far.')]),
      note('n4'),
    ];
    const starts = said.map((_, at) => turnStart(said, at));
    assert.deepEqual(starts, [0, 0, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4, 4]);
    const lost = [...turns(1), answer('x', []), note('n'), answer('y', [])];
    assert.deepEqual(
      lost.map((_, at) => turnStart(lost, at)),
      [0, 0, 2, 3, 3],
      'an answer without its question is a turn',
    );
  });

  it('lead back to the beginning, step by step, without a gap and never through a turn', () => {
    fc.assert(
      fc.property(fc.array(anyPath, { minLength: 1, maxLength: 12 }), (paths) => {
        const parts = paths.map((path, n) =>
          stateOf(`${n}`, '', path).items.map((item) => ({ ...item, id: `${n}-${item.id}` })),
        );
        const whole = chat(parts.flat());
        const steps = stepsOf(whole);
        assert.deepEqual(
          steps.flatMap(({ items }) => items),
          whole.items,
        );
        for (const { above } of steps) {
          assert.equal(turnStart(whole.items, above.items), above.items);
          const size = whole.items.slice(0, above.items).reduce((sum, item) => sum + sentSize(item), 0);
          assert.equal(above.size, size);
        }
      }),
    );
  });

  it('go back to an item that is asked for, from the beginning of its turn', () => {
    const whole = chat(turns(200));
    const asked = (to: string | null) => earlierThan(whole, 'user/q150', to);
    assert.equal(asked('answer/q20')?.above.items, 40);
    assert.equal(asked('answer/q20')?.items.length, 260);
    for (const near of [null, 'user/q149', 'user/gone', 'user/q160']) assert.equal(asked(near)?.items.length, 24);
    assert.equal(earlierThan(whole, 'user/gone', null), null);
    assert.deepEqual(earlierThan(whole, 'user/q0', null), { items: [], above: { items: 0, size: 0 } });
  });

  it('are found in what is no item, too', () => {
    const odd = [null, ...turns(20), undefined, {}, ...turns(2)] as unknown as readonly Item[];
    assert.equal(typeof tailStart(odd), 'number');
    assert.equal(tailStart([null] as unknown as readonly Item[]), 0);
  });

  it('weigh what they are sent as: of a tool its whole output', () => {
    const parts = [
      tool('t', { input: '{}', output: 'begun', outputLength: 5000 }),
      tool('s', { input: '', output: null }),
    ];
    assert.equal(sentSize(answer('a', [...parts, text('x', 'four')])), 5006);
  });
});
