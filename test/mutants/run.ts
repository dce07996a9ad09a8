/**
 * `npm run mutants -- [WORD …]`: brings each known fault back in a copy of the sources, builds it and runs the test
 * that is there for it. A mutant that no test notices has survived, and then the command fails. A test notices it by an
 * assertion: one that did not run, or failed otherwise, shows nothing. Words choose an area (`store`), or the mutants
 * whose name, source or test contains one of them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { watchCpuTime } from '../vscode/cpuTime';
import { ensureHost, ensureNode } from '../vscode/install';
import { messageOf } from '../vscode/paths';
import { allMutants, areas } from './all';
import { Bench } from './bench';
import type { Mutant } from './mutant';
import { type Failure, type Ran, type Run, runTests } from './verdict';

function isChosen(mutant: Mutant, words: readonly string[]): boolean {
  const told = [mutant.name, mutant.file, mutant.test];
  return (
    words.length === 0 || words.some((word) => areas[word]?.includes(mutant) ?? told.some((one) => one.includes(word)))
  );
}

/** A pattern for the titles of all these mutants; null where one of them wants the whole file. */
function patternOf(mutants: readonly Mutant[]): RegExp | null {
  const parts = mutants.map(({ grep }) => grep);
  if (parts.includes(undefined)) return null;
  const escaped = parts.map((part = '') => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(escaped.join('|'));
}

/** Throws unless the mutant's tests are there and pass on the sound source. */
function checkSound({ grep = '', test }: Mutant, { passed, failed }: Ran): void {
  const bad = failed.find(({ title }) => title.includes(grep));
  if (bad !== undefined)
    throw new Error(`its test fails on the sound source: ${bad.title}: ${bad.message.slice(0, 200)}`);
  if (!passed.some((title) => title.includes(grep))) throw new Error(`no test has "${grep || test}" in its title`);
}

/** True when the test failed as this mutant must make it fail. */
function isNoticed({ ends }: Mutant, { failing, message }: Failure): boolean {
  if (ends === undefined) return failing === 'asserts';
  return ends === 'never' ? failing === 'hangs' : failing === 'throws' && message.includes(ends.with);
}

/** What became of a mutant; throws when it cannot be tried. */
async function tryMutant(bench: Bench, run: Run, mutant: Mutant): Promise<string> {
  const source = readFileSync(join(bench.folder, mutant.file), 'utf8');
  if (source.split(mutant.find).length !== 2) throw new Error(`what to change does not stand once in ${mutant.file}`);
  const text = source.replace(mutant.find, () => mutant.replace);
  const failed = await bench.broken(mutant.file, text, async () => {
    const once = { ...run, titles: mutant.grep ?? null, retries: 0, bail: true };
    const { failed: first } = await runTests(once);
    // A busy machine may have stood still by itself.
    const again = first[0]?.failing === 'hangs' && mutant.ends !== 'never';
    return again ? (await runTests(once)).failed : first;
  });
  const [failure] = failed;
  if (failure === undefined) return 'survived';
  if (isNoticed(mutant, failure)) return 'killed';
  return `survived (its test ${failure.failing}: ${failure.message.slice(0, 200)})`;
}

type Tell = (mutant: Mutant, told: string) => void;

/** Tries the mutants of one test file, and tells of each. */
async function tryAll(bench: Bench, node: string, mutants: readonly Mutant[], tell: Tell): Promise<void> {
  const [{ test } = { test: '' }] = mutants;
  const sound = bench.take(test).then(async (file) => {
    const run = { node, folder: bench.folder, file, titles: patternOf(mutants), retries: 1, bail: false };
    return { run, ran: await runTests(run) };
  });
  for (const mutant of mutants) {
    try {
      const { run, ran } = await sound;
      checkSound(mutant, ran);
      tell(mutant, await tryMutant(bench, run, mutant));
    } catch (error) {
      tell(mutant, `not tried (${messageOf(error)})`);
    }
  }
}

async function main(): Promise<number> {
  const words = process.argv.slice(2);
  const started = Date.now();
  const cpuMinutes = watchCpuTime();
  const chosen = allMutants.filter((mutant) => isChosen(mutant, words));
  await ensureHost();
  const node = await ensureNode();
  const bench = await Bench.make();
  const bad: string[] = [];
  for (const test of new Set(chosen.map((mutant) => mutant.test))) {
    const mutants = chosen.filter((mutant) => mutant.test === test);
    await tryAll(bench, node, mutants, ({ name }, told) => {
      const line = `${told}: ${name}\n`;
      if (told !== 'killed') bad.push(line);
      process.stdout.write(line);
    });
  }
  await bench.dispose();
  const cpu = cpuMinutes();
  const minutes = ((Date.now() - started) / 60_000).toFixed(1);
  process.stdout.write(`\n${bad.join('')}\n${chosen.length - bad.length} of ${chosen.length} mutants killed`);
  process.stdout.write(` in ${minutes} min${cpu === null ? '' : `, ${cpu.toFixed(1)} min of CPU time`}\n`);
  return bad.length === 0 && chosen.length > 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  },
);
