/** The edits of one step: planned one on the other, asked about together, made in their order. */
import assert from 'node:assert/strict';
import type { Tool } from '../../../../src/core/tools/tool';
import { ToolError } from '../../../../src/core/tools/workspace';
import { ReviewWay } from '../../../../src/core/turn/reviewWay';
import type { WriteConcern } from '../../../../src/shared/approval';
import { Slow, Step } from './callsKit';
import { ManualClock, settle } from './turnKit';

const ways: Readonly<Record<string, readonly WriteConcern[]>> = { '.envrc': ['runsCode'] };

/** An edit tool that waits. `needs`: a file that has to be changed before it can be planned. */
function editor(needs: Readonly<Record<string, string>> = {}): Slow {
  const changes: Partial<Tool> = {
    name: 'edit_file',
    readOnly: false,
    writes: async (input) => {
      const { path } = input as { readonly path: string };
      const before = needs[path];
      if (before !== undefined && !slow.finished.has(before)) throw new ToolError(`${path} has no such text.`);
      return {
        files: [{ uri: `file:///w/${path}`, path, why: ways[path] ?? [] }],
        proposed: { kind: 'edit', path, added: 1, removed: 0, hunks: [], moreHunks: 0 },
      };
    },
  };
  const slow = new Slow(changes);
  return slow;
}

const yes = { allow: true, span: 'once' } as const;

describe('The edits of a step', () => {
  it('are asked about together, and made in their order whatever is answered first', async () => {
    const edit = editor();
    const step = new Step(
      [edit.tool],
      [
        ['edit_file', 'a.ts'],
        ['edit_file', 'b.ts'],
        ['edit_file', 'c.ts'],
      ],
    );
    await settle();
    assert.equal(step.approvals.calls.waiting, 3);
    for (const index of [2, 1]) step.approvals.calls.answer(`e2:${index}`, yes);
    await settle();
    assert.deepEqual(edit.started, [], 'the first is not answered yet');
    step.approvals.calls.answer('e2:0', yes);
    await settle();
    assert.deepEqual(edit.started, ['a.ts']);
    for (const path of ['a.ts', 'b.ts', 'c.ts']) {
      edit.finish(path);
      await settle();
    }
    await step.done;
    assert.deepEqual(edit.started, ['a.ts', 'b.ts', 'c.ts']);
  });

  it('go on without one that is rejected', async () => {
    const edit = editor();
    const step = new Step(
      [edit.tool],
      [
        ['edit_file', 'a.ts'],
        ['edit_file', 'b.ts'],
      ],
    );
    await settle();
    step.approvals.calls.answer('e2:1', yes);
    step.approvals.calls.answer('e2:0', { allow: false, reason: 'Not that one.' });
    await settle();
    assert.deepEqual(edit.started, ['b.ts']);
    edit.finish('b.ts');
    await step.done;
    assert.match(step.result(0)?.content ?? '', /Not that one\./);
  });

  it('are planned anew behind the one before where they cannot be planned at once', async () => {
    const edit = editor({ 'b.ts': 'a.ts' });
    const step = new Step(
      [edit.tool],
      [
        ['edit_file', 'a.ts'],
        ['edit_file', 'b.ts'],
      ],
    );
    await settle();
    assert.equal(step.approvals.calls.waiting, 1);
    step.approvals.calls.answer('e2:0', yes);
    await settle();
    edit.finish('a.ts');
    await settle();
    step.approvals.calls.answer('e2:1', yes);
    await settle();
    edit.finish('b.ts');
    await step.done;
    assert.equal(step.result(1)?.isError, false);
  });

  it('have their result when they are stopped while they are being written', async () => {
    const edit = editor();
    const step = new Step([edit.tool], [['edit_file', 'a.ts']]);
    await settle();
    step.approvals.calls.answer('e2:0', yes);
    await settle();
    step.abort.abort();
    await settle();
    edit.finish('a.ts');
    await step.done;
    assert.equal(step.result(0)?.isError, false, step.result(0)?.content);
  });

  it('are not waited for any longer where writing does not end', async () => {
    const edit = editor();
    const step = new Step([edit.tool], [['edit_file', 'a.ts']]);
    await settle();
    step.approvals.calls.answer('e2:0', yes);
    await settle();
    step.abort.abort();
    await settle();
    await step.clock.advance(10_000);
    await step.done;
    assert.match(step.result(0)?.content ?? '', /stopped/);
  });

  it('ask nobody when they cannot be made', async () => {
    const edit = editor({ 'a.ts': 'never.ts' });
    const step = new Step([edit.tool], [['edit_file', 'a.ts']]);
    await step.done;
    assert.equal(step.statuses(0).includes('asks'), false);
    assert.match(step.result(0)?.content ?? '', /has no such text/);
  });

  it('go on when all are to be reviewed at the end, but for those that ask each time', async () => {
    const edit = editor();
    const step = new Step(
      [edit.tool],
      [
        ['edit_file', 'a.ts'],
        ['edit_file', '.envrc'],
        ['edit_file', 'b.ts'],
      ],
    );
    await settle();
    step.approvals.calls.review(true);
    await settle();
    assert.equal(step.approvals.calls.waiting, 1);
    edit.finish('a.ts');
    await settle();
    assert.deepEqual(edit.started, ['a.ts']);
    step.approvals.calls.answer('e2:1', { allow: false, reason: '' });
    await settle();
    edit.finish('b.ts');
    await step.done;
    assert.deepEqual(edit.started, ['a.ts', 'b.ts']);
  });
});

describe('The way of review', () => {
  it('asks first, and again after 12 hours, which is told', async () => {
    const clock = new ManualClock();
    const way = new ReviewWay(clock);
    let told = 0;
    way.onDidChange(() => {
      told += 1;
    });
    assert.equal(way.isAtEnd, false);
    way.choose(true);
    await clock.advance(12 * 3_600_000 - 1);
    assert.deepEqual([way.isAtEnd, told], [true, 1]);
    await clock.advance(1);
    assert.deepEqual([way.isAtEnd, told], [false, 2]);
    way.choose(true);
    way.choose(false);
    assert.deepEqual([way.isAtEnd, told], [false, 4]);
    way.choose(true);
    way.close();
    assert.equal(clock.waiting, 0);
  });
});
