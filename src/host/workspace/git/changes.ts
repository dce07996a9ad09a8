/** The Changes port over VS Code's Git extension. Knows it only through `GitFacts`. */
import { orAborted } from '../../../core/base/orAborted';
import type { Changes, ChangesFound, ChangesOf, RepositoryChanges } from '../../../core/tools/ports/changes';
import { type Openable, ToolError } from '../../../core/tools/workspace';
import type { FileAccess, HostWorkspace } from '../workspace';
import { type Compared, comparisonOf } from './comparison';
import { DiffReader } from './diffs';
import type { GitFacts, GitRepository } from './facts';

/** ms for all of it: git may wait for a lock or a disk. */
const patience = 45_000;

/** A repository and how its folder is named; '' where it is the workspace itself, or around it. */
interface NamedRepository {
  readonly git: GitRepository;
  readonly name: string;
}

/** The changes of the window's repositories, for tools. */
export function createChanges(facts: GitFacts, workspace: HostWorkspace, ms: number = patience): Openable<Changes> {
  return {
    allowing: (reads) => createChanges(facts, workspace.allowing(reads), ms),

    async changes(of, path, maxBytes, signal) {
      const late = AbortSignal.timeout(ms);
      const both = AbortSignal.any([signal, late]);
      try {
        return await orAborted(changesOf({ facts, workspace, of, path, maxBytes }, both), both);
      } catch (error) {
        signal.throwIfAborted();
        if (late.aborted)
          throw new ToolError(
            `Git did not answer within ${Math.round(ms / 1_000)} s, so this was given up. Try again later.`,
          );
        if (error instanceof ToolError) throw error;
        throw new ToolError(`Git failed: ${saidBy(error)}`);
      }
    },
  };
}

/** In the first place what git itself wrote. */
function saidBy(error: unknown): string {
  const stderr = typeof error === 'object' && error !== null && 'stderr' in error ? error.stderr : null;
  const said =
    typeof stderr === 'string' && stderr.trim() !== '' ? stderr : error instanceof Error ? error.message : error;
  return String(said).trim().slice(0, 500).toWellFormed();
}

interface Wanted {
  readonly facts: GitFacts;
  readonly workspace: HostWorkspace;
  readonly of: ChangesOf;
  readonly path: string | null;
  readonly maxBytes: number;
}

async function changesOf({ facts, workspace, of, path, maxBytes }: Wanted, signal: AbortSignal): Promise<ChangesFound> {
  const names = path === null ? [''] : workspace.namesOf(path);
  const access = workspace.access(signal);
  const repositories = await repositoriesOf(facts, access, names, signal);
  const found: { readonly compared: Compared; readonly repository: NamedRepository }[] = [];
  for (const repository of repositories) {
    const compared = await comparisonOf(repository.git, of);
    if (compared !== null) found.push({ compared, repository });
  }
  if (found.length === 0 && (of.kind === 'commit' || of.kind === 'range')) {
    const ref = of.kind === 'commit' ? of.ref : `${of.from}..${of.to}`;
    throw new ToolError(`Git knows no ${of.kind} ${JSON.stringify(ref)} here, or its two ends have nothing in common.`);
  }
  if (found.length > 1 && (of.kind === 'commit' || of.kind === 'range')) {
    const choice = found.map(({ repository }) => JSON.stringify(repository.name)).join(', ');
    throw new ToolError(`Several repositories have it. Give the folder of one as path: ${choice}.`);
  }
  const reader = new DiffReader(access, maxBytes, signal);
  const results: RepositoryChanges[] = [];
  for (const { compared, repository } of found) {
    const { git, name } = repository;
    const { files, outside } = await reader.read(git, compared, (file) => isWithin(file, names));
    results.push({ name, branch: git.branch, title: compared.title, files, outside: path === null ? outside : 0 });
  }
  // Of several repositories those without changes say nothing.
  const some = results.filter(({ files, outside }) => files.length > 0 || outside > 0);
  return {
    repositories: some.length > 0 && results.length > 1 ? some : results,
    unsaved: of.kind === 'workingTree' || of.kind === 'unstaged' ? await unsavedOf(facts, access, names) : [],
  };
}

/** True where one of the names is the file's, or its folder's. */
function isWithin(path: string, names: readonly string[]): boolean {
  return names.some((name) => name === '' || path === name || path.startsWith(`${name}/`));
}

async function unsavedOf(facts: GitFacts, access: FileAccess, names: readonly string[]): Promise<readonly string[]> {
  const unsaved: string[] = [];
  for (const uri of facts.unsaved()) {
    const named = await access.named(uri);
    if (named !== null && isWithin(named.path, names)) unsaved.push(named.path);
  }
  return unsaved.toSorted();
}

/** Those that may have what these names mean. Throws a ToolError when there are none. */
async function repositoriesOf(
  facts: GitFacts,
  access: FileAccess,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly NamedRepository[]> {
  const state = await facts.open(signal);
  if (state.kind !== 'on') {
    const reason = !facts.isTrusted()
      ? 'Git is off in Restricted Mode, until the user trusts this workspace'
      : state.kind === 'missing'
        ? 'VS Code’s built-in Git extension is not there or disabled'
        : 'Git is switched off in the settings, or no git is installed';
    throw new ToolError(`${reason}: what has changed cannot be told. Go on without it, or ask the user.`);
  }
  const named: NamedRepository[] = [];
  for (const git of state.repositories) {
    const inside = await access.named(`${git.root.replace(/\/$/, '')}/x`);
    named.push({ git, name: inside === null ? '' : inside.path.slice(0, -1).replace(/\/$/, '') });
  }
  if (named.length === 0) {
    throw new ToolError(
      'No Git repository is open in this window: the workspace is in none, or it lies in a parent folder that the user ' +
        'has not opened. Go on without it, or ask the user.',
    );
  }
  const fitting = named.filter(({ name }) => isWithin(name, names) || names.some((one) => isWithin(one, [name])));
  // A file belongs to the innermost one; a folder may have several in it.
  const inner = fitting.filter(
    ({ name }) =>
      !fitting.some((other) => other.name.length > name.length && names.some((one) => isWithin(one, [other.name]))),
  );
  if (inner.length === 0)
    throw new ToolError(`No Git repository of this window has ${JSON.stringify(names[0] ?? '')}.`);
  return inner.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
