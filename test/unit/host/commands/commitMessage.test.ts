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
import { type FakeWebview, openWholeHost, showSideBar } from '../wholeHost';

describe('Write Commit Message', () => {
  let fake: FakeClaude;
  let folder: string;
  let whole: Awaited<ReturnType<typeof openWholeHost>>;
  const box = { value: '' };
  const state = { indexChanges: [] as object[], workingTreeChanges: [] as object[], mergeChanges: [] };

  const open = async (settings: Readonly<Record<string, unknown>> = {}): Promise<void> => {
    whole = await openWholeHost(fake.url, folder, settings);
    const repositories = [{ rootUri: whole.fileUri(folder), inputBox: box, state }];
    const exports = { enabled: true, getAPI: () => ({ state: 'initialized', repositories }) };
    whole.extensions['getExtension'] = () => ({ isActive: true, exports });
  };
  const close = async (): Promise<void> => {
    await whole.host.dispose();
    whole.restore();
  };
  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = mkdtempSync(join(tmpdir(), 'prelude-commit-'));
    await open();
    box.value = '';
    state.workingTreeChanges = [{}];
  });
  afterEach(async () => {
    await close();
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

  /** Its answer has come to its end. */
  const ended = async (): Promise<void> => {
    const webview = showSideBar(whole.host);
    webview.say({ type: 'ready' });
    await until('its end', () => {
      const last = webview.told.findLast(({ type }) => type === 'snapshot');
      webview.say({ type: 'resync', conversation: last?.type === 'snapshot' ? last.state.conversation : '' });
      return last?.type === 'snapshot' && last.state.items.length > 1 && last.state.activity === null;
    });
  };

  it('puts the code block of the answer into the box, and nothing else of it', async () => {
    fake.enqueue(
      reply.text('Here it is:\n\n```text\nRetry the login twice\n\nThe API may be busy.\n```\n\nShall I add more?'),
    );
    await write({ rootUri: whole.fileUri(folder) });
    await until('the message', () => box.value === 'Retry the login twice\n\nThe API may be busy.');
    assert.equal(fake.messages.length, 1);
  });

  it('takes an answer without a code block as it is', async () => {
    fake.enqueue(reply.text('Retry the login twice\n'));
    await write();
    await until('the message', () => box.value === 'Retry the login twice');
  });

  for (const replaces of [true, false])
    it(`asks before it replaces what was typed meanwhile: ${replaces ? 'Replace' : 'closed'}`, async () => {
      const asked = messages('showInformationMessage', replaces ? strings.replaceMessage() : undefined);
      const held = fake.hold();
      await write();
      await until('the request', () => fake.messages.length === 1);
      box.value = 'By me';
      await held.push('```\nBy Claude\n```');
      await held.end();
      await until('the question', () => asked.length === 1);
      await ended();
      assert.deepEqual(asked, [strings.messageChanged()]);
      assert.equal(box.value, replaces ? 'By Claude' : 'By me');
    });

  it('that waits for a click, since it is dear, fills the box once it is clicked and answered, in a window loaded anew', async () => {
    await close();
    const words = 'Be brief and friendly. '.repeat(2000);
    for (const name of ['CLAUDE.md', 'AGENTS.md']) writeFileSync(join(folder, name), `${name}: ${words}`);
    const dear = { 'prelude.instructions': words, 'prelude.model': 'claude-fable-5' };
    await open(dear);
    box.value = 'wip';
    await write();
    const shown = async (): Promise<{ readonly webview: FakeWebview; readonly row: () => QueuedRow | undefined }> => {
      const webview = showSideBar(whole.host);
      webview.say({ type: 'ready' });
      const row = (): QueuedRow | undefined => {
        const last = webview.told.findLast(({ type }) => type === 'composer');
        return last?.type === 'composer' ? last.composer.queued[0] : undefined;
      };
      await until('the row', () => row()?.usd !== undefined);
      return { webview, row };
    };
    await shown();
    assert.deepEqual([box.value, fake.messages.length], ['wip', 0]);
    await close();

    await open(dear);
    const { webview, row } = await shown();
    // At the prices of the stand-in's own models so few words would not be dear.
    const known = fake.ledger.models.filter(({ id }) => id === 'claude-opus-4-8');
    Object.assign(fake.ledger, { models: known.map((model) => ({ ...model, id: 'claude-fable-5' })) });
    fake.enqueue(reply.text('```\nRetry the login twice\n```'));
    const snapshot = webview.told.findLast(({ type }) => type === 'snapshot');
    const conversation = snapshot?.type === 'snapshot' ? snapshot.state.conversation : '';
    webview.say({ type: 'sendQueuedNow', conversation, id: row()?.id ?? '' });
    await until('the message', () => box.value === 'Retry the login twice');
  });

  it('leaves the box when the answer did not end by itself, and when the repository is gone', async () => {
    const warned = messages('showWarningMessage');
    fake.enqueue(reply.error(401, 'authentication_error', 'no'));
    await write();
    await ended();
    assert.equal(box.value, '');
    const held = fake.hold();
    await write();
    await held.push('```\nBy Claude\n```');
    whole.extensions['getExtension'] = () => undefined;
    await held.end();
    await until('the warning', () => warned.length === 1);
    assert.deepEqual([box.value, warned], ['', [strings.noRepository()]]);
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
