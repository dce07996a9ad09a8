/**
 * Every stop reason and every error (API-FACTS §3.1, §4.4), from the wire to what the panel says of it with its one
 * primary action, and the conversation after each: nothing lost, and the next message goes out and is answered.
 */
import assert from 'node:assert/strict';
import { modelOf } from '../../../../src/core/models/models';
import { continuePrompt } from '../../../../src/core/prompt/continuePrompt';
import { stateOf } from '../../../../src/core/transcript/transcript';
import type { Outcome } from '../../../../src/shared/chat';
import { failureRow, type NextStep } from '../../../../src/shared/failure';
import { besideFailure, outcomeNotice, outcomeTexts } from '../../../../src/webview/l10n/failures';
import { type Reply, reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { saying, sayingOnly } from '../../../texts';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, quickClock, temporaryFolder, until } from '../kit';
import { PathMaker } from '../prompt/paths';

interface Row {
  readonly name: string;
  readonly replies: readonly Reply[];
  readonly kind: Outcome['kind'];
  /** null: nothing is said, the turn just ended. */
  readonly says: RegExp | null;
  readonly step: NextStep | null;
  /** Text of this question's answer that must be there afterwards, on the screen and on disk. */
  readonly kept?: RegExp;
  /** Text that must not be sent again: a refused turn is left out (API-FACTS §4.4). */
  readonly gone?: RegExp;
  /** POSTs that this question leads to. */
  readonly requests?: number;
  /** Waits that the panel counted down. */
  readonly retries?: number;
}

const half = reply.text('Half an answer');
const failing = (status: number, type: string, message: string): Reply => reply.error(status, type, message);
const again = (fault: Reply, times: number): readonly Reply[] => Array.from({ length: times }, () => fault);

/** Stops while the API itself is still searching. */
const paused = (turn: number): Reply =>
  reply
    .text('Searching on.')
    .block({ type: 'server_tool_use', id: `srvtoolu_${turn}`, name: 'web_search', input: { query: 'x' } })
    .stop('pause_turn');

const stops: readonly Row[] = [
  { name: 'end_turn', replies: [reply.text('All of it.')], kind: 'done', says: null, step: null, kept: /All of it/ },
  {
    name: 'max_tokens',
    replies: [half.stop('max_tokens')],
    kind: 'maxTokens',
    says: sayingOnly(outcomeTexts.maxTokens()),
    step: 'continue',
    kept: /Half an answer/,
  },
  {
    name: 'max_tokens inside a tool call, which is not run (L14)',
    replies: [half.toolJson('read_file', '{"path":"a.t').stop('max_tokens')],
    kind: 'maxTokens',
    says: saying(outcomeTexts.maxTokens()),
    step: 'continue',
    kept: /Half an answer/,
  },
  { name: 'stop_sequence', replies: [half.stop('stop_sequence')], kind: 'done', says: null, step: null, kept: /Half/ },
  {
    name: 'tool_use',
    replies: [reply.text('I look.').toolUse('read_file', { path: 'a.ts' }), reply.text('It retries.')],
    kind: 'done',
    says: null,
    step: null,
    kept: /I look\.[\s\S]*It retries/,
    requests: 2,
  },
  {
    name: 'refusal',
    replies: [half.refuse('cyber', 'It is about an attack.')],
    kind: 'refusal',
    says: /^Claude declined to answer this\. It is about an attack\.$/,
    step: 'restorePrompt',
    gone: /Half an answer|the question/,
  },
  {
    name: 'refusal before a word',
    replies: [reply.refuse()],
    kind: 'refusal',
    says: sayingOnly(outcomeTexts.refusal()),
    step: 'restorePrompt',
    gone: /the question/,
  },
  {
    name: 'pause_turn, resumed as it is',
    replies: [paused(1), reply.text('Found.')],
    kind: 'done',
    says: null,
    step: null,
    kept: /Searching on\.[\s\S]*Found/,
    requests: 2,
  },
  {
    name: 'pause_turn without end',
    replies: [1, 2, 3, 4, 5, 6].map(paused),
    kind: 'pauseLimit',
    says: saying(outcomeTexts.pauseLimit()),
    step: 'continue',
    requests: 6,
  },
  {
    name: 'model_context_window_exceeded',
    replies: [half.stop('model_context_window_exceeded')],
    kind: 'contextWindow',
    says: sayingOnly(outcomeTexts.contextWindow('Opus 4.8')),
    step: 'compact',
    kept: /Half an answer/,
  },
  {
    name: 'empty',
    replies: [reply.stop('end_turn')],
    kind: 'empty',
    says: sayingOnly(outcomeTexts.empty()),
    step: 'continue',
  },
  {
    name: 'an unknown one',
    replies: [half.stop('novel_reason')],
    kind: 'unknown',
    says: /unknown stop reason: novel_reason/,
    step: 'continue',
    kept: /Half an answer/,
  },
];

