/** Messages that wait, words that are written anew where they stand, and what goes along by itself: in the panel. */

import assert from 'node:assert/strict';
import type { QueuedRow } from '../../src/shared/protocol';
import { wholeFile } from '../../src/shared/protocol';
import { costPopupStrings } from '../../src/webview/l10n/costPopupStrings';
import { queueStrings } from '../../src/webview/l10n/filesPopupStrings';
import { wholeCents } from '../../src/webview/l10n/format';
import { strings } from '../../src/webview/l10n/strings';
import { transcriptStrings } from '../../src/webview/l10n/transcriptStrings';
import { saying } from '../texts';
import { answer, chat, chips, longAnswer, startedAt, text, user } from './chats';
import { conversation, type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';

const rows: readonly QueuedRow[] = [
  { id: 'q1', text: 'Then look at session.ts', attachments: 0, held: false },
  { id: 'q2', text: 'And write a test', attachments: 2, held: false },
  { id: 'q3', text: 'And the changelog', attachments: 0, held: true },
];

const running: PanelOptions = {
  state: chat(
    [user('u1', 'first question'), answer('a1', [text('a', 'Some', true)], { outcome: null, endedAt: null })],
    { activity: { kind: 'writing', since: startedAt } },
  ),
  composer: { queued: rows },
};

const done: PanelOptions = { state: chat([user('u1', 'first question'), answer('u1', [text('a', longAnswer)])]) };

describe('Messages that wait', () => {
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

  const row = (id: string) => panel.page.locator(`[data-queued="${id}"]`);
  const inline = () => panel.page.locator('.inlineText');
  /** Key presses of an input method at work, which the browser marks as such. */
  const compose = async (key: string): Promise<void> => {
    for (const init of [{ isComposing: true }, { keyCode: 229 }]) {
      await panel.page.evaluate(
        (given) => {
          const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...given });
          document.querySelector('.inlineText')?.dispatchEvent(event);
        },
        { key, ...init },
      );
    }
    await panel.settled();
  };

  it('are sent with Enter while an answer runs, and the text is empty then', async () => {
    panel = await PanelPage.open(bench, { ...running, composer: {} });
    await panel.page.locator('.composerText').fill('next question');
    await panel.page.locator('.composerText').press('Enter');
    assert.deepEqual(await panel.said('send'), [{ type: 'send', conversation, text: 'next question' }]);
    assert.equal(await panel.page.locator('.composerText').inputValue(), '');
  });

  it('stay in the composer, with a word why, while another window asks', async () => {
    const state = chat([user('u1', 'first')], { activity: { kind: 'elsewhere', since: startedAt } });
    panel = await PanelPage.open(bench, { state });
    await panel.page.locator('.composerText').fill('next question');
    await panel.page.locator('.composerText').press('Enter');
    await panel.settled();
    assert.match((await panel.page.locator('.composerNote').textContent()) ?? '', saying(strings.elsewhereNote()));
    assert.ok(!(await panel.said()).some(({ type }) => type === 'send'));
  });

  it('are rows above the text, in their order, and say what they wait for', async () => {
    panel = await PanelPage.open(bench, running);
    await row('q3').waitFor();
    assert.deepEqual(
      await panel.page.locator('.queueText').allTextContents(),
      rows.map((one) => one.text),
    );
    const states = await panel.page
      .locator('.queueRow > .codicon:first-child')
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
    assert.deepEqual(states, [queueStrings.queuedNext(), queueStrings.queuedNext(), queueStrings.queuedHeld()]);
    assert.equal(await row('q2').locator('.queueAttached').getAttribute('aria-label'), '2 attachments');
    const above = (await row('q3').boundingBox())?.y ?? 0;
    assert.ok(above < ((await panel.page.locator('.composerText').boundingBox())?.y ?? 0));
  });

  it('can be moved, taken out and sent now, by mouse and by keyboard', async () => {
    panel = await PanelPage.open(bench, running);
    await row('q1').locator('[data-queue="arrow-down"]').click();
    await row('q3').locator('[data-queue="arrow-up"]').focus();
    await panel.page.keyboard.press('Enter');
    await row('q2').locator('[data-queue="close"]').click();
    await row('q3').locator('[data-queue="send"]').focus();
    await panel.page.keyboard.press('Space');
    const said = (await panel.said()).filter(({ type }) => /queue/i.test(type));
    assert.deepEqual(said, [
      { type: 'moveQueued', conversation, id: 'q1', by: 1 },
      { type: 'moveQueued', conversation, id: 'q3', by: -1 },
      { type: 'unqueue', conversation, id: 'q2' },
      { type: 'sendQueuedNow', conversation, id: 'q3' },
    ]);
    assert.equal(await row('q1').locator('[data-queue="arrow-up"]').count(), 0);
    assert.equal(await row('q3').locator('[data-queue="arrow-down"]').count(), 0);
  });

  it('say their price where they wait for a click since they are dear, and go by it', async () => {
    const dear = { ...rows[2], usd: 0.94 } as QueuedRow;
    panel = await PanelPage.open(bench, { ...done, width: 260, composer: { queued: [dear] } });
    await row('q3').waitFor();
    const price = wholeCents(0.94);
    assert.equal(
      await row('q3').locator('.queuePrice').textContent(),
      `${costPopupStrings.waits(price)} ${strings.send()}`,
    );
    // The price is read once.
    assert.equal(await row('q3').locator('.codicon').first().getAttribute('aria-label'), queueStrings.queuedHeld());
    const name = costPopupStrings.sendAt(dear.text, price);
    const send = row('q3').getByRole('button', { name, exact: true });
    const box = await send.boundingBox();
    assert.ok((box?.height ?? 0) >= 24);
    // Who takes it out does not send it.
    const remove = await row('q3').locator('[data-queue="close"]').boundingBox();
    const under = (remove?.y ?? 0) + (remove?.height ?? 0);
    assert.ok(under <= (box?.y ?? 0), `${under} ${box?.y}`);
    await send.click();
    assert.deepEqual(await panel.said('sendQueuedNow'), [{ type: 'sendQueuedNow', conversation, id: 'q3' }]);
  });

  it('and a question of a command that went to a new chat say so, once aloud, with the way to the open one', async () => {
    const dearer = { id: 'q1', conversation: 'open', usd: 0.94, state: 'waits' } as const;
    const spoken = chat([user('u1', 'first question'), answer('u1', [text('a', 'Some')])]);
    panel = await PanelPage.open(bench, { composer: { queued: [{ ...rows[2], id: 'q1' } as QueuedRow], dearer } });
    const line = panel.page.locator('.askedInNewChat');
    await line.waitFor();
    const button = line.getByRole('button');
    const said: string[] = [];
    for (const [state, act] of [
      ['waits', costPopupStrings.askThere()],
      ['asked', costPopupStrings.askThere()],
      ['there', costPopupStrings.openChat()],
    ] as const) {
      await panel.snapshot({ state: spoken, composer: { dearer: { ...dearer, state } } });
      await panel.settled();
      const words = costPopupStrings.dearer[state](wholeCents(0.94));
      assert.equal(await line.textContent(), `${words} ${act}`);
      assert.equal(await panel.words('.live'), words);
      said.push(words);
      // What is said meanwhile is not talked over by it.
      await panel.events({ type: 'excluded', target: { what: 'turn', entry: 'u1', index: 0 }, out: true });
      await panel.snapshot({ state: spoken, composer: { dearer: { ...dearer, state } } });
      await panel.settled();
      assert.equal(await panel.words('.live'), transcriptStrings.announceOut());
    }
    assert.equal(new Set(said).size, 3);
    assert.ok(((await button.boundingBox())?.height ?? 0) >= 24);

    await button.click();
    assert.deepEqual(await panel.said('askThere'), [{ type: 'askThere', conversation, id: 'q1' }]);
    await panel.answer('askThere', { ok: false, reason: { text: 'It is gone.' } });
    await panel.settled();
    assert.ok(!(await panel.said()).some(({ type }) => type === 'openConversation'));
    await button.click();
    await panel.page.waitForFunction(
      () => window.panelHost.asks.filter(({ intent }) => intent.type === 'askThere').length === 2,
    );
    await panel.answer('askThere', { ok: true, value: null });
    assert.deepEqual(await panel.said('openConversation'), [{ type: 'openConversation', id: 'open' }]);
    await panel.snapshot({ state: spoken, composer: {} });
    await panel.settled();
    assert.equal(await line.count(), 0);
  });

  it('are one Tab away from the transcript', async () => {
    panel = await PanelPage.open(bench, running);
    await row('q1').waitFor();
    await panel.page.locator('.transcript').focus();
    await panel.page.keyboard.press('Tab');
    assert.equal(
      await panel.page.evaluate(() => document.activeElement?.closest('[data-queued]')?.getAttribute('data-queued')),
      'q1',
    );
    await panel.page.keyboard.press('Shift+Tab');
    assert.equal(await panel.page.evaluate(() => document.activeElement?.className), 'transcript');
  });

  it('do not go while their words are written anew, and say the new words then', async () => {
    panel = await PanelPage.open(bench, running);
    await row('q1').locator('[data-queue="edit"]').click();
    await panel.settled();
    await inline().fill('Then look at retry.ts');
    await inline().press('Enter');
    await row('q2').locator('[data-queue="edit"]').click();
    await panel.settled();
    await inline().fill('something else');
    await inline().press('Escape');
    await panel.settled();
    assert.deepEqual(await panel.said('editQueued'), [
      { type: 'editQueued', conversation, id: 'q1', text: null },
      { type: 'editQueued', conversation, id: 'q1', text: 'Then look at retry.ts' },
      { type: 'editQueued', conversation, id: 'q2', text: null },
    ]);
    const left = { type: 'dropFromEdit', conversation, edit: 'q2', id: null } as const;
    assert.deepEqual(await panel.said('dropFromEdit'), [left], 'it stays as it was');
    assert.equal(await inline().count(), 0);
    assert.ok(!(await panel.said()).some(({ type }) => type === 'stop'), 'Esc was the editor’s');
    assert.equal(await panel.page.evaluate(() => document.activeElement?.getAttribute('data-edit')), 'q2');
  });

  it('are told to a screen reader when they are taken', async () => {
    panel = await PanelPage.open(bench, { ...running, composer: {} });
    await panel.snapshot(running);
    await panel.settled();
    assert.equal(await panel.words('.live'), strings.announceQueued());
  });

  describe('and a message that was sent', () => {
    it('is edited where it stands, with Enter, and sent anew; Shift+Enter makes a line', async () => {
      panel = await PanelPage.open(bench, done);
      await panel.page.locator('.user').hover();
      await panel.page.locator('.bubbleEdit').click();
      await panel.settled();
      assert.equal(await inline().inputValue(), 'first question');
      assert.equal(await panel.page.evaluate(() => document.activeElement?.className), 'inlineText');
      await inline().press('Shift+Enter');
      await inline().pressSequentially('in one line');
      await inline().press('Enter');
      assert.deepEqual(await panel.said('editMessage'), [
        { type: 'editMessage', conversation, id: 'u1', text: 'first question\nin one line' },
      ]);
      assert.equal(await panel.page.locator('.composerText').inputValue(), '');
    });

    it('leaves Enter and Esc to an input method that is at work (L24)', async () => {
      panel = await PanelPage.open(bench, {
        ...running,
        state: { ...chat(running.state?.items ?? []), activity: running.state?.activity ?? null },
      });
      for (const open of [
        () => panel.page.locator('.bubbleEdit').click(),
        () => row('q1').locator('[data-queue="edit"]').click(),
      ]) {
        await panel.page.locator('.user').hover();
        await open();
        await panel.settled();
        await inline().fill('にほ');
        await panel.forget();
        await compose('Enter');
        await compose('Escape');
        assert.equal(await inline().inputValue(), 'にほ');
        assert.deepEqual(
          (await panel.said()).filter(({ type }) => type !== 'draft' && type !== 'keepEdit'),
          [],
        );
        await inline().press('Escape');
        await panel.settled();
      }
    });

    it('is not lost while it is written anew, when the view goes away (L2)', async () => {
      panel = await PanelPage.open(bench, done);
      await panel.page.locator('.bubbleEdit').focus();
      await panel.page.keyboard.press('Enter');
      await panel.settled();
      await inline().fill('half a thou');
      await panel.reload(done);
      await panel.settled();
      assert.equal(await inline().inputValue(), 'half a thou');
      await inline().press('Escape');
      await panel.settled();
      assert.equal(await panel.words('.bubbleText'), 'first question');
    });

    it('is not edited while another window asks', async () => {
      const state = chat([user('u1', 'first')], { activity: { kind: 'elsewhere', since: startedAt } });
      panel = await PanelPage.open(bench, { state });
      assert.equal(await panel.page.locator('.bubbleEdit').count(), 0);
    });
  });

  describe('and what goes along by itself', () => {
    const firstSend = { automatic: true, labels: ['login.ts:41-78'], files: 5 };

    it('is named above the composer before the first message, with the way to send only what one adds', async () => {
      panel = await PanelPage.open(bench, { composer: { chips, firstSend } });
      assert.equal(await panel.words('.firstSend'), `Sends login.ts:41-78 and 5 open files ${strings.onlyWhatIAdd()}`);
      await panel.page.locator('[data-do="onlyWhatIAdd"]').click();
      assert.deepEqual(await panel.said('onlyWhatIAdd'), [{ type: 'onlyWhatIAdd', conversation, only: true }]);
      await panel.snapshot({ composer: { chips } });
      await panel.settled();
      assert.equal(await panel.page.locator('.firstSend').count(), 0);
    });

    it('is left out by the first row of the group’s popup, and let in again by it', async () => {
      panel = await PanelPage.open(bench, { composer: { chips } });
      const all = panel.page.locator('[data-do="includeOpenFiles"]');
      await panel.page.locator('.filesChip').click();
      await all.uncheck();
      const off = { kind: 'openFiles', id: 'openFiles', tokens: 0, usd: 0, files: [], on: false } as const;
      const added = {
        kind: 'file',
        id: 'file:///w/a.ts',
        label: 'a.ts',
        path: 'src/a.ts',
        tokens: 10,
        included: true,
        usd: null,
        sent: true,
        changed: true,
      } as const;
      await panel.snapshot({ composer: { chips: [added, off] } });
      await panel.settled();
      assert.equal(await panel.page.locator('.filesChip').innerText(), strings.openFilesNamed(0));
      await all.check();
      assert.deepEqual(
        (await panel.said('onlyWhatIAdd')).map(({ only }) => only),
        [true, false],
      );
      await panel.page.locator('[data-chip="file:///w/a.ts"] .chipMain').click();
      assert.deepEqual(await panel.said('openFile'), [{ type: 'openFile', path: 'src/a.ts', ...wholeFile }]);
      await panel.page.locator('[data-chip="file:///w/a.ts"] .chipRemove').click();
      assert.deepEqual(await panel.said('removeChip'), [{ type: 'removeChip', conversation, id: 'file:///w/a.ts' }]);
    });
  });

  describe('and what is copied', () => {
    const copied = (from: string, to: string): Promise<string> =>
      panel.page.evaluate(
        ([start, end]) => {
          const first = document.querySelector(start ?? '');
          const last = [...document.querySelectorAll(end ?? '')].at(-1);
          if (first === null || last === undefined) throw new Error('nothing to select');
          getSelection()?.setBaseAndExtent(first, 0, last, last.childNodes.length);
          const data = new DataTransfer();
          first.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
          return data.getData('text/plain');
        },
        [from, to],
      );

    it('is Markdown of what is selected in an answer (L25)', async () => {
      panel = await PanelPage.open(bench, done);
      await panel.settled();
      assert.equal(await copied('.answer .markdown', '.answer .markdown'), longAnswer);
    });

    it('has the addresses of links and pictures and the sides of columns as they are written (L65)', async () => {
      const source = [
        'At https://x.org/a, www.x.org, <https://x.org/b> and me@x.org.',
        '[x](https://x.org) [**the** retry](src/login.ts#L42 "T") [https://x.org](https://x.org) [no](javascript:x)',
        '![alt](https://x.org/a.png) [![in](b.png)](https://x.org)',
        '| a | b | c | d |\n| :--- | :---: | ---: | --- |\n| 1 | 2 | 3 | `src/a.ts:3` |',
      ].join('\n\n');
      panel = await PanelPage.open(bench, { state: chat([user('u1', 'q'), answer('u1', [text('a', source)])]) });
      await panel.settled();
      assert.equal(await copied('.answer .markdown', '.answer .markdown'), source);
    });

    it('is the plain text in a code block, a question or a field (L25)', async () => {
      panel = await PanelPage.open(bench, done);
      await panel.settled();
      assert.match(await copied('.codeBlock code', '.codeBlock code'), /^export async function login[^`]*\}\s*$/);
      assert.equal(await copied('.bubbleText', '.bubbleText'), 'first question');
      await panel.page.locator('.composerText').fill('typed');
      const prevented = await panel.page.evaluate(
        () =>
          !document
            .querySelector('.composerText')
            ?.dispatchEvent(new ClipboardEvent('copy', { bubbles: true, cancelable: true })),
      );
      assert.equal(prevented, false);
    });
  });
});
