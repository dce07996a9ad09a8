/**
 * The machine "Any history": sends, stops, reloads, kills, faults, sleep, two windows and a failing store in any order.
 * Whatever happens, every request is one that the strict API accepts, nothing is lost or reordered, and the panel shows
 * what the host and the store have.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { startFakeClaude } from '../../fakeClaude/server';
import { inMemory, type MemoryStore, memoryFolder } from '../localStore';
import type { Machine } from '../machine';
import { type Plan, plans } from './acts';
import { World } from './world';

/** One in so many goes over HTTP, a worker thread and the disk. */
const realEvery = 50;

export const historyMachine: Machine = {
  name: 'history',
  run: (seed) => playSeed(plans([1, 1, 2], [false, false, true]), seed),
};

/** Plays the one history that the seed makes of these; a failing one is made smaller for at most a minute. */
export async function playSeed(kinds: fc.Arbitrary<Plan>, seed: number): Promise<void> {
  const property = fc.asyncProperty(kinds, (one) => playHistory(one, seed % realEvery === 0));
  await fc.assert(property, {
    seed,
    numRuns: 1,
    unbiased: true,
    interruptAfterTimeLimit: 60_000,
    markInterruptAsFailure: false,
  });
}

async function playHistory(one: Plan, real: boolean): Promise<void> {
  const folder = mkdtempSync(join(real ? tmpdir() : memoryFolder, 'prelude-history-'));
  const fake = await startFakeClaude();
  const play = (memory: MemoryStore | null): Promise<void> => new World(fake, folder, one, memory).play();
  try {
    await (real ? play(null) : inMemory(play));
  } finally {
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