const tooLong = 'prompt is too long: 1012000 tokens > 1000000 maximum';
const errors: readonly Row[] = [
  fails('400', failing(400, 'invalid_request_error', 'tools.0: bad'), saying(failureRow('badRequest').text), 'retry'),
  fails(
    '400, too long',
    failing(400, 'invalid_request_error', tooLong),
    saying(besideFailure.excess('1%', 'Opus 4.8')),
    'compact',
  ),
  fails(
    '401',
    failing(401, 'authentication_error', 'Invalid bearer token'),
    sayingOnly(besideFailure.messageKept(failureRow('badKey').text)),
    'setKey',
  ),
  fails('402', failing(402, 'billing_error', 'Pay'), saying(failureRow('noCredit').text), 'openBilling'),
  fails('403', failing(403, 'permission_error', 'No'), /have access to Opus 4\.8/, 'chooseModel'),
  fails('404', failing(404, 'not_found_error', 'model: claude-foo'), /doesn’t know the model Opus 4\.8/, 'chooseModel'),
  fails('404 of another server', reply.html(404), saying(failureRow('wrongAddress').text), 'openSettings'),
  fails('413', reply.html(413), saying(failureRow('requestTooLarge').text), 'compact'),
  fails('429 with a long retry-after', reply.rateLimited(3600), saying(failureRow('rateLimited').text), 'retry'),
  fails(
    '429 at the spend limit',
    reply.rateLimited(undefined, { error_code: 'enforced_spend_limit_reached' }),
    saying(failureRow('spendLimit').text),
    'openBilling',
  ),
  recovers('429 with retry-after', [reply.rateLimited(2)]),
  recovers('429 without retry-after', [reply.rateLimited()]),
  recovers('500', [failing(500, 'api_error', 'Internal server error')]),
  recovers('529', [reply.overloaded()]),
  recovers('HTML 502', [reply.html()]),
  recovers('a socket cut before a word', [reply.drop(), reply.cutAfter(1)]),
  persists(
    '529 again and again',
    reply.overloaded(),
    sayingOnly(besideFailure.messageKept(failureRow('overloaded').text)),
  ),
  persists(
    '500 again and again',
    failing(500, 'api_error', 'Internal server error'),
    saying(failureRow('serverError').text),
  ),
  persists('HTML 502 again and again', reply.html(), saying(failureRow('serverError').text)),
  persists('429 again and again', reply.rateLimited(), saying(failureRow('rateLimited').text)),
  {
    ...fails(
      'a mid-stream error',
      half.midStreamError(),
      /^What arrived is kept\. Claude is overloaded\.$/,
      'continue',
    ),
    kept: /Half an answer/,
  },
  {
    ...fails(
      'a socket cut in the middle',
      half.cut(),
      /^What arrived is kept\. The connection was lost during the answer\.$/,
      'continue',
    ),
    kept: /Half an answer/,
  },
  {
    // Its stop reason has come: it is whole.
    name: 'a stream without its last word',
    replies: [half.withoutMessageStop()],
    kind: 'done',
    says: null,
    step: null,
    kept: /Half an answer/,
  },
  {
    ...fails('a stall', half.stall(), /^What arrived is kept\. The answer stopped arriving\.$/, 'continue'),
    kept: /Half an answer/,
  },
];

/** Ends in a failure at once: sending the same again by itself would not help. */
function fails(name: string, fault: Reply, says: RegExp, step: NextStep): Row {
  return { name, replies: [fault], kind: 'failed', says, step };
}

/** Is tried again after a countdown that is shown, and then answered. */
function recovers(name: string, faults: readonly Reply[]): Row {
  const replies = [...faults, reply.text('At last.')];
  const requests = replies.length;
  return { name, replies, kind: 'done', says: null, step: null, kept: /At last/, requests, retries: faults.length };
}

