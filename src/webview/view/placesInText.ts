/**
 * Where a text may name files, in the forms in which models write them: `src/a.ts`, src/a.ts:12, "`src/a.ts` (L12–L20)",
 * "line 12 of src/a.ts". Whether they are there is for the host to say.
 */
import { type FilePlace, isPath, nameOf, placesIn, withoutScheme } from '../markdown/links';

/** A run of text within a block, and how it is written; what is printed names a place with its line, in one line. */
export interface TextRun {
  readonly text: string;
  readonly kind: 'text' | 'strong' | 'code' | 'printed';
}

/** The text of all runs, where each of them ends, and the one that is looked at. */
interface Block {
  readonly text: string;
  readonly ends: readonly number[];
  readonly run: TextRun;
  readonly start: number;
}

/** What may become a link: characters of the whole text, all in one run, and where they would lead. */
export interface NamedPlace {
  readonly start: number;
  readonly end: number;
  readonly place: FilePlace;
}

/** Places of one block that are looked at. */
const maxPlaces = 200;
/** Characters of a path, and those around it that may say a line. */
const maxPath = 300;
const maxBefore = 60;
const maxAfter = 80;

/** What paths and positions are made of; a comma between digits alone. */
const words = /(?:[\p{L}\p{N}\p{M}_.@$+~\-/\\()[\]:#%&!]|,(?=L?\d)|[–—](?=L?\d))+/gu;
/** The part of a word in a script without blanks that may be a path. */
const latin = /[\w.@$+~\-/\\()[\]:#]*\w\.\w[\w.@$+~\-/\\()[\]:#,–—]*/g;
const unspaced = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}]/u;

/** Endings by which a name without folders and position is taken for a file wherever it stands in code, or stands alone. */
const endings =
  /\.(?:[cm]?[jt]sx?|cs|csproj|vb|fsx?|py|pyi|ipynb|rs|java|kts?|gradle|swift|c|cc|cpp|cxx|h|hh|hpp|mm?|php|rb|go|lua|dart|scala|ex|exs|r|jl|zig|sh|bash|zsh|ps1|bat|sql|proto|graphql|prisma|tf|xaml|xml|html?|css|scss|less|vue|svelte|astro|mdx?|rst|txt|csv|json[c5]?|jsonl|ya?ml|toml|ini|cfg|conf|env|lock|snap|svg|png)$/i;

const digits = String.raw`(\d{1,7})`;
/** Of "3:7-9" the 9 is a column, too. */
const column = String.raw`(?:[:C](\d{1,7})(?:-\d{1,7}(?![\d:C]))?)?`;
const dash = String.raw`\s?[-–—]\s?`;
/** "3", "L3-L9", "3:7", "3 to 9": line, column, last line. */
const lines = String.raw`L?${digits}${column}(?:(?:${dash}|\s(?:to|through)\s(?:line\s)?)L?${digits}(?:[:C]\d{1,7})?)?`;
/** In the languages that VS Code speaks, and some more. */
const lineWord = String.raw`(?:(?:lines?|ln|Zeilen?|lignes?|l[ií]neas?|linhas?|righ?[ae]|стро?к\p{L}{0,3}|рядк\p{L}{0,3}|satır\p{L}{0,4}|wiersz\p{L}{0,3}|lini[aię]|řád\p{L}{1,4}|sor|regels?|rade?n?|linjen?|(?:ال)?سطر|(?:ה)?שורה|dòng|baris)\s?~?|ll?\.\s?|L(?=\d))`;
const about = String.raw`(?:(?:starting|beginning|at|on|around|about|near|from|in|bei|ab|auf|um|na|v|w|en|à|la|el|alla|op|på|в|на|في|ב)\s){0,3}~?`;
const range = String.raw`(?:between|zwischen|entre)\s${lineWord}${digits}()\s(?:and|und|y|et)\s(?:line\s)?${digits}`;
const noMore = String.raw`(?![\p{L}\p{N}_]|[.,]\d)`;
/** Not where the line is one of another file: "src/a.ts, line 3 of src/b.ts". */
const ofIt = String.raw`(?!\s(?:of|in|from|inside)\s(?:the\s)?(?:file\s)?[^\s.]*\.\p{L}|\s(?:of|in|from|inside)\s(?:the\s)?(?:file\s)?[^\s/]+/)`;
/** What stands between a path and the words for its line; a sentence does not end there. */
const joint = String.raw`["'’”»]?\s?[-–—:,،、|›>@]?\s?`;

/** How a position stands behind a path. */
const behind: readonly RegExp[] = [
  // :3, #L3-L9, ：12, @L3
  new RegExp(`^(?:[:#：]|@(?=L))${lines}${noMore}`, 'u'),
  // (line 3), [L3-L9], (starting at line 3), (between lines 3 and 9)
  new RegExp(String.raw`^\s?[([]${about}(?:${lineWord}${lines}|${range})[)\]]`, 'iu'),
  // (3-9): one number may be anything
  new RegExp(String.raw`^\s?[([]${digits}()${dash}${digits}[)\]]`, 'u'),
  // , line 3, — lines 3-5, between lines 3 and 9, ", line 3, :line 3, col 7
  new RegExp(`^${joint}${range}${noMore}${ofIt}`, 'iu'),
  new RegExp(
    String.raw`^${joint}${about}${lineWord}${digits},?\s(?:col(?:umn)?|char(?:acter)?)\.?\s?${digits}()${noMore}`,
    'iu',
  ),
  new RegExp(`^${joint}${about}${lineWord}${lines}${noMore}${ofIt}`, 'iu'),
  // run.sh: 12: foo
  new RegExp(String.raw`^:\s${digits}()(?=:\s)`, 'u'),
  // 第12行, の12行目, 第12、15行, 의 12번째 줄, 12행
  new RegExp(
    String.raw`^[\s的の의（(]{0,2}第?\s?${digits}()(?:\s?[-–—~～至到]\s?${digits})?(?:、\d{1,7})*\s?(?:번째?\s?)?[行줄행]`,
    'u',
  ),
  // 12. satır, 12. sor
  new RegExp(String.raw`^,?\s${digits}()(?:[-–—]${digits})?\.\s?(?:satır|sor)`, 'iu'),
];

/** How one stands before it, and what must follow the path then. */
const before: readonly (readonly [before: RegExp, after: RegExp])[] = [
  // line 12 of, lines 3-9 in the file
  [
    new RegExp(
      String.raw`(?<![\p{L}\p{N}_])${lineWord}${lines}\s(?:of|in|from|inside|von|de|du|dans|en|do|da|di|del|в|из)\s(?:(?:the|der|la|le|el)\s)?(?:(?:file|Datei|fichier|archivo)\s)?$`,
      'iu',
    ),
    /^/,
  ],
  // line 3 (src/a.ts)
  [new RegExp(String.raw`(?<![\p{L}\p{N}_])${lineWord}${lines}\s\($`, 'iu'), /^\)/],
];
/** Further lines: "lines 3 and 9", "lines 3, 7-8 and 20". */
const further = new RegExp(
  String.raw`^(?:,\s?(?:and\s)?|\s(?:and|&)\s)(?:lines?\s)?L?${digits}()(?:\s?[-–—]\s?L?${digits})?${noMore}`,
  'u',
);

