/** Tools of others in a real VS Code: an MCP server of the test's own, through VS Code's own MCP support. */

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Anthropic from '@anthropic-ai/sdk';
import { tools as ownTools } from '../../src/core/tools/all';
import { reply } from '../fakeClaude/script';
import { afterTry, assertNoRefusals, type ChatHost, eventually, openChatHost } from './chatHost';

const own = ownTools.map(({ name }) => name);

describe('Tools of an MCP server in VS Code', () => {
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
    await panel.locator('.approval').waitFor();
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
});
