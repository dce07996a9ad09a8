/** Every command, where what it would ask is dear: none sends anything without a click. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type CommandId, commandIds } from '../../../../src/host/base/commandIds';
import type { QueuedRow } from '../../../../src/shared/protocol';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { until } from '../../core/kit';
import { type FakeWebview, openWholeHost, showSideBar } from '../wholeHost';

/** What each does with the model when it is run by itself: a new one has its place here before this compiles. */
const sends: Readonly<Record<CommandId, 'asks' | 'sends nothing'>> = {
  'prelude.newChat': 'sends nothing',
  'prelude.focusChat': 'sends nothing',
  'prelude.focusEditor': 'sends nothing',
  'prelude.explainSelection': 'asks',
  'prelude.explainSelectionInNewChat': 'asks',
  'prelude.fixSelection': 'asks',
  'prelude.addSelection': 'sends nothing',
  'prelude.addCell': 'sends nothing',
  'prelude.addFile': 'sends nothing',
  'prelude.addTerminalOutput': 'sends nothing',
  'prelude.writeCommitMessage': 'asks',
  'prelude.copyChat': 'sends nothing',
  'prelude.exportChat': 'sends nothing',
  'prelude.exportAllChats': 'sends nothing',
  'prelude.conversations': 'sends nothing',
  'prelude.renameChat': 'sends nothing',
  'prelude.openInEditor': 'sends nothing',
  'prelude.newChatInTab': 'sends nothing',
  'prelude.conversationsInTab': 'sends nothing',
  'prelude.compact': 'sends nothing',
  'prelude.compactInView': 'sends nothing',
  'prelude.chooseLeftOut': 'sends nothing',
  'prelude.chooseLeftOutInView': 'sends nothing',
  'prelude.chooseTools': 'sends nothing',
  'prelude.leaveOut': 'sends nothing',
  'prelude.leaveTurnOut': 'sends nothing',
  'prelude.takeBack': 'sends nothing',
  'prelude.regenerate': 'sends nothing',
  'prelude.regenerateWith': 'sends nothing',
  'prelude.fork': 'sends nothing',
  'prelude.insertCode': 'sends nothing',
  'prelude.applyCode': 'sends nothing',
  'prelude.newFileFromCode': 'sends nothing',
  'prelude.insertInTerminal': 'sends nothing',
  'prelude.showAddressLimits': 'sends nothing',
  'prelude.inspectRequest': 'sends nothing',
  'prelude.inspectRequestInView': 'sends nothing',
  'prelude.stop': 'sends nothing',
  'prelude.review': 'sends nothing',
  'prelude.goToTurn': 'sends nothing',
  'prelude.previousTurn': 'sends nothing',
  'prelude.nextTurn': 'sends nothing',
  'prelude.findInChat': 'sends nothing',
  'prelude.findNext': 'sends nothing',
  'prelude.findPrevious': 'sends nothing',
  'prelude.backToReview': 'sends nothing',
  'prelude.managePermissions': 'sends nothing',
  'prelude.showUsage': 'sends nothing',
  'prelude.setApiKey': 'sends nothing',
  'prelude.clearApiKey': 'sends nothing',
  'prelude.openSettings': 'sends nothing',
  'prelude.openLog': 'sends nothing',
};
/** Without a key nothing could be sent: these are no part of what is shown here. */
const ofTheKey: readonly CommandId[] = ['prelude.setApiKey', 'prelude.clearApiKey'];

/** $10 per million tokens. */
const dearModel = 'claude-fable-5';

describe('A command, where the question is dear', () => {
  let fake: FakeClaude;
  let folder: string;
  let whole: Awaited<ReturnType<typeof openWholeHost>>;
  let webview: FakeWebview;

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = mkdtempSync(join(tmpdir(), 'prelude-asking-'));
    writeFileSync(join(folder, 'a.ts'), 'export const a = 1;\n');
    // So that even a question of a few words is dear.
    const words = 'Be brief and friendly. '.repeat(2000);
    for (const name of ['CLAUDE.md', 'AGENTS.md']) writeFileSync(join(folder, name), `${name}: ${words}`);
    whole = await openWholeHost(fake.url, folder, { 'prelude.instructions': words, 'prelude.model': dearModel });
    const place = (line: number, character: number): object => ({ line, character });
    const selection = { start: place(0, 0), end: place(0, 19), isEmpty: false };
    const uri = whole.fileUri(join(folder, 'a.ts'));
    const document = { uri, getText: () => 'export const a = 1;', isUntitled: false, languageId: 'typescript' };
    const more = { version: 1, lineCount: 1 };
    whole.window['activeTextEditor'] = { document: { ...document, ...more }, selection, selections: [selection] };
    const state = { indexChanges: [], workingTreeChanges: [{}], mergeChanges: [] };
    const repositories = [{ rootUri: whole.fileUri(folder), inputBox: { value: '' }, state }];
    const exports = { enabled: true, getAPI: () => ({ state: 'initialized', repositories }) };
    whole.extensions['getExtension'] = () => ({ isActive: true, exports });
    webview = showSideBar(whole.host);
    webview.say({ type: 'ready' });
    await until('the snapshot', () => webview.told.some(({ type }) => type === 'snapshot'));
  });
  afterEach(async () => {
    await whole.host.dispose();
    whole.restore();
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const rows = (): readonly QueuedRow[] => {
    const composer = webview.told.findLast(({ type }) => type === 'composer' || type === 'snapshot');
    if (composer?.type === 'composer') return composer.composer.queued;
    return composer?.type === 'snapshot' ? composer.composer.queued : [];
  };
  /** One that shows a list or a box waits for the user. */
  const run = (id: CommandId): Promise<unknown> =>
    Promise.race([Promise.resolve(whole.host.commands[id]()).catch(() => undefined), delay(300)]);

  for (const id of commandIds.filter((one) => sends[one] === 'asks'))
    it(`${id} leaves it in a row that says its price, and a click sends it`, async () => {
      await run(id);
      await until('the price', () => (rows()[0]?.usd ?? 0) > 0.25);
      assert.equal(fake.messages.length, 0);
      const conversation = webview.told.findLast((one) => one.type === 'snapshot')?.state.conversation ?? '';
      fake.enqueue(reply.text('Done.'));
      webview.say({ type: 'sendQueuedNow', conversation, id: rows()[0]?.id ?? '' });
      await until('the request', () => fake.messages.length === 1);
    });

  it('that asks nothing sends nothing', async () => {
    for (const id of commandIds) if (sends[id] !== 'asks' && !ofTheKey.includes(id)) await run(id);
    assert.equal(fake.messages.length, 0);
    assert.deepEqual(rows(), []);
  });
});
