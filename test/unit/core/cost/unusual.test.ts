/** When a pause is given as the reason of an unusual cost. */
import assert from 'node:assert/strict';
import { costlyPause, medianOf } from '../../../../src/core/cost/unusual';
import { PathMaker, text } from '../prompt/paths';

const path = new PathMaker().user('Why?').assistant([text('Because.')]).entries;
const answered = path.findLast(({ kind }) => kind === 'assistant')?.at;
const cold = { askUsd: 0.1, answerUsd: 0.04, cache: { kind: 'cold' } } as const;

describe('A reason for what the next message costs', () => {
  it('is the pause, where the cost is above three times the usual one and above $0.10', () => {
    assert.equal(costlyPause(cold, 0.046, path), answered);
    assert.equal(costlyPause(cold, 0.047, path), null);
    assert.equal(costlyPause({ ...cold, askUsd: 0.06 }, 0.001, path), null);
  });

  it('is not given for what no pause has made dear, or what is not known', () => {
    assert.equal(costlyPause({ ...cold, cache: { kind: 'none' } }, 0.01, path), null);
    assert.equal(costlyPause({ ...cold, cache: { kind: 'warm', until: 1 } }, 0.01, path), null);
    assert.equal(costlyPause({ ...cold, askUsd: null }, 0.01, path), null);
    assert.equal(costlyPause(cold, null, path), null);
    assert.equal(costlyPause(cold, 0.01, []), null);
  });

  it('takes the middle one of the turns, whatever their order', () => {
    assert.deepEqual([medianOf([]), medianOf([3]), medianOf([9, 1, 2])], [null, 3, 2]);
  });
});
