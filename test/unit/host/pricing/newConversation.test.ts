/** A new conversation over what an earlier one left in the cache: real controllers, and the ledger of the fake API. */
import assert from 'node:assert/strict';
import type { IntentAt } from '../../../../src/shared/intents';
import type { ChipFile } from '../../../../src/shared/protocol';
import { VirtualClock } from '../../../fakeClaude/clock';
import { reply } from '../../../fakeClaude/script';
import type { FakeClaude } from '../../../fakeClaude/server';
import { ask, type Chat, type FakeEditors, FakeView, quickClock, until } from '../../core/kit';
import { oneChat } from '../../core/oneChat';

const code = (name: string): string =>
  Array.from({ length: 120 }, (_, line) => `const ${name}${line} = retry(() => open(${line}));`).join('\n');
const minute = 60_000;
const day = 24 * 60 * minute;

describe('A conversation that begins where another one is in the cache', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let clock: VirtualClock;
  let key: string;
  let editors: FakeEditors;

  beforeEach(() => {
    clock = new VirtualClock(Date.UTC(2026, 10, 22, 9));
    key = 'sk-one';
  });
  const one = oneChat(
    async (begun) => {
      ({ fake, chat, editors } = begun);
      await begin();
    },
    {
      fake: () => ({ clock }),
      workspace: ({ files, open }) => {
        for (const name of ['a', 'b']) files.set(`${name}.ts`, `${code(name)}\n// the end of ${name}\n`);
        open.push('a.ts', 'b.ts');
      },
      chat: ({ fake: { url } }) => ({
        clock: { ...quickClock, now: () => clock.now() },
        access: () => ({ apiKey: key, baseUrl: url, headers: {} }),
      }),
    },
  );

  async function begin(): Promise<void> {
    view = new FakeView(await chat.conversations.startNew());
    await shown();
  }
  /** The composer, once the context and what it depends on were read anew. */
  async function shown(): Promise<void> {
    view.messages = [];
    view.controller.refreshComposer();
    await until('the composer', () => view.messages.some(({ type }) => type === 'composer'));
  }
  const act = (intent: object): unknown =>
    view.controller.handle({ ...intent, conversation: view.controller.conversation } as IntentAt<'chat'>);
  /** Asks in a new conversation, with the open files in another order: what was shown before, and what was billed. */
  async function asksAnew(): Promise<{ shown: number; read: number; body: string; files: readonly ChipFile[] }> {
    clock.advance(minute);
    editors.open = ['b.ts', 'a.ts'];
    await begin();
    act({ type: 'draft', text: 'And here?' });
    await until('the draft', () => view.composer?.next.askUsd !== null);
    await shown();
    const cached = view.composer?.next.cachedTokens ?? Number.NaN;
    const open = view.composer?.chips.find(({ kind }) => kind === 'openFiles');
    await ask(view, 'And here?');
    const { usage } = fake.usageLog.at(-1) ?? {};
    return {
      shown: cached,
      read: usage?.cache_read_input_tokens ?? Number.NaN,
      body: fake.messages.at(-1)?.raw ?? '',
      files: open?.kind === 'openFiles' ? open.files : [],
    };
  }
  const near = (one: number, other: number): void =>
    assert.ok(other > 3000 && Math.abs(one / other - 1) < 0.02, `${one} shown, ${other} read`);

  it('reads its files, with what came to them told behind, and the cost line has said how much', async () => {
    await ask(view, 'Why?');
    await asksAnew();
    editors.files.set('b.ts', `${editors.files.get('b.ts')}const added = 1;\n`);
    const { shown, read, body } = await asksAnew();
    near(shown, read);
    assert.ok(body.includes('\\n+const added = 1;'), 'it is told behind them');
  });

  it('reads them too where questions mostly stay alone and write nothing', async () => {
    for (let past = 0; past < 6; past += 1) {
      await ask(view, `Question ${past}?`);
      clock.advance(day);
      await begin();
    }
    fake.enqueue(reply.toolUse('read_file', { path: 'a.ts' }), reply.text('So.'));
    await ask(view, 'With tools?');
    const { shown, read, body } = await asksAnew();
    near(shown, read);
    assert.equal(
      fake.usageLog.at(-1)?.usage.cache_creation_input_tokens,
      0,
      'it writes nothing that only it could read',
    );
    assert.ok(body.includes('cache_control'));
  });

  for (const [what, meanwhile, isRead] of [
    ['and knows it after the window was loaded anew', () => undefined, true],
    ['but not once it has gone', () => clock.advance(6 * minute), false],
    [
      'but not with another key',
      () => {
        key = 'sk-another';
      },
      false,
    ],
  ] as const) {
    it(`reads its files, ${what}`, async () => {
      await ask(view, 'Why?');
      meanwhile();
      await one.reload();
      const { shown, read, body } = await asksAnew();
      if (isRead) near(shown, read);
      else assert.ok(shown < 5000, `${shown}`);
      const [first] = body.match(/<file path=\\"[ab]\.ts/) ?? [];
      assert.equal(first, `<file path=\\"${isRead ? 'a' : 'b'}.ts`);
    });
  }

  const ends: readonly (readonly [string, () => Promise<unknown>])[] = [
    [
      'was deleted for good',
      async () => {
        const { conversation } = view.controller;
        await chat.conversations.startNew();
        await chat.store.deleteForever(conversation);
      },
    ],
    ['has lost a file from its chips', async () => act({ type: 'removeChip', id: 'file:///work/b.ts' })],
    ['has lost all its open files from its chips', async () => act({ type: 'removeChip', id: 'openFiles' })],
    [
      'was asked with another key',
      async () => {
        key = 'sk-another';
      },
    ],
  ];
  for (const [what, end] of ends) {
    it(`begins anew where the other one ${what}: no text of before goes out, and none is said to be held`, async () => {
      await ask(view, 'Why?');
      await end();
      editors.files.set('b.ts', `${editors.files.get('b.ts')}const added = 1;\n`);
      const { shown, body } = await asksAnew();
      assert.ok(!body.includes('\\n+const added = 1;'), 'nothing is told behind a text of before');
      const [first] = body.match(/<file path=\\"[ab]\.ts/) ?? [];
      assert.equal(first, '<file path=\\"b.ts', 'in the order of the editors');
      assert.ok(shown < 5000, `${shown}`);
    });
  }

  it('says in its chips that an earlier text goes out, with what has changed since', async () => {
    await ask(view, 'Why?');
    editors.files.set('b.ts', `${code('b')}\n`);
    const { shown, read, body, files } = await asksAnew();
    near(shown, read);
    assert.ok(body.includes('the end of b'), 'as it was when it was sent');
    assert.ok(body.includes('\\n-// the end of b'), 'and what was taken away');
    assert.deepEqual(
      files.map(({ label, sent, changed }) => [label, sent, changed]),
      [
        ['b.ts', true, true],
        ['a.ts', true, false],
      ],
    );
  });
});
