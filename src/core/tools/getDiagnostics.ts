/** The tool get_diagnostics: what extensions report as wrong in a file, a folder or the workspace. */
import * as z from 'zod/mini';
import { type CodeProblem, type Problems, severities } from './language/languageServices';
import { shownLine } from './places';
import type { Tool } from './tool';
import { filled, maybe, whole } from './words/fields';
import { toolStrings } from './words/strings';
import { BoundedLines, formatted, inLabel, reveal, withNotes } from './words/text';

const maxProblems = 200;
const maxBytes = 24 * 1024;
/** Characters of a message: those of type checkers have no end. */
const maxMessage = 1_000;
const maxRelated = 3;

const schema = z.strictObject({
  path: maybe(filled(), 'A file or a folder. Default: the whole workspace.'),
  severity: maybe(z.enum(severities), 'The mildest to return. Default: warning.'),
  start: maybe(whole(1), 'Which problem to begin with, to continue a list. Default: 1.'),
});

/** What extensions report as wrong in a file, a folder or the workspace. */
export const getDiagnostics: Tool<z.infer<typeof schema>> = {
  name: 'get_diagnostics',
  description: [
    'Returns the problems that compilers and linters report in the editor: severity, place, message and source line, the worst first. Unsaved changes count.',
    'Many language services check only the files that are open in editors; then the result says so.',
    `At most ${maxProblems} and 24 KB a call.`,
  ].join(' '),
  schema,
  readOnly: true,

  reach: async ({ path }, { workspace }, signal) =>
    path === undefined ? [] : ((await workspace.reachOfPattern?.(path, 'text', signal)) ?? []),

  describe: ({ path }) =>
    path === undefined ? toolStrings.allProblems() : toolStrings.problems(inLabel(path.split(/[\\/]/).at(-1) || path)),

  async run(input, { languages }, signal) {
    const least = input.severity ?? 'warning';
    const skip = (input.start ?? 1) - 1;
    const portion = { skip, limit: maxProblems };
    const problems = await languages.problems(input.path ?? null, least, portion, signal);
    const wanted = severities.slice(0, severities.indexOf(least) + 1);
    const milder = severities.slice(wanted.length).filter((one) => problems.counts[one] > 0);
    const total = wanted.reduce((sum, one) => sum + problems.counts[one], 0);
    const notes: string[] = [];
    if (milder.length > 0)
      notes.push(`Not shown: ${countsOf(problems, milder)}. severity "${milder.at(-1)}" returns them too.`);
    if (problems.checked === 'notYet') {
      notes.push(
        'It is not open in an editor and nothing was reported within some seconds: many language services check open files only, or it may be starting. If it matters, ask the user to open it.',
      );
    }
    if (total === 0) {
      if (problems.checked === 'folder') {
        notes.push(
          'Many language services check only the files that are open in editors: the others may not have been looked at.',
        );
      }
      const where = problems.path === null ? 'in the workspace' : `in ${problems.path}`;
      const kinds = least === 'error' ? 'errors' : 'problems';
      return {
        content: reveal(withNotes(`No ${kinds} are reported ${where}.`, notes)).text,
        summary: toolStrings.noProblems(),
      };
    }
    const { text, shown } = render(problems.items, skip);
    const next = skip + shown;
    if (next < total)
      notes.push(`${formatted(total - next)} more: continue with start ${next + 1}, or ask for one path.`);
    const files = problems.files === 1 ? '1 file' : `${formatted(problems.files)} files`;
    const revealed = reveal(text);
    if (revealed.note !== null) notes.push(revealed.note);
    return {
      content: withNotes(`${countsOf(problems, wanted)} in ${files}\n${revealed.text}`, notes),
      summary: toolStrings.problemCount(total, problems.files),
    };
  },
};

const words: Readonly<Record<(typeof severities)[number], readonly [string, string]>> = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  information: ['information', 'informations'],
  hint: ['hint', 'hints'],
};

function countsOf({ counts }: Problems, kinds: readonly (typeof severities)[number][]): string {
  return kinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${formatted(counts[kind])} ${words[kind][counts[kind] === 1 ? 0 : 1]}`)
    .join(', ');
}

function render(items: readonly CodeProblem[], skip: number): { readonly text: string; readonly shown: number } {
  const bounded = new BoundedLines(maxBytes);
  let path: string | null = null;
  let shown = 0;
  for (const item of items) {
    const lines = [...(item.path === path ? [] : ['', oneLine(item.path)]), ...problemLines(item)];
    if (!bounded.add(lines.join('\n'))) break;
    path = item.path;
    shown += 1;
  }
  // Nothing may be so large that the list can never go past it.
  if (shown === 0 && items.length > 0) return { text: `\nproblem ${skip + 1} is too long to be shown`, shown: 1 };
  return { text: bounded.toString(), shown };
}

function problemLines({ severity, line, column, source, code, message, text, related }: CodeProblem): string[] {
  const who = `${source}${code === '' ? '' : `(${code})`}`.trim();
  const said = cut(oneLine(message), maxMessage);
  return [
    `${line}:${column} ${severity}${who === '' ? '' : ` ${cut(oneLine(who), 80)}`}: ${said}`,
    ...(text === null || text.trim() === '' ? [] : [`    ${shownLine(text)}`]),
    ...related
      .slice(0, maxRelated)
      .map((one) => `    see ${oneLine(one.path)}:${one.line}: ${cut(oneLine(one.message), 200)}`),
  ];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length).toWellFormed()}…` : text;
}
