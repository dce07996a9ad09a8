/** A server that is not the API, over HTTP and through the whole chat: from Send to the next request, and after a reload. */
import assert from 'node:assert/strict';
import type { AnswerItem, ChatState } from '../../../src/shared/chat';
import type { WireFault } from '../../fakeClaude/oddWire';
import { reply } from '../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../fakeClaude/server';
import { startLocalWorker } from '../../fuzz/localStore';
import { ask, closeChat, FakeEditors, FakeView, openChat, temporaryFolder, until } from '../core/kit';

/** What is shown of the first answer, in short. */
interface Seen {
  readonly words: readonly string[];
  readonly tool: string | null;
  readonly outcome: string | undefined;
  readonly requests: number;
}

const whole: Seen = { words: ['I look.', 'One line.'], tool: 'done', outcome: 'done', requests: 2 };

const expected: Readonly<Record<WireFault, Seen>> = {
  nameless: whole,
  noUsage: whole,
  startsWhole: whole,
  unstreamed: whole,
  brokenInput: { ...whole, tool: 'failed' },
  endlessLine: { words: ['I look.'], tool: 'cancelled', outcome: 'failed', requests: 1 },
};

const lessons: Partial<Readonly<Record<WireFault, string>>> = {
  noUsage: ' (L39, L40)',
  brokenInput: ' (L41)',
  unstreamed: ' (L45)',
  endlessLine: ' (L48)',
};

function answerIn({ items }: ChatState): AnswerItem {
  const found = items.find((item) => item.type === 'answer');
  assert.ok(found?.type === 'answer');
  return found;
}

describe('A server in place of the API', () => {
  let fake: FakeClaude;

  before(async () => {
    fake = await startFakeClaude();
  });
  afterEach(() => fake.forget());
  after(() => fake.close());

  for (const [fault, seen] of Object.entries(expected) as [WireFault, Seen][]) {
    it(`is understood, and the chat goes on: ${fault}${lessons[fault] ?? ''}`, async function () {
      this.timeout(30_000);
      const folder = await temporaryFolder();
      const editors = new FakeEditors();
      editors.files.set('a.ts', 'export const a = 1;\n');
      const open = (): ReturnType<typeof openChat> =>
        openChat({ url: fake.url, folder: folder.path, editors, startWorker: startLocalWorker });
      let chat = await open();
      try {
        fake.gateway = { wire: fault };
        fake.enqueue(reply.text('I look.').toolUse('read_file', { path: 'a.ts' }), reply.text('One line.'));
        const view = new FakeView(await chat.conversations.current());
        await ask(view, 'What is there?');
        await until('the view to know of the end', () => view.state.activity === null);
        const { parts, outcome } = answerIn(view.state);
        const tool = parts.find((part) => part.type === 'tool');
        assert.deepEqual(
          {
            words: parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])),
            tool: tool?.type === 'tool' ? tool.status : null,
            outcome: outcome?.kind,
            requests: fake.messages.length,
          },
          seen,
        );
        if (fault === 'noUsage') assert.equal(view.state.usd, null, 'what it cost is not known');
        const { items } = view.state;
        await closeChat(chat);
        chat = await open();
        const opened = new FakeView(await chat.conversations.current());
        await until('the snapshot', () => opened.state.items.length > 0);
        assert.deepEqual(opened.state.items, items, 'a reload shows the same');
        fake.forget();
        fake.enqueue(reply.text('And on.'));
        await ask(opened, 'And now?');
        assert.ok(JSON.stringify(opened.state.items).includes('And on.'));
        assert.deepEqual(
          fake.refusals.map(({ response }) => response?.error),
          [],
        );
      } finally {
        await closeChat(chat);
        folder.remove();
      }
    });
  }
});
