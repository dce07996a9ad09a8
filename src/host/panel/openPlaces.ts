/** Shows what a link or a chip of the panel names: a file of the workspace, a symbol, the document that something was selected in. */
import * as vscode from 'vscode';
import type { SelectionSource } from '../../shared/contextLine';
import { ownInstructions } from '../../shared/protocol';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';
import { strings } from '../base/strings';
import { nameIn, type SymbolPlace, type SymbolPlaces } from '../workspace/language/symbolPlaces';
import { otherDocument } from '../workspace/selected/cursors';
import { statUri } from '../workspace/uriFiles';
import type { HostWorkspace } from '../workspace/workspace';
import { placesOf } from '../workspace/workspacePath';

/** Where in a file: lines and columns count from 1, `end` is the last line of several. */
interface Place {
  readonly line: number | null;
  readonly column: number | null;
  readonly end: number | null;
}

const nowhere: Place = { line: null, column: null, end: null };

/** Finds files by their names. */
export type NamedFiles = Pick<HostWorkspace, 'findFiles'>;

/** Files of one name that are offered. */
const maxFiles = 50;
/** ms for which they are looked for: to open one, and to say which of many are there. */
const findMs = 10_000;
const thereMs = 4_000;
/** Files of all the names that are looked for together. */
const maxThere = 2_000;
/** Names that are looked at side by side. */
const side = 4;

/**
 * Shows a file of the workspace, or one that an editor has open already, in a preview tab. One that is named without its
 * folders is found below the roots; of several the user picks. Lines count from 1.
 */
export async function openFile(path: string, place: Place, files: NamedFiles): Promise<void> {
  if (path === ownInstructions.path) {
    await vscode.commands.executeCommand('workbench.action.openSettings', '@id:prelude.instructions');
    return;
  }
  for (const name of namesInFolders(path)) {
    const uri = openDocument(name) ?? (await findInWorkspace(name));
    if (uri !== null) return await show(uri, place);
  }
  for (const end of endsOf(path)) {
    const found = closest(path, await filesBelow(end, files));
    if (found.length === 0) continue;
    const one =
      found.length === 1 ? found[0] : await vscode.window.showQuickPick(found, { title: strings.filesNamed(end) });
    const uri = one === undefined ? null : await findInWorkspace(one);
    return uri === null ? undefined : await show(uri, place);
  }
  throw refused(refusals.notInWorkspace(path));
}

/** Those of the names that `openFile` would show, within a few seconds: what is not found by then is not there. Never rejects. */
export async function filesThere(names: readonly string[], files: NamedFiles): Promise<readonly string[]> {
  const late = AbortSignal.timeout(thereMs);
  const there = new Set<string>();
  const left = [...names];
  const next = async (): Promise<void> => {
    for (let name = left.shift(); name !== undefined && !late.aborted; name = left.shift())
      for (const one of namesInFolders(name))
        if (openDocument(one) !== null || (await findInWorkspace(one).catch(() => null)) !== null) there.add(name);
  };
  await Promise.all(Array.from({ length: side }, next));
  const others = names.filter((name) => !there.has(name));
  const ends = others.flatMap((name) => endsOf(name).map((end) => [name, end] as const));
  // All by one look at the names of the files.
  const found = await pathsThatEnd(
    ends.map(([, end]) => end),
    maxThere,
    files,
    late,
  );
  const has = new Set(found.flatMap(pathEnds));
  for (const [name, end] of ends) if (has.has(end)) there.add(name);
  return names.filter((name) => there.has(name));
}

/** "src/a/b.ts": itself, "a/b.ts" and "b.ts". */
function pathEnds(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, at) => parts.slice(at).join('/'));
}

