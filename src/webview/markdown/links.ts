/**
 * Where links lead, and which of them are allowed; and places in files, as models write them in code: `src/a.ts:3:7`,
 * `app/[id]/page.tsx#L3-L5`, `Makefile, lines 3 and 9`.
 */
import { limits } from './limits';

/** Where a link may lead. Everything else is shown as text. */
export type LinkTarget = { readonly kind: 'web'; readonly url: string } | ({ readonly kind: 'file' } & FilePlace);

/** Web and mail addresses, and files of the workspace (`src/app.ts:42`, `src/app.ts#L42`); null for the rest. */
export function linkTarget(href: string): LinkTarget | null {
  const address = withoutScheme(href.trim());
  if (/^(?:https?:\/\/|mailto:)/i.test(address)) return webTarget(address);
  // No path is longer.
  if (address.length > limits.path) return null;
  if (address === '' || /^[#?]|^[\\/]{2}|\p{Cc}/u.test(address)) return null;
  const path = decodePath(address);
  const place = placeIn(path) ?? placeIn(address);
  if (place !== null) return { kind: 'file', ...place };
  // A scheme, unless it is a drive ("C:\").
  if (/^[a-z][a-z0-9+.-]*:/i.test(address) && !/^[a-z]:[\\/]/i.test(address)) return null;
  // A link says itself that it is a file, whatever stands before the position.
  const [, file, line] = /^(.+?)(?::|#L)(\d{1,7})(?:[:-]L?\d{1,7}){0,3}$/u.exec(path) ?? [];
  if (file !== undefined) return { kind: 'file', path: file, line: Math.max(1, Number(line)), column: null, end: null };
  const whole = decodePath(address.replace(/#[^/\\]*$/, '') || address);
  return { kind: 'file', path: whole, line: null, column: null, end: null };
}

function webTarget(address: string): LinkTarget | null {
  return URL.canParse(address) ? { kind: 'web', url: new URL(address).href } : null;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The path in an address of a file of this machine (`file:///w/a.ts`, `vscode://file/w/a.ts`); all else as it is. */
export function withoutScheme(text: string): string {
  const path = text.replace(/^(?:file:\/\/|vscode:\/\/file)(?:\/(?=[a-z](?::|%3a))|(?=\/[^/]))/i, '');
  return path === text ? text : decodePath(path);
}

/** A file, and where in it; lines and columns count from 1. */
export interface FilePlace {
  readonly path: string;
  readonly line: number | null;
  readonly column: number | null;
  /** The last line of several. */
  readonly end: number | null;
}

/** A piece of code: its text, and where that leads; null for what stands between places. */
export interface CodePiece {
  readonly text: string;
  readonly place: FilePlace | null;
}

const number = String.raw`(\d{1,7})`;
const dash = String.raw`\s?[-–—]\s?`;
/** "3", "L3", "3:7", "3-5", "L3:7-L5:2", with groups for line, column and end; of "3:7-9" the 9 is a column. */
const span = String.raw`L?${number}(?:[:,C]${number}(?:-\d{1,7}(?![\d:C]))?)?(?:${dash}L?${number}(?:[:C]\d{1,7})?)?`;

const endings =
  '[cm]?[jt]sx?|cs|vb|fsx?|py|rs|java|kts?|swift|c|cc|cpp|cxx|h|hh|hpp|mm?|php|rb|sql|ps1|xaml|xml|vue|svelte|json|ya?ml';

/** The ending of what is hardly ever something else. */
const sure = new RegExp(`\\.(?:${endings}|go|md|html|css|toml)$`, 'i');

/** How the position stands behind the path: the path is the first group. A column behind a comma only in parentheses. */
const forms: readonly RegExp[] = [
  // src/a.ts:3, src/a.ts:3:7, src/a.ts:3-5; and what a compiler says behind it, which names no other place.
  new RegExp(String.raw`^(.+?):${span.replace('[:,C]', '[:C]')}(?::?\s(?!.*\w[:#]L?\d).*|[:.,;])?$`, 'u'),
  // src/a.ts#L3, src/a.ts#L3-L5, src/a.ts#L3C7, src/a.ts@L3
  new RegExp(`^(.+)(?:#|@(?=L))${span.replace('[:,C]', '[:C]')}$`, 'u'),
  // src/a.ts(3,7), src/a.ts (line 3), src/a.ts (L3-L5)
  new RegExp(String.raw`^(.+?)\s?\((?:lines?\s|at\s|ll?\.\s?|(?=L))${span}\)(?::.*)?$`, 'iu'),
  // Without a word for it a number in parentheses may be an argument: only behind an ending that is no method.
  new RegExp(String.raw`^(.+?\.(?:${endings}))\(${span}\)(?::.*)?$`, 'u'),
  // src/a.ts line 3, src/a.ts, lines 3-5, src/a.ts L3, src/a.ts at line 3, column 7
  new RegExp(
    String.raw`^(.+?),?\s(?:(?:at|on)\s)?(?:lines?\s?|ll?\.\s?|L)${number}(?:,?\s(?:col(?:umn)?|char(?:acter)?)\.?\s?${number})?(?:(?:${dash}|\sto\s|\sthrough\s)L?${number})?$`,
    'iu',
  ),
  // File "src/a.py", line 3, in main
  new RegExp(`^File "(.+?)", line ${number}()()(?:, in .*)?$`, 'u'),
];

/** Behind the first place of a list: "a.ts:3,9-11 and 20". */
const another = new RegExp(
  String.raw`^((?:,\s?|\s?[&+]\s?|,?\sand\s)(?:lines?\s)?)(L?${number}(?:${dash}L?${number})?)`,
  'u',
);
const listed = new RegExp(
  String.raw`^(.+?(?::|#|,?\slines?\s))L?\d{1,7}(?:${dash}L?\d{1,7})?(?:(?:,\s?|\s?[&+]\s?|,?\sand\s)(?:lines?\s)?L?\d{1,7}(?:${dash}L?\d{1,7})?)+$`,
  'u',
);

/** Names without an ending that are files all the same. */
const bare =
  /^(?:Makefile|Dockerfile|Containerfile|Gemfile|Rakefile|Procfile|Jenkinsfile|Vagrantfile|Justfile|justfile|makefile|Brewfile|Podfile|Fastfile|BUILD|WORKSPACE|LICENSE|README|CHANGELOG|NOTICE|AUTHORS|CODEOWNERS|OWNERS|\.[A-Za-z][\w.-]*)$/;

/** Hosts before a port, and what else a number may follow. */
const noFile =
  /^(?:[\w.-]+@)?(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|(?:[\w-]+\.)+(?:com|org|net|io|internal|lan|local|localhost))$/i;

/** True for what may be the path of a file: by its ending, its folders or its name. */
export function isPath(path: string): boolean {
  if (path !== path.trim() || /[\p{Cc}<>|"?*;=`{}]|:\/\/|^\/\/|^\\\\|^[-([]?$/u.test(path)) return false;
  const withoutDrive = path.replace(/^[A-Za-z]:(?=[\\/])/, '');
  if (withoutDrive.includes(':') || noFile.test(path)) return false;
  const name = nameOf(path);
  if (name === '' || name === '.' || name === '..') return false;
  if (bare.test(name)) return true;
  const hasFolder = name !== path;
  // An ending of letters, digits and the like that is no number: "a.test.ts", "page.tsx", "данные.csv".
  const ending = /[^.\s]\.([\p{L}\p{N}_+-]{1,20})$/u.exec(name)?.[1];
  if (ending !== undefined && /\p{L}/u.test(ending)) return hasFolder || !/[()]/.test(name);
  // Without an ending only in a folder, and of one word: "bin/serve", "src/Makefile.am".
  return hasFolder && /^[\p{L}\p{N}_.@$+~[\]-]+$/u.test(name) && !/\s/.test(path);
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** A whole path with a position, in any of the forms; null for all else. */
export function placeIn(code: string): FilePlace | null {
  if (code.length > limits.path || !/\d/.test(code)) return null;
  const text = unwrapped(code);
  for (const form of forms) {
    const [, path = '', line, column, end] = form.exec(text) ?? [];
    if (line === undefined || !isPath(path)) continue;
    const known = (digits: string | undefined): number | null => (digits ? Number(digits) : null);
    const first = Number(line);
    const last = known(end);
    return first < 1
      ? null
      : { path, line: first, column: known(column) || null, end: last !== null && last > first ? last : null };
  }
  return null;
}

/** The pieces of code that names places: one, or each line of a list; null for code that names none. */
export function placesIn(code: string): readonly CodePiece[] | null {
  if (code.length > limits.path || !/\d/.test(code)) return null;
  return lines(code) ?? one(code);
}

/** Those of code that is surely about files; of what else looks so (`owner/repo#12`, `node:18`) the host is asked first. */
export function placesToDraw(code: string): readonly CodePiece[] | null {
  const places = placesIn(code);
  const path = places?.[0]?.place?.path ?? '';
  return sure.test(path) || bare.test(nameOf(path)) ? places : null;
}

function one(code: string): readonly CodePiece[] | null {
  const place = placeIn(code);
  return place === null ? null : [{ text: code, place }];
}

function lines(code: string): readonly CodePiece[] | null {
  const head = listed.exec(code)?.[1];
  if (head === undefined) return null;
  const path = head.replace(/(?::|#|,?\slines?\s)$/, '');
  if (!isPath(path)) return null;
  const first = /^L?\d{1,7}(?:\s?[-–—]\s?L?\d{1,7})?/.exec(code.slice(head.length))?.[0] ?? '';
  const pieces: CodePiece[] = [{ text: head + first, place: placeAt(path, first) }];
  let rest = code.slice(head.length + first.length);
  for (let next = another.exec(rest); next !== null; next = another.exec(rest)) {
    const [all, between = '', position = ''] = next;
    pieces.push({ text: between, place: null }, { text: position, place: placeAt(path, position) });
    rest = rest.slice(all.length);
  }
  return pieces.every(({ place, text }) => place !== null || text !== '') && rest === '' ? pieces : null;
}

function placeAt(path: string, position: string): FilePlace {
  const [line = 1, end = null] = [...position.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  return { path, line: Math.max(1, line), column: null, end: end !== null && end > line ? end : null };
}

/** Without what stands around a place: quotes, a stack's "at f (…)". */
function unwrapped(code: string): string {
  const text = code.trim();
  const frame = /^at\s(?:.{1,200}\s)?\((.+)\)$/.exec(text)?.[1] ?? /^at\s(.+)$/.exec(text)?.[1] ?? text;
  return withoutScheme(/^(["'])([^"']+)\1$/.exec(frame)?.[2] ?? frame);
}
