/** What a turn is taken to be before there are turns to go by is what the tasks of the bench take. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { effortLevels } from '../../../src/core/base/settings';
import { priorTurns, turnPrior } from '../../../src/core/cost/turnPrior';
import { editTasks } from '../../bench/tasks/editTasks';
import { type Look, playByTools } from '../../bench/tasks/play';
import { tasks } from '../../bench/tasks/tasks';
import { inAll } from '../../short';
import { recordedFolder } from '../fakeClaude/helpers';

/**
 * Tokens of output of answers that called tools, as the real API counted them: recordings of dd-trace-js (two),
 * llm-anthropic and ruby_llm (test/unit/fakeClaude/recorded says how they are read).
 */
const recordedCalls: readonly number[] = [97, 101, 92, 41];

/** The same as the recordings say it, where these are at hand; null where they are not. */
function readCalls(): readonly number[] | null {
  const folder = recordedFolder();
  if (folder === undefined) return null;
  const streams = readdirSync(folder).filter((name) => name.endsWith('.sse'));
  return streams.flatMap((name) => {
    const stream = readFileSync(join(folder, name), 'utf8');
    const output = [...stream.matchAll(/"output_tokens": ?(\d+)/g)].at(-1)?.[1];
    return /"stop_reason": ?"tool_use"/.test(stream) && output !== undefined ? [Number(output)] : [];
  });
}

/** A share of what is measured. */
const tolerance = 0.2;

describe('A turn before there are turns to go by', () => {
  inAll.it('has the steps of the tasks that are played, and what they add to a request', async function () {
    this.timeout(60_000);
    const looks: Look[] = [];
    for (const task of [...tasks, ...editTasks]) {
      const look = await playByTools(task, null);
      assert.ok(look.suffices, task.question);
      looks.push(look);
    }
    const sum = (of: (look: Look) => number): number => looks.reduce((total, look) => total + of(look), 0);
    const all = sum(({ steps }) => steps);
    const sorted = looks.map(({ steps }) => steps).toSorted((a, b) => a - b);
    assert.equal(turnPrior.usual.steps, Math.round(all / looks.length), `${all / looks.length} steps`);
    // Small tasks: a long turn takes no fewer than nine of ten of them.
    assert.ok(turnPrior.long.steps >= (sorted[Math.floor(0.9 * sorted.length)] ?? 0), sorted.join());
    const measured = sum(({ tokens }) => tokens) / all;
    assert.ok(Math.abs(turnPrior.stepTokens / measured - 1) < tolerance, `${measured} tokens a step`);
  });

  it('has steps that say what recorded calls of tools took', () => {
    assert.deepEqual((readCalls() ?? recordedCalls).toSorted(), recordedCalls.toSorted());
    const usual = recordedCalls.toSorted((a, b) => a - b);
    const [below = 0, above = 0] = [usual[1], usual[2]];
    assert.ok(Math.abs(turnPrior.stepOutput / ((below + above) / 2) - 1) < tolerance);
  });

  it('says less at a low effort and more at a high one', () => {
    const outputs = effortLevels.map((effort) => priorTurns('m', effort)[1]?.output ?? 0);
    assert.deepEqual(
      outputs.toSorted((a, b) => a - b),
      outputs,
    );
    assert.equal(new Set(outputs).size, outputs.length);
    assert.deepEqual(priorTurns('m', null), priorTurns('m', 'high'));
  });
});
