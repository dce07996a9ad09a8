/**
 * Tools of others in a real VS Code: an MCP server of the test's own, through VS Code's own MCP support; and those that the
 * API runs itself, switched on in the same list.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Anthropic from '@anthropic-ai/sdk';
import { tools as ownTools } from '../../src/core/tools/all';
import { approvalTitle } from '../../src/webview/l10n/approvalStrings';
import { dollars } from '../../src/webview/l10n/format';
import { strings as panelStrings } from '../../src/webview/l10n/strings';
import { reply } from '../fakeClaude/script';
import { strings } from '../texts';
import { afterTry, assertNoRefusals, type ChatHost, eventually, openChatHost } from './chatHost';

const own = ownTools.map(({ name }) => name);

/** What the web of the fake has. */
const ruby = { url: 'https://www.ruby-lang.org/en/', title: 'Ruby', text: 'Ruby 4.0.6 is out.', age: '3 days ago' };
const wiki = { url: 'https://en.wikipedia.org/wiki/Ruby', title: 'Ruby in an encyclopedia', text: 'A language.' };
const citation = {
  type: 'web_search_result_location',
  url: ruby.url,
  title: ruby.title,
  encrypted_index: 'x',
  cited_text: ruby.text,
};

describe('Tools of others in VS Code', () => {
  let host: ChatHost;
  let folder: string;
  const notes = (): string => join(folder, 'calls.txt');

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'prelude-mcp-'));
    const server = { type: 'stdio', command: process.execPath, args: [join(__dirname, 'mcpServer.js'), notes()] };
    host = await openChatHost({
      files: {
        '.vscode/mcp.json': JSON.stringify({ servers: { notebook: server } }),
        'README.md': '# Shop\n',
      },
    });
  });
  after(async () => {
    await host?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async function () {
    await afterTry(host, this.currentTest);
  });

  const held = (): Promise<readonly string[]> =>
    host.session.evaluate((vscode) =>
      vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith('mcp_')),
    );
  const picker = () => host.session.page.locator('.quick-input-widget');
  const picture = async (name: string): Promise<void> => {
    const pictures = process.env['PRELUDE_PICTURES'];
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    await host.session.screenshot(join(pictures, `${name}.png`));
  };
  const sent = () => host.fake.messages.at(-1)?.body;
  const names = (): readonly string[] => ((sent()?.tools ?? []) as Anthropic.Tool[]).map(({ name }) => name);
  const lastResult = (): string => JSON.stringify(sent()?.messages.at(-1)?.content ?? '');
  const approve = async (): Promise<void> => {
    const panel = await host.frame();
    await panel.locator('.approval [data-allow="once"]').click();
  };
  const say = async (text: string): Promise<void> => {
    const before = host.fake.messages.length;
    await host.send(text);
    await eventually(() => assert.ok(host.fake.messages.length > before, 'it was sent'));
    await host.idle();
  };
  const open = async (): Promise<void> => {
    void host.run('prelude.chooseTools');
    await picker().locator('.quick-input-list .monaco-list-row').first().waitFor();
  };

  it('are listed with their tokens and price before they are switched on, and off until then', async () => {
    await host.run('workbench.mcp.startServer', 'mcp.config.ws0.notebook', { waitForLiveTools: true });
    await eventually(async () => assert.equal((await held()).length, 4));
    await say('Hello');
    assert.deepEqual(names(), own);
    await open();
    const text = await picker().innerText();
    assert.match(text, /notebook/);
    for (const name of ['add_note', 'draw', 'fail', 'odd']) assert.match(text, new RegExp(name));
    assert.match(text, /\d+ · \$0\.000\d+/);
    await picture('picker');
    await picker().getByText('add_note', { exact: true }).click();
    await eventually(async () => assert.match(await picker().innerText(), /1 /));
    await picker().getByText('draw', { exact: true }).click();
    await picture('picker-checked');
    await host.session.page.keyboard.press('Enter');
    await picker().waitFor({ state: 'hidden' });
    await say('And now?');
    assert.deepEqual(names(), [...own, 'mcp_notebook_add_note', 'mcp_notebook_draw']);
    assertNoRefusals(host.fake);
  });

  it('run once they are allowed, with their input, and their results go to the model, pictures too', async () => {
    host.fake.enqueue(reply.toolUse('mcp_notebook_add_note', { text: 'milk' }), reply.text('Noted it.'));
    await host.send('Note milk');
    const panel = await host.frame();
    const title = approvalTitle({ kind: 'other', tool: 'add_note', source: 'notebook', spans: [] });
    assert.equal(await panel.locator('.approvalTitle').innerText(), title);
    await picture('card');
    assert.equal(existsSync(notes()), false);
    await approve();
    await host.see('Noted it.');
    await host.idle();
    assert.deepEqual(JSON.parse(readFileSync(notes(), 'utf8')), { name: 'add_note', input: { text: 'milk' } });
    assert.match(lastResult(), /Noted: milk\\\\u\{200b\}/);
    host.fake.enqueue(reply.toolUse('mcp_notebook_draw', {}), reply.text('Drawn.'));
    await host.send('Draw');
    await approve();
    await host.see('Drawn.');
    await host.idle();
    assert.match(lastResult(), /"type":"image"/);
    assertNoRefusals(host.fake);
    await picture('lines');
  });

  it('stay what they were over a reload, and a call finds its server again', async () => {
    const before = JSON.stringify(sent()?.tools);
    await host.session.reload();
    await host.frame();
    await host.send('Still there?');
    await host.idle();
    assert.equal(JSON.stringify(sent()?.tools), before);
    await eventually(async () => assert.ok((await held()).includes('mcp_notebook_add_note')));
    host.fake.enqueue(reply.toolUse('mcp_notebook_add_note', { text: 'bread' }), reply.text('Noted again.'));
    await host.send('Note bread');
    await approve();
    await host.see('Noted again.');
    assert.match(readFileSync(notes(), 'utf8'), /bread/);
    assertNoRefusals(host.fake);
  });

  it('are answered for while their server is not there, and Start Server in the line starts it', async () => {
    const autostart = (to: string | null): Promise<void> =>
      host.session.evaluate(async (vscode, value) => {
        const { Global } = vscode.ConfigurationTarget;
        await vscode.workspace.getConfiguration('chat.mcp').update('autostart', value ?? undefined, Global);
      }, to);
    await autostart('never');
    await host.run('workbench.mcp.stopServer', 'mcp.config.ws0.notebook');
    // VS Code remembers what a server had when it last ran.
    await host.run('workbench.mcp.resetCachedTools');
    await host.session.reload();
    await host.run('prelude.focusChat');
    const panel = await host.frame();
    assert.deepEqual(await held(), []);
    host.fake.enqueue(reply.toolUse('mcp_notebook_add_note', { text: 'eggs' }), reply.text('It is not there.'));
    await say('Note eggs');
    await host.see('It is not there.');
    assert.match(lastResult(), /the MCP server notebook is not running.*"is_error":true/);
    assert.doesNotMatch(readFileSync(notes(), 'utf8'), /eggs/);
    const start = panel.locator('[data-do="startServer"]').last();
    assert.equal(await start.innerText(), panelStrings.startServer());
    await picture('start-server');
    await start.click();
    await eventually(async () => assert.equal((await held()).length, 4), 30_000);
    host.fake.enqueue(reply.toolUse('mcp_notebook_add_note', { text: 'eggs' }), reply.text('Noted the eggs.'));
    await host.send('And now?');
    await approve();
    await host.see('Noted the eggs.');
    await host.idle();
    assert.match(readFileSync(notes(), 'utf8'), /eggs/);
    assertNoRefusals(host.fake);
    await autostart(null);
  });

  /** Answers the question about a tool of the web, once it takes an answer. */
  const allowWeb = async (question: string): Promise<void> => {
    await picker().getByText(question, { exact: true }).waitFor();
    await host.session.page.waitForTimeout(700);
    await picker().getByText(strings.webSpan('workspace'), { exact: true }).click();
    await picker().getByText(question, { exact: true }).waitFor({ state: 'hidden' });
  };

  it('of the API’s own are switched on with their price, asked about before they are offered, and named as sources', async () => {
    await open();
    assert.ok((await picker().innerText()).includes(strings.perThousand('$10.00')));
    await picture('picker-web');
    for (const title of ['Web search', 'Web fetch']) await picker().getByText(title, { exact: true }).click();
    await host.session.page.keyboard.press('Enter');
    await picker().waitFor({ state: 'hidden' });
    const before = host.fake.messages.length;
    host.fake.enqueue(
      reply
        .search('newest Ruby', ruby, wiki)
        .text('The newest is ')
        .citation(citation)
        .text('4.0.6')
        .newBlock()
        .text('!'),
    );
    await host.send('Which Ruby is the newest?');
    await picker().getByText(strings.webConsent('Web search', '$10.00'), { exact: true }).waitFor();
    await host.see(panelStrings.askingWeb('Web search'));
    await picture('web-consent');
    await allowWeb(strings.webConsent('Web search', '$10.00'));
    assert.equal(host.fake.messages.length, before, 'nothing is sent before the answers');
    await allowWeb(strings.webConsent('Web fetch', null));
    await host.see('The newest is');
    await host.idle();
    assert.deepEqual(names().slice(-2), ['web_search', 'web_fetch']);
    const answer = (await host.frame()).locator('.answer').last();
    const sources = answer.locator('.sources a.source');
    assert.deepEqual(await sources.evaluateAll((all) => all.map((one) => one.getAttribute('href'))), [
      ruby.url,
      wiki.url,
    ]);
    const cited = answer.locator('.citation a');
    assert.deepEqual([await cited.innerText(), await cited.getAttribute('href')], ['1', ruby.url]);
    const { totalUsd } = host.fake.bill();
    assert.ok(totalUsd > 0.01, 'a search has its price');
    assert.equal(await (await host.frame()).locator('.totalCost').innerText(), dollars(totalUsd));
    await picture('web-answer');
    assertNoRefusals(host.fake);
  });

  it('of the API’s own go on after a pause, and are there and allowed after a reload', async () => {
    const call = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'more' } };
    host.fake.enqueue(
      reply.search('Ruby', wiki).fetch(ruby.url, ruby).block(call).stop('pause_turn'),
      reply.text('Found more.'),
    );
    await say('And more?');
    await host.see('Found more.');
    assert.equal(sent()?.messages.at(-1)?.role, 'assistant', 'it goes on from where it was');
    assert.match(
      JSON.stringify(sent()?.messages.at(-1)),
      /"web_fetch_tool_result".*Ruby 4\.0\.6 is out/,
      'a fetched page',
    );
    await host.session.reload();
    await host.run('prelude.focusChat');
    const panel = await host.frame();
    await panel.locator('.sources a.source', { hasText: ruby.title }).first().waitFor();
    assert.equal(await panel.locator('.citation a').first().getAttribute('href'), ruby.url);
    host.fake.enqueue(reply.search('Ruby', ruby).text('Still 4.0.6.'));
    await say('Still?');
    await host.see('Still 4.0.6.');
    assert.deepEqual(names().slice(-2), ['web_search', 'web_fetch']);
    assert.equal(await panel.locator('.totalCost').innerText(), dollars(host.fake.bill().totalUsd));
    assertNoRefusals(host.fake);
  });
});
