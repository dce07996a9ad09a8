/**
 * Kills: a process that stores entry after entry dies by SIGKILL at any moment, a few times over one database. What it
 * said to be stored is there, in order and whole, and the next process goes on.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Bench } from '../unit/store/kit';
import type { Machine } from './machine';
import { randomFrom } from './text/generate';

/** Processes that die over one database. */
const rounds = 3;

async function killOne(bench: Bench, folder: string, prefix: string, afterMs: number): Promise<readonly string[]> {
  const child = await bench.child('append', folder, 'c1', prefix, '100000');
  const closed = once(child, 'close');
  let printed = '';
  let isDying = false;
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
    // From its first entry on, so that the start of a process is not all that is killed.
    if (!isDying) setTimeout(() => child.kill('SIGKILL'), afterMs);
    isDying = true;
  });
  const [, signal] = (await closed) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL', printed.slice(-200));
  return printed.split('\n').slice(0, -1);
}

async function run(seed: number): Promise<void> {
  const random = randomFrom(seed);
  const bench = new Bench();
  try {
    const folder = bench.folder();
    const said: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      said.push(...(await killOne(bench, folder, `r${round}-`, Math.floor(random() * 120))));
      const store = await bench.open(folder);
      const path = (await store.load('c1'))?.path ?? [];
      const stored = path.map(({ id }) => id);
      assert.deepEqual(
        stored.filter((id) => said.includes(id)),
        said,
        'each is there, in order',
      );
      assert.ok(stored.length - said.length <= round + 1, 'and at most the one that was under way besides');
      assert.ok(path.every(({ kind }) => kind === 'user'));
      for (const [index, entry] of path.entries()) assert.equal(entry.parent, path[index - 1]?.id ?? null);
      await store.close();
    }
    assert.deepEqual(bench.notices, []);
  } finally {
    await bench.dispose();
  }
}

export const killsMachine: Machine = { name: 'kills', run };
