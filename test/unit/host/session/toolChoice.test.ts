/** Tools of others in whole chats: chosen, sent, called, switched, and there again after a reload. */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import { coreStrings } from '../../../../src/core/base/strings';
import { tools as ownTools } from '../../../../src/core/tools/all';
import type { LiveTool, OtherTools } from '../../../../src/core/tools/ports/otherTools';
import type { PricedTool } from '../../../../src/host/pricing/toolPrices';
import type { ToolPicker, ToolRewrite } from '../../../../src/host/session/turns/controllerDeps';
import type { AnswerItem } from '../../../../src/shared/chat';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import {
  ask,
  asOfficial,
  type Chat,
  closeChat,
  FakeEditors,
  FakeView,
  openChat,
  temporaryFolder,
  until,
} from '../../core/kit';

const own = ownTools.map(({ name }) => name);

function live(name: string, rest: Partial<LiveTool> = {}): LiveTool {
  const source = { kind: 'mcp', id: 'notes', name: 'notes' } as const;
  return { id: `mcp_notes_${name}`, source, title: name, description: `Does ${name}.`, inputSchema: {}, ...rest };
}

describe('Tools of others in a chat', () => {
  let fake: FakeClaude;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let chat: Chat;
  let view: FakeView;
  /** What VS Code holds. */
  let held: LiveTool[];
  let calls: unknown[];
  /** Titles of what the user checks; null leaves the list. */
  let picks: readonly string[] | null;
  let offered: { readonly list: readonly PricedTool[]; readonly rewrite: ToolRewrite | null } | null;

  const others: OtherTools = {
    live: () => held,
    invoke: async (id, input) => {
      calls.push({ id, input });
      return { parts: [{ type: 'text', text: `${id} ran` }], isError: false };
    },
  };
  const toolPicker: ToolPicker = {
    startServer: async () => undefined,
    choose: async (list, { rewrite }) => {
      offered = { list, rewrite };
      return picks === null
        ? undefined
        : new Set(list.filter(({ title }) => picks?.includes(title)).map(({ key }) => key));
    },
  };
  const open = async (model = 'claude-opus-4-8', id?: string): Promise<void> => {
    const editors = new FakeEditors();
    editors.files.set('a.ts', 'export const a = 1;\n'.repeat(1500));
    editors.open = ['a.ts'];
    chat = await openChat({
      ...{ url: fake.url, folder: folder.path, editors, model, toolPicker, others },
      ...asOfficial(fake.url),
    });
    const controller = id === undefined ? await chat.conversations.current() : await chat.conversations.open(id);
    view = new FakeView(controller);
    await until('the conversation to be shown', () => view.composer !== null);
  };
  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
    held = [live('add'), live('draw')];
    calls = [];
    picks = null;
    offered = null;
  });
  afterEach(async () => {
    assert.deepEqual(chat.errors, []);
    assert.deepEqual(
      fake.refusals.map(({ response }) => response?.error),
      [],
    );
    await closeChat(chat);
    await fake.close();
    folder.remove();
  });

  const choose = async (...titles: readonly string[]): Promise<void> => {
    picks = titles;
    const { controller } = view;
    assert.ok((await controller.handle({ type: 'chooseTools', conversation: controller.conversation })).ok);
  };
  const say = async (text: string): Promise<void> => {
    fake.enqueue(reply.thinking(`Hm, ${text}.`).text(`About ${text}.`));
    await ask(view, text);
    assert.deepEqual(answers().at(-1)?.outcome, { kind: 'done' });
  };
  const answers = (): readonly AnswerItem[] =>
    view.state.items.flatMap((item) => (item.type === 'answer' ? [item] : []));
  const sentTools = (): readonly Anthropic.Tool[] => (fake.messages.at(-1)?.body.tools ?? []) as Anthropic.Tool[];
  const names = (): readonly string[] => sentTools().map(({ name }) => name);
  const results = (): string => JSON.stringify(fake.messages.at(-1)?.body.messages.at(-1)?.content ?? '');

  it('are off until they are chosen, and then stand behind Prelude’s own', async () => {
    await open();
    await say('one');
    assert.deepEqual(names(), own);
    await choose('draw', 'add');
    assert.deepEqual(
      offered?.list
        .filter(({ source }) => source.kind === 'mcp')
        .map(({ title, chosen, tokens }) => [title, chosen, tokens > 10]),
      [
        ['add', false, true],
        ['draw', false, true],
      ],
    );
    await say('two');
    assert.deepEqual(names(), [...own, 'mcp_notes_add', 'mcp_notes_draw']);
  });

  it('stay the same bytes whatever VS Code holds, over a reload too, until the user switches', async () => {
    await open();
    await choose('add');
    await say('one');
    const before = JSON.stringify(sentTools());
    held = [];
    await say('two');
    assert.equal(JSON.stringify(sentTools()), before);
    const { conversation } = view.controller;
    await closeChat(chat);
    held = [live('add', { description: 'Something else.' })];
    await open('claude-opus-4-8', conversation);
    await say('three');
    assert.equal(JSON.stringify(sentTools()), before);
    await choose('add');
    assert.equal(offered?.list[0]?.since, 'changed');
    await say('four');
    assert.match(JSON.stringify(sentTools()), /Something else\./);
  });

  it('go with new conversations of the workspace, and not with those that were there', async () => {
    await open();
    await say('one');
    const { conversation } = view.controller;
    view = new FakeView(await chat.conversations.startNew());
    await choose('add');
    await say('two');
    assert.deepEqual(names(), [...own, 'mcp_notes_add']);
    await closeChat(chat);
    await open();
    view = new FakeView(await chat.conversations.startNew());
    await say('three');
    assert.deepEqual(names(), [...own, 'mcp_notes_add']);
    view = new FakeView(await chat.conversations.open(conversation));
    await say('four');
    assert.deepEqual(names(), own);
  });

  it('are priced before they are switched: the cached prefix is written again, and thinking bound to it stays out (L49)', async () => {
    await open('claude-opus-5-5');
    await say('one');
    await say('two');
    picks = null;
    const { controller } = view;
    await controller.handle({ type: 'chooseTools', conversation: controller.conversation });
    assert.ok(offered?.rewrite !== null && (offered?.rewrite.tokens ?? 0) > 10_000);
    assert.ok((offered?.rewrite.usd ?? 0) > 0);
    await say('three');
    assert.deepEqual(names(), own);
    const thoughts = (): number =>
      fake.messages.at(-1)?.body.messages.filter(({ content }) => JSON.stringify(content).includes('"thinking"'))
        .length ?? -1;
    assert.equal(thoughts(), 2);
    await choose('add');
    await say('four');
    assert.equal(thoughts(), 0);
    assert.deepEqual(
      answers()
        .at(-1)
        ?.cacheMisses?.map(({ reason }) => reason),
      ['tools'],
    );
    await say('five');
    assert.equal(thoughts(), 1);
    await choose();
    await say('six');
    assert.deepEqual(names(), own);
    // With the tools that they were made with they are valid again.
    assert.equal(thoughts(), 3);
  });

  it('are called once the user allows it, and named with their server', async () => {
    await open();
    await choose('add');
    fake.enqueue(reply.toolUse('mcp_notes_add', { text: 'x' }), reply.text('Added.'));
    const { controller } = view;
    const { conversation } = controller;
    void controller.handle({ type: 'send', conversation, text: 'Add x' });
    const tool = () =>
      answers()
        .at(-1)
        ?.parts.find((part) => part.type === 'tool');
    await until('the card', () => tool()?.status === 'asks');
    assert.deepEqual(calls, []);
    const approval = tool()?.approval;
    assert.ok(approval?.kind === 'other' && approval.source === 'notes');
    await controller.handle({ type: 'approve', conversation, key: tool()?.key ?? '', span: 'once' });
    await until('the turn to end', () => !controller.isRunning);
    assert.deepEqual(calls, [{ id: 'mcp_notes_add', input: { text: 'x' } }]);
    assert.match(results(), /mcp_notes_add ran/);
    assert.deepEqual(tool()?.label.args, ['add', 'notes']);
  });

  it('that are not there fail with a word, without a question, and offer to start their server', async () => {
    await open();
    await choose('add');
    held = [];
    fake.enqueue(reply.toolUse('mcp_notes_add', {}), reply.text('Not there.'));
    await ask(view, 'Add');
    assert.match(results(), /MCP server notes is not running/);
    assert.match(results(), /"is_error":true/);
    const tool = answers()
      .at(-1)
      ?.parts.find((part) => part.type === 'tool');
    assert.deepEqual([tool?.status, tool?.absentServer], ['failed', 'notes']);
    assert.deepEqual(tool?.summary, coreStrings.serverAbsent());
    assert.deepEqual(calls, []);
    const { conversation } = view.controller;
    await closeChat(chat);
    await open('claude-opus-4-8', conversation);
    const stored = answers()
      .at(-1)
      ?.parts.find((part) => part.type === 'tool');
    assert.equal(stored?.absentServer, 'notes');
  });
});
