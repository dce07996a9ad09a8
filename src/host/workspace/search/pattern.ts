/**
 * What a pattern for paths may mean: a glob, else a literal name (`app/[id]/page.tsx`), a folder with all in it, a path
 * of this machine that lies in a root, or several of these with commas between them (LESSONS L53).
 */
import { fileURLToPath } from 'node:url';
import { ToolError } from '../../../core/tools/workspace';
import type { Root } from '../files/facts';
import { homeExpanded } from '../files/outside';
import { globOf, pathOf } from '../ignore/glob';
import { GlobError, type GlobPart, parseGlob } from '../ignore/globSyntax';
import { splitList } from '../ignore/patternPlaces';

/** What a pattern means in one root. */
export interface RootPattern {
  /** For a path below the root. */
  matches(path: string): boolean;
  /** True for a path that matches, or that lies in a folder that does. */
  covers(path: string): boolean;
  /** Rules of an ignore file that take at least what matches; null where there would be too many. */
  readonly rules: readonly string[] | null;
  /** Those rules where they take nothing else. */
  readonly exact: readonly string[];
}

/** A pattern, read once for all roots. */
export interface PathPattern {
  readonly text: string;
  forRoot(root: Root): RootPattern;
  /** Why a part of it is no glob: it is taken as a literal name only. */
  readonly broken: readonly string[];
  /** The folders that its parts begin with, as far as they are written out; relative to `root`, or to each one. */
  readonly folders: readonly { readonly root: Root | null; readonly path: string }[];
  /** How many parts it has. */
  readonly parts: number;
}

type Alternatives = readonly (readonly GlobPart[])[];

/** One part of a pattern, relative to the root or to each one. */
interface Part {
  readonly root: Root | null;
  readonly glob: string;
  readonly anchored: boolean;
}

const all: readonly GlobPart[] = [{ kind: 'doubleStar' }];

const maxParts = 50;
/** Rules that ripgrep is given. */
const maxRules = 200;

/**
 * Reads a pattern. `places` are the roots with the folders in which they lie on this machine, symlinks resolved or not.
 * Throws a ToolError for what can mean nothing inside the workspace.
 */
export function readPattern(
  text: string,
  field: string,
  places: readonly { readonly root: Root; readonly folders: readonly string[] }[],
): PathPattern {
  if (text.includes('\0')) throw wrong(field, text, 'it contains a NUL character');
  const list = splitList(text);
  if (list.length > maxParts) throw wrong(field, text, `it is a list of more than ${maxParts}`);
  const parts = list.map((part) => partOf(part, field, places));
  // The name of one file may have commas, too.
  const whole = list.length > 1 && !/[\\:]/.test(text) ? [{ ...partOf(text, field, places), literal: true }] : [];
  const broken: string[] = [];
  const read = [...parts.map((part) => ({ ...part, literal: false })), ...whole].map((part) => ({
    ...part,
    alternatives: variantsOf(part).flatMap((variant) => {
      try {
        return parseGlob(variant);
      } catch (error) {
        if (!(error instanceof GlobError)) throw error;
        broken.push(error.message);
        return [];
      }
    }),
  }));
  if (read.every(({ alternatives }) => alternatives.length === 0)) throw wrong(field, text, broken[0] ?? 'it is empty');
  return {
    text,
    broken,
    parts: parts.length,
    folders: parts.flatMap(({ root, glob, anchored }) => {
      const path = folderOf(glob, anchored);
      return path === '' ? [] : [{ root, path }];
    }),
    forRoot: (root) => {
      const mine = read.filter((part) => part.root === null || part.root.uri === root.uri);
      const several = places.length > 1;
      return rootPattern(
        mine.flatMap(({ alternatives, root: only, glob }) => {
          if (!several || only !== null) return alternatives;
          if (glob.toLowerCase() === root.name.toLowerCase()) return [...alternatives, all];
          return [...alternatives, ...belowName(alternatives, root)];
        }),
      );
    },
  };
}

function rootPattern(alternatives: Alternatives): RootPattern {
  const glob = globOf(alternatives);
  const isAll = alternatives.some((parts) => parts.length === 1 && parts[0]?.kind === 'doubleStar');
  const matches = (path: string): boolean => {
    if (isAll) return true;
    const split = pathOf(isPlain(path) ? path : path.normalize('NFC'));
    return split !== null && glob.matches(split);
  };
  return {
    matches,
    covers: (path) => {
      for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
        if (matches(path.slice(0, end))) return true;
      }
      return matches(path);
    },
    rules: isAll || alternatives.length > maxRules ? null : alternatives.map(ruleOf),
    exact: alternatives.length > maxRules ? [] : alternatives.filter((parts) => parts.every(isExact)).map(ruleOf),
  };
}

/** ripgrep surely reads its rule as it is read here. */
function isExact(part: GlobPart): boolean {
  if (part.kind === 'text') return /[\w.-]/.test(part.text);
  return part.kind !== 'class';
}

