/** What a copy gives of what is selected: what was written, and what it is a part of. */
import assert from 'node:assert/strict';
import type { Part } from '../../src/shared/chat';
import { answer, chat, startedAt, text, tool, user } from './chats';
import { change, editing, hunk } from './edits';
import { type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';

describe('A copy', () => {
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

  const open = async (words: string, question = 'Why?'): Promise<void> => {
    await show({ state: chat([user('u1', question), answer('u1', [text('a', words)])]) });
  };
  const show = async (options: PanelOptions): Promise<void> => {
    panel = await PanelPage.open(bench, options);
  };

  /** Of what is selected. */
  const copied = () =>
    panel.page.evaluate(async () => {
      // What copies is loaded with the first selection.
      for (let n = 0; n < 100; n += 1) {
        const clipboardData = new DataTransfer();
        document.body.dispatchEvent(new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true }));
        const found = clipboardData.getData('text/plain');
        if (found !== '') return found;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return '';
    });

  /** From words on to the end of others. */
  const copy = async (from: string, to: string): Promise<string> => {
    await panel.page.evaluate(
      ([first, last]) => {
        const texts = document.createTreeWalker(document.querySelector('.transcript') as Node, NodeFilter.SHOW_TEXT);
        const ends: [Node, number][] = [];
        for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
          if (node.parentElement?.closest('.bubbleText, .markdown') == null) continue;
          const words = node.textContent ?? '';
          if (ends.length === 0 && words.includes(first)) ends.push([node, words.indexOf(first)]);
          if (ends.length === 1 && words.includes(last)) ends.push([node, words.indexOf(last) + last.length]);
        }
        const [start, end] = ends;
        if (start === undefined || end === undefined) throw new Error(`${first} or ${last} is not there`);
        getSelection()?.setBaseAndExtent(...start, ...end);
      },
      [from, to] as const,
    );
    return copied();
  };

  /** Clicks three times on where words begin. */
  const tripleClick = async (words: string): Promise<string> => {
    const [x, y] = await panel.page.evaluate((wanted) => {
      const texts = document.createTreeWalker(document.querySelector('.answer') as Node, NodeFilter.SHOW_TEXT);
      for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
        const at = node.textContent?.indexOf(wanted) ?? -1;
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const place = range.getBoundingClientRect();
        return [place.x + place.width / 2, place.y + place.height / 2] as const;
      }
      throw new Error(`${wanted} is not there`);
    }, words);
    await panel.page.mouse.click(x, y, { clickCount: 3 });
    return copied();
  };

  const clicked: readonly (readonly [markdown: string, on: string, copy: string])[] = [
    ['First one.\n\n- item', 'First', 'First one.'],
    ['First one.\n\n# Head', 'First', 'First one.'],
    ['First one.\n\n> quote', 'First', 'First one.'],
    ['First **one**.\n\n| a | b |\n| - | - |\n| c | d |', 'First', 'First **one**.'],
    ['First `one`.\n\n```\nnext\n```', 'First', 'First `one`.'],
    ['- one\n- two', 'one', 'one'],
    ['- one\n  - two\n- three', 'one', 'one'],
    ['```sh\nnpm i\n```', 'npm', 'npm i'],
    ['```sh\nnpm i\n```\n\nnext', 'npm', 'npm i'],
    ['```sh\ncd a\nnpm i\n```\n\n## Next', 'npm', 'npm i'],
  ];
  for (const [markdown, on, expected] of clicked) {
    it(`of three clicks is that paragraph, item or line of ${JSON.stringify(markdown)} and nothing of the next (L25)`, async () => {
      await open(markdown);
      assert.equal(await tripleClick(on), expected);
    });
  }

  it('of code that is selected in part keeps all that stands behind its fence (L65)', async () => {
    await open('Begin\n\n```ts title="a.ts"\nconst a = 1;\nlet b;\n```\n\n~~~ x`y\n```\n~~~\n\nend');
    await panel.page.locator('.hl-keyword').first().waitFor();
    assert.equal(await copy('let', 'end'), '```ts title="a.ts"\nlet b;\n```\n\n~~~x`y\n```\n~~~\n\nend');
    assert.equal(await copy('Begin', 'const'), 'Begin\n\n```ts title="a.ts"\nconst\n```');
  });

  it('of lines of a change is what a tool reads, and of an input what it is (L65, L67)', async () => {
    const lines = [' keep', '-const a = "x\u200f";', '+const a = 1;'];
    const input = '{"note":"a\u200fb"}';
    const other = { kind: 'other', tool: 'create_issue', source: 'GitHub', spans: ['once'] } as const;
    const asked = async (...parts: readonly Part[]): Promise<void> => {
      const running = answer('u1', [text('a', 'Now.'), ...parts], { outcome: null, endedAt: null });
      await show({ state: chat([user('u1', 'Why?'), running], { activity: { kind: 'tools', since: startedAt } }) });
    };
    const all = async (selector: string): Promise<string> => {
      await panel.page.locator(selector).waitFor({ timeout: 5000 });
      await panel.page.evaluate(
        (at) => getSelection()?.selectAllChildren(document.querySelector(at) as Node),
        selector,
      );
      return copied();
    };
    await asked(editing('t1', change('a.ts', { hunks: [hunk(1, { lines })] })));
    assert.equal((await all('.diff')).trimEnd(), lines.join('\n'));
    assert.ok((await panel.words('.diff')).includes('\\u{200f}'), 'it is drawn in sight');
    await panel.close();
    await asked(
      tool('t2', { name: 'create_issue', status: 'asks', summary: null, output: null, input, approval: other }),
    );
    assert.equal(await all('.approval pre'), JSON.stringify(JSON.parse(input), null, 2));
  });

  it('of a part of a table keeps its cells in their columns (L65)', async () => {
    await open('Before\n\n| a | b | c |\n| - | :-: | - |\n| 1 | 2 | 3 |\n| 4 | 5 | 6 |\n| 7 | 8 | 9 |\n\nend');
    assert.equal(await copy('2', '5'), '|  | 2 | 3 |\n| --- | :---: | --- |\n| 4 | 5 |  |');
    assert.equal(
      await copy('Before', '5'),
      'Before\n\n| a | b | c |\n| --- | :---: | --- |\n| 1 | 2 | 3 |\n| 4 | 5 |  |',
    );
    assert.equal(await copy('8', 'end'), '|  | 8 | 9 |\n| --- | :---: | --- |\n\nend');
    assert.equal(await copy('2', '3'), '|  | 2 | 3 |\n| --- | :---: | --- |');
    assert.equal(await copy('2', '2'), '2');
  });

  const written = [
    '- one\n\n  two\n\n- three',
    '- one\n- two\n  - three\n  - four\n    ```ts\n    code\n    ```\n- five',
    '- one\n\n  > quote\n\n  after',
    '- [x] one\n- [ ] two',
    '1. one\n2. two\n\n1) other',
    '- one\n\n* other',
    '> a\n>\n> b\n>\n> - c\n> - d',
    '> a\n>\n> > b\n> >\n> > c',
    'a\\\nb **c\\\nd**',
    'a\nb\n===',
    'a \\*not\\* b and my\\_var, C:\\\\w, a\\|b',
    '1\\. no list\n\\# no heading\n\\- no item',
    '&lt;div&gt; &amp;lt; &copy; &#42;a&#42;',
    '**a \\*b\\* &lt;** [a\\]b](https://e.com/x) ![a\\*](https://e.com/x.png)',
    '[![alt](https://e.com/x.png)](https://e.com)',
    '<pre>\n  text  &lt;\n\n\n <b></pre>',
    'a <b>c</b> <!-- \\* --> d',
  ];
  for (const markdown of written) {
    it(`of ${JSON.stringify(markdown)} is what was written (L65, L67)`, async () => {
      await open(`Begin\n\n${markdown}\n\nend`);
      assert.equal(await copy('Begin', 'end'), `Begin\n\n${markdown}\n\nend`);
    });
  }

  it('of words in the middle of a line makes no marks of them (L65)', async () => {
    await open('See # one **two** 3. three **four** - five snake_case_ **six seven** here\\_now `a`.\n\nend');
    assert.equal(await copy('# one', 'two'), '\\# one **two**');
    assert.equal(await copy('3. three', 'four'), '3\\. three **four**');
    assert.equal(await copy('- five', 'six'), '\\- five snake_case_ **six**');
    assert.equal(await copy('_case', ' seven'), '\\_case_ **six seven**');
    assert.equal(await copy(' seven', 'here'), '**seven** here');
    assert.equal(await copy('here', '_'), 'here\\_');
    assert.equal(await copy('_case_', '_case_'), '_case_', 'a part of one text is that');
    assert.equal(await copy('# one', '# one'), '# one');
  });

  it('of a question and its answer keeps the blank lines of the question (L65)', async () => {
    const question = 'Why?\n\ndef a():\n    pass  \n\n\ndef b():\n    pass';
    await open('Because.', question);
    assert.equal(await copy('Why', 'Because'), `${question}\n\nBecause`);
    assert.equal(await copy('def a', 'def b'), question.slice(6, -12));
  });
});
