/** The tools of a step: reads side by side, writes one at a time, each call answered whatever happens. */
import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import { ConversationLog } from '../../../../src/core/record/conversationLog';
import type { ToolResultEntry } from '../../../../src/core/record/record';
import type { Tool, ToolOutput } from '../../../../src/core/tools/tool';
import { toolStrings } from '../../../../src/core/tools/words/strings';
import { ToolError, type ToolPorts } from '../../../../src/core/tools/workspace';
import { runTools } from '../../../../src/core/turn/toolStep';
import type { ChatEvent } from '../../../../src/shared/chat';
import { PathMaker, toolUse } from '../prompt/paths';
import { memoryApprovals } from './approvalsKit';
import { countingIds, ManualClock, MemoryStore, settle } from './turnKit';

/** A tool that waits until the test lets it go, call by call. */
class Held {
  readonly started: string[] = [];
  readonly signals: AbortSignal[] = [];
  private readonly open = new Map<string, (output: ToolOutput) => void>();
  private readonly broken = new Map<string, (error: unknown) => void>();

  constructor(
    readonly name: string,
    readonly readOnly: boolean,
  ) {}

  get tool(): Tool {
    const tool: Tool<{ readonly path: string }> = {
      name: this.name,
      description: 'Does something.',
      schema: z.strictObject({ path: z.string() }),
      readOnly: this.readOnly,
      writes: async ({ path }) => ({
        files: [{ uri: path, path, why: [] }],
        proposed: { kind: 'edit', path, added: 1, removed: 0, hunks: [], moreHunks: 0 },
      }),
      describe: ({ path }) => ({
        asked: { text: 'To read {0}', args: [path] },
        running: { text: 'Reading {0}', args: [path] },
        done: { text: 'Read {0}', args: [path] },
      }),
      run: ({ path }, _ports, signal) => {
        this.started.push(path);
        this.signals.push(signal);
        return new Promise((resolve, reject) => {
          this.open.set(path, resolve);
          this.broken.set(path, reject);
        });
      },
    };
    return tool as unknown as Tool;
  }

  finish(path: string): void {
    this.open.get(path)?.({ content: `text of ${path}`, summary: toolStrings.lines(1) });
  }

  fail(path: string, error: unknown): void {
    this.broken.get(path)?.(error);
  }
}

class Step {
  readonly events: ChatEvent[] = [];
  readonly store = new MemoryStore();
  readonly clock = new ManualClock();
  readonly log: ConversationLog;
  readonly logged: string[] = [];
  readonly abort = new AbortController();
  readonly done: Promise<void>;

  constructor(tools: readonly Tool[], calls: readonly (readonly [string, string, unknown])[]) {
    const content = calls.map(([id, name, input]) => toolUse(id, input, name));
    const path = new PathMaker().user('Why?').assistant(content).entries;
    this.log = new ConversationLog('c', path, {
      store: this.store.port,
      clock: new ManualClock(),
      ids: countingIds(),
    });
    const note = (message: string): void => {
      this.logged.push(message);
    };
    const input = {
      log: this.log,
      conversation: 'c',
      clock: this.clock,
      // What is written here is looked at afterwards.
      approvals: memoryApprovals({ reviewAtEnd: true }),
      diagnostics: { info: note, warn: note, error: note },
      tools,
      ports: {} as ToolPorts,
      answer: 'e1',
      entry: 'e2',
      content,
      broken: new Map(),
    };
    this.done = this.run(input);
  }

  private async run(input: Parameters<typeof runTools>[0]): Promise<void> {
    for await (const event of runTools(input, this.abort.signal)) this.events.push(event);
  }

  results(): readonly ToolResultEntry[] {
    return this.log.path.filter((entry) => entry.kind === 'toolResult');
  }

  statuses(key: string): readonly string[] {
    return this.events.flatMap((event) => (event.type === 'tool' && event.key === key ? [event.status] : []));
  }
}

