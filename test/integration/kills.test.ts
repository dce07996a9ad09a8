/**
 * SIGKILL to the extension host of a real VS Code: in the middle of an answer behind its tools, as its request goes out.
 * What was committed stays, and the chat goes on. `unit/fuzz/kills` kills processes by the dozen.
 */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { reply } from '../fakeClaude/script';
import { assertNoRefusals, type ChatHost, openChatHost, transcriptText } from './chatHost';

describe('An extension host that is killed', () => {
  let host: ChatHost;
  const words: string[] = [];
  /** How often it was tried: a second try asks another question. */
  let round = -1;

  before(async () => {
    host = await openChatHost({ files: { 'src/app.ts': 'export const app = 1;\n' } });
    await host.open('src/app.ts');
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await host.session.saveFailure('kills');
  });

  after(async () => {
    await host?.close();
  });

  async function kill(): Promise<void> {
    await host.session.killExtensionHost();
    await host.run('prelude.focusChat');
  }

  it('loses nothing that was committed, behind tools and in the middle of an answer', async function () {
    this.timeout(90_000);
    round += 1;
    host.fake.enqueue(reply.text(`Looking ${round}.`).toolUse('read_file', { path: 'src/app.ts' }));
    const held = host.fake.hold();
    await host.send(`Question ${round}?`);
    await held.push(`Partial answer ${round} that`);
    await host.see(`Partial answer ${round} that`);
    // A partial answer is kept about once a second; what is committed step by step is kept at once.
    await delay(1500);
    words.push(`Question ${round}?`, `Looking ${round}.`, `Partial answer ${round} that`);
    await kill();
    await host.see(`Question ${round}?`);
    await host.idle();
    const text = await transcriptText(host);
    for (const word of words) assert.ok(text.includes(word), `"${word}" is there`);
  });

  it('loses no words whose request has just gone out', async function () {
    this.timeout(90_000);
    round += 1;
    const held = host.fake.hold();
    await host.send(`Question ${round}?`);
    await held.request;
    words.push(`Question ${round}?`);
    await kill();
    await host.see(`Question ${round}?`);
    await host.idle();
    const text = await transcriptText(host);
    for (const word of words) assert.ok(text.includes(word), `"${word}" is there`);
  });

  it('goes on after that, with every question in its order', async function () {
    this.timeout(60_000);
    host.fake.enqueue(reply.text('Here we are.'));
    await host.send('Are you still there?');
    await host.see('Here we are.');
    await host.idle();
    assertNoRefusals(host.fake);
    const sent = JSON.stringify(host.fake.messages.at(-1)?.body.messages);
    const asked = words.filter((word) => word.startsWith('Question ')).map((word) => sent.indexOf(word));
    assert.ok(!asked.includes(-1), 'every question is in the next request');
    assert.deepEqual(
      asked,
      asked.toSorted((a, b) => a - b),
      'in their order',
    );
  });
});
