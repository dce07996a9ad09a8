/**
 * `npm run bench -- [NAME …] [--grep WORD …] [--json FILE] [--trace FILE …] [--verbose]`: runs the benches and prints
 * their figures; of `light` only the parts with a WORD in their names, where one is given; with --json writes
 * {"figures":[{"name","value","unit","bar","ok"}]}. `cost` plays the traces of test/bench/traces, or those that --trace
 * names; --verbose says where their money went. Exits with 1 when a figure is above its bar.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { ensureNode } from '../vscode/install';
import type { Bench, Figure } from './bench';
import { costBench } from './cost';
import { editsBench } from './edits';
import { lightBench } from './light';
import { lightHostBench } from './light/host';
import { markdownBench } from './markdown';
import { panelBench } from './panel';
import { requestBench } from './request';
import { tasksBench } from './tasks';
import { toolsBench } from './tools';

const benches: readonly Bench[] = [
  requestBench,
  costBench,
  markdownBench,
  toolsBench,
  tasksBench,
  editsBench,
  lightBench,
  lightHostBench,
  panelBench,
];

interface Wishes {
  readonly names: readonly string[];
  readonly traces: readonly string[];
  readonly grep: readonly string[];
  readonly json: string | null;
  readonly verbose: boolean;
}

async function main(argv: readonly string[]): Promise<number> {
  const wishes = readWishes(argv);
  if (typeof wishes === 'string') return usage(wishes);
  const wanted = benches.filter(({ name }) => wishes.names.length === 0 || wishes.names.includes(name));
  if (wanted.some(({ needsStore }) => needsStore === true) && !hasSqlite()) return inNewerNode(argv);
  const figures: Figure[] = [];
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  for (const bench of wanted) {
    say(`\n${bench.name}: ${bench.about}`);
    for (const one of await bench.run({ ...wishes, say })) {
      figures.push(one);
      say(`  ${line(one)}`);
    }
  }
  if (wishes.json !== null) writeFileSync(wishes.json, `${JSON.stringify({ figures }, null, 2)}\n`);
  const missed = figures.filter((one) => !one.ok).length;
  say(`\n${figures.length} figures, ${missed} above their bar`);
  return missed === 0 ? 0 : 1;
}

/** What is asked for, or what is wrong with it. */
function readWishes(argv: readonly string[]): Wishes | string {
  const names: string[] = [];
  const traces: string[] = [];
  const grep: string[] = [];
  let json: string | null = null;
  let verbose = false;
  for (let at = 0; at < argv.length; at += 1) {
    const argument = argv[at] ?? '';
    if (argument === '--verbose') verbose = true;
    else if (argument === '--json' || argument === '--trace' || argument === '--grep') {
      at += 1;
      const value = argv[at];
      if (value === undefined) return `${argument} needs ${argument === '--grep' ? 'a word' : 'the name of a file'}.`;
      if (argument === '--json') json = value;
      else (argument === '--grep' ? grep : traces).push(value);
    } else if (benches.some(({ name }) => name === argument)) names.push(argument);
    else return `There is no bench "${argument}".`;
  }
  if (names.length === 0 && traces.length > 0) names.push('cost');
  if (names.length === 0 && grep.length > 0) names.push('light');
  return { names, traces, grep, json, verbose };
}

function hasSqlite(): boolean {
  return process.getBuiltinModule?.('node:sqlite') !== undefined;
}

/** Runs the same in the Node.js that the tests run in. */
async function inNewerNode(argv: readonly string[]): Promise<number> {
  const child = spawn(await ensureNode(), ['--no-warnings', __filename, ...argv], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function line({ name, value, unit, bar, ok }: Figure): string {
  const shown = Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
  const limit = bar === null ? '' : `  (${ok ? 'within' : 'ABOVE'} ${bar})`;
  return `${name}: ${shown} ${unit}${limit}`;
}

function usage(problem: string): number {
  // Several may have one name.
  const names = [...new Set(benches.map(({ name }) => name))].join(' | ');
  const options = '[--grep WORD] [--json FILE] [--trace FILE] [--verbose]';
  process.stderr.write(`${problem}\nnpm run bench -- [${names}] ${options}\n`);
  return 2;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
