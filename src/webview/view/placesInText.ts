/**
 * Where a text may name files, in the forms in which models write them: `src/a.ts`, src/a.ts:12, "`src/a.ts` (L12–L20)",
 * "line 12 of src/a.ts". Whether they are there is for the host to say.
 */
import { type FilePlace, isPath, placesIn } from '../markdown/links';

/** A run of text within a block, and how it is written. */
export interface TextRun {
  readonly text: string;
  readonly kind: 'text' | 'strong' | 'code';
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
const column = String.raw`(?:[:C](\d{1,7}))?`;
/** "3", "L3-L9", "3:7", "3 to 9": line, column, last line. */
const lines = String.raw`L?${digits}${column}(?:(?:\s?[-–—]\s?|\s(?:to|through)\s)L?${digits}(?:[:C]\d{1,7})?)?`;
const lineWord = String.raw`(?:(?:lines?|Zeilen?|lignes?|l[ií]neas?|linhas?|righ?[ae]|строк\p{L}{0,2})\s?|ll?\.\s?|L(?=\d))`;
const about = String.raw`(?:(?:at|on|around|near|from|in|bei|ab)\s)?`;
const noMore = String.raw`(?![\p{L}\p{N}_]|[.,]\d)`;

/** How a position stands behind a path. */
const behind: readonly RegExp[] = [
  new RegExp(`^[:#]${lines}${noMore}`, 'u'),
  new RegExp(String.raw`^\s?[([]${about}${lineWord}${lines}[)\]]`, 'iu'),
  new RegExp(String.raw`^,?\s${about}${lineWord}${lines}${noMore}`, 'iu'),
  // 第12行, の12行目
  new RegExp(String.raw`^[\s的の（(]{0,2}第?\s?${digits}()(?:\s?[-–—~～至到]\s?${digits})?\s?行`, 'u'),
];
/** "line 12 of ", "lines 3-9 in the file " before one. */
const before = new RegExp(
  String.raw`(?<![\p{L}\p{N}_])${lineWord}${lines}\s(?:of|in|from|inside|von|de|du|dans|en|do|da|di|del|в|из)\s(?:(?:the|der|la|le|el)\s)?(?:(?:file|Datei|fichier|archivo)\s)?$`,
  'iu',
);
/** Further lines: "lines 3 and 9", "lines 3, 7-8 and 20". */
const further = new RegExp(
  String.raw`^(?:,\s?(?:and\s)?|\s(?:and|&)\s)(?:lines?\s)?L?${digits}()(?:\s?[-–—]\s?L?${digits})?${noMore}`,
  'u',
);

const several = /\s(?:lines|Zeilen|lignes|l[ií]neas|linhas)/i;

/** The places of a block, as far as its text alone can say; of two that begin at one place the longer comes first. */
export function placesNamed(runs: readonly TextRun[]): readonly NamedPlace[] {
  const text = runs.map((run) => run.text).join('');
  const found: NamedPlace[] = [];
  let start = 0;
  for (const run of runs) {
    for (const [at, path] of paths(run)) {
      found.push(...placesAt(text, start, start + run.text.length, start + at, path, isSaid(run, path)));
      if (found.length >= maxPlaces) return found;
    }
    start += run.text.length;
  }
  return found;
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
    else return [from, word.slice(from, to)];
  }
}

/** Whether a path is a place by itself; a position behind it makes any one. */
function isSaid({ text, kind }: TextRun, path: string): boolean {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const isAlone = text.trim().replace(/[:.,]$/, '') === path;
  if (kind === 'code' && isAlone) return true;
  if (kind === 'text' || !isAlone)
    return name === path ? kind === 'code' && endings.test(name) : /[^.]\.\p{L}/u.test(name);
  return endings.test(name) || name !== path;
}

/** `from` and `to`: the run of it; `at`: where the path begins in all the text. */
function placesAt(
  text: string,
  from: number,
  to: number,
  at: number,
  path: string,
  isSaid: boolean,
): readonly NamedPlace[] {
  const own = placesIn(path);
  if (own !== null) {
    let start = at;
    return own.flatMap(({ text: piece, place }) => {
      start += piece.length;
      return place === null ? [] : [{ start: start - piece.length, end: start, place }];
    });
  }
  if (!isPath(path)) return [];
  const end = at + path.length;
  const after = text.slice(end, end + maxAfter);
  for (const form of behind) {
    const match = form.exec(after);
    if (match === null) continue;
    const until = end + match[0].length;
    return [
      { start: at, end: until <= to ? until : end, place: placeOf(path, match) },
      ...(several.test(match[0]) && until < to ? linesBehind(text, until, to, path) : []),
    ];
  }
  const said = before.exec(text.slice(Math.max(0, at - maxBefore), at));
  if (said !== null) {
    const start = at - said[0].length;
    return [{ start: start >= from ? start : at, end, place: placeOf(path, said) }];
  }
  return isSaid ? [{ start: at, end, place: { path, line: null, column: null, end: null } }] : [];
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

function placeOf(path: string, [, first, column, last]: RegExpExecArray): FilePlace {
  const line = Math.max(1, Number(first));
  const end = last === undefined ? null : Number(last);
  return { path, line, column: Number(column) || null, end: end !== null && end > line ? end : null };
}
