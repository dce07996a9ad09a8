// Types, lint and format, side by side; seconds.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const steps = [
  ['tsc', ['-p', '.']],
  ['tsc', ['-p', 'src/webview']],
  ['tsc', ['-p', 'test']],
  ['biome', ['check', '--error-on-warnings', '.']],
];

let failed = 0;
for (const [command, args] of steps) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
