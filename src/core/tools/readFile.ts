/** The tool read_file: lines of files, numbered; notebooks as cells; images and PDFs as the model sees them. */
import * as z from 'zod/mini';
import type { LocalizableMessage } from '../../shared/chat';
import type { MediaBlock } from '../record/record';
import type { Tool } from './tool';
import { filled, maybe, needed, whole } from './words/fields';
import { isNotebookPath, renderCells } from './words/notebook';
import { toolStrings } from './words/strings';
import { BoundedLines, byteLength, formatted, inLabel, isCutLine, maxLineCharacters, reveal } from './words/text';
import { type FileLines, NotTextError, ToolError, type ToolPorts, type WholeFile } from './workspace';

/** Bytes of the numbered text of all files of a call. */
const maxBytes = 48 * 1024;
/** Files and ranges of one call. */
const maxFiles = 20;

const part = {
  path: needed(filled(), 'Relative to the workspace: "src/app.ts".'),
  start_line: maybe(whole(1), 'First line, from 1. In a notebook: first cell.'),
  end_line: maybe(whole(1), 'Last line (cell), included. Default: as many as fit.'),
};

const schema = z
  .strictObject({
    path: z.optional(part.path),
    start_line: part.start_line,
    end_line: part.end_line,
    files: maybe(
      z
        .array(z.strictObject({ path: filled(), start_line: z.optional(whole(1)), end_line: z.optional(whole(1)) }))
        .check(z.maxLength(maxFiles)),
      'Several files or ranges, instead of path.',
    ),
  })
  .check(
    z.refine(({ path, files = [] }) => path !== undefined || files.length > 0, {
      path: ['path'],
      error: 'needed, unless there are "files"',
    }),
  );

type Input = z.infer<typeof schema>;

/** One file, or a range of it. */
interface Part {
  readonly path: string;
  readonly start_line?: number | undefined;
  readonly end_line?: number | undefined;
}

/** What came of a part. */
interface Done {
  readonly content: string;
  readonly media?: MediaBlock;
  readonly summary: LocalizableMessage;
}

/** Lines of files, numbered. */
export const readFile: Tool<Input> = {
  name: 'read_file',
  description: [
    'Reads a file of the workspace, or several files and ranges in one call. An open editor is read as it is, unsaved changes included.',
    'Returns a header with path and range, then each line as its number, a tab and its text; the numbers are not part of the file.',
    'Notebooks come as numbered cells with outputs in short; images and PDFs are shown.',
    `At most ${formatted(maxBytes / 1024)} KB a call and ${formatted(maxLineCharacters)} characters a line: what was cut, and how to read on, is said.`,
    'Refused: files that hold keys, other binary files.',
  ].join(' '),
  schema,
  readOnly: true,

  describe(input) {
    const [first, ...rest] = partsOf(input);
    if (first === undefined) return toolStrings.read('');
    const place = inLabel(`${first.path.split(/[\\/]/).at(-1) || first.path}${range(first)}`);
    return rest.length === 0 ? toolStrings.read(place) : toolStrings.readMore(place, rest.length);
  },

  reach: async (input, { workspace }, signal) =>
    (await workspace.reach?.(
      partsOf(input).map(({ path }) => path),
      signal,
    )) ?? [],

  async run(input, ports, signal) {
    const parts = partsOf(input);
    const [only] = parts;
    if (only !== undefined && parts.length === 1) {
      const { media, ...read } = await readPart(only, maxBytes, ports, signal);
      return { ...read, ...(media === undefined ? {} : { media: [media] }) };
    }
    return await readParts(parts, ports, signal);
  },
};

function partsOf({ files = [], path, start_line, end_line }: Input): readonly Part[] {
  return path === undefined ? files : [{ path, start_line, end_line }, ...files];
}

/** One after the other, within one bound; what fails fails alone. */
async function readParts(parts: readonly Part[], ports: ToolPorts, signal: AbortSignal) {
  const done: Done[] = [];
  const failed: string[] = [];
  const unread: string[] = [];
  let left = maxBytes;
  for (const one of parts) {
    const name = `${one.path}${range(one)}`;
    if (left < 1024) unread.push(name);
    else {
      try {
        const read = await readPart(one, left, ports, signal);
        done.push(read);
        left -= byteLength(read.content);
      } catch (error) {
        if (!(error instanceof ToolError)) throw error;
        failed.push(`${name}: ${error.message}`);
      }
    }
  }
  if (done.length === 0) throw new ToolError(failed.join('\n\n'));
  if (unread.length > 0)
    failed.push(
      `[Not read, for the ${formatted(maxBytes / 1024)} KB were full: ${unread.join(', ')}. Read them in another call.]`,
    );
  const media = done.flatMap((one) => (one.media === undefined ? [] : [one.media]));
  return {
    content: [...done.map(({ content }) => content), ...failed].join('\n\n'),
    ...(media.length === 0 ? {} : { media }),
    summary: toolStrings.files(done.length),
  };
}

