/** A Jupyter notebook as numbered cells, each with its outputs in short: pictures are named, never printed (LESSONS L58). */
import { isObject } from '../../base/doorValues';
import { BoundedLines, byteLength, cutLine, formatted, maxLineCharacters, wholeCharacters } from './text';

/** What running a cell gave: its text, or what else it is by its media type. `bytes`: its size. */
export type CellOutput =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'other'; readonly type: string; readonly bytes: number };

/** A cell, in the order of the notebook. */
export interface NotebookCell {
  readonly kind: 'code' | 'markdown' | 'raw';
  readonly source: string;
  /** The number that it ran under; null where it did not run. */
  readonly execution: number | null;
  readonly outputs: readonly CellOutput[];
}

/** A notebook as a tool reads it. */
export interface Notebook {
  /** Of its code cells: "python"; null where it does not say. */
  readonly language: string | null;
  readonly cells: readonly NotebookCell[];
}

/** Characters and lines of one output that are shown. */
const maxOutput = 1_200;
const maxOutputLines = 24;
/** Outputs of one cell that are shown. */
const maxOutputs = 8;

/** True for the name of a notebook. */
export function isNotebookPath(path: string): boolean {
  return /\.ipynb$/i.test(path);
}

/** The notebook in the text of a file; null for what is none. */
export function parseNotebook(text: string): Notebook | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value) || !Array.isArray(value['cells'])) return null;
  const metadata = isObject(value['metadata']) ? value['metadata'] : {};
  const told = [metadata['language_info'], metadata['kernelspec']].filter(isObject);
  const names = told.map((one) => one['name'] ?? one['language']);
  const language = names.find((name) => typeof name === 'string') ?? null;
  return { language: language as string | null, cells: value['cells'].filter(isObject).map(cellOf) };
}

function cellOf(cell: Readonly<Record<string, unknown>>): NotebookCell {
  const { cell_type: type, execution_count: count, outputs } = cell;
  return {
    kind: type === 'code' || type === 'markdown' ? type : 'raw',
    source: joined(cell['source']),
    execution: typeof count === 'number' ? count : null,
    outputs: Array.isArray(outputs) ? outputs.filter(isObject).flatMap(outputOf) : [],
  };
}

function outputOf(output: Readonly<Record<string, unknown>>): readonly CellOutput[] {
  if (output['output_type'] === 'error') {
    const said = `${joined(output['ename'])}: ${joined(output['evalue'])}`;
    const trace = Array.isArray(output['traceback']) ? output['traceback'].filter(isText).join('\n') : '';
    return [{ kind: 'text', text: trace === '' ? said : `${said}\n${trace}` }];
  }
  if (output['text'] !== undefined) return [{ kind: 'text', text: joined(output['text']) }];
  const { data } = output;
  if (!isObject(data)) return [];
  return dataOutputs(
    Object.entries(data).map(([type, held]) => ({ type, bytes: sizeOf(type, joined(held)), text: joined(held) })),
  );
}

/** One of the forms that an output has. `text` is of plain text only. */
interface OutputForm {
  readonly type: string;
  readonly bytes: number;
  readonly text: string;
}

/** Of the forms of one output its plain text and what is a picture; the other ones by name, where there is no text. */
export function dataOutputs(forms: readonly OutputForm[]): readonly CellOutput[] {
  const plain = forms.find(({ type }) => type === 'text/plain');
  const others = forms.filter(({ type }) => type !== 'text/plain' && (plain === undefined || isPicture(type)));
  return [
    ...(plain === undefined ? [] : [{ kind: 'text' as const, text: plain.text }]),
    ...others.map(({ type, bytes }) => ({ kind: 'other' as const, type, bytes })),
  ];
}

function isPicture(type: string): boolean {
  return /^(image|video|audio)\//.test(type) || type === 'application/pdf';
}

function sizeOf(type: string, data: string): number {
  return isPicture(type) && type !== 'image/svg+xml' ? Math.floor((data.length * 3) / 4) : byteLength(data);
}

/** Texts stand as one, or as a list of lines with their ends. */
function joined(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.filter(isText).join('') : '';
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Cells as text: each line of a cell with its number in it. */
export interface RenderedCells {
  readonly text: string;
  /** The last cell that is shown; one before `first` where none fits. */
  readonly last: number;
  /** True when the last one is not shown to its end. */
  readonly isCut: boolean;
}

/** The cells `first` to `last`, counted from 1, as many as fit in `maxBytes`. The first one is cut where it alone is too long. */
export function renderCells({ cells }: Notebook, first: number, last: number, maxBytes: number): RenderedCells {
  const all = new BoundedLines(maxBytes);
  for (let number = first; number <= Math.min(last, cells.length); number += 1) {
    const lines = cellLines(cells[number - 1] as NotebookCell, number);
    const bytes = lines.reduce((sum, line) => sum + byteLength(line) + 1, 0);
    if (number > first && bytes > all.left) return { text: all.toString(), last: number - 1, isCut: false };
    for (const line of lines) if (!all.add(line)) return { text: all.toString(), last: number, isCut: true };
  }
  return { text: all.toString(), last: Math.min(last, cells.length), isCut: false };
}

function cellLines({ kind, source, execution, outputs }: NotebookCell, number: number): readonly string[] {
  const ran = execution === null ? '' : `, run as [${execution}]`;
  const lines = source === '' ? [] : source.split(/\r\n?|\n/);
  return [
    `--- cell ${number}, ${kind}${ran}`,
    ...lines.map((line, index) => `${String(index + 1).padStart(3)}\t${shortLine(line)}`),
    ...outputs.slice(0, maxOutputs).flatMap((output) => [`--- output of cell ${number}`, ...outputLines(output)]),
    ...(outputs.length > maxOutputs ? [`[${formatted(outputs.length - maxOutputs)} more outputs]`] : []),
  ];
}

function outputLines(output: CellOutput): readonly string[] {
  if (output.kind === 'other') return [`[${output.type}, ${formatted(output.bytes)} bytes, not shown]`];
  const text = output.text.replaceAll(colours, '').trimEnd();
  const shown = wholeCharacters(text, maxOutput)
    .split(/\r\n?|\n/)
    .slice(0, maxOutputLines);
  const length = shown.join('\n').length;
  const cut = length < text.replaceAll('\r\n', '\n').length;
  return [...shown, ...(cut ? [`[output cut: it has ${formatted(text.length)} characters]`] : [])];
}

/** Colours, as terminals are told them. */
const colours = /\p{Cc}\[[0-9;]{0,40}m/gu;

function shortLine(line: string): string {
  return line.length > maxLineCharacters ? cutLine(line, line.length) : line;
}
