/** What is shown before sending, against what is sent and billed then: real controllers, the fake API over HTTP. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { RequestFacts } from '../../../../src/core/cost/inspection';
import { inspection, shortened } from '../../../../src/core/cost/inspection';
import { VirtualClock } from '../../../fakeClaude/clock';
import type { RecordedRequest } from '../../../fakeClaude/record';
import { reply } from '../../../fakeClaude/script';
import { type FakeClaude, type FakeOptions, startFakeClaude } from '../../../fakeClaude/server';
import { type ProfileName, profiles } from '../../../fakeClaude/tokens';
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
import { pixel } from '../../core/prompt/paths';
import { readInspection } from './readInspection';

const code = Array.from(
  { length: 160 },
  (_, line) => `  const value${line} = await retry(() => session.open(name, options[${line}]), 2); // ${line}`,
).join('\n');
const prose = 'The retry happens where the first promise has not settled yet, and a second caller comes in. '.repeat(
  60,
);
const japanese = '再試行は最初の約束がまだ果たされていないところで起きるので、二人目の呼び出しが入り込む。\n'.repeat(
  40,
);

describe('Before sending', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let fake: FakeClaude;
  let chat: Chat;
  let editors: FakeEditors;
  let clock: VirtualClock;
  let view: FakeView;
  /** Who waits for a moment. */
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  /** What stands in the composer. */
  let typed = '';

  async function start(options: Partial<ChatOptions> = {}, fakeOptions: FakeOptions = {}): Promise<void> {
    typed = '';
    sleepers = [];
    clock = new VirtualClock(Date.UTC(2026, 10, 22, 9));
    fake = await startFakeClaude({ ...fakeOptions, clock });
    editors = new FakeEditors();
    editors.files.set('src/retry.ts', code);
    editors.files.set('docs/notes.md', prose);
    editors.files.set('docs/メモ.md', japanese);
    editors.open = ['src/retry.ts', 'docs/notes.md', 'docs/メモ.md'];
    folder = await temporaryFolder();
    const ticking = {
      now: () => clock.now(),
      sleep: (ms: number, signal: AbortSignal) =>
        new Promise<void>((resolve, reject) => {
          sleepers.push({ at: clock.now() + ms, wake: resolve });
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
      every: () => () => undefined,
    };
    chat = await openChat({ url: fake.url, folder: folder.path, editors, clock: ticking, ...options });
    view = new FakeView(await chat.conversations.current());
  }

  afterEach(async () => {
    await closeChat(chat);
    await fake.close();
    folder.remove();
    assert.deepEqual(fake.refusals, []);
  });

  const next = () => {
    assert.ok(view.composer);
    return view.composer.next;
  };
  const shownAgain = async (act: () => void): Promise<void> => {
    view.messages = [];
    act();
    await until('the composer', () => view.messages.some(({ type }) => type === 'composer'));
  };
  /** Types into an empty composer, with the context read anew. */
  const draft = async (text: string): Promise<void> => {
    const { conversation } = view.controller;
    // The first may be of a read that the end of the turn has begun.
    await shownAgain(() => view.controller.refreshComposer());
    await shownAgain(() => view.controller.refreshComposer());
    if (text === typed) return;
    typed = text;
    await shownAgain(() => view.controller.handle({ type: 'draft', conversation, text }));
  };
  /** Asks and answers; what was shown before, and what the first request of the turn was billed. */
  const turn = async (text: string, answer: string): Promise<{ readonly shown: number; readonly billed: number }> => {
    await draft(text);
    const shown = next().askUsd ?? Number.NaN;
    const billed = fake.usageLog.length;
    fake.enqueue(reply.text(answer));
    await ask(view, text);
    typed = '';
    clock.advance(60_000);
    return { shown, billed: fake.usageLog[billed]?.inputUsd ?? Number.NaN };
  };

  for (const profile of Object.keys(profiles) as ProfileName[]) {
    for (const model of ['claude-opus-4-8', 'claude-sonnet-4-6']) {
      it(`the price of asking is within 15 % of the bill from the third turn on (${profile}, ${model})`, async () => {
        await start({ model }, { profile });
        const answers = [prose.slice(0, 1800), code.slice(0, 900), japanese.slice(0, 400), prose.slice(0, 600)];
        const seen: string[] = [];
        for (const [index, answer] of [...answers, ...answers].entries()) {
          if (index % 2 === 1) editors.files.set('src/retry.ts', code.replaceAll(`value${index}`, `changed${index}`));
          if (index === 4) editors.open = [...editors.open, 'src/new.ts'];
          if (index === 4) editors.files.set('src/new.ts', code.slice(0, 5000));
          const { shown, billed } = await turn(`Question ${index}: ${prose.slice(0, 40 * index)}why?`, answer);
          seen.push(`${(shown / billed).toFixed(3)}`);
          if (index >= 2) assert.ok(Math.abs(shown / billed - 1) < 0.15, `turn ${index + 1}: ${seen.join(' ')}`);
        }
      });
    }
  }

  it('the cache is said to have gone cold when it has, while nobody types', async () => {
    await start();
    await turn('Why?', 'Because.');
    await draft('And then?');
    const warm = next();
    assert.ok(warm.cache.kind === 'warm');
    assert.equal(warm.cache.until, clock.now() + 4 * 60_000);
    view.messages = [];
    const pass = (ms: number): void => {
      clock.advance(ms);
      for (const { at, wake } of sleepers) if (at <= clock.now()) wake();
    };
    pass(warm.cache.until - clock.now() - 1_000);
    await delay(20);
    assert.deepEqual(view.messages, []);
    pass(2_000);
    await until('the cold cost line', () => next().cache.kind === 'cold');
    assert.ok((next().askUsd ?? 0) > 5 * (warm.askUsd ?? 0));
    assert.equal(next().tokens, warm.tokens);
    const { shown, billed } = await turn('And then?', 'Then.');
    assert.ok(Math.abs(shown / billed - 1) < 0.05, String(shown / billed));
  });

  it('a new conversation is estimated by what an older one has taught', async () => {
    const model = 'claude-sonnet-4-6';
    await start({ model }, { profile: { prose: 3, code: 2.6, cjk: 1.2, newer: 1 } });
    const first = await turn('Why?', 'Because.');
    assert.ok(Math.abs(first.shown / first.billed - 1) > 0.08, 'there is something to learn');
    await closeChat(chat);
    chat = await openChat({ url: fake.url, folder: folder.path, editors, model });
    clock.advance(3_600_000);
    view = new FakeView(await chat.conversations.startNew());
    editors.files.set('docs/notes.md', `${prose}And more of it, in other words than before.`);
    const second = await turn('Why, again?', 'Because.');
    assert.ok(Math.abs(second.shown / second.billed - 1) < 0.05, String(second.shown / second.billed));
  });

  it('an exact count is asked for by the user only, and the price is within 5 % of the bill then', async () => {
    await start({}, { profile: 'light' });
    const { conversation } = view.controller;
    const question = `Why? ${prose.slice(0, 2000)}`;
    await draft(question);
    assert.equal(fake.requests.length, 0, 'nothing leaves before it is asked for');
    assert.equal(next().counted.kind, 'estimate');
    view.controller.handle({ type: 'countExactly', conversation });
    await until('the count', () => next().counted.kind === 'exact');
    assert.deepEqual(
      fake.requests.map(({ path }) => path),
      ['/v1/messages/count_tokens'],
    );
    const { shown, billed } = await turn(question, 'Because.');
    assert.ok(Math.abs(shown / billed - 1) < 0.05, String(shown / billed));
    // What was counted was that message: the next one is estimated again.
    await draft('And now?');
    assert.equal(next().counted.kind, 'estimate');
    view.controller.handle({ type: 'countExactly', conversation });
    await until('the count', () => next().counted.kind === 'exact');
    const again = await turn('And now?', 'As before.');
    assert.ok(Math.abs(again.shown / again.billed - 1) < 0.05, String(again.shown / again.billed));
  });

  it('the same count without words is that of everything else', async () => {
    await start({}, { profile: 'dense' });
    await draft('');
    const { conversation } = view.controller;
    view.controller.handle({ type: 'countExactly', conversation });
    await until('the count', () => next().counted.kind === 'exact');
    const { tokens } = next();
    await ask(view, 'Why?');
    const billed = fake.usageLog.at(-1)?.usage;
    assert.ok(billed);
    const sent = billed.input_tokens + billed.cache_creation_input_tokens + billed.cache_read_input_tokens;
    assert.ok(sent - tokens >= 0 && sent - tokens < 12, `${tokens} and then ${sent}`);
  });

  it('for another model, only what was sent already is counted by itself', async () => {
    let model = 'claude-opus-4-8';
    await start({ settings: () => ({ model }) }, { profile: 'dense' });
    await draft('A secret draft');
    model = 'claude-sonnet-4-6';
    await draft('A secret draft, of a conversation that was never sent');
    assert.equal(fake.requests.length, 0);
    model = 'claude-opus-4-8';
    await turn('Why?', prose.slice(0, 900));
    editors.files.set('src/retry.ts', `${code}\n// an unsent edit`);
    await draft('A secret draft');
    model = 'claude-sonnet-4-6';
    await draft('A secret draft for another model');
    const counts = (): readonly RecordedRequest[] => fake.requests.filter(({ path }) => path.endsWith('count_tokens'));
    await until('the count', () => counts().length === 1);
    const [count] = counts();
    assert.equal(count?.body.model, model);
    assert.doesNotMatch(count?.raw ?? '', /secret draft|unsent edit/);
    assert.match(count?.raw ?? '', /Why\?/);
    const { shown, billed } = await turn('A secret draft', 'Yes.');
    assert.ok(Math.abs(shown / billed - 1) < 0.05, String(shown / billed));
    assert.equal(counts().length, 1);
  });

  it('an address that never got the content is asked for no count of it', async () => {
    let model = 'claude-opus-4-8';
    const other = await startFakeClaude();
    let address = '';
    const access = () => ({ apiKey: 'sk-test', baseUrl: address === '' ? fake.url : address, headers: {} });
    await start({ settings: () => ({ model }), access });
    try {
      await turn('Why?', 'So.');
      address = other.url;
      model = 'claude-sonnet-4-6';
      await draft('For another model');
      await delay(100);
      assert.deepEqual(
        other.requests.map(({ path }) => path),
        [],
      );
      address = '';
      model = 'claude-haiku-4-5';
      await draft('Where it was sent');
      await until('the count', () => fake.requests.some(({ path }) => path.endsWith('count_tokens')));
    } finally {
      await other.close();
    }
  });

  it('a gateway that does not count is asked once, and the estimate stays', async () => {
    await start();
    await draft('Why?');
    const before = next().askUsd;
    const { conversation } = view.controller;
    fake.enqueueFault('count_tokens', reply.error(404, 'not_found_error', 'no such route'));
    view.controller.handle({ type: 'countExactly', conversation });
    await until('the refusal', () => next().counted.kind === 'failed');
    assert.deepEqual(next().counted, { kind: 'failed', why: 'unsupported' });
    assert.equal(next().askUsd, before);
    view.controller.handle({ type: 'countExactly', conversation });
    await until('the refusal', () => next().counted.kind === 'failed');
    assert.equal(fake.requests.length, 1);
  });

  it('a count that fails this once may be tried again', async () => {
    await start();
    await draft('Why?');
    const { conversation } = view.controller;
    fake.enqueueFault('count_tokens', reply.error(529, 'overloaded_error', 'Overloaded'));
    view.controller.handle({ type: 'countExactly', conversation });
    await until('the failure', () => next().counted.kind === 'failed');
    assert.deepEqual(next().counted, { kind: 'failed', why: 'failed' });
    view.controller.handle({ type: 'countExactly', conversation });
    await until('the count', () => next().counted.kind === 'exact');
  });

  it('the inspector shows the bytes of the next request, and neither key nor headers', async () => {
    const shown: RequestFacts[] = [];
    const access = () => ({ apiKey: 'sk-ant-secret-0123', baseUrl: fake.url, headers: { 'x-team': 'hidden-header' } });
    await start({ access, showRequest: async (_, facts) => void shown.push(facts) });
    const { conversation } = view.controller;
    const inspect = async (): Promise<string> => {
      const before = shown.length;
      view.controller.handle({ type: 'inspectRequest', conversation });
      await until('the inspection', () => shown.length > before);
      const facts = shown.at(-1);
      assert.ok(facts);
      const t = (text: string, ...args: readonly (string | number)[]): string =>
        text.replace(/\{(\d)\}/g, (_, index) => String(args[Number(index)]));
      return inspection({ ...facts, t, number: String, usd: String });
    };
    const draftImage = async (): Promise<void> => {
      view.controller.handle({ type: 'attach', conversation, name: 'a.png', mediaType: 'image/png', data: pixel });
      await until('the image', () => (view.composer?.attachments.length ?? 0) > 0);
    };
    const questions = ['Why?', 'And ```ts\nthis\n```, ````?', 'Now:\n\n- what\r\n- then?'];
    for (const [index, question] of questions.entries()) {
      if (index === 1) editors.files.set('src/retry.ts', code.replace('value7 ', 'changed '));
      await draft(question);
      if (index === 1) await draftImage();
      const text = await inspect();
      assert.doesNotMatch(text, /sk-ant-secret|hidden-header|x-api-key|authorization/i);
      assert.equal(fake.messages.length, index * 2, 'nothing was sent for it');
      fake.enqueue(reply.thinking('Hm, let me look.').text('I look.').toolUse('read_file', { path: 'src/retry.ts' }));
      fake.enqueue(reply.text('Because `a`.'));
      await ask(view, question);
      const wire = JSON.parse(fake.messages[index * 2]?.raw ?? '');
      assert.deepEqual(readInspection(text), shortened(wire));
      assert.match(text, /cache breakpoint, 5 minutes/);
      clock.advance(30_000);
    }
  });

  it('the inspector lets something stand in for words that are not typed, and says so', async () => {
    const shown: RequestFacts[] = [];
    await start({ showRequest: async (_, facts) => void shown.push(facts) });
    view.controller.handle({ type: 'inspectRequest', conversation: view.controller.conversation });
    await until('the inspection', () => shown.length === 1);
    assert.equal(shown[0]?.standIn, true);
    assert.equal(fake.requests.length, 0);
    assert.deepEqual(shown[0]?.request.messages.at(-1)?.role, 'user');
  });
});