async function readPart(one: Part, bytes: number, ports: ToolPorts, signal: AbortSignal): Promise<Done> {
  const { workspace } = ports;
  const { start_line: start = 1, end_line: end = null } = one;
  if (end !== null && end < start) {
    throw new ToolError(`end_line (${end}) must not be smaller than start_line (${start}).`);
  }
  if (isNotebookPath(one.path) && workspace.readWhole !== undefined) {
    const whole = await workspace.readWhole(one.path, signal);
    return whole.kind === 'notebook' ? cells(whole, start, end, bytes) : await seen(whole, ports);
  }
  const wanted = end === null ? Number.MAX_SAFE_INTEGER : end - start + 1;
  let read: FileLines;
  try {
    read = await workspace.readLines(one.path, start, wanted, bytes, signal);
  } catch (error) {
    if (!(error instanceof NotTextError) || !error.isMedia) throw error;
    if (workspace.readWhole === undefined || ports.media === undefined) throw error;
    const whole = await workspace.readWhole(one.path, signal);
    return whole.kind === 'notebook' ? cells(whole, start, end, bytes) : await seen(whole, ports);
  }
  return lines(read, { start, end, wanted }, bytes);
}

function lines(
  read: FileLines,
  { start, end, wanted }: { readonly start: number; readonly end: number | null; readonly wanted: number },
  bytes: number,
): Done {
  if (read.lines.length === 0) return nothing(read, start);
  const rendered = render(read, bytes);
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
}

function cells(
  { file, notebook, unsaved }: Extract<WholeFile, { kind: 'notebook' }>,
  start: number,
  end: number | null,
  bytes: number,
): Done {
  const total = notebook.cells.length;
  if (total === 0) return { content: `${file.path} is a notebook without cells.`, summary: toolStrings.cells(0) };
  if (start > total) {
    throw new ToolError(
      `${file.path} has ${total === 1 ? '1 cell' : `${formatted(total)} cells`}; cell ${start} is past its end.`,
    );
  }
  const wanted = Math.min(end ?? total, total);
  const rendered = renderCells(notebook, start, wanted, bytes);
  const { text, note } = reveal(rendered.text);
  const notes = note === null ? [] : [note];
  if (rendered.isCut) notes.push(`Cell ${rendered.last} is cut here; search_text finds text in the rest of it.`);
  if (rendered.last < wanted)
    notes.push(`Cut here at ${formatted(maxBytes / 1024)} KB: continue with start_line ${rendered.last + 1}.`);
  const place = start === rendered.last ? `cell ${start}` : `cells ${start}-${rendered.last}`;
  const language = notebook.language === null ? '' : ` (${notebook.language})`;
  const head = `${file.path}, notebook${language}, ${place} of ${formatted(total)}${unsavedWords(unsaved)}`;
  return {
    content: [head, text, ...notes.map((words) => `[${words}]`)].join('\n'),
    summary: toolStrings.cells(rendered.last - start + 1),
  };
}

async function seen({ file, type, bytes }: Extract<WholeFile, { kind: 'media' }>, { media }: ToolPorts): Promise<Done> {
  if (media === undefined) throw new ToolError(`${file.path} is not text: ${type}. Ask the user to attach it.`);
  const block = await media.keep(file.path, bytes);
  const size = block.type === 'image' ? `, ${block.width} × ${block.height} pixels` : pagesOf(block.pages);
  return { content: `${file.path}: ${type}${size}, shown here.`, media: block, summary: toolStrings.shown() };
}

function pagesOf(pages: number | undefined): string {
  return pages === undefined ? '' : pages === 1 ? ', 1 page' : `, ${pages} pages`;
}

function range({ start_line: start, end_line: end }: Part): string {
  if (start === undefined && end === undefined) return '';
  if (end === undefined) return `:${start}`;
  return start === end ? `:${end}` : `:${start ?? 1}-${end}`;
}

function header(read: FileLines, start: number, last: number): string {
  const total = read.totalLines === null ? 'many' : formatted(read.totalLines);
  const place = start === last ? `line ${start}` : `lines ${start}-${last}`;
  const said = `${read.file.path}, ${place} of ${total}${unsavedWords(read.unsaved)}`;
  return read.note == null ? said : `${said}\n[${read.note}]`;
}

function unsavedWords(unsaved: boolean): string {
  return unsaved ? ' (unsaved changes in the editor)' : '';
}

function render(
  read: FileLines,
  bytes: number,
): { readonly text: string; readonly count: number; readonly note: string | null } {
  const { text, note } = reveal(read.lines.join('\n'));
  const shown = text.split('\n');
  const width = String(read.startLine + shown.length - 1).length + 2;
  const bounded = new BoundedLines(bytes);
  for (const [index, line] of shown.entries()) {
    if (!bounded.add(`${String(read.startLine + index).padStart(width)}\t${line}`)) break;
  }
  return { text: bounded.toString(), count: bounded.count, note };
}

function nothing(read: FileLines, start: number): Done {
  if (read.totalLines === 0 || (read.totalLines === null && start === 1)) {
    return { content: `${read.file.path} is empty.`, summary: toolStrings.lines(0) };
  }
  const has = read.totalLines === null ? 'fewer lines' : lineWords(read.totalLines);
  throw new ToolError(`${read.file.path} has ${has}; start_line ${start} is past its end.`);
}

function lineWords(count: number): string {
  return count === 1 ? '1 line' : `${formatted(count)} lines`;
}
