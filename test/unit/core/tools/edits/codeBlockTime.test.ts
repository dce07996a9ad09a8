/** A code block and a file, however long their lines are, and however many: placed in bounded time. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { blockApplied, isElision, replacementBetween } from '../../../../../src/core/tools/edits/codeBlock';
import { replaced } from '../../../../../src/core/tools/edits/replacing';

function made(file: string, block: string): string {
  const outcome = blockApplied(file, block, 'ts');
  return outcome.kind === 'change' ? outcome.text : outcome.kind;
}

describe('A code block of many or long lines', () => {
  it('is looked at in a moment, however long its lines are', () => {
    for (const mark of ['//', '/*']) {
      const started = performance.now();
      assert.ok(!isElision(`${mark} x${' '.repeat(50_000)}x`));
      assert.ok(performance.now() - started < 500, mark);
    }
  });

  it('has no place, and that in a moment, however many lines are alike', () => {
    const words = (at: number): string => createHash('sha512').update(String(at)).digest('hex');
    const lines = (count: number, from = 0): readonly string[] =>
      Array.from({ length: count }, (_, at) => `is("${words(at)}", of(${from}, ${'alike, '.repeat(4)}));`);
    const file = ['begin();', ...lines(3_000), 'finish();', ''].join('\n');
    const started = performance.now();
    assert.equal(made(file, ['begin();', ...lines(3_000, 1)].join('\n')), 'unclear');
    assert.ok(performance.now() - started < 8_000);
    const few = lines(20, 1);
    assert.equal(
      made(file, ['begin();', ...few].join('\n')),
      ['begin();', ...few, ...lines(3_000).slice(20), 'finish();', ''].join('\n'),
    );
  });

  it('is replaced in a text that repeats itself by as few lines as stand there once', () => {
    const file = ['y', ...Array.from({ length: 30_000 }, () => 'x')];
    const started = performance.now();
    for (const at of [1, 1_000, 15_000]) {
      const after = file.toSpliced(at, 0, 'z').join('\n');
      const edit = replacementBetween(file.join('\n'), after);
      const result = replaced(file.join('\n'), [edit]);
      assert.ok(result.done && result.text === after);
      assert.equal(edit.oldText.split('\n').length, 2 * at + 1);
    }
    assert.ok(performance.now() - started < 4_000);
  });
});
