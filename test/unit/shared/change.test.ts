/** How one state of a conversation becomes another one: what stays is not told again. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stateOf } from '../../../src/core/transcript/transcript';
import { boundedChange, changeOf, fits } from '../../../src/shared/change';
import { type ChatEvent, type ChatState, targetKey } from '../../../src/shared/chat';
import { reduce } from '../../../src/shared/reduce';
import { earlierThan, itemKey, tailOf } from '../../../src/shared/tail';
import { answer, chat, text, tool, user } from '../../panel/chats';
import { anyPath } from '../core/prompt/paths';

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** What a view that had been given the newest turns, and so many steps more, has after the event; null: it needs a snapshot. */
function seen(before: ChatState, event: Extract<ChatEvent, { type: 'items' }>, steps: number): ChatState | null {
  let view = tailOf(before);
  for (let n = 0; n < steps && view.above.items > 0; n += 1) {
    const step = earlierThan(before, itemKey(view.items[0]), null);
    assert.ok(step !== null);
    view = { ...view, items: [...step.items, ...view.items], above: step.above };
  }
  return fits(view, event) ? plain(reduce(view, plain(event))) : null;
}

describe('A change of a whole conversation', () => {
  it('leads each view to what the host has, whatever the view had been given', () => {
    const path = fc.array(anyPath, { minLength: 1, maxLength: 8 });
    let unfit = 0;
    fc.assert(
      fc.property(
        path,
        path,
        fc.nat({ max: 8 }),
        fc.nat({ max: 3 }),
        fc.boolean(),
        (one, other, shared, steps, cut) => {
          // Both begin with the same, as paths of one conversation do.
          const of = (paths: typeof one, mark: string): ChatState => {
            const states = [
              ...one.slice(0, shared).map((each) => [each, ''] as const),
              ...paths.slice(shared).map((each) => [each, mark] as const),
            ];
            const parts = states.map(([each, own], n) =>
              stateOf(`${n}`, '', each).items.map((item) => ({ ...item, id: `${n}${own}-${item.id}` })),
            );
            const items = parts.flat();
            return chat(cut && mark !== '' ? items.slice(0, -1) : items, { usd: items.length, title: mark });
          };
          const [before, after] = [of(one, ''), of(other, 'x')];
          const change = changeOf(before, after);
          assert.ok(change !== null);
          assert.deepEqual(plain(change.state), plain(after));
          assert.deepEqual(plain(reduce(before, change.event)), plain(after));
          const view = seen(before, boundedChange(change.event, change.state), steps);
          if (view === null) unfit += 1;
          else
            assert.deepEqual(view, plain({ ...after, above: view.above, items: after.items.slice(view.above.items) }));
        },
      ),
    );
    assert.ok(unfit < 50, `${unfit} of 100 views needed a snapshot`);
  });

  it('is none where nothing is other, and all that is the same stays the same object', () => {
    const before = chat([user('u1', 'Why?'), answer('u1', [text('a', 'So.')])]);
    assert.equal(changeOf(before, plain(before)), null);
    const after = { ...plain(before), items: [...plain(before.items), user('u2', 'And?')] };
    const change = changeOf(before, after);
    assert.deepEqual([change?.event.kept, change?.event.parts, change?.event.state], [2, 0, {}]);
    assert.equal(change?.state.items[0], before.items[0]);
    const out = targetKey({ what: 'turn', entry: 'u1', index: 0 });
    const fields = changeOf(before, { ...before, excluded: [out], usd: null })?.event;
    assert.deepEqual([fields?.items, fields?.state], [[], { usd: null, excluded: [out] }]);
  });

  it('of an answer that goes on has its new parts only (L75)', () => {
    const before = chat([user('u1', 'Why?'), answer('u1', [tool('t1', {}), tool('t2', { status: 'running' })])]);
    const after = chat([user('u1', 'Why?'), answer('u1', [tool('t1', {}), tool('t2', {}), text('a', 'So.')])]);
    const event = changeOf(before, after)?.event;
    assert.deepEqual(event?.items, [answer('u1', [tool('t2', {}), text('a', 'So.')])]);
    assert.deepEqual([event?.kept, event?.parts], [1, 1]);
    assert.ok(
      event !== undefined && !fits(chat([user('u1', 'Why?')]), event),
      'a view without the answer needs all of it',
    );
  });

  it('has the newest turns only where a view is given no more at once', () => {
    const turns = (mark: string) =>
      Array.from({ length: 100 }, (_, n) => [
        user(`${mark}${n}`, 'Why?'),
        answer(`${mark}${n}`, [text('a', 'So.')]),
      ]).flat();
    const [before, after] = [chat([user('q', 'Q'), ...turns('a')]), chat([user('q', 'Q'), ...turns('b')])];
    const change = changeOf(before, after);
    assert.ok(change !== null && change.event.items.length === 200);
    const event = boundedChange(change.event, change.state);
    assert.deepEqual([event.items.length, event.kept, event.above.items], [24, null, 177]);
    assert.deepEqual(seen(before, event, 9)?.items, event.items);
    assert.ok(!fits(tailOf(before), change.event), 'what is to stay stands above the view');
  });
});
