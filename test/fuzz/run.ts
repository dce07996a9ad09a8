/**
 * `npm run fuzz -- NAME [--minutes N] [--cases N] [--from SEED]`: runs a machine of `test/fuzz` and prints the cases, and
 * the seed of each that failed. `--from` goes on where another run ended, or runs one failure again with `--cases 1`.
 */
import { ensureHost, ensureNode } from '../vscode/install';
import { messageOf } from '../vscode/paths';
import { type Machine, runMachine, whatHappened } from './machine';
import { respawn } from './respawn';

/** Loaded by name: each machine brings a large part of the product with it. */
const machines: Readonly<Record<string, () => Promise<Machine>>> = {
  text: async () => (await import('./text/machine')).textMachine(),
  damage: async () => (await import('./damage')).damageMachine,
  kills: async () => (await import('./kills')).killsMachine,
  history: async () => (await import('./history/machine')).historyMachine,
  edits: async () => (await import('./edits/machine')).editsMachine,
  servers: async () => (await import('./servers')).serversMachine,
};

function numberAfter(argv: readonly string[], flag: string): number | null {
  const at = argv.indexOf(flag);
  return at === -1 ? null : Number(argv[at + 1]);
}

async function main(argv: readonly string[]): Promise<number> {
  const make = machines[argv[0] ?? ''];
  if (make === undefined) {
    process.stderr.write(`Name a machine: ${Object.keys(machines).join(', ')}.\n`);
    return 2;
  }
  const node = await ensureNode();
  if (node !== process.execPath) return respawn(node, argv);
  await ensureHost();
  const minutes = numberAfter(argv, '--minutes');
  const cases = numberAfter(argv, '--cases') ?? (minutes === null ? 20_000 : Number.POSITIVE_INFINITY);
  const from = numberAfter(argv, '--from') ?? 1;
  const until = minutes === null ? Number.POSITIVE_INFINITY : Date.now() + minutes * 60_000;
  let told = Date.now();
  const machine = await make();
  const before = process.cpuUsage();
  const found = await runMachine(machine, { from, cases, until, enough: 20 }, (done) => {
    if (Date.now() - told < 10_000) return;
    told = Date.now();
    process.stdout.write(`${done} cases, next seed ${from + done}\n`);
  });
  for (const { seed, error } of found.failures) {
    process.stdout.write(`\nseed ${seed}: ${whatHappened(error)}\n`);
  }
  const { user, system } = process.cpuUsage(before);
  const each = ((user + system) / 1000 / found.cases).toFixed(1);
  process.stdout.write(
    `\n${found.cases} cases, ${found.failures.length} failed, ${each} ms of CPU a case, next seed ${from + found.cases}\n`,
  );
  return found.failures.length === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  },
);
