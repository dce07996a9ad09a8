/** `GitFacts` out of VS Code's built-in Git extension: its API, version 1, which is stable (extensions/git/src/api/git.d.ts). */
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { GitChange, GitFacts, GitRepository, GitState } from './facts';

/** As much of the API as is used. */
interface Api {
  readonly state: 'uninitialized' | 'initialized';
  readonly repositories: readonly ApiRepository[];
}

interface ApiChange {
  readonly uri: vscode.Uri;
  readonly originalUri: vscode.Uri;
  readonly renameUri: vscode.Uri | undefined;
  readonly status: number;
}

interface ApiCommit {
  readonly hash: string;
  readonly message: string;
  readonly parents: readonly string[];
  readonly authorDate?: Date;
  readonly authorName?: string;
  readonly shortStat?: { readonly insertions: number; readonly deletions: number };
}

interface ApiRepository {
  readonly rootUri: vscode.Uri;
  readonly inputBox: { value: string };
  readonly state: {
    readonly HEAD: { readonly name?: string; readonly commit?: string } | undefined;
    readonly mergeChanges: readonly ApiChange[];
    readonly indexChanges: readonly ApiChange[];
    readonly workingTreeChanges: readonly ApiChange[];
    readonly untrackedChanges?: readonly ApiChange[];
  };
  status(): Promise<void>;
  getCommit(ref: string): Promise<ApiCommit>;
  getMergeBase(a: string, b: string): Promise<string | undefined>;
  diffBetween(a: string, b: string): Promise<readonly ApiChange[]>;
  diffBetween(a: string, b: string, path: string): Promise<string>;
  diffWith(ref: string, path: string): Promise<string>;
  diffWithHEAD(path: string): Promise<string>;
  diffIndexWithHEAD(path: string): Promise<string>;
  diffBlobs(a: string, b: string): Promise<string>;
  getObjectDetails(version: string, path: string): Promise<{ readonly size: number }>;
  buffer(version: string, path: string): Promise<Uint8Array>;
}

interface Exported {
  readonly enabled: boolean;
  getAPI(version: 1): Api;
}

/** ms for the extension's first look at the workspace. */
const patience = 10_000;
const pause = 100;

/** Git of this window. */
export const vscodeGit: GitFacts = {
  open: openGit,
  unsaved: () =>
    vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty).map((document) => document.uri.toString()),
  isTrusted: () => vscode.workspace.isTrusted,
};

/** The box of Source Control in which a commit message is written. */
export interface CommitBox {
  /** The URI of the repository's root. */
  readonly repository: string;
  /** What is set can be undone there, as what is typed. */
  text: string;
  /** False where there is nothing to commit. */
  readonly hasChanges: boolean;
}

/** Of the repository at `root`, else of the first one; null where there is none. */
export async function commitBox(root: string | null): Promise<CommitBox | null> {
  const api = await gitApi();
  if (typeof api === 'string') return null;
  await initialized(api);
  const named = api.repositories.find(({ rootUri }) => rootUri.toString() === root);
  const repository = named ?? api.repositories[0];
  if (repository === undefined) return null;
  const { state, inputBox } = repository;
  const changes = [state.indexChanges, state.workingTreeChanges, state.untrackedChanges ?? [], state.mergeChanges];
  return {
    repository: repository.rootUri.toString(),
    get text() {
      return inputBox.value;
    },
    set text(value) {
      inputBox.value = value;
    },
    hasChanges: changes.some(({ length }) => length > 0),
  };
}

/** VS Code's Git, as far as it can be had. */
async function gitApi(): Promise<Api | 'missing' | 'off'> {
  const extension = vscode.extensions.getExtension<Exported>('vscode.git');
  if (extension === undefined) return 'missing';
  try {
    const exported = extension.isActive ? extension.exports : await extension.activate();
    return exported.enabled ? exported.getAPI(1) : 'off';
  } catch {
    // It throws where it is off, and where it finds no git.
    return 'off';
  }
}

/** Waits for its first look at the workspace. */
async function initialized(api: Api, signal = new AbortController().signal): Promise<void> {
  const until = performance.now() + patience;
  while (api.state !== 'initialized' && performance.now() < until) await delay(pause, undefined, { signal });
}

async function openGit(signal: AbortSignal): Promise<GitState> {
  const api = await gitApi();
  if (typeof api === 'string') return { kind: api };
  await initialized(api, signal);
  return { kind: 'on', repositories: api.repositories.map(repositoryOf) };
}

function repositoryOf(api: ApiRepository): GitRepository {
  const { state } = api;
  return {
    root: api.rootUri.toString(),
    branch: state.HEAD?.name ?? null,
    hasCommits: () => state.HEAD?.commit !== undefined,
    refresh: async () => await api.status(),
    staged: () => state.indexChanges.map(changeOf),
    unstaged: () => [...state.workingTreeChanges, ...(state.untrackedChanges ?? [])].map(changeOf),
    conflicts: () => state.mergeChanges.map(changeOf),
    commit: async (ref) => {
      const { hash, parents, message, authorName, authorDate, shortStat } = await api.getCommit(ref);
      return {
        hash,
        parents,
        message,
        author: authorName ?? '',
        date: authorDate ?? null,
        lines: shortStat === undefined ? null : shortStat.insertions + shortStat.deletions,
      };
    },
    mergeBase: async (a, b) => (await api.getMergeBase(a, b)) || null,
    changesBetween: async (a, b) => (await api.diffBetween(a, b)).map(changeOf),
    diffBetween: async (a, b, uri) => await api.diffBetween(a, b, pathOf(uri)),
    diffOfHead: async (uri) => await api.diffWith('HEAD', pathOf(uri)),
    diffOfStaged: async (uri) => await api.diffIndexWithHEAD(pathOf(uri)),
    // Despite its name it compares with what is staged.
    diffOfUnstaged: async (uri) => await api.diffWithHEAD(pathOf(uri)),
    diffOfObjects: async (a, b) => await api.diffBlobs(a, b),
    bytesOf: async (version, uri, maxBytes) => {
      const path = pathOf(uri);
      const { size } = await api.getObjectDetails(version, path);
      return size > maxBytes ? null : await api.buffer(version, path);
    },
  };
}

function changeOf({ uri, originalUri, renameUri, status }: ApiChange): GitChange {
  const isMoved = renameUri !== undefined && renameUri.toString() !== originalUri.toString();
  return { uri: (renameUri ?? uri).toString(), from: isMoved ? originalUri.toString() : null, status };
}

function pathOf(uri: string): string {
  return vscode.Uri.parse(uri, true).fsPath;
}
