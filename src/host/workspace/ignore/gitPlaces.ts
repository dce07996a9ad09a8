/** Where git keeps what it runs: its own folder, which may have any name, and its hooks, which may lie anywhere. */
import { resolve } from 'node:path';
import type { WorkspaceFacts } from '../files/facts';
import { isInRepository } from './locate';
import { runGit } from './runGit';

/** The hooks, git's folder of this work tree and of all work trees, its index, and the work tree. */
const placesArgs: readonly string[] = [
  '--no-optional-locks',
  '--no-pager',
  'rev-parse',
  ...['--git-path', 'hooks', '--git-dir', '--git-common-dir', '--git-path', 'index', '--show-toplevel'],
];

/** A work tree: where it lies, and the file that says what is tracked in it. */
export interface WorkTree {
  readonly top: string;
  readonly index: string;
}

/** What git says of the repository that a folder lies in. */
interface GitPlaces {
  /** Folders of git's own, and its hooks. */
  readonly folders: readonly string[];
  /** null where the folder lies in none, as in git's own. */
  readonly workTree: WorkTree | null;
}

/** What git says where there is no repository, or no work tree: it keeps nothing that is run for this folder. */
const isHarmless = /not a git repository|must be run in a work tree/;

const nowhere: GitPlaces = { folders: [], workTree: null };

/** Nothing outside of a repository, and where there is no git; null where git did not say. */
export async function askGitPlaces(
  facts: WorkspaceFacts,
  folder: string,
  place: string,
  signal: AbortSignal,
): Promise<GitPlaces | null> {
  if (!(await isInRepository(folder, place))) return nowhere;
  const git = await facts.git();
  if (git.kind !== 'found') return nowhere;
  const { said, ok, failure } = await runGit(git.file, placesArgs, folder, signal);
  // It may have been killed, or refuse a repository that is somebody else's, whose links and hooks are run all the same.
  if (!ok && !isHarmless.test(failure)) return null;
  // Each relative to where it was asked.
  const lines = said.toString('utf8').split(/\r?\n/);
  const all = lines.filter((one) => one !== '').map((one) => resolve(folder, one));
  const [index, top] = all.slice(-2);
  if (!ok || index === undefined || top === undefined) return { folders: all, workTree: null };
  return { folders: all.slice(0, -2), workTree: { top, index } };
}