/** What may stand before a path: the words of a command, the side of a diff, what makes a mention or names a function. */
const beforePath: readonly RegExp[] = [/^[^\\/]*\s(?=\S+$)/, /^[ab]\//, /^[^\\/@]*@/];

/** Files of packages and of languages: one of the workspace that is named so is another one. */
const ofOthers = /\/(?:node_modules|(?:site|dist)-packages|python[\d.]+|gems|rustc|\.cargo|pkg\/mod)\//;

/** The whole, and without what may stand before a path ("rspec spec/login_spec.rb", "b/src/a.ts", "@src/a.ts"). */
function namesIn(path: string): readonly string[] {
  return distinct([path, ...beforePath.map((form) => path.replace(form, ''))]);
}

/** Those, and what stands behind the name of a folder that is open. */
function namesInFolders(path: string): readonly string[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const [first = '', ...rest] = path.split(/[\\/]/);
  const isNamed = folders.some(({ name, uri }) => name === first || uri.path.endsWith(`/${first}`));
  return isNamed && first !== '' ? distinct([...namesIn(path), rest.join('/')]) : namesIn(path);
}

/**
 * Ends of the paths of files that may be meant: all of a name, and the last two parts of one that begins elsewhere (in a
 * container, in the checkout of a build, at home, in the folder above).
 */
function endsOf(path: string): readonly string[] {
  const whole = namesIn(path).map(endOf);
  const [before, end] = /^(?:[\\/~]|\.\.|[A-Za-z]:)/.test(path) ? lastTwo(path.replaceAll('\\', '/')) : ['', ''];
  return distinct([...whole, ofOthers.test(before) ? null : endOf(end)].flatMap((one) => one ?? []));
}

function lastTwo(path: string): readonly [before: string, end: string] {
  const end = /[^/]+\/+[^/]+$/.exec(path)?.[0] ?? '';
  return [path.slice(0, path.length - end.length), end];
}

/** Those that have most of the path; before others one that is nothing else. */
function closest(path: string, found: readonly string[]): readonly string[] {
  const parts = path.replaceAll('\\', '/').split('/').reverse();
  const shared = (one: string): number => {
    const own = one.split('/').reverse();
    const other = own.findIndex((part, at) => part !== parts[at]);
    return other === -1 ? own.length + 0.5 : other;
  };
  const most = Math.max(...found.map(shared));
  return found.filter((one) => shared(one) === most);
}

function distinct(all: readonly string[]): readonly string[] {
  return [...new Set(all)].filter((one) => one !== '');
}

/** The files that are listed behind "@" and whose paths end so. */
async function filesBelow(end: string, files: NamedFiles): Promise<readonly string[]> {
  const found = await pathsThatEnd([end], maxFiles, files, AbortSignal.timeout(findMs));
  return found.filter((one) => `/${one}`.endsWith(`/${end}`));
}

/** The end of the path of a file that is named so; null where none can be. */
function endOf(name: string): string | null {
  const end = name.replaceAll('\\', '/').replace(/^(?:\.?\/)+/, '');
  return end === '' || end.split('/').includes('..') ? null : end;
}

/** With those that end nearly so. */
async function pathsThatEnd(
  ends: readonly string[],
  limit: number,
  files: NamedFiles,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (ends.length === 0) return [];
  // Signs of a pattern stand for any one sign.
  const patterns = new Set(ends.map((end) => `**/${end.replaceAll(/[*?[\]{}!,]/g, '?')}`));
  // Where nothing matches, it says why.
  const { paths } = await files
    .findFiles([...patterns].join(','), limit, signal)
    .catch(() => ({ paths: [] as readonly string[] }));
  return paths;
}

/** Shows where something was selected; refused with its name where that is gone. */
export async function openSource({ uri: address, path, line, cell }: SelectionSource): Promise<void> {
  const uri = vscode.Uri.parse(address, true);
  if (cell !== null) return openCell(uri, path, line, cell);
  if (uri.scheme === 'output') return openOutput(uri, path);
  if (isOpen(uri)) return show(uri, line);
  if (isFileScheme(uri)) return show(await fileOf(uri, path), line);
  if (uri.scheme === 'untitled') throw refused(refusals.notOpen(nameOf(uri, path)));
  if (!(await hasText(uri))) throw refused(refusals.gone(nameOf(uri, path)));
  await show(uri, line);
}

/** Shows where a name is defined; of several places that which the user picks. */
export async function openSymbol(name: string, symbols: Pick<SymbolPlaces, 'of'>): Promise<void> {
  const places = await symbols.of(name);
  const [only] = places;
  if (only === undefined) throw refused(refusals.noSymbol(name));
  const place = places.length === 1 ? only : await pickSymbol(name, places);
  if (place === null) return;
  const uri = vscode.Uri.parse(place.uri, true);
  const document = await vscode.workspace.openTextDocument(uri);
  // At the name itself, where its line has it.
  const { text } = document.lineAt(Math.min(place.line, document.lineCount) - 1);
  await show(uri, { line: place.line, column: Math.max(0, text.indexOf(nameIn(name).last)) + 1, end: null });
}

async function pickSymbol(name: string, places: readonly SymbolPlace[]): Promise<SymbolPlace | null> {
  const rows = places.map((place) => ({
    // What kind it is says its icon, as in VS Code's own lists of symbols.
    label: `$(symbol-${place.kind === 'symbol' ? 'misc' : place.kind}) ${place.path}:${place.line}`,
    description: place.container,
    place,
  }));
  const picked = await vscode.window.showQuickPick(rows, {
    title: strings.definitionsOf(name),
    matchOnDescription: true,
  });
  return picked?.place ?? null;
}

/** Opens what is not text, too: an image, a notebook. */
async function show(uri: vscode.Uri, place: number | Place | null): Promise<void> {
  const options: vscode.TextDocumentShowOptions = { preview: true };
  const { line, column, end } = typeof place === 'object' && place !== null ? place : { ...nowhere, line: place };
  if (line !== null) {
    // Of several lines all are selected, to the beginning of the one behind them.
    const character = (column ?? 1) - 1;
    options.selection =
      end === null
        ? new vscode.Range(line - 1, character, line - 1, character)
        : new vscode.Range(line - 1, character, end, 0);
  }
  await vscode.commands.executeCommand('vscode.open', uri, options);
}

/** A cell that is gone leaves its notebook. */
async function openCell(uri: vscode.Uri, path: string, line: number, cell: number): Promise<void> {
  const address = uri.toString();
  const open = vscode.workspace.notebookDocuments.find((each) => each.uri.toString() === address);
  if (open === undefined && uri.scheme === 'untitled') throw refused(refusals.notOpen(nameOf(uri, path)));
  const notebook = open ?? (await vscode.workspace.openNotebookDocument(await fileOf(uri, path)));
  const found = notebook.getCells()[cell - 1];
  await (found === undefined ? show(notebook.uri, null) : show(found.document.uri, line));
}

/** Outputs have a view of their own, and a command for each. */
async function openOutput(uri: vscode.Uri, path: string): Promise<void> {
  const command = `workbench.action.output.show.${uri.path}`;
  const known = await vscode.commands.getCommands(true);
  if (!known.includes(command)) throw refused(refusals.gone(nameOf(uri, path)));
  await vscode.commands.executeCommand(command);
}

/** Where it was, else where the workspace has it now: a folder may have been moved. */
async function fileOf(uri: vscode.Uri, path: string): Promise<vscode.Uri> {
  const found = (await isFile(uri)) ? uri : await findInWorkspace(path);
  if (found === null) throw refused(refusals.gone(path));
  return found;
}

function isFileScheme({ scheme }: vscode.Uri): boolean {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return scheme === 'file' || folders.some(({ uri }) => uri.scheme === scheme);
}

/** Of a version of a file that is gone, Git's own documents are empty. */
async function hasText(uri: vscode.Uri): Promise<boolean> {
  try {
    return (await vscode.workspace.openTextDocument(uri)).getText() !== '';
  } catch {
    return false;
  }
}

function nameOf(uri: vscode.Uri, path: string): string {
  return otherDocument(uri)?.label ?? path;
}

function isOpen(uri: vscode.Uri): boolean {
  const address = uri.toString();
  return vscode.workspace.textDocuments.some((document) => document.uri.toString() === address);
}

/** What is open was opened by the user: it may be shown wherever it lies. */
function openDocument(path: string): vscode.Uri | null {
  const document = vscode.workspace.textDocuments.find(
    ({ uri }) => uri.toString() === path || uri.fsPath === path || vscode.workspace.asRelativePath(uri) === path,
  );
  return document?.uri ?? null;
}

async function findInWorkspace(path: string): Promise<vscode.Uri | null> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const roots = folders.map(({ name, uri }) => ({ name, path: uri.path, uri }));
  const target = path.startsWith('file:') && URL.canParse(path) ? vscode.Uri.parse(path, true).path : path;
  // "/src/a.ts" may be meant from the root of the workspace.
  for (const { root, segments } of [...placesOf(target, roots), ...placesOf(target.replace(/^\/+/, ''), roots)]) {
    const folder = roots.find((one) => one.name === root.name && one.path === root.path);
    if (folder === undefined) continue;
    const uri = vscode.Uri.joinPath(folder.uri, ...segments);
    if (await isFile(uri)) return uri;
  }
  return null;
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  try {
    const { type } = await statUri(uri);
    return (type & vscode.FileType.File) !== 0;
  } catch {
    return false;
  }
}
