/** What a question for changes compares in one repository: the files that differ, and how the diff of each is got. */
import type { ChangeStatus, ChangesOf } from '../../../core/tools/ports/changes';
import { ToolError } from '../../../core/tools/workspace';
import type { GitChange, GitCommit, GitRepository } from './facts';
import { filesOfPatch } from './patch';

/** A file that differs. */
export interface ComparedFile {
  readonly uri: string;
  readonly from: string | null;
  readonly status: ChangeStatus;
  /** Its unified diff, with headers; several follow each other. */
  diff(): Promise<string>;
  /** Its version of which all must be judged: a commit's, '' for what is staged; null for the one in the workspace. */
  readonly version: string | null;
}

/** What is compared. */
export interface Compared {
  readonly title: string;
  readonly files: readonly ComparedFile[];
}

/** The tree without files: git knows it though no repository holds it. One for each kind of hashes. */
const emptyTrees: Readonly<Record<number, string>> = {
  40: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  64: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
};

/** Lines of a first commit, which has to be read at once. */
const maxFirstLines = 200_000;

/** null when the repository does not know what is asked for. Rejects with git's errors. */
export async function comparisonOf(git: GitRepository, of: ChangesOf): Promise<Compared | null> {
  switch (of.kind) {
    case 'workingTree':
    case 'staged':
    case 'unstaged':
      await git.refresh();
      return { title: titles[of.kind], files: uncommitted(git, of.kind) };
    case 'commit': {
      const commit = await commitOf(git, of.ref);
      return commit === null ? null : await ofCommit(git, commit);
    }
    case 'range': {
      const [from, to] = [await commitOf(git, of.from), await commitOf(git, of.to)];
      if (from === null || to === null) return null;
      const base = await git.mergeBase(from.hash, to.hash);
      if (base === null) return null;
      const since = base === from.hash ? '' : `, since it left it at ${short(base)}`;
      const title = `Changes from ${of.from} (${short(from.hash)}) to ${of.to} (${short(to.hash)})${since}`;
      return { title, files: await between(git, base, to.hash) };
    }
    default:
      return of satisfies never;
  }
}

const titles = {
  workingTree: 'Uncommitted changes',
  staged: 'Staged changes',
  unstaged: 'Unstaged changes',
} as const;

async function commitOf(git: GitRepository, ref: string): Promise<GitCommit | null> {
  return await git.commit(ref).catch(() => null);
}

async function ofCommit(git: GitRepository, commit: GitCommit): Promise<Compared> {
  const { hash, parents, author, date, message } = commit;
  const who = [author === '' ? null : `by ${author}`, date?.toISOString().slice(0, 10)].filter(Boolean).join(', ');
  const merged = parents.length > 1 ? `, a merge, compared with its first parent ${short(parents[0] ?? '')}` : '';
  const title = `Commit ${short(hash)}${who === '' ? '' : ` ${who}`}: ${message.trim().slice(0, 300)}${merged}`;
  const [parent] = parents;
  return { title, files: parent === undefined ? await ofFirst(git, commit) : await between(git, parent, hash) };
}

function short(hash: string): string {
  return hash.slice(0, 8);
}

/** A first commit has no parent that its files could be compared with one by one. */
async function ofFirst(git: GitRepository, { hash, lines }: GitCommit): Promise<readonly ComparedFile[]> {
  if (lines !== null && lines > maxFirstLines) {
    throw new ToolError(
      `${short(hash)} is the repository's first commit and has ${lines.toLocaleString('en-US')} lines: too many to be shown. ` +
        'read_file and search_text see the files.',
    );
  }
  const patch = await git.diffOfObjects(emptyTrees[hash.length] ?? '', hash);
  const parts = patch.split(/^(?=diff --git )/m);
  return parts.flatMap((part): readonly ComparedFile[] => {
    const [file] = filesOfPatch(part);
    const path = file?.newPath ?? null;
    // One whose name git writes in quotes, or that is empty or binary, has no name to be told by.
    if (path === null) return [];
    const uri = `${git.root.replace(/\/$/, '')}/${path.split('/').map(encodeURIComponent).join('/')}`;
    return [{ uri, from: null, status: 'added', diff: async () => part, version: hash }];
  });
}

