/** Calls that wait for the user, in the panel: cards by mouse, keyboard and screen reader, and calls that are stopped. */
import assert from 'node:assert/strict';
import type { Approval } from '../../src/shared/approval';
import type { ChatEvent, ToolPart } from '../../src/shared/chat';
import { approvalStrings, approvalTitle, spanStrings } from '../../src/webview/l10n/approvalStrings';
import { saying } from '../texts';
import { answer, chat, longAnswer, startedAt, text, tool, user } from './chats';
import { conversation, type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';

const secret: Approval = {
  kind: 'read',
  files: [{ path: '.env', why: ['secret', 'ignored'] }],
  spans: ['once', 'conversation', 'workspace'],
};

function asking(key: string, approval: Approval, path = '.env'): ToolPart {
  const label = { text: 'Reading {0}', args: [path] };
  return tool(key, { status: 'asks', label, summary: null, output: null, approval, input: `{"path":"${path}"}` });
}

function running(...parts: readonly ToolPart[]): PanelOptions {
  const state = chat(
    [user('u1', 'What is set?'), answer('u1', [text('a', 'I look.'), ...parts], { outcome: null, endedAt: null })],
    { activity: { kind: 'tools', since: startedAt } },
  );
  return { state };
}

function toolEvent(key: string, more: Partial<Extract<ChatEvent, { type: 'tool' }>>): ChatEvent {
  const label = { text: 'Reading {0}', args: ['.env'] };
  return { type: 'tool', answer: 'u1', key, status: 'running', label, summary: null, output: null, ...more };
}

describe('A call that waits for the user', () => {
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

  const card = (key: string) => panel.page.locator(`[data-approval="${key}"]`);
  const focused = () =>
    panel.page.evaluate(() => {
      const at = document.activeElement;
      return at?.getAttribute('data-approval') ?? at?.getAttribute('data-do') ?? at?.className ?? '';
    });
  const live = () => panel.words('.live');

  it('says what, where and why, and takes each answer', async () => {
    panel = await PanelPage.open(bench, running(asking('t1', secret)));
    assert.equal(await panel.words('.approvalTitle'), 'Read .env');
    assert.equal(await panel.words('.approvalNote'), 'May contain secrets, ignored');
    for (const span of ['once', 'conversation', 'workspace'] as const) {
      await panel.page.getByRole('button', { name: spanStrings[span](), exact: true }).click();
      assert.deepEqual((await panel.said('approve')).at(-1), { type: 'approve', conversation, key: 't1', span });
    }
    await panel.events(toolEvent('t1', { status: 'running' }));
    assert.equal(await card('t1').count(), 0, 'the card goes when it is answered');
  });

  it('takes no focus when it comes, and Enter in the text approves nothing', async () => {
    panel = await PanelPage.open(bench, running(asking('t1', secret)));
    await panel.page.locator('.composerText').focus();
    await panel.events({ type: 'partStarted', answer: 'u1', part: asking('t2', secret) });
    assert.equal(await card('t2').count(), 1);
    assert.equal(await focused(), 'composerText');
    await panel.page.keyboard.press('Enter');
    await panel.page.locator('.composerText').fill('And then?');
    await panel.page.keyboard.press('Enter');
    const said = (await panel.said()).map(({ type }) => type);
    assert.ok(said.includes('send') && !said.includes('approve') && !said.includes('deny'), said.join());
    assert.equal(await card('t1').count(), 1);
  });

  it('is denied with a reason, by keys alone', async () => {
    panel = await PanelPage.open(bench, running(asking('t1', secret)));
    await panel.post({ type: 'review', answer: null });
    await panel.settled();
    assert.equal(await focused(), 't1', 'F8 goes to the card, not to a button: Enter there does nothing');
    await panel.page.keyboard.press('Enter');
    assert.deepEqual(
      (await panel.said()).filter(({ type }) => type === 'approve'),
      [],
    );
    for (let tabs = 0; tabs < 4; tabs += 1) await panel.page.keyboard.press('Tab');
    assert.equal(await focused(), 'deny');
    await panel.page.keyboard.press('Enter');
    await panel.page.locator('.denialReason:focus').waitFor();
    await panel.page.keyboard.press('Escape');
    await panel.settled();
    assert.equal(await focused(), 'deny', 'Esc closes the line and stops nothing');
    await panel.page.keyboard.press('Enter');
    await panel.page.locator('.denialReason:focus').waitFor();
    await panel.page.keyboard.type('Use .env.example');
    await panel.page.keyboard.press('Enter');
    assert.deepEqual(await panel.said('deny'), [{ type: 'deny', conversation, key: 't1', reason: 'Use .env.example' }]);
    assert.deepEqual(
      (await panel.said()).filter(({ type }) => type === 'stop'),
      [],
    );
    assert.equal(await focused(), 'composerText', 'the focus is not lost with the card');
  });

  it('keeps a reason that is not sent yet, when the card is left, another chat is shown and the view begins anew (L2)', async () => {
    const options = running(asking('t1', secret));
    panel = await PanelPage.open(bench, options);
    const reason = panel.page.locator('.denialReason');
    const isKept = () =>
      panel.page.waitForFunction(
        () => document.querySelector<HTMLInputElement>('.denialReason')?.value === 'Use .env.example',
      );
    await card('t1').locator('[data-do="deny"]').click();
    await reason.fill('Use .env.example');
    await reason.press('Escape');
    await card('t1').locator('[data-do="deny"]').click();
    await isKept();
    await panel.reload(options);
    await isKept();
    await panel.snapshot({ state: { ...chat([]), conversation: 'another' } });
    await reason.waitFor({ state: 'detached' });
    await panel.snapshot(options);
    await isKept();
    await reason.press('Enter');
    assert.deepEqual(await panel.said('deny'), [{ type: 'deny', conversation, key: 't1', reason: 'Use .env.example' }]);
    await card('t1').locator('[data-do="deny"]').click();
    assert.equal(await reason.inputValue(), '', 'it was sent');
  });

  it('keeps the reason in sight that is typed when the panel becomes narrower, unless it was left', async () => {
    const parts = [text('a', `${longAnswer}\n\n`.repeat(3)), asking('t1', secret), text('b', longAnswer.repeat(3))];
    const state = chat([user('u1', 'Why?'), answer('u1', parts, { outcome: null, endedAt: null })], {
      activity: { kind: 'tools', since: startedAt },
    });
    panel = await PanelPage.open(bench, { state, width: 800, height: 500 });
    const box = panel.page.locator('.transcript');
    const top = (): Promise<number> => box.evaluate((one) => one.scrollTop);
    // Nothing lies over it either, as the way back to the end might.
    const inSight = (): boolean => {
      const field = document.querySelector('.denialReason');
      const { left, right, top, bottom } = field?.getBoundingClientRect() ?? new DOMRect();
      return [top + 3, bottom - 3].every((y) => document.elementFromPoint((left + right) / 2, y) === field);
    };
    const isInSight = (): Promise<boolean> => panel.page.evaluate(inSight);
    await card('t1').locator('[data-do="deny"]').click();
    await panel.page.locator('.denialReason:focus').waitFor();
    assert.ok(await isInSight());
    await panel.page.setViewportSize({ width: 300, height: 500 });
    await panel.page.waitForFunction(inSight, undefined, { timeout: 5000 });
    await box.evaluate((one) => one.scrollTo(0, 0));
    await panel.settled();
    assert.equal(await isInSight(), false);
    const left = await top();
    await panel.page.setViewportSize({ width: 500, height: 500 });
    await panel.settled();
    assert.deepEqual([await isInSight(), await top()], [false, left]);
  });

  it('is heard, once, with the key that leads to it', async () => {
    panel = await PanelPage.open(bench, running(tool('t1', { status: 'preparing', summary: null, output: null })));
    await panel.events(toolEvent('t1', { status: 'asks', approval: secret }));
    assert.equal(await live(), approvalStrings.announce('Read .env'));
    const group = panel.page.getByRole('group', { name: approvalStrings.needed('Read .env') });
    assert.equal(await group.count(), 1);
  });

  it('is said above the composer while it is out of sight, and F8 goes from one to the next', async () => {
    const parts = [asking('t1', secret), text('b', longAnswer.repeat(3)), asking('t2', secret, 'dist/a.js')];
    const state = chat([user('u1', 'Why?'), answer('u1', parts, { outcome: null, endedAt: null })], {
      activity: { kind: 'tools', since: startedAt },
    });
    panel = await PanelPage.open(bench, { state, height: 500 });
    await panel.page.locator('.waitingBar').waitFor();
    assert.match(await panel.words('.waitingBar'), new RegExp(`^${approvalStrings.waits(1)}`));
    await panel.page.locator('[data-do="review"]').click();
    assert.equal(await focused(), 't1');
    assert.ok(await card('t1').isVisible());
    await panel.post({ type: 'review', answer: null });
    await panel.settled();
    assert.equal(await focused(), 't2');
    await panel.post({ type: 'review', answer: null });
    await panel.settled();
    assert.equal(await focused(), 't1', 'and around');
    await panel.events(toolEvent('t1', {}), toolEvent('t2', {}));
    await panel.page.locator('.waitingBar').waitFor({ state: 'detached' });
    await panel.post({ type: 'review', answer: null });
    await panel.settled();
    assert.equal(await focused(), 'composerText', 'with nothing to review the text has the focus');
  });

  it('shows what somebody else’s tool would be given, and what a search costs', async () => {
    const other: Approval = { kind: 'other', tool: 'create_issue', source: 'GitHub', spans: ['once'] };
    const web: Approval = { kind: 'web', tool: 'web_search', usd: 0.01, spans: ['once'] };
    const call = { ...asking('t1', other), input: '{"title":"Retry","body":"Twice"}' };
    panel = await PanelPage.open(bench, running(call, asking('t2', web), asking('t3', { ...web, usd: null })));
    const words = await panel.words(card('t1'));
    assert.match(words, /Run create_issue \(GitHub\).*"title": "Retry"/);
    assert.equal(words.split('GitHub').length, 2, 'whose it is, once');
    assert.match(await panel.words(card('t2')), saying(approvalTitle(web), approvalStrings.price('$0.01')));
    assert.match(await panel.words(card('t3')), /— per search/, 'an unknown price is not 0');
    assert.equal(await card('t1').locator('[data-allow]').count(), 1, 'only what can be chosen');
  });

  it('names each of several files', async () => {
    const files = Array.from({ length: 15 }, (_, n) => ({ path: `dist/${n}.js`, why: ['ignored'] as const }));
    panel = await PanelPage.open(bench, running(asking('t1', { ...secret, kind: 'read', files })));
    assert.equal(await panel.words('.approvalTitle'), 'Read 15 files');
    assert.equal(await panel.page.locator('.approvalPath').count(), 12);
    assert.match(await panel.words('.approvalFiles'), /dist\/11\.js ?ignored ?\+3$/);
  });

  it('is only looked at in a window that does not drive it', async () => {
    const { state } = running(asking('t1', secret));
    panel = await PanelPage.open(bench, {
      state: { ...(state ?? chat([])), activity: { kind: 'elsewhere', since: startedAt } },
    });
    assert.equal(await card('t1').locator('button').count(), 0);
    assert.match(await panel.words(card('t1')), new RegExp(approvalStrings.elsewhere()));
  });

  for (const width of [260, 400]) {
    it(`has all its answers in sight at ${width} px`, async () => {
      const long: Approval = {
        ...secret,
        kind: 'read',
        files: [{ path: `src/${'veryLongNameOfAFolder/'.repeat(4)}.env.production.local`, why: ['secret'] }],
      };
      panel = await PanelPage.open(bench, { ...running(asking('t1', long)), width });
      const box = await card('t1').boundingBox();
      const buttons = await card('t1').locator('button').all();
      assert.equal(buttons.length, 4);
      for (const button of buttons) {
        const place = await button.boundingBox();
        assert.ok(place !== null && box !== null);
        assert.ok(place.x >= box.x && place.x + place.width <= box.x + box.width, `${width}`);
        assert.ok(place.height >= 24);
      }
      assert.equal(await panel.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    });
  }
});

describe('A call that runs', () => {
  let bench: PanelBench;
  let panel: PanelPage;

  before(async () => {
    bench = await startBench();
  });
  afterEach(() => panel.close());

  it('is stopped by its own button, and says how far it is', async () => {
    panel = await PanelPage.open(bench, running(tool('t1', { status: 'running', summary: null, output: null })));
    await panel.events(toolEvent('t1', { summary: { text: '{0} files', args: [12] } }));
    assert.match(await panel.words('.tool'), /Reading \.env.*12 files/);
    await panel.page.getByRole('button', { name: approvalStrings.stopCall('Reading .env') }).click();
    assert.deepEqual(await panel.said('stopCall'), [{ type: 'stopCall', conversation, key: 't1' }]);
    await panel.events(toolEvent('t1', { status: 'cancelled' }));
    assert.equal(await panel.page.locator('[data-do="stopCall"]').count(), 0);
  });
});
