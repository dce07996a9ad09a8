/** A prompt that is taken back leaves the record and comes into the draft in one commit. */
import assert from 'node:assert/strict';
import type { Store } from '../../../../src/core/record/store';
import { decodeDraft } from '../../../../src/host/session/draft/draft';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { pngFile } from '../../attachments/files';
import {
  type Chat,
  type ChatOptions,
  closeChat,
  FakeEditors,
  FakeView,
  openChat,
  temporaryFolder,
  until,
} from '../../core/kit';
import { failingStore, type StoreFaults } from './failingStore';

describe('A prompt that is taken back', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  let options: ChatOptions;
  let faults: StoreFaults;
  /** Lets what hangs go on. */
  let releases: (() => void)[];
  /** Another window. */
  let later: Chat | null;

  beforeEach(async () => {
    fake = await startFakeClaude();
    temporary = await temporaryFolder();
    [later, faults, releases] = [null, {}, []];
    options = { url: fake.url, folder: temporary.path, editors: new FakeEditors() };
    chat = await openChat({ ...options, wrap: (store: Store) => failingStore(store, () => faults) });
    view = new FakeView(await chat.conversations.current());
    await act({
      ...{ type: 'attach', name: 'shot.png', mediaType: '' },
      data: pngFile(60, 40).toString('base64'),
    });
    await until('the picture', () => view.composer?.attachments.length === 1);
    const held = fake.hold();
    act({ type: 'send', text: 'Too early' });
    await held.request;
    act({ type: 'stop' });
    await until('the end', () => !view.controller.isRunning);
    await act({ type: 'draft', text: 'Typed since' });
  });
  afterEach(async () => {
    faults = {};
    for (const release of releases) release();
    if (later !== null) await closeChat(later);
    await closeChat(chat);
    await fake.close();
    temporary.remove();
  });

  const act = (intent: object): Promise<unknown> =>
    view.controller.handle({ conversation: view.controller.conversation, ...intent } as never);

  /** What another window finds: the messages, and the draft. */
  async function found(): Promise<readonly [said: number, text: string, attached: number]> {
    later ??= await openChat({ ...options, owner: 'host-2', isAlive: () => false });
    const stored = await later.store.load(view.controller.conversation);
    const { text, attachments } = decodeDraft(stored?.draft ?? '');
    return [stored?.path.filter(({ kind }) => kind === 'user').length ?? 0, text, attachments.length];
  }

  it('is in the draft or in the record, and never in both or in neither, when the window dies in between', async () => {
    let writes = 0;
    /** The first commit is made, and nothing that follows. */
    const gate = async (): Promise<void> => {
      writes += 1;
      if (writes > 1) await new Promise<void>((resolve) => void releases.push(resolve));
    };
    faults = { append: gate, setHead: gate, setDraft: gate };
    assert.deepEqual(await found(), [1, 'Typed since', 0]);
    void act({ type: 'restorePrompt' });
    await until('the next commit to hang', () => writes > 1);
    assert.deepEqual(await found(), [0, 'Typed since\n\nToo early', 1]);
    for (const release of releases) release();
    await until('the words', () => view.draft.includes('Too early'));
  });

  it('stays in the record where that cannot be written, and what is typed then is stored', async () => {
    faults = {
      setHead: () => {
        throw new Error('the disk is full');
      },
    };
    void act({ type: 'restorePrompt' });
    await until('the refusal', () => chat.errors.length > 0);
    await until('the end', () => !view.controller.isRunning);
    await act({ type: 'draft', text: 'Typed then' });
    assert.deepEqual(await found(), [1, 'Typed then', 0]);
    assert.deepEqual([view.draft.includes('Too early'), view.composer?.attachments.length], [false, 0]);
  });
});
