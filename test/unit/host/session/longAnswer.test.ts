/** The longest answer that is taken, through the whole chat: what is written of it, and how long the host stands still. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { maxContent } from '../../../../src/core/api/door';
import { systemClock } from '../../../../src/host/base/clock';
import type { StoreWorker } from '../../../../src/host/store/client';
import type { Request, WireEntry, WorkerStart } from '../../../../src/host/store/file/protocol';
import { repoRoot } from '../../../vscode/paths';
import { begin, eventStream, framed, words } from '../../core/api/doorKit';
import { ask, closeChat, FakeEditors, FakeView, openChat, temporaryFolder } from '../../core/kit';
import { endFrames, start } from '../../core/turn/turnKit';

/** ms of work between two ticks of a timer beyond which others notice; twice that, since a busy machine works slower. */
const noticed = 250;

/** Frames of a kilobyte, thirty to a piece, a piece each few ms: as no model is able to. */
function longAnswer(characters: number): Response {
  const line = `${'All work and no play makes a long answer. '.repeat(24)}\n\n`;
  const frames = new TextEncoder().encode(framed(Array.from({ length: 30 }, () => words(line))));
  let left = Math.floor(characters / line.length / 30);
  const body = new ReadableStream<Uint8Array>({
    start: (controller) =>
      controller.enqueue(new TextEncoder().encode(framed([start, begin({ type: 'text', text: '' })]))),
    async pull(controller) {
      await delay(15);
      left -= 1;
      if (left >= 0) return controller.enqueue(frames);
      controller.enqueue(new TextEncoder().encode(framed(endFrames('end_turn'))));
      controller.close();
    },
  });
  return new Response(body, { headers: eventStream });
}

/** The longest time that this thread worked between two ticks of a timer of 5 ms, ms. */
function watchTicks(): () => number {
  const now = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let last = now();
  let longest = 0;
  const timer = setInterval(() => {
    longest = Math.max(longest, now() - last);
    last = now();
  }, 5);
  return () => {
    clearInterval(timer);
    return longest;
  };
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

describe('The longest answer that is taken', () => {
  it('is written about twice, and holds nobody up (L48)', async function () {
    this.timeout(60_000);
    const folder = await temporaryFolder();
    const written = { checkpoint: 0, append: 0, pieces: 0 };
    const count = ({ method, args }: Request): void => {
      if (method === 'checkpoint') {
        written.checkpoint += JSON.stringify(args[1]).length;
        written.pieces += 1;
      } else if (method === 'append') {
        for (const { json } of args[1] as readonly WireEntry[]) written.append += json.length;
      }
    };
    const startWorker = (workerData: WorkerStart): StoreWorker => {
      const worker = new Worker(join(repoRoot(), 'dist', 'storeWorker.js'), { workerData });
      const post = worker.postMessage.bind(worker);
      worker.postMessage = (request: Request) => {
        count(request);
        post(request);
      };
      return worker;
    };
    let characters = 0;
    const fetch = async (): Promise<Response> => longAnswer(characters);
    const chat = await openChat({
      url: 'http://127.0.0.1:9',
      folder: folder.path,
      editors: new FakeEditors(),
      fetch,
      startWorker,
      clock: systemClock,
    });
    try {
      const view = new FakeView(await chat.conversations.current());
      // What is loaded once is no part of it, nor what the tests before have left for the garbage collector.
      await ask(view, 'Are you there?');
      collectGarbage();
      const longest = watchTicks();
      const before = { ...written };
      characters = maxContent - 10_000;
      await ask(view, 'Tell me all of it');
      const checkpointed = written.checkpoint - before.checkpoint;
      const pieces = written.pieces - before.pieces;
      const appended = written.append - before.append;
      characters = 0;
      await ask(view, 'Is that all?');
      const ms = longest();
      assert.ok(appended > maxContent - 100_000 && pieces > 1, JSON.stringify(written));
      assert.ok(checkpointed < appended + 100_000, `${checkpointed} characters in ${pieces} checkpoints`);
      assert.ok(ms < noticed, `the host stood still for ${ms} ms`);
    } finally {
      await closeChat(chat);
      folder.remove();
    }
  });
});
