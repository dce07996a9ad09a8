/** What can happen to files while a chat edits them. */
import fc from 'fast-check';
import type { StoreError } from '../../../src/core/base/errors';

/** A place, counted from the beginning and around: which of several, which line. */
type Which = number;

/** One call of a tool, as the model makes it of the text that it believes to be there. */
export type Call =
  | { readonly do: 'edit'; readonly file: Which; readonly spots: readonly Spot[] }
  | { readonly do: 'create'; readonly file: Which }
  | { readonly do: 'remove'; readonly file: Which }
  | { readonly do: 'rename'; readonly file: Which };

/** Lines that are replaced: `put` new ones in place of `take` old ones, or behind the first. */
interface Spot {
  readonly at: Which;
  readonly take: number;
  readonly put: number;
  readonly behind: boolean;
}

/** What somebody else does to a file, at any moment. */
export type Foreign =
  | { readonly do: 'type'; readonly file: Which; readonly at: Which; readonly how: 'insert' | 'change' | 'drop' }
  | { readonly do: 'save'; readonly file: Which; readonly over: boolean }
  | { readonly do: 'revert' | 'open' | 'close'; readonly file: Which }
  | { readonly do: 'checkout'; readonly file: Which; readonly at: Which; readonly how: 'change' | 'insert' | 'gone' };

interface Somewhere {
  readonly window: 0 | 1;
}

export type Act = Somewhere &
  (
    | {
        readonly do: 'turn';
        /** A message that it comes in the place of, counted from the last; null: none. */
        readonly instead: Which | null;
        readonly steps: readonly (readonly Call[])[];
        readonly atEnd: boolean;
        readonly rounds: number;
      }
    | { readonly do: 'answer'; readonly which: Which; readonly how: 'apply' | 'rest' | 'reject' }
    | { readonly do: 'stop'; readonly rounds: number }
    | { readonly do: 'settle' | 'reload' | 'kill' | 'retry' }
    /** To a branch beside the one that is shown, if there is any; `settled`: when nothing runs any more. */
    | { readonly do: 'walk'; readonly which: Which; readonly settled: boolean }
    | {
        readonly do: 'decide';
        readonly turn: Which;
        readonly file: Which | null;
        readonly hunk: Which | null;
        readonly keep: boolean;
      }
    /** Before the next write of ours, or before the store is asked for something of that name. */
    | { readonly do: 'meanwhile'; readonly at: Moment; readonly act: Foreign }
    | { readonly do: 'dieAt'; readonly at: Moment }
    | { readonly do: 'formatter'; readonly on: boolean }
    | { readonly do: 'storeFails'; readonly code: StoreError['code']; readonly calls: number; readonly at: Moment }
    | Foreign
  );

/** `noted`: all is kept, nothing is written; `editor`: an editor is changed or saved; `told`: it is written, and not in the record. */
export type Moment = 'noted' | 'editor' | 'told';

export interface Plan {
  readonly windows: 1 | 2;
  readonly failingStore: boolean;
  readonly latin1: boolean;
  readonly acts: readonly Act[];
}

const file = fc.nat({ max: 9 });
const at = fc.nat({ max: 40 });
const moment = fc.constantFrom<Moment>('noted', 'editor', 'told');

const spot = fc.record({
  at,
  take: fc.integer({ min: 1, max: 3 }),
  put: fc.integer({ min: 0, max: 3 }),
  behind: fc.boolean(),
});

const call: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      file,
      spots: fc.array(spot, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('create', 'remove', 'rename'), file }),
  },
);

const foreign: fc.Arbitrary<Foreign> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      ...{ do: fc.constant('type' as const), file, at },
      how: fc.constantFrom('insert' as const, 'insert' as const, 'change' as const, 'drop' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('save' as const), file, over: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('revert' as const, 'open' as const, 'open' as const, 'close' as const),
      file,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ do: fc.constant('checkout' as const), file, at },
      how: fc.constantFrom('change' as const, 'change' as const, 'insert' as const, 'gone' as const),
    }),
  },
);

const orNull = (of: fc.Arbitrary<number>): fc.Arbitrary<number | null> => fc.option(of, { freq: 2, nil: null });

/** Leaves out which window it happens in. */
type Anywhere<A> = A extends Somewhere ? Omit<A, 'window'> : never;

function of(weight: number, arbitrary: fc.Arbitrary<Anywhere<Act>>): fc.WeightedArbitrary<Anywhere<Act>> {
  return { weight, arbitrary };
}

/** `instead`: how many of seven messages come in the place of another one. */
function turn(instead: number): fc.WeightedArbitrary<Anywhere<Act>> {
  return of(
    8,
    fc.record({
      do: fc.constant('turn' as const),
      instead: fc.oneof(
        { weight: 7 - instead, arbitrary: fc.constant(null) },
        { weight: instead, arbitrary: fc.nat({ max: 2 }) },
      ),
      steps: fc.array(fc.array(call, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      atEnd: fc.boolean(),
      rounds: fc.nat({ max: 60 }),
    }),
  );
}

const always: readonly fc.WeightedArbitrary<Anywhere<Act>>[] = [
  of(
    4,
    fc.record({
      do: fc.constant('answer' as const),
      which: fc.nat({ max: 3 }),
      how: fc.constantFrom('apply', 'rest', 'reject'),
    }),
  ),
  of(1, fc.record({ do: fc.constant('stop' as const), rounds: fc.nat({ max: 60 }) })),
  of(
    3,
    fc.record({
      do: fc.constantFrom('settle' as const, 'settle' as const, 'reload' as const, 'kill' as const, 'retry' as const),
    }),
  ),
  of(
    8,
    fc.record({
      do: fc.constant('decide' as const),
      turn: fc.nat({ max: 2 }),
      file: orNull(fc.nat({ max: 3 })),
      hunk: orNull(fc.nat({ max: 3 })),
      keep: fc.boolean(),
    }),
  ),
  of(3, fc.record({ do: fc.constant('meanwhile' as const), at: moment, act: foreign })),
  of(1, fc.record({ do: fc.constant('dieAt' as const), at: moment })),
  of(1, fc.record({ do: fc.constant('formatter' as const), on: fc.boolean() })),
  of(8, foreign),
];

const failing = of(
  3,
  fc.record({
    do: fc.constant('storeFails' as const),
    code: fc.constantFrom('busy' as const, 'full' as const, 'failed' as const),
    calls: fc.integer({ min: 1, max: 6 }),
    at: moment,
  }),
);

const walking = of(
  8,
  fc.record({ do: fc.constant('walk' as const), which: fc.nat({ max: 5 }), settled: fc.boolean() }),
);

/** All that may happen. */
export const plans: fc.Arbitrary<Plan> = fc
  .tuple(
    fc.constantFrom(1 as const, 1 as const, 2 as const),
    fc.constantFrom(false, false, true),
    fc.boolean(),
    fc.boolean(),
  )
  .chain(([windows, failingStore, latin1, branches]) => {
    const where = windows === 1 ? fc.constant(0 as const) : fc.constantFrom(0 as const, 0 as const, 1 as const);
    const some = [...(branches ? [turn(4), walking] : [turn(1)]), ...(failingStore ? [failing] : [])];
    const act = fc.tuple(fc.oneof(...always, ...some), where).map(([what, window]) => ({ ...what, window }) as Act);
    return fc.array(act, { minLength: 3, maxLength: 16 }).map((acts) => ({ windows, failingStore, latin1, acts }));
  });
