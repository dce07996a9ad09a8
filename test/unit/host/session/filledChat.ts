/** A whole chat that fills its window, against the strict API: what the tests about that have in common. */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import type { Excludable } from '../../../../src/core/prompt/excludable';
import { stateOf } from '../../../../src/core/transcript/transcript';
import type { CompactionItem, ExcludeTarget } from '../../../../src/shared/chat';
import type { IntentAt } from '../../../../src/shared/intents';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import {
  ask,
  type Chat,
  type ChatOptions,
  closeChat,
  FakeEditors,
  FakeView,
  openChat,
  temporaryFolder,
  until,
} from '../../core/kit';

type Act =
  IntentAt<'chat'> extends infer I
    ? I extends { readonly conversation: string }
      ? Omit<I, 'conversation'>
      : never
    : never;

/** What the API says of a prompt that does not fit. */
export const tooLong = reply.error(
  400,
  'invalid_request_error',
  'prompt is too long: 1012000 tokens > 1000000 maximum',
);

export class FilledChat {
  chat!: Chat;
  view!: FakeView;
  settings: ReturnType<NonNullable<ChatOptions['settings']>> = {};
  /** What the list of what can be left out held when it was last opened, and what is chosen in it. */
  offered: readonly Excludable[] = [];
  choose: (list: readonly Excludable[]) => readonly ExcludeTarget[] | undefined = () => undefined;
  readonly editors = new FakeEditors();

  private constructor(
    readonly fake: FakeClaude,
    readonly folder: Awaited<ReturnType<typeof temporaryFolder>>,
  ) {
    this.editors.files.set('a.ts', `export const a = 1;\n// ${'a long file '.repeat(900)}\n`);
    this.editors.open = ['a.ts'];
  }

  static async start(): Promise<FilledChat> {
    const world = new FilledChat(await startFakeClaude(), await temporaryFolder());
    await world.open();
    return world;
  }

  async open(more: Partial<ChatOptions> = {}): Promise<void> {
    this.chat = await openChat({
      url: this.fake.url,
      folder: this.folder.path,
      editors: this.editors,
      settings: () => this.settings,
      leaveOut: {
        choose: async (list) => {
          this.offered = list;
          return this.choose(list);
        },
      },
      ...more,
    });
    this.view = new FakeView(await this.chat.conversations.current());
  }

  /** No request was refused but for its length or one of its fields, nothing was logged, and what is shown is what is stored. */
  async end(): Promise<void> {
    const refused = this.fake.refusals.map((request) => request.response?.error ?? '');
    assert.deepEqual(
      refused.filter((error) => !/too long|not permitted/.test(error)),
      [],
    );
    assert.deepEqual(this.chat.errors, []);
    assert.equal(this.view.gaps, 0);
    const stored = await this.chat.store.load(this.view.controller.conversation);
    if (stored !== null) {
      const rebuilt = stateOf(stored.meta.id, stored.meta.title, stored.path, undefined, stored.beside);
      assert.deepEqual(JSON.parse(JSON.stringify(await this.view.whole())), JSON.parse(JSON.stringify(rebuilt)));
    }
    await closeChat(this.chat);
    await this.fake.close();
    this.folder.remove();
  }

  act(intent: Act): void {
    const { controller } = this.view;
    controller.handle({ ...intent, conversation: controller.conversation } as IntentAt<'chat'>);
  }

  idle(): Promise<void> {
    const still = (): boolean => !this.view.controller.isRunning && (this.view.composer?.queued ?? []).length === 0;
    return until('everything to end', still);
  }

  async compact(): Promise<void> {
    this.act({ type: 'compact' });
    await this.idle();
  }

  /** One turn with a tool, and one without. */
  async twoTurns(): Promise<void> {
    this.fake.enqueue(
      reply.thinking('Hm.').text('I look.').toolUse('read_file', { path: 'a.ts' }),
      reply.text('One.'),
      reply.text('Two.'),
    );
    await ask(this.view, 'first');
    await ask(this.view, 'second');
  }

  compactions(): readonly CompactionItem[] {
    return this.view.state.items.filter((item): item is CompactionItem => item.type === 'compaction');
  }

  shown(): readonly string[] {
    return this.view.state.items.flatMap((item) => {
      if (item.type === 'user') return [item.auto === undefined ? item.text : `(${item.auto})`];
      if (item.type === 'context') return [];
      return [`${item.type === 'answer' ? '→' : 'compaction'} ${item.outcome?.kind ?? 'running'}`];
    });
  }

  /** Of the last request, or of one before it. */
  messages(back = 0): readonly Anthropic.MessageParam[] {
    return (this.fake.messages.at(-1 - back)?.body.messages ?? []) as unknown as Anthropic.MessageParam[];
  }

  /** The same in short. */
  said(back = 0): readonly string[] {
    return this.messages(back).map(({ role, content }) => {
      const blocks = typeof content === 'string' ? [] : content;
      return `${role}: ${blocks.map((block) => ('text' in block ? inShort(block.text) : block.type)).join(' | ')}`;
    });
  }

  usage(back = 0): FakeClaude['usageLog'][number]['usage'] | undefined {
    return this.fake.usageLog.at(-1 - back)?.usage;
  }
}

function inShort(text: string): string {
  if (text.startsWith('The conversation has become long')) return 'SUM UP';
  return /<conversation_summary>\n(.*)\n</s.exec(text)?.[1] ?? text;
}
