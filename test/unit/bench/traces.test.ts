/** The traces that the cost bench plays. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { someTraces } from '../../bench/cost/someTraces';
import { tell } from '../../bench/cost/story';
import { textOf } from '../../bench/cost/texts';
import { readTrace, type Trace } from '../../bench/cost/trace';
import { textOf as saidIn } from '../../fakeClaude/wire';
import { repoRoot } from '../../vscode/paths';

const folder = join(repoRoot(), 'test', 'bench', 'traces');
const stored = new Map(readdirSync(folder).map((file) => [file.replace('.json', ''), readTrace(join(folder, file))]));

function given(name: string): Trace {
  const trace = stored.get(name);
  assert.ok(trace, `there is no trace ${name}`);
  return trace;
}

const turnsOf = (trace: Trace) => trace.events.filter((event) => event.do === 'send' || event.do === 'explain');
const callsOf = (trace: Trace) => turnsOf(trace).flatMap(({ answer }) => answer.map(({ calls }) => calls?.length ?? 0));
const pausesOf = (trace: Trace) => trace.events.flatMap((event) => (event.do === 'pause' ? [event.seconds / 60] : []));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('The traces of the cost bench', () => {
  it('are those that makeTraces writes', () => {
    assert.deepEqual(
      [...stored].toSorted(([a], [b]) => (a < b ? -1 : 1)),
      someTraces()
        .map((trace) => [trace.name, trace])
        .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    );
  });

  it('are what was asked to be measured', async () => {
    const a = given('a');
    assert.equal(turnsOf(a).length, 20);
    assert.equal(a.open.length, 8);
    assert.equal(a.events.filter((event) => event.do === 'edit').length, 10);

    const b = callsOf(given('b'));
    assert.deepEqual([sum(b), Math.max(...b), turnsOf(given('b')).length], [60, 6, 1]);
    const results = (await tell(given('b'))).turns.flatMap(({ steps }) => steps.flatMap((step) => step.results));
    const sizes = results.map(({ content }) => Buffer.byteLength(saidIn(content)) / 1024);
    assert.ok(Math.min(...sizes) >= 1 && Math.max(...sizes) <= 30, `${Math.min(...sizes)} to ${Math.max(...sizes)}`);

    const c = given('c');
    const explained = c.events.flatMap((event) => (event.do === 'explain' ? [event.file] : []));
    assert.deepEqual([explained.length, new Set(explained).size], [12, 12]);
    const last = (await tell(c)).turns.at(-1)?.steps.at(-1);
    assert.ok((last?.at ?? 0) + (last?.seconds ?? 0) * 1000 <= 10 * 60_000);

    for (const name of ['d', 'd-week']) {
      assert.equal(turnsOf(given(name)).length, 15);
      assert.deepEqual(new Set(pausesOf(given(name))), new Set([4, 7, 12, 50]));
    }
    assert.equal(given('d').daysBefore, undefined);
    assert.equal(given('d-week').daysBefore, 5);

    const images = given('e').events.map((event) => (event.do === 'send' ? (event.images?.length ?? 0) : 0));
    assert.equal(sum(images), 25);

    const f = given('f');
    assert.equal(turnsOf(f).length, 80);
    const kinds = new Set(f.events.map((event) => event.do));
    assert.deepEqual([...kinds].toSorted(), [
      'close',
      'deselect',
      'edit',
      'effort',
      'explain',
      'newConversation',
      'open',
      'pause',
      'select',
      'send',
    ]);
    assert.ok(Math.max(...pausesOf(f)) > 60 && sum(callsOf(f)) > 30);

    const g = (await tell(given('g'))).turns;
    const each = [...Map.groupBy(g, ({ conversation }) => conversation).values()].map((turns) => turns.length);
    assert.deepEqual([each.length, new Set(each)], [10, new Set([1, 2])]);
  });

  it('tell the same story each time, with texts of about the sizes that they name', async () => {
    assert.deepEqual(await tell(given('a')), await tell(given('a')));
    for (const spec of [{ prose: 1000 }, { code: 1000 }, { cjk: 1000 }]) {
      const text = textOf(spec, 5);
      assert.equal(text, textOf(spec, 5));
      assert.notEqual(text, textOf(spec, 6));
      assert.equal(textOf({ ...spec, seed: 5 }, 1), textOf({ ...spec, seed: 5 }, 2));
      assert.ok(text.length >= 1000 && text.length < 1080, `${text.length} characters`);
    }
  });

  it('are refused with the name of the field that is wrong', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'prelude-trace-'));
    try {
      const file = join(scratch, 'x.json');
      writeFileSync(file, JSON.stringify({ ...given('g'), events: [{ do: 'pause', minutes: 3 }] }));
      assert.throws(
        () => readTrace(file),
        /x\.json is not a trace:.*"minutes"\n.*events\[0\]\n.*\n.*events\[0\]\.seconds/,
      );
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
});
