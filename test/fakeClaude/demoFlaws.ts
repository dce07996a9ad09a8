/**
 * Small flaws that can be seen without understanding anything: what the demo's model mends. It says what stands there and
 * nothing else: a word that is misspelled or doubled in a text or a comment, and exports without a comment beside others
 * that have one.
 */
import { code, counted, fence, languageOf, place } from './demoQuote';
import { type Excerpt, excerptsOf, type Hit, hitsOf, type Question, type ToolCall } from './demoRead';

/** A line as it is and as it would be. */
interface Mend {
  readonly line: number;
  readonly before: string;
  readonly after: string;
  /** What is wrong with it, for a list. */
  readonly why: string;
}

/** What is wrong in one file. */
export interface Flaw {
  readonly path: string;
  /** A sentence. */
  readonly said: string;
  readonly mends: readonly Mend[];
}

const misspelled: Readonly<Record<string, string>> = {
  accomodate: 'accommodate',
  adress: 'address',
  begining: 'beginning',
  definately: 'definitely',
  existant: 'existent',
  lenght: 'length',
  neccessary: 'necessary',
  occured: 'occurred',
  occurence: 'occurrence',
  paramter: 'parameter',
  recieve: 'receive',
  refered: 'referred',
  seperate: 'separate',
  succesful: 'successful',
  teh: 'the',
  untill: 'until',
  wich: 'which',
};
const doubled = ['the', 'of', 'and', 'an', 'for', 'with', 'to', 'is'] as const;

const wrongWords = new RegExp(
  `\\b(?:${Object.keys(misspelled).join('|')})|\\b(?:${doubled.map((word) => `${word} ${word}`).join('|')})\\b`,
  'gi',
);
const script = /\.[cm]?[jt]sx?$/;
const prose = /\.(?:md|txt|rst|adoc)$/i;
const exported = /^export (?:default |abstract |async |declare )*(?:function\*?|interface|class|const|type|enum)\s/;
/** Places that are mended at once, and lines between them, so that each is a hunk of its own. */
const mostMends = 2;
const apart = 8;
/** Files that are read for it. */
const mostRead = 3;
/** A longer line is left alone. */
const longest = 200;

/** The flaw of a whole file; undefined where none of the known ones is there. */
export function flawIn({ path, lines }: Pick<Excerpt, 'path' | 'lines'>): Flaw | undefined {
  const words = chosen(lines, wordMends(path, lines));
  if (words.length > 0)
    return {
      path,
      mends: words,
      said: `${code(path)} has ${counted(words.length, 'line')} with a word that is misspelled or stands twice.`,
    };
  const { with: commented, without, mends } = commentMends(path, lines);
  const comments = chosen(lines, mends);
  if (commented === 0 || comments.length === 0) return undefined;
  const others = `${counted(commented, 'export')} with a comment that says what it is`;
  return { path, mends: comments, said: `${code(path)} has ${others}, and ${without} without one.` };
}

/** The flaw of what was read or is open, of a file that is named only of that: with places for two hunks, else the first. */
export function flawOf(question: Question, file: string | undefined): Flaw | undefined {
  const whole = [...question.files, ...excerptsOf(question.rounds.flat())].filter(
    ({ path, lines, start, total }) =>
      (file === undefined || `/${path}`.endsWith(`/${file.replace(/^\.?\//, '')}`)) &&
      start === 1 &&
      (total === undefined || total === lines.length),
  );
  const flaws = whole.flatMap((excerpt) => flawIn(excerpt) ?? []);
  return flaws.find(({ mends }) => mends.length > 1) ?? flaws[0];
}

/** The searches that lead to files with one. */
export function flawSearches(): readonly ToolCall['input'][] {
  const include = '*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}';
  return [
    { query: wrongWords.source, is_regex: true, max_results: 40 },
    { query: '^export ', is_regex: true, include, output: 'counts', max_results: 500 },
    { query: '^(/\\*\\*|//)', is_regex: true, include, output: 'counts', max_results: 500 },
  ];
}

