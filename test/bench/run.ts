/**
 * `npm run bench -- [NAME …] [--json FILE]`: runs the benches and prints their figures; with --json writes
 * {"figures":[{"name","value","unit","bar","ok"}]}. Exits with 1 when a figure is above its bar.
 */
import { writeFileSync } from 'node:fs';
import type { Bench, Figure } from './bench';
import { costBench } from './cost';
import { markdownBench } from './markdown';
import { requestBench } from './request';

const benches: readonly Bench[] = [requestBench, costBench, markdownBench];

async function main(argv: readonly string[]): Promise<number> {
  const at = argv.indexOf('--json');
  const file = at === -1 ? undefined : argv[at + 1];
  if (at !== -1 && file === undefined) return usage('--json needs the name of a file.');
  const names = argv.filter((_, index) => at === -1 || (index !== at && index !== at + 1));
  const unknown = names.find((name) => !benches.some((bench) => bench.name === name));
  if (unknown !== undefined) return usage(`There is no bench "${unknown}".`);
  const figures: Figure[] = [];
  for (const bench of benches.filter(({ name }) => names.length === 0 || names.includes(name))) {
    process.stdout.write(`\n${bench.name}: ${bench.about}\n`);
    for (const one of await bench.run()) {
      figures.push(one);
      process.stdout.write(`  ${line(one)}\n`);
    }
  }
  if (file !== undefined) writeFileSync(file, `${JSON.stringify({ figures }, null, 2)}\n`);
  const missed = figures.filter((one) => !one.ok).length;
  process.stdout.write(`\n${figures.length} figures, ${missed} above their bar\n`);
  return missed === 0 ? 0 : 1;
}

function line({ name, value, unit, bar, ok }: Figure): string {
  const shown = Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
  const limit = bar === null ? '' : `  (${ok ? 'within' : 'ABOVE'} ${bar})`;
  return `${name}: ${shown} ${unit}${limit}`;
}

function usage(problem: string): number {
  process.stderr.write(`${problem}\nnpm run bench -- [${benches.map(({ name }) => name).join(' | ')}] [--json FILE]\n`);
  return 2;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
