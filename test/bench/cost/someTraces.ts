/** How the traces of `npm run bench -- cost` were made. */
import { afterLunch, dailyQuestion, debugging, shortChats } from './dayTraces';
import { ask, Dice, edit, explain, files, looks, pause, says } from './dice';
import type { StepSpec, TextSpec, Trace, TraceEvent } from './trace';

/** (a) 20 questions over 8 open files with 10 edits between them. */
function questions(seed = 1): Trace {
  const dice = new Dice(seed);
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

/** (b) One task with 60 tool calls, up to 6 in parallel. */
function task(seed = 2): Trace {
  const dice = new Dice(seed);
  const workspace = files(2, 3000, 4000, dice);
  const parallel = [2, 3, 1, 6, 4, 2, 5, 1, 6, 3, 4, 6, 2, 5, 1, 3, 6];
  const steps: StepSpec[] = parallel.map((count) => looks(dice, count));
  const [, , third] = steps;
  // The user goes on working meanwhile.
  if (third !== undefined) third.meanwhile = [edit('src/file2.ts', dice)];
  return {
    name: 'b',
    about: 'one task with 60 tool calls, up to 6 in parallel, results of 1 to 30 KB',
    files: workspace,
    open: Object.keys(workspace),
    events: [ask(dice, [...steps, says(dice, 2500, 3500)])],
  };
}

/** (c) 12 "explain selection" in different files within 10 minutes. */
function explanations(seed = 3): Trace {
  const dice = new Dice(seed);
  const workspace = files(12, 1800, 3600, dice);
  const paths = Object.keys(workspace);
  const events = paths.flatMap((file, at): TraceEvent[] => [
    ...(at === 0 ? [] : [pause(dice.from(15, 45))]),
    explain(file, dice),
  ]);
  return {
    name: 'c',
    about: '12 "explain selection" in different files within 10 minutes',
    files: workspace,
    open: paths.slice(0, 2),
    events,
  };
}

/** (d) 15 turns with pauses of 4, 7, 12 and 50 minutes. */
function pauses(daysBefore: number, seed?: number): Trace {
  const dice = new Dice(seed ?? 4);
  const gaps = [4, 7, 12, 50];
  const workspace = files(4, 3000, 4800, dice);
  const events: TraceEvent[] = [];
  for (let turn = 0; turn < 15; turn += 1) {
    if (turn > 0) events.push(pause(60 * (seed === undefined ? (gaps[(turn - 1) % 4] ?? 4) : dice.of(gaps))));
    events.push(ask(dice, turn % 5 === 2 ? [looks(dice, 1), says(dice)] : [says(dice)]));
  }
  return {
    name: daysBefore === 0 ? 'd' : 'd-week',
    about: `15 turns with pauses of 4, 7, 12 and 50 minutes${daysBefore === 0 ? '' : ', after a week of the same'}`,
    files: workspace,
    open: Object.keys(workspace),
    ...(daysBefore === 0 ? {} : { daysBefore }),
    events,
  };
}

const screens = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 800, height: 600 },
  { width: 390, height: 844 },
] as const;

/** (e) 25 screenshots. */
function screenshots(seed = 5): Trace {
  const dice = new Dice(seed);
  const workspace = files(2, 3000, 4000, dice);
  const events: TraceEvent[] = [];
  for (const [turn, count] of [1, 2, 1, 3, 2, 1, 2, 2, 1, 3, 1, 2, 2, 2].entries()) {
    if (turn > 0) events.push(pause(dice.from(30, 150)));
    const images = Array.from({ length: count }, () => dice.of(screens));
    events.push({ do: 'send', text: { prose: dice.from(60, 400) }, images, answer: [says(dice)] });
  }
  return { name: 'e', about: '25 screenshots', files: workspace, open: Object.keys(workspace), events };
}

