/** The rooms of src: what each file may import, in which order the floors stand, and how full a room may be. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { importsOf } from './imports';

/** Files of one folder at most, and lines of one file. */
export const mostFiles = 20;
export const mostLines = 400;

interface Wall {
  /** Which files it is about, by their path below src. */
  readonly files: RegExp;
  /** Buildings, and packages, that these may import. */
  readonly folders: RegExp;
  readonly packages: RegExp;
}

/** Between the buildings, and to what is not ours; the first row that fits a file is its own. */
const walls: readonly Wall[] = [
  { files: /^extension\.ts$/, folders: /./, packages: /./ },
  { files: /^shared\//, folders: /^shared\//, packages: /^$/ },
  { files: /^core\/tools\/edits\//, folders: /^(?:core|shared)\//, packages: /^diff$/ },
  { files: /^core\/tools\//, folders: /^(?:core|shared)\//, packages: /^zod\/(?:mini|locales)$/ },
  {
    files: /^core\//,
    folders: /^(?:core|shared)\//,
    packages: /^(?:@anthropic-ai\/sdk(?:\/.+)?|zod\/(?:mini|locales)|diff)$/,
  },
  { files: /^host\//, folders: /^(?:host|core|shared)\//, packages: /^(?:vscode|node:.+)$/ },
  {
    files: /^webview\//,
    folders: /^(?:webview|shared)\//,
    packages: /^(?:marked|lit-html(?:\/.+)?|highlight\.js(?:\/.+)?)$/,
  },
];

/** The floors of each building, the highest first; rooms on one floor do not import each other. '' is the folder itself. */
const floors: Readonly<Record<string, readonly (readonly string[])[]>> = {
  core: [
    ['turn'],
    ['transcript'],
    ['cost'],
    ['prompt'],
    ['tools/others'],
    ['tools'],
    ['tools/edits', 'tools/language', 'tools/ports', 'tools/secrets', 'tools/web'],
    ['tools/words'],
    ['context'],
    ['record'],
    ['api'],
    ['models'],
    ['base'],
  ],
  host: [
    [''],
    ['commands'],
    ['history'],
    ['panel'],
    ['session'],
    ['session/turns'],
    ['session/draft'],
    ['pricing'],
    ['workspace/edits'],
    ['workspace/language', 'workspace/git', 'workspace/mentions'],
    ['workspace'],
    ['workspace/search', 'workspace/selected'],
    ['workspace/search/regex'],
    ['workspace/ignore'],
    ['workspace/files'],
    ['settings'],
    ['store'],
    ['store/tables'],
    ['store/file'],
    ['base'],
  ],
  webview: [
    [''],
    ['header', 'transcript', 'edits', 'composer', 'conversations', 'usage', 'find'],
    ['composer/mentions'],
    ['view'],
    ['markdown'],
    ['dom'],
    ['l10n'],
  ],
};

/** The text of each file, by its path below src with forward slashes. */
export type Sources = ReadonlyMap<string, string>;

/** Reads all TypeScript below a folder. */
export function readSources(folder: string): Sources {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.ts'),
  );
  return new Map(
    files.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [file.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(file, 'utf8')];
    }),
  );
}

/** Where a specifier leads to, below src and without its ending; it begins with `..` outside. */
function targetOf(file: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(file), specifier)).replace(/\.(?:ts|js)$/, '');
}

/** What a file below src imports and may not by the walls and the floors, in words. */
export function wallsBroken(file: string, source: string): readonly string[] {
  const wall = walls.find(({ files }) => files.test(file));
  if (wall === undefined) return [`${file} lies in none of the folders of src`];
  return importsOf(source)
    .filter((specifier) => {
      if (!specifier.startsWith('.')) return !wall.packages.test(specifier);
      const target = targetOf(file, specifier);
      return target.startsWith('..') || !wall.folders.test(target) || isUpwards(file, target);
    })
    .map((specifier) => `${file} imports ${specifier}`);
}

