/** What can happen to a chat, and how Claude's side may answer. */
import fc from 'fast-check';
import type { StoreError } from '../../../src/core/base/errors';
import type { ExcludeTarget } from '../../../src/shared/chat';
import { type Reply, reply } from '../../fakeClaude/script';

/** Which window it happens in: the second one is opened by its first act. */
interface Somewhere {
  readonly window: 0 | 1;
}

export type Act = Somewhere &
  (
    | { readonly do: 'send'; readonly text: string; readonly replies: readonly Answer[]; readonly rounds: number }
    | { readonly do: 'stop'; readonly rounds: number }
    | { readonly do: 'settle' | 'reload' | 'kill' | 'hide' | 'show' | 'newChat' }
    | { readonly do: 'pass' | 'machineSleeps'; readonly seconds: number }
    | { readonly do: 'fallAsleep' | 'wakeUp' }
    | { readonly do: 'storeFails'; readonly code: StoreError['code']; readonly calls: number }
    | { readonly do: 'model'; readonly model: string }
    | { readonly do: 'edit'; readonly file: number; readonly text: string }
    | { readonly do: 'open' | 'close'; readonly file: number }
    | { readonly do: 'select'; readonly file: number; readonly line: number }
    | { readonly do: 'retry' | 'continue' | 'restorePrompt' | 'retryNow' }
    | { readonly do: 'draft'; readonly text: string }
    /** With what waits, or with a message that was sent: which one is counted from the end. */
    | { readonly do: 'sendQueuedNow' | 'unqueue'; readonly which: number }
    | { readonly do: 'moveQueued'; readonly which: number; readonly by: number }
    | { readonly do: 'editQueued' | 'editMessage'; readonly which: number; readonly text: string }
    | { readonly do: 'compact'; readonly reply: Answer }
    /** Something that is shown, counted from the end: left out where it is not, and else taken back in. */
    | { readonly do: 'leaveOut'; readonly what: ExcludeTarget['what']; readonly which: number }
  );

export const files = ['a.ts', 'b.ts', 'c.ts'];

/** Two that do not look at what stands before a thought, and two that bind it (API-FACTS §5). */
export const models = ['claude-opus-4-8', 'claude-haiku-4-5', 'claude-opus-5-5', 'claude-fable-5-2'] as const;

export const replies = {
  text: reply.thinking('Let me think.').text('Here is **the** answer, `a.ts:1`.'),
  slow: reply
    .text('One two three four five six seven eight nine ten.')
    .newBlock()
    .text(' And more.')
    .newBlock()
    .text(' End.'),
  tools: reply
    .thinking('I look.')
    .text('Looking.')
    .toolUse('read_file', { path: 'a.ts' })
    .toolUse('find_files', { pattern: '**' }),
  badTools: reply
    .toolUse('read_file', { nothing: true })
    .toolUse('no_such_tool', {})
    .toolUse('read_file', { path: 'gone.ts' }),
  maxTokens: reply.text('This is cut').stop('max_tokens'),
  maxTokensInTool: reply.text('I call').toolJson('read_file', '{"pa', 'th": "a').stop('max_tokens'),
  refusal: reply.text('I begin').refuse('cyber', 'No.'),
  empty: reply.stop('end_turn'),
  unknownStop: reply.text('Strange.').stop('solar_flare'),
  overloaded: reply.overloaded(),
  cut: reply.thinking('Hm.').text('Half of an answer').cut(),
  cutEarly: reply.drop(),
  midError: reply.text('Some words').midStreamError(),
  html: reply.html(),
  thinkingOnly: reply.thinking('Only thoughts.').stop('end_turn'),
  stall: reply.text('It begins').stall(),
} as const satisfies Readonly<Record<string, Reply>>;

export type Answer = keyof typeof replies;

const text = fc.constantFrom(
  'Why?',
  'What does `a.ts` do?',
  '继续',
  'x'.repeat(300),
  '  spaces  ',
  '<file>&amp;\u202e',
);
const names = Object.keys(replies) as Answer[];
const answers = fc.array(fc.constantFrom(...names), { maxLength: 4 });
const which = fc.nat({ max: 2 });
const file = fc.nat({ max: files.length - 1 });
const rounds = fc.nat({ max: 60 });

