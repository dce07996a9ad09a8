/** Whether what the tools give back is enough to answer with, and how much of it there is. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool, tools } from '../../src/core/tools/all';
import { hostRipgrep, never, type TempWorkspace, tempWorkspace } from '../unit/workspace/tempWorkspace';
import { type Bench, type BenchOptions, type Figure, figure } from './bench';
import { git, gitChanges } from './tasks/gitChanges';
import { pipeline } from './tasks/pipeline';
import { relay } from './tasks/relay';
import { shop } from './tasks/shop';
import { type Call, type Task, tasks } from './tasks/tasks';

const files = { shop, pipeline, relay } as const;

/** What a way of looking took, and whether it was enough. */
interface Look {
  readonly calls: number;
  readonly bytes: number;
  readonly suffices: boolean;
}

type Runner = (call: Call) => Promise<string> | string;

/** The workspace of a name, with two commits, and something that is not committed. */
function made(name: keyof typeof files, ripgrep: string): TempWorkspace {
  const workspace = tempWorkspace({ files: files[name], ripgrep });
  const { folder } = workspace;
  const change = (path: string, from: string, to: string): void => {
    const file = join(folder, path);
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  };
  git(folder, 'init', '-q');
  if (name === 'pipeline') change('pipeline/rates.py', ', "PAR": "EUR"', '');
  git(folder, 'add', '.');
  git(folder, 'commit', '-qm', 'All of it');
  if (name === 'pipeline') change('pipeline/rates.py', '"BER": "EUR"', '"BER": "EUR", "PAR": "EUR"');
  git(folder, 'commit', '-qam', 'Paris', '--allow-empty');
  if (name === 'shop') change('src/config.ts', '8080', '3000');
  return workspace;
}

async function played({ steps, facts }: Task, run: Runner): Promise<Look> {
  const seen: string[] = [];
  for (const step of steps) {
    const call = step(seen);
    if (call === null) break;
    seen.push(await run(call));
  }
  const all = seen.join('\n');
  return {
    calls: seen.length,
    bytes: Buffer.byteLength(all),
    suffices: seen.length === steps.length && facts.every((fact) => fact.test(all)),
  };
}

/** By the tools. */
function byTools({ ports: own, folder }: TempWorkspace): Runner {
  const ports = { ...own, changes: gitChanges(folder) };
  return async ({ tool: name, input }) => {
    const found = tools.find((tool) => tool.name === name);
    if (found === undefined) return `no tool ${name}`;
    const { content } = await runTool(found, input, ports, never);
    return typeof content === 'string' ? content : JSON.stringify(content);
  };
}

/** By what one types without them: whole files, `grep` with five lines around, a hundred lines on both sides. */
function byHand({ folder }: TempWorkspace): Runner {
  const sh = (program: string, ...args: readonly string[]): string => {
    try {
      return execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    } catch (error) {
      return (error as { stdout?: string }).stdout ?? '';
    }
  };
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return ({ tool: name, input }) => {
    if (name === 'search_text') {
      const kind = input['is_regex'] === true ? '-E' : '-F';
      const left = ['--exclude-dir=.git', '--exclude-dir=node_modules'];
      return sh('grep', '-rniI', kind, '-C5', ...left, text(input['query']), '.');
    }
    if (name === 'find_files') return sh('find', '.', '-path', './.git', '-prune', '-o', '-type', 'f', '-print');
    if (name === 'get_changes') return input['of'] === undefined ? sh('git', 'diff') : sh('git', 'show', 'HEAD');
    const start = input['start_line'];
    if (typeof start !== 'number') return sh('cat', text(input['path']));
    return sh('sed', '-n', `${Math.max(1, start - 100)},${Number(input['end_line']) + 100}p`, text(input['path']));
  };
}

async function compared({ say, verbose }: BenchOptions): Promise<readonly Figure[]> {
  const ripgrep = await hostRipgrep();
  const all: { readonly task: Task; readonly ours: Look; readonly hand: Look }[] = [];
  for (const name of Object.keys(files) as (keyof typeof files)[]) {
    const workspace = made(name, ripgrep);
    try {
      for (const task of tasks.filter((one) => one.workspace === name)) {
        const hand = byHand(workspace);
        const calls: Call[] = [];
        const ours = await played(task, (call) => {
          calls.push(call);
          return byTools(workspace)(call);
        });
        // The same calls: what `grep` says has another shape.
        const replayed = await played({ ...task, steps: calls.map((call) => () => call) }, hand);
        all.push({ task, ours, hand: replayed });
      }
    } finally {
      workspace.remove();
    }
  }
  const kb = (bytes: number): string => `${(bytes / 1024).toFixed(1)} kB`;
  const look = ({ calls, bytes, suffices }: Look): string =>
    `${calls} calls, ${kb(bytes)}${suffices ? '' : ', not enough'}`;
  for (const { task, ours, hand } of all) {
    if (verbose || !ours.suffices) say(`  ${task.question} ${look(ours)}; by hand ${look(hand)}`);
  }
  const sum = (of: (one: (typeof all)[number]) => number): number => all.reduce((total, one) => total + of(one), 0);
  return [
    figure(
      'tasks that what the tools say does not suffice for',
      sum(({ ours }) => Number(!ours.suffices)),
      '',
      0,
    ),
    figure(
      'the same by hand',
      sum(({ hand }) => Number(!hand.suffices)),
      '',
    ),
    figure('calls for a task', sum(({ ours }) => ours.calls) / all.length, ''),
    figure('bytes of results for a task', sum(({ ours }) => ours.bytes) / all.length, 'bytes'),
    figure('bytes ÷ those by hand', sum(({ ours }) => ours.bytes) / sum(({ hand }) => hand.bytes), '×'),
  ];
}

export const tasksBench: Bench = {
  name: 'tasks',
  about: 'twenty questions about three workspaces: calls, bytes, and whether the results are enough to answer with',
  run: compared,
};
