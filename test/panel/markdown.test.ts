import assert from 'node:assert/strict';
import { join } from 'node:path';
import { tests as commonMark } from 'commonmark-spec';
import type { Page } from 'playwright-core';
import { cases } from '../short';
import { repoRoot } from '../vscode/paths';
import type { Difference, MarkdownHarness } from './browser/markdownHarness';
import { gfmExamples, readAsMeant } from './gfmExamples';
import { type PanelBench, startBench } from './panelPage';

declare global {
  interface Window {
    markdown: MarkdownHarness;
  }
}

/** The examples joined to so many documents are split so often in all; and each example by itself. */
const parts = 4;
const splits = cases(120, 40);
const splitsOfEach = cases(20, 8);

describe('Streamed Markdown', function () {
  this.timeout(300_000);

  let bench: PanelBench;
  let page: Page;
  const texts = [...commonMark.map(({ markdown }) => markdown.replaceAll('→', '\t')), ...gfmExamples, ...readAsMeant];

  async function harnessPage(): Promise<Page> {
    // A context of its own is a process of its own: the two halves of the examples run side by side.
    const made = await (await bench.browser.newContext()).newPage();
    await made.setContent('<!DOCTYPE html><html lang="en"><body></body></html>');
    await made.addScriptTag({
      path: join(repoRoot(), 'dist', 'test', 'panel', 'browser', 'markdownHarness.js'),
      type: 'module',
    });
    await made.waitForFunction(() => 'markdown' in window);
    await made.evaluate(() => window.markdown.loadHighlighter());
    return made;
  }

  before(async () => {
    bench = await startBench();
    page = await harnessPage();
  });

  it('has the examples of CommonMark 0.31.2 and its own for GitHub’s extensions', () => {
    assert.equal(commonMark.length, 652);
    assert.ok(gfmExamples.length >= 50);
  });

  it(`gives the DOM of one whole render for all examples, joined, in ${splits} random splits`, async () => {
    const pages = [page, await harnessPage()];
    const open = await page.evaluate((all) => all.map((text) => window.markdown.staysOpen(text)), texts);
    assert.ok(open.filter(Boolean).length < texts.length / 5);
    // Those that would swallow the others come last.
    const ordered = [false, true].flatMap((last) => texts.filter((_, index) => open[index] === last));
    const documents = Array.from({ length: parts }, (_, part) =>
      ordered.filter((_text, index) => index % parts === part).join('\n\n'),
    );
    const found = await Promise.all(
      pages.map((each, half) =>
        each.evaluate(
          ({ mine, times, seed }): readonly Difference[] =>
            mine.flatMap((text, index) => window.markdown.compareLong(text, times, seed + index)),
          {
            mine: documents.filter((_, index) => index % pages.length === half),
            times: splits / parts,
            seed: 20261122 + 100 * half,
          },
        ),
      ),
    );
    assert.deepEqual(found.flat(), []);
  });

  it(`gives it for each example by itself in ${splitsOfEach} random splits`, async () => {
    const found = await page.evaluate(
      ({ mine, times }): readonly Difference[] => window.markdown.compare(mine, times, 20261122),
      { mine: texts, times: splitsOfEach },
    );
    assert.deepEqual(found, []);
  });

  it('gives it for long documents made of many examples too', async () => {
    const documents = Array.from({ length: 12 }, (_, index) =>
      texts.filter((_text, at) => at % 12 === index).join('\n\n'),
    );
    assert.deepEqual(await page.evaluate((mine) => window.markdown.compare(mine, 4, 7), documents), []);
  });

  it('is right while it streams, but for what is still open', async () => {
    const differing = await page.evaluate(
      (all) =>
        all.filter((text, index) => {
          const pieces = window.markdown.split(text, window.markdown.randomFrom(index));
          return window.markdown.streamed(pieces, false) !== window.markdown.whole(text);
        }),
      texts,
    );
    const open = differing.filter(
      (text) => !/^[ >-]*(?:`{3,}|~{3,})/m.test(text) && !/^ {0,3}\[.*\]:/m.test(text) && !text.endsWith('\r\n'),
    );
    assert.deepEqual(open, [], 'only open fences and late definitions may still change');
    assert.ok(differing.length < texts.length / 20, `${differing.length} examples change when they end`);
  });

  it('resolves a late definition in what had settled long before, without waiting for the end', async () => {
    const before =
      '[Ref] in a paragraph\n\n- an *[item][ref]*\n- b\n- c\n- d\n- e\n\n| a |\n| - |\n| [ref] |\n| b |\n| c |\n| d |\n\n';
    const text = `${before}${'words between\n\n'.repeat(6)}[ref]: /late "T"\n\n${'words after\n\n'.repeat(4)}`;
    const [streamed, whole] = await page.evaluate(
      (mine) => [window.markdown.streamed(mine.match(/[\s\S]{1,5}/g) ?? [], false), window.markdown.whole(mine)],
      text,
    );
    assert.equal(streamed, whole);
    assert.equal(whole?.split('data-path="/late"').length, 4);
  });

  it('forgets what was a definition for a moment only, and lists that seemed loose', async () => {
    const texts = [
      'one\n\n[foo]\n\n[foo]: /url "title" ok\n\nAnd so on.\n\nMore.\n',
      '- [x] a\n- [x] b\n- [x] c\n- [x] d\n- [x] e\n \n - - -\nafter\n',
    ];
    for (const text of texts) {
      for (let size = 1; size < 12; size += 1) {
        const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
        const [streamed, whole] = await page.evaluate(
          (mine) => [window.markdown.streamed(mine, true), window.markdown.whole(mine.join(''))],
          pieces,
        );
        assert.equal(streamed, whole, `in pieces of ${size}`);
      }
    }
  });

  it('leaves nothing of what it had drawn of a part that fails halfway (L62)', async () => {
    assert.equal(await page.evaluate(() => window.markdown.failsHalfway()), '<pre>as its text</pre>');
  });

  it('touches nothing but the tail', async () => {
    const text = Array.from(
      { length: 30 },
      (_, n) =>
        `## Part ${n}\n\nSome *text* with \`code\` and a [link](https://example.com/${n}).\n\n- one\n- two\n- three\n\n`,
    ).join('');
    const pieces = text.match(/[\s\S]{1,7}/g) ?? [];
    assert.ok(pieces.length > 300);
    assert.equal(await page.evaluate((mine) => window.markdown.touched(mine, 3), pieces), 0);
  });
});
