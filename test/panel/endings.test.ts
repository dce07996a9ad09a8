/** How turns end in the panel: each outcome and failure in words of its own, with one thing to do. */
import assert from 'node:assert/strict';
import type { Outcome } from '../../src/shared/chat';
import { type FailureCode, failureRow } from '../../src/shared/failure';
import { besideFailure, failureText, outcomeTexts, stepLabel } from '../../src/webview/l10n/failures';
import { listStrings } from '../../src/webview/l10n/listStrings';
import { strings } from '../../src/webview/l10n/strings';
import { transcriptStrings } from '../../src/webview/l10n/transcriptStrings';
import { saying } from '../texts';
import { answer, chat, failure, text, user } from './chats';
import { conversation, type PanelBench, PanelPage, startBench } from './panelPage';
import { notDoneWords } from './refused';

const question = user('u1', 'Why?');

function ended(outcome: Outcome) {
  return chat([question, answer('u1', [text('a', 'Some of it.')], { outcome })]);
}

describe('The end of a turn in the panel', () => {
  let bench: PanelBench;
  let panel: PanelPage;

  before(async () => {
    bench = await startBench();
  });
  afterEach(async () => {
    const { problems } = panel;
    await panel.close();
    assert.deepEqual(problems, []);
  });

  it('has the buttons of an earlier turn in the gap below it, which is no higher for them', async () => {
    const turns = [
      question,
      answer('u1', [text('a', 'Some.')]),
      user('u2', 'And?'),
      answer('u2', [text('a', 'More.')]),
    ];
    panel = await PanelPage.open(bench, { state: chat(turns) });
    for (const width of [260, 500]) {
      await panel.page.setViewportSize({ width, height: 600 });
      const place = async (selector: string) => {
        const { y = 0, height = 0 } = (await panel.page.locator(selector).boundingBox()) ?? {};
        return { top: y, bottom: y + height };
      };
      const [said, next] = [await place('.answer:not(.last) .markdown'), await place('.turn.user >> nth=1 >> .bubble')];
      assert.ok(next.top - said.bottom <= 25, `${width} px: ${next.top - said.bottom}`);
      const copy = panel.page.locator('.answer:not(.last) [data-copy="answer"]');
      await copy.hover();
      const buttons = await place('.answer:not(.last) .turnFooter');
      assert.ok(buttons.top >= said.bottom && buttons.bottom <= next.top, JSON.stringify({ said, buttons, next }));
      assert.equal(
        await panel.page.locator('.answer:not(.last) .turnFooter').evaluate((foot) => getComputedStyle(foot).opacity),
        '1',
      );
      await panel.forget();
      await copy.click();
      assert.equal((await panel.said('copy')).length, 1);
    }
  });

  it('says how each turn ended, with one primary thing to do', async () => {
    const outcomes: readonly (readonly [Outcome, RegExp, string])[] = [
      [{ kind: 'stopped' }, /^Stopped\./, 'continue'],
      [{ kind: 'interrupted' }, /interrupted/, 'continue'],
      [{ kind: 'maxTokens' }, saying(outcomeTexts.maxTokens()), 'continue'],
      [{ kind: 'contextWindow' }, /context window of Opus 4\.8/, 'compact'],
      [
        { kind: 'refusal', category: null, explanation: 'Because.' },
        /declined to answer this\. Because\./,
        'restorePrompt',
      ],
      [{ kind: 'empty' }, saying(outcomeTexts.empty()), 'continue'],
      [{ kind: 'pauseLimit' }, /paused/, 'continue'],
      [{ kind: 'stepLimit', steps: 40 }, /after 40 steps/, 'continue'],
      [{ kind: 'sameFailure', tool: 'read_file', times: 3 }, /read_file failed 3 times/, 'continue'],
      [{ kind: 'unknown', stopReason: 'novel' }, /novel/, 'continue'],
    ];
    panel = await PanelPage.open(bench);
    for (const [outcome, words, step] of outcomes) {
      await panel.snapshot({ state: ended(outcome) });
      await panel.settled();
      const card = panel.page.locator('.notice, .stopped');
      assert.match(await panel.words(card), words, outcome.kind);
      assert.equal(await card.locator('button').first().getAttribute('data-step'), step, outcome.kind);
      assert.ok((await card.locator('.button').count()) <= 1, outcome.kind);
      assert.equal(await panel.words('.markdown'), 'Some of it.', 'what arrived is kept');
    }
  });

  it('brings the prompt back first where a stop left nothing to go on with', async () => {
    const thinking = { type: 'thinking', key: 't', text: 'Hm.', open: false, durationMs: 900 } as const;
    panel = await PanelPage.open(bench);
    for (const parts of [[], [thinking], [text('a', ' \n')]]) {
      await panel.snapshot({ state: chat([question, answer('u1', parts, { outcome: { kind: 'stopped' } })]) });
      await panel.settled();
      const steps = await panel.page
        .locator('.stopped button')
        .evaluateAll((all) => all.map((one) => one.getAttribute('data-step')));
      assert.deepEqual(steps, ['restorePrompt', 'retry']);
    }
    await panel.page.locator('.stopped [data-step="restorePrompt"]').click();
    assert.deepEqual(await panel.said('restorePrompt'), [{ type: 'restorePrompt', conversation }]);
    assert.equal(await panel.page.locator('.turnFooter [data-step="retry"]').count(), 0, 'said once');
  });

  for (const code of ['storeLost', 'overtaken'] as const) {
    it(`lets an answer that could not be stored (${code}) be copied and saved as a branch (L1)`, async () => {
      panel = await PanelPage.open(bench);
      const parts = [text('a', 'Some **of** it.'), text('b', 'And more.')];
      const outcome = { kind: 'failed', failure: failure({ code }) } as const;
      const state = chat([question, answer('u1', parts, { outcome })]);
      for (const width of [260, 400]) {
        await panel.page.setViewportSize({ width, height: 700 });
        await panel.snapshot({ state });
        await panel.settled();
        const buttons = panel.page.locator('.notice .noticeButtons button');
        assert.deepEqual((await buttons.allInnerTexts()).slice(0, 2).toSorted(), [
          strings.copy(),
          stepLabel('saveAsBranch'),
        ]);
        for (const button of await buttons.all()) {
          const box = await button.boundingBox();
          assert.ok(box !== null && box.x >= 0 && box.x + box.width <= width, `within ${width} px`);
        }
        await panel.forget();
        await panel.page.getByRole('button', { name: strings.copy(), exact: true }).and(buttons).click();
        assert.deepEqual(await panel.said('copy'), [{ type: 'copy', text: 'Some **of** it.\n\nAnd more.' }]);
        await panel.page.getByRole('button', { name: 'Save as Branch' }).click();
        assert.deepEqual(await panel.said('saveAsBranch'), [{ type: 'saveAsBranch', conversation }]);
        await panel.answer('saveAsBranch', { ok: false, reason: { text: 'The disk is full.' } });
        const note = panel.page.locator('.attachmentNote.refused .noteWords').last();
        assert.equal(await panel.words(note), notDoneWords('saveAsBranch', 'The disk is full.'));
      }
    });
  }

  it('says what failed, with one primary button and the details', async () => {
    const steps: Readonly<Record<FailureCode, string>> = {
      noKey: 'setKey',
      badKey: 'setKey',
      noCredit: 'openBilling',
      notPermitted: 'chooseModel',
      unknownModel: 'chooseModel',
      promptTooLong: 'compact',
      requestTooLarge: 'compact',
      fieldRefused: 'retry',
      maxTokens: 'openSettings',
      mediaRefused: 'manageExcluded',
      badRequest: 'retry',
      rateLimited: 'retry',
      spendLimit: 'openBilling',
      overloaded: 'retry',
      serverError: 'retry',
      noConnection: 'retry',
      connectionLost: 'retry',
      stalled: 'retry',
      badAddress: 'openSettings',
      answerTooLarge: 'retry',
      wrongAddress: 'openSettings',
      redirected: 'openSettings',
      unknownError: 'retry',
      storeFailed: 'openLog',
      storeRescued: 'copyAnswer',
      storeLost: 'copyAnswer',
      overtaken: 'saveAsBranch',
      internal: 'retry',
    };
    panel = await PanelPage.open(bench);
    const seen = new Set<string>();
    for (const [code, step] of Object.entries(steps) as [FailureCode, string][]) {
      await panel.snapshot({ state: ended({ kind: 'failed', failure: failure({ code }) }) });
      await panel.settled();
      const primary = panel.page.locator('.notice .button');
      assert.equal(await primary.count(), 1, code);
      assert.equal(await primary.getAttribute('data-step'), step, code);
      seen.add(await panel.words('.noticeText'));
      await panel.page.locator('.noticeDetails').evaluate((element) => element.setAttribute('open', ''));
      assert.match(await panel.words('.noticeDetails'), /529[\s\S]*overloaded_error[\s\S]*req_011C/);
    }
    assert.equal(seen.size, Object.keys(steps).length, 'each failure has words of its own');
  });

  it('L44 names the field that is refused, leaves it out with one click, and says so there, with Undo', async () => {
    const refused = failure({
      code: 'fieldRefused',
      status: 400,
      message: 'thinking.display: Extra inputs are not permitted',
      remedy: { kind: 'leaveOut', fields: ['thinking.display', 'thinking'] },
    });
    const address = { host: 'gateway.example', notes: [] };
    panel = await PanelPage.open(bench, {
      state: ended({ kind: 'failed', failure: refused }),
      environment: { address },
    });
    const refusedWords = besideFailure.kept(besideFailure.fieldRefused('gateway.example', 'thinking.display'));
    assert.equal(await panel.words('.noticeText'), refusedWords);
    await panel.page.getByRole('button', { name: besideFailure.leaveOutField('thinking.display') }).click();
    assert.deepEqual(await panel.said('mend'), [{ type: 'mend', conversation }]);
    const note = {
      key: 'field/thinking.display',
      turn: 'u1',
      what: { kind: 'field', field: 'thinking.display' },
    } as const;
    const noted = { address: { ...address, notes: [note] } };
    await panel.start({ state: ended({ kind: 'failed', failure: refused }), environment: noted });
    assert.equal(
      await panel.words('.notice .button'),
      besideFailure.leaveOutField('thinking'),
      'what contains it is next',
    );
    await panel.start({ state: ended({ kind: 'done' }), environment: noted });
    assert.equal(
      await panel.words('.answer .addressNote .lineWords'),
      transcriptStrings.fieldOut('thinking.display', 'gateway.example'),
    );
    await panel.page.locator('.answer .addressNote').getByRole('button', { name: listStrings.undo() }).click();
    assert.deepEqual(await panel.said('takeBackLimit'), [{ type: 'takeBackLimit', key: 'field/thinking.display' }]);
    // Later, from any conversation.
    await panel.start({ state: chat([]), environment: noted });
    await panel.page.locator('.costLine').click();
    assert.equal(
      await panel.words('.costPopup .addressNote .lineWords'),
      transcriptStrings.fieldOut('thinking.display', 'gateway.example'),
    );
  });

  it('L44 offers fewer tokens where a server gives shorter answers, and says what is asked for since', async () => {
    const refused = (tokens: number | null) =>
      ended({
        kind: 'failed',
        failure: failure({ code: 'maxTokens', status: 400, remedy: { kind: 'maxTokens', tokens } }),
      });
    const what = { kind: 'maxTokens', model: 'Opus 4.8', tokens: 4096 } as const;
    const address = { host: 'gateway.example', notes: [{ key: 'maxTokens/m', turn: 'u1', what }] };
    panel = await PanelPage.open(bench, { state: refused(4096), environment: { address } });
    assert.equal(await panel.words('.notice .button'), besideFailure.askForShorter());
    assert.equal(
      await panel.words('.addressNote .lineWords'),
      transcriptStrings.lengthLimited('gateway.example', 'Opus 4.8'),
    );
    await panel.snapshot({ state: refused(null) });
    await panel.settled();
    assert.equal(await panel.words('.notice .button'), besideFailure.askForHalf());
  });

  it('L43 says something for a failure of a later version, and shows the server’s own words', async () => {
    const later = failure({ code: 'novel' as FailureCode, message: 'Quota of moons exceeded.' });
    panel = await PanelPage.open(bench, { state: ended({ kind: 'failed', failure: later }) });
    assert.match(await panel.words('.noticeText'), saying(failureText(later, '')));
    await panel.page.locator('.noticeDetails summary').click();
    assert.match(await panel.words('.noticeDetails'), /Quota of moons exceeded\./);
  });

  it('keeps what arrived of a lost answer and offers to go on', async () => {
    const lost = failure({ code: 'connectionLost', partial: true });
    panel = await PanelPage.open(bench, { state: ended({ kind: 'failed', failure: lost }) });
    assert.equal(await panel.words('.noticeText'), besideFailure.kept(failureRow('connectionLost').text));
    await panel.page.locator('.notice .button').click();
    await panel.page.locator('.notice [data-step="retry"]').click();
    const said = await panel.said();
    assert.deepEqual(said.slice(-2), [
      { type: 'continue', conversation },
      { type: 'retry', conversation },
    ]);
  });

  it('counts down to the next try, which can be had at once or not at all', async () => {
    const at = Date.now() + 8400;
    const activity = { kind: 'retrying', since: Date.now(), at, attempt: 2, of: 5, failure: failure() } as const;
    panel = await PanelPage.open(bench, {
      state: chat([question, answer('u1', [], { outcome: null, endedAt: null })], { activity }),
    });
    const words = await panel.words('.noticeText');
    assert.match(words, /^Claude is overloaded\. Trying again in [5-9]\ss \(2 of 5\)\.$/);
    await panel.page.waitForFunction((before) => document.querySelector('.noticeText')?.textContent !== before, words);
    await panel.page.locator('[data-step="retryNow"]').click();
    await panel.page.locator('.notice [data-step="stop"]').click();
    assert.deepEqual((await panel.said()).slice(-2), [
      { type: 'retryNow', conversation },
      { type: 'stop', conversation },
    ]);
  });

  it('can still be gone on with when the cache was kept warm since', async () => {
    const cut = answer('u1', [text('a', 'x')], { outcome: { kind: 'maxTokens' } });
    const warm = { times: 2, usd: 0.01, model: 'claude-opus-4-8', stopped: null };
    const lines = [{ change: 'warmed', path: '', linesAdded: 0, linesRemoved: 0, warm }] as const;
    panel = await PanelPage.open(bench, {
      state: chat([question, cut, { type: 'context', id: 'w1', at: 1, lines }]),
    });
    assert.equal(await panel.page.locator('.notice [data-step="continue"]').count(), 1);
  });

  it('acts on the last turn only', async () => {
    const old = answer('u1', [text('a', 'x')], { outcome: { kind: 'maxTokens' } });
    panel = await PanelPage.open(bench, {
      state: chat([question, old, user('u2', 'again'), answer('u2', [text('b', 'y')])]),
    });
    assert.equal(await panel.page.locator('[data-step="continue"]').count(), 0);
    assert.equal(await panel.page.locator('[data-step="retry"]').count(), 1);
  });
});
