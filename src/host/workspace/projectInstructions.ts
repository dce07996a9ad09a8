/** What the user and the project ask of every answer: the setting, CLAUDE.md and its like of each root, and what a CLAUDE.md imports. */
import type { ContextFile } from '../../core/record/record';
import { ownInstructions } from '../../shared/protocol';
import type { absences } from '../base/plainStrings';

/** Of one file, and of all of the project's together. */
const maxBytes = 48 * 1024;
const maxBytesOfAll = 3 * maxBytes;
/** Files that once were context are read again up to this. */
export const maxReadBytes = 1024 * 1024;

const names = ['CLAUDE.md', 'AGENTS.md', '.github/copilot-instructions.md'] as const;
/** How far what an import imports is followed; how many a root has, and for how many names it is looked. */
const maxDepth = 4;
const maxImports = 20;
const maxNames = 100;

/** What is followed further: in code a decorator looks like an import. */
const prose = /(?:\.(?:md|mdc|mdx|markdown|txt)|(?:^|\/)[^/.]+)$/i;

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

interface StandingInstructions {
  readonly files: readonly ContextFile[];
  /** Of what is imported and goes along: the URIs of those that import it. */
  readonly importedBy: Readonly<Record<string, readonly string[]>>;
  /** What is imported and does not go along, or is cut. */
  readonly passed: ReadonlyMap<string, PassedOver>;
  /** URIs of what was imported and looked for, there or not. */
  readonly looked: ReadonlySet<string>;
}

/**
 * The user's own, and, in a trusted workspace only, the project's, each file with what it imports behind it: what is
 * named nearest first. Cut with a note when long.
 */
export async function standingInstructions(parts: InstructionParts): Promise<StandingInstructions> {
  const { isTrusted, roots, read, why } = parts;
  const passed = new Map<string, PassedOver>();
  const looked = new Set<string>();
  /** The URIs of what goes along, by path and by whatever name it was imported. */
  const paths = new Map<string, string>();
  const targets = new Map<string, string>();
  const importedBy: Record<string, string[]> = {};
  let bytes = 0;
  const cut = (file: ContextFile, ...note: readonly [has: string, rest: string]): ContextFile => {
    const text = cutText(file.text, ...note);
    if (text !== file.text) passed.set(file.uri, 'cut');
    return { ...file, text };
  };
  const own = parts.own.trim().toWellFormed();
  const owns = own === '' ? [] : [cut({ ...ownInstructions, text: own }, 'they have', 'The rest is not sent.')];
  /** null for what is empty, there already (one is often a symlink to the other), or too much. */
  const taken = (file: ContextFile): ContextFile | null => {
    if (file.text.trim() === '' || paths.has(file.path)) return null;
    const one = cut(file, 'this file has', 'read_file shows the rest.');
    bytes += Buffer.byteLength(one.text);
    if (bytes <= maxBytesOfAll) {
      paths.set(file.path, file.uri);
      return one;
    }
    bytes -= Buffer.byteLength(one.text);
    passed.set(file.uri, 'tooLarge');
    return null;
  };

  const isRoot = new Set<string>();
  const note = (by: ContextFile, uri: string | undefined): void => {
    if (uri === undefined || isRoot.has(uri)) return;
    importedBy[uri] ??= [];
    if (!importedBy[uri].includes(by.uri)) importedBy[uri].push(by.uri);
  };
  const imports = async (root: ContextFile): Promise<readonly ContextFile[]> => {
    const imported: ContextFile[] = [];
    let named = 0;
    const queue = [{ file: root, depth: 1 }];
    for (const { file, depth } of queue) {
      for (const { uris, isAlone } of prose.test(file.path) ? importsOf(file) : []) {
        for (const [index, uri] of uris.entries()) {
          if (looked.has(uri)) {
            note(file, targets.get(uri));
            break;
          }
          named += 1;
          if (named > maxNames) {
            passed.set(uri, 'tooManyImports');
            return imported;
          }
          looked.add(uri);
          const found = isOfHome(uri) ? null : await read(uri, maxReadBytes);
          if (found !== null) {
            const beyond = depth > maxDepth ? 'tooDeep' : imported.length === maxImports ? 'tooManyImports' : null;
            const one = beyond === null ? taken(found) : null;
            if (beyond !== null && !paths.has(found.path)) passed.set(uri, beyond);
            const target = paths.get(found.path);
            if (target !== undefined) targets.set(uri, target);
            note(file, target);
            if (one !== null) {
              imported.push(one);
              queue.push({ file: one, depth: depth + 1 });
            }
            break;
          }
          const reason = isOfHome(uri) ? 'outside' : await why(uri);
          if (reason === 'unreadable' && index < uris.length - 1) continue;
          // Among other words a name that is no file is a decorator, a package, or somebody's.
          if (isAlone || reason !== 'unreadable') passed.set(uri, reason);
          break;
        }
      }
    }
    return imported;
  };

  const files: { readonly file: ContextFile; readonly follow: boolean }[] = [];
  for (const { uri } of isTrusted ? roots : []) {
    for (const name of names) {
      const found = await read(`${uri.replace(/\/$/, '')}/${name}`, maxReadBytes, true);
      if (found === null) continue;
      looked.add(found.uri);
      const file = taken(found);
      if (file === null) continue;
      isRoot.add(file.uri);
      files.push({ file, follow: name === 'CLAUDE.md' });
    }
  }
  // What every root has goes before what one of them imports.
  const all = [...owns];
  for (const { file, follow } of files) all.push(file, ...(follow ? await imports(file) : []));
  return { files: all, importedBy, passed, looked };
}

