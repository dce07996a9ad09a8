/** A conversation that grows: each request extends the one before, and reads from the cache all that it wrote. */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import fc from 'fast-check';
import type { Request } from '../../../../src/core/api/requestBody';
import { changesSince, seenContext } from '../../../../src/core/context/context';
import type { ContextFile } from '../../../../src/core/record/record';
import { CacheLedger } from '../../../fakeClaude/ledger';
import { prefixDigests } from '../../../fakeClaude/positions';
import type { RequestBody } from '../../../fakeClaude/wire';
import { cases } from '../../../short';
import {
  blocksOf,
  checkStrictly,
  file,
  image,
  opus,
  PathMaker,
  requestOf,
  sonnet,
  text,
  thinking,
  toolUse,
} from './paths';

interface Step {
  readonly thinks: boolean;
  readonly says: boolean;
  readonly tools: number;
  readonly edits: boolean;
}

type Ending =
  | 'end_turn'
  | 'max_tokens'
  | 'thoughtsOnly'
  | 'refusal'
  | 'stoppedBefore'
  | 'stoppedAfter'
  | 'stoppedInTools';

interface Turn {
  readonly edits: boolean;
  readonly pictures: number;
  readonly epoch: boolean;
  readonly steps: readonly Step[];
  readonly ending: Ending;
}

const step: fc.Arbitrary<Step> = fc.record({
  thinks: fc.boolean(),
  says: fc.boolean(),
  tools: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 3 }) }, fc.integer({ min: 9, max: 24 })),
  edits: fc.boolean(),
});

function turns(epochs: boolean): fc.Arbitrary<readonly Turn[]> {
  const turn = fc.record({
    edits: fc.boolean(),
    pictures: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 3 })),
    epoch: epochs ? fc.integer({ min: 0, max: 4 }).map((n) => n === 0) : fc.constant(false),
    steps: fc.array(step, { maxLength: 3 }),
    ending: fc.constantFrom(...endings),
  });
  return fc.array(turn, { minLength: 2, maxLength: 8 });
}

const endings: readonly Ending[] = [
  'end_turn',
  'max_tokens',
  'thoughtsOnly',
  'refusal',
  'stoppedBefore',
  'stoppedAfter',
  'stoppedInTools',
];

/** Plays turns on a record as the host would, and looks at each request on its way out. */
class Conversation {
  readonly maker = new PathMaker();
  readonly requests: Request[] = [];
  /** The latest request that the next one has to extend; null where a rule says that the prefix begins anew. */
  private before: Request | null = null;
  private written = 0;
  /** By the documents a new picture loses the cache, which is no matter of ours: here it keeps it. */
  private readonly ledger = new CacheLedger({ switches: { appendedImagesKeepCache: true } });
  private files: ContextFile[];
  private calls = 0;
  private edits = 0;
  private now = 0;

  constructor(readonly model: string) {
    const lines = Array.from({ length: 220 }, (_, index) => `export const value${index} = compute(${index});\n`);
    this.files = [file('a.ts', lines.join('')), file('b.ts', 'b\n')];
  }

  play(turn: Turn): void {
    this.open(turn);
    const base = { before: this.before, written: this.written };
    for (const one of turn.steps) this.step(one);
    this.close(turn.ending);
    if (turn.ending !== 'refusal') return;
    // A refused turn is taken out: the next request extends the one before that turn.
    this.before = base.before;
    this.written = base.written;
  }

  private open(turn: Turn): void {
    if (turn.edits) this.edit();
    const context = { project: [], files: this.files, selection: null };
    const seen = seenContext(this.maker.entries);
    if (seen === null || turn.epoch) {
      this.maker.add({ kind: 'snapshot', ...context });
      this.before = null;
    } else {
      const changes = changesSince(seen, context);
      if (changes.length > 0) this.maker.change(...changes);
    }
    const pictures = Array.from({ length: turn.pictures }, () => image('pixel'));
    this.maker.user(`Question ${this.maker.entries.length}`, ...pictures);
  }

  private edit(): void {
    this.edits += 1;
    const [first = file('a.ts', ''), ...rest] = this.files;
    this.files = [{ ...first, text: first.text.replace(`value${this.edits} =`, `edit${this.edits} =`) }, ...rest];
  }

  private step(one: Step): void {
    const request = this.request();
    const calls = Array.from({ length: one.tools }, () => this.call());
    const says = one.says ? [text('I look.')] : [];
    this.maker.assistant([...this.thought(one.thinks, request), ...says, ...calls.map((id) => toolUse(id))], {
      model: this.model,
    });
    for (const id of calls) this.maker.result(id, `result of ${id}`);
    if (!one.edits) return;
    this.edit();
    const seen = seenContext(this.maker.entries);
    assert.ok(seen);
    this.maker.change(...changesSince(seen, { project: [], files: this.files, selection: null }));
  }

