/** What a turn is taken to be before there are turns to go by is what the tasks of the bench take. */
import assert from 'node:assert/strict';
import { priorAnswer, turnPrior } from '../../../src/core/cost/turnPrior';
import { editTasks } from '../../bench/tasks/editTasks';
import { type Look, playByTools } from '../../bench/tasks/play';
import { tasks } from '../../bench/tasks/tasks';

/** A share of what is measured. */
const tolerance = 0.2;

describe('A turn before there are turns to go by', () => {
  it('has the steps of the tasks that are played, and what they add to a request', async function () {
    this.timeout(60_000);
    const looks: Look[] = [];
    for (const task of [...tasks, ...editTasks]) {
      const look = await playByTools(task, null);
      assert.ok(look.suffices, task.question);
      looks.push(look);
    }
    const sum = (of: (look: Look) => number): number => looks.reduce((total, look) => total + of(look), 0);
    const steps = sum((look) => look.steps);
    assert.equal(turnPrior.steps, Math.round(steps / looks.length), `${steps / looks.length} steps`);
    const measured = sum((look) => look.tokens) / steps;
    assert.ok(Math.abs(turnPrior.stepTokens / measured - 1) < tolerance, `${measured} tokens a step`);
  });

  it('is priced with its steps: each reads what was sent before it, and writes what the last one added', () => {
    const { steps, stepTokens, output } = turnPrior;
    const price = { input: 5, read: 0.5, write5m: 6.25, write1h: 10, output: 25 };
    const first = { tokens: 10_000, kept: true, hasTools: true };
    let [usd, tokens] = [0, 0];
    for (let step = 0; step < steps; step += 1) {
      const before = first.tokens + step * stepTokens;
      usd += (before * price.read + stepTokens * price.write5m) / 1e6;
      tokens += before + stepTokens;
    }
    const kept = priorAnswer(first, price);
    assert.deepEqual([kept.output, kept.stepsTokens], [output, tokens]);
    assert.ok(steps > 0 && Math.abs((kept.stepsUsd ?? 0) - usd) < 1e-12);
    const uncached = priorAnswer({ ...first, kept: false }, price);
    assert.ok(Math.abs((uncached.stepsUsd ?? 0) - (tokens * price.input) / 1e6) < 1e-12);
    assert.equal(priorAnswer(first, null).stepsUsd, null);
    assert.deepEqual(priorAnswer({ ...first, hasTools: false }, price), { output, stepsUsd: 0, stepsTokens: 0 });
  });
});
