/** What a task is, and the steps of a model that goes by what tools give back alone. */

/** A call of a tool. */
export interface Call {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The calls of the next request, out of what was seen so far; null when what they need is not there. */
export type Step = (seen: readonly string[]) => Call | readonly Call[] | null;

/** The text that a file is to have, out of what it and the others were; null when it is to be gone. */
type Change = (before: string, textOf: (path: string) => string) => string | null;

/** A question about a workspace, or something to do in it. */
export interface Task {
  readonly workspace: 'shop' | 'pipeline' | 'relay';
  readonly kind:
    | 'find where'
    | 'explain why'
    | 'what breaks if'
    | 'what changed'
    | 'fix the problem'
    | 'rename'
    | 'add a case';
  readonly question: string;
  readonly steps: readonly Step[];
  /** What an answer has to rest on: each stands in one of the results. */
  readonly facts: readonly RegExp[];
  /** Done to files before it begins. */
  readonly broken?: Readonly<Record<string, (before: string) => string>>;
  /** The files that are others in the end; all the rest is as it was. */
  readonly changed?: Readonly<Record<string, Change>>;
}

/** A place that a result names: of search_text, or of get_diagnostics. */
interface Place {
  readonly path: string;
  readonly line: number;
  /** The line itself. */
  readonly text: string;
}

function places(result: string): readonly Place[] {
  const found: Place[] = [];
  let path = '';
  let before = '';
  for (const line of result.split('\n')) {
    const [, number, text = ''] = /^(\d+): (.*)$/.exec(line) ?? [];
    if (number !== undefined && path !== '') found.push({ path, line: Number(number), text });
    else if (before === '' && line !== '' && !line.startsWith('[')) path = line;
    before = line;
  }
  return found;
}

/** Lines of problems, each with what it is and its line of code. */
function problems(result: string): readonly (Place & { readonly message: string })[] {
  const lines = result.split('\n');
  let path = '';
  return lines.flatMap((line, index) => {
    const [, number, message = ''] = /^(\d+):\d+ \w+ (.*)$/.exec(line) ?? [];
    if (number === undefined) {
      if (index > 0 && lines[index - 1] === '') path = line;
      return [];
    }
    return [{ path, line: Number(number), text: (lines[index + 1] ?? '').trim(), message }];
  });
}

export const search =
  (query: string, more: object = {}): Step =>
  () => ({ tool: 'search_text', input: { query, ...more } });

export const find =
  (pattern: string): Step =>
  () => ({ tool: 'find_files', input: { pattern } });

export const read =
  (path: string): Step =>
  () => ({ tool: 'read_file', input: { path } });

export const changes =
  (input: object = {}): Step =>
  () => ({ tool: 'get_changes', input: { ...input } });

export const diagnostics: Step = () => ({ tool: 'get_diagnostics', input: {} });

/** Reads so many lines around a place that the last result names, the first whose path fits. */
export const around =
  (path: RegExp, before = 5, after = 25): Step =>
  (seen) => {
    const place = places(seen.at(-1) ?? '').find((one) => path.test(one.path));
    if (place === undefined) return null;
    const start = Math.max(1, place.line - before);
    return { tool: 'read_file', input: { path: place.path, start_line: start, end_line: place.line + after } };
  };

/** Reads the file that the last result names, the first that fits. */
export const open =
  (path: RegExp): Step =>
  (seen) => {
    const named = (seen.at(-1) ?? '').split('\n').find((line) => path.test(line));
    return named === undefined ? null : { tool: 'read_file', input: { path: named.trim() } };
  };

function edit(path: string, oldText: string, newText: string, more: object = {}): Call {
  return { tool: 'edit_file', input: { path, edits: [{ old_text: oldText, new_text: newText, ...more }] } };
}

/** Reads the lines around the first problem that the last result names. */
export const aroundProblem: Step = (seen) => {
  const [found] = problems(seen.at(-1) ?? '');
  if (found === undefined) return null;
  const { path, line } = found;
  return { tool: 'read_file', input: { path, start_line: Math.max(1, line - 3), end_line: line + 3 } };
};

/** Changes the lines of the problems that the last result names, as their messages say. */
export const mend =
  (fix: (line: string, message: string) => string): Step =>
  (seen) => {
    const found = problems(seen.at(-1) ?? '');
    if (found.length === 0) return null;
    return [...new Set(found.map(({ path }) => path))].map((path) => ({
      tool: 'edit_file',
      input: {
        path,
        edits: found
          .filter((one) => one.path === path)
          .map(({ text, message }) => {
            const fixed = fix(text, message);
            // A line that goes takes its line end along.
            return { old_text: fixed === '' ? `${text}\n` : text, new_text: fixed };
          }),
      },
    }));
  };

/** Changes a name in all files that the last result names, one call each. */
export const renameIn =
  (from: string, to: string): Step =>
  (seen) => {
    const paths = new Set(places(seen.at(-1) ?? '').map(({ path }) => path));
    return paths.size === 0 ? null : [...paths].map((path) => edit(path, from, to, { replace_all: true }));
  };

export const renameFile =
  (path: string, to: string): Step =>
  () => ({ tool: 'rename_file', input: { path, new_path: to } });

/** Lines of the file that a result shows with their numbers. */
function linesIn(result: string): readonly string[] {
  return result.split('\n').flatMap((one) => /^ *\d+\t(.*)$/.exec(one)?.[1] ?? []);
}

/** Adds lines behind the last line of the file that the last result shows and that fits. */
export const addBehind =
  (path: string, line: RegExp, added: string): Step =>
  (seen) => {
    const lines = linesIn(seen.at(-1) ?? '');
    const at = lines.findLastIndex((one) => line.test(one));
    if (at === -1) return null;
    // With the lines above it, so that it stands there once.
    const old = lines.slice(Math.max(0, at - 2), at + 1).join('\n');
    return edit(path, old, `${old}\n${added}`);
  };

/** Takes a line out of the file that the last result shows. */
export const drop =
  (path: string, line: RegExp): Step =>
  (seen) => {
    const lines = linesIn(seen.at(-1) ?? '');
    const at = lines.findIndex((one) => line.test(one));
    if (at < 1) return null;
    return edit(path, `${lines[at - 1]}\n${lines[at]}\n`, `${lines[at - 1]}\n`);
  };
