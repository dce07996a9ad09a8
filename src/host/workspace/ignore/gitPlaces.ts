/** Where git keeps what it runs: its own folder, which may have any name, and its hooks, which may lie anywhere. */
import { resolve } from 'node:path';
import type { WorkspaceFacts } from '../files/facts';
import { isInRepository } from './locate';
import { runGit } from './runGit';

/** The hooks, git's folder of this work tree and of all work trees. */
const placesArgs: readonly string[] = [
  '--no-optional-locks',
  '--no-pager',
  'rev-parse',
  '--git-path',
  'hooks',
  '--git-dir',
  '--git-common-dir',
];

/** Folders of the repository that a folder lies in; none outside of one, and where git cannot be asked. */
export async function askGitPlaces(
  facts: WorkspaceFacts,
  folder: string,
  place: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (!(await isInRepository(folder, place))) return [];
  const git = await facts.git();
  if (git.kind !== 'found') return [];
  const answer = await runGit(git.file, placesArgs, folder, signal);
  // Each relative to where it was asked.
  const said = answer.said.toString('utf8').split(/\r?\n/);
  return said.filter((one) => one !== '').map((one) => resolve(folder, one));
}
