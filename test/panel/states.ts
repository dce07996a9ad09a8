/** Every state of the panel that has looks of its own, for what must hold in all of them. */
import { absences } from '../../src/host/base/plainStrings';
import type { ChatState, Part } from '../../src/shared/chat';
import type { FailureCode, TurnFailure } from '../../src/shared/failure';
import type { Mention } from '../../src/shared/mentions/mentions';
import { ownInstructions } from '../../src/shared/protocol';
import {
  answer,
  chat,
  chips,
  colouredCode,
  compaction,
  failure,
  longAnswer,
  shortTools,
  startedAt,
  text,
  tool,
  user,
} from './chats';
import { nextCost } from './costs';
import { change, edited, editing } from './edits';
import { failedStates } from './failedStates';
import { giveTo } from './giving';
import { listPage, row } from './lists';
import { moreStates, type PanelState } from './moreStates';
import type { PanelPage } from './panelPage';

const question = user('u1', 'Why does login retry twice?');
const spoken = chat([question, answer('u1', [...shortTools, text('a', longAnswer)])]);
const file = { tokens: 300, usd: 0.001, included: true, sent: false, changed: false } as const;

const mention = (id: string, more: Partial<Mention> = {}): Mention => ({
  kind: 'file',
  id,
  name: id.slice(id.lastIndexOf('/') + 1),
  detail: id.slice(0, Math.max(0, id.lastIndexOf('/'))),
  marks: [],
  recent: false,
  ...more,
});

function failed(code: FailureCode, parts: readonly Part[] = [], more: Partial<TurnFailure> = {}): ChatState {
  return chat([question, answer('u1', parts, { outcome: { kind: 'failed', failure: failure({ code, ...more }) } })]);
}

async function list(panel: PanelPage): Promise<void> {
  await panel.forget();
  await panel.post({ type: 'showConversations' });
  await panel.answer('listConversations', { ok: true, value: listPage() });
  await panel.page.locator('.listRow').first().waitFor();
}

/** Opens every fold, and those that stand in them. */
export async function unfold(panel: PanelPage): Promise<void> {
  for (let depth = 0; depth < 2; depth += 1) {
    await panel.page.evaluate(() => {
      for (const fold of document.querySelectorAll<HTMLElement>('.foldLine[aria-expanded="false"]')) fold.click();
    });
    await panel.settled();
  }
}

