/** What became of edits that were noted before they were made, where nobody was there any more to tell. */
import type { LocalizableMessage } from '../../shared/chat';
import { coreStrings } from '../base/strings';
import type { FileEdit, NewEntry } from './record';
import type { PendingEdits } from './store';

/** How files are now: the host looks. */
export interface FilesNow {
  /**
   * SHA-256, hex, of a file's bytes, null where there is none; and of its text, as it would be saved, where an editor has it unsaved.
   * Rejects when it cannot be read.
   */
  digestsOf(uri: string): Promise<readonly (string | null)[]>;
  /** A file's bytes; null where there is none. Rejects as above. */
  bytesOf(uri: string): Promise<Uint8Array | null>;
}

/**
 * `partly`: its write was cut off, and `edit` says what that has left; `other`: the file is neither as it was nor as it would
 * be; `unknown`: it cannot be read.
 */
export interface JudgedEdit {
  readonly edit: FileEdit;
  readonly became: 'written' | 'partly' | 'notWritten' | 'other' | 'unknown';
}

type Looks = Pick<FilesNow, 'digestsOf'>;

/** By the tool_use id of the call. */
export type JudgedEdits = ReadonlyMap<string, readonly JudgedEdit[]>;

/** Compares the files with what they were before and would be after. */
export async function judged(pending: readonly PendingEdits[], files: Looks): Promise<JudgedEdits> {
  const calls = new Map<string, readonly JudgedEdit[]>();
  const all = pending.flatMap(({ edits }) => edits);
  for (const { call, edits } of pending) calls.set(call, await judgedCall(edits, all, files));
  return calls;
}

/** The same, with the files whose writes were cut off: what stands in them is kept, so that it can be undone. */
export async function judgedWithCutOff(
  pending: readonly PendingEdits[],
  files: FilesNow,
  versions: VersionBytes,
): Promise<JudgedEdits> {
  const calls = new Map<string, readonly JudgedEdit[]>();
  for (const [call, all] of await judged(pending, files)) {
    const looked: JudgedEdit[] = [];
    for (const one of all) looked.push(one.became === 'other' ? await cutOff(one, files, versions) : one);
    calls.set(call, looked);
  }
  return calls;
}

/** The bytes of versions of files, by their digests. */
interface VersionBytes {
  /** null where it is not there any more. */
  get(digest: string): Promise<Uint8Array | null>;
  put(bytes: Uint8Array): Promise<string>;
}

async function cutOff(one: JudgedEdit, files: FilesNow, versions: VersionBytes): Promise<JudgedEdit> {
  const { uri, to, before, after } = one.edit;
  if (to !== undefined || after === null) return one;
  try {
    const now = await files.bytesOf(uri);
    const old = before === null ? new Uint8Array() : await versions.get(before);
    const meant = await versions.get(after);
    if (now === null || old === null || meant === null || !isCutOff(now, old, meant)) return one;
    return { edit: { ...one.edit, after: await versions.put(now) }, became: 'partly' };
  } catch {
    return one;
  }
}

/**
 * True for what a write in place leaves that ends anywhere: as far as it came the new bytes, behind them the old ones. Where
 * all is new, a few letters say nothing: undone, they would take a file that the user has made meanwhile.
 */
function isCutOff(now: Uint8Array, old: Uint8Array, meant: Uint8Array): boolean {
  let at = 0;
  while (at < now.length && now[at] === meant[at]) at += 1;
  const [rest, left] = [now.subarray(at), old.subarray(at)];
  if (at === 0 || rest.length !== left.length || !rest.every((byte, index) => byte === left[index])) return false;
  if (now.length <= old.length) return true;
  let same = 0;
  while (same < old.length && now[same] === old[same]) same += 1;
  return saysEnough(now.subarray(same, at));
}

/** Bytes; fewer that begin no second line may as well be what the user has typed. */
const minWritten = 16;
const lineEnd = 10;

function saysEnough(written: Uint8Array): boolean {
  return written.length >= minWritten || written.includes(lineEnd);
}