/** Is tried five times, and then it is the user's turn. */
function persists(name: string, fault: Reply, says: RegExp): Row {
  return { name, replies: again(fault, 5), kind: 'failed', says, step: 'retry', requests: 5, retries: 4 };
}

for (const [title, rows] of [
  ['Stop reasons', stops],
  ['Errors', errors],
] as const) {
  describe(`${title}: what the panel says, and the conversation after it`, () => {
    let fake: FakeClaude;
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    let chat: Chat;
    let view: FakeView;
    /** How much faster the wall clock runs: a stall is a minute and a half of silence. */
    let haste = 1;

    beforeEach(async () => {
      haste = 1;
      fake = await startFakeClaude();
      folder = await temporaryFolder();
      const editors = new FakeEditors();
      editors.files.set('a.ts', 'export const retry = 1;\n');
      const start = Date.now();
      const clock = { ...quickClock, now: () => start + (Date.now() - start) * haste };
      chat = await openChat({ url: fake.url, folder: folder.path, editors, clock });
      view = new FakeView(await chat.conversations.current());
    });

    afterEach(async () => {
      await closeChat(chat);
      await fake.close();
      folder.remove();
    });

    for (const row of rows) {
      it(`${title}: ${row.name}`, async () => {
        fake.enqueue(reply.text('The first answer.'));
        await ask(view, 'first question');
        const before = fake.messages.length;
        fake.enqueue(...row.replies);
        if (row.name === 'a stall') haste = 1000;
        await ask(view, 'the question');
        haste = 1;

        const answer = view.state.items.at(-1);
        assert.ok(answer?.type === 'answer' && answer.outcome !== null);
        assert.equal(answer.outcome.kind, row.kind);
        const notice = outcomeNotice(answer.outcome, 'Opus 4.8', answer.parts.length > 0);
        assert.equal(notice?.primary ?? null, row.step);
        if (row.says === null) assert.equal(notice, null);
        else assert.match(notice?.text ?? '', row.says);
        assert.equal(fake.messages.length - before, row.requests ?? 1);
        assert.equal(countdowns(view), row.retries ?? 0, 'each wait was shown');
        assert.equal(fake.pending, 0);

        // Nothing is lost: the screen, and what a reload would show, have both questions and what arrived.
        const shown = JSON.stringify(view.state.items.map((item) => (item.type === 'answer' ? item.parts : item)));
        for (const kept of [/first question/, /The first answer/, /the question/, row.kept ?? /./])
          assert.match(shown.replace(/","/g, '\n'), kept);
        await until('the turn to be stored', () => view.state.activity === null);
        const stored = await chat.store.load(view.controller.conversation);
        assert.ok(stored);
        assert.deepEqual(stateOf(view.state.conversation, view.state.title, stored.path).items, view.state.items);

        // And the next message goes out and is answered.
        fake.enqueue(reply.text('The next answer.'));
        await ask(view, 'and then?');
        const last = fake.messages.at(-1);
        assert.equal(last?.response?.status, 200, last?.response?.error);
        for (const sent of [/first question/, /The first answer/, /and then/]) assert.match(last?.raw ?? '', sent);
        if (row.gone === undefined) assert.match(last?.raw ?? '', /the question/);
        else assert.doesNotMatch(last?.raw ?? '', row.gone);
        if (row.kept !== undefined) assert.match((last?.raw ?? '').replace(/","/g, '\n'), row.kept);
        const next = view.state.items.at(-1);
        assert.ok(next?.type === 'answer' && next.outcome?.kind === 'done');
      });
    }
  });
}

describe('Continue', () => {
  const model = modelOf('claude-opus-4-8');

  it('after an empty answer asks for one; it does not speak of an answer that was cut off', () => {
    const path = new PathMaker().snapshot().user('Why?').assistant([]);
    assert.match(continuePrompt(path.end('empty').entries, model), /^Please continue/);
    const cut = new PathMaker().snapshot().user('Why?').end('maxTokens').entries;
    assert.match(continuePrompt(cut, model), /was cut off/);
  });
});

/** Different waits for another attempt that the view was told of. */
function countdowns(view: FakeView): number {
  const attempts = view.messages.flatMap((message) =>
    message.type === 'events'
      ? message.events.flatMap((event) =>
          event.type === 'activity' && event.activity?.kind === 'retrying' ? [event.activity.attempt] : [],
        )
      : [],
  );
  return attempts.length;
}
