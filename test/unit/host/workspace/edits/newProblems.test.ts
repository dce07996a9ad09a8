/** Problems that a change has made are told with it, and no others. */
import assert from 'node:assert/strict';
import { createProblemWatch } from '../../../../../src/host/workspace/edits/newProblems';
import type { LanguageFacts } from '../../../../../src/host/workspace/language/facts';
import { never } from '../../../workspace/tempWorkspace';

const times = { before: 60, after: 120, quiet: 100, silent: 10, settle: 5 };
const uri = 'file:///a.ts';

const problem = (message: string, line = 0, severity = 0): unknown => ({
  severity,
  message,
  source: 'ts',
  code: 7,
  range: { start: { line, character: 0 }, end: { line, character: 1 } },
});

class Service {
  problems: readonly unknown[] = [];
  readonly listeners = new Set<(uris: readonly string[]) => void>();
  shown = true;
  language = 'typescript';
  loads = 0;

  report(...problems: readonly unknown[]): void {
    this.problems = problems;
    for (const listener of this.listeners) listener([uri]);
  }

  readonly watch = createProblemWatch(
    {
      ask: async () => [],
      reported: () => [[uri, this.problems]],
      onReported: (listener) => {
        this.listeners.add(listener);
        return { dispose: () => this.listeners.delete(listener) };
      },
      isOpen: () => this.shown,
      load: async () => {
        this.loads += 1;
        return this.language;
      },
      textOf: async () => null,
      placeOf: () => '',
    } satisfies LanguageFacts,
    times,
  );

  /** What is told of a change after which the service reports these; null: nothing. */
  async change(...problems: readonly unknown[]): Promise<readonly string[] | null> {
    const watched = await this.watch.before(uri, never);
    if (problems.length > 0) setTimeout(() => this.report(...problems.filter((one) => one !== 'none')), 10);
    const told = await watched.after(never);
    watched.dispose();
    assert.equal(this.listeners.size, 0);
    return told;
  }
}

describe('Problems that a change has made', () => {
  it('are those that were not there before, wherever these stand now', async () => {
    const service = new Service();
    service.problems = [problem('old', 3), problem('twice', 4)];
    assert.deepEqual(
      await service.change(problem('old', 9), problem('twice', 1), problem('twice', 2), problem('new', 5)),
      ['line 3: error: twice (ts 7)', 'line 6: error: new (ts 7)'],
    );
    assert.deepEqual(await service.change('none'), []);
  });

  it('are errors and warnings, the worst first, a few of them', async () => {
    const service = new Service();
    const told = await service.change(
      problem('warned', 0, 1),
      problem('a hint', 1, 3),
      ...Array.from({ length: 12 }, (_, at) => problem(`wrong ${at}\nmore`, at + 2)),
    );
    assert.equal(told?.length, 11);
    assert.match(told?.[0] ?? '', /^line 3: error: wrong 0 more/);
    assert.match(told?.at(-1) ?? '', /^3 more/);
  });

  it('are not known where no service answers, which is waited for once', async () => {
    const service = new Service();
    service.shown = false;
    const started = performance.now();
    assert.equal(await service.change(), null);
    const first = performance.now() - started;
    // One of them may be held up by other work.
    const others: number[] = [];
    for (let at = 0; at < 3; at += 1) {
      const since = performance.now();
      assert.equal(await service.change(), null);
      others.push(performance.now() - since);
    }
    assert.ok(first > 150 && Math.min(...others) < first, 'those behind it are not waited for as long');
    assert.deepEqual(await service.change(problem('new')), ['line 1: error: new (ts 7)'], 'until it answers after all');
    service.language = 'plaintext';
    service.problems = [];
    assert.equal(await service.change(), null);
  });

  it('are none where a service that has answered says nothing of it', async () => {
    const service = new Service();
    assert.equal(await service.change(), null);
    assert.deepEqual(await service.change(problem('one')), ['line 1: error: one (ts 7)']);
    assert.deepEqual(await service.change(), []);
  });

  it('are all those of a file that was just made', async () => {
    const service = new Service();
    service.shown = false;
    const watched = await service.watch.ofNew(uri, never);
    service.report(problem('one'));
    assert.deepEqual(await watched.after(never), ['line 1: error: one (ts 7)']);
    watched.dispose();
  });

  it('are not waited for any longer when it is stopped', async () => {
    const service = new Service();
    const watched = await service.watch.before(uri, never);
    await assert.rejects(watched.after(AbortSignal.abort(new Error('stopped'))), /stopped/);
    watched.dispose();
  });
});
