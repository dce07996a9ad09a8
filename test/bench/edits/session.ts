/**
 * Ten edits of one file whose editor formats it on save, by a script that has seen the file once and goes by what the
 * results say from then on: it never reads.
 */
import { applyPatch } from 'diff';
import { runTool, tools } from '../../../src/core/tools/all';
import { ToolError } from '../../../src/core/tools/workspace';
import { editKit } from '../../unit/host/workspace/edits/editKit';
import { never } from '../../unit/workspace/tempWorkspace';

/** What a session came to. */
export interface Session {
  readonly calls: number;
  readonly refused: number;
  /** Bytes of the results. */
  readonly bytes: number;
  /** How often a result said that the lines have to be read again. */
  readonly reads: number;
  /** Lines in which the script's idea of the file differs from it in the end. */
  readonly wrongLines: number;
}

const path = 'src/steps.ts';
const edits = 10;
/** Columns that the formatter allows. */
const width = 72;

/** As formatters do: quotes, blanks behind commas, semicolons, empty lines, a line for each argument of a long call. */
export function formatted(text: string): string {
  return text
    .split('\n')
    .flatMap(formattedLine)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
}

function formattedLine(line: string): readonly string[] {
  let one = line
    .trimEnd()
    .replaceAll('"', "'")
    .replace(/,(?=\S)/g, ', ')
    .replace(/(?<=[\w)]) {0,}([=+]) {0,}(?=[\w(])/g, ' $1 ');
  if (/^\s*(?:const|return)\b/.test(one) && !/[;{(,]$/.test(one)) one += ';';
  const [, indent = '', head = '', list] = /^(\s*)(.*?\()([^()]+)\);$/.exec(one) ?? [];
  if (list === undefined || one.length <= width) return [one];
  return [`${indent}${head}`, ...list.split(', ').map((each) => `${indent}  ${each},`), `${indent});`];
}

/** Functions of a few lines each. */
function source(functions: number): string {
  return Array.from(
    { length: functions },
    (_, n) =>
      `export function step${n}(value,rest) {\n  const total = compute(value,"step ${n}")\n  return total+${n}\n}\n`,
  ).join('\n');
}

/** Two edits of each function: what is not formatted, then of a line that the formatter made of it. */
function edited(known: string, n: number): { readonly old_text: string; readonly new_text: string } {
  const at = Math.max(0, known.indexOf(`function step${Math.floor(n / 2) * 3}(`));
  const body = known.slice(at, known.indexOf('\n}', at));
  const sought = n % 2 === 0 ? /const total/ : /["']and more["']/;
  const line = body.split('\n').find((one) => sought.test(one)) ?? '';
  // With the lines above it, so that it stands there once.
  const above = body.slice(0, body.indexOf(line));
  const fresh =
    n % 2 === 0
      ? `  const total=compute(value,"a text of some length ${n}","and more",rest,"and the last one")`
      : line.replace(sought, '"and much more",value');
  return { old_text: `${above}${line}`, new_text: `${above}${fresh}` };
}

/** The lines that a refusal shows, without their numbers. */
function shownIn(refusal: string): string {
  const lines = refusal.split('\n').flatMap((line) => /^ *\d+\t(.*)$/.exec(line)?.[1] ?? []);
  return `${lines.join('\n')}\n}`;
}

/** The script's idea of the file after a result: its own edit, and what the formatter is said to have changed. */
function told(copy: string, result: string): string {
  const lines = result.split('\n');
  const from = lines.findIndex((line) => line.startsWith('@@'));
  if (from === -1) return copy;
  const end = lines.findIndex((line, index) => index > from && !/^[-+ @\\]/.test(line));
  const hunks = lines.slice(from, end === -1 ? undefined : end).join('\n');
  // Each for itself, the last first: lines around it may be others than the script knows.
  return hunks.split(/^(?=@@ )/m).reduceRight((now, hunk) => {
    const patched = applyPatch(now, `${hunk.trimEnd()}\n`, { fuzzFactor: 2 });
    return patched === false ? now : patched;
  }, copy);
}

/** Plays it over the host's own editing, in a file of so many functions. `isFormatted`: it is, when it begins. */
export async function editSession(isFormatted: boolean, functions: number): Promise<Session> {
  const text = isFormatted ? formatted(source(functions)) : source(functions);
  const kit = editKit({ files: { [path]: text } });
  const tool = tools.find(({ name }) => name === 'edit_file');
  if (tool === undefined) throw new Error('there is no edit_file');
  if (formatted(formatted(text)) !== formatted(text)) throw new Error('the formatter does not come to rest');
  try {
    kit.editor(path, { text, format: formatted });
    let copy = text;
    const session = { calls: 0, refused: 0, bytes: 0, reads: 0 };
    const call = async (edit: ReturnType<typeof edited>): Promise<string> => {
      const input = { path, edits: [edit] };
      session.calls += 1;
      const ports = { ...kit.temp.ports, editing: kit.of(`call ${session.calls}`, `step ${session.calls}`) };
      await tool.writes?.(input, ports, never);
      const { content } = await runTool(tool, input, ports, never);
      return typeof content === 'string' ? content : JSON.stringify(content);
    };
    for (let n = 0; n < edits; n += 1) {
      const known = edited(copy, n);
      let edit = known;
      const said = await call(known).catch(async (error: unknown) => {
        if (!(error instanceof ToolError)) throw error;
        session.refused += 1;
        session.bytes += Buffer.byteLength(error.message);
        // It shows the lines as they are.
        edit = edited(shownIn(error.message), n);
        return await call(edit);
      });
      session.bytes += Buffer.byteLength(said);
      if (/read the lines/i.test(said)) session.reads += 1;
      const after = copy.replace(known.old_text, () => edit.new_text);
      copy = told(after, said);
    }
    const lines = copy.split('\n');
    const now = kit.read(path).split('\n');
    const wrongLines = Array.from({ length: Math.max(lines.length, now.length) }, (_, n) => lines[n] !== now[n]);
    return { ...session, wrongLines: wrongLines.filter(Boolean).length };
  } finally {
    kit.temp.remove();
  }
}
