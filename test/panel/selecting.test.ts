/** Selecting, and reading further up, while an answer streams. */
import assert from 'node:assert/strict';
import { answer, chat, startedAt, text, user } from './chats';
import { type PanelBench, PanelPage, startBench } from './panelPage';

const paragraphs = (count: number) => 'A paragraph of an answer that takes some room.\n\n'.repeat(count);

describe('Selecting while an answer streams (L66)', () => {
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

  async function open(words: string): Promise<void> {
    const running = answer('u1', [text('a', words, true)], { outcome: null, endedAt: null });
    panel = await PanelPage.open(bench, {
      state: chat([user('u1', 'Why?'), running], { activity: { kind: 'writing', since: startedAt } }),
    });
  }

  const more = (words: string) => panel.events({ type: 'delta', answer: 'u1', key: 'a', text: words });
  /** Selects these words where they stand in the answer. */
  const select = (words: string) =>
    panel.page.evaluate((wanted) => {
      const nodes = document.createTreeWalker(document.querySelector('.answer') as Node, NodeFilter.SHOW_TEXT);
      for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
        const at = node.textContent?.indexOf(wanted) ?? -1;
        if (at !== -1) getSelection()?.setBaseAndExtent(node, at, node, at + wanted.length);
      }
    }, words);
  const selected = () => panel.page.evaluate(() => String(getSelection()));
  const place = () =>
    panel.page.locator('.transcript').evaluate((box) => ({
      top: box.scrollTop,
      left: box.scrollHeight - box.clientHeight - box.scrollTop,
    }));

  const kinds: Readonly<Record<string, readonly [before: string, words: string, after: readonly string[]]>> = {
    'a paragraph': ['The words that count', 'words that', [' go', ' on **and', ' on** and', ' on.\n\nAnother', ' one']],
    'an item': [
      '- one\n- the words that count',
      'words that',
      [' on `and', ' on`', '\n- th', 'ree\n- four\n- five', ' x'],
    ],
    'a cell': ['| a | b |\n| - | - |\n| the words that', 'words', [' count | x', 'y |\n| n', 'ext | one |\n', '| x']],
    code: ['```\nthe words that', 'words', [' count\nnext', ' line\n'.repeat(60), 'and on']],
    'a line of code that is long': [
      `\`\`\`\nthe words ${'x'.repeat(3000)}`,
      'words',
      ['yyy', 'zzz'.repeat(2000), ' on'],
    ],
  };
  for (const [name, [before, words, after]] of Object.entries(kinds)) {
    it(`keeps what is selected in ${name} that is being written`, async () => {
      await open(`${paragraphs(3)}${before}`);
      await select(words);
      assert.equal(await selected(), words);
      for (const piece of after) {
        await more(piece);
        assert.equal(await selected(), words, `after ${JSON.stringify(piece)}`);
      }
    });
  }

  it('keeps what is selected in code when its fence closes, and when it gets its colours', async () => {
    await open(`${paragraphs(1)}\`\`\`ts\nconst first = 1;\nconst second = 2;`);
    await select('first = 1;\nconst second');
    for (const piece of ['\n', '```', '\n\nThen', ' more.']) {
      await more(piece);
      assert.equal(await selected(), 'first = 1;\nconst second', `after ${JSON.stringify(piece)}`);
    }
    await panel.page.locator('.hl-keyword').first().waitFor();
    assert.equal(await selected(), 'first = 1;\nconst second');
  });

  /** What a copy gives of what is selected from words on to the end of others. */
  const copy = (from: string, to: string) =>
    panel.page.evaluate(
      async ([first, last]) => {
        const texts = document.createTreeWalker(document.querySelector('.answer') as Node, NodeFilter.SHOW_TEXT);
        const ends: [Node, number][] = [];
        for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
          const words = node.textContent ?? '';
          if (ends.length === 0 && words.includes(first)) ends.push([node, words.indexOf(first)]);
          if (ends.length === 1 && words.includes(last)) ends.push([node, words.indexOf(last) + last.length]);
        }
        const [start, end] = ends;
        if (start !== undefined && end !== undefined) getSelection()?.setBaseAndExtent(...start, ...end);
        // What copies is loaded with the first selection.
        for (let n = 0; n < 100; n += 1) {
          const clipboardData = new DataTransfer();
          document.body.dispatchEvent(new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true }));
          const copied = clipboardData.getData('text/plain');
          if (copied !== '') return copied;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return '';
      },
      [from, to] as const,
    );

  it('is copied with the numbers of its items, and code with its blanks (L65)', async () => {
    await open('3. one\n4. two words\n5. three\n   ```ts\n   a  \n\n\n   b\n   ```\n\nend');
    assert.equal(await copy('words', 'end'), '4. words\n5. three\n   ```ts\n   a  \n\n\n   b\n   ```\n\nend');
  });

  it('is copied with code in a line to the letter, in a table and in parts of it too (L65)', async () => {
    const words = 'one `a  b` **`c   d`** two `` ` `` and `  e  `';
    const cells = '| x | y |\n| --- | --- |\n| `a  b \\| c` | `d   e` z |';
    await open(`${words}\n\n${cells}\n\nend`);
    assert.equal(await copy('one', 'end'), `${words}\n\n${cells}\n\nend`);
    assert.equal(await copy('c   d', 'c   d'), 'c   d');
    assert.equal(await copy('  b', 'two'), '`  b` **`c   d`** two');
  });

  it('is copied with the numbers of its citations as such, and no other number (L65)', async () => {
    const url = 'https://example.com/a';
    const citations = [
      { url, title: 'A page', text: '' },
      { url: null, title: 'facts.txt', text: '' },
    ];
    const said = { ...text('a', 'It was in 1995'), citations };
    panel = await PanelPage.open(bench, {
      state: chat([user('u1', 'Why?'), answer('u1', [said, text('b', ' to the end.')])]),
    });
    assert.equal(await copy('It', 'end'), `It was in 1995[\\[1\\]](${url})\\[2\\] to the end`);
  });

  it('is copied as it was written where hidden characters are drawn, a part of one too (L67)', async () => {
    const flag = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}';
    const code = `const a = "\u200f\u202ex"; // ${flag} \u845b\u{e0100} \\u{200b}\nlet b\u200b;`;
    const words = 'go\u200b on `d\u2066e`';
    await open(`Begin ${words}\n\n\`\`\`js\n${code}\n\`\`\`\n\nend`);
    await panel.page.locator('.hl-keyword').first().waitFor();
    assert.ok((await panel.words('code >> nth=1')).includes(`// ${flag} \u845b\u{e0100}`), 'writing is left alone');
    assert.ok((await panel.words('code >> nth=1')).includes('\\u{200f}\\u{202e}x'), 'what is hidden is not');
    assert.equal(await copy('Begin', 'end'), `Begin ${words}\n\n\`\`\`js\n${code}\n\`\`\`\n\nend`);
    assert.equal(await copy('= ', ' b'), code.slice(code.indexOf('= '), code.indexOf('let b') + 5));
    assert.equal(await copy('{202e', '{202e'), '\u202e');
    await panel.page.locator('[data-code="copy"]').click();
    assert.deepEqual((await panel.said('copy')).at(-1), { type: 'copy', text: code });
  });

  it('has the marks of direction that belong to its letters, which are escapes in code only (L67)', async () => {
    const words = '\u05d0\u05d1\u200f! a\u202eb `\u05d0\u200f`';
    await open(`Begin ${words} end`);
    assert.equal(await panel.words('.markdown p'), 'Begin \u05d0\u05d1\u200f! a\\u{202e}b \u05d0\\u{200f} end');
    assert.equal(await copy('Begin', 'end'), `Begin ${words} end`);
  });

  it('offers the way back to the end only where something of it is out of sight', async () => {
    await open(paragraphs(60));
    await panel.page.locator('.transcript').hover();
    const { top } = await place();
    await panel.page.mouse.wheel(0, -20);
    // The wheel turns on while the page goes on.
    await panel.page.waitForFunction((n) => document.querySelector('.transcript')?.scrollTop !== n, top);
    await panel.settled();
    assert.equal(await panel.page.locator('.pill').count(), 0, 'it would cover the last line');
    await more(paragraphs(2));
    assert.equal(await panel.page.locator('.pill').count(), 1);
    await panel.page.mouse.wheel(0, (await place()).left - 10);
    await panel.page.waitForFunction(() => document.querySelector('.pill') === null);
  });

  it('writes only what is new of a long line (L18)', async () => {
    await open(`${paragraphs(1)}\`\`\`\nstart `);
    await panel.page.evaluate(() => {
      const counted = window as unknown as { written: number };
      counted.written = 0;
      const { appendData, replaceData } = CharacterData.prototype;
      const data = Object.getOwnPropertyDescriptor(CharacterData.prototype, 'data');
      CharacterData.prototype.appendData = function (words) {
        counted.written += words.length;
        appendData.call(this, words);
      };
      CharacterData.prototype.replaceData = function (at, count, words) {
        counted.written += words.length;
        replaceData.call(this, at, count, words);
      };
      Object.defineProperty(CharacterData.prototype, 'data', {
        ...data,
        set(words: string) {
          counted.written += words.length;
          data?.set?.call(this, words);
        },
      });
      const { createTextNode } = document;
      document.createTextNode = (words) => {
        counted.written += words.length;
        return createTextNode.call(document, words);
      };
    });
    for (let n = 0; n < 40; n += 1) await more('word '.repeat(40));
    const written = await panel.page.evaluate(() => (window as unknown as { written: number }).written);
    assert.ok(written >= 8000 && written < 9000, `${written} characters written for 8000`);
  });

  it('holds the tail while the pointer selects, and follows it again then', async () => {
    await open(paragraphs(40));
    const line = await panel.page.locator('.answer p').nth(38).boundingBox();
    assert.ok(line !== null);
    await panel.page.mouse.move(line.x + 4, line.y + 6);
    await panel.page.mouse.down();
    await panel.page.mouse.move(line.x + 90, line.y + 8, { steps: 4 });
    const { top } = await place();
    const words = await selected();
    assert.notEqual(words, '');
    await more(paragraphs(5));
    await more(paragraphs(5));
    assert.equal((await place()).top, top);
    assert.equal(await selected(), words);
    await panel.page.mouse.up();
    await panel.settled();
    assert.ok((await place()).left < 2);
    assert.equal(await selected(), words);
    assert.equal(await panel.page.locator('.pill').count(), 0);
  });

  it('stays where it is read, whatever is written below', async () => {
    await open(paragraphs(60));
    await panel.page.locator('.transcript').hover();
    await panel.page.mouse.wheel(0, -600);
    await panel.settled();
    const read = panel.page.locator('.answer p').nth(40);
    const before = await read.boundingBox();
    for (let n = 0; n < 12; n += 1) await more(n % 2 === 0 ? '- an item\n\n' : paragraphs(4));
    assert.equal((await read.boundingBox())?.y, before?.y);
    assert.equal(await panel.page.locator('.pill').count(), 1);
  });
});
