/**
 * Kills: a process that asks and answers, each answer in pieces before it is whole, dies by SIGKILL at any moment, a few
 * times over one database. What it said to be stored is there, in order and whole, the pieces of the answer that was
 * under way too, and the next process goes on.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { StoredConversation } from '../../src/core/record/store';
import { Bench } from '../unit/store/kit';
import type { Machine } from './machine';
import { randomFrom } from './text/generate';

/** Processes that die over one database. */
export const rounds = 3;

async function killOne(bench: Bench, folder: string, prefix: string, afterMs: number): Promise<readonly string[]> {
  const child = await bench.child('answer', folder, 'c1', prefix, '100000');
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
      const lines = await killOne(bench, folder, `r${round}-`, Math.floor(random() * 120));
      said.push(...lines.filter((line) => !line.includes(' ')));
      const store = await bench.open(folder);
      const stored = await store.load('c1');
      check(stored, said, round);
      checkPartial(stored, lines.at(-1) ?? '');
      await store.close();
    }
    assert.deepEqual(bench.notices, []);
  } finally {
    await bench.dispose();
  }
}

function check(stored: StoredConversation | null, said: readonly string[], round: number): void {
  const path = stored?.path ?? [];
  const ids = path.map(({ id }) => id);
  assert.deepEqual(
    ids.filter((id) => said.includes(id)),
    said,
    'each is there, in order',
  );
  assert.ok(ids.length - said.length <= round + 1, 'and at most the one that was under way besides');
  assert.ok(path.every(({ kind }) => kind === 'user' || kind === 'assistant'));
  for (const [index, entry] of path.entries()) assert.equal(entry.parent, path[index - 1]?.id ?? null);
}

/** `last`: what was said last; of a piece of an answer, its entry and its place. */
function checkPartial(stored: StoredConversation | null, last: string): void {
  const [entry = '', place] = last.split(' ');
  if (place === undefined || stored?.path.at(-1)?.id === entry) return;
  const { checkpoint } = stored ?? {};
  assert.equal(checkpoint?.entry, entry, 'the answer that was under way');
  const [block] = checkpoint?.content ?? [];
  const words = block?.type === 'text' ? block.text : '';
  const pieces = [...words.matchAll(/word (\d+) of ([^ ]+) /g)].map(([, n, of]) => `${of} ${n}`);
  assert.deepEqual(
    pieces.slice(0, Number(place) + 1),
    Array.from({ length: Number(place) + 1 }, (_, n) => `${entry} ${n}`),
  );
  assert.ok(pieces.length <= Number(place) + 2, 'and at most the piece that was under way besides');
}

export const killsMachine: Machine = { name: 'kills', run };
