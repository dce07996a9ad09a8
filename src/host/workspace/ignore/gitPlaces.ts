/** Where git keeps what it runs: its own folder, which may have any name, and its hooks, which may lie anywhere. */
import { resolve } from 'node:path';
import type { WorkspaceFacts } from '../files/facts';
import { isInRepository } from './locate';
import { runGit } from './runGit';

/** Where a question answers them: hooks, the folders of the work tree and of all work trees, the top of this one. */
const placesArgs: readonly string[] = [
  '--no-optional-locks',
  '--no-pager',
  'rev-parse',
  '--git-path',
  'hooks',
  '--git-dir',
  '--git-common-dir',
  '--show-toplevel',
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
  const { said } = await runGit(git.file, placesArgs, folder, signal);
  const [hooks, own, common, top] = said.toString('utf8').split(/\r?\n/);
  const found: string[] = [];
  for (const one of [own, common]) if (one !== undefined && one !== '') found.push(resolve(folder, one));
  // One of the settings is relative to the top, one of git's own to where it was asked.
  if (hooks !== undefined && hooks !== '') found.push(resolve(folder, hooks), resolve(top || folder, hooks));
  return found;
}
