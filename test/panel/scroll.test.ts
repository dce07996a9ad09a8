import assert from 'node:assert/strict';
import { answer, chat, shortTools, startedAt, text, tool, user } from './chats';
import { type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';

const paragraphs = (count: number) => 'A paragraph of an answer that takes some room.\n\n'.repeat(count);

const streaming: PanelOptions = {
  state: chat([user('u1', 'Why?'), answer('u1', [text('a', paragraphs(30), true)], { outcome: null, endedAt: null })], {
    activity: { kind: 'writing', since: startedAt },
  }),
};

describe('Scrolling', () => {
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

  const place = () =>
    panel.page.locator('.transcript').evaluate((box) => ({
      top: box.scrollTop,
      left: box.scrollHeight - box.clientHeight - box.scrollTop,
    }));
  const more = (count: number) => panel.events({ type: 'delta', answer: 'u1', key: 'a', text: paragraphs(count) });

  it('follows the tail of an answer', async () => {
    panel = await PanelPage.open(bench, streaming);
    assert.ok((await place()).left < 2);
    await more(10);
    assert.ok((await place()).left < 2);
    assert.equal(await panel.page.locator('.pill').count(), 0);
  });

  it('stays where it is after one tick up, until it is sent to the end again (L23)', async () => {
    panel = await PanelPage.open(bench, streaming);
    await panel.page.locator('.transcript').hover();
    await panel.page.mouse.wheel(0, -40);
    await panel.settled();
    const { top } = await place();
    await more(10);
    await more(10);
    assert.equal((await place()).top, top);
    await panel.page.locator('.pill').click();
    await more(5);
    assert.ok((await place()).left < 2);
    assert.equal(await panel.page.locator('.pill').count(), 0);
  });

  it('goes on with the tail while something within it is scrolled up, and stays once that is at its top (L23)', async () => {
    const long = tool('t1', { input: JSON.stringify({ query: Array.from({ length: 60 }, (_, n) => `line ${n}`) }) });
    const running = answer('u1', [long, text('a', paragraphs(1), true)], { outcome: null, endedAt: null });
    panel = await PanelPage.open(bench, {
      height: 500,
      state: chat([user('u1', 'Why?'), running], { activity: { kind: 'writing', since: startedAt } }),
    });
    await panel.page.locator('.tool > .foldLine').click();
    const inner = panel.page.locator('.toolText').first();
    const toEnd = async (): Promise<void> => {
      await panel.page.locator('.transcript').evaluate((box) => box.scrollTo(0, box.scrollHeight));
      await panel.page.waitForFunction(() => document.querySelector('.pill') === null);
      const { x = 0, y = 0, height = 0 } = (await inner.boundingBox()) ?? {};
      await panel.page.mouse.move(x + 40, y + height - 30);
    };
    await inner.evaluate((box) => box.scrollTo(0, 200));
    await toEnd();
    await panel.page.mouse.wheel(0, -60);
    await panel.page.waitForFunction(() => (document.querySelector('.toolText')?.scrollTop ?? 200) < 200);
    await more(1);
    assert.ok((await place()).left < 2);
    await inner.evaluate((box) => box.scrollTo(0, 0));
    await toEnd();
    await panel.page.mouse.wheel(0, -60);
    await panel.settled();
    await more(10);
    assert.ok((await place()).left > 2);
  });

  it('stays where a focus went, or a scrollbar, though something is done there at once', async () => {
    panel = await PanelPage.open(bench, streaming);
    // No frame comes between the scroll and the click, so its event has not been told yet.
    await panel.page.locator('.transcript').evaluate((box) => {
      box.scrollTop = 40;
      box.dispatchEvent(new PointerEvent('pointerdown', { button: 0, bubbles: true }));
      window.dispatchEvent(new PointerEvent('pointerup', { button: 0 }));
    });
    await panel.settled();
    assert.equal((await place()).top, 40);
    await more(10);
    assert.equal((await place()).top, 40);
    assert.equal(await panel.page.locator('.pill').count(), 1);
  });

  it('follows again when the user comes back to the end', async () => {
    panel = await PanelPage.open(bench, streaming);
    await panel.page.locator('.transcript').hover();
    await panel.page.mouse.wheel(0, -200);
    await panel.settled();
    await panel.page.mouse.wheel(0, 4000);
    await panel.page.waitForFunction(() => document.querySelector('.pill') === null);
    await more(5);
    assert.ok((await place()).left < 2);
  });

  it('is where it was after a reload', async () => {
    panel = await PanelPage.open(bench, streaming);
    await panel.page.locator('.transcript').hover();
    await panel.page.mouse.wheel(0, -300);
    await panel.settled();
    await panel.settled();
    const { top } = await place();
    assert.ok(top > 0);
    await panel.reload(streaming);
    assert.equal((await place()).top, top);
  });

  it('opens what was clicked where it is, and finds it open after a reload (L1)', async () => {
    const options: PanelOptions = {
      state: chat([user('u1', 'Why?'), answer('u1', [text('a', paragraphs(16)), ...shortTools])]),
    };
    panel = await PanelPage.open(bench, options);
    const fold = panel.page.locator('.work > .fold > .foldLine');
    const before = (await fold.boundingBox())?.y;
    assert.ok((await place()).top > 0);
    await fold.click();
    await panel.settled();
    assert.equal(await panel.page.locator('.foldBody .tool').count(), 3);
    await panel.page.locator('.foldBody .foldLine').first().click();
    await panel.settled();
    assert.equal((await fold.boundingBox())?.y, before);
    await panel.page.waitForSelector('.pill');
    const { top } = await place();
    await panel.reload(options);
    assert.equal(await panel.page.locator('.thinkingText').count(), 1);
    assert.equal((await place()).top, top);
  });

  it('shows the start of a turn that the arrows go to, and moves nothing around it', async () => {
    const state = chat([
      user('u1', 'Why?'),
      answer('u1', [text('a', paragraphs(40))]),
      user('u2', 'And?'),
      answer('u2', [text('b', 'So.')]),
    ]);
    panel = await PanelPage.open(bench, { state });
    const from = (selector: string) =>
      panel.page
        .locator(selector)
        .first()
        .evaluate((one) => one.getBoundingClientRect().top);
    const top = await from('.transcript');
    await panel.page.locator('.transcript').focus();
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp']) await panel.page.keyboard.press(key);
    await panel.settled();
    assert.ok(Math.abs((await from('.turn.answer')) - top) < 2);
    assert.equal(await from('.transcript'), top);
  });

  it('shows its scrollbars only while the pointer is there, and keeps their place', async () => {
    const wide = `\`\`\`ts\nconst a = ${'1 + '.repeat(60)}1;\n\`\`\`\n\n${paragraphs(20)}`;
    panel = await PanelPage.open(bench, { state: chat([user('u1', 'Why?'), answer('u1', [text('a', wide)])]) });
    const thumb = (selector: string) =>
      panel.page
        .locator(selector)
        .evaluate((box) => getComputedStyle(box, '::-webkit-scrollbar-thumb').backgroundColor);
    const width = () => panel.page.locator('.column').evaluate((column) => column.clientWidth);
    const none = 'rgba(0, 0, 0, 0)';
    const before = await width();
    await panel.page.locator('.title').hover();
    await panel.page.locator('.composerText').blur();
    assert.deepEqual([await thumb('.transcript'), await thumb('pre')], [none, none]);
    await panel.page.locator('pre').hover();
    assert.notEqual(await thumb('.transcript'), none);
    assert.notEqual(await thumb('pre'), none);
    await panel.page.locator('.title').hover();
    await panel.page.locator('pre').focus();
    assert.notEqual(await thumb('pre'), none);
    assert.equal(await width(), before);
    await panel.snapshot();
    await panel.settled();
    assert.equal(await width(), before, 'the text is as wide without a scrollbar');
  });

  it('asks for no frame when there is nothing above to bring', async () => {
    panel = await PanelPage.open(bench, { state: chat([user('u1', 'Why?'), answer('u1', [text('a', 'So.')])]) });
    const asked = () =>
      panel.page.evaluate(async () => {
        let frames = 0;
        const real = window.requestAnimationFrame;
        const wait = () => new Promise((resolve) => real(() => real(resolve)));
        window.requestAnimationFrame = (then) => {
          frames += 1;
          return real(then);
        };
        for (const height of ['300px', '500px']) {
          const box = document.querySelector<HTMLElement>('.transcript');
          if (box !== null) box.style.maxHeight = height;
          await wait();
        }
        window.requestAnimationFrame = real;
        return frames;
      });
    // What is loaded when there is time for it asks for one of its own.
    let frames = await asked();
    for (let again = 0; frames > 0 && again < 20; again += 1) frames = await asked();
    assert.equal(frames, 0);
  });

  it('does not move when the answer ends', async () => {
    panel = await PanelPage.open(bench, streaming);
    await more(1);
    const before = await panel.page.locator('.turn.answer').boundingBox();
    await panel.events(
      { type: 'partEnded', answer: 'u1', key: 'a', durationMs: null },
      { type: 'answerEnded', answer: 'u1', at: Date.now(), outcome: { kind: 'done' } },
    );
    const after = await panel.page.locator('.turn.answer').boundingBox();
    assert.equal(after?.height, before?.height);
  });

  it('touches only the open part while an answer streams', async () => {
    const items = Array.from({ length: 10 }, (_, n) => [
      user(`q${n}`, 'x'),
      answer(`q${n}`, [text('a', paragraphs(3))]),
    ]).flat();
    panel = await PanelPage.open(bench, {
      ...streaming,
      state: chat([...items, ...(streaming.state?.items ?? [])], { activity: { kind: 'writing', since: startedAt } }),
    });
    await panel.settled();
    await panel.page.evaluate(() => {
      const seen: string[] = [];
      const observer = new MutationObserver((records) => {
        for (const { target } of records) {
          const element = target instanceof Element ? target : target.parentElement;
          const turn = element?.closest('.turn');
          if (turn?.matches('.running') === true) {
            const block = element?.closest('.markdown > *');
            const late =
              block === null ||
              block === undefined ||
              [...(block.parentElement?.children ?? [])].slice(-4).includes(block);
            seen.push(late ? 'tail' : 'settled');
          } else if (element?.closest('.composerArea, .live') === null)
            seen.push(turn?.className ?? `${element?.tagName}.${element?.className}`);
        }
      });
      observer.observe(document.documentElement, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
      Object.assign(window, { seen });
    });
    for (const piece of ['Some ', 'more **bo', 'ld** words', '.\n\n', '- a\n', '- b\n', '\n\nend']) {
      await panel.events({ type: 'delta', answer: 'u1', key: 'a', text: piece });
    }
    const seen = await panel.page.evaluate(() => (window as unknown as { seen: string[] }).seen);
    assert.ok(seen.length > 5);
    assert.deepEqual(
      seen.filter((what) => what !== 'tail'),
      [],
      seen.join(),
    );
  });

  it('keeps only the last of a thousand turns in the document', async () => {
    const turns = Array.from({ length: 1000 }, (_, n) => [
      user(`q${n}`, 'A question'),
      answer(`q${n}`, [text('a', paragraphs(4))]),
    ]).flat();
    panel = await PanelPage.open(bench, {
      ...streaming,
      state: chat([...turns, ...(streaming.state?.items ?? [])], {
        activity: { kind: 'writing', since: startedAt },
      }),
    });
    assert.ok((await panel.page.locator('.turn').count()) < 100);
  });
});
