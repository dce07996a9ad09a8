/** Plays tasks by the tools, and by what one types without them. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultModelId } from '../../../src/core/models/models';
import { firstFactor, measureBlock, sumOf, tokensOf } from '../../../src/core/models/tokens';
import { runTool, tools } from '../../../src/core/tools/all';
import { ToolError } from '../../../src/core/tools/workspace';
import { type EditKit, editKit } from '../../unit/host/workspace/edits/editKit';
import { never } from '../../unit/workspace/tempWorkspace';
import { git, gitChanges } from './gitChanges';
import { pipeline } from './pipeline';
import { relay } from './relay';
import { compilerOutput, servicesOf, watchOf } from './services';
import { shop } from './shop';
import type { Call, Step, Task } from './steps';

const files = { shop, pipeline, relay } as const;

/** What a way of going about a task took, and whether it was enough. */
export interface Look {
  /** Requests that called tools. */
  readonly steps: number;
  readonly calls: number;
  /** Of the results. */
  readonly bytes: number;
  /** Of the calls, as the model writes them. */
  readonly written: number;
  /** Of calls and results, by the estimator. */
  readonly tokens: number;
  /** The results hold what an answer rests on, and the files are what they are to be. */
  readonly suffices: boolean;
}

/** A task, by the tools and by hand. */
export interface Played {
  readonly task: Task;
  readonly ours: Look;
  readonly hand: Look;
}

type Runner = (call: Call, index: number) => Promise<string> | string;

interface Made {
  readonly kit: EditKit;
  /** The texts by their paths, before anything was broken. */
  readonly before: ReadonlyMap<string, string>;
}

/** The workspace of a task; where git is asked for something, with two commits and something that is not committed. */
function made({ workspace: name, broken = {} }: Task, ripgrep: string | null, withGit: boolean): Made {
  const kit = editKit({ files: files[name], ripgrep }, ({ folder }) => watchOf(folder));
  const { folder } = kit.temp;
  const change = (path: string, of: (text: string) => string): void => {
    const file = join(folder, path);
    writeFileSync(file, of(readFileSync(file, 'utf8')));
  };
  const replace = (path: string, from: string, to: string): void => change(path, (text) => text.replace(from, to));
  if (withGit) {
    git(folder, 'init', '-q');
    if (name === 'pipeline') replace('pipeline/rates.py', ', "PAR": "EUR"', '');
    git(folder, 'add', '.');
    git(folder, 'commit', '-qm', 'All of it');
    if (name === 'pipeline') replace('pipeline/rates.py', '"BER": "EUR"', '"BER": "EUR", "PAR": "EUR"');
    git(folder, 'commit', '-qam', 'Paris', '--allow-empty');
  }
  if (name === 'shop') replace('src/config.ts', '8080', '3000');
  const before = new Map(Object.keys(files[name]).map((path) => [path, kit.read(path)]));
  for (const [path, of] of Object.entries(broken)) change(path, of);
  return { kit, before };
}

async function played({ steps, facts }: Pick<Task, 'steps' | 'facts'>, run: Runner): Promise<Look> {
  const seen: string[] = [];
  let [asked, calls, bytes, written, tokens] = [0, 0, 0, 0, 0];
  for (const step of steps) {
    const next = step(seen);
    const all = next === null ? [] : isSeveral(next) ? next : [next];
    if (all.length === 0) break;
    const results: string[] = [];
    for (const [index, call] of all.entries()) {
      const input = JSON.stringify(call.input);
      const result = await run(call, calls + index);
      results.push(result);
      written += Buffer.byteLength(input);
      tokens += tokensOf(sumOf([measureBlock(input), measureBlock(result)]), firstFactor(defaultModelId));
    }
    calls += all.length;
    asked += 1;
    const said = results.join('\n');
    bytes += Buffer.byteLength(said);
    seen.push(said);
  }
  const told = seen.join('\n');
  const suffices = asked === steps.length && facts.every((fact) => fact.test(told));
  return { steps: asked, calls, bytes, written, tokens, suffices };
}

function isSeveral(next: Call | readonly Call[]): next is readonly Call[] {
  return Array.isArray(next);
}