/** The files that these found, the likeliest first. */
export function likelyFlawed(question: Question): readonly string[] {
  const outcomes = question.rounds.flat();
  const words = new Map<string, number>();
  for (const hit of hitsOf(outcomes.filter(({ input }) => input['output'] === undefined)))
    if (wordMends(hit.path, linesOf(hit)).length > 0) words.set(hit.path, (words.get(hit.path) ?? 0) + 1);
  const counts = outcomes.filter(({ input, failed }) => input['output'] === 'counts' && !failed);
  const [exports, comments] = ['^export ', '^(/'].map((begin) =>
    countsIn(counts.find(({ input }) => String(input['query']).startsWith(begin))?.text ?? ''),
  );
  const bare = [...(exports ?? [])]
    .map(([path, count]) => ({
      path,
      commented: comments?.get(path) ?? 0,
      missing: count - (comments?.get(path) ?? 0),
    }))
    .filter(({ commented, missing }) => commented > 0 && missing > 1)
    .toSorted((a, b) => b.commented - a.commented || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
  const misspelt = [...words].toSorted(([, a], [, b]) => b - a).map(([path]) => path);
  return [...new Set([...misspelt.slice(0, 1), ...bare, ...misspelt])].slice(0, mostRead);
}

/** The call that mends it. */
export function mending({ path, mends }: Flaw): ToolCall['input'] {
  return { path, edits: mends.map(({ before, after }) => ({ old_text: before, new_text: after })) };
}

/** What is said before the call. */
export function flawSaid({ path, said, mends }: Flaw): string {
  const list = mends.map(({ line, why }) => `- ${place(path, line)}: ${why}`).join('\n');
  return `${said}\n\n${list}\n\nI propose this edit. Its words are read off what stands there: I do not reason.`;
}

/** The answer: what became of the edit, or that there was nothing to mend. */
export function flawAnswer(question: Question, file: string | undefined): string {
  const edit = question.rounds.flat().find(({ name }) => name === 'edit_file');
  const flaw = flawOf(question, file);
  if (edit?.failed === true)
    return `Nothing was changed. ${code('edit_file')} answered: ${edit.text.trim().split('\n', 1)[0] ?? ''}`;
  if (edit !== undefined)
    return `${code(String(edit.input['path']))} is changed. What it was is kept: below, each place can be kept or undone by itself, and *Review Changes* shows both sides in VS Code’s own editor.`;
  if (flaw === undefined)
    return 'I found none of the small flaws that I know: words that are misspelled or stand twice in texts and comments, and exports without a comment in a file where others have one. So I propose no edit.';
  const lines = flaw.mends.map(({ before, after }) => `- ${before}\n${after.replaceAll(/^/gm, '+ ')}`);
  return `${flawSaid(flaw)}\n\nNo tool was offered that writes, so here it is to read:\n\n${fence(lines.join('\n'), languageOf(flaw.path))}`;
}

function linesOf({ line, text }: Hit): readonly string[] {
  return [...Array.from({ length: line - 1 }, () => ''), text];
}

function countsIn(text: string): ReadonlyMap<string, number> {
  return new Map(
    [...text.matchAll(/^(\S.*): ([\d,]+)$/gm)].map(([, path = '', count = '']) => [
      path,
      Number(count.replaceAll(',', '')),
    ]),
  );
}

/** Places that an edit can name, and that are hunks of their own. */
function chosen(lines: readonly string[], mends: readonly Mend[]): readonly Mend[] {
  const text = lines.join('\n');
  const named = mends.filter(({ before }) => text.indexOf(before) === text.lastIndexOf(before));
  const [first] = named;
  if (first === undefined) return [];
  return [first, ...named.filter(({ line }) => line - first.line >= apart)].slice(0, mostMends);
}

/** Words in texts and in comments that have a line for themselves: elsewhere they may be meant. */
function wordMends(path: string, lines: readonly string[]): readonly Mend[] {
  let fenced = false;
  return lines.flatMap((before, index) => {
    if (/^\s*(?:```|~~~)/.test(before)) fenced = !fenced;
    const isText = prose.test(path) ? !fenced : /^\s*(?:\/\/|\/\*|\*|#\s)/.test(before) && !path.endsWith('.css');
    if (!isText || before.length > longest || /[`'"]/.test(before)) return [];
    const found: string[] = [];
    const after = before.replace(wrongWords, (word) => {
      found.push(word);
      return rightWord(word);
    });
    if (found.length === 0 || after === before) return [];
    return [{ line: index + 1, before, after, why: `“${found.join('”, “')}”` }];
  });
}

function rightWord(word: string): string {
  const lower = word.toLowerCase();
  const [once = lower] = lower.split(' ');
  const right = misspelled[lower] ?? once;
  return /^[A-Z]/.test(word) ? `${right.slice(0, 1).toUpperCase()}${right.slice(1)}` : right;
}

function commentMends(
  path: string,
  lines: readonly string[],
): { readonly with: number; readonly without: number; readonly mends: readonly Mend[] } {
  let commented = 0;
  let without = 0;
  const mends: Mend[] = [];
  if (script.test(path))
    for (const [index, before] of lines.entries()) {
      if (!exported.test(before)) continue;
      const above = lines[index - 1]?.trim() ?? '';
      if (/\*\/$|^\/\/|^@/.test(above)) commented += 1;
      else if (!isOverload(before, above)) {
        without += 1;
        const words = before.length > longest ? '' : derived(before, lines.slice(index + 1));
        const why = `no comment above ${code(/(\w+)\s*(?:[<({=]|$)/.exec(before.replace(exported, ''))?.[1] ?? 'it')}`;
        if (words !== '') mends.push({ line: index + 1, before, after: `/** ${words} */\n${before}`, why });
      }
    }
  return { with: commented, without, mends };
}

function isOverload(line: string, above: string): boolean {
  const name = /function\*? (\w+)/.exec(line)?.[1];
  return name !== undefined && new RegExp(`function\\*? ${name}\\b`).test(above);
}

/** What can be read off a declaration; '' where that is nothing. */
function derived(line: string, below: readonly string[]): string {
  const called = /^export (?:async )?function\*? \w+(?:<[^(]*>)?\((.*)\)(?:: (.+?))? \{$/.exec(line);
  if (called !== null) {
    const given = (called[2] ?? '').replace(/^Promise<(.*)>$/, '$1');
    const gives = given === '' || given === 'void' || given.length > 40 ? '' : given;
    const takes = parametersIn(called[1] ?? '');
    const parts = [
      ...(takes.length > 0 ? [`takes ${listed(takes)}`] : []),
      ...(gives === '' ? [] : [`returns ${gives}`]),
    ];
    return parts.length === 0 ? '' : sentence(parts.join(', '));
  }
  if (!/^export interface \w+ \{$/.test(line)) return '';
  const end = below.findIndex((one) => one.startsWith('}'));
  const fields = below
    .slice(0, Math.max(0, end))
    .flatMap((one) => /^(?: {2}| {4}|\t)(?:readonly )?(\w+)\??[:(<]/.exec(one)?.[1] ?? []);
  return fields.length === 0 ? '' : sentence(`has ${listed(fields)}`);
}

/** Names of parameters; none where one of them is taken apart and has no name. */
function parametersIn(text: string): readonly string[] {
  let depth = 0;
  let own = '';
  for (const letter of text.replaceAll('=>', '')) {
    if ('([{<'.includes(letter)) depth += 1;
    if (depth === 0) own += letter;
    if (')]}>'.includes(letter)) depth -= 1;
  }
  const all = own.split(',').map((one) => /^\s*(?:\.\.\.)?([A-Za-z_$][\w$]*)/.exec(one)?.[1] ?? '');
  return all.includes('') ? [] : all;
}

function listed(names: readonly string[]): string {
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
  return names.length === 1 ? `${names[0]}` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}
