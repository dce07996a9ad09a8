/** Looks that must hold whatever is shown: in other scripts, with large letters, in fonts of the user's own. */
import assert from 'node:assert/strict';
import { failureRow } from '../../src/shared/failure';
import { besideFailure } from '../../src/webview/l10n/failures';
import { strings } from '../../src/webview/l10n/strings';
import { sayingOnly, some } from '../texts';
import { answer, chat, failure, startedAt, text, tool, user } from './chats';
import { change, editing } from './edits';
import { type PanelBench, type PanelOptions, PanelPage, startBench } from './panelPage';
import { states, unfold } from './states';
import { themeVariables } from './themes';

const arabic = `لماذا يعيد \`login\` المحاولة مرتين؟

1. الأول
2. الثاني \`retry()\`

- نقطة

> اقتباس

# عنوان

| عمود | آخر |
| --- | --- |
| قيمة | 12 |
| 1 | 100 ms |

\`\`\`ts
const a = 1; // تعليق
\`\`\`

An English paragraph.`;

describe('The looks of the panel', () => {
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

  const styleOf = (selector: string, name: string): Promise<string> =>
    panel.page
      .locator(selector)
      .first()
      .evaluate((element, property) => getComputedStyle(element).getPropertyValue(property), name);
  /** As the browser writes it. */
  const colour = (written: string): Promise<string> =>
    panel.page.evaluate((value) => {
      const sample = document.createElement('i');
      sample.style.color = value;
      document.body.append(sample);
      const { color } = getComputedStyle(sample);
      sample.remove();
      return color;
    }, written);
  const open = async (options: PanelOptions): Promise<void> => {
    panel = await PanelPage.open(bench, options);
  };

  it('each block runs as its own words do, and code from left to right (L30)', async () => {
    await open({ width: 260, state: chat([user('u1', 'مرحبا بالعالم'), answer('u1', [text('a', arabic)])]) });
    const runs = (selector: string): Promise<string> => styleOf(selector, 'direction');
    for (const selector of ['.bubbleText', 'p', 'ol > li', 'ul > li', 'blockquote', 'h1', 'td', 'th']) {
      assert.equal(await runs(selector.startsWith('.') ? selector : `.markdown ${selector}`), 'rtl', selector);
    }
    assert.equal(await runs('.codeBlock pre'), 'ltr');
    assert.equal(await runs('.markdown > p:last-child'), 'ltr');
    const start = await panel.page.locator('.markdown ol').evaluate((list) => {
      const [box, item] = [list.getBoundingClientRect(), list.querySelector('li')?.getBoundingClientRect()];
      return box.right - (item?.right ?? 0) > (item?.left ?? 0) - box.left;
    });
    assert.ok(start, 'the numbers stand on the right');
    const columns = await panel.page
      .locator('.markdown th')
      .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().left));
    assert.ok((columns[0] ?? 0) > (columns[1] ?? 0), 'the first column stands on the right');
    const cells = await panel.page
      .locator('.markdown tr:last-child td')
      .evaluateAll((all) =>
        all.map((cell) => [getComputedStyle(cell).direction, getComputedStyle(cell).borderLeftWidth]),
      );
    assert.deepEqual(
      cells,
      [
        ['rtl', '1px'],
        ['ltr', '1px'],
      ],
      'figures stand below their heading, the line between columns is whole',
    );
    await panel.page.locator('.composerText').fill('مرحبا');
    assert.equal(await runs('.composerText'), 'rtl');
  });

  it('names that are written from right to left take nothing of what stands around them along (L30)', async () => {
    const line = { linesAdded: 0, linesRemoved: 0 };
    const read = tool('t', {
      status: 'failed',
      label: { text: 'Read {0}', args: ['src/\u05d0\u05d1/\u05d2\u05d3:3-8'] },
    });
    const selected = { ...line, change: 'selection', path: '\u05d0\u05d1:3-8' } as const;
    const sent = [
      { ...line, change: 'opened', path: '\u05d0\u05d1' },
      { ...line, change: 'opened', path: '\u05d2\u05d3' },
    ] as const;
    const changed = change('\u05d0\u05d1', { added: 3, removed: 1 });
    const parts = [
      read,
      { type: 'context', key: 'c2', lines: [selected] },
      text('a', '\u05d0\u05d1 `\u05d2\u05d3()` \u05d4'),
      editing('e', changed),
    ] as const;
    await open({
      state: chat(
        [
          user('u1', 'Why?'),
          { type: 'context', id: 'c1', at: startedAt, lines: sent },
          answer('u1', parts, { outcome: null, endedAt: null }),
        ],
        { activity: { kind: 'tools', since: startedAt } },
      ),
    });
    await panel.page.locator('.approvalTitle').waitFor();
    /** Of the first element with all of these pieces: how they stand on the screen, from left to right. */
    const drawn = (selector: string, ...pieces: readonly string[]): Promise<readonly string[]> =>
      panel.page.evaluate(
        ([where, wanted]) => {
          const one = [...document.querySelectorAll(where)].find((element) =>
            wanted.every((piece) => element.textContent?.includes(piece)),
          );
          if (one === undefined) throw new Error(`${where} has no ${wanted.join(' ')}: ${document.body.innerText}`);
          const nodes = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
          const places = new Map<string, number>();
          for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
            for (const piece of wanted) {
              const at = node.textContent?.indexOf(piece) ?? -1;
              if (at < 0 || places.has(piece)) continue;
              const range = new Range();
              range.setStart(node, at);
              range.setEnd(node, at + piece.length);
              places.set(piece, range.getBoundingClientRect().left);
            }
          }
          return [...places].sort(([, a], [, b]) => a - b).map(([piece]) => piece);
        },
        [selector, pieces] as const,
      );
    for (const [selector, ...pieces] of [
      ['.tool .lineWords', 'src/', '\u05d0\u05d1', '\u05d2\u05d3', ':3-8'],
      ['.contextLine .lineWords', '\u05d0\u05d1', ':3-8'],
      ['.lineWords', '\u05d0\u05d1', 'and', '\u05d2\u05d3'],
      ['.approvalTitle', '\u05d0\u05d1', '+'],
      ['.markdown code', '\u05d2\u05d3', '()'],
    ] as const)
      assert.deepEqual(await drawn(selector, ...pieces), pieces, selector);
  });

  it('nothing is out of sight at 200 % in a side bar of 400 px', async () => {
    await open({ width: 200, height: 350 });
    for (const [name, { environment, composer, state, opened }] of Object.entries(states)) {
      if (opened !== undefined || environment !== undefined) continue;
      await panel.snapshot({ ...(composer && { composer }), ...(state && { state }) });
      await panel.settled();
      await unfold(panel);
      const wide = await panel.page.evaluate(() => {
        const outside = (element: Element): boolean => {
          if (element.closest('pre, .tableFrame, .live, .chipsFitting, .diffLines') !== null) return false;
          const box = element.getBoundingClientRect();
          return box.width > 0 && (box.right > innerWidth + 0.5 || box.left < -0.5);
        };
        const send = document.querySelector('.composerBar')?.getBoundingClientRect();
        return [
          ...[...document.querySelectorAll('.panel *')].filter(outside).map((element) => element.className),
          ...(send === undefined || send.bottom > innerHeight ? ['the buttons of the composer'] : []),
        ];
      });
      assert.deepEqual(wide, [], name);
    }
  });

  it('no dot between two parts is left at an end of a line', async () => {
    const dearer = { id: 'q1', conversation: 'open', usd: 0.94, state: 'asked' } as const;
    const held = { id: 'q2', text: 'and then', attachments: 0, held: true, usd: 0.94 };
    const firstSend = { automatic: true, labels: ['login.ts:41-78'], files: 5 };
    await open({ state: chat([user('u1', 'Why?'), answer('u1', [text('a', 'So.')])]) });
    for (const composer of [
      { queued: [], dearer },
      { queued: [held] },
      { firstSend },
      states['a summary for its price']?.composer,
    ]) {
      await panel.snapshot({ composer: composer ?? {} });
      await panel.settled();
      let seen = 0;
      for (let width = 240; width <= 400; width += 20) {
        await panel.page.setViewportSize({ width, height: 700 });
        const { dots, ends } = await panel.page.evaluate(() => {
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          /** Where each character is drawn, blanks left out. */
          const drawn: { readonly letter: string; readonly box: DOMRect }[] = [];
          const range = document.createRange();
          while (texts.nextNode()) {
            const node = texts.currentNode as Text;
            if (node.parentElement?.closest('.aboveText, .belowText') == null) continue;
            for (const [at, letter] of [...node.data].entries()) {
              range.setStart(node, at);
              range.setEnd(node, at + 1);
              const [box] = range.getClientRects();
              if (letter.trim() !== '' && box !== undefined && box.width > 1) drawn.push({ letter, box });
            }
          }
          const isDot = drawn.map(({ letter }) => letter === '·');
          const isEnd = drawn.map(({ box }, at) => (drawn[at + 1]?.box.top ?? 0) > box.bottom - 2);
          // One of its own is drawn between the two, or not at all.
          const own = [...document.querySelectorAll('.dot')].flatMap((dot) => {
            const [box] = dot.getClientRects();
            const [next] = dot.nextElementSibling?.getClientRects() ?? [];
            if (box === undefined || box.width < 1 || next === undefined) return [];
            return [
              next.left > box.left &&
                next.top < box.bottom &&
                box.left > (dot.parentElement?.getClientRects()[0]?.left ?? 0),
            ];
          });
          const ends = [...isDot.filter((dot, at) => dot && isEnd[at]), ...own.filter((between) => !between)];
          return { dots: isDot.filter(Boolean).length + own.length, ends: ends.length };
        });
        seen += dots;
        assert.equal(ends, 0, `${width} ${JSON.stringify(composer)}`);
      }
      assert.ok(seen > 0, JSON.stringify(composer));
    }
  });

  it('the fonts are those of VS Code’s chat and editor', async () => {
    const state = chat([user('u1', 'Why?'), answer('u1', [text('a', 'Because.\n\n```ts\nconst a = 1;\n```')])]);
    await open({ state, environment: { fontSize: 20, fontFamily: 'Georgia' } });
    await panel.page.evaluate(() => {
      document.documentElement.style.setProperty('--vscode-editor-font-family', 'Courier');
    });
    for (const selector of ['.markdown p', '.bubbleText', '.composerText']) {
      assert.equal(await styleOf(selector, 'font-size'), '20px', selector);
      assert.match(await styleOf(selector, 'font-family'), /^"?Georgia/, selector);
    }
    assert.match(await styleOf('.codeBlock code', 'font-family'), /^"?Courier/);
  });

  it('a notice has an icon and a border, no fill, and says first what is kept', async () => {
    const ended = (code: 'badKey' | 'connectionLost' | 'storeLost', partial: boolean, arrived = partial) => ({
      state: chat([
        user('u1', 'Why?'),
        answer('u1', arrived ? [text('a', 'Some')] : [], {
          outcome: { kind: 'failed', failure: failure({ code, partial }) },
        }),
      ]),
    });
    await open({});
    for (const [options, words] of [
      [ended('badKey', false), besideFailure.messageKept(failureRow('badKey').text)],
      [ended('connectionLost', true), besideFailure.kept(failureRow('connectionLost').text)],
      [ended('connectionLost', false, true), besideFailure.kept(failureRow('connectionLost').text)],
      [ended('storeLost', true), failureRow('storeLost').text],
    ] as const) {
      await panel.snapshot(options);
      await panel.page.locator('.notice').waitFor();
      await panel.settled();
      assert.equal(await panel.words('.noticeText'), words);
      assert.equal(await styleOf('.notice', 'background-color'), 'rgba(0, 0, 0, 0)');
      assert.equal(await styleOf('.notice', 'border-top-width'), '1px');
      assert.notEqual(await styleOf('.notice > .codicon', 'color'), await styleOf('.noticeText', 'color'));
    }
    // What failed elsewhere looks no other.
    for (const [state, place, tone] of [
      ['the problem of the list', '.listProblem', 'warning'],
      ['a panel that failed', '.viewFailed > *', 'error'],
    ] as const) {
      await panel.snapshot(states[state]);
      await states[state]?.opened?.(panel);
      const colours = themeVariables('dark');
      const border = colours[`--vscode-inputValidation-${tone}Border`];
      assert.equal(await styleOf(place, 'border-top-color'), await colour(border ?? ''), state);
      assert.equal(await styleOf(place, 'background-color'), 'rgba(0, 0, 0, 0)', state);
      assert.notEqual(await styleOf(`${place} > .codicon`, 'color'), await styleOf(`${place} > div`, 'color'), state);
    }
    assert.match(await panel.words('.viewFailed'), sayingOnly(strings.viewFailed(), strings.reloadView(), some));
  });

  it('what is excluded has its icon beside its words at 260 px', async () => {
    await open({ width: 260, ...states['left out, and nearly full'] });
    const apart = await panel.page.locator('.user .excludedNote').evaluate((note) => {
      const [icon, words] = [...note.children].map((one) => one.getBoundingClientRect());
      const isBeside = (icon?.bottom ?? 0) > (words?.top ?? 99) && (icon?.top ?? 99) < (words?.bottom ?? 0);
      return !isBeside || (icon?.right ?? 99) > (words?.left ?? 0);
    });
    assert.equal(apart, false);
  });

  it('nothing is cut, empty or over something else at 260 px in changes, chips and pickers', async () => {
    const opened = async (name: keyof typeof states): Promise<void> => {
      await open({ ...states[name], width: 260 });
      await states[name]?.opened?.(panel);
      await panel.settled();
    };
    await opened('a card of renames and long lines');
    const apart = await panel.page
      .locator('.diffLine')
      .first()
      .evaluate((line) => {
        const [sign, start] = [line.querySelector('.diffSign'), line.querySelector('.diffStart')];
        const text = [...(start?.childNodes ?? [])].find(({ nodeType }) => nodeType === Node.TEXT_NODE);
        if (text === undefined || sign === null) return 99;
        const word = document.createRange();
        const at = text.textContent?.search(/\S/) ?? 0;
        word.setStart(text, at);
        word.setEnd(text, at + 1);
        return Math.abs(word.getBoundingClientRect().bottom - sign.getBoundingClientRect().bottom);
      });
    assert.ok(apart < 8, `the first word stands ${apart} px below its sign`);
    await panel.close();
    await opened('hunks at the end');
    const gap = await panel.page.evaluate(() => {
      const [name, to] = [document.querySelector('.lineWords'), document.querySelector('.newName')];
      return (to?.getBoundingClientRect().top ?? 99) - (name?.getBoundingClientRect().bottom ?? 0);
    });
    assert.ok(gap > -1 && gap < 1, `${gap} px above the new name`);
    await panel.close();
    await opened('the ways of reviewing');
    const over = await panel.page.locator('.optionBody').evaluateAll((all) =>
      all.filter((body) => {
        const [name, phrase] = [...body.children].map((one) => one.getBoundingClientRect());
        return (name?.bottom ?? 0) > (phrase?.top ?? 0) + 0.5 || (name?.height ?? 99) > 24;
      }),
    );
    assert.equal(over.length, 0);
    await panel.close();
    await opened('the user’s own instructions');
    assert.ok(
      await panel.page
        .locator('.chipLabel')
        .first()
        .evaluate((label) => label.scrollWidth <= label.clientWidth),
    );
  });

  it('the line of the demo stands between its neighbours, and cuts neither', async () => {
    await open({ width: 260, environment: { key: { kind: 'demo' } }, ...states['with an answer'] });
    const box = async (selector: string) =>
      (await panel.page.locator(selector).first().boundingBox()) ?? { y: 0, height: 0 };
    const [header, line, transcript] = [await box('.titleButton'), await box('.demoLine'), await box('.transcript')];
    assert.ok(line.y >= header.y + header.height - 0.5 && transcript.y >= line.y + line.height - 0.5);
    const words = await panel.page.locator('.demoLine').evaluate((one) => one.scrollHeight <= one.clientHeight);
    assert.ok(words);
  });
});