/** By the tools; an edit is planned, as for its card, and made. */
function byTools(kit: EditKit): Runner {
  const { ports: own, folder } = kit.temp;
  return async ({ tool: name, input }, index) => {
    const found = tools.find((tool) => tool.name === name);
    if (found === undefined) return `no tool ${name}`;
    const editing = kit.of(`call ${index}`, 'step');
    const ports = { ...own, changes: gitChanges(folder), languages: servicesOf(folder), editing };
    try {
      await found.writes?.(input as never, ports, never);
      const { content } = await runTool(found, input, ports, never);
      return typeof content === 'string' ? content : JSON.stringify(content);
    } catch (error) {
      if (error instanceof ToolError) return error.message;
      throw error;
    }
  };
}

/**
 * By what one types without them: whole files, `grep` with five lines around, a hundred lines on both sides. A file is
 * read whole before it is changed, and what was changed is looked at.
 */
function byHand({ temp: { folder } }: EditKit): Runner {
  const sh = (program: string, ...args: readonly string[]): string => {
    try {
      return execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    } catch (error) {
      return (error as { stdout?: string }).stdout ?? '';
    }
  };
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return ({ tool: name, input }) => {
    switch (name) {
      case 'search_text': {
        const kind = input['is_regex'] === true ? '-E' : '-F';
        const left = ['--exclude-dir=.git', '--exclude-dir=node_modules'];
        return sh('grep', '-rniI', kind, '-C5', ...left, text(input['query']), '.');
      }
      case 'find_files':
        return sh('find', '.', '-path', './.git', '-prune', '-o', '-type', 'f', '-print');
      case 'get_changes':
        return input['of'] === undefined ? sh('git', 'diff') : sh('git', 'show', 'HEAD');
      case 'get_diagnostics':
        return compilerOutput(folder);
      case 'edit_file': {
        const path = text(input['path']);
        const before = sh('cat', path);
        const edits = input['edits'] as readonly Readonly<Record<string, unknown>>[];
        const after = edits.reduce((now, { old_text: from, new_text: to, replace_all: all }) => {
          return all === true ? now.replaceAll(text(from), text(to)) : now.replace(text(from), () => text(to));
        }, before);
        writeFileSync(join(folder, path), after);
        return `${before}\n${sh('git', 'diff', '--', path)}`;
      }
      case 'rename_file':
        return sh('git', 'mv', text(input['path']), text(input['new_path']));
      default: {
        const start = input['start_line'];
        if (typeof start !== 'number') return sh('cat', text(input['path']));
        const range = `${Math.max(1, start - 100)},${Number(input['end_line']) + 100}p`;
        return sh('sed', '-n', range, text(input['path']));
      }
    }
  };
}

/** Whether each file is what it is to be, and there are no others. */
function isRight({ workspace, changed = {} }: Task, folder: string, before: ReadonlyMap<string, string>): boolean {
  const textOf = (path: string): string => before.get(path) ?? '';
  return [...new Set([...Object.keys(files[workspace]), ...Object.keys(changed)])].every((path) => {
    const change = changed[path];
    const wanted = change === undefined ? textOf(path) : change(textOf(path), textOf);
    const file = join(folder, path);
    return wanted === null ? !existsSync(file) : existsSync(file) && readFileSync(file, 'utf8') === wanted;
  });
}

/** Plays one by the tools, in a workspace of its own. `ripgrep`: null searches in JavaScript. */
export async function playByTools(
  task: Task,
  ripgrep: string | null,
): Promise<Look & { readonly made: readonly (readonly Call[])[] }> {
  const { kit, before } = made(task, ripgrep, task.kind === 'what changed');
  try {
    const steps: (readonly Call[])[] = [];
    const look = await played({ ...task, steps: task.steps.map((step) => recorded(step, steps)) }, byTools(kit));
    return { ...look, suffices: look.suffices && isRight(task, kit.temp.folder, before), made: steps };
  } finally {
    kit.temp.remove();
  }
}

/** Plays one in both ways. */
export async function play(task: Task, ripgrep: string | null): Promise<Played> {
  const ours = await playByTools(task, ripgrep);
  const { kit } = made(task, ripgrep, true);
  try {
    // The same calls: what `grep` says has another shape.
    const steps = ours.made.map((calls) => () => calls);
    const hand = await played({ facts: task.facts, steps }, byHand(kit));
    const edits = ours.made.flat().filter(({ tool }) => tool === 'edit_file').length;
    // Each edit is read before it and looked at behind it.
    return { task, ours, hand: { ...hand, calls: hand.calls + 2 * edits } };
  } finally {
    kit.temp.remove();
  }
}

function recorded(step: Step, steps: (readonly Call[])[]): Step {
  return (seen) => {
    const next = step(seen);
    if (next !== null) steps.push(isSeveral(next) ? next : [next]);
    return next;
  };
}