/** (f) A working day of 80 turns with everything. */
function workingDay(seed = 6): Trace {
  const dice = new Dice(seed);
  const workspace = files(12, 2600, 4400, dice);
  const paths = Object.keys(workspace);
  const open = paths.slice(0, 6);
  const events: TraceEvent[] = [];
  const add = (...more: readonly TraceEvent[]): void => void events.push(...more);
  const short = (): TraceEvent => pause(dice.from(25, 200));
  const chat = (turns: number): void => {
    for (let turn = 0; turn < turns; turn += 1) add(short(), ask(dice, [says(dice)]));
  };

  // Morning: a conversation over open files that are being edited, now and then with a look around.
  add(ask(dice, [says(dice)]));
  for (let turn = 1; turn < 12; turn += 1) {
    add(short());
    if (turn % 2 === 0) add(edit(dice.of(open), dice, 6));
    add(ask(dice, turn % 4 === 1 ? [looks(dice, dice.from(1, 3)), says(dice)] : [says(dice)]));
  }
  // After a coffee: words only.
  add(pause(12 * 60));
  chat(7);
  // A task of its own, and what follows from it.
  add(short(), { do: 'newConversation' }, { do: 'open', file: 'src/file7.ts' });
  add(ask(dice, [looks(dice, 2), looks(dice, 4), looks(dice, 1), looks(dice, 5), looks(dice, 2), says(dice)]));
  for (let turn = 0; turn < 6; turn += 1) {
    add(turn === 3 ? pause(7 * 60) : short(), edit('src/file7.ts', dice, 8));
    add(ask(dice, turn % 2 === 0 ? [looks(dice, 1), says(dice)] : [says(dice)]));
  }
  // Reading code that somebody else wrote.
  add(short(), { do: 'newConversation' });
  for (const file of paths.slice(6)) add(pause(dice.from(20, 50)), explain(file, dice));
  // After lunch: pictures, and another effort from the middle on.
  add(pause(62 * 60), { do: 'newConversation' }, { do: 'deselect' });
  for (let turn = 0; turn < 12; turn += 1) {
    if (turn === 7) add({ do: 'effort', level: 'xhigh' });
    const images = turn % 3 === 2 ? [] : [dice.of(screens)];
    add(short(), { do: 'send', text: { prose: dice.from(60, 300) }, images, answer: [says(dice)] });
  }
  add({ do: 'effort', level: 'high' });
  // Single questions, far apart.
  for (let turn = 0; turn < 4; turn += 1) {
    add(pause(60 * dice.from(8, 15)), { do: 'newConversation' }, ask(dice, [says(dice)]));
  }
  // A meeting day's afternoon: the same conversation, taken up now and then.
  add(pause(10 * 60), { do: 'newConversation' });
  for (const minutes of [0, 3, 20, 4, 35, 9, 2, 25]) add(pause(60 * minutes), ask(dice, [says(dice)]));
  // To the end: many edits, files that come and go, a file that is rewritten, and questions in Chinese.
  add(pause(6 * 60), { do: 'newConversation' }, { do: 'close', file: 'src/file1.ts' });
  for (let turn = 0; turn < 24; turn += 1) {
    add(turn === 13 ? pause(15 * 60) : short());
    if (turn % 5 === 1) add({ do: 'open', file: dice.of(paths) });
    if (turn % 3 !== 0) add(edit(dice.of(paths.slice(1, 6)), dice, 8));
    if (turn === 9) add({ do: 'edit', file: 'src/file3.ts', line: 4, remove: 60, insert: { code: 2400 } });
    if (turn === 17) add({ do: 'select', file: 'src/file4.ts', from: 10, to: 22 });
    if (turn === 20) add({ do: 'deselect' });
    const answer = turn % 6 === 4 ? [looks(dice, dice.from(1, 4)), looks(dice, 2), says(dice)] : [says(dice)];
    const chinese = turn % 8 === 5;
    add(chinese ? { do: 'send', text: { cjk: 90 }, answer: [{ seconds: 14, text: { cjk: 600 } }] } : ask(dice, answer));
  }
  return { name: 'f', about: 'a working day of 80 turns with everything', files: workspace, open, events };
}

