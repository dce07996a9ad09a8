/** Looks for inputs that nobody thought of. Each case is made from its seed alone, so that it can be run again. */
export interface Machine {
  /** What `npm run fuzz -- NAME` calls it. */
  readonly name: string;
  /** Runs one case; throws with all that is needed to understand it when something is wrong. */
  run(seed: number): Promise<void>;
  /** Gives back what it holds. */
  close?(): Promise<void>;
}

/** What came of a run. */
export interface Found {
  readonly cases: number;
  readonly failures: readonly { readonly seed: number; readonly error: unknown }[];
}

export interface Limits {
  readonly from: number;
  readonly cases: number;
  /** ms since the epoch after which no case begins. */
  readonly until: number;
  /** Failures after which it ends. */
  readonly enough: number;
}

/** Runs cases from a seed on, one after the other, and goes on after a failure. */
export async function runMachine(machine: Machine, limits: Limits, tell?: (done: number) => void): Promise<Found> {
  const failures: { seed: number; error: unknown }[] = [];
  let cases = 0;
  while (cases < limits.cases && failures.length < limits.enough && Date.now() < limits.until) {
    const seed = limits.from + cases;
    try {
      await machine.run(seed);
    } catch (error) {
      failures.push({ seed, error });
    }
    cases += 1;
    tell?.(cases);
  }
  await machine.close?.();
  return { cases, failures };
}

/** An error and what caused it. */
export function whatHappened(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? (error.stack ?? error.message) : `${error.message}\n${whatHappened(error.cause)}`;
}
