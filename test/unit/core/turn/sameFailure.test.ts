/** The same call that fails again and again pauses the turn, whatever kind of failure it is (L50). */
import assert from 'node:assert/strict';
import { sameFailure } from '../../../../src/core/turn/sameFailure';
import { PathMaker, toolUse } from '../prompt/paths';

interface Ended {
  readonly content: string;
  readonly isError?: boolean;
  readonly cancelled?: boolean;
}

/** Steps that each make one call. */
function path(steps: readonly (readonly [input: unknown, ended: Ended])[]) {
  const maker = new PathMaker().user('Why?');
  for (const [index, [input, { content, isError = true, cancelled = false }]] of steps.entries()) {
    maker.assistant([toolUse(`t${index}`, input)]).result(`t${index}`, content, isError);
    if (cancelled) {
      const last = maker.entries.at(-1);
      if (last?.kind === 'toolResult') Object.assign(last, { cancelled: true });
    }
  }
  return maker.entries;
}

const a = { path: 'a.ts', start_line: 1 };

describe('The same failing call', () => {
  it('pauses after three times (L50)', () => {
    const fails = [a, { content: 'There is no a.ts.' }] as const;
    assert.equal(sameFailure(path([fails, fails])), null);
    assert.deepEqual(sameFailure(path([fails, fails, fails])), { kind: 'sameFailure', tool: 'read_file', times: 3 });
  });

  it('is the same whatever its failure says, as servers number their errors (L50)', () => {
    const steps = [1, 2, 3].map((id) => [a, { content: `Request ${id} failed at 10:0${id}.` }] as const);
    assert.equal(sameFailure(path(steps))?.times, 3);
  });

  it('is the same when its time is over, or the user says no or stops it (L50)', () => {
    const steps = [
      [a, { content: 'read_file did not finish within 60 seconds.' }],
      [a, { content: 'The user did not allow this.', cancelled: true }],
      [a, { content: 'The user stopped this before it finished.', cancelled: true }],
    ] as const;
    assert.equal(sameFailure(path(steps))?.times, 3);
  });

  it('is the same in whatever order its fields stand (L50)', () => {
    const turned = { start_line: 1, path: 'a.ts' };
    const fails = { content: 'No.' };
    const steps = [
      [a, fails],
      [turned, fails],
      [a, fails],
    ] as const;
    assert.equal(sameFailure(path(steps))?.times, 3);
  });

  it('is another one with another input, and is counted anew once it succeeded', () => {
    const fails = { content: 'No.' };
    const others = [1, 2, 3].map((line) => [{ path: 'a.ts', start_line: line }, fails] as const);
    assert.equal(sameFailure(path(others)), null);
    const steps = [
      [a, fails],
      [a, fails],
      [a, { content: 'text', isError: false }],
      [a, fails],
      [a, fails],
    ] as const;
    assert.equal(sameFailure(path(steps)), null);
  });
});