async function between(git: GitRepository, from: string, to: string): Promise<readonly ComparedFile[]> {
  const changes = await git.changesBetween(from, to);
  return changes.map((change) => ({
    uri: change.uri,
    from: change.from,
    status: statusOf(change),
    diff: () =>
      change.from === null
        ? git.diffBetween(from, to, change.uri)
        : git.diffOfObjects(objectOf(git, from, change.from), objectOf(git, to, change.uri)),
    version: to,
  }));
}

function objectOf(git: GitRepository, version: string, uri: string): string {
  return `${version}:${decodeURIComponent(uri.slice(git.root.replace(/\/$/, '').length + 1))}`;
}

function uncommitted(git: GitRepository, kind: 'workingTree' | 'staged' | 'unstaged'): readonly ComparedFile[] {
  const files = new Map<string, ComparedFile>();
  const renamed = (change: GitChange) =>
    git.diffOfObjects(objectOf(git, 'HEAD', change.from ?? ''), objectOf(git, '', change.uri));
  const add = (change: GitChange, file: Pick<ComparedFile, 'diff' | 'version'>): void => {
    const known = files.get(change.uri);
    // What was staged as new and changed since is new.
    const status = known === undefined || known.status === 'modified' ? statusOf(change) : known.status;
    files.set(change.uri, { uri: change.uri, from: known?.from ?? change.from, status, ...file });
  };
  if (kind !== 'unstaged') {
    for (const change of git.staged()) {
      if (kind === 'staged') {
        const diff = () => (change.from === null ? git.diffOfStaged(change.uri) : renamed(change));
        add(change, { diff, version: '' });
      } else {
        const diff = async () => {
          if (change.from === null && git.hasCommits()) return await git.diffOfHead(change.uri);
          const staged = change.from === null ? await git.diffOfStaged(change.uri) : await renamed(change);
          return `${staged}\n${await git.diffOfUnstaged(change.uri)}`;
        };
        add(change, { diff, version: null });
      }
    }
  }
  if (kind !== 'staged') {
    for (const change of git.unstaged()) {
      if (change.status === gitStatus.ignored) continue;
      if (kind === 'unstaged' && change.status === gitStatus.untracked) continue;
      if (files.has(change.uri)) continue;
      const diff = () =>
        kind === 'workingTree' && git.hasCommits() ? git.diffOfHead(change.uri) : git.diffOfUnstaged(change.uri);
      add(change, { diff, version: null });
    }
    for (const change of git.conflicts()) {
      files.set(change.uri, {
        uri: change.uri,
        from: null,
        status: 'conflicted',
        diff: () => (git.hasCommits() ? git.diffOfHead(change.uri) : git.diffOfUnstaged(change.uri)),
        version: null,
      });
    }
  }
  return [...files.values()];
}

/** The numbers of `Status` of the Git extension's API, version 1. */
const gitStatus = {
  indexAdded: 1,
  indexDeleted: 2,
  indexRenamed: 3,
  indexCopied: 4,
  deleted: 6,
  untracked: 7,
  ignored: 8,
  intentToAdd: 9,
  intentToRename: 10,
  typeChanged: 11,
  firstConflict: 12,
} as const;

function statusOf({ status }: GitChange): ChangeStatus {
  if (status >= gitStatus.firstConflict) return 'conflicted';
  switch (status) {
    case gitStatus.indexAdded:
    case gitStatus.intentToAdd:
      return 'added';
    case gitStatus.indexDeleted:
    case gitStatus.deleted:
      return 'deleted';
    case gitStatus.indexRenamed:
    case gitStatus.intentToRename:
      return 'renamed';
    case gitStatus.indexCopied:
      return 'copied';
    case gitStatus.untracked:
      return 'untracked';
    case gitStatus.typeChanged:
      return 'type changed';
    default:
      return 'modified';
  }
}
