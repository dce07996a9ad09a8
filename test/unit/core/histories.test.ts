/**
 * Random histories: sends, stops, reloads, kills, faults and edits in any order. Whatever happens, every request is
 * one that the strict API accepts, nothing is lost or reordered, and the panel shows what the host and the store have.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Store } from '../../../src/core/ports';
import { stateOf } from '../../../src/core/transcript';
import { type ChatState, type LeaveOutTarget, targetKey } from '../../../src/shared/chat';
import type { QueuedRow, ViewToHost } from '../../../src/shared/protocol';
import { type Reply, reply } from '../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../fakeClaude/server';
import { type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from './kit';

type Act =
  | { readonly do: 'send'; readonly text: string; readonly replies: readonly Answer[] }
  | { readonly do: 'stop'; readonly afterMs: number }
  | { readonly do: 'settle' }
  | { readonly do: 'reload' }
  | { readonly do: 'kill' }
  | { readonly do: 'edit'; readonly file: number; readonly text: string }
  | { readonly do: 'open'; readonly file: number }
  | { readonly do: 'close'; readonly file: number }
  | { readonly do: 'select'; readonly file: number; readonly line: number }
  | { readonly do: 'retry' | 'continue' | 'restorePrompt' | 'retryNow' }
  | { readonly do: 'draft'; readonly text: string }
  /** With what waits, or with a message that was sent: which one is counted from the end. */
  | { readonly do: 'sendQueuedNow' | 'unqueue'; readonly which: number }
  | { readonly do: 'moveQueued'; readonly which: number; readonly by: number }
  | { readonly do: 'editQueued' | 'editMessage'; readonly which: number; readonly text: string }
  | { readonly do: 'compact'; readonly reply: Answer }
  /** Something that is shown, counted from the end: left out where it is not, and else taken back in. */
  | { readonly do: 'leaveOut'; readonly what: LeaveOutTarget['what']; readonly which: number };

type Answer =
  | 'text'
  | 'slow'
  | 'tools'
  | 'badTools'
  | 'maxTokens'
  | 'maxTokensInTool'
  | 'refusal'
  | 'empty'
  | 'unknownStop'
  | 'overloaded'
  | 'cut'
  | 'cutEarly'
  | 'midError'
  | 'html'
  | 'thinkingOnly';

const files = ['a.ts', 'b.ts', 'c.ts'];

const replies: Readonly<Record<Answer, Reply>> = {
  text: reply.thinking('Let me think.').text('Here is **the** answer, `a.ts:1`.'),
  slow: reply
    .text('One two three four five six seven eight nine ten.')
    .wait(15)
    .text(' And more.')
    .wait(15)
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
};

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

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), text, replies: answers }) },
  { weight: 3, arbitrary: fc.constant({ do: 'settle' } as const) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('stop' as const), afterMs: fc.nat({ max: 40 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'reload' } as const) },
  { weight: 1, arbitrary: fc.constant({ do: 'kill' } as const) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('edit' as const), file, text: fc.string({ maxLength: 200 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('open' as const), file }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), file }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('select' as const), file, line: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('retry' as const, 'continue' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('restorePrompt' as const, 'retryNow' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('draft' as const), text }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('sendQueuedNow' as const, 'unqueue' as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('moveQueued' as const), which, by: fc.integer({ min: -2, max: 2 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('editQueued' as const, 'editMessage' as const), which, text }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('compact' as const), reply: fc.constantFrom(...names, 'text' as const) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('leaveOut' as const),
      what: fc.constantFrom('turn', 'answer', 'result', 'compaction'),
      which,
    }),
  },
);

/** The second binds thoughts to the prompt before them, and refuses them behind another one. */
const models = fc.constantFrom('claude-opus-4-8', 'claude-opus-5-5');

/** A store whose process can die: from then on nothing of it is ever answered. */
function mortal(): { wrap(store: Store): Store; die(): void } {
  let dead = false;
  return {
    die: () => {
      dead = true;
    },
    wrap: (store) =>
      new Proxy(store, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name, target);
          if (typeof member !== 'function') return member;
          return (...args: unknown[]): unknown =>
            dead ? new Promise(() => undefined) : Reflect.apply(member, target, args);
        },
      }),
  };
}

