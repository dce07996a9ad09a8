/**
 * `npm run mutants -- [WORD …]`: brings each known fault back in a copy of the sources, builds it and runs the test
 * that is there for it. A mutant that no test notices has survived, and then the command fails. Words choose the mutants
 * whose name or file contains one of them.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureHost, ensureNode } from '../vscode/install';
import { hostCache, messageOf, repoRoot, scratchFolder } from '../vscode/paths';
import { allMutants } from './all';
import type { Mutant } from './mutant';

const copied = [
  'src',
  'test',
  'media',
  'package.json',
  'package.nls.json',
  'tsconfig.json',
  'esbuild.mjs',
  'README.md',
  'CHANGELOG.md',
  '.vscodeignore',
];

interface Bench {
  readonly folder: string;
  readonly node: string;
}

/** A copy of the working tree that can be broken, with the packages of the original. */
function makeCopy(): string {
  const folder = scratchFolder('mutants');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of copied) cpSync(join(repoRoot(), name), join(folder, name), { recursive: true });
  symlinkSync(join(repoRoot(), 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** ms that one test may take: a fault that hangs is noticed, too. */
const patienceMs = 180_000;

function build({ folder, node }: Bench, ...flags: readonly string[]): void {
  const built = spawnSync(node, ['esbuild.mjs', '--tests', ...flags], { cwd: folder, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`it does not build:\n${built.stderr}`);
}

/** True when the test passes on what lies in the copy. */
function passes(bench: Bench, { test, grep }: Mutant): boolean {
  const { folder, node } = bench;
  build(bench, `--only=${test}`);
  const wishes = grep === undefined ? [test] : [test, '--grep', grep];
  const ran = spawnSync(node, ['dist/test/run.js', ...wishes], {
    cwd: folder,
    encoding: 'utf8',
    timeout: patienceMs,
    env: { ...process.env, PRELUDE_CACHE: hostCache(), PRELUDE_RETRIES: '0' },
  });
  if (ran.stdout.includes('No test was found')) throw new Error(`no test has "${grep ?? test}" in its title`);
  return ran.status === 0;
}

/** What became of a mutant; throws when it cannot be tried. */
function tryMutant(bench: Bench, mutant: Mutant): 'killed' | 'survived' {
  const file = join(bench.folder, mutant.file);
  const source = readFileSync(file, 'utf8');
  if (source.split(mutant.find).length !== 2) throw new Error(`what to change does not stand once in ${mutant.file}`);
  writeFileSync(
    file,
    source.replace(mutant.find, () => mutant.replace),
  );
  try {
    return passes(bench, mutant) ? 'survived' : 'killed';
  } finally {
    writeFileSync(file, source);
  }
}

async function main(): Promise<number> {
  const words = process.argv.slice(2);
  const chosen = allMutants.filter(
    ({ name, file }) => words.length === 0 || words.some((word) => name.includes(word) || file.includes(word)),
  );
  await ensureHost();
  const bench = { folder: makeCopy(), node: await ensureNode() };
  build(bench);
  const sound = new Map<string, boolean>();
  let bad = 0;
  for (const mutant of chosen) {
    const key = `${mutant.test}\n${mutant.grep ?? ''}`;
    let told: string;
    try {
      // A test that fails on the sound source shows nothing.
      const passesSound = sound.get(key) ?? passes(bench, mutant);
      sound.set(key, passesSound);
      told = passesSound ? tryMutant(bench, mutant) : 'not tried: its test fails on the sound source';
    } catch (error) {
      told = `not tried: ${messageOf(error)}`;
    }
    if (told !== 'killed') bad += 1;
    process.stdout.write(`${told}: ${mutant.name}\n`);
  }
  process.stdout.write(`\n${chosen.length - bad} of ${chosen.length} mutants killed\n`);
  return bad === 0 && chosen.length > 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  },
);
