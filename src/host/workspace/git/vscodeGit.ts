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

async function openGit(signal: AbortSignal): Promise<GitState> {
  const extension = vscode.extensions.getExtension<Exported>('vscode.git');
  if (extension === undefined) return { kind: 'missing' };
  let api: Api;
  try {
    const exported = extension.isActive ? extension.exports : await extension.activate();
    if (!exported.enabled) return { kind: 'off' };
    api = exported.getAPI(1);
  } catch {
    // It throws where it is off, and where it finds no git.
    return { kind: 'off' };
  }
  const until = performance.now() + patience;
  while (api.state !== 'initialized' && performance.now() < until) await delay(pause, undefined, { signal });
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