class World {
  readonly editors = new FakeEditors();
  private chat!: Chat;
  private view!: FakeView;
  private death = mortal();
  private host = 0;
  /** What the record held when it was last looked at; it may only grow, apart from branches. */
  private known: readonly string[] = [];
  private sent: string[] = [];

  constructor(
    private readonly fake: FakeClaude,
    private readonly folder: string,
    private readonly model: string,
  ) {
    for (const name of files) this.editors.files.set(name, `// ${name}\nexport const x = 1;\n`);
    this.editors.open = ['a.ts'];
  }

  async start(): Promise<void> {
    this.death = mortal();
    this.host += 1;
    const owner = `host-${this.host}`;
    this.chat = await openChat({
      url: this.fake.url,
      folder: this.folder,
      editors: this.editors,
      owner,
      model: this.model,
      isAlive: (other) => other === owner,
      wrap: this.death.wrap,
    });
    this.view = new FakeView(await this.chat.conversations.current());
  }

  async act(next: Act): Promise<void> {
    const controller = this.view.controller;
    const conversation = controller.conversation;
    switch (next.do) {
      case 'send':
        this.fake.enqueue(...next.replies.map((answer) => replies[answer]));
        this.sent.push(next.text);
        controller.handle({ type: 'send', conversation, text: next.text });
        await pause(1);
        return;
      case 'stop':
        await pause(next.afterMs);
        controller.handle({ type: 'stop', conversation });
        return;
      case 'settle':
        return this.settle();
      case 'reload':
        await closeChat(this.chat);
        return this.start();
      case 'kill':
        this.death.die();
        // The process is gone: its sockets too, and nothing it had not committed is there.
        controller.handle({ type: 'stop', conversation });
        await pause(5);
        await this.chat.opened.close();
        return this.start();
      case 'edit':
        this.editors.files.set(files[next.file] ?? '', next.text);
        return;
      case 'open':
        this.editors.open = [...new Set([...this.editors.open, files[next.file] ?? ''])];
        return;
      case 'close':
        this.editors.open = this.editors.open.filter((name) => name !== files[next.file]);
        return;
      case 'select':
        this.editors.selected = { path: files[next.file] ?? '', startLine: 1, endLine: next.line };
        return;
      case 'draft':
        controller.handle({ type: 'draft', conversation, text: next.text });
        return;
      case 'sendQueuedNow':
      case 'unqueue':
      case 'moveQueued':
      case 'editQueued': {
        const id = this.view.composer?.queued.at(-1 - next.which)?.id;
        if (id === undefined) return;
        if (next.do === 'editQueued') this.sent.push(next.text);
        const { which: _, ...intent } = next;
        const { do: type, ...rest } = intent;
        controller.handle({ type, conversation, id, ...rest } as ViewToHost);
        await pause(1);
        return;
      }
      case 'editMessage': {
        const users = this.view.state.items.filter((item) => item.type === 'user');
        const id = users.at(-1 - next.which)?.id;
        if (id === undefined) return;
        this.sent.push(next.text);
        this.known = [];
        controller.handle({ type: 'editMessage', conversation, id, text: next.text });
        await pause(1);
        return;
      }
      case 'compact':
        this.fake.enqueue(replies[next.reply]);
        // A question that was too long is asked again on a branch.
        this.known = [];
        controller.handle({ type: 'compact', conversation });
        await pause(1);
        return;
      case 'leaveOut': {
        const target = this.targets(next.what).at(-1 - next.which);
        if (target === undefined) return;
        const out = !this.view.state.leftOut.includes(targetKey(target));
        controller.handle({ type: 'leaveOut', conversation, target, out });
        await pause(1);
        return;
      }
      default:
        if (next.do === 'retry' || next.do === 'restorePrompt') this.known = [];
        controller.handle({ type: next.do, conversation });
        await pause(1);
    }
  }

