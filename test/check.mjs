// Types, lint, format, and the house: walls, floors, circles, folders; seconds.
import { spawn } from 'node:child_process';
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

/** Says what a step has to say when it is through: they run side by side. */
function run([command, args]) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, shell: process.platform === 'win32' });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => said.push(piece));
    child.once('error', (error) => said.push(Buffer.from(`${command}: ${error.message}\n`)));
    child.once('close', (code) => {
      process.stdout.write(Buffer.concat(said));
      resolve(code === 0);
    });
  });
}

let failed = (await Promise.all(steps.map(run))).filter((passed) => !passed).length;

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
