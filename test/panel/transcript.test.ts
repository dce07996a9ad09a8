import assert from 'node:assert/strict';
import { tools as ownTools } from '../../src/core/tools/all';
import { serverToolStrings } from '../../src/core/tools/web/strings';
import { toolStrings } from '../../src/core/tools/words/strings';
import { costStrings } from '../../src/webview/l10n/costStrings';
import { contextText, strings } from '../../src/webview/l10n/strings';
import { saying, some } from '../texts';
import { answer, chat, shortTools, startedAt, text, tool, user } from './chats';
import { baseEnvironment, conversation, type PanelBench, PanelPage, startBench } from './panelPage';

const question = user('u1', 'Why?');
const busy = { kind: 'waiting', since: startedAt } as const;

describe('The transcript', () => {
  let bench: PanelBench;
  let panel: PanelPage;
  let expectProblems = false;

  before(async () => {
    bench = await startBench();
  });
  beforeEach(() => {
    expectProblems = false;
  });
  afterEach(async () => {
    const { problems } = panel;
    await panel.close();
    if (!expectProblems) assert.deepEqual(problems, []);
  });

  it('follows a turn from question to end', async () => {
    panel = await PanelPage.open(bench);
    const startedAt = Date.now();
    await panel.events(
      { type: 'item', item: question },
      { type: 'activity', activity: { kind: 'waiting', since: startedAt - 3000 } },
      { type: 'answerStarted', id: 'u1', at: startedAt, model: 'claude-opus-4-8' },
    );
    assert.equal(await panel.words('.bubble'), 'Why?');
    assert.match(await panel.words('.status'), /^Waiting for Claude · [3-9] s$/);
    await panel.events(
      {
        type: 'partStarted',
        answer: 'u1',
        part: { type: 'thinking', key: 'th', text: '', open: true, durationMs: null },
      },
      { type: 'activity', activity: { kind: 'thinking', since: Date.now() - 6000 } },
      { type: 'delta', answer: 'u1', key: 'th', text: 'I should look.' },
    );
    assert.match(await panel.words('.foldLine'), /Thinking · [6-9] s/);
    assert.equal(await panel.page.locator('.foldBody').count(), 0, 'closed by default');
    await panel.page.locator('.foldLine').click();
    await panel.events({ type: 'delta', answer: 'u1', key: 'th', text: ' Closely.' });
    assert.equal(await panel.words('.thinkingText'), 'I should look. Closely.');
    await panel.events({ type: 'partEnded', answer: 'u1', key: 'th', durationMs: 6100 });
    assert.match(await panel.words('.foldLine'), saying(strings.thoughtFor('6 s')));
    const { output: _output, summary: _summary, ...started } = tool('t1', {});
    await panel.events(
      { type: 'partStarted', answer: 'u1', part: { ...started, status: 'running', output: null, summary: null } },
      {
        type: 'tool',
        answer: 'u1',
        key: 't1',
        status: 'done',
        label: { text: 'Read {0}', args: ['a.ts'] },
        summary: toolStrings.lines(3),
        output: 'text',
      },
    );
    assert.match(await panel.words('.tool'), /Read a\.ts\s+·?\s*3 lines/);
    await panel.events(
      { type: 'partStarted', answer: 'u1', part: text('a', '', true) },
      { type: 'delta', answer: 'u1', key: 'a', text: 'It is **bo' },
      { type: 'delta', answer: 'u1', key: 'a', text: 'ld**.' },
      { type: 'partEnded', answer: 'u1', key: 'a', durationMs: null },
      {
        type: 'usage',
        answer: 'u1',
        usage: { input: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 1 },
        usd: 0.043,
      },
      { type: 'answerEnded', answer: 'u1', at: startedAt + 400, outcome: { kind: 'done' } },
      { type: 'title', title: 'Login race' },
    );
    assert.equal(await panel.words('.answer strong'), 'bold');
    assert.match(await panel.words('.turnCost'), /^\$0\.043$/);
    assert.equal(await panel.words('.title'), 'Login race');
    assert.equal(await panel.page.locator('.status').count(), 0);
  });

  it('asks for a snapshot when events are missing, and shows nothing partial', async () => {
    panel = await PanelPage.open(bench, { state: chat([question]) });
    const late = { type: 'title', title: 'late' } as const;
    await panel.post({ type: 'events', conversation, seq: 5, events: [late] });
    assert.deepEqual(await panel.said('resync'), [{ type: 'resync', conversation }]);
    await panel.post({ type: 'events', conversation, seq: 6, events: [late] });
    await panel.settled();
    assert.equal(await panel.words('.title'), 'Login race');
    assert.equal((await panel.said('resync')).length, 1, 'asked once');
    await panel.snapshot({ state: chat([question], { title: 'whole again' }) });
    await panel.settled();
    assert.equal(await panel.words('.title'), 'whole again');
  });

  it('takes events that overlap with a snapshot once', async () => {
    panel = await PanelPage.open(bench, { state: chat([]) });
    const item = (id: string) => ({ type: 'item', item: user(id, id) }) as const;
    await panel.events(item('a'), item('b'));
    await panel.post({ type: 'events', conversation, seq: 2, events: [item('b'), item('c')] });
    await panel.settled();
    assert.deepEqual(
      (await panel.page.locator('.bubble').allTextContents()).map((words) => words.trim()),
      ['a', 'b', 'c'],
    );
  });

  it('ignores what belongs to another conversation', async () => {
    panel = await PanelPage.open(bench, { state: chat([question]) });
    await panel.post({ type: 'events', conversation: 'other', seq: 1, events: [{ type: 'title', title: 'x' }] });
    await panel.post({ type: 'setDraft', conversation: 'other', text: 'x' });
    await panel.settled();
    assert.equal(await panel.words('.title'), 'Login race');
    assert.equal(await panel.page.locator('textarea').inputValue(), '');
  });

  it('shows context changes as lines that open their file, many of them as one', async () => {
    const line = (path: string, change: 'opened' | 'modified' | 'selection') => ({
      path,
      change,
      linesAdded: change === 'modified' ? 3 : 0,
      linesRemoved: change === 'modified' ? 1 : 0,
    });
    const few = [line('src/login.ts', 'modified'), line('src/login.ts:3-8', 'selection')];
    panel = await PanelPage.open(bench, {
      state: chat(
        [
          {
            type: 'context',
            id: 'c1',
            at: startedAt,
            lines: Array.from({ length: 5 }, (_, n) => line(`f${n}.ts`, 'opened')),
          },
          question,
          answer('u1', [{ type: 'context', key: 'c2', lines: few }], { outcome: null, endedAt: null }),
        ],
        { activity: busy },
      ),
    });
    assert.equal(await panel.words('.foldLine'), 'Sent with 5 files');
    const order = await panel.page.locator('.turn').evaluateAll((all) => all.map(({ classList }) => classList[1]));
    assert.deepEqual(order, ['user', 'contextTurn', 'answer']);
    assert.deepEqual(
      (await panel.page.locator('.contextLine').allTextContents()).map((words) => words.replace(/\s+/g, ' ').trim()),
      ['login.ts changed, +3 −1', 'login.ts:3-8 selected'],
    );
    await panel.page.locator('.contextLine').last().click();
    assert.deepEqual(await panel.said('openFile'), [
      { type: 'openFile', path: 'src/login.ts', line: 3, column: null, end: 8 },
    ]);
    await panel.page.locator('.foldLine').click();
    await panel.settled();
    assert.equal(await panel.page.locator('.contextLine').count(), 7);
  });

  it('says that nothing is selected any more, as words and not as a way to somewhere', async () => {
    const gone = { change: 'selection', path: '', linesAdded: 0, linesRemoved: 0 } as const;
    panel = await PanelPage.open(bench, {
      state: chat([{ type: 'context', id: 'c', at: startedAt, lines: [gone] }, question]),
    });
    assert.equal(await panel.words('.contextLine'), contextText(gone).text);
    assert.equal(await panel.page.locator('button.contextLine').count(), 0);
  });

  it('keeps the number of a tool’s result in sight, and gives its words the rest', async () => {
    const long = tool('t1', {
      label: toolStrings.search('aVeryLongNameThatNobodyCouldEverShowInSuchANarrowPlace'.repeat(3)).done,
      summary: toolStrings.matches(12, 4),
    });
    panel = await PanelPage.open(bench, { width: 260, state: chat([question, answer('u1', [long, text('a', 'x')])]) });
    const cut = (selector: string) =>
      panel.page
        .locator(selector)
        .evaluate(
          ({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
            scrollWidth > clientWidth || scrollHeight > clientHeight,
        );
    assert.deepEqual([await cut('.tool .lineWords'), await cut('.tool .lineResult')], [true, false]);
    const number = await panel.page.locator('.tool .lineResult').evaluate((element) => {
      const range = document.createRange();
      const words = [...element.childNodes].find((node) => node.nodeType === Node.TEXT_NODE) as Text;
      range.setStart(words, 0);
      range.setEnd(words, '12 matches'.length);
      return range.getBoundingClientRect().right <= element.getBoundingClientRect().right;
    });
    assert.ok(number, 'the number is read');
    await panel.page.setViewportSize({ width: 400, height: 700 });
    assert.equal(await cut('.tool .lineResult'), false);
  });

  it('says in a narrow panel, too, what was looked for, in three rows at most', async () => {
    const query = 'mergeSettings of the user';
    const made = [
      serverToolStrings.searchWeb(query),
      toolStrings.symbols(query),
      toolStrings.definition(query),
      toolStrings.references(query),
      toolStrings.search(query),
    ].flatMap(({ running, done }) => [running, done]);
    const lines = made.map((label, n) => tool(`t${n}`, { label, summary: toolStrings.matches(12, 4) }));
    const running = answer('u1', lines, { outcome: null, endedAt: null });
    panel = await PanelPage.open(bench, { width: 260, state: chat([question, running], { activity: busy }) });
    const words = panel.page.locator('.tool .lineWords');
    assert.equal(await words.count(), made.length);
    for (const [n, { text: template }] of made.entries()) {
      const seen = await words.nth(n).evaluate(
        (element, wanted) => {
          const node = [...element.childNodes].find((one) => one.nodeType === Node.TEXT_NODE) as Text;
          const range = document.createRange();
          const from = node.data.indexOf(wanted);
          range.setStart(node, from);
          range.setEnd(node, from + wanted.length);
          const box = element.getBoundingClientRect();
          const { bottom, right } = range.getBoundingClientRect();
          return { isIn: bottom <= box.bottom + 1 && right <= box.right + 1, height: box.height };
        },
        query.slice(0, 13),
      );
      assert.ok(seen.isIn && seen.height <= 55, `${template}: ${JSON.stringify(seen)}`);
    }
  });

  it('has an icon for each kind of tool, and one for what is not done', async () => {
    const kinds = {
      ...{ read_file: 'file', list_directory: 'folder', find_files: 'search', search_text: 'search' },
      ...{ get_diagnostics: 'warning', find_references: 'references', find_symbols: 'symbol-method' },
      ...{ go_to_definition: 'symbol-method', get_outline: 'symbol-method', get_changes: 'git-compare' },
      ...{ edit_file: 'edit', create_file: 'edit', rename_file: 'edit', delete_file: 'edit' },
      ...{ web_search: 'globe', web_fetch: 'globe', mcp_notes_add: 'tools' },
    };
    for (const { name } of ownTools) assert.ok(name in kinds, `${name} has one of its own`);
    const lines = Object.keys(kinds).map((name, n) => tool(`t${n}`, { name }));
    const others = (['failed', 'cancelled'] as const).map((status) => tool(status, { status }));
    const running = answer('u1', [...lines, ...others], { outcome: null, endedAt: null });
    panel = await PanelPage.open(bench, { state: chat([question, running], { activity: busy }) });
    const icons = panel.page.locator('.tool > .foldLine > .codicon');
    const found = await icons.evaluateAll((all) =>
      all.map((one) => [
        [...one.classList].find((name) => name.startsWith('codicon-')),
        one.getAttribute('aria-label'),
      ]),
    );
    const done = strings.toolStatus.done();
    assert.deepEqual(found, [
      ...Object.values(kinds).map((name) => [`codicon-${name}`, done]),
      ['codicon-error', strings.toolStatus.failed()],
      ['codicon-circle-slash', strings.toolStatus.cancelled()],
    ]);
  });

  it('cuts a long question until it is opened', async () => {
    const lines = Array.from({ length: 200 }, (_, n) => `line ${n}`).join('\n');
    panel = await PanelPage.open(bench, { state: chat([user('u1', lines), answer('u1', [text('a', 'x')])]) });
    const height = async () => (await panel.page.locator('.bubble').boundingBox())?.height ?? 0;
    assert.ok((await height()) < 300);
    await panel.page.locator('.bubbleMore').click();
    await panel.settled();
    assert.ok((await height()) > 3000);
    assert.equal(await panel.words('.bubbleMore'), strings.showLess());
    await panel.page.locator('.bubbleMore').click();
    await panel.settled();
    assert.ok((await height()) < 300);
    await panel.snapshot({ state: chat([user('u1', 'one\ntwo')]) });
    await panel.settled();
    assert.equal(await panel.page.locator('.bubbleMore').count(), 0);
  });

  it('has room for a table of plain words in a narrow panel', async () => {
    const table = '| Attempt | Waits before the next | Then |\n| --- | ---: | --- |\n| 1 | 100 ms | tries again |\n';
    panel = await PanelPage.open(bench, { width: 260, state: chat([question, answer('u1', [text('a', table)])]) });
    const frame = panel.page.locator('.tableFrame');
    assert.ok(await frame.evaluate((element) => element.scrollWidth <= element.clientWidth));
  });

  it('says what failed when it cannot be shown, tells the host, and comes back (L19)', async () => {
    expectProblems = true;
    panel = await PanelPage.open(bench);
    // Each part fails alone; a page that does not take what holds for all of them takes them all.
    await panel.page.evaluate(() => {
      const root = document.documentElement;
      const set = (): void => {
        Reflect.deleteProperty(root, 'lang');
        throw new Error('no language');
      };
      Object.defineProperty(root, 'lang', { configurable: true, set });
    });
    await panel.post({ type: 'environment', environment: baseEnvironment });
    const failed = panel.page.locator('.viewFailed');
    await failed.waitFor();
    assert.match(await panel.words(failed), saying(strings.viewFailed()));
    assert.equal((await panel.said('viewFailed')).length, 1);
    await panel.forget();
    await failed.getByRole('button', { name: strings.reloadView() }).click();
    assert.equal((await panel.said('ready')).length, 1);
    await panel.start({ state: chat([question]) });
    assert.equal(await panel.words('.bubble'), 'Why?');
  });

  it('offers the key, the prompts and the demo’s line where they belong', async () => {
    panel = await PanelPage.open(bench, { environment: { key: { kind: 'missing' } } });
    await panel.page.locator('.empty .button').click();
    assert.deepEqual(await panel.said('do'), [{ type: 'do', action: 'setKey' }]);
    await panel.post({
      type: 'environment',
      environment: {
        key: { kind: 'demo' },
        models: [],
        modelList: 'table',
        suggestions: ['Find it'],
        moved: null,
        fontSize: null,
        fontFamily: null,
        column: false,
        workspaceName: null,
        words: {},
        locale: 'en',
      },
    });
    await panel.settled();
    assert.match(await panel.words('.demoLine'), saying(strings.demo()));
    assert.match(await panel.words('.cost .notNarrow'), saying(costStrings.wouldCost(some)));
    await panel.page.locator('.prompt').click();
    assert.equal(await panel.page.locator('textarea').inputValue(), 'Find it');
  });

  it('speaks the user’s language', async () => {
    panel = await PanelPage.open(bench, {
      environment: {
        words: { [strings.thoughtFor('{0}')]: '{0} nachgedacht', '{0} s': '{0} Sek.', Send: 'Senden' },
        locale: 'de',
      },
      state: chat([question, answer('u1', shortTools.slice(0, 1))]),
    });
    assert.match(await panel.words('.foldLine'), /6 Sek\. nachgedacht/);
    assert.equal(await panel.page.locator('[data-do="send"]').getAttribute('aria-label'), 'Senden');
  });

  it('offers to start the server of a tool that was not there, and says which', async () => {
    const gone = tool('t1', {
      name: 'mcp_notes_add',
      status: 'failed',
      label: toolStrings.other('add', 'notes').done,
      summary: { text: 'Failed' },
      absentServer: 'notes',
    });
    panel = await PanelPage.open(bench, { state: chat([user('u1', 'Add'), answer('u1', [gone])]) });
    const start = panel.page.locator('[data-do="startServer"]');
    assert.equal(await start.innerText(), strings.startServer());
    await start.click();
    assert.deepEqual(await panel.said('startServer'), [{ type: 'startServer', conversation, server: 'notes' }]);
  });
});
