/** What a bench is, and how two sides are compared on a busy machine: alternating, by medians, as ratios. */

export interface Figure {
  readonly name: string;
  readonly value: number;
  /** "ratio", "×", "$", "tokens" … */
  readonly unit: string;
  /** The value may not be above this; null for figures that are only reported. */
  readonly bar: number | null;
  readonly ok: boolean;
}

export interface BenchOptions {
  /** Files with traces for the bench `cost` in place of its own. */
  readonly traces: readonly string[];
  /** Says more than the figures. */
  readonly verbose: boolean;
  /** `light` measures only the parts that have one of these words in their names; empty for everything. */
  readonly grep: readonly string[];
  say(line: string): void;
}

export interface Bench {
  readonly name: string;
  /** One line: what is compared with what. */
  readonly about: string;
  /** True when it opens the store, which needs node:sqlite. */
  readonly needsStore?: boolean;
  run(options: BenchOptions): Promise<readonly Figure[]>;
}

/** A figure that must not be above `bar`. */
export function figure(name: string, value: number, unit: string, bar: number | null = null): Figure {
  return { name, value, unit, bar, ok: bar === null || value <= bar };
}

/** The figures of the parts of a bench that are wished for; each part is known by what its figures are called. */
export async function measured(
  { grep }: Pick<BenchOptions, 'grep'>,
  parts: readonly (readonly [names: string, measure: () => readonly Figure[] | Promise<readonly Figure[]>])[],
): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [names, measure] of parts) {
    if (isWished(grep, names)) figures.push(...(await measure()));
  }
  return figures;
}

/** True where nothing is wished for, or this. */
function isWished(grep: readonly string[], names: string): boolean {
  return grep.length === 0 || grep.some((word) => names.toLowerCase().includes(word.toLowerCase()));
}

/** CPU time in ms that a side takes at least: less is noise. */
const enoughMs = 40;

/**
 * Median of the quotients of the CPU times of two sides that take turns, `rounds` times. Each side does the same work
 * every time, as often as it takes to be measured.
 */
export function compare(rounds: number, measured: () => void, baseline: () => void): number {
  measured();
  baseline();
  const least = Math.min(cpuMs(measured, 1), cpuMs(baseline, 1));
  const times = Math.max(1, Math.ceil(enoughMs / Math.max(least, 0.1)));
  const quotients: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = cpuMs(measured, times);
    const second = cpuMs(baseline, times);
    quotients.push(first / second);
  }
  return median(quotients);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function cpuMs(work: () => void, times: number): number {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
