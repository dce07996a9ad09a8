/** What of a record's shape is a branch that can be gone to. */
import assert from 'node:assert/strict';
import { branchesOf, type LeftEntry } from '../../../../src/core/record/branches';
import type { Entry } from '../../../../src/core/record/record';

const node = (id: string, parent: string | null, kind: string): LeftEntry => ({ id, parent, kind, at: Number(id) });
const path = (...nodes: readonly LeftEntry[]): readonly Entry[] =>
  nodes.map((one) => ({ ...one, content: [] }) as unknown as Entry);

describe('A branch', () => {
  const asked = node('1', null, 'user');
  const looked = node('2', '1', 'assistant');
  const found = node('3', '2', 'toolResult');
  const stopped = node('4', '3', 'end');

  it('is not the place where a turn was stopped, while it goes on from there and when it has gone on', () => {
    const begun = path(asked, looked, found);
    assert.deepEqual(branchesOf(begun, [stopped]), []);
    assert.deepEqual(branchesOf([...begun, ...path(node('5', '3', 'assistant'))], [stopped]), []);
  });

  it('is an answer that was asked for again from its question on, once the other has begun', () => {
    const left = [looked, found, stopped];
    const both = { item: 'answer/1', at: 2, of: 2, previous: '4', next: null };
    assert.deepEqual(branchesOf(path(asked), left), [both]);
    assert.deepEqual(branchesOf(path(asked, node('5', '1', 'assistant')), left), [both]);
  });
});