describe('The tools of a step', () => {
  it('that read run side by side, and each result is stored as it lands', async () => {
    const read = new Held('read_file', true);
    const step = new Step(
      [read.tool],
      ['a', 'b', 'c'].map((path) => [`t${path}`, 'read_file', { path }] as const),
    );
    await settle();
    assert.deepEqual(read.started, ['a', 'b', 'c'], 'all have started before any has ended');
    read.finish('b');
    await settle();
    assert.deepEqual(
      step.results().map((entry) => entry.toolUseId),
      ['tb'],
    );
    assert.deepEqual(step.store.entries, step.results());
    read.finish('a');
    read.finish('c');
    await step.done;
    assert.deepEqual(
      step.results().map((entry) => entry.toolUseId),
      ['tb', 'ta', 'tc'],
    );
    assert.deepEqual(step.statuses('e2:0'), ['running', 'done']);
  });

  it('that write run one at a time, in their order, beside the reads', async () => {
    const read = new Held('read_file', true);
    const write = new Held('edit_file', false);
    const step = new Step(
      [read.tool, write.tool],
      [
        ['t1', 'edit_file', { path: 'one' }],
        ['t2', 'read_file', { path: 'r' }],
        ['t3', 'edit_file', { path: 'two' }],
      ],
    );
    await settle();
    assert.deepEqual([write.started, read.started], [['one'], ['r']]);
    write.finish('one');
    await settle();
    assert.deepEqual(write.started, ['one', 'two']);
    write.finish('two');
    read.finish('r');
    await step.done;
    assert.equal(step.results().length, 3);
  });

  it('that write do not begin before the result of the one before is stored', async () => {
    const write = new Held('edit_file', false);
    const step = new Step(
      [write.tool],
      ['one', 'two'].map((path) => [`t${path}`, 'edit_file', { path }] as const),
    );
    await settle();
    let release = (): void => undefined;
    step.store.gate = new Promise((resolve) => {
      release = resolve;
    });
    write.finish('one');
    await settle();
    assert.deepEqual(write.started, ['one']);
    release();
    await settle();
    assert.deepEqual(write.started, ['one', 'two']);
    write.finish('two');
    await step.done;
  });

  it('are answered at once when the user stops, however long they take themselves', async () => {
    const read = new Held('read_file', true);
    const write = new Held('edit_file', false);
    const step = new Step(
      [read.tool, write.tool],
      [
        ['t1', 'read_file', { path: 'done' }],
        ['t2', 'read_file', { path: 'stuck' }],
        ['t3', 'edit_file', { path: 'stuck' }],
        ['t4', 'edit_file', { path: 'never' }],
      ],
    );
    await settle();
    read.finish('done');
    await settle();
    step.abort.abort('stopped');
    for (let turn = 0; turn < 10; turn += 1) await settle();
    assert.equal(step.results().find(({ toolUseId }) => toolUseId === 't2')?.cancelled, true, 'at once');
    // What may be written just now is waited for, for a while.
    await step.clock.advance(10_000);
    await step.done;
    const results = new Map(step.results().map((entry) => [entry.toolUseId, entry]));
    assert.equal(results.get('t1')?.isError, false);
    for (const id of ['t2', 't3', 't4']) {
      assert.equal(results.get(id)?.isError, true, id);
      assert.equal(results.get(id)?.cancelled, true, id);
    }
    assert.deepEqual(write.started, ['stuck'], 'what had not begun does not begin');
    assert.ok(read.signals.every((signal) => signal.aborted));
    assert.deepEqual(step.statuses('e2:1'), ['running', 'cancelled']);
    assert.deepEqual(step.statuses('e2:3'), ['cancelled']);
    const stored = step.results().length;
    read.finish('stuck');
    write.finish('stuck');
    await settle();
    assert.equal(step.results().length, stored, 'what comes later is not taken');
  });

  it('that fail tell the model why, and the others go on', async () => {
    const read = new Held('read_file', true);
    const step = new Step(
      [read.tool],
      ['a', 'b', 'c'].map((path) => [`t${path}`, 'read_file', { path }] as const),
    );
    await settle();
    read.fail('a', new ToolError('There is no file a. Try find_files.'));
    read.fail('b', new TypeError('oops'));
    read.finish('c');
    await step.done;
    const [a, b, c] = ['ta', 'tb', 'tc'].map((id) => step.results().find((entry) => entry.toolUseId === id));
    assert.deepEqual([a?.content, a?.isError], ['There is no file a. Try find_files.', true]);
    assert.deepEqual([b?.content, b?.isError], ['read_file failed: oops', true]);
    assert.deepEqual([c?.content, c?.isError], ['text of c', false]);
    assert.deepEqual(step.statuses('e2:0'), ['running', 'failed']);
    assert.deepEqual(
      [a, b, c].map((entry) => entry?.label.text),
      ['To read {0}', 'To read {0}', 'Read {0}'],
    );
    assert.deepEqual(step.logged, ['tool read_file failed'], 'only what nobody foresaw is logged');
  });

  it('that there are not, or whose input is wrong, are answered without running', async () => {
    const read = new Held('read_file', true);
    const step = new Step(
      [read.tool],
      [
        ['t1', 'launch_rocket', {}],
        ['t2', 'read_file', { file: 'a.ts' }],
        ['t3', 'read_file', 'a.ts'],
        ['t4', 'read_file', {}],
      ],
    );
    await step.done;
    assert.deepEqual(read.started, []);
    const contents = step.results().map((entry) => entry.content);
    assert.match(contents[0] ?? '', /no tool named launch_rocket/);
    assert.match(contents[1] ?? '', /read_file is not valid[\s\S]*"file"/);
    assert.match(contents[3] ?? '', /"path" is missing/);
    assert.ok(step.results().every((entry) => entry.isError && !entry.cancelled));
  });

  it('that cannot say what they do are answered all the same', async () => {
    const mute: Tool = {
      ...new Held('read_file', true).tool,
      describe: () => {
        throw new Error('no words');
      },
    };
    const step = new Step([mute], [['t1', 'read_file', { path: 'a' }]]);
    await step.done;
    assert.deepEqual(step.results()[0]?.content, 'no words');
  });

  it('are all waited for when the disk refuses one result: none comes in behind the end of the turn', async () => {
    const read = new Held('read_file', true);
    const step = new Step(
      [read.tool],
      ['a', 'b'].map((path) => [`t${path}`, 'read_file', { path }] as const),
    );
    let over = false;
    const rejected = assert.rejects(step.done, /disk full/).then(() => {
      over = true;
    });
    await settle();
    step.store.failNext = new Error('disk full');
    read.finish('a');
    await settle();
    assert.equal(over, false);
    read.finish('b');
    await rejected;
    // Nothing is written behind what could be kept nowhere: it would stand in its place.
    assert.deepEqual(step.results(), []);
  });

  it('are no tools where there is no call', async () => {
    const step = new Step([], []);
    await step.done;
    assert.deepEqual([step.events, step.results()], [[], []]);
  });
});
