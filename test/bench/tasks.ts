/** Whether what the tools give back is enough to answer with and to edit by, and how much of it there is. */
import { hostRipgrep } from '../unit/workspace/tempWorkspace';
import { type Bench, type BenchOptions, type Figure, figure } from './bench';
import { editTasks } from './tasks/editTasks';
import { type Look, type Played, play } from './tasks/play';
import type { Task } from './tasks/steps';
import { tasks } from './tasks/tasks';

async function compared(
  some: readonly Task[],
  name: string,
  { say, verbose }: BenchOptions,
): Promise<readonly Figure[]> {
  const ripgrep = await hostRipgrep();
  const all: Played[] = [];
  for (const task of some) all.push(await play(task, ripgrep));
  const kb = (bytes: number): string => `${(bytes / 1024).toFixed(1)} kB`;
  const look = ({ calls, bytes, suffices }: Look): string =>
    `${calls} calls, ${kb(bytes)}${suffices ? '' : ', not enough'}`;
  for (const { task, ours, hand } of all) {
    if (verbose || !ours.suffices) say(`  ${task.question} ${look(ours)}; by hand ${look(hand)}`);
  }
  const sum = (of: (one: Played) => number): number => all.reduce((total, one) => total + of(one), 0);
  const each = (of: (one: Played) => number): number => sum(of) / all.length;
  const bytes = sum(({ ours }) => ours.bytes);
  return [
    figure(
      `${name} that what the tools say does not suffice for`,
      sum(({ ours }) => Number(!ours.suffices)),
      '',
      0,
    ),
    // What is done by hand says nothing of its own end.
    ...(some === editTasks
      ? []
      : [
          figure(
            'the same by hand',
            sum(({ hand }) => Number(!hand.suffices)),
            '',
          ),
        ]),
    figure(
      `requests with calls for each of the ${name}`,
      each(({ ours }) => ours.steps),
      '',
    ),
    figure(
      `calls for each of the ${name}`,
      each(({ ours }) => ours.calls),
      '',
    ),
    figure(
      'calls by hand',
      each(({ hand }) => hand.calls),
      '',
    ),
    figure(`bytes of results for each of the ${name}`, bytes / all.length, 'bytes'),
    figure(
      'bytes of the calls',
      each(({ ours }) => ours.written),
      'bytes',
    ),
    figure('bytes of results ÷ those by hand', bytes / sum(({ hand }) => hand.bytes), '×'),
  ];
}

export const tasksBench: Bench = {
  name: 'tasks',
  about: 'questions about three workspaces, and things to do in them: calls, bytes, and whether the results are enough',
  run: async (options) => [
    ...(await compared(tasks, 'questions', options)),
    ...(await compared(editTasks, 'edits', options)),
  ],
};
