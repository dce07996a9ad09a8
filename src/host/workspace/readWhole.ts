/** Notebooks, images and PDFs for a tool, whole: an open notebook's cells before the disk's, judged as every file is. */
import {
  type CellOutput,
  isNotebookPath,
  type Notebook,
  parseNotebook,
  renderCells,
} from '../../core/tools/words/notebook';
import { ToolError, type WholeFile } from '../../core/tools/workspace';
import { decodeFile } from './files/decode';
import { type Disk, diskOf, maxVirtualBytes } from './files/disk';
import type { WorkspaceFacts } from './files/facts';
import { fileTypeOf } from './files/fileType';
import type { Judging } from './files/judge';
import type { Located, Locator } from './ignore/locate';
import { asFile, gone, notText, secretInside, sizeText } from './readLines';

/** Bytes of a file that is taken whole: what does not fit into a request, whatever it is. */
const maxWholeBytes = 22 * 1024 * 1024;

/** Throws a ToolError for what may not or cannot be read, and for what is neither a notebook nor an image nor a PDF. */
export async function readWhole(
  locator: Locator,
  judge: Judging,
  path: string,
  signal: AbortSignal,
): Promise<WholeFile> {
  const located = await locator.locate(path);
  await locator.assertReadable(located);
  return await wholeOf(locator.facts, locator.judging(located, judge), located, signal);
}

/** The cells of a notebook as text, as read_file shows them; null where they take more than `maxBytes`. Throws as `readWhole` does. */
export async function readCells(
  facts: WorkspaceFacts,
  judge: Judging,
  located: Located,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string | null> {
  const whole = await wholeOf(facts, judge, located, signal);
  if (whole.kind !== 'notebook') throw new ToolError(`${located.path} is no notebook.`);
  const { cells } = whole.notebook;
  const { text, last, isCut } = renderCells(whole.notebook, 1, cells.length, maxBytes);
  return last < cells.length || isCut ? null : text;
}

/** Whether a notebook holds a key whose lines stand apart in its file. False for what is none, or cannot be read. */
export async function cellsHoldKey(
  facts: WorkspaceFacts,
  judge: Judging,
  located: Located,
  signal: AbortSignal,
): Promise<boolean> {
  const uri = facts.uriOf(located.root, located.relative);
  const open = facts.openNotebooks?.().find((one) => one.uri === uri);
  if (open !== undefined) return await judge.text(textOf(open.notebook()), signal);
  if (!isNotebookPath(located.relative)) return false;
  const most = located.file === null ? maxVirtualBytes : maxWholeBytes;
  const disk = diskOf(located.root, facts);
  const found = await disk.stat(located.relative, signal);
  if (found?.kind !== 'file' || found.size > most) return false;
  const bytes = await disk.read(located.relative, most, signal);
  const decoded = bytes === null ? null : await decodeFile(bytes, uri, facts.decoder);
  const notebook = parseNotebook(decoded?.text ?? '');
  return notebook !== null && (await judge.text(textOf(notebook), signal));
}

async function wholeOf(
  facts: WorkspaceFacts,
  judge: Judging,
  located: Located,
  signal: AbortSignal,
): Promise<WholeFile> {
  const uri = facts.uriOf(located.root, located.relative);
  const file = { uri, path: located.path };
  const open = facts.openNotebooks?.().find((one) => one.uri === uri);
  if (open !== undefined) {
    const notebook = open.notebook();
    if (await judge.text(textOf(notebook), signal)) throw secretInside(located);
    return { kind: 'notebook', file, notebook, unsaved: open.dirty };
  }
  const bytes = await bytesOf(facts, judge, located, signal);
  const type = fileTypeOf(bytes);
  if (type.kind === 'image' || type.kind === 'pdf') return { kind: 'media', file, type: type.name, bytes };
  if (!isNotebookPath(located.relative) || type.kind !== 'text') throw notText(located, type, bytes.length);
  const decoded = await decodeFile(bytes, uri, facts.decoder);
  const notebook = parseNotebook(decoded?.text ?? '');
  if (notebook === null) {
    throw new ToolError(
      `${located.path} is no notebook that can be read: it is damaged, or of an old format. search_text finds lines in it.`,
    );
  }
  // The lines of a key stand apart in the file.
  if (await judge.text(textOf(notebook), signal)) throw secretInside(located);
  return { kind: 'notebook', file, notebook, unsaved: false };
}

/** All bytes, of a file that holds no key. */
async function bytesOf(
  facts: WorkspaceFacts,
  judge: Judging,
  located: Located,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const disk: Disk = diskOf(located.root, facts);
  const found = asFile(located, await disk.stat(located.relative, signal));
  const most = located.file === null ? maxVirtualBytes : maxWholeBytes;
  if (found.size > most)
    throw new ToolError(`${located.path} has ${sizeText(found.size)}: too large to be read whole.`);
  const scan = located.file === null ? null : await judge.file(disk, located.relative, found, signal);
  if (scan?.holdsKey === true) throw secretInside(located);
  const bytes = await disk.read(located.relative, most, signal);
  if (bytes === null) throw gone(located);
  // What was read may be another file's by now than what was judged.
  const after = await disk.stat(located.relative, signal);
  const isSame = after !== null && after.stamp !== null && after.stamp === found.stamp;
  if (!isSame && (await judge.bytes(bytes))) throw secretInside(located);
  return bytes;
}

function textOf({ cells }: Notebook): string {
  const said = (output: CellOutput): string => (output.kind === 'text' ? output.text : '');
  return cells.map(({ source, outputs }) => [source, ...outputs.map(said)].join('\n')).join('\n');
}
