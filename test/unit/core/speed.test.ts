/** Long conversations: what is done for each request and each keystroke grows no faster than the record. */
import assert from 'node:assert/strict';
import { fileChange, seenContext } from '../../../src/core/context';
import type { Entry } from '../../../src/core/record';
import { stateOf } from '../../../src/core/transcript';
import { file, PathMaker, requestOf, text, thinking, toolUse } from './paths';

/** Turns of five or six entries: in every second one the file has changed. */
function longPath(entries: number): readonly Entry[] {
  const maker = new PathMaker();
  const lines = Array.from({ length: 60 }, (_, index) => `const value${index} = ${index};\n`);
  maker.snapshot(file('a.ts', lines.join('')));
  for (let turn = 0; maker.entries.length < entries; turn += 1) {
    const before = file('a.ts', lines.join(''));
    lines[turn % 60] = `const value${turn % 60} = 'edit ${turn}';\n`;
    if (turn % 2 === 0) maker.change(fileChange(before, file('a.ts', lines.join(''))));
    else lines[turn % 60] = before.text.split('\n')[turn % 60]?.concat('\n') ?? '';
    maker.user(`Question ${turn}`);
    maker.assistant([thinking('Hm.'), text('I look.'), toolUse(`t${turn}`)]).result(`t${turn}`, 'result '.repeat(100));
    maker.assistant([text('Answer. '.repeat(60))]).end();
  }
  return maker.entries;
}

/** The median of some runs, in ms. */
function median(run: () => unknown): number {
  const times = Array.from({ length: 9 }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
  return times.sort((a, b) => a - b)[4] ?? 0;
}

describe('A conversation of thousands of entries', () => {
  let small: readonly Entry[] = [];
  let large: readonly Entry[] = [];

  before(() => {
    small = longPath(3_000);
    large = longPath(6_000);
  });

  for (const [name, run] of [
    ['the next request', (path: readonly Entry[]) => requestOf(path)],
    ['what the model has seen', (path: readonly Entry[]) => seenContext(path)],
  ] as const) {
    it(`needs for ${name} time that grows with its length and no faster`, () => {
      median(() => run(small));
      const [half, whole] = [median(() => run(small)), median(() => run(large))];
      // Linear is 2, quadratic 4; a few milliseconds are within the noise of a busy machine.
      assert.ok(whole <= half * 3.2 + 3, `${half.toFixed(2)} ms, then ${whole.toFixed(2)} ms`);
      assert.ok(whole < 500, `${whole.toFixed(2)} ms`);
    });
  }

  it('is shown in a moment', () => {
    const ms = median(() => stateOf('c', '', large));
    assert.ok(ms < 500, `${ms.toFixed(2)} ms`);
  });
});
