/** What the next message costs is computed when something changes that it depends on, and not again. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { Memo } from '../../../../src/core/base/memo';
import { ConversationCost } from '../../../../src/core/cost/conversationCost';
import { promptBreakdownOf } from '../../../../src/core/cost/promptBreakdown';
import { modelOf } from '../../../../src/core/models/models';
import { noOthers, ownToolsJson } from '../../../../src/host/pricing/conversationTools';
import { CostEstimator, type NextMessage } from '../../../../src/host/pricing/costEstimator';
import { Pauses } from '../../../../src/host/pricing/pauses';
import { TokenCalibrationStore } from '../../../../src/host/pricing/tokenCalibrationStore';
import { VirtualClock } from '../../../fakeClaude/clock';
import { reply } from '../../../fakeClaude/script';
import { startFakeClaude } from '../../../fakeClaude/server';
import {
  ask,
  closeChat,
  FakeEditors,
  FakeView,
  openChat,
  quickClock,
  tableModels,
  temporaryFolder,
  until,
} from '../../core/kit';
import { file, PathMaker, settings, sonnet, text } from '../../core/prompt/paths';
import { callsOf } from '../../functionCalls';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const start = Date.UTC(2026, 10, 22, 9);
const turn = new PathMaker(start)
  .snapshot(file('a.ts', 'const a = 1;\n'.repeat(500)))
  .user('Why?')
  .assistant([text('Because.')], {
    usage: { input: 0, cacheRead: 0, cacheWrite5m: 9000, cacheWrite1h: 0, output: 700 },
  })
  .end().entries;

describe('What the next message costs', () => {
  it('is computed once for a view that comes and what is read because it came', async () => {
    const folder = await temporaryFolder();
    const fake = await startFakeClaude();
    const editors = new FakeEditors();
    editors.files.set('a.ts', 'export const a = 1;\n');
    editors.open = ['a.ts'];
    const chat = await openChat({ url: fake.url, folder: folder.path, editors });
    const controller = await chat.conversations.current();
    const first = new FakeView(controller);
    fake.enqueue(reply.text('Because.'));
    await ask(first, 'Why?');
    await delay(50);
    first.detach();
    let told = 0;
    const computed = await callsOf('estimateNext', async () => {
      const view = new FakeView(controller);
      await until('what was read to be told', () => view.messages.some(({ type }) => type === 'composer'));
      told = view.messages.filter(({ type }) => type === 'snapshot' || type === 'composer').length;
    });
    await closeChat(chat);
    await fake.close();
    folder.remove();
    assert.equal(told, 2);
    assert.ok(computed <= 1, `${computed}`);
  });

  it('is computed once for each message that waits, whatever is typed', async () => {
    const folder = await temporaryFolder();
    const fake = await startFakeClaude();
    const editors = new FakeEditors();
    editors.files.set('a.ts', 'export const a = 1;\n');
    editors.open = ['a.ts'];
    const now = Date.now();
    const clock = { ...quickClock, now: () => now };
    const chat = await openChat({ url: fake.url, folder: folder.path, editors, clock });
    const controller = await chat.conversations.current();
    const { conversation } = controller;
    const view = new FakeView(controller);
    const asked = (words: string) => [{ type: 'text', text: words.repeat(60_000) }] as const;
    await controller.commandQuestions.keep(asked('one '), { onlyFiles: ['file:///work/a.ts'] });
    await controller.commandQuestions.keep(asked('two '));
    const type = (draft: string) => controller.handle({ type: 'draft', conversation, text: draft });
    await type('a');
    await until('the prices', () => view.composer?.queued.filter(({ usd }) => usd !== undefined).length === 2);
    await delay(50);
    const keys = ['ab', 'abc', 'abcd', 'abcde', 'abcdef'];
    const computed: number[] = [];
    for (const draft of keys) computed.push(await callsOf('estimateNext', () => type(draft)));
    await closeChat(chat);
    await fake.close();
    folder.remove();
    // What the editors have may be read anew in between, and then all is.
    assert.equal(computed.toSorted((a, b) => a - b)[2], 1, computed.join(' '));
  });

  describe('holds', () => {
    const context = { project: [], files: [], selection: null };
    const message: NextMessage = { path: turn, seen: null, context, draft: '', attached: [] };
    const picture = { type: 'image', blob: 'b', mediaType: 'image/png', width: 9, height: 9, name: 'b.png' } as const;

    function make() {
      const time = new VirtualClock(start + 10_000);
      const clock = { ...quickClock, now: () => time.now() };
      const store = { getValue: async () => null, setValue: async () => undefined };
      const chosen = { current: { ...settings } };
      const pauses = new Pauses({ store: {} as never, clock, log });
      const api = { access: async () => null };
      const tokens = new TokenCalibrationStore(store, log, api);
      const settled = { clock, log, settings: () => chosen.current, models: tableModels };
      const deps = { ...settled, tokens, pauses, store: store as never, api };
      const estimator = new CostEstimator(deps, new ConversationCost(), { offered: noOthers }, () => undefined);
      return { time, chosen, pauses, tokens, estimator };
    }

    it('while nothing changes, and no longer than a second or than the cache is warm', () => {
      const { time, estimator } = make();
      const first = estimator.of(message);
      assert.equal(first.next.cache.kind, 'warm');
      time.advance(900);
      assert.equal(estimator.of({ ...message, attached: [] }), first);
      time.advance(200);
      assert.notEqual(estimator.of(message), first);

      const { cache } = first.next;
      assert.ok(cache.kind === 'warm');
      time.advance(cache.until - time.now() - 100);
      assert.equal(estimator.of(message).next.cache.kind, 'warm');
      time.advance(200);
      assert.equal(estimator.of(message).next.cache.kind, 'cold');
    });

    type Made = ReturnType<typeof make>;
    const changes: Readonly<Record<string, (made: Made) => NextMessage | Promise<NextMessage>>> = {
      'the record goes on': () => ({ ...message, path: [...turn] }),
      'other files are open': () => ({ ...message, context: { ...context } }),
      'something is typed': () => ({ ...message, draft: 'And now?' }),
      'something is attached': () => ({ ...message, attached: [picture] }),
      'another model is chosen': ({ chosen }) => {
        chosen.current = { ...settings, model: sonnet };
        return message;
      },
      'another effort is chosen': ({ chosen }) => {
        chosen.current = { ...settings, effort: 'low' };
        return message;
      },
      'another life of the cache is chosen': ({ chosen }) => {
        chosen.current = { ...settings, cacheTtl: '1h' };
        return message;
      },
      'a turn has taught something': async ({ tokens }) => {
        await tokens.learnTurn(turn, modelOf(settings.model), 'high', ownToolsJson);
        return message;
      },
      'the API has counted': ({ estimator }) => {
        estimator.cost.counted = { model: settings.model, head: 'x', tokens: 1, estimated: 1 };
        return message;
      },
      'the API has counted for another model': ({ estimator }) => {
        estimator.cost.countedSent = { entry: 'x', model: settings.model, tokens: 1 };
        return message;
      },
      'something was spent today': ({ pauses }) => {
        pauses.todayUsd = 1;
        return message;
      },
      'a usual turn costs something else': ({ pauses }) => {
        pauses.usualUsd = 1;
        return message;
      },
    };
    for (const [what, change] of Object.entries(changes)) {
      it(`no longer when ${what}`, async () => {
        const made = make();
        const before = made.estimator.of(message);
        assert.notEqual(made.estimator.of(await change(made)), before);
      });
    }
  });

  it('does not measure the tools and the instructions again for each conversation', async () => {
    const model = modelOf(settings.model);
    const measured = (tools: string): Promise<number> =>
      callsOf('measureText', () => promptBreakdownOf([], model, tools, new Memo()));
    promptBreakdownOf([], model, ownToolsJson, new Memo());
    assert.equal(await measured(ownToolsJson), 0);
    assert.equal(await measured(`${ownToolsJson} and another`), 1);
  });
});
