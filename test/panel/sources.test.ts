/** What a search found and what an answer cites, in the panel; pictures of it where PRELUDE_PICTURES names a folder. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { serverToolErrors, serverToolStrings } from '../../src/core/tools/web/strings';
import { toolStrings } from '../../src/core/tools/words/strings';
import type { ToolPart } from '../../src/shared/chat';
import type { Citation, Source } from '../../src/shared/web/sources';
import { transcriptStrings } from '../../src/webview/l10n/transcriptStrings';
import { loadAxe, violations } from './axe';
import { answer, chat, startedAt, text, tool, user } from './chats';
import { type PanelBench, PanelPage, startBench } from './panelPage';
import { type ThemeName, themeNames } from './themes';

const question = user('u1', 'Which Ruby is the newest?');
const source = (title: string, url: string | null, age: string | null = null): Source => ({ title, url, age });
const found: readonly Source[] = [
  source('Ruby 3.4.7 Released', 'https://www.ruby-lang.org/en/news/2025/10/07/ruby-3-4-7-released/', 'October 7, 2025'),
  source(
    'Download Ruby, the language of a very long title that does not fit',
    'https://www.ruby-lang.org/en/downloads/',
  ),
  source('Click me', null),
  source('endoflife.date', 'https://endoflife.date/ruby', '3 weeks ago'),
  source('Wikipedia', 'https://en.wikipedia.org/wiki/Ruby'),
];
const cite = (url: string | null, title: string, words: string): Citation => ({ url, title, text: words });
const downloads = cite('https://www.ruby-lang.org/en/downloads/', 'Download Ruby', 'The current version is 4.0.6.');
const nowhere = cite(null, 'facts.txt', '');

function search(key: string, more: Partial<ToolPart> = {}): ToolPart {
  return tool(key, {
    name: 'web_search',
    label: serverToolStrings.searchWeb('newest Ruby').done,
    summary: serverToolStrings.results(found.length),
    input: '{"query":"newest Ruby"}',
    output: 'Ruby',
    server: true,
    sources: found,
    ...more,
  });
}

const cited = [
  text('e1:3', 'The newest is **Ruby 4.0.6'),
  { ...text('e1:4', '**, out now!'), citations: [downloads, downloads, nowhere] },
  text('e1:5', ' It runs `irb` as before:\n\n```ruby\n'),
  { ...text('e1:6', 'puts 1'), citations: [nowhere] },
  text('e1:7', '\n```\n\nAnd it'),
  { ...text('e1:8', ' is at https://www.ruby-lang.org/'), citations: [downloads] },
  text('e1:9', '.'),
];
const state = chat([question, answer('u1', [search('e1:1'), ...cited])]);

/** A line of each kind, as they stand while a turn runs. */
const everyLine = chat(
  [
    question,
    answer(
      'u1',
      [
        tool('t1', {}),
        tool('t2', { name: 'list_directory', label: toolStrings.list('src').done, summary: toolStrings.entries(14) }),
        tool('t3', { name: 'find_files', label: toolStrings.find('**/*.rb').done, summary: toolStrings.files(3) }),
        tool('t4', {
          name: 'search_text',
          label: toolStrings.search('RUBY_VERSION').done,
          summary: toolStrings.matches(12, 4),
        }),
        tool('t5', {
          name: 'get_diagnostics',
          label: toolStrings.allProblems().done,
          summary: toolStrings.noProblems(),
        }),
        tool('t6', {
          name: 'go_to_definition',
          label: toolStrings.definition('mergeSettings').done,
          summary: toolStrings.definitions(1),
        }),
        tool('t7', {
          name: 'find_references',
          label: toolStrings.references('mergeSettings').done,
          summary: toolStrings.referenced(9, 4),
        }),
        tool('t8', {
          name: 'get_changes',
          label: toolStrings.uncommitted().done,
          summary: toolStrings.changedFiles(2),
        }),
        tool('t9', {
          name: 'mcp_notes_add',
          label: toolStrings.other('add_note', 'notebook').done,
          summary: toolStrings.answered(),
        }),
        tool('t10', {
          ...{ name: 'mcp_notes_draw', label: toolStrings.other('draw', 'notebook').done, status: 'failed' },
          ...{ summary: null, absentServer: 'notebook' },
        }),
        search('t11'),
        search('t12', {
          status: 'running',
          label: serverToolStrings.fetch('ruby-lang.org/en/downloads').running,
          summary: null,
          output: null,
          sources: [],
        }),
      ],
      { outcome: null, endedAt: null },
    ),
  ],
  { activity: { kind: 'waiting', since: startedAt } },
);

