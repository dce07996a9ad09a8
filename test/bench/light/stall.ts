/** For how long an event loop does nothing else at a time, beside what else the machine does. */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/** ms for which this thread was ready and another one ran, since it began; 0 where the system does not say. */
function waitedMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[1]) / 1_000_000;
  } catch {
    return 0;
  }
}

/** ms between two looks. */
const tickMs = 1;

/** The longest stall of this thread's event loop while `work` runs, in ms, but for the time that others had its core. */
export async function longestStall(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let waited = waitedMs();
  const timer = setInterval(() => {
    const now = performance.now();
    const waitedNow = waitedMs();
    longest = Math.max(longest, now - last - tickMs - (waitedNow - waited));
    last = now;
    waited = waitedNow;
  }, tickMs);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return longest;
}
