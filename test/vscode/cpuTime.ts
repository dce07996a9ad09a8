/** CPU time of trees of processes, as Linux keeps it in /proc (proc(5)); elsewhere nothing is known. */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second on every machine that Node.js runs on. */
const ticksPerMinute = 100 * 60;

/** Time between two looks: each reads the state of every process of the machine. */
const everyMilliseconds = 2_000;

interface Stat {
  readonly parent: number;
  readonly started: string;
  /** Ticks of the process alone, and of the children that it has waited for. */
  readonly own: number;
  readonly waitedFor: number;
}

function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before the last bracket may hold blanks; the state, field 3, comes behind it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const field = (number: number): string => fields[number - 3] ?? '';
    return {
      parent: Number(field(4)),
      started: field(22),
      own: Number(field(14)) + Number(field(15)),
      waitedFor: Number(field(16)) + Number(field(17)),
    };
  } catch {
    return null;
  }
}

/** A process and all below it: what each has taken, by its id and its start. */
interface Watched {
  readonly known: Set<number>;
  readonly seen: Map<string, number>;
}

/** All that are watched now: one look serves each of them. */
const watched = new Set<Watched>();
let timer: NodeJS.Timeout | undefined;

function look(): void {
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? statOf(pid) : null;
    if (stat === null) continue;
    const key = `${pid} ${stat.started}`;
    for (const { known, seen } of watched) {
      if (!seen.has(key) && !known.has(pid) && !known.has(stat.parent)) continue;
      known.add(pid);
      seen.set(key, stat.own);
    }
  }
}

/**
 * Watches a process and all below it from now on. The answer is CPU minutes, a little too low: processes that were
 * killed with their parents are known only as they were when last looked at, up to two seconds before; null where
 * nothing can be known.
 */
export function watchCpuTime(root: number = process.pid): () => number | null {
  if (statOf(process.pid) === null) return () => null;
  const one: Watched = { known: new Set([root]), seen: new Map() };
  watched.add(one);
  timer ??= setInterval(look, everyMilliseconds).unref();
  return () => {
    look();
    watched.delete(one);
    if (watched.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
    const self = statOf(root);
    const waitedFor = self === null ? 0 : self.own + self.waitedFor;
    const sampled = [...one.seen.values()].reduce((sum, ticks) => sum + ticks, 0);
    return Math.max(waitedFor, sampled) / ticksPerMinute;
  };
}
