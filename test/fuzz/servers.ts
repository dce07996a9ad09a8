/**
 * The machine "Odd servers": answers with faults in every field, frame and byte. After each: nothing throws, nothing is
 * stuck, Stop works, the panel shows what a reload shows, and the next request is one that the strict API accepts. Nearly
 * all cases play a turn by itself; every fiftieth a whole chat, from Send over the store to the next request.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Request } from '../../src/core/api/requestBody';
import type { Entry } from '../../src/core/record/record';
import { startFakeClaude } from '../fakeClaude/server';
import { ask, closeChat, FakeEditors, FakeView, openChat, until } from '../unit/core/kit';
import { checkStrictly, requestOf } from '../unit/core/prompt/paths';
import { answer, Played, readFile, settle } from '../unit/core/turn/turnKit';
import { memoryFolder, startLocalWorker } from './localStore';
import type { Machine } from './machine';
import { Chance, type OddAnswer, oddAnswer, responseOf } from './oddAnswers';

/** One in so many is a whole chat. */
const wholeEvery = 50;

/** ms in which Stop ends a turn. */
const stopWithin = 300;

export const serversMachine: Machine = {
  name: 'servers',
  run: (seed) => (seed % wholeEvery === 0 ? wholeChat(seed) : oneTurn(seed)),
};

async function oneTurn(seed: number): Promise<void> {
  const chance = new Chance(seed);
  const odd = Array.from({ length: 1 + chance.below(2) }, () => oddAnswer(chance));
  const sane = answer('end_turn', 'At last.');
  const played = new Played({
    replies: [...odd.map((one) => (signal: AbortSignal) => responseOf(one, signal)), ...Array(12).fill(sane)],
    tools: [readFile],
  });
  try {
    const stopAfter = chance.is(0.15) ? chance.below(40) : Number.POSITIVE_INFINITY;
    await ended(played, stopAfter);
    check(played);
    await goesOn(played.log.path);
  } catch (error) {
    throw new Error(told(odd), { cause: error });
  }
}

function told(odd: readonly OddAnswer[]): string {
  const said = odd.map(
    ({ bytes, ...one }) => `${JSON.stringify(one)}\n${new TextDecoder().decode(bytes).slice(0, 4000)}`,
  );
  return `after these answers:\n${said.join('\n---\n')}`;
}

/** Time passes until the turn has ended: countdowns and the watchdog of a stream that hangs are in it. */
async function ended(played: Played, stopAfter: number): Promise<void> {
  let done = false;
  const end = played.done.finally(() => {
    done = true;
  });
  end.catch(() => undefined);
  for (let round = 0; !done; round += 1) {
    if (played.events.length >= stopAfter) {
      const before = performance.now();
      played.stop();
      await end;
      assert.ok(performance.now() - before < stopWithin, 'Stop took too long');
      return;
    }
    await settle();
    if (!done) await played.clock.advance(1000);
    assert.ok(round < 500, 'the turn does not end');
  }
  await end;
}

function check(played: Played): void {
  const { outcome } = played;
  assert.ok(outcome !== undefined, 'the turn ended without a word');
  if (outcome.kind === 'failed') assert.notEqual(outcome.failure.code, 'internal', outcome.failure.message);
  assert.deepEqual(played.stored, { ...played.shown, activity: null }, 'a reload shows something else');
  assert.deepEqual(played.store.entries, played.log.path.slice(-played.store.entries.length));
  assert.equal(played.clock.waiting, 0, 'a timer is left');
  for (const item of played.shown.items) {
    if (item.type !== 'answer') continue;
    for (const part of item.parts) {
      if ('text' in part) assert.equal(typeof part.text, 'string', 'what is shown is no text');
      if (part.type === 'tool') assert.equal(typeof part.name, 'string', 'what is called has no name');
    }
  }
}

/** The next message goes out, and is answered. */
async function goesOn(path: readonly Entry[]): Promise<void> {
  const content = [{ type: 'text' as const, text: 'And now?' }];
  const parent = path.at(-1)?.id ?? null;
  const next: Entry = { kind: 'user', id: 'next', parent, at: 1, content, model: 'claude-opus-4-8' };
  checkStrictly(withoutThoughts(requestOf([...path, next])));
  const played = new Played({ path: [...path, next], replies: [answer('end_turn', 'Now this.')], tools: [readFile] });
  await played.done;
  assert.deepEqual(played.outcome, { kind: 'done' });
}

/** The strict API knows no thought that it did not think itself. */
function withoutThoughts(request: Request): Request {
  const messages = request.messages.map(({ role, content }) => ({
    role,
    content:
      typeof content === 'string'
        ? content
        : content.filter(({ type }) => type !== 'thinking' && type !== 'redacted_thinking'),
  }));
  return { ...request, messages: messages as Request['messages'] };
}

async function wholeChat(seed: number): Promise<void> {
  const chance = new Chance(seed);
  const odd = oddAnswer(chance);
  const fake = await startFakeClaude();
  const folder = mkdtempSync(join(memoryFolder, 'prelude-servers-'));
  let asked = 0;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    asked += 1;
    if (asked > 1) return fake.fetch(input, init);
    return responseOf(
      odd.end === 'hang' ? { ...odd, end: 'break' } : odd,
      init?.signal ?? new AbortController().signal,
    );
  };
  const open = (): ReturnType<typeof openChat> =>
    openChat({ url: fake.url, folder, editors: new FakeEditors(), fetch, startWorker: startLocalWorker });
  let chat = await open();
  try {
    const view = new FakeView(await chat.conversations.current());
    await ask(view, 'One?');
    const { controller } = view;
    await until('the host and the view to agree', () => view.state.activity === null);
    const { conversation } = controller;
    const shown = view.state;
    await closeChat(chat);
    chat = await open();
    const opened = new FakeView(await chat.conversations.current());
    await until('the snapshot', () => opened.state.conversation === conversation && opened.state.items.length > 0);
    assert.deepEqual(opened.state.items, shown.items, 'a reload shows something else');
    await ask(opened, 'Two?');
    const last = opened.state.items.at(-1);
    assert.ok(last?.type === 'answer' && last.outcome?.kind !== undefined, JSON.stringify(last));
    assert.deepEqual(
      fake.refusals.map(({ response }) => response?.error).filter((error) => !isThought(error)),
      [],
      'the strict API refused',
    );
  } catch (error) {
    throw new Error(told([odd]), { cause: error });
  } finally {
    await closeChat(chat);
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function isThought(error: unknown): boolean {
  return JSON.stringify(error ?? '').includes('thinking');
}