  /** What is shown that can be left out. */
  private targets(what: LeaveOutTarget['what']): readonly LeaveOutTarget[] {
    return this.view.state.items.flatMap((item): readonly LeaveOutTarget[] => {
      if (item.type === 'compaction') return what === 'compaction' ? [{ what, entry: item.id, index: 0 }] : [];
      if (item.type !== 'answer') return [];
      if (what === 'turn' || what === 'answer') return [{ what, entry: item.id, index: 0 }];
      return item.parts.flatMap((part) => {
        const [entry = '', index] = part.key.split(':');
        return what === 'result' && part.type === 'tool' ? [{ what, entry, index: Number(index) }] : [];
      });
    });
  }

  async settle(): Promise<void> {
    const still = (): boolean => !this.view.controller.isRunning && this.queued().every(({ held }) => held);
    await until('the turns to end', still, 20_000);
    await pause(2);
    await until('the turns to end', still, 20_000);
  }

  private queued(): readonly QueuedRow[] {
    return this.view.composer?.queued ?? [];
  }

  /** Holds after every settled step. */
  async check(): Promise<void> {
    await this.settle();
    // A message that was sent while something ran is on its way into the queue, however little that was.
    const path = (): string => `${this.view.state.items.length} ${this.queued().map(({ id }) => id)}`;
    for (let before = ''; before !== path(); ) {
      before = path();
      await pause(15);
      await this.settle();
    }
    assert.deepEqual(
      this.fake.refusals.map((request) => request.response?.error),
      [],
      'a request was refused',
    );
    assert.deepEqual(
      this.chat.errors.filter((error) => !error.includes('checkpoint')),
      [],
      'something was logged',
    );
    assert.equal(this.view.gaps, 0, 'the view missed events');
    const fresh = new FakeView(this.view.controller);
    assert.deepEqual(this.view.state, fresh.state, 'view and host disagree');
    const stored = await this.chat.store.load(this.view.controller.conversation);
    if (stored === null) return;
    const rebuilt: ChatState = stateOf(stored.meta.id, stored.meta.title, stored.path);
    assert.deepEqual(plain(this.view.state), plain(rebuilt), 'what is shown is not what is stored');
    const ids = stored.path.map((entry) => entry.id);
    assert.deepEqual(ids.slice(0, this.known.length), this.known, 'entries were lost or reordered');
    this.known = ids;
    assert.deepEqual(
      stored.queued.map(({ id }) => id),
      this.queued().map(({ id }) => id),
      'what waits is not what is stored',
    );
    const words = this.view.state.items.flatMap((item) =>
      item.type === 'user' && item.auto === undefined ? [item.text] : [],
    );
    for (const word of words) assert.ok(this.sent.includes(word), 'a message that nobody sent');
  }

  async end(): Promise<void> {
    await closeChat(this.chat);
  }
}

/** As it goes over the wire. */
function plain(state: ChatState): unknown {
  return JSON.parse(JSON.stringify(state));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

describe('Random histories', () => {
  it('keep requests valid, the record whole, and view, host and store of one mind', async function () {
    this.timeout(180_000);
    const runs = Number(process.env['PRELUDE_HISTORIES'] ?? 60);
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 16 }), models, async (acts, model) => {
        const folder = await temporaryFolder();
        const fake = await startFakeClaude();
        const world = new World(fake, folder.path, model);
        try {
          await world.start();
          for (const [index, next] of acts.entries()) {
            await world.act(next);
            if (index % 3 === 2 || next.do === 'reload' || next.do === 'kill') await world.check();
          }
          await world.check();
          await world.act({ do: 'reload' });
          await world.check();
          await world.end();
        } finally {
          await fake.close();
          folder.remove();
        }
      }),
      {
        numRuns: runs,
        ...(process.env['PRELUDE_SEED'] === undefined ? {} : { seed: Number(process.env['PRELUDE_SEED']) }),
      },
    );
  });
});