const several = /(?:^|\s)(?:lines|Zeilen|lignes|l[ií]neas|linhas)/i;

/** Where a place may be in a word that is none as a whole: the first group. */
const parts: readonly RegExp[] = [
  // webpack:///./src/a.ts:3
  /^[a-z][a-z-]*:\/\/\/?(?=\/)(\/[^/].*)$/,
  // com.shop.Login.retry(Login.java:42)
  /[([]([^()[\]]+)[)\]]$/,
  // app/models/user.rb:12:in, src/a.ts:3:7:const
  /^(.+?:\d{1,7}(?::\d{1,7})?):(?!\d)/,
  // tests/test_a.py::test_login, src/a.ts#retryLogin, src/Login.cs:line
  /^((?:[A-Za-z]:[\\/])?[^:#]+)(?:::|[:#])[\p{L}_]/u,
  // HEAD:src/a.ts
  /^[^:]+:([^:\d].*)$/,
];

/** "src/a.ts-3-": a line that a search prints around what it has found. */
const aroundFound = /^(.+\.[\p{L}\p{N}]{1,10})-(\d{1,7})-/u;
/** "  3:7  error", below the path of its file. */
const belowPath = /^\s+(\d{1,7}):(\d{1,7})(?=\s)/;

/** The places of a block, as far as its text alone can say; of two that begin at one place the longer comes first. */
export function placesNamed(runs: readonly TextRun[]): readonly NamedPlace[] {
  const text = runs.map((run) => run.text).join('');
  const found: NamedPlace[] = [];
  let start = 0;
  const ends = runs.map((run) => {
    start += run.text.length;
    return start;
  });
  start = 0;
  for (const run of runs) {
    for (const [at, word] of paths(run)) {
      found.push(...placesOf({ text, ends, run, start }, start + at, word));
      if (found.length >= maxPlaces) return found;
    }
    if (run.kind === 'printed') found.push(...placesBelow(run.text, start));
    start += run.text.length;
  }
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Positions in lines of their own, below the path that they are in. */
function placesBelow(text: string, start: number): readonly NamedPlace[] {
  const found: NamedPlace[] = [];
  let path = '';
  let at = start;
  for (const row of text.split('\n')) {
    const match = belowPath.exec(row);
    if (match === null) {
      const name = row.length <= maxPath ? withoutScheme(row.trim()) : '';
      path = endings.test(name) && isPath(name) ? name : '';
    } else if (path !== '' && found.length < maxPlaces)
      found.push({ start: at + row.search(/\d/), end: at + match[0].length, place: placeOf(path, match) });
    at += row.length + 1;
  }
  return found;
}

/** Of a word, else of the first part of it that names any. */
function placesOf(block: Block, at: number, word: string): readonly NamedPlace[] {
  const [named, path = '', line] = (block.run.kind === 'printed' && aroundFound.exec(word)) || [];
  if (named !== undefined && endings.test(path) && isPath(path))
    return [
      {
        start: at,
        end: at + named.length - 1,
        place: { path, line: Math.max(1, Number(line)), column: null, end: null },
      },
    ];
  const whole = placesAt(block, at, word);
  if (whole.length > 0 || !/[:#([]/.test(word)) return whole;
  for (const form of parts) {
    const part = form.exec(word)?.[1];
    const found = part === undefined ? [] : placesAt(block, at + word.lastIndexOf(part), part);
    if (found.length > 0) return found;
  }
  return [];
}

/** What may be paths in a run, with or without a position of their own. */
function* paths({ text, kind }: TextRun): Generator<readonly [at: number, path: string]> {
  const whole = text.trim();
  // A name with blanks is one where the code is nothing else.
  if (
    kind === 'code' &&
    /\s/.test(whole) &&
    whole.length <= maxPath &&
    endings.test(whole) &&
    isPath(whole) &&
    !/,\s|\s\S*[\\/]/.test(whole)
  )
    return yield [text.indexOf(whole), whole];
  for (const { 0: word, index } of text.matchAll(words)) {
    if (word.length > maxPath) continue;
    const [at, path] = unwrapped(word);
    if (path.length < 2) continue;
    yield [index + at, path];
    if (kind === 'code' || !unspaced.test(path)) continue;
    for (const part of path.matchAll(latin)) {
      const [inside, name] = unwrapped(part[0]);
      yield [index + at + part.index + inside, name];
    }
  }
}

/** Without the marks of the sentence, and brackets around it. */
function unwrapped(word: string): readonly [at: number, path: string] {
  let from = 0;
  let to = word.length;
  const count = (sign: string): number => word.slice(from, to).split(sign).length - 1;
  for (;;) {
    const last = word.charAt(to - 1);
    const first = word.charAt(from);
    if (from >= to) return [from, ''];
    if (
      /[.:,!–—&%#]/.test(last) ||
      (last === ')' && count(')') > count('(')) ||
      (last === ']' && count(']') > count('['))
    )
      to -= 1;
    else if ((first === '(' && count('(') > count(')')) || (first === '[' && count('[') > count(']'))) from += 1;
    else if (isWrapped(word.slice(from, to))) {
      from += 1;
      to -= 1;
    } else return [from, word.slice(from, to)];
  }
}

/** "(src/a.ts)", and not "(group)/page.tsx" or "(a)(b)". */
function isWrapped(word: string): boolean {
  return /^\([^()]*(?:\([^()]*\)[^()]*)*\)$|^\[[^[\]]*(?:\[[^[\]]*\][^[\]]*)*\]$/.test(word);
}

/** Whether a path is a place by itself; a position behind it makes any one. */
function isSaid({ text, kind }: TextRun, path: string): boolean {
  if (kind === 'printed') return false;
  const name = nameOf(path);
  // A mention.
  if (path.startsWith('@') && endings.test(name)) return true;
  const isAlone = text.trim().replace(/[:.,]$/, '') === path;
  if (kind === 'code' && isAlone) return true;
  if (kind === 'text' || !isAlone)
    return name === path ? kind === 'code' && endings.test(name) : /[^.]\.\p{L}/u.test(name);
  return endings.test(name) || name !== path;
}

/** `at`: where the word begins in all the text. */
function placesAt({ text, ends, run, start: from }: Block, at: number, word: string): readonly NamedPlace[] {
  const own = placesIn(word);
  if (own !== null) {
    let start = at;
    return own.flatMap(({ text: piece, place }) => {
      start += piece.length;
      return place === null ? [] : [{ start: start - piece.length, end: start, place }];
    });
  }
  const path = withoutScheme(word);
  if (!isPath(path)) return [];
  const to = from + run.text.length;
  const end = at + word.length;
  const isPrinted = run.kind === 'printed';
  const around = [text.slice(Math.max(0, at - maxBefore), at), text.slice(end, end + maxAfter)];
  const [ahead = '', after = ''] = isPrinted ? [around[0]?.split('\n').at(-1), around[1]?.split('\n', 1)[0]] : around;
  for (const form of behind) {
    const match = form.exec(after);
    if (match === null) continue;
    const until = end + match[0].length;
    const runEnd = ends.find((one) => until < one) ?? 0;
    return [
      { start: at, end: until <= to ? until : end, place: placeOf(path, match) },
      ...(several.test(match[0]) ? linesBehind(text, until, runEnd, path) : []),
    ];
  }
  for (const [form, follows] of before) {
    const said = follows.test(after) ? form.exec(ahead) : null;
    if (said === null) continue;
    const start = at - said[0].length;
    // A bracket before it is closed behind it.
    const isInRun = start >= from && !said[0].endsWith('(');
    return [{ start: isInRun ? start : at, end, place: placeOf(path, said) }];
  }
  return isSaid(run, path) ? [{ start: at, end, place: { path, line: null, column: null, end: null } }] : [];
}

function linesBehind(text: string, start: number, to: number, path: string): readonly NamedPlace[] {
  const found: NamedPlace[] = [];
  for (let at = start; ; ) {
    const match = further.exec(text.slice(at, Math.min(to, at + maxAfter)));
    if (match === null) return found;
    const end = at + match[0].length;
    found.push({ start: at + match[0].search(/L?\d/), end, place: placeOf(path, match) });
    at = end;
  }
}

function placeOf(path: string, [, ...numbers]: RegExpExecArray): FilePlace {
  // Of the ways to say it in one form, that which is there.
  const [first, column, last] = numbers.slice(
    Math.max(
      0,
      numbers.findIndex((one) => one !== undefined),
    ),
  );
  const line = Math.max(1, Number(first));
  const end = last === undefined ? null : Number(last);
  return { path, line, column: Number(column) || null, end: end !== null && end > line ? end : null };
}
