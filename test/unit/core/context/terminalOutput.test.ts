/** What a command wrote into a terminal, as text that goes along. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { OutputKeeper, outputText, plainOutput } from '../../../../src/core/context/terminalOutput';

describe('The output of a command', () => {
  it('is what stands on the screen: no colours, titles, links or marks of the shell', () => {
    assert.equal(plainOutput('\u001b[1;31mfail\u001b[0m \u001b[38;2;1;2;3mx\u001b[K\r\n'), 'fail x\n');
    assert.equal(plainOutput('\u001b]633;C\u0007one\u001b]0;title\u001b\\\r\ntwo\u001b(B\u001b=\n'), 'one\ntwo\n');
    assert.equal(plainOutput('\u001b]8;;https://x.y\u0007link\u001b]8;;\u0007'), 'link');
    assert.equal(plainOutput('\u001b[?25l\u001b[2J\u0000a\u0007\tb\u009bc'), 'a\tbc');
  });

  it('has lines that were written over in their last form', () => {
    assert.equal(plainOutput('10 %\r50 %\r100 %\nDone'), '100 %\nDone');
    assert.equal(plainOutput('longer\rabc'), 'abcger');
    assert.equal(plainOutput('abx\b\bcd'), 'acd');
  });

  it('says the command and how it ended', () => {
    assert.equal(outputText({ command: 'npm test', exitCode: 1, raw: 'bad\r\n' }), '$ npm test\nbad\n[exit code 1]\n');
    assert.equal(outputText({ command: 'ls', exitCode: null, raw: 'a' }), '$ ls\na\n');
  });

  it('keeps beginning and end in whole lines, and counts what it leaves out', () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `line ${at}`);
    const text = outputText({ command: 'x', exitCode: 0, raw: lines.join('\r\n') });
    assert.ok(text.length < 62_000, `${text.length}`);
    const shown = text.split('\n');
    assert.deepEqual([shown[1], shown.at(-3)], ['line 0', 'line 19999']);
    const cut = /\[(\d+) lines left out\]/.exec(text);
    const kept = shown.filter((line) => /^line \d+$/.test(line)).length;
    assert.equal(Number(cut?.[1]) + kept, 20_000);
  });

  it('is kept bounded while it comes, however much that is and in whatever pieces', () => {
    const keeper = new OutputKeeper();
    for (let at = 0; at < 3_000; at += 1) keeper.add('x'.repeat(1_000));
    keeper.add('end');
    assert.ok(keeper.text.length < 500_000);
    assert.ok(keeper.text.endsWith('end'));
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 200 })), (pieces) => {
        const one = new OutputKeeper();
        for (const piece of pieces) one.add(piece);
        assert.equal(one.text, pieces.join(''));
      }),
    );
  });

  it('never has a control but tabs and line ends, in linear time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (raw) => {
        assert.doesNotMatch(plainOutput(raw), /(?![\t\n])\p{Cc}/u);
      }),
    );
    const start = performance.now();
    plainOutput(
      `${'\u001b]'.repeat(100_000)}${'\u001b['.repeat(100_000)}${'a'.repeat(100_000)}${'b\r'.repeat(100_000)}`,
    );
    assert.ok(performance.now() - start < 3_000);
  });
});
