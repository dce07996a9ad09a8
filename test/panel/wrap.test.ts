/** Long lines of code wrap where the user says so: in all blocks of a view, and nothing of what is read moves for it. */
import assert from 'node:assert/strict';
import { codeStrings } from '../../src/webview/l10n/codeStrings';
import { answer, chat, startedAt, text, user } from './chats';
import { type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';

const long = `const words = '${'one two three '.repeat(30)}'; // ${'x'.repeat(200)}`;
const code = `${long}\n\tlet b;  `;
const words = `${'Some words above.\n\n'.repeat(30)}\`\`\`ts\n${code}\n\`\`\`\n\nBetween.\n\n\`\`\`\n${code}\n\`\`\`\n\n${'Below.\n\n'.repeat(30)}`;

describe('Long lines of code', () => {
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

  const open = async (options: PanelOptions = {}): Promise<void> => {
    panel = await PanelPage.open(bench, {
      width: 260,
      state: chat([user('u1', 'Why?'), answer('u1', [text('a', words)])]),
      ...options,
    });
  };
  const wrap = (index: number) => panel.page.locator('[data-code="word-wrap"]').nth(index);
  /** Waits until both blocks are drawn so. */
  const areWrapped = (wrapped: boolean) =>
    panel.page.waitForFunction((expected) => {
      const blocks = [...document.querySelectorAll('.codeBlock')];
      return (
        blocks.length > 0 &&
        blocks.every((block) => {
          const pre = block.querySelector('pre') as HTMLElement;
          const pressed = block.querySelector('[data-code="word-wrap"]')?.getAttribute('aria-pressed');
          return pre.scrollWidth <= pre.clientWidth === expected && pressed === String(expected);
        })
      );
    }, wrapped);

  it('wrap in all blocks by one click, that block stays where it is, and what is copied is as it was written', async () => {
    await open();
    await areWrapped(false);
    assert.equal(await wrap(1).getAttribute('aria-label'), codeStrings.wrap());
    assert.equal(await wrap(1).getAttribute('title'), codeStrings.wrap());
    await wrap(1).scrollIntoViewIfNeeded();
    const before = await wrap(1).boundingBox();
    await wrap(1).click();
    await areWrapped(true);
    assert.ok(Math.abs(((await wrap(1).boundingBox())?.y ?? 0) - (before?.y ?? 0)) < 1);
    await panel.page.locator('[data-code="copy"]').nth(1).click();
    assert.deepEqual((await panel.said('copy')).at(-1), { type: 'copy', text: code });
    await panel.page.evaluate(() => {
      const block = document.querySelectorAll('.codeBlock code')[1] as Element;
      getSelection()?.selectAllChildren(block);
    });
    assert.equal(await panel.page.evaluate(() => getSelection()?.toString().trimEnd()), code.trimEnd());
    await wrap(1).press('Enter');
    await areWrapped(false);
    assert.ok(Math.abs(((await wrap(1).boundingBox())?.y ?? 0) - (before?.y ?? 0)) < 1);
  });

  it('wrap as VS Code’s own chat does until the user says otherwise, which holds over a reload', async () => {
    await open({ environment: { wrapsCode: true } });
    await areWrapped(true);
    await wrap(0).click();
    await areWrapped(false);
    await panel.reload({
      state: chat([user('u1', 'Why?'), answer('u1', [text('a', words)])]),
      environment: { wrapsCode: true },
    });
    await areWrapped(false);
    await wrap(0).click();
    await areWrapped(true);
    await panel.reload({ state: chat([user('u1', 'Why?'), answer('u1', [text('a', words)])]) });
    await areWrapped(true);
  });

  it('wrap while they are written, and nothing that is read above moves (L23)', async () => {
    const running = answer('u1', [text('a', `${'Some words above.\n\n'.repeat(20)}\`\`\`ts\nlet a;\n`, true)], {
      outcome: null,
      endedAt: null,
    });
    await open({
      state: chat([user('u1', 'Why?'), running], { activity: { kind: 'writing', since: startedAt } }),
      environment: { wrapsCode: true },
    });
    await panel.page.locator('.transcript').hover();
    await panel.page.mouse.wheel(0, -200);
    await panel.page.waitForFunction(() => document.querySelector('.pill') !== null);
    await panel.settled();
    const read = panel.page.locator('.answer p').nth(14);
    const before = await read.boundingBox();
    for (let n = 0; n < 8; n += 1)
      await panel.events({ type: 'delta', answer: 'u1', key: 'a', text: `${long.slice(0, 90 * n)}\n` });
    await areWrapped(true);
    assert.deepEqual(await read.boundingBox(), before);
  });

  for (const environment of [{}, { fontSize: 20 }]) {
    it(`have a header that shows all it holds at 260 px, deep in a list too: ${JSON.stringify(environment)}`, async () => {
      const deep = '- a\n  - b\n    - c\n\n      ```typescript\n      let a;\n      ```\n\n```bash\nnpm test\n```';
      await open({ environment, state: chat([user('u1', 'Why?'), answer('u1', [text('a', deep)])]) });
      await panel.page.waitForFunction(() => {
        const headers = [...document.querySelectorAll('.codeHeader')];
        return (
          headers.length === 2 &&
          headers.every((header) => {
            const outer = header.getBoundingClientRect();
            const parts = [...header.children].map((part) => part.getBoundingClientRect());
            return (
              ['copy', 'word-wrap', 'ellipsis'].every(
                (name) => header.querySelector(`[data-code="${name}"]`) !== null,
              ) &&
              parts.every(
                ({ left, right, top, bottom, width }) =>
                  left >= outer.left &&
                  right <= outer.right &&
                  top >= outer.top &&
                  bottom <= outer.bottom &&
                  width >= 20,
              )
            );
          })
        );
      });
    });
  }
});
