/** How the traces of `npm run bench -- cost` were made. */
import { numbers } from './texts';
import type { StepSpec, Trace, TraceEvent } from './trace';

/** Draws sizes and times for one trace. */
class Dice {
  readonly #next: (below: number) => number;

  constructor(seed: number) {
    this.#next = numbers(seed);
  }

  /** A whole number, both ends included. */
  from(least: number, most: number): number {
    return least + this.#next(most - least + 1);
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.#next(choices.length)] as T;
  }
}

const pause = (seconds: number): TraceEvent => ({ do: 'pause', seconds });

/** Words and times of an answer without tools. */
function says(dice: Dice, least = 500, most = 2400): StepSpec {
  const prose = dice.from(least, most);
  return { seconds: 4 + Math.round(prose / 90), text: { prose } };
}

function files(count: number, least: number, most: number, dice: Dice): Trace['files'] {
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`src/file${at + 1}.ts`, { code: dice.from(least, most) }]),
  );
}

function edit(file: string, dice: Dice, lines = 4): TraceEvent {
  const remove = dice.from(1, lines);
  return { do: 'edit', file, line: dice.from(5, 60), remove, insert: { code: 30 * dice.from(remove, remove + 2) } };
}

/** (a) 20 questions over 8 open files with 10 edits between them. */
function questions(): Trace {
  const dice = new Dice(1);
  const workspace = files(8, 3600, 4300, dice);
  const paths = Object.keys(workspace);
  const events: TraceEvent[] = [];
  for (let question = 0; question < 20; question += 1) {
    if (question > 0) events.push(pause(dice.from(25, 180)));
    // Not evenly: two stretches without an edit, and two edits between some questions.
    const edits = [0, 0, 0, 0, 1, 1, 2, 0, 1, 1, 0, 0, 0, 1, 2, 0, 0, 1, 0, 0][question] ?? 0;
    for (let one = 0; one < edits; one += 1) events.push(edit(dice.of(paths), dice));
    events.push({ do: 'send', text: { prose: dice.from(60, 400) }, answer: [says(dice)] });
  }
  return {
    name: 'a',
    about: '20 questions over 8 open files with 10 edits between them',
    files: workspace,
    open: paths,
    events,
  };
}

/** The traces that are stored in test/bench/traces. */
export function someTraces(): readonly Trace[] {
  return [questions()];
}
