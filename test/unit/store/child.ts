/**
 * A process of its own that uses the store: `child.js WORKER COMMAND FOLDER CONVERSATION PREFIX COUNT`. What it prints
 * has happened: a line follows the answer of the store.
 */
import { writeSync } from 'node:fs';
import { StoreError } from '../../../src/core/ports';
import { openStore, type SqliteStore } from '../../../src/host/store/client';
import { home, meta, user } from './fixtures';

const [workerPath = '', command = '', folder = '', conversation = '', prefix = '', count = '0'] = process.argv.slice(2);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

/** Appends entry after entry to the end of its own branch, until it has `count` or is killed. */
async function append(store: SqliteStore): Promise<void> {
  await store.createConversation(home, meta(conversation));
  const root = (await store.load(conversation))?.path.at(-1)?.id ?? null;
  let parent = root;
  for (let index = 0; index < Number(count); index += 1) {
    const entry = user(`${prefix}${index}`, parent, `words of ${prefix}${index} ${'x'.repeat(index % 5000)}`);
    await store.append(conversation, [entry]);
    say(entry.id);
    parent = entry.id;
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
  await store.close();
}

main().catch((error: unknown) => {
  say(`failed: ${String(error)}`);
  process.exitCode = 1;
});
