/**
 * The prompts that a workspace keeps in files, as `/` offers them: those of VS Code and of Claude Code. Read as everything
 * of the workspace is: what git ignores, what may hold a secret, what leads out of it, and what is no text is not; and
 * nothing at all before the workspace is trusted.
 */
import * as vscode from 'vscode';
import { fillPrompt, type PromptSource, readPrompt } from '../../core/context/promptFile';
import type { PromptFile, PromptText } from '../../shared/mentions/prompts';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';
import { listUri } from '../workspace/uriFiles';
import type { FileAccess, HostWorkspace } from '../workspace/workspace';

/** Bytes of a file that is read. */
const maxBytes = 64 * 1024;
/** Files in all, entries of a folder, and folders below that of the commands. */
const maxFiles = 200;
const maxEntries = 1000;
const maxDepth = 4;
/** ms for all of it. */
const maxTime = 5000;

interface Found {
  readonly uri: vscode.Uri;
  readonly name: string;
}

/** Over the folders of the window. */
export class PromptFiles {
  constructor(private readonly workspace: Pick<HostWorkspace, 'roots' | 'access'>) {}

  /** Those that can be read, in the order of their folders and names. */
  async list(): Promise<readonly PromptFile[]> {
    if (!vscode.workspace.isTrusted) return [];
    const access = this.workspace.access(AbortSignal.timeout(maxTime));
    const found = (
      await Promise.all(this.workspace.roots().map(({ uri }) => inRoot(vscode.Uri.parse(uri, true))))
    ).flat();
    const read = await Promise.all(
      found.slice(0, maxFiles).map(async ({ uri, name }): Promise<PromptFile | null> => {
        const one = await sourceAt(uri.toString(), access);
        if (one === null || !one.source.head.offered || one.source.body === '') return null;
        const { description, hint } = one.source.head;
        return { id: uri.toString(), name, description, hint, path: one.path };
      }),
    );
    return read.filter((one) => one !== null);
  }

  /** What one says, with what was written behind its name. Rejects with a Refused where it cannot be read any more. */
  async text(id: string, written: string): Promise<PromptText> {
    const known = (await this.list()).find((one) => one.id === id);
    const one = known === undefined ? null : await sourceAt(id, this.workspace.access(AbortSignal.timeout(maxTime)));
    if (one === null) throw refused(refusals.promptGone());
    return { ...fillPrompt(one.source, written), permits: one.source.permits };
  }
}

async function sourceAt(
  uri: string,
  access: FileAccess,
): Promise<{ readonly source: PromptSource; readonly path: string } | null> {
  try {
    const file = await access.readText(uri, maxBytes);
    return file === null ? null : { source: readPrompt(file.text), path: file.path };
  } catch {
    // It is not there any more, or its disk does not answer: the others are.
    return null;
  }
}

async function inRoot(root: vscode.Uri): Promise<readonly Found[]> {
  const at = (...names: readonly string[]): vscode.Uri => vscode.Uri.joinPath(root, ...names);
  const [prompts, commands, skills] = await Promise.all([
    entries(at('.github', 'prompts')),
    commandsIn(at('.claude', 'commands'), maxDepth),
    entries(at('.claude', 'skills')),
  ]);
  return [
    ...prompts
      .filter(({ name }) => name.endsWith('.prompt.md'))
      .map(({ uri, name }) => ({ uri, name: name.slice(0, -'.prompt.md'.length) })),
    ...commands,
    ...skills
      .filter(({ isFolder }) => isFolder)
      .map(({ uri, name }) => ({ uri: vscode.Uri.joinPath(uri, 'SKILL.md'), name })),
  ];
}

async function commandsIn(folder: vscode.Uri, depth: number): Promise<readonly Found[]> {
  const all = await entries(folder);
  const below = depth === 0 ? [] : all.filter(({ isFolder }) => isFolder);
  const own = all.filter(({ name, isFolder }) => !isFolder && name.endsWith('.md'));
  const deeper = await Promise.all(below.map(({ uri }) => commandsIn(uri, depth - 1)));
  return [...own.map(({ uri, name }) => ({ uri, name: name.slice(0, -'.md'.length) })), ...deeper.flat()];
}

/** Of a folder; links to folders are not followed. */
async function entries(
  folder: vscode.Uri,
): Promise<readonly { readonly uri: vscode.Uri; readonly name: string; readonly isFolder: boolean }[]> {
  try {
    const all = await listUri(folder);
    return all
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, maxEntries)
      .map(([name, type]) => ({
        uri: vscode.Uri.joinPath(folder, name),
        name,
        isFolder: type === vscode.FileType.Directory,
      }));
  } catch {
    return [];
  }
}
