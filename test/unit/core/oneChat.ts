/** One chat over a fake API of its own, for each test anew. */
import assert from 'node:assert/strict';
import { type FakeClaude, type FakeOptions, startFakeClaude } from '../../fakeClaude/server';
import { type Chat, type ChatOptions, closeChat, FakeEditors, FakeView, openChat, temporaryFolder } from './kit';

/** What a test of one chat has. */
export interface OneChat {
  fake: FakeClaude;
  folder: Awaited<ReturnType<typeof temporaryFolder>>;
  editors: FakeEditors;
  chat: Chat;
  view: FakeView;
  /** Opens it; again, as after a reload, it shows what was shown last. */
  open(): Promise<void>;
  /** Ends its window as a reload does, and opens it again. */
  reload(): Promise<void>;
}

interface OneChatOptions {
  readonly fake?: () => FakeOptions;
  /** What is open: else a file `a.ts` is there and nothing is open. */
  readonly workspace?: (editors: FakeEditors) => void;
  /** Asked each time that it is opened. */
  readonly chat?: (one: OneChat) => Partial<ChatOptions>;
}

/**
 * Begins a chat before each test of the `describe` that calls it; `begun` gets it each time that it is opened. Afterwards
 * the API has refused nothing, and nothing was logged as wrong.
 */
export function oneChat(begun: (one: OneChat) => unknown, options: OneChatOptions = {}): OneChat {
  const one = {
    open: async () => {
      const { fake, folder, editors } = one;
      one.chat = await openChat({ url: fake.url, folder: folder.path, editors, ...options.chat?.(one) });
      one.view = new FakeView(await one.chat.conversations.current());
      await begun(one);
    },
    reload: async () => {
      await closeChat(one.chat);
      await one.open();
    },
  } as OneChat;
  beforeEach(async () => {
    one.fake = await startFakeClaude(options.fake?.());
    one.folder = await temporaryFolder();
    one.editors = new FakeEditors();
    const { workspace = ({ files }) => files.set('a.ts', 'export const a = 1;\n') } = options;
    workspace(one.editors);
    await one.open();
  });
  afterEach(async () => {
    const { fake, chat, folder } = one;
    assert.deepEqual(
      fake.refusals.map((request) => request.response?.error),
      [],
    );
    assert.deepEqual(chat.errors, []);
    await closeChat(chat);
    await fake.close();
    folder.remove();
  });
  return one;
}