/** (g) Ten conversations of one or two turns, back to back. */
function shortOnes(seed = 7): Trace {
  const dice = new Dice(seed);
  const workspace = files(3, 3000, 4400, dice);
  const paths = Object.keys(workspace);
  const events: TraceEvent[] = [];
  for (let conversation = 0; conversation < 10; conversation += 1) {
    if (conversation > 0) events.push(pause(dice.from(20, 90)), { do: 'newConversation' });
    if (conversation % 3 === 2) events.push(edit(dice.of(paths), dice));
    events.push(ask(dice, [says(dice)]));
    if (conversation % 2 === 1) events.push(pause(dice.from(20, 90)), ask(dice, [says(dice)]));
  }
  return {
    name: 'g',
    about: 'ten conversations of one or two turns, back to back',
    files: workspace,
    open: paths,
    events,
  };
}

/** Words that turn from English to Chinese, to pasted code, to long prose, and back. */
function mixture(): Trace {
  const dice = new Dice(8);
  const workspace = files(4, 3000, 4400, dice);
  const paths = Object.keys(workspace);
  const chinese = (): StepSpec => ({ seconds: 12, text: { cjk: dice.from(300, 900) } });
  const english = (least: number, most: number) => ({ prose: dice.from(least, most) });
  const turns: readonly (readonly [TextSpec, StepSpec])[] = [
    [english(60, 400), says(dice)],
    [english(60, 400), says(dice)],
    [english(60, 400), says(dice)],
    [{ cjk: dice.from(40, 120) }, chinese()],
    [{ cjk: dice.from(200, 400) }, chinese()],
    [{ cjk: dice.from(600, 800) }, chinese()],
    [english(60, 400), says(dice)],
    [{ code: dice.from(900, 1200) }, says(dice)],
    [{ code: dice.from(2200, 3000) }, { seconds: 20, text: { code: 2400 } }],
    [english(900, 1400), says(dice)],
    [{ cjk: dice.from(200, 400) }, chinese()],
    [english(60, 400), { seconds: 20, text: { code: 1800 } }],
    [{ code: dice.from(1500, 2000) }, chinese()],
    [{ cjk: dice.from(200, 400) }, { seconds: 20, text: { code: 1800 } }],
    [english(60, 400), says(dice)],
  ];
  const events = turns.flatMap(([text, step], turn): readonly TraceEvent[] => [
    ...(turn === 0 ? [] : [pause(dice.from(25, 180))]),
    ...(turn % 5 === 4 ? [edit(dice.of(paths), dice, 8)] : []),
    { do: 'send', text, answer: turn === 6 ? [looks(dice, 3), step] : [step] },
  ]);
  return {
    name: 'mixture',
    about: `${turns.length} turns whose words turn from English to Chinese and code, and back`,
    files: workspace,
    open: paths,
    events,
  };
}

/** The same ten times, with sizes, gaps and files drawn anew, and the days that were never stored. */
export function drawnTraces(name: string): readonly Trace[] {
  const draw = drawn[name];
  return draw === undefined ? [] : Array.from({ length: 10 }, (_, at) => draw(1000 + at));
}

const drawn: Readonly<Record<string, (seed: number) => Trace>> = {
  a: questions,
  b: task,
  c: explanations,
  d: (seed) => pauses(0, seed),
  'd-week': (seed) => pauses(5, seed),
  e: screenshots,
  f: workingDay,
  g: shortOnes,
  h: shortChats,
  i: debugging,
  j: dailyQuestion,
  k: afterLunch,
};

/** The names of the traces that are drawn ten times. */
export const drawnNames = Object.keys(drawn);

/** The traces that are stored in test/bench/traces. */
export function someTraces(): readonly Trace[] {
  return [
    questions(),
    task(),
    explanations(),
    pauses(0),
    pauses(5),
    screenshots(),
    workingDay(),
    shortOnes(),
    mixture(),
  ];
}