/** True where an import leads to a floor above, or to another room on the same floor. */
function isUpwards(file: string, target: string): boolean {
  const [building = ''] = file.split('/');
  const own = floors[building];
  if (own === undefined || target.split('/')[0] !== building || roomOf(file) === roomOf(target)) return false;
  const level = (room: string): number => own.findIndex((floor) => floor.includes(room));
  return level(roomOf(target)) <= level(roomOf(file));
}

/** The folder of a file below its building. */
function roomOf(file: string): string {
  return file.split('/').slice(1, -1).join('/');
}

/** Rooms that stand on no floor. */
export function homeless(sources: Sources): readonly string[] {
  return [...sources.keys()].filter((file) => {
    const own = floors[file.split('/')[0] ?? ''];
    return own !== undefined && !own.some((floor) => floor.includes(roomOf(file)));
  });
}

/** Groups of files that import each other in a circle, types included. */
export function circles(sources: Sources): readonly (readonly string[])[] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const visit = (file: string): number => {
    const own = order.size;
    order.set(file, own);
    lowest.set(file, own);
    open.push(file);
    for (const specifier of importsOf(sources.get(file) ?? '')) {
      const target = specifier.startsWith('.') ? `${targetOf(file, specifier)}.ts` : '';
      if (!sources.has(target)) continue;
      const known = order.get(target);
      if (known === undefined) lowest.set(file, Math.min(lowest.get(file) ?? own, visit(target)));
      else if (open.includes(target)) lowest.set(file, Math.min(lowest.get(file) ?? own, known));
    }
    if (lowest.get(file) === own) {
      const circle = open.splice(open.indexOf(file));
      if (circle.length > 1) found.push(circle);
    }
    return lowest.get(file) ?? own;
  };
  for (const file of sources.keys()) if (!order.has(file)) visit(file);
  return found;
}

/** Folders with more files than one may hold. */
export function crowded(sources: Sources): readonly string[] {
  const counts = new Map<string, number>();
  for (const file of sources.keys()) {
    const folder = posix.dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > mostFiles).map(([folder, count]) => `${folder} has ${count} files`);
}

/** Files that do not begin by saying what they are. */
export function untitled(sources: Sources): readonly string[] {
  return [...sources].filter(([, source]) => !source.startsWith('/**')).map(([file]) => file);
}

/** Exported functions, classes, types and values without a docstring right above them, by file and name. */
export function undocumented(sources: Sources): readonly string[] {
  const exported = /^export (?:async |declare |abstract )*(?:function\*?|class|interface|type|const|let) (\w+)/gm;
  return [...sources].flatMap(([file, source]) =>
    [...source.matchAll(exported)].flatMap(({ 1: name = '', index }) =>
      source.slice(0, index).endsWith('*/\n') ? [] : [`${file} says nowhere what ${name} is`],
    ),
  );
}

/** Switches over entries, events or messages whose `default` takes kinds in that nobody has thought of. */
export function undecided(sources: Sources): readonly string[] {
  const ours = /^( *)switch \(((?:entry|event|message|intent|change)\.(?:kind|type|change))\) \{\n([\s\S]*?)^\1\}/gm;
  return [...sources].flatMap(([file, source]) =>
    [...source.matchAll(ours)].flatMap(([, indent = '', over = '', body = '']) => {
      const [, rest] = body.split(`\n${indent}  default:`);
      return rest === undefined || rest.includes('satisfies never') ? [] : [`${file} has a default over ${over}`];
    }),
  );
}

export function linesOf(source: string): number {
  return source.split('\n').length - (source.endsWith('\n') ? 1 : 0);
}

/** All that is wrong with the house of these sources, in words. */
export function faultsOf(sources: Sources): readonly string[] {
  return [
    ...[...sources].flatMap(([file, source]) => wallsBroken(file, source)),
    ...homeless(sources).map((file) => `${file} stands on no floor`),
    ...circles(sources).map((files) => `these import each other: ${files.join(', ')}`),
    ...crowded(sources),
    ...undecided(sources),
    ...undocumented(sources),
    ...untitled(sources).map((file) => `${file} does not begin by saying what it is`),
    ...[...sources]
      .filter(([, source]) => linesOf(source) > mostLines)
      .map(([file, source]) => `${file} has ${linesOf(source)} lines`),
  ];
}
