/** The simulation of the cost bench sends what the real controller sends, at the same moments, and is billed the same. */
import assert from 'node:assert/strict';
import { billsOf } from '../../bench/cost/bill';
import { ask, Dice, explain, files, pause, says } from '../../bench/cost/dice';
import { play } from '../../bench/cost/player';
import { simulate } from '../../bench/cost/simulate';
import { drawnNames, drawnTraces } from '../../bench/cost/someTraces';
import { tell } from '../../bench/cost/story';
import type { Trace, TraceEvent } from '../../bench/cost/trace';
import { profiles } from '../../fakeClaude/tokens';
import { cases } from '../../short';

const rule = { profile: profiles.middle, appendedImagesKeepCache: true };

/** The first of what happens, up to so many questions. */
function beginningOf(trace: Trace | undefined, questions: number): Trace {
  assert.ok(trace);
  const events: TraceEvent[] = [];
  let asked = 0;
  for (const event of trace.events) {
    if (event.do === 'send' || event.do === 'explain') asked += 1;
    if (asked > questions) break;
    events.push(event);
  }
  return { ...trace, events };
}

/** Byte for byte, as is what is shown before each message. Where each turn was asked. */
async function sameAsReal(trace: Trace): Promise<readonly number[]> {
  const played = await play(trace, { profile: 'middle', appendedImagesKeepCache: true });
  const simulated = await simulate(trace, rule);
  const start = simulated.requests[0]?.at ?? 0;
  assert.deepEqual(
    simulated.requests.map(({ at }) => at - start),
    played.times,
  );
  for (const [index, { body }] of simulated.requests.entries()) {
    assert.deepEqual(body, played.requests[index]?.body, `request ${index}`);
  }
  assert.ok(Math.abs(simulated.paid - played.paid) < 1e-6, `${simulated.paid} and ${played.paid}`);
  // What is shown before each message is what the real composer shows.
  const shown = simulated.turns.flatMap((turn) => (turn.shown === null ? [] : [turn.shown.rangeUsd]));
  for (const [index, asked] of played.asked.entries()) {
    for (const end of ['low', 'high'] as const) {
      const [real = -1, told = -2] = [asked.shown.rangeUsd?.[end], shown[index]?.[end]];
      assert.ok(Math.abs(real - told) < 1e-9, `message ${index}: ${told} for ${real}`);
    }
  }
  // What is told of its turns is what was billed.
  const usd = simulated.turns.reduce((sum, { inputUsd }) => sum + inputUsd, 0);
  assert.ok(Math.abs(usd - (simulated.paid * 5) / 1e6) < 1e-9);
  const again = trace.daysBefore === undefined ? billsOf(simulated.requests, rule) : null;
  if (again !== null) assert.ok(Math.abs(again.reduce((sum, bill) => sum + bill, 0) - simulated.paid) < 1e-6);
  assert.deepEqual(
    simulated.turns.map(({ conversation }) => conversation),
    played.conversations,
  );
  return played.conversations;
}

describe('A trace that is played in memory', () => {
  // Pictures, explained selections, new conversations · files that come and go, tools · days before · another effort.
  const traces = [
    ['h', cases(16, 10)],
    ['i', cases(7, 4)],
    ['d-week', 4],
    ['f', cases(30, 15)],
    ['j', 4],
  ] as const;
  for (const [name, questions] of traces) {
    it(`(${name}) sends the same bytes at the same moments as the real controller`, async () => {
      await sameAsReal(beginningOf(drawnTraces(name)[0], questions));
    });
  }

  it('explains a selection in a new chat, as the command does, where the open one has become dear', async () => {
    const dice = new Dice(1);
    const code = files(3, 2500, 3500, dice);
    const read = { seconds: 9, text: { prose: 90 }, calls: [{ read: { code: 9000 } }, { read: { code: 9000 } }] };
    const conversations = await sameAsReal({
      name: 'dear',
      about: 'a selection is explained after lunch',
      files: code,
      open: Object.keys(code),
      events: [
        ask(dice, [read, read, read, says(dice)]),
        pause(40),
        explain('src/file2.ts', dice),
        pause(4000),
        explain('src/file3.ts', dice),
        pause(40),
        ask(dice, [says(dice)]),
      ],
    });
    assert.deepEqual(conversations, [0, 0, 1, 1]);
  });

  it('is drawn anew each time, and the same ten each time', async () => {
    for (const name of drawnNames) {
      const traces = drawnTraces(name);
      assert.equal(new Set(traces.map((trace) => JSON.stringify(trace))).size, 10, name);
      assert.deepEqual(traces, drawnTraces(name));
    }
    const [, chats] = drawnTraces('h');
    assert.ok(chats !== undefined && (await tell(chats)).turns.at(-1)?.conversation === 13);
  });
});