/** By their names. */
export const states: Readonly<Record<string, PanelState>> = {
  'without a key': { environment: { key: { kind: 'missing' } } },
  'empty, with prompts': { environment: { key: { kind: 'demo' }, suggestions: ['One', 'Two'] }, composer: { chips } },
  'with an answer': {
    composer: { chips },
    state: chat([question, answer('u1', [...shortTools, text('a', longAnswer)])]),
  },
  'with code in all its colours': { state: chat([question, answer('u1', [text('a', colouredCode)])]) },
  'in the middle of an answer': {
    state: chat(
      [
        question,
        answer('u1', [...shortTools, tool('t9', { status: 'running', output: null, summary: null })], {
          outcome: null,
          endedAt: null,
        }),
      ],
      {
        activity: { kind: 'tools', since: startedAt },
      },
    ),
  },
  'with calls that wait': {
    state: chat(
      [
        question,
        answer(
          'u1',
          [
            tool('t9', {
              status: 'asks',
              output: null,
              summary: null,
              approval: {
                kind: 'read',
                files: [{ path: '.env', why: ['secret'] }],
                spans: ['once', 'conversation', 'workspace'],
              },
            }),
            tool('t10', {
              status: 'asks',
              output: null,
              summary: null,
              approval: { kind: 'other', tool: 'create_issue', source: 'GitHub', spans: ['once', 'conversation'] },
            }),
          ],
          { outcome: null, endedAt: null },
        ),
      ],
      { activity: { kind: 'tools', since: startedAt } },
    ),
  },
  'with an error': { state: chat([question, answer('u1', [], { outcome: { kind: 'failed', failure: failure() } })]) },
  attachments: {
    composer: {
      attachments: [
        { id: 'a'.repeat(64), kind: 'image', label: 'a.png', mediaType: 'image/png', bytes: 84_000, tokens: 2691 },
        { id: 'b'.repeat(64), kind: 'document', label: 'a.pdf', mediaType: 'application/pdf', tokens: 7000 },
      ],
    },
    state: chat([
      { ...question, attachments: [{ kind: 'image', id: 'a'.repeat(64), label: 'a.png', mediaType: 'image/png' }] },
    ]),
  },
  'left out, and nearly full': {
    composer: {
      next: nextCost({
        tokens: 832_000,
        parts: { instructions: 900, tools: 1_100, files: 0, history: 830_000, images: 0 },
      }),
    },
    state: chat(
      [
        { ...question, attachments: [{ kind: 'selection', id: 'src/login.ts:41', label: 'login.ts:41-78' }] },
        answer('u1', [tool('e1:0', {}), text('a', longAnswer)]),
        user('u2', 'And now?'),
        answer('u2', [...shortTools, text('b', 'So.')]),
      ],
      { excluded: ['result/e1/0', 'attachment/u1/0', 'turn/u2/0'] },
    ),
  },
  compacted: {
    state: chat(
      [
        question,
        answer('u1', [text('a', 'Some')]),
        compaction(),
        compaction({ id: 'c2' }),
        compaction({ id: 'c3', outcome: { kind: 'failed', failure: failure() } }),
        compaction({ id: 'c4', summary: '', outcome: null }),
      ],
      { excluded: ['compaction/c2/0'] },
    ),
  },
  stopped: { state: chat([question, answer('u1', [text('a', 'Some')], { outcome: { kind: 'stopped' } })]) },
  branches: {
    state: chat([question, answer('u1', [text('a', 'Because.')])], {
      branches: [
        { item: 'user/u1', at: 2, of: 3, previous: 'u1a', next: 'u1c' },
        { item: 'answer/u1', at: 2, of: 2, previous: 'e9', next: null },
      ],
    }),
    opened: (panel) => panel.page.locator('[data-turn="u1"]').hover(),
  },
  'the list of conversations': { state: spoken, opened: list },
  'the list, searched': {
    state: spoken,
    opened: async (panel) => {
      await list(panel);
      await panel.page.locator('.listSearch').fill('login');
      await panel.page.waitForFunction(
        () => window.panelHost.said.filter(({ type }) => type === 'listConversations').length > 1,
      );
      await panel.answer('listConversations', {
        ok: true,
        value: listPage({
          elsewhere: 3,
          more: true,
          rows: [
            row('a', {
              title: 'Login race',
              snippet: { text: 'why \u0002login\u0003 retries twice', item: 'user/u', entry: 'u' },
            }),
            row('b', { title: '', state: 'unopened', workspace: '' }),
          ],
        }),
      });
      await panel.page.locator('.rowSnippet').waitFor();
    },
  },
  'a chat that gets another name': {
    state: spoken,
    opened: async (panel) => {
      await list(panel);
      await panel.page
        .locator('[data-row="rename"]')
        .first()
        .evaluate((button) => (button as HTMLElement).click());
      await panel.page.locator('.rowRename:focus').waitFor();
    },
  },
  'find with matches': {
    state: spoken,
    opened: async (panel) => {
      await panel.post({ type: 'find', step: 'open' });
      await panel.page.locator('.findText').fill('login');
      const places = [{ item: 'user/u1', place: 'user/u1', count: 1 }];
      await panel.answer('find', { ok: true, value: { places, more: false } });
    },
  },
  'find without a match': {
    state: spoken,
    opened: async (panel) => {
      await panel.post({ type: 'find', step: 'open' });
      await panel.page.locator('.findText').fill('nowhere');
      await panel.answer('find', { ok: true, value: { places: [], more: false } });
    },
  },
  mentions: {
    state: spoken,
    opened: async (panel) => {
      await panel.page.locator('textarea').fill('');
      await panel.page.locator('textarea').pressSequentially('@log');
      const rows = [
        mention('src/login.ts', { marks: [0, 1, 2], recent: true }),
        mention('src/webview/composer/longNames/loginControllerOfTheSideBar.ts', { marks: [0, 1, 2] }),
        mention('src/login', { kind: 'folder' }),
      ];
      await panel.answer('mentions', { ok: true, value: { rows, total: 9, partial: true, beside: [], more: true } });
      await panel.page.locator('.mentionPopup [role=option]').first().waitFor();
    },
  },
  'a folded paste': {
    composer: {
      attachments: [
        { id: 'c'.repeat(64), kind: 'document', pasted: true, label: 'Error: no session', bytes: 9000, tokens: 2000 },
      ],
    },
    state: spoken,
    opened: async (panel) => {
      await giveTo(panel.page, 'paste', [], { 'text/plain': 'a line of a log\n'.repeat(900) });
    },
  },
  'edits that wait': {
    state: chat(
      [
        question,
        answer(
          'u1',
          [
            editing('t1', change('src/login.ts')),
            editing('t2', change('.vscode/tasks.json', { kind: 'create', moreHunks: 3 }), ['runsCode']),
          ],
          { outcome: null, endedAt: null },
        ),
      ],
      { activity: { kind: 'tools', since: startedAt } },
    ),
    opened: async (panel) => {
      await panel.page.locator('.editCard').first().waitFor();
      await panel.page.locator('[data-do="deny"]').first().click();
    },
  },
  'edits at the end': {
    state: chat([
      question,
      answer('u1', [text('a', 'Done.')], {
        edits: [
          edited('src/login.ts'),
          edited('src/a/long/way/down/session.ts', { open: 0 }),
          edited('c.ts', { undone: true }),
        ],
      }),
    ]),
    opened: (panel) => panel.page.locator('.editsEnd').first().waitFor(),
  },
  'chips in all kinds': {
    composer: {
      chips: [
        ...chips,
        {
          kind: 'instructions',
          id: ownInstructions.uri,
          label: ownInstructions.path,
          path: ownInstructions.path,
          ...file,
        },
        { kind: 'instructions', id: 'file:///w/CLAUDE.md', label: 'CLAUDE.md', path: 'CLAUDE.md', ...file },
        { kind: 'file', id: 'file:///w/a.ts', label: 'a.ts', path: 'src/a.ts', ...file, included: false },
        { kind: 'absent', id: 'file:///w/a.png', label: 'a.png', reason: absences.image() },
      ],
    },
    state: spoken,
    opened: async (panel) => {
      const more = panel.page.locator('.chipMore');
      if ((await more.count()) > 0) await more.click();
    },
  },
  'a refused key': { state: failed('badKey') },
  'an answer that broke off': { state: failed('connectionLost', [text('a', 'Some')], { partial: true }) },
  'an answer that could not be saved': { state: failed('storeLost', [text('a', 'Some')]) },
  'a retry that is waited for': {
    state: chat([question, answer('u1', [], { outcome: null, endedAt: null })], {
      activity: { kind: 'retrying', since: startedAt, at: startedAt + 8000, attempt: 2, of: 5, failure: failure() },
    }),
  },
  'messages that wait': {
    composer: { queued: [{ id: 'q1', text: 'And then?', attachments: 2, held: true }] },
    state: spoken,
  },
  'a question that waits since it is dear': {
    composer: { queued: [{ id: 'q1', text: 'Explain login.ts:41-78.', attachments: 1, held: true, usd: 0.94 }] },
    state: spoken,
  },
  'a question that was asked in a new chat': {
    composer: { dearer: { id: 'u1', conversation: 'open', usd: 0.94, state: 'asked' } },
    state: spoken,
  },
  'a question that waits for a new chat': {
    composer: {
      queued: [{ id: 'q1', text: 'Explain login.ts:41-78.', attachments: 1, held: true, usd: 0.31 }],
      dearer: { id: 'q1', conversation: 'open', usd: 0.94, state: 'waits' },
    },
  },
  'a message that is edited': {
    state: spoken,
    opened: async (panel) => {
      await panel.page.locator('.bubbleEdit').first().click({ force: true });
      await panel.page.locator('.inlineText:focus').waitFor();
    },
  },
  ...moreStates,
  ...failedStates,
  // The last: it stays open.
  'the list in a column': { width: 900, state: spoken, opened: list },
};
