/** The tool read_file: lines of one file, numbered. */
import * as z from 'zod';
import { toolStrings } from './strings';
import { BoundedLines, formatted, inLabel, isCutLine, maxLineCharacters, reveal } from './text';
import type { Tool } from './tool';
import { type FileLines, ToolError } from './workspace';

/** Bytes of the numbered text. */
const maxBytes = 48 * 1024;

const schema = z.strictObject({
  path: z.string().min(1).describe('The file, relative to the workspace: "src/app.ts".'),
  start_line: z.int().min(1).optional().describe('The first line to read, counted from 1. Default: 1.'),
  end_line: z.int().min(1).optional().describe('The last line to read, included. Default: as many as fit.'),
});

type Input = z.infer<typeof schema>;

/** Lines of one file, numbered. */
export const readFile: Tool<Input> = {
  name: 'read_file',
  description: [
    'Reads a text file of the workspace, whole or a range of its lines. An open editor is read as it is, unsaved changes included.',
    'Returns a header with the path and the range, then each line as its number, a tab and its text; the numbers are not part of the file.',
    `At most 48 KB a call and ${formatted(maxLineCharacters)} characters a line: what was cut, and how to read on, is said at the end.`,
    'Refused: files outside the workspace, files that hold secrets, ignored files, binary files and images.',
    'When you need several files, ask for them in one step: reads run in parallel.',
  ].join(' '),
  schema,
  readOnly: true,

  describe(input) {
    const place = inLabel(`${input.path.split(/[\\/]/).at(-1) || input.path}${range(input)}`);
    return toolStrings.read(place);
  },

  async run(input, { workspace }, signal) {
    const start = input.start_line ?? 1;
    const end = input.end_line ?? null;
    if (end !== null && end < start) {
      throw new ToolError(`end_line (${end}) must not be smaller than start_line (${start}).`);
    }
    const wanted = end === null ? Number.MAX_SAFE_INTEGER : end - start + 1;
    const read = await workspace.readLines(input.path, start, wanted, maxBytes, signal);
    if (read.lines.length === 0) return nothing(read, start);

    const rendered = render(read);
    const last = start + rendered.count - 1;
    const notes = [rendered.note];
    if (read.lines.slice(0, rendered.count).some(isCutLine)) {
      notes.push('Long lines were cut; search_text shows the text around a match inside them.');
    }
    if (rendered.count < wanted && last !== read.totalLines && (end === null || last < end)) {
      const reason = read.totalLines === null ? 'The file goes on' : `Cut here at ${formatted(maxBytes / 1024)} KB`;
      notes.push(`${reason}: continue with start_line ${last + 1}.`);
    }
    const said = notes.filter((note) => note !== null).map((note) => `\n[${note}]`);
    return {
      content: `${header(read, start, last)}\n${rendered.text}${said.join('')}`,
      summary: toolStrings.lines(rendered.count),
    };
  },
};

function range({ start_line: start, end_line: end }: Input): string {
  if (start === undefined && end === undefined) return '';
  if (end === undefined) return `:${start}`;
  return start === end ? `:${end}` : `:${start ?? 1}-${end}`;
}

function header(read: FileLines, start: number, last: number): string {
  const total = read.totalLines === null ? 'many' : formatted(read.totalLines);
  const lines = start === last ? `line ${start}` : `lines ${start}-${last}`;
  const said = `${read.file.path}, ${lines} of ${total}${read.unsaved ? ' (unsaved changes in the editor)' : ''}`;
  return read.note == null ? said : `${said}\n[${read.note}]`;
}

function render(read: FileLines): { readonly text: string; readonly count: number; readonly note: string | null } {
  const { text, note } = reveal(read.lines.join('\n'));
  const lines = text.split('\n');
  const width = String(read.startLine + lines.length - 1).length + 2;
  const bounded = new BoundedLines(maxBytes);
  for (const [index, line] of lines.entries()) {
    if (!bounded.add(`${String(read.startLine + index).padStart(width)}\t${line}`)) break;
  }
  return { text: bounded.toString(), count: bounded.count, note };
}

function nothing(read: FileLines, start: number) {
  if (read.totalLines === 0 || (read.totalLines === null && start === 1)) {
    return { content: `${read.file.path} is empty.`, summary: toolStrings.lines(0) };
  }
  const has = read.totalLines === null ? 'fewer lines' : lineWords(read.totalLines);
  throw new ToolError(`${read.file.path} has ${has}; start_line ${start} is past its end.`);
}

function lineWords(count: number): string {
  return count === 1 ? '1 line' : `${formatted(count)} lines`;
}
