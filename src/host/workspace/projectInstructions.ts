/** What the user and the project ask of every answer: the setting, CLAUDE.md and its like of each root, and what a CLAUDE.md imports. */
import type { ContextFile } from '../../core/record/record';
import { ownInstructions } from '../../shared/protocol';
import type { absences } from '../base/plainStrings';

const maxBytes = 48 * 1024;
/** Files that once were context are read again up to this. */
export const maxReadBytes = 1024 * 1024;

const names = ['CLAUDE.md', 'AGENTS.md', '.github/copilot-instructions.md'] as const;
/** How far what an import imports is followed, and how many are looked at. */
const maxDepth = 4;
const maxImports = 20;

/** Reads a text that may be sent; null for all else. `ignoredToo`: one that is kept out of git, too. */
export type Read = (uri: string, maxBytes: number, ignoredToo?: boolean) => Promise<ContextFile | null>;

/** Why something does not go along; `refused`: the workspace knows why. */
export type PassedOver = 'refused' | keyof typeof absences;

interface InstructionParts {
  readonly own: string;
  readonly isTrusted: boolean;
  readonly roots: readonly { readonly uri: string }[];
  readonly read: Read;
  /** Why a file cannot be read. */
  readonly why: (uri: string) => Promise<PassedOver>;
}

/**
 * The user's own, and, in a trusted workspace only, the project's, each file with what it imports behind it. Cut with a
 * note when long. `passed`: what is imported, and does not go along.
 */
export async function standingInstructions(
  { own, isTrusted, roots, read, why }: InstructionParts,
  passed: Map<string, PassedOver>,
): Promise<readonly ContextFile[]> {
  const found: ContextFile[] = own.trim() === '' ? [] : [{ ...ownInstructions, text: cut(own.trim().toWellFormed()) }];
  if (!isTrusted) return found;
  // One is often a symlink to the other.
  const take = (file: ContextFile): boolean => {
    if (file.text.trim() === '' || found.some(({ path }) => path === file.path)) return false;
    found.push({ ...file, text: cut(file.text) });
    return true;
  };
  const looked = new Set<string>();
  const follow = async (file: ContextFile, depth: number): Promise<void> => {
    for (const { uri, isAlone } of importsOf(file)) {
      if (looked.has(uri)) continue;
      looked.add(uri);
      const isBeyond = depth > maxDepth || looked.size > maxImports;
      const imported = isBeyond || isOfHome(uri) ? null : await read(uri, maxReadBytes);
      if (imported !== null) {
        if (take(imported)) await follow(imported, depth + 1);
        continue;
      }
      const reason = isOfHome(uri) ? 'outside' : isBeyond ? 'tooMany' : await why(uri);
      // Among other words a name that is no file is a decorator, a package, or somebody's.
      if (isAlone || (reason !== 'unreadable' && reason !== 'tooMany')) passed.set(uri, reason);
    }
  };
  for (const { uri } of roots) {
    for (const name of names) {
      const file = await read(`${uri.replace(/\/$/, '')}/${name}`, maxReadBytes, true);
      if (file !== null && take(file) && name === 'CLAUDE.md') await follow(file, 1);
    }
  }
  for (const file of found) passed.delete(file.uri);
  return found;
}

function isOfHome(uri: string): boolean {
  return uri.startsWith('home:');
}

interface Import {
  readonly uri: string;
  /** It is all that its line says. */
  readonly isAlone: boolean;
}

/** What a text imports by `@path`, from where it lies; not in code. `home:` for what begins with `~`. */
function importsOf({ uri, text }: ContextFile): readonly Import[] {
  const found: Import[] = [];
  let fence = '';
  for (const line of text.split('\n')) {
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    if (mark !== '') fence = fence === '' ? mark : mark.startsWith(fence) ? '' : fence;
    if (mark !== '' || fence !== '') continue;
    const isAlone = /^\s*(?:[-*+] )?@(?:\\ |\S)+\s*$/.test(line);
    for (const [, named = ''] of line.replace(/`[^`]*`/g, '').matchAll(/(?<=^|[\s(*_])@((?:\\ |[^\s`@]){1,300})/g)) {
      const path = (isAlone ? named : named.replace(/[.,;:!?)*_'"]+$/, '')).replaceAll('\\ ', ' ');
      if (path === '') continue;
      // Two slashes would name another machine.
      const segments = path.toWellFormed().replace(/^\/+/, '/').split('/').map(encodeURIComponent).join('/');
      found.push({ uri: path.startsWith('~') ? `home:/${segments}` : new URL(segments, uri).href, isAlone });
    }
  }
  return found;
}

function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  const kept = bytes
    .subarray(0, maxBytes)
    .toString('utf8')
    .replace(/\ufffd+$/, '');
  return `${kept}\n[Cut here: this file has ${bytes.length.toLocaleString('en-US')} bytes. read_file shows the rest.]`;
}
