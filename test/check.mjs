// Types, lint, format, and the house: walls, floors, circles, folders; seconds.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

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

const [house] = buildSync({
  entryPoints: [join(root, 'test', 'unit', 'house.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  write: false,
}).outputFiles;
const { faultsOf, linesOf, readSources } = await import(
  `data:text/javascript;base64,${Buffer.from(house.text).toString('base64')}`
);
const sources = readSources(join(root, 'src'));
const faults = faultsOf(sources);
for (const fault of faults) console.error(fault);
const lines = [...sources.values()].reduce((sum, text) => sum + linesOf(text), 0);
console.log(
  `src: ${lines} lines in ${sources.size} files, ${faults.length === 0 ? 'all on their floors' : `${faults.length} faults`}`,
);
if (faults.length > 0) failed += 1;

process.exit(failed === 0 ? 0 : 1);