async function judgedCall(
  edits: readonly FileEdit[],
  ofAll: readonly FileEdit[],
  files: Looks,
): Promise<readonly JudgedEdit[]> {
  const all: JudgedEdit[] = [];
  for (const [index, edit] of edits.entries()) {
    // Several of one file stand on each other: what a later one made has the earlier ones in it.
    const isSame = (other: FileEdit): boolean => other.uri === edit.uri;
    const afters = [...edits.slice(index).filter(isSame), ...standingOn(edit, ofAll)];
    const befores = edits.slice(0, index + 1).filter(isSame);
    try {
      const isWritten = await some(afters, (one) => isAfter(one, files));
      const isAsBefore = isWritten || (await some(befores, (one) => isBefore(one, files)));
      all.push({ edit, became: isWritten ? 'written' : isAsBefore ? 'notWritten' : 'other' });
    } catch {
      all.push({ edit, became: 'unknown' });
    }
  }
  return all;
}

/** Edits of other calls, too, that begin with what this one leaves, and those that begin with what they leave. */
function standingOn(edit: FileEdit, all: readonly FileEdit[]): readonly FileEdit[] {
  const found: FileEdit[] = [];
  let place = edit.to?.uri ?? edit.uri;
  let { after } = edit;
  for (;;) {
    const next = all.find((one) => one.uri === place && one.before === after && one !== edit && !found.includes(one));
    if (next === undefined) return found;
    found.push(next);
    place = next.to?.uri ?? next.uri;
    after = next.after;
  }
}

async function some<T>(all: readonly T[], is: (one: T) => Promise<boolean>): Promise<boolean> {
  for (const one of all) if (await is(one)) return true;
  return false;
}

async function isAfter({ uri, to, after }: FileEdit, files: Looks): Promise<boolean> {
  if (to === undefined) return (await files.digestsOf(uri)).includes(after);
  if (!(await files.digestsOf(to.uri)).includes(after)) return false;
  // Where letters are the same whatever their case, the old name is there still.
  return uri.toLowerCase() === to.uri.toLowerCase() || (await files.digestsOf(uri)).includes(null);
}

async function isBefore({ uri, before }: FileEdit, files: Looks): Promise<boolean> {
  return (await files.digestsOf(uri)).includes(before);
}

/** The result of a call that was cut off while it changed files. */
export function healedResult(toolUseId: string, edits: readonly JudgedEdit[]): NewEntry {
  // What cannot be looked at now may be undone when it can.
  const written = edits
    .filter(({ became }) => became === 'written' || became === 'partly' || became === 'unknown')
    .map(({ edit }) => edit);
  const isWhole = edits.every(({ became }) => became === 'written');
  const isUntouched = edits.every(({ became }) => became === 'notWritten');
  const last = written.at(-1) ?? edits.at(-1)?.edit;
  return {
    kind: 'toolResult',
    toolUseId,
    content: ['The editor closed before this was finished.', ...edits.map(wordsOf)].join('\n'),
    ...(written.length === 0 ? {} : { edits: written }),
    isError: !isWhole,
    // What is done again is only what has not been done.
    cancelled: isUntouched,
    label: last === undefined ? { text: '' } : labelOf(last, isWhole),
    summary: isWhole ? countsOf(written) : isUntouched ? coreStrings.toolStopped() : coreStrings.toolFailed(),
  };
}

function wordsOf({ edit, became }: JudgedEdit): string {
  const name = edit.to === undefined ? edit.path : `${edit.path} (to be ${edit.to.path})`;
  switch (became) {
    case 'written':
      return `${name}: the change was made. Do not make it again.`;
    case 'partly':
      return `${name}: writing it was cut off, so it has some of the new text and some of the old. Read it before you go on, and tell the user.`;
    case 'notWritten':
      return `${name}: it was not changed. Make the change again if it is still needed.`;
    case 'other':
      return `${name}: it is now neither as it was before nor as this would have left it. Read it before you go on.`;
    case 'unknown':
      return `${name}: whether it was changed is not known, since it cannot be read now. Read it before you go on.`;
  }
}

function labelOf({ kind, path, to }: FileEdit, isDone: boolean): LocalizableMessage {
  switch (kind) {
    case 'edit':
      return (isDone ? coreStrings.edited : coreStrings.edit)(path);
    case 'create':
      return (isDone ? coreStrings.created : coreStrings.create)(path);
    case 'rename':
      return (isDone ? coreStrings.renamed : coreStrings.rename)(path, to?.path ?? path);
    case 'delete':
      return (isDone ? coreStrings.deleted : coreStrings.delete)(path);
  }
}

function countsOf(edits: readonly FileEdit[]): LocalizableMessage {
  const sum = (of: (edit: FileEdit) => number): number => edits.reduce((all, edit) => all + of(edit), 0);
  return coreStrings.lines(
    sum(({ added }) => added),
    sum(({ removed }) => removed),
  );
}
