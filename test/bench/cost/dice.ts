/** What traces are drawn from: sizes, gaps and files. */
import { numbers } from './texts';
import type { StepSpec, Trace, TraceEvent } from './trace';

/** Draws sizes and times for one trace. */
export class Dice {
  readonly #next: (below: number) => number;

  constructor(seed: number) {
    this.#next = numbers(seed);
  }

  /** A whole number, both ends included. */
  from(least: number, most: number): number {
    return least + this.#next(most - least + 1);
  }

  /** The same where small ones are as likely as large ones: a pause of 20 to 60 s as one of 2 to 6 min. */
  spread(least: number, most: number): number {
    return Math.round(least * (most / least) ** (this.from(0, 1000) / 1000));
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.#next(choices.length)] as T;
  }

  /** True so many times out of a hundred. */
  often(percent: number): boolean {
    return this.#next(100) < percent;
  }
}

export const pause = (seconds: number): TraceEvent => ({ do: 'pause', seconds });

/** Words and times of an answer without tools. */
export function says(dice: Dice, least = 500, most = 2400): StepSpec {
  const prose = dice.from(least, most);
  return { seconds: 4 + Math.round(prose / 90), text: { prose } };
}

/** So many files of code. */
export function files(count: number, least: number, most: number, dice: Dice): Trace['files'] {
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`src/file${at + 1}.ts`, { code: dice.from(least, most) }]),
  );
}

/** Some lines of a file become others. */
export function edit(file: string, dice: Dice, lines = 4): Extract<TraceEvent, { do: 'edit' }> {
  const remove = dice.from(1, lines);
  return { do: 'edit', file, line: dice.from(5, 60), remove, insert: { code: 30 * dice.from(remove, remove + 2) } };
}

/** So many files' sizes as tools find them: most are small, some large. */
function reads(dice: Dice, count: number): NonNullable<StepSpec['calls']> {
  const sizes = [1000, 1400, 2000, 2800, 4000, 5500, 8000, 12_000, 18_000, 25_000];
  return Array.from({ length: count }, () => ({ read: { code: dice.of(sizes) } }));
}

/** A step that calls tools, with a few words before. */
export function looks(dice: Dice, count: number): StepSpec {
  return { seconds: dice.from(4, 20), text: { prose: dice.from(40, 220) }, calls: reads(dice, count) };
}

/** A question, and its answer. */
export const ask = (dice: Dice, answer: readonly StepSpec[]): Extract<TraceEvent, { do: 'send' }> => ({
  do: 'send',
  text: { prose: dice.from(60, 400) },
  answer: [...answer],
});

/** Some lines of a file are explained. */
export function explain(file: string, dice: Dice): Extract<TraceEvent, { do: 'explain' }> {
  const from = dice.from(3, 25);
  return { do: 'explain', file, from, to: from + dice.from(3, 14), answer: [says(dice, 500, 1500)] };
}
