/** Lines of a file by range, for a tool: an open editor's before the disk's, judged by the whole file. */
import { type FileLines, NotTextError, ToolError } from '../../core/tools/workspace';
import { decodeFile, decoderOf, maxDecodedBytes } from './files/decode';
import { type Disk, type DiskStat, diskOf, maxVirtualBytes } from './files/disk';
import type { OpenDocument, WorkspaceFacts } from './files/facts';
import type { FileScan } from './files/fileScan';
import { type FileType, fileTypeOf, headBytes } from './files/fileType';
import { type Judging, maxJudgedBytes } from './files/judge';
import type { Located, Locator } from './ignore/locate';
import { type LineRange, type LinesRead, linesOfFile, linesOfText } from './lines';

/** The editor that holds a file; undefined when none does. */
export function documentOf(facts: WorkspaceFacts, { root, relative, requested }: Located): OpenDocument | undefined {
  const uris = new Set([facts.uriOf(root, relative), facts.uriOf(requested.root, requested.relative)]);
  return facts.openDocuments().find(({ uri }) => uris.has(uri));
}

/** Lines, and a sentence on how the file was read where there is one to say. */
interface NotedLines extends LinesRead {
  readonly note?: string | null;
}

/** Throws a ToolError for what may not or cannot be read. */
export async function readLines(
  locator: Locator,
  anyJudge: Judging,
  path: string,
  range: LineRange,
  signal: AbortSignal,
): Promise<FileLines> {
  const { facts } = locator;
  const located = await locator.locate(path);
  await locator.assertReadable(located);
  const judge = locator.judging(located, anyJudge);
  const document = documentOf(facts, located);
  let read: NotedLines;
  if (document === undefined) read = await readDisk(locator, judge, located, range, signal);
  else {
    if (await judge.document(document, signal)) throw secretInside(located);
    read = linesOfText(document.text(), range);
  }
  if (judge.short(read.lines.join('\n'))) throw secretInside(located);
  return {
    file: { uri: facts.uriOf(located.root, located.relative), path: located.path },
    lines: read.lines,
    startLine: range.startLine,
    totalLines: read.totalLines,
    unsaved: document?.dirty ?? false,
    note: read.note ?? null,
  };
}

async function readDisk(
  locator: Locator,
  judge: Judging,
  located: Located,
  range: LineRange,
  signal: AbortSignal,
): Promise<NotedLines> {
  const { facts } = locator;
  const disk = diskOf(located.root, facts);
  const found = asFile(located, await disk.stat(located.relative, signal));
  if (located.file === null) return await readVirtual(facts, judge, disk, located, found, range, signal);
  if (found.size > maxJudgedBytes) return await readUnjudged(locator, disk, located, found, range, signal);

  const scan = await judge.file(disk, located.relative, found, signal, located.file);
  if (scan === null) throw gone(located);
  if (scan.holdsKey) throw secretInside(located);
  if (scan.type.kind !== 'text') throw notText(located, scan.type, found.size);
  const lines =
    found.size <= maxDecodedBytes
      ? await readDecoded(facts, disk, located, range, signal)
      : await readPieces(facts, disk, located, scan.type, scan, range, signal);
  // What was read may be of another file by now than what was judged.
  const after = await disk.stat(located.relative, signal);
  if (after !== null && (after.stamp === null || after.stamp !== found.stamp)) {
    const again = after.size > maxJudgedBytes ? null : await judge.file(disk, located.relative, after, signal);
    if (again?.holdsKey === true) throw secretInside(located);
  }
  return lines;
}

/** As VS Code decodes it, which wants all of it. */
async function readDecoded(
  facts: WorkspaceFacts,
  disk: Disk,
  located: Located,
  range: LineRange,
  signal: AbortSignal,
): Promise<NotedLines> {
  const bytes = await disk.read(located.relative, maxDecodedBytes, signal);
  if (bytes === null) throw gone(located);
  return await linesOfBytes(facts, located, bytes, range);
}

async function linesOfBytes(
  facts: WorkspaceFacts,
  located: Located,
  bytes: Uint8Array,
  range: LineRange,
): Promise<NotedLines> {
  const decoded = await decodeFile(bytes, facts.uriOf(located.root, located.relative), facts.decoder);
  if (decoded === null) throw notText(located, fileTypeOf(bytes), bytes.length);
  return { ...linesOfText(decoded.text, range), note: decoded.note };
}

