/**
 * The machine "Edits": the model, the user, a formatter and another program write the same files, and what the model did is
 * kept and undone by hunk, file and turn, through reloads, kills, two windows and a failing store. Whatever happens, no line
 * of anybody else's is lost or doubled, a card shows what stands there, an undoing restores bytes, and the record says what
 * the files are.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { startFakeClaude } from '../../fakeClaude/server';
import { inMemory, memoryFolder } from '../localStore';
import type { Machine } from '../machine';
import { type Plan, plans } from './acts';
import { World } from './world';

export const editsMachine: Machine = {
  name: 'edits',
  run: async (seed) => {
    const property = fc.asyncProperty(plans, play);
    const limits = { interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false };
    await fc.assert(property, { seed, numRuns: 1, unbiased: true, ...limits });
  },
};

async function play(plan: Plan): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(memoryFolder, 'prelude-edits-')));
  const fake = await startFakeClaude();
  try {
    await inMemory((memory) => new World(fake, folder, plan, memory).play());
  } finally {
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
