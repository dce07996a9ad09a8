/** Warm-ups that earlier versions stored: they are shown, counted in what was spent, and in the way of nothing. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { databaseName } from '../../../../src/host/store/file/protocol';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { ask, type Chat, closeChat, FakeEditors, FakeView, openChat, temporaryFolder } from '../../core/kit';

describe('A conversation with stored warm-ups', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  const open = async (): Promise<FakeView> => {
    chat = await openChat({ url: fake.url, folder: folder.path, editors: new FakeEditors() });
    return new FakeView(await chat.conversations.current());
  };
  const spent = async () => {
    const days = [0, Number.MAX_SAFE_INTEGER];
    const report = await chat.store.usageReport({ workspaces: null, days, limit: 10 });
    return [report.days[0]?.requests, report.days[0]?.tokens.cacheRead];
  };

  /** Puts one behind the last entry, as versions that made them did. */
  function store(conversation: string, stopped: 'missed' | null): void {
    const db = new DatabaseSync(join(folder.path, databaseName));
    const head = db.prepare('SELECT head FROM conversations WHERE id = ?').get(conversation)?.['head'] ?? null;
    const id = `w${head}`;
    const usage = { input: 3, cacheRead: stopped === null ? 5000 : 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0 };
    const at = Date.now();
    const body = JSON.stringify({
      ...{ id, parent: head, at, kind: 'warmUp', usage: stopped === null ? usage : { ...usage, input: 0 } },
      ...{ usd: stopped === null ? 0.0025 : 0, model: 'claude-opus-4-8', effort: 'high', askedAt: at, stopped },
    });
    const entry = 'INSERT INTO entries (id, conversation, parent, kind, at, body) VALUES (?, ?, ?, ?, ?, ?)';
    db.prepare(entry).run(id, conversation, head, 'warmUp', at, body);
    db.prepare('UPDATE conversations SET head = ? WHERE id = ?').run(id, conversation);
    if (stopped === null) {
      db.prepare(
        `INSERT INTO usage (at, id, conversation, model, requests, unpriced, input, cacheRead, cacheWrite5m, cacheWrite1h,
          output, usdRead, usdWritten, usdInput, usdOutput, usdUncached)
         VALUES (?, ?, ?, 'claude-opus-4-8', 1, 0, 3, 5000, 0, 0, 0, 0.0025, 0, 0, 0, 0.025)`,
      ).run(at, id, conversation);
    }
    db.close();
  }

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
  });
  afterEach(async () => {
    assert.deepEqual(chat.errors, []);
    await closeChat(chat);
    await fake.close();
    folder.remove();
  });

  it('shows them as one line, counts what they cost, and goes on', async () => {
    const before = await open();
    fake.enqueue(reply.text('It retries.'));
    await ask(before, 'Why does it retry?');
    const { conversation } = before.controller;
    await closeChat(chat);
    for (const stopped of [null, null, 'missed'] as const) store(conversation, stopped);

    const view = await open();
    const { items, requests, usd } = view.state;
    assert.deepEqual(
      items.map(({ type }) => type),
      [...before.state.items.map(({ type }) => type), 'context'],
    );
    const last = items.at(-1);
    const warm = last?.type === 'context' ? last.lines[0]?.warm : undefined;
    assert.deepEqual(warm, { times: 2, usd: 0.005, model: 'claude-opus-4-8', stopped: 'missed' });
    assert.equal(requests, before.state.requests + 2);
    assert.ok(Math.abs((usd ?? 0) - (before.state.usd ?? 0) - 0.005) < 1e-9);
    assert.deepEqual(await spent(), [3, 10_000]);

    fake.enqueue(reply.text('So it does.'));
    await ask(view, 'And now?');
    assert.deepEqual(fake.refusals, []);
    const roles = fake.messages.at(-1)?.body.messages.map(({ role }) => role);
    assert.deepEqual(roles, ['user', 'assistant', 'user']);
    assert.equal(view.state.items.at(-1)?.type, 'answer');
  });
});
