/** A long record is replayed in one go: what that takes grows with it, and not faster. */
import assert from 'node:assert/strict';
import { eventsOf, replayStart, stateOf } from '../../../../src/core/transcript/transcript';
import { emptyChat } from '../../../../src/shared/chat';
import { reduce, reduceAll } from '../../../../src/shared/reduce';
import { elementsVisited, longPath } from '../longPaths';

describe('The replay of a record', () => {
  it('goes through four times as much for four times the turns (L19)', () => {
    const [short, long] = [longPath(250), longPath(1000)];
    const visited = (path: typeof short): number => elementsVisited(() => void stateOf('c', '', path));
    assert.ok(visited(long) <= 4.2 * visited(short), `${visited(short)} and ${visited(long)}`);
    // Of each entry no more than a few: the list of what is shown is as long as the conversation.
    assert.ok(visited(long) <= 30 * long.length, `${visited(long)} of ${long.length} entries`);
  });

  it('leads where event after event leads, and leaves the states before as they were', () => {
    const cursor = replayStart();
    const events = longPath(5).flatMap((entry) => eventsOf(entry, cursor));
    const half = events.slice(0, 20).reduce((state, event) => reduce(state, event), emptyChat('c'));
    const before = JSON.stringify(half);
    const rest = events.slice(20);
    const whole = rest.reduce((state, event) => reduce(state, event), half);
    assert.deepEqual(reduceAll(half, rest), whole);
    assert.equal(JSON.stringify(half), before);
  });
});
