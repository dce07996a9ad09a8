import assert from 'node:assert/strict';
import { type AnswerItem, type ChatState, emptyChat, type Item, type Part } from '../../src/shared/chat';
import type { Chip } from '../../src/shared/protocol';
import { stepLabel } from '../../src/webview/l10n/failures';
import { strings } from '../../src/webview/l10n/strings';
import { saying } from '../texts';
import { answer, chat, chips, text, tool, user } from './chats';
import { baseComposer, baseEnvironment, conversation, type PanelBench, PanelPage, startBench } from './panelPage';

/** What no type allows, and a store, a server or another version may yet hold. */
function broken<T>(value: unknown): T {
  return value as T;
}

describe('A part that cannot be shown', () => {
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

  async function failures(): Promise<readonly string[]> {
    const said = await panel.said();
    return said.flatMap((one) => (one.type === 'viewFailed' ? [one.message] : []));
  }

  for (const times of [500, 1000, 20_000]) {
    it(`is a list nested ${times} deep: its text is shown, and all else lives (L62)`, async () => {
      const deep = `${'- '.repeat(times)}x`;
      const state = chat([
        user('u1', 'Deep?'),
        answer('u1', [text('a', `Before **it**\n\n${deep}\n\nAfter`)]),
        user('u2', 'And?'),
        answer('u2', [text('b', 'It is *here*.')]),
      ]);
      panel = await PanelPage.open(bench, { state });
      assert.equal(await panel.words('.plainWords'), strings.cannotFormat());
      assert.equal(await panel.page.locator('.plainPart').count(), 1);
      assert.equal(await panel.page.locator('.plainPart pre').first().textContent(), deep.slice(2));
      assert.equal(await panel.words('.answer strong'), 'it');
      assert.equal(await panel.words('.answer em'), 'here');
      await panel.page.locator('.plainPart button').click();
      assert.deepEqual(
        (await panel.said('copy')).map((one) => one.text),
        [deep.slice(2)],
      );
      assert.equal(await panel.page.locator('.viewFailed').count(), 0);
    });
  }

  it('streams too: beside it the answer grows, and another chat is shown as ever (L62)', async () => {
    panel = await PanelPage.open(bench);
    await panel.events(
      { type: 'item', item: user('u1', 'Deep?') },
      { type: 'answerStarted', id: 'u1', at: 0, model: 'claude-opus-4-8' },
      { type: 'partStarted', answer: 'u1', part: text('a', '', true) },
    );
    for (let piece = 0; piece < 20; piece += 1)
      await panel.events({ type: 'delta', answer: 'u1', key: 'a', text: '- '.repeat(50) });
    await panel.events({ type: 'delta', answer: 'u1', key: 'a', text: 'x\n\nAnd **then** on' });
    assert.equal(await panel.words('.answer strong'), 'then');
    assert.equal(await panel.page.locator('.plainPart').count(), 1);
    await panel.post({
      type: 'snapshot',
      conversation: 'conversation-2',
      seq: 0,
      state: emptyChat('conversation-2'),
      composer: baseComposer,
      draft: '',
    });
    await panel.settled();
    assert.equal(await panel.page.locator('.plainPart, .viewFailed').count(), 0);
  });

  const good: readonly Item[] = [user('u1', 'One?'), answer('u1', [text('a', 'It is **one**.')])];
  const bad: Readonly<Record<string, readonly [Item, string]>> = {
    'a question without attachments': [broken({ ...user('u9', 'My words'), attachments: null }), 'My words'],
    'a question whose text is none': [broken({ ...user('u9', ''), text: { text: 'Words' } }), 'Words'],
    'an answer without parts': [broken({ ...answer('u9', []), parts: null }), ''],
    'an answer with an unknown outcome': [
      broken<AnswerItem>({ ...answer('u9', [text('z', 'Kept words')]), outcome: { kind: 'failed' } }),
      'Kept words',
    ],
    'a context without lines': [broken({ type: 'context', id: 'c9', at: 0, lines: null }), ''],
    'a compaction without a summary': [broken({ type: 'compaction', id: 'p9', at: 0, outcome: {} }), ''],
  };
  for (const [name, [item, shown]] of Object.entries(bad)) {
    it(`is ${name}: the items around it are shown (L62)`, async () => {
      const after = [user('u3', 'Three?'), answer('u3', [text('c', 'It is *three*.')])];
      panel = await PanelPage.open(bench, { drawnBefore: true, state: chat([...good, item, ...after]) });
      assert.equal(await panel.words('.answer strong'), 'one');
      assert.equal(await panel.words('.answer em'), 'three');
      assert.ok((await panel.words('.column')).includes(shown));
      assert.ok((await failures()).every((message) => !message.includes('trim')));
      assert.equal(await panel.page.locator('textarea.composerText').count(), 1);
    });
  }

  const badParts: Readonly<Record<string, readonly [Part, string]>> = {
    'a text that is none': [broken({ type: 'text', key: 'x', open: false, text: { text: 'Its words' } }), 'Its words'],
    'a tool without a label': [broken({ ...tool('x', { output: 'What came' }), label: null }), 'What came'],
    'a thought that is a number': [broken({ type: 'thinking', key: 'x', open: false, text: 7, durationMs: {} }), ''],
  };
  for (const [name, [part, shown]] of Object.entries(badParts)) {
    it(`is ${name}: the rest of its answer is shown (L62)`, async () => {
      const parts = [text('a', 'Before **it**.'), part, text('b', 'After *it*.')];
      panel = await PanelPage.open(bench, { state: chat([user('u1', 'One?'), answer('u1', parts)]) });
      assert.equal(await panel.words('.answer strong'), 'it');
      assert.equal(await panel.words('.answer em'), 'it');
      assert.ok((await panel.words('.answer')).includes(shown));
      assert.equal(await panel.page.locator('.turnFooter').count(), 1);
    });
  }

  it('is drawn as it is meant once it can be, and is told once', async () => {
    const item = broken<Item>({ ...answer('u2', []), parts: null });
    panel = await PanelPage.open(bench, { state: chat([...good, item]) });
    assert.equal(await panel.page.locator('.turn .partFailed').count(), 1);
    const rendered = { type: 'title', title: 'Again' } as const;
    await panel.events(rendered, rendered);
    assert.equal((await failures()).length, 1);
    await panel.snapshot({ state: chat([...good, answer('u2', [text('b', 'It is *two*.')])]) });
    await panel.settled();
    assert.equal(await panel.page.locator('.partFailed').count(), 0);
    assert.equal(await panel.words('.answer em'), 'two');
    await panel.snapshot({ state: chat([...good, item, user('u3', 'Three?')]) });
    await panel.settled();
    assert.equal(await panel.page.locator('.partFailed').count(), 1);
    assert.equal(await panel.words('.user:last-child .bubbleText'), 'Three?');
  });

  it('leaves nothing behind of what was drawn before it failed', async () => {
    const before = answer('u1', [text('a', 'First **words**.'), tool('t1', {})]);
    panel = await PanelPage.open(bench, { state: chat([user('u1', 'One?'), before]) });
    assert.equal(await panel.page.locator('.tool').count(), 1);
    const failing = tool('t1', broken({ summary: { text: {} } }));
    for (const last of [failing, tool('t1', {}), failing]) {
      await panel.snapshot({
        state: chat([user('u1', 'One?'), { ...before, parts: [text('a', 'First **words**.'), last] }]),
      });
      await panel.settled();
      const fails = last === failing;
      assert.equal(await panel.page.locator('.answer .tool').count(), fails ? 0 : 1);
      assert.equal(await panel.page.locator('.answer .plainPart').count(), fails ? 1 : 0);
    }
  });

  const regions: Readonly<Record<string, Partial<typeof baseComposer>>> = {
    'the chips': { chips: broken<readonly Chip[]>([null]) },
    'the cost line': { next: broken(null) },
    'the queue': { queued: broken([null]) },
    'the attachments': { attachments: broken([null]) },
    'the first-send line': { firstSend: broken({}) },
    'the model': { modelName: broken(Object.create(null)) },
  };
  for (const [name, composer] of Object.entries(regions)) {
    it(`is ${name}: one can read and write on (L62)`, async () => {
      panel = await PanelPage.open(bench, {
        drawnBefore: true,
        state: chat(good),
        composer: { chips, ...composer },
      });
      assert.equal(await panel.words('.answer strong'), 'one');
      assert.equal(await panel.page.locator('.viewFailed').count(), 0);
      await panel.page.locator('textarea.composerText').fill('Go on');
      await panel.page.keyboard.press('Enter');
      assert.equal((await panel.said('send'))[0]?.text, 'Go on');
    });
  }

  it('is what a switch restores: the conversation is drawn, with its draft (L62)', async () => {
    panel = await PanelPage.open(bench, { snapshot: false });
    await panel.post({ type: 'environment', environment: baseEnvironment });
    await panel.settled();
    await panel.page.evaluate(() => {
      document.hasFocus = () => {
        throw new Error('the focus cannot be known');
      };
    });
    await panel.snapshot({ state: chat(good), draft: 'My draft' });
    await panel.settled();
    assert.equal(await panel.page.locator('.answer strong').count(), 1);
    assert.equal(await panel.page.locator('textarea.composerText').inputValue(), 'My draft');
    assert.deepEqual(await failures(), ['Error: the focus cannot be known']);
  });

  it('is the title row: the conversation is shown below it', async () => {
    panel = await PanelPage.open(bench, { state: broken<ChatState>({ ...chat(good), title: null, usd: undefined }) });
    assert.equal(await panel.words('.answer strong'), 'one');
    assert.equal(await panel.words('.panelHeader'), strings.cannotShow());
  });

  it('is a row of the list of conversations: it can still be opened', async () => {
    panel = await PanelPage.open(bench, { state: chat(good), width: 900, environment: { column: true } });
    const row = { id: 'c2', title: 'Two', at: 0, state: 'idle', workspace: null, snippet: null } as const;
    await panel.answer('listConversations', {
      ok: true,
      value: broken({
        rows: [{ ...row, id: 'c1', title: 'One', state: 'new in a later version' }, row],
        more: false,
        elsewhere: 0,
        offer: null,
      }),
    });
    assert.deepEqual(await panel.page.locator('.listRow .rowTitle').allTextContents(), ['One', 'Two']);
    await panel.page.locator('.listRow .rowOpen').first().click();
    assert.equal((await panel.said('openConversation'))[0]?.id, 'c1');
  });

  it('takes an event that it does not understand, and asks for the state', async () => {
    panel = await PanelPage.open(bench, { state: chat(good) });
    await panel.events(broken(null), { type: 'title', title: 'After' });
    assert.equal((await panel.said('resync')).length, 1);
    await panel.snapshot({ state: { ...chat(good), title: 'After' } });
    await panel.settled();
    assert.equal(await panel.words('.title'), 'After');
  });

  it('is the whole panel: the card leaves when another conversation is shown (L62)', async () => {
    panel = await PanelPage.open(bench, { snapshot: false });
    await panel.post({ type: 'environment', environment: baseEnvironment });
    // A frame that fails before the snapshot is about no conversation.
    await panel.settled();
    const state = chat(good);
    const snapshot = { type: 'snapshot', conversation, seq: 0, state, composer: baseComposer } as const;
    await panel.page.evaluate(() => {
      const set = (): void => {
        throw new Error('nothing can be shown');
      };
      Object.defineProperty(document.querySelector('.transcript'), 'ariaLabel', { configurable: true, set });
    });
    await panel.post({ ...snapshot, draft: '' });
    await panel.page.waitForSelector('.viewFailed');
    // The same conversation again is no reason to try.
    await panel.post({ ...snapshot, draft: '' });
    assert.equal(await panel.page.locator('.viewFailed').count(), 1);
    await panel.forget();
    await panel.post({ ...snapshot, conversation: 'conversation-2', draft: '' });
    assert.equal((await panel.said('ready')).length, 1);
    await panel.post({ type: 'environment', environment: baseEnvironment });
    await panel.post({ ...snapshot, conversation: 'conversation-2', draft: '' });
    await panel.settled();
    assert.equal(await panel.page.locator('.viewFailed').count(), 0);
    assert.equal(await panel.words('.answer strong'), 'one');
  });

  const whole = {
    type: 'snapshot',
    conversation,
    seq: 0,
    state: chat(good),
    composer: baseComposer,
    draft: '',
  } as const;
  const { state: _, ...stateless } = whole;
  const { composer: __, ...bare } = whole;
  const snapshots: Readonly<Record<string, readonly [message: unknown, isShown: boolean]>> = {
    'without a state': [stateless, false],
    'whose state is null': [{ ...whole, state: null }, false],
    'whose state is a text': [{ ...whole, state: 'items' }, false],
    'whose items are none': [{ ...whole, state: { ...whole.state, items: {} } }, false],
    'without a composer': [bare, false],
    'whose composer is null': [{ ...whole, composer: null }, false],
    'of no conversation': [{ ...whole, conversation: null }, false],
    'with nothing but its items': [{ ...whole, seq: null, draft: null, state: { items: good } }, true],
    'with a composer of nothing': [{ ...whole, composer: {} }, true],
  };
  for (const [name, [message, isShown]] of Object.entries(snapshots)) {
    it(`is a snapshot ${name}: ${isShown ? 'what is there is shown' : 'a plain box stands there, with Retry'} (L73)`, async () => {
      for (const first of [true, false]) {
        panel = await PanelPage.open(bench, { state: chat(good), snapshot: !first });
        await panel.post(broken({ type: 'environment', environment: null }));
        await panel.post(broken(message));
        await panel.post(broken(null));
        await panel.settled();
        assert.equal(await panel.page.locator('.viewFailed').count(), 0);
        if (isShown) assert.equal(await panel.words('.answer strong'), 'one');
        else {
          assert.match(
            await panel.words('[data-unopened]'),
            saying(strings.unopened(''), 'read its contents.', stepLabel('retry')),
          );
          await panel.page.locator('[data-unopened] [data-step="retry"]').click();
          assert.equal((await panel.said('reopen')).length, 1);
          assert.ok((await failures()).length > 0, 'the host is told');
          await panel.post(whole);
          await panel.settled();
          assert.equal(await panel.words('.answer strong'), 'one');
        }
        assert.deepEqual(panel.problems, []);
        if (first) await panel.close();
      }
    });
  }

  it('is an environment with nothing in it: the conversation is shown', async () => {
    panel = await PanelPage.open(bench, { state: chat(good) });
    await panel.post(broken({ type: 'environment', environment: { words: null } }));
    await panel.snapshot({ state: chat(good) });
    await panel.settled();
    assert.equal(await panel.words('.answer strong'), 'one');
    assert.equal(await panel.page.locator('.viewFailed').count(), 0);
  });
});
