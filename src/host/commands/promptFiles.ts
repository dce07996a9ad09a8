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
import { listUri, statUri } from '../workspace/uriFiles';
import type { FileAccess, HostWorkspace } from '../workspace/workspace';

/** Bytes of a file that is read. */
const maxBytes = 64 * 1024;
/** Of each folder of the window: files that are offered, folders that are listed, and of one of them the entries. */
const maxFiles = 200;
const maxFolders = 100;
const maxEntries = 1000;
/** Folders below that of the commands. */
const maxDepth = 4;
/** ms for all of the reading. */
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
    const found = await this.#found();
    const access = this.workspace.access(AbortSignal.timeout(maxTime));
    const read = await Promise.all(
      found.map(async ({ uri, name }): Promise<PromptFile | null> => {
        const one = await sourceAt(uri.toString(), access);
        if (one === null || !one.source.head.offered || one.source.body === '') return null;
        const { description, hint } = one.source.head;
        // A blank ends the name where it is typed.
        return { id: uri.toString(), name: name.replace(/\s+/g, '-'), description, hint, path: one.path };
      }),
    );
    return read.filter((one) => one !== null);
  }

  /** What one says, with what was written behind its name. Rejects with a Refused where it cannot be read any more. */
  async text(id: string, written: string): Promise<PromptText> {
    const isOne = (await this.#found()).some(({ uri }) => uri.toString() === id);
    const one = isOne ? await sourceAt(id, this.workspace.access(AbortSignal.timeout(maxTime))) : null;
    if (one === null) throw refused(refusals.promptGone());
    return {
      ...fillPrompt(one.source, written, id.endsWith('.prompt.md') ? 'github' : 'claude'),
      permits: one.source.permits,
    };
  }

  async #found(): Promise<readonly Found[]> {
    if (!vscode.workspace.isTrusted) return [];
    const roots = this.workspace.roots().map(({ uri }) => vscode.Uri.parse(uri, true));
    return (await Promise.all(roots.map(async (root) => (await inRoot(root)).slice(0, maxFiles)))).flat();
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
  const below = async (...names: readonly string[]): Promise<vscode.Uri | null> => {
    let folder = root;
    for (const name of names) {
      folder = vscode.Uri.joinPath(folder, name);
      if (!(await isFolder(folder))) return null;
    }
    return folder;
  };
  const [prompts, commands, skills] = await Promise.all([
    below('.github', 'prompts').then(entries),
    below('.claude', 'commands').then(commandsIn),
    below('.claude', 'skills').then(entries),
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

/** The nearest first; a workspace may have any number of them. */
async function commandsIn(folder: vscode.Uri | null): Promise<readonly Found[]> {
  const found: Found[] = [];
  let listed = 0;
  let level = folder === null ? [] : [folder];
  for (let depth = 0; depth <= maxDepth && level.length > 0 && found.length < maxFiles; depth += 1) {
    const taken = level.slice(0, maxFolders - listed);
    listed += taken.length;
    const all = (await Promise.all(taken.map(entries))).flat();
    for (const { uri, name, isFolder } of all)
      if (!isFolder && name.endsWith('.md')) found.push({ uri, name: name.slice(0, -'.md'.length) });
    level = all.filter(({ isFolder }) => isFolder).map(({ uri }) => uri);
  }
  return found;
}

/** False for a link to one: it may lead anywhere. */
async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    return (await statUri(uri)).type === vscode.FileType.Directory;
  } catch {
    return false;
  }
}

/** Of a folder; links to folders are not followed. */
async function entries(
  folder: vscode.Uri | null,
): Promise<readonly { readonly uri: vscode.Uri; readonly name: string; readonly isFolder: boolean }[]> {
  try {
    if (folder === null) return [];
    return (await listUri(folder))
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
