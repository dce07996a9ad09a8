/**
 * The files and folders that a pattern for paths names or begins with: each may be one that is not looked at without
 * asking, and is then looked through as if it were a root of its own.
 */
import { basename, dirname, posix } from 'node:path';

import { fileURLToPath } from 'node:url';
import { ToolError } from '../../../core/tools/workspace';
import { diskOf } from '../files/disk';
import { DiskSilent } from '../files/door';
import type { Root } from '../files/facts';
import { homeExpanded } from '../files/outside';
import { isSecret, type Located, type Locator } from './locate';

/** What one part of a pattern names, or begins with. */
export interface PatternPlace {
  readonly located: Located;
  readonly kind: 'file' | 'directory';
  /** The part behind it, a glob relative to it; '' for all of it. */
  readonly rest: string;
}

/** The parts of a pattern: at the commas that stand in no braces or brackets. */
export function splitList(text: string): readonly string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth = Math.max(0, depth - 1);
    if (character === ',' && depth === 0) parts.push('');
    else parts.push((parts.pop() ?? '') + character);
  }
  const named = parts.map((part) => part.trim()).filter((part) => part !== '');
  return named.length === 0 ? [text] : named;
}

/** The place of a part; null where it begins with a glob, or with nothing that is there. */
export async function placeOf(locator: Locator, part: string, signal: AbortSignal): Promise<PatternPlace | null> {
  const path = plainPath(part, locator.platform);
  if (path === null) return null;
  // A bracket may stand for itself: `app/[id]/page.tsx`.
  const whole = /[*?]/.test(path) ? null : await find(locator, path, signal);
  if (whole !== null) return { ...whole, rest: '' };
  const segments = path.split('/');
  const end = segments.findIndex((segment) => /[*?[{]/.test(segment));
  if (end < 1) return null;
  const start = segments.slice(0, end).join('/');
  const found = await find(locator, start === '' ? '/' : start, signal);
  return found?.kind === 'directory' ? { ...found, rest: segments.slice(end).join('/') } : null;
}

/** What is allowed of a place: the place itself, and of a folder all that lies in it. */
export function placeUri(locator: Locator, { located, kind }: PatternPlace): string {
  const uri = locator.uriOf(located);
  return kind === 'directory' ? `${uri.replace(/\/$/, '')}/**` : uri;
}

/** Whether the user has allowed that a place is looked through. */
export function isAllowed(locator: Locator, place: PatternPlace): boolean {
  return !locator.allowed.isEmpty && locator.allowed.knows(placeUri(locator, place));
}

/** A place as a root of its own: of a file its folder, in which it alone is looked at. */
export function rootOfPlace(locator: Locator, { located, kind }: PatternPlace): Root {
  const { root, relative, file, path } = located;
  const isFile = kind === 'file';
  const folder = isFile ? posix.dirname(relative) : relative;
  const base = root.judgedAs ?? (root.folder === null ? root.name : basename(root.folder));
  const isAbove = folder === '' || folder === '.';
  return {
    name: isFile ? folderOf(path) : path,
    uri: isAbove ? root.uri : locator.facts.uriOf(root, folder),
    folder: file === null ? null : isFile ? dirname(file) : file,
    judgedAs: isAbove ? base : `${base}/${folder}`,
  };
}

/** Whether the user has allowed a file that is looked at for itself alone, whatever the rules of ignoring say of it. */
export function isNamedFile(locator: Locator, root: Root, relative: string): boolean {
  return !locator.allowed.isEmpty && locator.allowed.knows(locator.uriOf({ root, relative }));
}

/** Whether a file is left out of a search for its name. */
export function isHeldBack(locator: Locator, root: Root, relative: string): boolean {
  return isSecret({ root, relative }) && !locator.allows({ root, relative }, 'secret');
}

function folderOf(path: string): string {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return cut < 0 ? '' : path.slice(0, Math.max(cut, 1));
}

async function find(locator: Locator, path: string, signal: AbortSignal): Promise<Omit<PatternPlace, 'rest'> | null> {
  // With a slash in front it is below a root in the first place.
  const inside = /^\/(?!\/)/.test(path) ? await lookFor(locator, path.replace(/^\/+/, '') || '.', signal) : null;
  if (inside !== null && inside.located.isOutside !== true && path !== '/') return inside;
  return await lookFor(locator, path, signal);
}

async function lookFor(
  locator: Locator,
  path: string,
  signal: AbortSignal,
): Promise<Omit<PatternPlace, 'rest'> | null> {
  try {
    const located = await locator.lookFor(path);
    const found = located === null ? null : await diskOf(located.root, locator.facts).stat(located.relative, signal);
    if (located === null || (found?.kind !== 'file' && found?.kind !== 'directory')) return null;
    return { located, kind: found.kind };
  } catch (error) {
    // What is silent says so when it is searched.
    if (error instanceof ToolError && (error instanceof DiskSilent || !signal.aborted)) return null;
    throw error;
  }
}

/** With forward slashes, without `.` and `..` where they can be taken out; null for what is no path of this machine. */
function plainPath(part: string, platform: NodeJS.Platform): string | null {
  let path = homeExpanded(part);
  if (path.startsWith('file://')) {
    try {
      path = fileURLToPath(path);
    } catch {
      return null;
    }
  }
  if (path.includes('\0') || /^[a-z][a-z0-9+.-]+:\/\//i.test(path) || path.startsWith('\\\\')) return null;
  // Behind a folder a backslash may be there for a bracket.
  const slashed =
    platform === 'win32' && /^[a-z]:/i.test(path)
      ? path.replaceAll('\\', '/')
      : path.replaceAll(/\\(?![[\]{}*?!])/g, '/');
  const plain = posix.normalize(slashed).replace(/(?<=[^/])\/$/, '');
  return plain === '.' || plain === '' ? null : plain;
}
