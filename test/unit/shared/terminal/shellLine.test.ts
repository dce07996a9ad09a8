/** Which shell code may be put into a terminal: one line of characters that are seen. */
import assert from 'node:assert/strict';
import { isShell, shellLine } from '../../../../src/shared/terminal/shellLine';
import { hostileCommands } from './hostileCommands';

describe('A line for a terminal', () => {
  it('is the block’s one line, without its prompt and the blanks around it', () => {
    const lines: Readonly<Record<string, string>> = {
      'npm test': 'npm test',
      'npm test\n': 'npm test',
      '\r\n  npm test  \r\n\n': 'npm test',
      '$ npm test': 'npm test',
      '> npm test': 'npm test',
      '$HOME/run "a $ b"': '$HOME/run "a $ b"',
      '>out echo': '>out echo',
      'echo "größer 日本 👍" > a.txt && rm -- -x': 'echo "größer 日本 👍" > a.txt && rm -- -x',
    };
    for (const [code, line] of Object.entries(lines)) assert.deepEqual(shellLine(code), { kind: 'line', line }, code);
  });

  it('is none where a second line, a key or something unseen is in it', () => {
    for (const text of hostileCommands) assert.notEqual(shellLine(text).kind, 'line', JSON.stringify(text));
    assert.equal(shellLine('a\nb').kind, 'lines');
    assert.equal(shellLine('a\u001b[1mb').kind, 'hidden');
    assert.equal(shellLine('').kind, 'empty');
    assert.equal(shellLine(' \n$ \n').kind, 'empty');
    assert.equal(shellLine('x'.repeat(2001)).kind, 'long');
  });

  it('has no control character of any kind, wherever one stands', () => {
    for (let code = 0; code < 0x3000; code += 1) {
      if (!/[\p{C}\p{Zl}\p{Zp}]/u.test(String.fromCharCode(code))) continue;
      for (const text of [`a${String.fromCharCode(code)}b`, `$ a${String.fromCharCode(code)}`]) {
        const judged = shellLine(text);
        // A blank at the end is taken off.
        if (judged.kind === 'line') assert.equal(judged.line, 'a', `U+${code.toString(16)}`);
      }
    }
  });

  it('is looked for in the languages of shells', () => {
    for (const name of ['bash', 'sh', 'zsh', 'shell', 'console', 'powershell', 'cmd', 'fish', 'Bash', 'pwsh']) {
      assert.ok(isShell(name), name);
    }
    for (const name of ['', 'ts', 'bashful', 'text', 'dockerfile']) assert.ok(!isShell(name), name);
  });

  it('is judged in a time that grows with the text', () => {
    const since = performance.now();
    for (const text of [' '.repeat(2e6), '\n'.repeat(2e6), `a${'\t '.repeat(1e6)}b`]) shellLine(text);
    assert.ok(performance.now() - since < 1000);
  });
});
