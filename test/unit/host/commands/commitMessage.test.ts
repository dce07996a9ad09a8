/** Write Commit Message: through the whole host, with a stand-in for VS Code's Git. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { QueuedRow } from '../../../../src/shared/protocol';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { strings } from '../../../texts';
import { until } from '../../core/kit';
import { openWholeHost, showSideBar } from '../wholeHost';

describe('Write Commit Message', () => {
  let fake: FakeClaude;
  let folder: string;
  let whole: Awaited<ReturnType<typeof openWholeHost>>;
  const box = { value: '' };
  const state = { indexChanges: [] as object[], workingTreeChanges: [] as object[], mergeChanges: [] };

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = mkdtempSync(join(tmpdir(), 'prelude-commit-'));
    whole = await openWholeHost(fake.url, folder);
    box.value = '';
    state.workingTreeChanges = [{}];
    const repositories = [{ rootUri: whole.fileUri(folder), inputBox: box, state }];
    const exports = { enabled: true, getAPI: () => ({ state: 'initialized', repositories }) };
    whole.extensions['getExtension'] = () => ({ isActive: true, exports });
  });
  afterEach(async () => {
    await whole.host.dispose();
    whole.restore();
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (clicked?: object): Promise<unknown> => whole.host.commands['prelude.writeCommitMessage'](clicked);
  const messages = (which: string, answer?: string): string[] => {
    const shown: string[] = [];
    whole.window[which] = async (message: string) => {
      shown.push(message);
      return answer;
    };
    return shown;
  };

  it('puts the code block of the answer into the box, and nothing else of it', async () => {
    fake.enqueue(
      reply.text('Here it is:\n\n```text\nRetry the login twice\n\nThe API may be busy.\n```\n\nShall I add more?'),
    );
    await write({ rootUri: whole.fileUri(folder) });
    assert.equal(box.value, 'Retry the login twice\n\nThe API may be busy.');
    assert.equal(fake.messages.length, 1);
  });

  it('takes an answer without a code block as it is', async () => {
    fake.enqueue(reply.text('Retry the login twice\n'));
    await write();
    assert.equal(box.value, 'Retry the login twice');
  });

  for (const replaces of [true, false])
    it(`asks before it replaces what was typed meanwhile: ${replaces ? 'Replace' : 'closed'}`, async () => {
      const asked = messages('showInformationMessage', replaces ? strings.replaceMessage() : undefined);
      const held = fake.hold();
      const written = write();
      await until('the request', () => fake.messages.length === 1);
      box.value = 'By me';
      await held.push('```\nBy Claude\n```');
      await held.end();
      await written;
      assert.deepEqual(asked, [strings.messageChanged()]);
      assert.equal(box.value, replaces ? 'By Claude' : 'By me');
    });

  it('that waits for a click, since it is dear, fills the box once it is clicked and answered', async () => {
    await whole.host.dispose();
    whole.restore();
    const words = 'Be brief and friendly. '.repeat(2000);
    for (const name of ['CLAUDE.md', 'AGENTS.md']) writeFileSync(join(folder, name), `${name}: ${words}`);
    whole = await openWholeHost(fake.url, folder, {
      'prelude.instructions': words,
      'prelude.model': 'claude-fable-5',
    });
    const repositories = [{ rootUri: whole.fileUri(folder), inputBox: box, state }];
    const exports = { enabled: true, getAPI: () => ({ state: 'initialized', repositories }) };
    whole.extensions['getExtension'] = () => ({ isActive: true, exports });
    const webview = showSideBar(whole.host);
    webview.say({ type: 'ready' });
    const rows = (): readonly QueuedRow[] => {
      const last = webview.told.findLast(({ type }) => type === 'composer');
      return last?.type === 'composer' ? last.composer.queued : [];
    };
    const written = write();
    await until('the row', () => rows()[0]?.usd !== undefined);
    assert.deepEqual([box.value, fake.messages.length], ['', 0]);
    // At the prices of the stand-in's own models so few words would not be dear.
    const known = fake.ledger.models.filter(({ id }) => id === 'claude-opus-4-8');
    Object.assign(fake.ledger, { models: known.map((model) => ({ ...model, id: 'claude-fable-5' })) });
    fake.enqueue(reply.text('```\nRetry the login twice\n```'));
    const shown = webview.told.findLast(({ type }) => type === 'snapshot');
    const conversation = shown?.type === 'snapshot' ? shown.state.conversation : '';
    webview.say({ type: 'sendQueuedNow', conversation, id: rows()[0]?.id ?? '' });
    await written;
    assert.equal(box.value, 'Retry the login twice');
  });

  it('leaves the box when the answer did not end by itself', async () => {
    fake.enqueue(reply.error(401, 'authentication_error', 'no'));
    await write();
    assert.equal(box.value, '');
  });

  it('sends nothing where there is nothing to commit, or no repository', async () => {
    const warned = messages('showWarningMessage');
    state.workingTreeChanges = [];
    await write();
    whole.extensions['getExtension'] = () => undefined;
    await write();
    assert.deepEqual(warned, [strings.nothingToCommit(), strings.noRepository()]);
    assert.equal(fake.messages.length, 0);
  });
});