/** Too large to be decoded at once. `scan`: where its lines begin, where that is known. */
async function readPieces(
  facts: WorkspaceFacts,
  disk: Disk,
  located: Located,
  type: Extract<FileType, { kind: 'text' }>,
  scan: FileScan | null,
  range: LineRange,
  signal: AbortSignal,
): Promise<NotedLines> {
  const uri = facts.uriOf(located.root, located.relative);
  const { decoder, encoding, note } = decoderOf(type, uri, facts.decoder);
  // Its lines were counted by its bytes, which say nothing of UTF-16 that is in the settings only.
  const known = type.encoding === 'settings' && encoding.startsWith('utf16') ? null : scan;
  const from = known?.marks.findLast(({ line }) => line <= range.startLine);
  const source = { disk, path: located.relative, lines: known?.lines ?? null, ...(from === undefined ? {} : { from }) };
  const lines = await linesOfFile(source, { decoder, skip: type.skip }, range, signal);
  if (lines === null) throw gone(located);
  return { ...lines, note };
}

/** Other schemes hand over whole files. */
async function readVirtual(
  facts: WorkspaceFacts,
  judge: Judging,
  disk: Disk,
  located: Located,
  found: DiskStat,
  range: LineRange,
  signal: AbortSignal,
): Promise<NotedLines> {
  if (found.size > maxVirtualBytes) {
    throw new ToolError(`${located.path} has ${sizeText(found.size)}: too large to read from where it lies.`);
  }
  const bytes = (await disk.read(located.relative, maxVirtualBytes, signal)) ?? new Uint8Array();
  if (await judge.bytes(bytes)) throw secretInside(located);
  return await linesOfBytes(facts, located, bytes, range);
}

/** It would take too long to look through: the user says whether it may be read as it is. */
async function readUnjudged(
  locator: Locator,
  disk: Disk,
  located: Located,
  { size }: DiskStat,
  range: LineRange,
  signal: AbortSignal,
): Promise<NotedLines> {
  const { facts } = locator;
  if (!locator.allows(located, 'unchecked')) {
    throw new ToolError(
      `${located.path} has ${sizeText(size)}: too large to be looked through for keys, and the user did not allow ` +
        'reading it without that. search_text does not show it either. Go on without it, or ask the user to paste the part that is needed.',
    );
  }
  signal.throwIfAborted();
  const type = fileTypeOf((await disk.read(located.relative, headBytes, signal)) ?? new Uint8Array());
  if (type.kind !== 'text') throw notText(located, type, size);
  return await readPieces(facts, disk, located, type, null, range, signal);
}

/** Throws a ToolError for what is no plain file. */
export function asFile(located: Located, found: DiskStat | null): DiskStat {
  if (found?.kind === 'directory') {
    throw new ToolError(`${located.path || 'The workspace'} is a folder: list_directory shows what is in it.`);
  }
  if (found?.kind === 'file') return found;
  throw new ToolError(`${located.path} is not a plain file (a pipe, a device, a link): it is not read.`);
}

/** What is said of a file that has no lines. */
export function notText(located: Located, type: FileType, size: number): NotTextError {
  const isMedia = type.kind === 'image' || type.kind === 'pdf';
  const name = type.kind === 'text' ? 'binary file' : type.name;
  const hint = isMedia ? 'The user can attach it to a message.' : 'It cannot be read as text.';
  return new NotTextError(`${located.path} is not text: ${name}, ${sizeText(size)}. ${hint}`, isMedia);
}

/** What is said of a file that is no longer there. */
export function gone(located: Located): ToolError {
  return new ToolError(`${located.path} is gone: it went while it was read.`);
}

/** What is said of a file that holds a key. */
export function secretInside(located: Located): ToolError {
  return new ToolError(
    `${located.path} contains a private key or an access token, so no part of it is read. Go on without it; if what it ` +
      'says matters, ask the user to paste the part that is needed.',
  );
}

/** "1,234 bytes". */
export function sizeText(bytes: number): string {
  return `${bytes.toLocaleString('en-US')} bytes`;
}