function isPlain(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

function wrong(field: string, text: string, reason: string): ToolError {
  return new ToolError(
    `${field} ${JSON.stringify(text)} is not a glob that can be used: ${reason}. Give a simpler one, relative to the ` +
      'workspace: "src/**/*.ts".',
  );
}

function partOf(
  text: string,
  field: string,
  places: readonly { readonly root: Root; readonly folders: readonly string[] }[],
): Part {
  for (const { root } of places) {
    const base = root.uri.replace(/\/$/, '');
    if (text === base || text.startsWith(`${base}/`))
      return partIn(root, decoded(text.slice(base.length)), field, text);
  }
  const path = text.startsWith('file://') ? pathOfUri(text, field) : homeExpanded(text);
  const slashed = path.replaceAll('\\', '/');
  const isWindows = /^(?:[a-z]:\/|\/\/)/i.test(slashed);
  for (const { root, folders } of places) {
    for (const folder of folders.map((each) => each.replaceAll('\\', '/').replace(/\/$/, ''))) {
      const same = (start: string) => (isWindows ? start.toLowerCase() === folder.toLowerCase() : start === folder);
      const isBelow = ['', '/'].includes(slashed.charAt(folder.length)) && same(slashed.slice(0, folder.length));
      // Behind the folder a backslash may be there for a bracket.
      if (isBelow && folder !== '') return partIn(root, path.slice(folder.length), field, text);
    }
  }
  if (isWindows || /^[a-z][a-z0-9+.-]+:\/\//i.test(path) || path !== text) {
    throw wrong(field, text, 'it leads out of the workspace');
  }
  return partIn(null, path, field, text);
}

/** Without `.`, `..` and doubled slashes. */
function partIn(root: Root | null, path: string, field: string, text: string): Part {
  const segments: string[] = [];
  // A backslash before what it may be there for is not between folders.
  const slashed = path.replaceAll(/\\(?![[\]{}*?!])/g, '/');
  for (const segment of slashed.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) throw wrong(field, text, 'it leads out of the workspace');
  }
  const anchored = root !== null || /^\.?\//.test(slashed);
  if (segments.length === 0) return { root, glob: '**', anchored };
  return { root, glob: `${segments.join('/')}${/\/\.?$/.test(slashed) ? '/**' : ''}`.normalize('NFC'), anchored };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function pathOfUri(text: string, field: string): string {
  try {
    return fileURLToPath(text);
  } catch {
    throw wrong(field, text, 'it is no address of a file on this machine');
  }
}

/** What a part may mean, as globs. */
function variantsOf({ glob, anchored, literal }: Part & { readonly literal: boolean }): readonly string[] {
  const slashed = glob.replaceAll('\\', '/');
  const read = literal
    ? []
    : [glob, slashed, slashed.replaceAll(/[[\]]/g, '\\$&'), slashed.replaceAll(/[{}]/g, '\\$&')];
  const name = slashed.replace(/\/\*\*$/, '');
  const variants = new Set([...read, `${escaped(name)}${name === slashed ? '' : '/**'}`]);
  return [...variants].flatMap((variant) => {
    const place = anchored || variant.replaceAll(/\\./g, '').includes('/') ? variant : `**/${variant}`;
    const last = variant.slice(variant.lastIndexOf('/') + 1).replaceAll(/\\./g, '');
    // It may name a folder.
    return /[*?]/.test(last) ? [place] : [place, `${place}/**`];
  });
}

function escaped(name: string): string {
  return name.replaceAll(/[\\*?[\]{}]/g, '\\$&');
}

/** The folders that a glob begins with; '' for one that is about names at any depth. */
function folderOf(glob: string, anchored: boolean): string {
  const segments = glob.split('/');
  if (segments.length === 1 && !anchored) return '';
  const end = segments.findIndex((segment) => /[*?{[\\]/.test(segment));
  return segments.slice(0, end < 0 ? segments.length - 1 : end).join('/');
}

/** Those that begin with the name of the root, without it. */
function belowName(alternatives: Alternatives, root: Root): Alternatives {
  const name = pathOf(root.name.toLowerCase());
  return alternatives.flatMap((parts) => {
    const at = parts.findIndex(({ kind }) => kind === 'slash');
    if (at < 0 || name === null || parts[0]?.kind === 'doubleStar') return [];
    const first = parts
      .slice(0, at)
      .map((part) => (part.kind === 'text' ? { ...part, text: part.text.toLowerCase() } : part));
    return globOf([first]).matches(name) ? [parts.slice(at + 1)] : [];
  });
}

/** As a line of an ignore file. */
function ruleOf(parts: readonly GlobPart[]): string {
  const texts = parts.map((part) => {
    if (part.kind === 'slash') return '/';
    if (part.kind === 'star') return '*';
    if (part.kind === 'doubleStar') return '**';
    if (part.kind !== 'text') return '?';
    if (/[\s\p{Cc}]/u.test(part.text)) return '?';
    // Names may be written in another form of Unicode.
    return isPlain(part.text) ? part.text.replace(/[^\w.-]/, '\\$&') : '*';
  });
  return `/${texts.join('')}`;
}

/** A hint where a pattern is written in another language than that of globs; null where it is not. */
export function otherLanguage(text: string): string | null {
  if (/\.\*\\?\.|\\\.|\.\+|^\^|\$$|\(\?|\\[dws]/.test(text)) {
    return 'It reads as a regular expression, and this takes a glob: "**/*.ts".';
  }
  return text.startsWith('!') ? 'A ! at its beginning excludes nothing here.' : null;
}
