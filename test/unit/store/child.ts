/**
 * A process of its own that uses the store: `child.js WORKER COMMAND FOLDER CONVERSATION PREFIX COUNT`. What it prints
 * has happened: a line follows the answer of the store.
 */
import { writeSync } from 'node:fs';
import { StoreError } from '../../../src/core/base/errors';
import type { Store } from '../../../src/core/record/store';
import { openStore } from '../../../src/host/store/client';
import { assistant, home, meta, user } from './fixtures';

const [workerPath = '', command = '', folder = '', conversation = '', prefix = '', count = '0'] = process.argv.slice(2);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Waits while who listens is slower: the pipe takes nothing then. */
function say(line: string): void {
  let left = Buffer.from(`${line}\n`);
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(1, left));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** Appends entry after entry to the end of its own branch, until it has `count` or is killed. */
async function append(store: Store): Promise<void> {
  await store.createConversation(home, meta(conversation));
  const root = (await store.load(conversation))?.path.at(-1)?.id ?? null;
  let parent = root;
  for (let index = 0; index < Number(count); index += 1) {
    const entry = user(`${prefix}${index}`, parent, `words of ${prefix}${index} ${'x'.repeat(index % 5000)}`);
    await store.append(conversation, [entry], null);
    say(entry.id);
    parent = entry.id;
  }
}

/** Asks and answers, each answer in pieces before it is whole, until it has `count` turns or is killed. */
async function answer(store: Store): Promise<void> {
  await store.createConversation(home, meta(conversation));
  let parent = (await store.load(conversation))?.path.at(-1)?.id ?? null;
  for (let turn = 0; turn < Number(count); turn += 1) {
    const question = user(`${prefix}q${turn}`, parent, `question ${prefix}${turn}`);
    await store.append(conversation, [question], null);
    say(question.id);
    const entry = `${prefix}a${turn}`;
    const words = Array.from(
      { length: 1 + (turn % 7) },
      (_, n) => `word ${n} of ${entry} ${'x'.repeat((turn * 97) % 3000)}`,
    );
    for (const [before, text] of words.entries()) {
      const news = before === 0 ? [{ index: 0, set: { type: 'text', text } }] : [{ index: 0, text }];
      await store.checkpoint(conversation, { entry, parent: question.id, model: 'm', at: 1, before, news }, null);
      say(`${entry} ${before}`);
    }
    await store.append(conversation, [assistant(entry, question.id, words.join(''))], null);
    say(entry);
    parent = entry;
  }
}

/** Opens the store as a user who may not write to the folder. */
async function withoutRights(): Promise<void> {
  if (process.getuid?.() === 0) {
    process.setgid?.(65534);
    process.setuid?.(65534);
  }
  try {
    const store = await openStore({ folder, workerPath, log: silent });
    await store.close();
    say('opened');
  } catch (error) {
    say(error instanceof StoreError ? error.code : String(error));
  }
}

async function main(): Promise<void> {
  if (command === 'withoutRights') return withoutRights();
  const store = await openStore({ folder, workerPath, log: silent });
  if (command === 'append') await append(store);
  if (command === 'answer') await answer(store);
  await store.close();
}

main().catch((error: unknown) => {
  say(`failed: ${String(error)}`);
  process.exitCode = 1;
});
