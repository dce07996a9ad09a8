import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as fc from 'fast-check';
import { byteLength } from '../../../src/core/tools/words/text';
import { keyHints } from '../../../src/host/workspace/search/keyHints';
import { findRipgrep, ripgrepPlaces, runRipgrep } from '../../../src/host/workspace/search/ripgrep';
import { around, SearchOutput } from '../../../src/host/workspace/search/searchOutput';
import { cases } from '../../short';
import { keys } from '../tools/secretTexts';
import { hostRipgrep, never, tempWorkspace } from './tempWorkspace';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('ripgrep', () => {
  let rg: string;
  before(async function () {
    this.timeout(600_000);
    rg = await hostRipgrep();
  });

  it('is found at the places of old and new VS Code, the PATH after them', async () => {
    const common = { appRoot: '/app', path: '/usr/bin:/bin', platform: 'linux', arch: 'x64' } as const;
    assert.deepEqual(ripgrepPlaces(common), [
      '/app/node_modules/@vscode/ripgrep-universal/bin/linux-x64/rg',
      '/app/node_modules/@vscode/ripgrep/bin/rg',
      '/app/node_modules.asar.unpacked/@vscode/ripgrep-universal/bin/linux-x64/rg',
      '/app/node_modules.asar.unpacked/@vscode/ripgrep/bin/rg',
      '/usr/bin/rg',
      '/bin/rg',
    ]);
    assert.ok(ripgrepPlaces({ ...common, platform: 'win32' })[0]?.endsWith('rg.exe'));
    assert.equal(await findRipgrep(['/nowhere/rg', '/etc/hosts', rg]), rg);
    assert.equal(await findRipgrep(['/nowhere/rg']), null);
  });

  it('ends only when all that it printed has been taken, however long that takes', async () => {
    const temp = tempWorkspace({ files: { 'a.ts': 'a', 'b.ts': 'b' } });
    let printed = '';
    const { code } = await runRipgrep(rg, ['--files', '--sort=path'], {
      signal: never,
      timeoutMs: 20_000,
      cwd: temp.folder,
      onOutput: async (piece) => {
        await delay(200);
        printed += piece.toString('utf8');
        return true;
      },
    });
    temp.remove();
    assert.deepEqual([code, printed], [0, 'a.ts\nb.ts\n']);
  });

  it('leaves no process behind an aborted search', async function () {
    if (process.platform === 'win32') this.skip();
    const temp = tempWorkspace();
    try {
      const pidFile = join(temp.base, 'pid');
      const slow = temp.write('../slow-rg', `#!/bin/sh\necho $$ > '${pidFile}'\nexec sleep 60\n`);
      chmodSync(slow, 0o755);
      const abort = new AbortController();
      const running = runRipgrep(slow, [], { signal: abort.signal, timeoutMs: 60_000 });
      let pid = '';
      for (let i = 0; i < 200 && pid === ''; i += 1) {
        await delay(10);
        pid = execFileSync('sh', ['-c', `cat '${pidFile}' 2>/dev/null || true`], { encoding: 'utf8' }).trim();
      }
      assert.doesNotThrow(() => process.kill(Number(pid), 0));
      abort.abort(new Error('stop'));
      await assert.rejects(running, /stop/);
      for (let i = 0; i < 100 && isAlive(Number(pid)); i += 1) await delay(10);
      assert.ok(!isAlive(Number(pid)));

      const end = await runRipgrep(slow, [], { signal: never, timeoutMs: 50 });
      assert.deepEqual([end.timedOut, end.code], [true, null]);
    } finally {
      temp.remove();
    }
  });

  it('and the judge of ignored files agree on any rules', async function () {
    this.timeout(120_000);
    const name = fc.constantFrom('a', 'b', 'a.ts', 'b.js', '.hid');
    const glob = fc.constantFrom(
      'a',
      '/a',
      'a/',
      'b/a',
      '*.ts',
      '**/a',
      'a/**',
      '*',
      '/*',
      'b/*',
      '[ab]',
      '?',
      'a/**/b',
      '.*',
      '{a,b}.ts',
      'b.js ',
      '\\a',
      // Broken, or hostile.
      '{a',
      'a}',
      '[b-a]',
      '[',
      '[]',
      'a\\',
      '{a,{b,a.ts}}',
      '*a*a*a*a*b',
      '**/*a*/**/*',
      '[!a]*',
      '[a-b]*.[jt]s',
      '{*,a}*?{.js,.ts}',
    );
    const line = fc.tuple(fc.constantFrom('', '', '!'), glob).map(([not, text]) => not + text);
    const rules = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));
    const sources = fc.constantFrom(
      '.gitignore',
      '.ignore',
      'a/.gitignore',
      'b/.ignore',
      '.rgignore',
      '.git/info/exclude',
    );
    const paths = fc.array(
      fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
      { minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(paths, fc.dictionary(sources, rules, { maxKeys: 3 }), async (tree, ignores) => {
        const temp = tempWorkspace({ ripgrep: rg });
        try {
          for (const path of [...tree, ...Object.keys(ignores)]) {
            try {
              mkdirSync(join(temp.folder, path, '..'), { recursive: true });
              writeFileSync(join(temp.folder, path), ignores[path] ?? 'x');
            } catch {
              // A file is in the way of a folder, or the other way round: the tree is smaller then.
            }
          }
          const args = [
            '--files',
            '--hidden',
            '--no-require-git',
            '--no-ignore-global',
            '--no-ignore-parent',
            '-g',
            '!**/.git',
          ];
          let printed = '';
          const onOutput = (piece: Buffer) => {
            printed += piece.toString('utf8');
            return true;
          };
          await runRipgrep(rg, args, { signal: never, timeoutMs: 10_000, cwd: temp.folder, onOutput });
          const expected = printed
            .split('\n')
            .filter((path) => path !== '')
            .sort();
          temp.facts.ripgrep = async () => null;
          const { paths: found } = await temp.workspace.findFiles('**', 1_000, never);
          assert.deepEqual([...found].sort(), expected);
        } finally {
          temp.remove();
        }
      }),
      { numRuns: Number(process.env['PRELUDE_RUNS'] ?? cases(60, 30)) },
    );
  });
});