  private close(ending: Ending): void {
    const request = this.request();
    const thoughts = this.thought(true, request);
    const model = this.model;
    switch (ending) {
      case 'end_turn':
        this.maker.assistant([...thoughts, text('So it is.')], { model }).end();
        return;
      case 'max_tokens':
        this.maker
          .assistant([text('So it'), toolUse(this.call(), {})], { model, stopReason: 'max_tokens' })
          .end('maxTokens');
        return;
      case 'thoughtsOnly':
        this.maker.assistant(thoughts, { model }).end('empty');
        return;
      case 'refusal':
        this.maker
          .assistant([], { model, stopReason: 'refusal', refusal: { category: null, explanation: null } })
          .end();
        return;
      case 'stoppedBefore':
        this.maker.end('stopped');
        return;
      case 'stoppedAfter': {
        const cut: Anthropic.ContentBlock = { type: 'thinking', thinking: 'Hm', signature: '' };
        this.maker.assistant([text('It'), cut], { model, stopReason: null, partial: 'stopped' }).end('stopped');
        return;
      }
      case 'stoppedInTools': {
        const [done, cancelled] = [this.call(), this.call()];
        this.maker.assistant([...thoughts, toolUse(done), toolUse(cancelled)], { model });
        this.maker.result(done).result(cancelled, 'stopped', true, true).end('stopped');
      }
    }
  }

  private call(): string {
    this.calls += 1;
    return `toolu_${this.calls}`;
  }

  private thought(thinks: boolean, request: Request): readonly Anthropic.ContentBlock[] {
    if (!thinks) return [];
    const prefix = prefixDigests(bodyOf(request)).at(-1)?.[0] ?? '';
    return [thinking('Hm.', this.model, prefix)];
  }

  private request(): Request {
    const request = requestOf(this.maker.entries, this.model);
    checkStrictly(request);
    if (this.before !== null) assertExtends(request, this.before);
    this.now += 1000;
    const pass = this.ledger.play(bodyOf(request), this.now);
    const read = pass.usage.cache_read_input_tokens;
    if (this.before !== null) {
      assert.ok(read >= this.written, `request ${this.requests.length} reads ${read} of ${this.written} tokens`);
    }
    this.written = read + pass.usage.cache_creation_input_tokens;
    this.before = request;
    this.requests.push(request);
    return request;
  }
}

function bodyOf(request: Request): RequestBody {
  return JSON.parse(JSON.stringify(request)) as RequestBody;
}

function assertExtends(request: Request, before: Request): void {
  const [next, was] = [blocksOf(request), blocksOf(before)];
  assert.deepEqual(next.slice(0, was.length), was);
  const { messages: _, system: _system, tools: _tools, ...settings } = request;
  const { messages: _b, system: _systemB, tools: _toolsB, ...settingsBefore } = before;
  assert.deepEqual(settings, settingsBefore);
}

describe('A growing conversation', () => {
  for (const model of [opus, sonnet]) {
    it(`extends each request byte for byte and reads all that the one before wrote (${model})`, () => {
      fc.assert(
        fc.property(turns(false), (played) => {
          const conversation = new Conversation(model);
          for (const turn of played) conversation.play(turn);
          assert.ok(conversation.requests.length >= played.length);
        }),
        { numRuns: cases(30, 15) },
      );
    });
  }

  it('begins anew with a new epoch, and extends its requests from there', () => {
    fc.assert(
      fc.property(turns(true), (played) => {
        const conversation = new Conversation(opus);
        for (const turn of played) conversation.play(turn);
      }),
      { numRuns: cases(25, 12) },
    );
  });

  it('never sends a thought behind another prefix than its own where that is refused', () => {
    fc.assert(
      fc.property(turns(true), (played) => {
        const conversation = new Conversation('claude-opus-5-5');
        for (const turn of played) conversation.play(turn);
      }),
      { numRuns: cases(25, 12) },
    );
  });

  it('reads everything after a step of forty blocks', () => {
    const conversation = new Conversation(opus);
    const turn = { edits: false, pictures: 0, epoch: false, ending: 'end_turn' } as const;
    const many = { thinks: true, says: true, tools: 20, edits: true };
    conversation.play({ ...turn, steps: [many, many, many] });
    conversation.play({ ...turn, steps: [] });
    assert.equal(conversation.requests.length, 5);
  });

  it('sets a breakpoint at the end of instructions, of the context and of the messages, and the request before only when it is far', () => {
    const path = new PathMaker().snapshot(file('a.ts', 'x'.repeat(9000))).user('one');
    const breakpoints = (request: Request): readonly string[] => [
      ...request.system.flatMap((block, index) => (block.cache_control ? [`system ${index}`] : [])),
      ...request.messages.flatMap(({ content }, index) =>
        (content as readonly { readonly cache_control?: unknown }[]).flatMap((block, at) =>
          block.cache_control === undefined ? [] : [`message ${index}.${at}`],
        ),
      ),
    ];
    assert.deepEqual(breakpoints(requestOf(path.entries)), ['system 0', 'system 1', 'message 0.0']);
    const near = Array.from({ length: 9 }, (_, index) => `t${index}`);
    path.assistant([text('I look.'), ...near.map((id) => toolUse(id))]);
    for (const id of near) path.result(id);
    // 1 + 9 blocks of the answer and 9 results: 19, as far as a mark reaches.
    assert.deepEqual(breakpoints(requestOf(path.entries)), ['system 0', 'system 1', 'message 2.8']);
    path.result('t0').user('two');
    assert.deepEqual(breakpoints(requestOf(path.entries)), ['system 0', 'system 1', 'message 0.0', 'message 2.9']);
  });

  it('sets no breakpoint on a prefix below what the model keeps', () => {
    const request = requestOf(new PathMaker().snapshot().user('one').entries, 'claude-haiku-4-5', {}, []);
    assert.ok(request.system.every((block) => block.cache_control === undefined));
  });
});
