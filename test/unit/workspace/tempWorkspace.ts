import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tools } from '../../../src/core/tools/all';
import type { ToolPorts } from '../../../src/core/tools/workspace';
import type {
  Exclude,
  GitProgram,
  OpenDocument,
  Root,
  SearchSettings,
  VirtualFiles,
  WorkspaceFacts,
} from '../../../src/host/workspace/files/facts';
import { findRipgrep, ripgrepPlaces } from '../../../src/host/workspace/search/ripgrep';
import { createWorkspace, type HostWorkspace } from '../../../src/host/workspace/workspace';
import { ensureHost } from '../../vscode/install';
import { noPorts } from '../tools/fakeLanguages';
import { editorDecoder, type FakeDecoder } from './editorDecoder';

/** A folder of the temp folder with files in it, and a workspace over it. Remove it when done. */
export interface TempWorkspace {
  /** The folder above the roots: what lies in it is outside the workspace. */
  readonly base: string;
  /** The first root's folder. */
  readonly folder: string;
  readonly facts: WorkspaceFacts & {
    readonly documents: OpenDocument[];
    excluded: readonly (string | Exclude)[];
    /** What differs from VS Code's defaults. */
    settings: Partial<SearchSettings>;
    readonly warnings: string[];
    readonly decoder: FakeDecoder;
  };
  readonly workspace: HostWorkspace;
  readonly ports: ToolPorts;
  write(path: string, content: string | Uint8Array): string;
  remove(): void;
}

export interface TempOptions {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Names of the root folders. Default: one, `project`. */
  readonly roots?: readonly string[];
  /** Path of the ripgrep to use; null searches in JavaScript. */
  readonly ripgrep?: string | null;
  /** The base of another one, whose folders are opened again. */
  readonly base?: string;
}

export function tempWorkspace(options: TempOptions = {}): TempWorkspace {
  const { files = {}, roots = ['project'], ripgrep = null } = options;
  const base = options.base ?? realpathSync(mkdtempSync(join(tmpdir(), 'prelude-workspace-')));
  const made: readonly Root[] = roots.map((name) => {
    const folder = join(base, name);
    mkdirSync(folder, { recursive: true });
    return { name, uri: pathToFileURL(folder).href, folder };
  });
  const folder = made[0]?.folder ?? base;
  const write = (path: string, content: string | Uint8Array) => {
    const file = join(roots.length > 1 ? base : folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  const documents: OpenDocument[] = [];
  const warnings: string[] = [];
  const facts = {
    documents,
    excluded: [] as readonly (string | Exclude)[],
    settings: {} as Partial<SearchSettings>,
    roots: () => made,
    uriOf: (root: Root, relative: string) => pathToFileURL(join(root.folder ?? '', relative)).href,
    openDocuments: () => documents,
    searchSettings: () => ({
      ...defaultSettings,
      excludes: facts.excluded.map((one) => (typeof one === 'string' ? { glob: one, when: null } : one)),
      ...facts.settings,
    }),
    virtual: noVirtualFiles,
    decoder: editorDecoder(),
    warnings,
    warn: (text: string) => void warnings.push(text),
    ripgrep: async () => ripgrep,
    // One that tracks nothing.
    git: async (): Promise<GitProgram> => ({ kind: 'found', file: 'true' }),
  };
  const workspace = createWorkspace(facts);
  return {
    base,
    folder,
    facts,
    workspace,
    ports: { workspace, ...noPorts },
    write,
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** VS Code's own. */
export const defaultSettings: SearchSettings = {
  excludes: [],
  ignoreFiles: true,
  parentIgnoreFiles: false,
  globalIgnoreFiles: false,
};

const noVirtualFiles: VirtualFiles = {
  stat: async () => null,
  read: async () => new Uint8Array(),
  list: async () => [],
};

/** Files of another scheme, in memory: path → content. */
export function virtualWorkspace(
  files: Readonly<Record<string, string>>,
  symlinks: readonly string[] = [],
): HostWorkspace {
  const root: Root = { name: 'remote', uri: 'memory://host/project', folder: null };
  const pathOf = (uri: string) => uri.slice(root.uri.length + 1);
  const isFolder = (path: string) => path === '' || Object.keys(files).some((file) => file.startsWith(`${path}/`));
  return createWorkspace({
    roots: () => [root],
    uriOf: ({ uri }, relative) => (relative === '' ? uri : `${uri}/${relative}`),
    openDocuments: () => [],
    searchSettings: () => defaultSettings,
    git: async () => ({ kind: 'missing' }),
    warn: () => {},
    ripgrep: async () => null,
    decoder: editorDecoder(),
    virtual: {
      stat: async (uri) => {
        const path = pathOf(uri);
        if (symlinks.includes(path)) return { kind: 'symlink', size: 0 };
        const content = files[path];
        if (content !== undefined) return { kind: 'file', size: Buffer.byteLength(content) };
        return isFolder(path) ? { kind: 'directory', size: 0 } : null;
      },
      read: async (uri) => Buffer.from(files[pathOf(uri)] ?? ''),
      list: async (uri) => {
        const prefix = pathOf(uri) === '' ? '' : `${pathOf(uri)}/`;
        const below = Object.keys(files).filter((file) => file.startsWith(prefix));
        const names = new Set(below.map((file) => file.slice(prefix.length).split('/')[0] ?? ''));
        return [...names].map((name) => [name, isFolder(prefix + name) ? 'directory' : 'file'] as const);
      },
    },
  });
}

export const never = new AbortController().signal;

/** The tool of this name. */
export function tool(name: string) {
  const found = tools.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`there is no tool ${name}`);
  return found;
}

/** The ripgrep of the VS Code that the tests run in. */
export async function hostRipgrep(): Promise<string> {
  const { serverRoot } = await ensureHost();
  const { platform, arch } = process;
  const found = await findRipgrep(ripgrepPlaces({ appRoot: serverRoot, path: '', platform, arch }));
  if (found === null) throw new Error(`no ripgrep below ${serverRoot}`);
  return found;
}