describe('The output of a search', () => {
  const event = (type: string, data: unknown) => `${JSON.stringify({ type, data })}\n`;

  it('is read the same however it is split', () => {
    const text =
      event('begin', { path: { text: 'a.ts' } }) +
      event('match', {
        path: { text: './a.ts' },
        lines: { text: 'é needle\n' },
        line_number: 3,
        submatches: [{ match: { text: 'é needle' }, start: 0, end: 9 }],
      }) +
      event('match', {
        path: { text: 'b' },
        lines: { bytes: 'bmVlZGxl/w==' },
        line_number: 1,
        submatches: [{ match: { text: 'needle' }, start: 0, end: 6 }],
      }) +
      event('match', {
        path: { text: 'long' },
        lines: { text: `${'"line_number":7'.repeat(40_000)}needle "after" it` },
        line_number: 9,
        absolute_offset: 0,
        submatches: [{ match: { text: `${'"line_number":7'.repeat(40_000)}needle` }, start: 0, end: 600_006 }],
      }) +
      event('match', { path: { text: 'bin' }, lines: { text: 'needle' }, line_number: 1, submatches: [] }) +
      event('end', { path: { text: 'bin' }, binary_offset: 7 });
    const bytes = Buffer.from(text);
    for (const size of [1 << 20, 65_536, 1_000, 7_919]) {
      const output = new SearchOutput({ lines: 100, perFile: 100 });
      for (let at = 0; at < bytes.length; at += size) output.add(bytes.subarray(at, at + size));
      assert.deepEqual([...output.files.keys()], ['a.ts', 'b', 'long']);
      assert.deepEqual(output.files.get('a.ts')?.lines, [{ path: 'a.ts', line: 3, text: 'é needle' }]);
      assert.deepEqual(output.files.get('long')?.lines[0]?.line, 9);
      assert.match(
        output.files.get('long')?.lines[0]?.text ?? '',
        /^….{20,}needle… \[a very long line; the match ends at byte 600006\]/,
      );
    }
  });

  it('shows a line around its match', () => {
    const line = `${'x'.repeat(500)}needle${'y'.repeat(500)}`;
    const cut = around(line, 500);
    assert.ok(cut.startsWith('…x') && cut.endsWith('y…') && cut.includes('needle') && byteLength(cut) < 320);
    assert.equal(around('short', 2), 'short');
    assert.ok(around(`${'👩'.repeat(300)}needle`, 600).isWellFormed());
  });
});

describe('What ripgrep says of keys', () => {
  it('is yes for every kind of key, and no for a text without any (L59)', async function () {
    this.timeout(20_000);
    const command = await hostRipgrep();
    const hints = keyHints(async () => command);
    const temp = tempWorkspace({ files: { 'plain.txt': 'nothing to see here\n'.repeat(1_000) } });
    try {
      assert.equal(await hints(join(temp.folder, 'plain.txt'), never), false);
      for (const [name, key] of Object.entries(keys)) {
        assert.equal(await hints(temp.write('key.txt', `${name}\n\xff\n${key}`), never), true, name);
      }
      assert.equal(await hints(join(temp.folder, 'gone.txt'), never), null);
      assert.equal(await keyHints(async () => null)(join(temp.folder, 'plain.txt'), never), null);
    } finally {
      temp.remove();
    }
  });
});
