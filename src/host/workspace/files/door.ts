/**
 * The one door for what touches a disk. A call on a mount that hangs cannot be cancelled and keeps one of the few
 * threads that all extensions share (libuv has four): so few go out at a time, and none to where nothing answers.
 */
import { ToolError } from '../../../core/tools/workspace';

/** Outstanding on one place, and on all together: one thread is always left to others. */
const maxEach = 2;
const maxAll = 3;
/** ms without an answer after which nothing more is asked of a place. */
const silentMs = 2_000;
/** ms without an answer after which whoever waits for it goes on without. */
const patienceMs = 5_000;

/** Nothing is known of what was asked: not that it is gone, and not that it is there. */
export class DiskSilent extends ToolError {
  constructor(place: string) {
    const name = place.split(/[\\/]/).findLast((segment) => segment !== '') ?? place;
    super(
      `The disk that holds ${name} does not answer (a network drive that is not reachable?), so this was given up. ` +
        'Go on without it, or try again later.',
    );
  }
}

/**
 * Does one thing after another on a disk. Calls `alive` after each, which shows that the disk answers and throws when
 * nobody waits for the result any more.
 */
type DiskWork<T> = (alive: () => void) => Promise<T>;

interface Call {
  readonly place: string;
  readonly start: () => void;
  readonly give: (error: unknown) => void;
  /** When it began, or was answered last; ms of `performance.now`. */
  since: number;
}

interface DoorTimes {
  readonly silentMs: number;
  readonly patienceMs: number;
}

/** Lets a bounded number of calls to disks run at once, and gives up on those that do not answer. */
export class DiskDoor {
  readonly #running = new Set<Call>();
  /** By place, each in its order. */
  readonly #waiting = new Map<string, Set<Call>>();
  #timer: NodeJS.Timeout | null = null;

  constructor(
    /** Outstanding on all places together. */
    readonly maxTogether: number = maxAll,
    readonly times: DoorTimes = { silentMs, patienceMs },
  ) {}

  /**
   * Rejects with the signal's reason, and with DiskSilent when the place does not answer. Of one place at most two
   * run at a time. What hangs keeps its place here until it returns, whoever waits.
   */
  run<T>(place: string, work: DiskWork<T>, signal?: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      signal?.throwIfAborted();
      let settled = false;
      let patience: NodeJS.Timeout | undefined;
      const settle = (): void => {
        settled = true;
        clearTimeout(patience);
        signal?.removeEventListener('abort', abort);
      };
      const give = (error: unknown): void => {
        if (settled) return;
        settle();
        this.#waiting.get(place)?.delete(call);
        reject(error);
      };
      const abort = (): void => give(signal?.reason);
      const wait = (): void => {
        clearTimeout(patience);
        patience = setTimeout(() => give(new DiskSilent(place)), this.times.patienceMs);
      };
      const alive = (): void => {
        call.since = performance.now();
        if (settled) throw new DiskSilent(place);
        wait();
      };
      const start = (): void => {
        this.#running.add(call);
        call.since = performance.now();
        wait();
        Promise.resolve(alive)
          .then(work)
          .then((result) => {
            if (settled) return;
            settle();
            resolve(result);
          }, give)
          .finally(() => {
            this.#running.delete(call);
            this.#next();
          });
      };
      const call: Call = { place, start, give, since: 0 };
      signal?.addEventListener('abort', abort, { once: true });
      const queue = this.#waiting.get(place) ?? new Set();
      this.#waiting.set(place, queue.add(call));
      this.#next();
    });
  }

  /** Starts what may start, in its order; gives up what waits for a place that does not answer. */
  #next(): void {
    const now = performance.now();
    let soonest = Number.POSITIVE_INFINITY;
    for (const [place, queue] of this.#waiting) {
      for (const call of queue) {
        const before = this.#before(place);
        if (before !== null) {
          const silentAt = Math.max(...before.map(({ since }) => since)) + this.times.silentMs;
          if (silentAt > now) soonest = Math.min(soonest, silentAt);
          else for (const hopeless of [...queue]) hopeless.give(new DiskSilent(place));
          break;
        }
        queue.delete(call);
        call.start();
      }
      if (queue.size === 0) this.#waiting.delete(place);
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (soonest < Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.#next(), soonest - now + 1);
  }

  /** What has to return before another call to a place may start; null when it may start now. */
  #before(place: string): readonly Call[] | null {
    const here = [...this.#running].filter((call) => call.place === place);
    if (here.length >= maxEach) return here;
    return this.#running.size >= this.maxTogether ? [...this.#running] : null;
  }
}

/** For this machine's disks: their calls share the threads. */
export const diskDoor = new DiskDoor();
/** For file systems that other extensions provide: their calls take no thread, but may never return either. */
export const virtualDoor = new DiskDoor(Number.POSITIVE_INFINITY, { silentMs: 15_000, patienceMs: 30_000 });