describe('What a search found (L29)', () => {
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

  const opened = async (): Promise<readonly string[]> =>
    (await panel.said()).flatMap((intent) => (intent.type === 'openLink' ? [intent.url] : []));

  it('stands below its line, three pages of it, those first that are cited, and all of them once it is opened', async () => {
    panel = await PanelPage.open(bench, { state, width: 260 });
    const rows = panel.page.locator('.sources .source');
    assert.equal(await rows.count(), 3);
    assert.match(await panel.words(rows.first()), /^1 Download Ruby/);
    assert.equal(await panel.page.locator('.tool .codicon-globe').count(), 1);
    assert.equal(await panel.words('[data-more="sources"]'), transcriptStrings.moreSources(2));
    assert.equal(await panel.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true);
    await panel.page.locator('[data-more="sources"]').click();
    await panel.settled();
    assert.equal(await rows.count(), found.length);
    assert.match(await panel.words(rows.nth(0)), /ruby-lang\.org, October 7, 2025$/);
    assert.equal(await panel.page.locator('.tool [data-more]').count(), 0, 'nothing of it can be left out');
    const dead = panel.page.locator('span.source');
    assert.equal(await dead.count(), 1, 'what is no address of the web opens nothing');
    assert.match(await panel.words(dead), /Click me no web address$/);
  });

  it('opens in the browser, by the keyboard too, and is never loaded here', async () => {
    panel = await PanelPage.open(bench, { state });
    await panel.page.locator('a.source').first().focus();
    await panel.page.keyboard.press('Enter');
    assert.deepEqual(await opened(), ['https://www.ruby-lang.org/en/downloads/']);
    assert.equal(await panel.page.locator('.sources img').count(), 0);
  });

  it('says by line what failed', async () => {
    const says = serverToolErrors['max_uses_exceeded']?.() ?? null;
    const { sources: _, ...rest } = search('e1:1', { status: 'failed', summary: says });
    panel = await PanelPage.open(bench, { state: chat([question, answer('u1', [rest, text('e1:2', 'No.')])]) });
    assert.equal(await panel.words('.lineResult'), says?.text);
    assert.equal(await panel.page.locator('.sources').count(), 0);
  });

  it('breaks no rule of accessibility', async () => {
    panel = await PanelPage.open(bench, { state, alone: true });
    await loadAxe(panel.page);
    for (const theme of themeNames) {
      await panel.wear(theme);
      assert.deepEqual(await violations(panel.page, theme), [], theme);
    }
  });

  it('looks as it should', async () => {
    const folder = process.env['PRELUDE_PICTURES'];
    panel = await PanelPage.open(bench, { state });
    if (folder === undefined) return;
    for (const [name, shown] of Object.entries({ sources: state, lines: everyLine })) {
      for (const theme of ['dark', 'light'] as const) {
        for (const width of [260, 400]) {
          await panel.close();
          panel = await PanelPage.open(bench, { state: shown, width, height: 560, theme: theme as ThemeName });
          await panel.page.screenshot({ path: join(folder, `${name}-${theme}-${width}.png`) });
        }
      }
    }
  });
});

describe('A citation', () => {
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

  it('is a small number in one text with what stands around it, each thing once', async () => {
    panel = await PanelPage.open(bench, { state });
    assert.equal(await panel.page.locator('.markdown').count(), 1);
    const words = await panel.words('.markdown');
    assert.match(words, /^The newest is Ruby 4\.0\.6, out now! ?1 ?2 It runs irb as before:/);
    assert.match(words, /puts 1 ?And it is at https:\/\/www\.ruby-lang\.org\/ ?1 ?\.$/, 'no mark is left anywhere');
    assert.equal(await panel.page.locator('.markdown strong').count(), 1);
    assert.equal(await panel.page.locator('sup.citation').count(), 3);
  });

  it('opens its page, and says what is cited to the eye and to the screen reader; one that leads nowhere opens nothing', async () => {
    panel = await PanelPage.open(bench, { state });
    const first = panel.page.locator('sup.citation a').first();
    assert.equal(await first.getAttribute('title'), 'Download Ruby\nruby-lang.org\n“The current version is 4.0.6.”');
    assert.equal(await first.getAttribute('aria-label'), 'Source 1: Download Ruby');
    await first.focus();
    await panel.page.keyboard.press('Enter');
    await panel.page.locator('sup.citation span').first().click();
    const links = (await panel.said()).flatMap((intent) => (intent.type === 'openLink' ? [intent.url] : []));
    assert.deepEqual(links, ['https://www.ruby-lang.org/en/downloads/']);
  });

  it('comes with its text as that streams, and is the same text then as at once', async () => {
    const running = { outcome: null, endedAt: null } as const;
    const [before, after, ...rest] = cited;
    assert.ok(before !== undefined && after !== undefined);
    panel = await PanelPage.open(bench, { state: chat([question, answer('u1', [before], running)]) });
    await panel.events(
      { type: 'partStarted', answer: 'u1', part: { ...text('e1:4', '', true) } },
      { type: 'cited', answer: 'u1', key: 'e1:4', citations: [downloads, nowhere] },
      { type: 'delta', answer: 'u1', key: 'e1:4', text: '**, out ' },
    );
    assert.equal(await panel.words('.markdown'), 'The newest is Ruby 4.0.6, out');
    await panel.events(
      { type: 'delta', answer: 'u1', key: 'e1:4', text: 'now!' },
      { type: 'partEnded', answer: 'u1', key: 'e1:4', durationMs: 1 },
      ...rest.map((part) => ({ type: 'partStarted', answer: 'u1', part }) as const),
      { type: 'answerEnded', answer: 'u1', at: 1, outcome: { kind: 'done' } },
    );
    const streamed = await panel.page.locator('.markdown').innerHTML();
    await panel.close();
    panel = await PanelPage.open(bench, { state: chat([question, answer('u1', cited)]) });
    assert.equal(
      streamed.replaceAll(/<!--.*?-->/g, ''),
      (await panel.page.locator('.markdown').innerHTML()).replaceAll(/<!--.*?-->/g, ''),
    );
  });

  it('is copied as a link', async () => {
    panel = await PanelPage.open(bench, { state });
    await panel.page.locator('[data-copy="answer"]').click();
    const [copied] = await panel.said('copy');
    assert.match(
      copied?.text ?? '',
      /out now!\[\\\[1\\\]\]\(https:\/\/www\.ruby-lang\.org\/en\/downloads\/\)\\\[2\\\] It runs/,
    );
    assert.equal(copied?.text.includes('\ufdd0'), false);
  });
});