/** Leaves out which window it happens in. */
type Anywhere<A> = A extends Somewhere ? Omit<A, 'window'> : never;

function of(weight: number, arbitrary: fc.Arbitrary<Anywhere<Act>>): fc.WeightedArbitrary<Anywhere<Act>> {
  return { weight, arbitrary };
}

const oneWindow: readonly fc.WeightedArbitrary<Anywhere<Act>>[] = [
  of(7, fc.record({ do: fc.constant('send' as const), text, replies: answers, rounds })),
  of(3, fc.constant({ do: 'settle' })),
  of(3, fc.record({ do: fc.constant('stop' as const), rounds })),
  of(1, fc.constant({ do: 'reload' })),
  of(1, fc.constant({ do: 'kill' })),
  of(1, fc.record({ do: fc.constantFrom('hide' as const, 'show' as const) })),
  of(
    1,
    fc.record({ do: fc.constantFrom('pass' as const, 'machineSleeps' as const), seconds: fc.constantFrom(3, 20, 600) }),
  ),
  of(1, fc.record({ do: fc.constant('model' as const), model: fc.constantFrom(...models) })),
  of(3, fc.record({ do: fc.constant('edit' as const), file, text: fc.string({ maxLength: 200 }) })),
  of(1, fc.record({ do: fc.constantFrom('open' as const, 'close' as const), file })),
  of(1, fc.record({ do: fc.constant('select' as const), file, line: fc.integer({ min: 1, max: 5 }) })),
  of(2, fc.record({ do: fc.constantFrom('retry' as const, 'continue' as const) })),
  of(1, fc.record({ do: fc.constantFrom('restorePrompt' as const, 'retryNow' as const) })),
  of(1, fc.record({ do: fc.constantFrom('sendQueuedNow' as const, 'unqueue' as const), which })),
  of(1, fc.record({ do: fc.constant('moveQueued' as const), which, by: fc.integer({ min: -2, max: 2 }) })),
  of(1, fc.record({ do: fc.constantFrom('editQueued' as const, 'editMessage' as const), which, text })),
  of(2, fc.record({ do: fc.constant('compact' as const), reply: fc.constantFrom(...names, 'text' as const) })),
  of(
    3,
    fc.record({
      do: fc.constant('leaveOut' as const),
      what: fc.constantFrom('turn', 'answer', 'result', 'compaction'),
      which,
    }),
  ),
];

const draft = of(1, fc.record({ do: fc.constant('draft' as const), text }));

// Two windows that type into the same conversation have one draft: the one that was typed last.
const severalWindows: readonly fc.WeightedArbitrary<Anywhere<Act>>[] = [
  ...oneWindow,
  of(2, fc.record({ do: fc.constantFrom('fallAsleep' as const, 'wakeUp' as const) })),
];

const failingStore: readonly fc.WeightedArbitrary<Anywhere<Act>>[] = [
  of(
    3,
    fc.record({
      do: fc.constant('storeFails' as const),
      code: fc.constantFrom('busy' as const, 'full' as const, 'failed' as const),
      calls: fc.integer({ min: 1, max: 6 }),
    }),
  ),
];

/** What kinds of things happen in a history. */
export interface Plan {
  readonly windows: 1 | 2;
  readonly failingStore: boolean;
  readonly acts: readonly Act[];
}

function acts(windows: 1 | 2, failing: boolean): fc.Arbitrary<readonly Act[]> {
  const kinds = [...(windows === 1 ? [...oneWindow, draft] : severalWindows), ...(failing ? failingStore : [])];
  const act = fc
    .tuple(
      fc.oneof(...kinds),
      windows === 1 ? fc.constant(0 as const) : fc.constantFrom(0 as const, 0 as const, 1 as const),
    )
    .map(([what, window]) => ({ ...what, window }) as Act);
  return fc.array(act, { minLength: 3, maxLength: 14 });
}

/** Histories of these kinds; each list is drawn from evenly. */
export function plans(windows: readonly (1 | 2)[], failing: readonly boolean[]): fc.Arbitrary<Plan> {
  return fc
    .tuple(fc.constantFrom(...windows), fc.constantFrom(...failing))
    .chain(([count, fails]) => acts(count, fails).map((list) => ({ windows: count, failingStore: fails, acts: list })));
}
