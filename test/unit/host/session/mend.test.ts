/** From Send to the failure's card, its button and the next request, over HTTP: what a gateway refuses (L43, L44). */
import assert from 'node:assert/strict';
import { limitKey } from '../../../../src/core/api/addressLimits';
import { addressState, takeBackLimit } from '../../../../src/host/session/turns/mend';
import type { AnswerItem } from '../../../../src/shared/chat';
import type { TurnFailure } from '../../../../src/shared/failure';
import { besideFailure, outcomeNotice } from '../../../../src/webview/l10n/failures';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { sayingOnly, some } from '../../../texts';
import {
  ask,
  type Chat,
  type ChatOptions,
  closeChat,
  FakeEditors,
  FakeView,
  openChat,
  temporaryFolder,
  until,
} from '../../core/kit';

const key = 'sk-ant-api03-VGhlIGtleSBvZiB0aGUgdGVzdA-0123456789';

describe('What a gateway refuses', () => {
  let fake: FakeClaude;
  let chat: Chat;
  let view: FakeView;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeEach(async () => {
    fake = await startFakeClaude();
    folder = await temporaryFolder();
  });
  afterEach(async () => {
    await closeChat(chat);
    await fake.close();
    folder.remove();
  });

  async function open(more: Partial<ChatOptions> = {}): Promise<void> {
    const access = { apiKey: key, baseUrl: fake.url, headers: {} };
    chat = await openChat({
      url: fake.url,
      folder: folder.path,
      editors: new FakeEditors(),
      access: () => access,
      ...more,
    });
    view = new FakeView(await chat.conversations.current());
  }

  function last(): AnswerItem {
    const item = view.state.items.at(-1);
    assert.equal(item?.type, 'answer');
    return item as AnswerItem;
  }

  function failed(): TurnFailure {
    const { outcome } = last();
    assert.equal(outcome?.kind, 'failed', JSON.stringify(outcome));
    return (outcome as Extract<typeof outcome, { kind: 'failed' }>).failure;
  }

  const deps = () => ({
    api: { access: async () => ({ apiKey: key, baseUrl: fake.url, headers: {} }) },
    addresses: chat.addresses,
    models: chat.catalog,
  });

  async function mend(): Promise<void> {
    view.controller.handle({ type: 'mend', conversation: view.controller.conversation });
    await until('the turn to run', () => view.controller.isRunning);
    await until('the turn to end', () => !view.controller.isRunning);
  }

  const wordings: readonly (readonly [string, (path: string) => unknown])[] = [
    [
      'the API',
      (path) => ({
        type: 'error',
        error: { type: 'invalid_request_error', message: `${path}: Extra inputs are not permitted` },
      }),
    ],
    ['Go', (path) => ({ error: `json: unknown field "${path.split('.')[0]}"` })],
    [
      'OpenAI',
      (path) => ({
        error: { message: `Unrecognized request argument supplied: ${path}`, type: 'invalid_request_error' },
      }),
    ],
    [
      'FastAPI',
      (path) => ({
        detail: [{ type: 'extra_forbidden', loc: ['body', ...path.split('.')], msg: 'Extra inputs are not permitted' }],
      }),
    ],
    ['Python', (path) => ({ message: `create() got an unexpected keyword argument '${path}'` })],
  ];
  for (const [who, fieldWords] of wordings) {
    it(`L44 of a field in the words of ${who}: it is named, one click leaves it out there for good, and the turn goes on`, async () => {
      fake.gateway = { unknownFields: ['output_config'], fieldWords };
      await open({ settings: () => ({ effort: 'low' }) });
      await ask(view, 'Hello');
      assert.equal(fake.messages.length, 1, 'asked once');
      const failure = failed();
      assert.equal(failure.code, 'fieldRefused');
      const notice = outcomeNotice({ kind: 'failed', failure }, 'Opus 4.8', true, await addressState(deps()));
      assert.match(notice?.text ?? '', sayingOnly(besideFailure.fieldRefused(some, 'output_config.effort')));
      assert.deepEqual([notice?.primary, notice?.mend], ['mend', besideFailure.leaveOutField('output_config.effort')]);
      await mend();
      assert.equal(last().outcome?.kind, 'done');
      assert.equal(fake.messages.at(-1)?.body.output_config, undefined);
      await ask(view, 'More');
      assert.equal(fake.messages.at(-1)?.body.output_config, undefined, 'from then on');
      const state = await addressState(deps());
      assert.deepEqual(
        state?.notes.map(({ what, turn }) => [what, turn]),
        [[{ kind: 'field', field: 'output_config.effort' }, view.state.items[0]?.id]],
      );
    });
  }

  it('L44 of one field after the other is mended by one click each, and all is sent again when it is taken back', async () => {
    fake.gateway = { unknownFields: ['thinking.display', 'cache_control.ttl', 'cache_control'] };
    await open({ settings: () => ({ cacheTtl: '1h', effort: 'low' }) });
    await ask(view, 'Hello '.repeat(2000));
    assert.match(failed().message, /^thinking\.display: /);
    await mend();
    assert.match(failed().message, /^cache_control\.ttl: /);
    await mend();
    assert.match(failed().message, /^cache_control: /);
    await mend();
    assert.equal(last().outcome?.kind, 'done');
    const sent = fake.messages.at(-1)?.body;
    assert.deepEqual(sent?.thinking, { type: 'adaptive' });
    assert.deepEqual(sent?.output_config, { effort: 'low' });
    assert.equal(JSON.stringify(sent).includes('cache_control'), false);
    // A reload later, too.
    await closeChat(chat);
    await open({ settings: () => ({ cacheTtl: '1h', effort: 'low' }) });
    await ask(view, 'More');
    assert.equal(last().outcome?.kind, 'done');
    for (const { key: note } of (await addressState(deps()))?.notes ?? []) await takeBackLimit(note, deps());
    fake.gateway = {};
    await ask(view, 'And more');
    assert.equal(JSON.stringify(fake.messages.at(-1)?.body).includes('"ttl":"1h"'), true);
    assert.deepEqual(fake.messages.at(-1)?.body.thinking, { type: 'adaptive', display: 'summarized' });
  });

  it('L44 of a field that is left out already: what contains it is offered next', async () => {
    fake.gateway = {
      unknownFields: ['thinking'],
      fieldWords: () => ({ error: { message: "Unknown parameter: 'thinking.display'" } }),
    };
    await open();
    await ask(view, 'Hello');
    await mend();
    const notice = outcomeNotice({ kind: 'failed', failure: failed() }, 'Opus 4.8', true, await addressState(deps()));
    assert.equal(notice?.mend, besideFailure.leaveOutField('thinking'));
    await mend();
    assert.equal(last().outcome?.kind, 'done');
    assert.equal(fake.messages.at(-1)?.body.thinking, undefined);
  });

  it('L44 of max_tokens: the number of the server is offered, kept for the model, and taken back', async () => {
    fake.gateway = { maxTokens: 8192 };
    await open();
    await ask(view, 'Hello');
    assert.equal(fake.messages.length, 1);
    const notice = outcomeNotice({ kind: 'failed', failure: failed() }, 'Opus 4.8', true, await addressState(deps()));
    assert.deepEqual([notice?.primary, notice?.mend], ['mend', besideFailure.askForShorter()]);
    await mend();
    assert.equal(last().outcome?.kind, 'done');
    assert.equal(fake.messages.at(-1)?.body.max_tokens, 8192);
    const [note] = (await addressState(deps()))?.notes ?? [];
    assert.deepEqual(note?.what, { kind: 'maxTokens', model: 'Opus 4.8', tokens: 8192 });
    await takeBackLimit(limitKey({ kind: 'maxTokens', model: 'claude-opus-4-8', tokens: 1, turn: null }), deps());
    assert.deepEqual((await addressState(deps()))?.notes, []);
  });

  it('L44 of max_tokens without a number: half is asked for, and half again', async () => {
    fake.gateway = { maxTokens: 10_000, maxTokensWords: () => ({ error: { message: 'max_tokens is too large' } }) };
    await open();
    await ask(view, 'Hello');
    await mend();
    assert.equal(failed().code, 'maxTokens');
    await mend();
    assert.equal(last().outcome?.kind, 'done');
    assert.deepEqual(
      fake.messages.map(({ body }) => body.max_tokens),
      [32_000, 16_000, 8_000],
    );
  });

  it('L43 of a conversation that is too long, with a status of its own: asked once, and Compact is offered', async () => {
    const body = {
      error: { code: 'context_length_exceeded', message: 'Your input exceeds the context window of this model.' },
    };
    await open();
    await ask(view, 'Hello');
    fake.gateway = { longest: { characters: 1, status: 502, body } };
    await ask(view, 'More');
    assert.equal(fake.messages.length, 2);
    const failure = failed();
    assert.equal(failure.code, 'promptTooLong');
    assert.equal(failure.message, 'Your input exceeds the context window of this model.');
    const notice = outcomeNotice({ kind: 'failed', failure }, 'Opus 4.8');
    assert.equal(notice?.primary, 'compact');
  });

  it('L47 sends nothing on where it redirects, and asks once', async () => {
    const other = await startFakeClaude();
    fake.gateway = { redirectTo: other.url };
    await open();
    await ask(view, 'Secret words');
    assert.equal(other.requests.length, 0);
    assert.equal(fake.messages.length, 1);
    assert.equal(failed().code, 'redirected');
    assert.match(failed().message, new RegExp(`redirects to ${other.url}/v1/messages`));
    await other.close();
  });

  it('L33 keeps no key that is echoed: not in the state, not in the store, not in the log', async () => {
    fake.gateway = { echoesKey: true };
    await open();
    await ask(view, 'Hello');
    assert.equal(failed().message, 'Not for [removed]: [removed]');
    assert.equal(failed().requestId, 'req_[removed]');
    const stored = await chat.store.load(view.controller.conversation);
    for (const text of [JSON.stringify(view.messages), JSON.stringify(stored), chat.errors.join()]) {
      assert.equal(text.includes('VGhlIGtl'), false);
    }
  });
});
