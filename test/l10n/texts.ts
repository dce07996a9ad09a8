/**
 * The texts of the product that are translated, as its sources write them: literals where one is made, so that a
 * tool finds each without running anything.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { repoRoot } from '../vscode/paths';

/** The functions that make a text, and which of their arguments are English. */
const makers: Readonly<Record<string, readonly number[]>> = {
  t: [0],
  phrase: [0],
  'vscode.l10n.t': [0],
  plural: [1, 2],
  doing: [0, 1, 2],
};

/** Where texts pass that were made elsewhere: what translates them, and what makes three of one call. */
const passing: readonly string[] = [
  'src/webview/l10n/language.ts',
  'src/shared/phrase.ts',
  'src/core/tools/words/doing.ts',
];

/** A table whose rows hold their text themselves, and the property that does. */
const tables: Readonly<Record<string, RegExp>> = {
  'src/shared/failure.ts': /\btext: (?=')/g,
};

/** What passes a table's text on. */
const fromTables: readonly string[] = ['failureRow(code).text', 'text'];

export interface SourceTexts {
  /** Below the repository's root. */
  readonly file: string;
  readonly source: string;
  /** As they are shown, with `{0}` for values. */
  readonly texts: readonly string[];
  /** Arguments that are no literals: nothing finds their text. */
  readonly hidden: readonly string[];
}

const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|[()[\]{},]/g;

/** The arguments of the call whose parenthesis stands before `start`, as they are written, comments aside. */
function argumentsAt(source: string, start: number): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let from = start;
  token.lastIndex = start;
  for (let one = token.exec(source); one !== null; one = token.exec(source)) {
    const [text] = one;
    if (text.length > 1) continue;
    if (depth === 0 && (text === ',' || text === ')')) {
      found.push(source.slice(from, one.index).trim());
      from = one.index + 1;
      if (text === ')') return found.filter((argument) => argument !== '');
    } else if ('([{'.includes(text)) depth += 1;
    else if (')]}'.includes(text)) depth -= 1;
  }
  return found;
}

/** The text of a literal; null for anything else. */
function literal(written: string): string | null {
  if (!/^(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")$/.test(written)) return null;
  return written
    .slice(1, -1)
    .replace(/\\(?:u\{?([0-9a-fA-F]+)\}?|(.))/g, (_, code: string | undefined, one: string | undefined) =>
      code === undefined ? (one === 'n' ? '\n' : (one ?? '')) : String.fromCodePoint(Number.parseInt(code, 16)),
    );
}

/** The texts that one source makes. */
export function textsIn(file: string, source: string): SourceTexts {
  const texts: string[] = [];
  const hidden: string[] = [];
  const code = source.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (comment) => ' '.repeat(comment.length));
  const take = (written: string): void => {
    const text = literal(written);
    if (text !== null) texts.push(text);
    else if (!fromTables.includes(written)) hidden.push(written);
  };
  if (!passing.includes(file)) {
    for (const match of code.matchAll(/(?<![\w.]|function )(vscode\.l10n\.t|t|phrase|plural|doing)\(/g)) {
      const given = argumentsAt(source, match.index + match[0].length);
      for (const at of makers[match[1] ?? ''] ?? []) take(given[at] ?? '');
    }
  }
  const rows = tables[file];
  if (rows !== undefined) {
    for (const { index, 0: before } of source.matchAll(rows)) {
      take(/^'(?:[^'\\\n]|\\.)*'/.exec(source.slice(index + before.length))?.[0] ?? '');
    }
  }
  return { file, source, texts, hidden };
}

/** Those of all sources. */
export function allTexts(): readonly SourceTexts[] {
  const root = repoRoot();
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, 'src', name))
    .map((path) => textsIn(relative(root, path).replaceAll('\\', '/'), readFileSync(path, 'utf8')));
}

const accents: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...'AÀBƁCÇDÐEÉFƑGĜHĤIÎJĴKĶLĻMṀNÑOÖPÞQǪRŔSŠTŢUÛVṼWŴXẊYÝZŽaàbƀcçdðeéfƒgĝhĥiîjĵkķlļmɱnñoöpþqǫrŕsštţuûvṽwŵxẋyýzž',
  ].flatMap((letter, index, all) => (index % 2 === 0 ? [[letter, all[index + 1] ?? letter]] : [])),
);

/** A text as it would be in a language that nobody speaks: longer by a third, in brackets, its values in their places. */
export function pseudo(text: string): string {
  const said = text
    .split(/(\{\d+\})/)
    .map((piece, index) =>
      index % 2 === 1 ? piece : piece.replace(/[A-Za-z]/g, (letter) => accents[letter] ?? letter),
    )
    .join('');
  const letters = text.replace(/\{\d+\}|[^A-Za-z]/g, '').length;
  return `⟦${said}${'~'.repeat(Math.ceil(letters / 3))}⟧`;
}

/** The words of a whole language, by their English ones. */
export function pseudoWords(): Readonly<Record<string, string>> {
  return Object.fromEntries(allTexts().flatMap(({ texts }) => texts.map((text) => [text, pseudo(text)])));
}