function isOfHome(uri: string): boolean {
  return uri.startsWith('home:');
}

interface Import {
  /** What it may mean, the likeliest first. */
  readonly uris: readonly string[];
  /** It is all that its line says. */
  readonly isAlone: boolean;
}

/** What a text imports by `@path`, from where it lies, each name once. `home:` for what begins with `~`. */
function* importsOf({ uri, text }: ContextFile): Generator<Import> {
  const known = new Set<string>();
  for (const line of wordsOf(text)) {
    const isAlone = /^\s*(?:[-*+] )?@(?:\\ |\S)+\s*$/.test(line);
    for (const [, named = ''] of line.matchAll(/(?<=^|[\s(*_])@((?:\\ |[^\s`@]){1,300})/g)) {
      if (known.has(named)) continue;
      known.add(named);
      const plain = withoutSigns(named);
      const uris = (isAlone ? [...new Set([named, plain])] : [plain])
        .filter((path) => path !== '')
        .map((path) => uriFrom(uri, path.replaceAll('\\ ', ' ')));
      if (uris.length > 0) yield { uris, isAlone };
    }
  }
}

/** As VS Code writes it: what the same file has elsewhere. */
function uriFrom(uri: string, path: string): string {
  // Two slashes would name another machine.
  const segments = path.toWellFormed().replace(/^\/+/, '/').split('/').map(encodedSegment).join('/');
  return path.startsWith('~') ? `home:/${segments}` : new URL(segments, uri).href;
}

function encodedSegment(segment: string): string {
  const hex = (sign: string): string => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(segment).replace(/[!'()*]/g, hex);
}

function withoutSigns(path: string): string {
  let end = path.length;
  while (end > 0 && '.,;:!?)*_\'"'.includes(path.charAt(end - 1))) end -= 1;
  return path.slice(0, end);
}

/** The lines of a text without what is code or a comment in it. */
function* wordsOf(text: string): Generator<string> {
  let fence = '';
  let isComment = false;
  for (const line of text.split('\n')) {
    const [, mark = '', behind = ''] = isComment
      ? []
      : (/^[\s>*+-]*(?:\d{1,9}[.)]\s+)?(`{3,}(?=[^`]*$)|~{3,})(.*)$/.exec(line) ?? []);
    if (fence !== '') {
      if (mark.startsWith(fence) && behind.trim() === '') fence = '';
      continue;
    }
    fence = mark;
    if (fence !== '') continue;
    const plain = isComment ? line : line.replace(/`[^`]*`/g, '');
    let words = '';
    for (let at = 0; ; ) {
      const end = plain.indexOf(isComment ? '-->' : '<!--', at);
      if (!isComment) words += plain.slice(at, end === -1 ? undefined : end);
      if (end === -1) break;
      at = end + (isComment ? 3 : 4);
      isComment = !isComment;
    }
    yield words;
  }
}

function cutText(text: string, has: string, rest: string): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const bytes = Buffer.from(text);
  const kept = bytes
    .subarray(0, maxBytes)
    .toString('utf8')
    .replace(/\ufffd+$/, '');
  return `${kept}\n[Cut here: ${has} ${bytes.length.toLocaleString('en-US')} bytes. ${rest}]`;
}
