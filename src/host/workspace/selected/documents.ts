/** What a document is that is no plain file of the workspace, and where it comes from: by its address alone. */
import type { DocumentFacts } from '../../../core/record/record';

/** The address of a document, decoded, and what the window knows of it. */
export interface DocumentAddress {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly isUntitled: boolean;
  /** The path of a file of the workspace as the chat names it; null for what lies in none of its folders. */
  inWorkspace(path: string): string | null;
}

/** A document that the workspace does not hold. */
export interface OtherDocument extends DocumentFacts {
  /** How it is named to the model. */
  readonly path: string;
  /** True for a file of this machine that lies outside: it goes along only when it is added. */
  readonly outside: boolean;
}

/** Words that a label is made of, in the user's language. */
export interface DocumentWords {
  index(): string;
  output(channel: string): string;
  search(): string;
  outside(name: string): string;
  userSettings(name: string): string;
  saved(name: string): string;
}

/** Text boxes of VS Code's own, and what Prelude itself shows: none of them is a document that one looks at. */
const boxes: readonly string[] = [
  'comment',
  'vscode-scm',
  'vscode-interactive-input',
  'chatSessionInput',
  'prelude-request',
  'prelude-attachment',
];

/** True for what one types into, and for what Prelude shows: it is never context. */
export function isTextBox({ scheme, path }: Pick<DocumentAddress, 'scheme' | 'path'>): boolean {
  return boxes.includes(scheme) || (scheme === 'debug' && path.startsWith('replinput'));
}

/** True for what stands beside the editors: it counts while something is selected in it, and then alone. */
export function isBeside({ scheme }: Pick<DocumentAddress, 'scheme'>): boolean {
  return scheme === 'output' || scheme === 'search-editor';
}

/** null for a plain file of the workspace. */
export function describeDocument(address: DocumentAddress, words: DocumentWords): OtherDocument | null {
  const { scheme, path, query, isUntitled } = address;
  const name = path.slice(path.lastIndexOf('/') + 1) || scheme;
  const plain = { path: name, outside: false };
  if (isUntitled || scheme === 'untitled') return { ...plain, label: name, what: 'unsaved document' };
  if (scheme === 'output') {
    const channel = channelName(path);
    return { path: channel, outside: false, label: words.output(channel), what: 'output channel' };
  }
  if (scheme === 'search-editor') return { ...plain, path: 'Search', label: words.search(), what: 'search results' };
  const inside = address.inWorkspace(path);
  if (scheme === 'git') return versionInGit(query, name, address, words);
  if (scheme === 'vscode-userdata' || scheme === 'vscode')
    return { path: name, outside: true, label: words.userSettings(name), what: 'settings of VS Code' };
  if (scheme === 'conflictResolution')
    return { path: inside ?? name, outside: false, label: words.saved(name), what: 'version on the disk' };
  if (inside !== null && (scheme === 'file' || scheme === 'vscode-remote' || scheme === 'vscode-vfs')) return null;
  if (scheme === 'file' || scheme === 'vscode-remote') {
    return { path: name, outside: true, label: words.outside(name), what: 'file outside of the workspace' };
  }
  return { ...plain, label: `${name} (${scheme})`, what: `document of ${scheme}, not a file of the workspace` };
}

/** Git's own addresses hold the file and the version: `{"path": "/work/a.ts", "ref": "HEAD"}`, '' and '~' for the index. */
function versionInGit(query: string, name: string, address: DocumentAddress, words: DocumentWords): OtherDocument {
  const { path, ref } = gitQuery(query);
  const own = path === null ? name : path.replaceAll('\\', '/').slice(path.replaceAll('\\', '/').lastIndexOf('/') + 1);
  const index = ref === '' || ref === '~';
  const version = /^[0-9a-f]{40}$/.test(ref) ? ref.slice(0, 8) : ref;
  return {
    path: (path === null ? null : address.inWorkspace(path)) ?? own,
    outside: false,
    label: `${own} (${index ? words.index() : version})`,
    what: index ? 'version in the index of Git' : `version ${version} in Git`,
  };
}

function gitQuery(query: string): { readonly path: string | null; readonly ref: string } {
  try {
    const { path, ref } = JSON.parse(query) as { readonly path?: unknown; readonly ref?: unknown };
    return { path: typeof path === 'string' ? path : null, ref: typeof ref === 'string' ? ref : '' };
  } catch {
    return { path: null, ref: '' };
  }
}

/** "extension-output-vscode.typescript-language-features-#2-TypeScript" is TypeScript's. */
function channelName(path: string): string {
  const id = path.slice(path.lastIndexOf('/') + 1);
  return (/^extension-output-.+?-#\d+-(.+)$/.exec(id)?.[1] ?? id).replace(/\.log$/, '');
}
