/** Find in chat: the box, what it asks of the host, and what it marks. The host of these tests searches as the real one does. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { ChatFinder } from '../../src/core/transcript/findInChat';
import type { ChatState, Item } from '../../src/shared/chat';
import { filled } from '../../src/shared/phrase';
import { earlierThan, tailOf } from '../../src/shared/tail';
import { findStrings } from '../../src/webview/l10n/findStrings';
import { answer, chat, compaction, longAnswer, shortTools, startedAt, text, user } from './chats';
import { conversation, type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';

const paragraphs = (count: number) => 'A paragraph of an answer that takes some room.\n\n'.repeat(count);

describe('Find in chat', () => {
  let bench: PanelBench;
  let panel: PanelPage;
  /** All of the conversation, as the host has it. */
  let whole: ChatState;
  let finder: ChatFinder;

  before(async () => {
    bench = await startBench();
  });
  afterEach(async () => {
    const { problems } = panel;
    await panel.close();
    assert.deepEqual(problems, []);
  });

  async function open(items: readonly Item[], options: PanelOptions & { readonly chat?: Partial<ChatState> } = {}) {
    whole = chat(items, options.chat);
    finder = new ChatFinder(({ text: words, args }) => filled(words, args ?? []));
    panel = await PanelPage.open(bench, { state: tailOf(whole), ...options });
  }

  const field = () => panel.page.locator('.findText');
  const count = () => panel.words('.findCount');
  const box = () => panel.page.locator('.findBox');

  /** What the command does. */
  async function command(step: 'open' | 'next' | 'previous' = 'open'): Promise<void> {
    await panel.post({ type: 'find', step });
    await box().waitFor();
    await panel.settled();
  }

  /** Answers the last question as the host does. */
  async function give(): Promise<void> {
    const { text: words, matchCase, wholeWord } = (await panel.said('find')).at(-1) ?? { text: '' };
    const query = { text: words, matchCase: matchCase === true, wholeWord: wholeWord === true };
    await panel.answer('find', { ok: true, value: await finder.find(whole.items, query) });
    await panel.settled();
  }

  async function type(words: string): Promise<void> {
    await field().fill(words);
    await give();
  }

  async function press(key: string): Promise<void> {
    await panel.page.keyboard.press(key);
    await panel.settled();
    await panel.settled();
  }

  /** The words that are marked, and the one that was gone to with what stands around it. */
  const marked = () =>
    panel.page.evaluate(() => {
      const wordsOf = (name: string): string[] =>
        [...(CSS.highlights.get(name) ?? [])].map((one) => {
          const range = document.createRange();
          range.setStart(one.startContainer, one.startOffset);
          range.setEnd(one.endContainer, one.endOffset);
          return String(range);
        });
      return { others: wordsOf('preludeFound'), now: wordsOf('preludeFoundNow') };
    });

  /** Where the current match is, in the transcript's own box. */
  const place = () =>
    panel.page.evaluate(() => {
      const [one] = [...(CSS.highlights.get('preludeFoundNow') ?? [])];
      if (one === undefined) return null;
      const range = document.createRange();
      range.setStart(one.startContainer, one.startOffset);
      range.setEnd(one.endContainer, one.endOffset);
      const { top, bottom } = range.getBoundingClientRect();
      const outer = document.querySelector('.transcript')?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
      const article = one.startContainer.parentElement?.closest('[data-place]')?.getAttribute('data-place') ?? '';
      return { article, isSeen: top >= outer.top && bottom <= outer.bottom };
    });

  it('counts what is found, marks it, and goes from one to the next and round', async () => {
    await open([user('u1', 'Why does login retry?'), answer('u1', [text('a', longAnswer)]), user('u2', 'And LOGIN?')], {
      height: 1400,
    });
    await command();
    assert.ok(await field().evaluate((input) => input === document.activeElement));
    await type('login');
    const total = (await marked()).others.length + 1;
    assert.equal(total, 7);
    assert.equal(await count(), findStrings.place(1, '7'));
    for (const [key, at] of [
      ['Enter', 2],
      ['Enter', 3],
      ['Shift+Enter', 2],
      ['Shift+Enter', 1],
      ['Shift+Enter', 7],
      ['Enter', 1],
    ] as const) {
      await press(key);
      assert.equal(await count(), findStrings.place(at, '7'));
      assert.equal((await place())?.isSeen, true, key);
      assert.equal((await marked()).now[0]?.toLowerCase(), 'login');
    }
    await command('next');
    assert.equal(await count(), findStrings.place(2, '7'));
    await command('previous');
    assert.equal(await count(), findStrings.place(1, '7'));
  });

  it('finds the same as is marked, whatever the words are written with', async () => {
    await open([user('u1', 'Why?'), answer('u1', [text('a', longAnswer)])]);
    await command();
    for (const words of [
      'in login.ts:42',
      'the same promise, and',
      'retryLogin clears pending before',
      'pending ??= retryLogin(user, 3)',
      'one promise',
      'clears pending too early',
      'found the race',
      'See the guide and session.ts',
      'example.com',
    ]) {
      await type(words);
      const { others, now } = await marked();
      const found = await finder.find(whole.items, { text: words, matchCase: false, wholeWord: false });
      const counted = found.places.reduce((sum, one) => sum + one.count, 0);
      assert.equal(others.length + now.length, counted, words);
      assert.equal(counted, words === 'example.com' ? 0 : 1, words);
    }
    assert.equal(await count(), findStrings.none());
    assert.ok(await panel.page.locator('[data-find="arrow-down"]').isDisabled());
  });

  it('opens the folds in which something is found', async () => {
    await open([
      user('u1', `${'A long question.\n'.repeat(30)}needle one`),
      answer('u1', [...shortTools, text('a', 'Done.')]),
      compaction({ summary: 'It was about the needle' }),
    ]);
    await command();
    await type('needle');
    assert.equal((await place())?.isSeen, true);
    assert.equal(await panel.page.locator('.bubbleText.cut').count(), 0, 'a long question is shown whole');
    await press('Enter');
    assert.deepEqual((await place())?.article, 'compaction/c1');
    await type('should look at login.ts first');
    assert.equal((await place())?.article, 'answer/u1/th');
    await type('12 matches');
    assert.equal((await place())?.article, 'answer/u1/t3');
    assert.equal((await place())?.isSeen, true);
  });

  it('opens a pasted text in which something is found, below its chip, and goes to the place in it', async () => {
    const pasted = `${'A line that somebody has pasted.\n'.repeat(400)}needle two`;
    const sent = { kind: 'document', id: 'b1', label: 'A line', mediaType: 'text/plain', pasted: true } as const;
    await open([{ ...user('u1', 'A needle?'), attachments: [sent] }, answer('u1', [text('a', paragraphs(30))])]);
    finder = new ChatFinder(
      ({ text: words }) => words,
      async () => pasted,
    );
    await command();
    await type('needle');
    assert.equal(await count(), findStrings.place(2, '2'));
    const shown = panel.page.locator('.sentText');
    await shown.waitFor();
    assert.deepEqual(await panel.said('toolOutput'), [{ type: 'toolOutput', conversation, key: 'u1/b1' }]);
    await panel.answer('toolOutput', { ok: true, value: pasted });
    await panel.page.waitForFunction(() => (CSS.highlights.get('preludeFoundNow')?.size ?? 0) === 1);
    assert.deepEqual(await place(), { article: 'user/u1/b1', isSeen: true });
    const inside = await shown.evaluate((one) => [one.scrollTop > 0, one.clientHeight <= 240]);
    assert.deepEqual(inside, [true, true]);
    await panel.page.locator('.bubbleMore').click();
    await shown.waitFor({ state: 'detached' });
  });

  it('goes to turns that the view has not got, and asks for no more than leads there (L75)', async () => {
    const turns = Array.from({ length: 60 }, (_, n) => [
      user(`q${n}`, n % 20 === 0 ? `needle ${n}` : `question ${n}`),
      answer(`q${n}`, [text('a', paragraphs(3))]),
    ]).flat();
    await open(turns);
    const asked = async () => (await panel.said()).filter(({ type: one }) => one === 'earlier');
    const given = async () => {
      const { before, to } = (await panel.said('earlier')).at(-1) ?? { before: '', to: null };
      await panel.answer('earlier', { ok: true, value: earlierThan(whole, before, to) });
      await panel.settled();
      await panel.settled();
    };
    await command();
    await type('needle');
    assert.equal(await count(), findStrings.place(3, '3'), 'the nearest is the last');
    assert.deepEqual(
      (await asked()).map((one) => 'to' in one && one.to),
      ['user/q40'],
    );
    await given();
    assert.deepEqual(await place(), { article: 'user/q40', isSeen: true });
    await press('Shift+Enter');
    await given();
    assert.deepEqual(await place(), { article: 'user/q20', isSeen: true });
    assert.equal(await count(), findStrings.place(2, '3'));
    await press('Enter');
    assert.deepEqual(await place(), { article: 'user/q40', isSeen: true });
  });

  it('goes on while an answer streams, and leaves what is read and selected where it is (L66)', async () => {
    const running = answer('u1', [text('a', `${paragraphs(30)}A needle here`, true)], { outcome: null, endedAt: null });
    await open([user('u1', 'Find the needle'), running], { chat: { activity: { kind: 'writing', since: startedAt } } });
    await command();
    await type('needle');
    const top = () => panel.page.locator('.transcript').evaluate((one) => one.scrollTop);
    const before = await top();
    const asked = (await panel.said('find')).length;
    const begun = performance.now();
    const more = [' and a needle', '\n\nA needle', ' more\n\n', 'The needle'];
    for (const words of more) await panel.events({ type: 'delta', answer: 'u1', key: 'a', text: words });
    const counted = (await panel.said('find')).length - asked;
    assert.ok(counted <= 1 + (performance.now() - begun) / 500, 'counts follow after a while, not with each delta');
    await panel.page.waitForFunction(
      (n) => window.panelHost.said.filter(({ type: one }) => one === 'find').length > n,
      asked,
    );
    const words = `${paragraphs(30)}A needle here${more.join('')}`;
    whole = chat([user('u1', 'Find the needle'), answer('u1', [text('a', words, true)])]);
    await give();
    await panel.page.waitForFunction(() => (CSS.highlights.get('preludeFound')?.size ?? 0) === 3);
    assert.equal(await count(), findStrings.place(2, '5'));
    assert.equal(await top(), before);
  });

  it('waits for what was asked while an answer streams, and then asks once more', async () => {
    const running = answer('u1', [text('a', `${paragraphs(30)}A needle here`, true)], { outcome: null, endedAt: null });
    await open([user('u1', 'Find the needle'), running], { chat: { activity: { kind: 'writing', since: startedAt } } });
    await command();
    await field().fill('needle');
    const asked = async () => (await panel.said('find')).length;
    await panel.events({ type: 'delta', answer: 'u1', key: 'a', text: ' and on' });
    await delay(700);
    await panel.events({ type: 'delta', answer: 'u1', key: 'a', text: ' and on' });
    assert.equal(await asked(), 1, 'not while it looks');
    await give();
    assert.equal((await place())?.isSeen, true, 'what was typed is gone to');
    assert.equal(await count(), findStrings.place(2, '2'));
    await panel.page.waitForFunction(
      () => window.panelHost.said.filter(({ type: one }) => one === 'find').length === 2,
    );
  });

  it('goes past what is said to be found and is not shown', async () => {
    await open([user('u1', 'needle'), answer('u1', [text('a', 'needle')])]);
    await command();
    await field().fill('needle');
    const value = await finder.find(whole.items, { text: 'needle', matchCase: false, wholeWord: false });
    const ghost = { item: 'answer/u1', place: 'answer/u1/ghost', count: 2 };
    await panel.answer('find', { ok: true, value: { ...value, places: value.places.toSpliced(1, 0, ghost) } });
    await panel.settled();
    assert.equal(await count(), findStrings.place(1, '4'));
    await press('Enter');
    await panel.page.waitForFunction(
      (words) => document.querySelector('.findCount')?.textContent === words,
      findStrings.place(2, '2'),
    );
    assert.equal((await place())?.article, 'answer/u1/a');
  });

  it('begins with what is selected, gives the focus back, and keeps nothing marked', async () => {
    await open([user('u1', 'Why?'), answer('u1', [text('a', 'The words that count, and words.')])]);
    await panel.page.locator('.transcript').focus();
    await panel.page.evaluate(() => {
      const node = document
        .createTreeWalker(document.querySelector('.answer p') as Node, NodeFilter.SHOW_TEXT)
        .nextNode();
      if (node !== null) getSelection()?.setBaseAndExtent(node, 4, node, 9);
    });
    await command();
    await give();
    assert.equal(await field().inputValue(), 'words');
    assert.equal(await count(), findStrings.place(1, '2'));
    await press('Escape');
    assert.equal(await box().count(), 0);
    assert.equal(await panel.page.evaluate(() => document.activeElement?.className), 'transcript');
    assert.deepEqual(await marked(), { others: [], now: [] });
    // The next one goes on with the same words.
    await panel.page.evaluate(() => getSelection()?.removeAllRanges());
    await command('next');
    await give();
    assert.equal(await count(), findStrings.place(1, '2'));
  });

  it('closes for a conversation that cannot be opened, in which nothing is looked for', async () => {
    const items = [user('u1', 'word'), answer('u1', [text('a', 'a word')])];
    await open(items);
    await command();
    await type('word');
    await panel.post({ type: 'unopened', conversation: 'bad', title: 'Login race', reason: 'It is damaged.' });
    await panel.settled();
    assert.equal(await box().count(), 0);
    await panel.post({ type: 'find', step: 'open' });
    await panel.settled();
    assert.equal(await box().count(), 0);
    // The next one is looked through as before.
    await panel.snapshot({ state: chat(items) });
    await panel.settled();
    assert.equal(await box().count(), 0);
    await command();
    await give();
    assert.equal(await count(), findStrings.place(1, '2'));
  });

  it('takes case and whole words by buttons and by keys', async () => {
    await open([user('u1', 'Word words word'), answer('u1', [text('a', 'a word')])]);
    await command();
    await type('word');
    assert.equal(await count(), findStrings.place(1, '4'));
    await press('Alt+c');
    await give();
    assert.equal(await count(), findStrings.place(1, '3'));
    await panel.page.locator('[data-find="wholeWord"]').click();
    await give();
    assert.equal(await count(), findStrings.place(1, '2'));
    assert.equal(await panel.page.locator('[data-find="wholeWord"]').getAttribute('aria-pressed'), 'true');
    // On a Mac these keys write characters.
    const isTyped = await field().evaluate((input) =>
      [
        { key: 'ç', code: 'KeyC' },
        { key: '∑', code: 'KeyW' },
      ].map((one) =>
        input.dispatchEvent(new KeyboardEvent('keydown', { ...one, altKey: true, bubbles: true, cancelable: true })),
      ),
    );
    assert.deepEqual(isTyped, [true, true]);
  });

  it('waits for an input method, whose keys are its own (L24)', async () => {
    await open([user('u1', '検索する'), answer('u1', [text('a', 'So.')])]);
    await command();
    const session = await panel.page.context().newCDPSession(panel.page);
    await session.send('Input.imeSetComposition', { text: 'けん', selectionStart: 2, selectionEnd: 2 });
    await panel.settled();
    assert.ok(!(await panel.said()).some((one) => one.type === 'find'), 'not while it composes');
    await session.send('Input.insertText', { text: '検索' });
    await give();
    assert.deepEqual(
      (await panel.said('find')).map((one) => one.text),
      ['検索'],
    );
    assert.equal(await count(), findStrings.place(1, '1'));
    await session.detach();
  });

  it('tells a screen reader the count, and says why nothing could be looked for', async () => {
    await open([user('u1', 'one one'), answer('u1', [text('a', 'one')])]);
    await command();
    await type('one');
    const live = () => panel.words('.live');
    await panel.page.waitForFunction(
      (words) => document.querySelector('.live')?.textContent === words,
      findStrings.place(1, '3'),
    );
    await press('Enter');
    await panel.page.waitForFunction(
      (words) => document.querySelector('.live')?.textContent === words,
      findStrings.place(2, '3'),
    );
    await field().fill('two');
    await panel.answer('find', { ok: false, reason: { text: 'gone' } });
    assert.match(await count(), /gone/);
    assert.ok((await live()) !== '');
    await press('Escape');
    await command();
    assert.equal(await count(), '', 'what failed before is not said of what is looked for now');
    assert.equal((await panel.said('find')).at(-1)?.conversation, conversation);
  });
});
