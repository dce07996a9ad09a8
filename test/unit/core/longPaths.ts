/** Long conversations, and how much is copied while something is made of them. */
import type { Entry } from '../../../src/core/record/record';
import { file, PathMaker, text } from './prompt/paths';

const minute = 60_000;

/**
 * So many turns, each with a call of a tool: every other one begins a quarter of an hour after the one before, behind a
 * long-lived cache breakpoint.
 */
export function longPath(turns: number): readonly Entry[] {
  const maker = new PathMaker();
  maker.snapshot(file('a.ts', 'export const a = 1;\n'));
  let at = 1_000_000;
  let read = 5000;
  for (let turn = 0; turn < turns; turn += 1) {
    at += turn % 2 === 0 ? 15 * minute : minute;
    const usage = { input: 0, cacheRead: read, cacheWrite5m: 300, cacheWrite1h: 0, output: 20 };
    const call = { type: 'tool_use', id: `t${turn}`, name: 'read_file', input: { path: 'a.ts' } } as const;
    const answer = { usage, effort: 'high', askedAt: at } as const;
    const anchor = {
      answer: maker.entries.findLast(({ kind }) => kind === 'assistant')?.id ?? '',
      side: 'after',
    } as const;
    maker.user(`Question ${turn}?`);
    maker.assistant([{ ...call, caller: { type: 'direct' } }], { ...answer, anchor });
    maker.result(call.id);
    maker.assistant([text(`Answer ${turn}.`)], { ...answer, anchor });
    maker.end();
    read += 300;
  }
  return maker.entries;
}

/** These go through the whole list. */
const whole = [
  'slice',
  'with',
  'map',
  'filter',
  'concat',
  'flatMap',
  'toSorted',
  'toReversed',
  Symbol.iterator,
] as const;
/** These go as far as they are told to, asking of each element. */
const asking = ['find', 'findLast', 'findIndex', 'findLastIndex', 'some', 'every', 'forEach', 'reduce'] as const;

type Method = (this: readonly unknown[], ...args: readonly unknown[]) => unknown;

/** How many elements of arrays are copied or looked at while `work` runs: work is counted, not timed. */
export function elementsVisited(work: () => void): number {
  let visited = 0;
  const replaced = new Map<string | symbol, PropertyDescriptor>();
  const replace = (name: string | symbol, by: (original: Method) => Method): void => {
    const original = Object.getOwnPropertyDescriptor(Array.prototype, name);
    if (original === undefined) throw new Error(`arrays have no ${String(name)}`);
    replaced.set(name, original);
    Object.defineProperty(Array.prototype, name, { ...original, value: by(original.value as Method) });
  };
  for (const name of whole) {
    replace(
      name,
      (original) =>
        function (...args) {
          visited += this.length;
          return Reflect.apply(original, this, args);
        },
    );
  }
  for (const name of asking) {
    replace(
      name,
      (original) =>
        function (ask, ...rest) {
          const counted = (...args: readonly unknown[]): unknown => {
            visited += 1;
            return Reflect.apply(ask as Method, undefined, args);
          };
          return Reflect.apply(original, this, [counted, ...rest]);
        },
    );
  }
  try {
    work();
  } finally {
    for (const [name, original] of replaced) Object.defineProperty(Array.prototype, name, original);
  }
  return visited;
}
