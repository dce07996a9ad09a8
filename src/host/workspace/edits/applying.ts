/** Makes a change, by the text as it is at that moment: what was there is kept before anything is written. */

import type { FileEdit } from '../../../core/record/record';
import type { AppliedChange, Change } from '../../../core/tools/edits/editing';
import { hunksNear, unifiedDiff } from '../../../core/tools/edits/hunks';
import { changedLines, countChanges, lineDiff } from '../../../core/tools/edits/lineChanges';
import { ToolError } from '../../../core/tools/workspace';
import type { WriteConcern } from '../../../shared/approval';
import { concernsOf, concernsOfPlace, mayBeTold, withTexts } from './concerns';
import { type Content, contentOf, untilShown } from './content';
import type { EditStore } from './facts';
import { bytesOfText, encodingOfNew, maxTextBytes, textOfFile } from './fileText';
import type { ProblemWatch, Watched } from './newProblems';
import { replacedText, textChanges, withLineEnds } from './newTexts';
import { existingPlace, type Place } from './places';
import { type Draft, type Look, newFile, renameTarget, touchesUsers, wholeFile } from './planning';

/** How often a change is computed anew because somebody else wrote meanwhile. */
const maxTries = 4;
/** Characters of what a formatter did that are told; of more than that, those of what it did near the edit. */
const maxFormatted = 8_000;
const maxNear = 2_000;

/** What is written for one call. */
export interface Work extends Look {
  readonly store: EditStore;
  readonly conversation: string;
  readonly call: string;
  /** Why a place asks, as it was planned and allowed; empty where it was not. */
  allowed(uri: string): readonly WriteConcern[];
  /** Told of an unsaved text before and after a change of ours. */
  changedUnsaved(uri: string, saved: string | null, before: string, after: string): void;
  readonly problems: ProblemWatch;
}

const noDraft: Draft = new Map();

/** Throws a ToolError when nothing was changed. */
export async function applied(work: Work, change: Change): Promise<AppliedChange> {
  switch (change.kind) {
    case 'edit':
      return await edited(work, change);
    case 'create':
      return await created(work, change);
    case 'rename':
      return await renamed(work, change);
    case 'delete':
      return await deleted(work, change);
    default:
      return change satisfies never;
  }
}

/** Throws a ToolError where a place has a reason to ask that it did not have when it was allowed. */
function assertAllowed(work: Work, place: Place, why: readonly WriteConcern[]): void {
  const allowed = work.allowed(place.uri);
  const other = why.find((one) => !allowed.includes(one));
  if (other === undefined) return;
  const words: Readonly<Record<WriteConcern, string>> = {
    ignored: 'it is ignored',
    secret: 'it may hold secrets',
    runsCode: 'what is written there may be run',
    yourLines: 'the user has changed these lines and not saved them',
  };
  throw new ToolError(
    `${place.path} was not changed: ${words[other]}, which the user was not asked about. Call it again to ask.`,
  );
}

async function edited(work: Work, change: Extract<Change, { kind: 'edit' }>): Promise<AppliedChange> {
  const { ground, locator, signal } = work;
  const place = await existingPlace(locator, change.path);
  const ofPlace = await concernsOfPlace(locator, place, signal);
  const watch = mayBeTold(ofPlace) ? await work.problems.before(place.uri, signal) : null;
  try {
    for (let left = maxTries; left > 0; left -= 1) {
      const content = await contentOf(ground, place, signal);
      const before = content.text;
      const told = await withTexts(ofPlace, [before], signal);
      const after = replacedText(before, change.replacements, place.path, mayBeTold(told));
      const why = await withTexts(told, [after], signal);
      const saved = work.savedText(place.uri, content.saved);
      const yours = content.route === 'unsaved' && touchesUsers(saved, before, after);
      assertAllowed(work, place, yours ? [...why, 'yourLines'] : why);
      const done = await written(work, content, after, mayBeTold(why));
      if (done === null) continue;
      return { ...done, problems: watch !== null && mayBeTold(why) ? await newProblems(watch, signal) : null };
    }
  } finally {
    watch?.dispose();
  }
  throw new ToolError(
    `${place.path} is written by something else all the time, so it was not changed. Try again later.`,
  );
}

type Done = Omit<AppliedChange, 'problems'>;

/** null when the file became another one meanwhile: nothing was written then. */
async function written(work: Work, content: Content, after: string, isTold: boolean): Promise<Done | null> {
  const { place, text: before, route, bytes } = content;
  const { decoder } = work.ground.facts;
  const encodings = { decoder, edits: work.ground.edits };
  // Also of one that stays unsaved: what has no place in its encoding would be lost when the user saves it.
  const newBytes = await bytesOfText(after, content.encoding, place, encodings);
  await work.ground.files.assertWritable(place);
  if (route === 'unsaved' || bytes === null) {
    const oldBytes = await bytesOfText(before, content.encoding, place, encodings);
    return await changedUnsaved(work, content, after, [oldBytes, newBytes]);
  }
  const edit = await noted(work, place, 'edit', bytes, newBytes, counted(before, after));
  work.signal.throwIfAborted();
  if (route === 'disk') {
    if (!(await work.ground.files.replace(place, bytes, newBytes))) return null;
    await untilShown(work.ground.edits, content.document?.uri ?? place.uri, after, work.signal);
    return { edits: [edit], ...counted(before, after), lines: linesOf(before, after), notes: [] };
  }
  return await savedThroughEditor(work, content, after, edit, isTold);
}

async function savedThroughEditor(
  work: Work,
  content: Content,
  after: string,
  edit: FileEdit,
  isTold: boolean,
): Promise<Done | null> {
  const { edits, facts, files } = work.ground;
  const { place, text: before, document, encoding } = content;
  const uri = document?.uri ?? place.uri;
  if (document === null || !(await edits.change(uri, document.version, textChanges(before, after)))) return null;
  if (!(await edits.save(uri).catch(() => false))) return await notSaved(work, content, after, edit);
  // From here on it is written, whatever is stopped.
  const bytes = await files.read(place, maxTextBytes, new AbortController().signal).catch(() => null);
  const known = encoding.name;
  const { path } = place;
  const encodings = { decoder: facts.decoder, edits };
  const now = bytes === null ? null : textOfFile({ path, uri: place.uri, bytes, known }, encodings).catch(() => null);
  const text = (await now)?.text ?? after;
  const final = text === after ? edit : await asItBecame(work, edit, bytes, counted(before, text));
  const notes = text === after ? [] : [formatted(before, after, text, isTold)];
  return { edits: [final], ...counted(before, text), lines: linesOf(before, text), notes };
}

/** Changes it back. Throws a ToolError where it could; where something else has changed the text since, it stays as it is. */
async function notSaved(work: Work, content: Content, after: string, edit: FileEdit): Promise<Done> {
  const { edits, facts } = work.ground;
  const { place, text: before, document, encoding, saved } = content;
  const now = edits.documents().find(({ uri }) => uri === (document?.uri ?? place.uri));
  // As a formatter has left it; what somebody types from here on is not ours.
  const text = now?.text() ?? before;
  const isBack =
    now === undefined ||
    text === before ||
    (text === after && (await edits.change(now.uri, now.version, textChanges(after, before))));
  if (isBack)
    throw new ToolError(`${place.path} could not be saved by its editor, so it was changed back. Tell the user.`);
  const bytes = await bytesOfText(text, encoding, place, { decoder: facts.decoder, edits }).catch(() => null);
  const counts = counted(before, text);
  const final = await asItBecame(work, { ...edit, unsaved: true }, bytes, counts);
  work.changedUnsaved(place.uri, saved, before, after);
  const note = 'Its editor could not save it: the change stands there, unsaved. Tell the user.';
  return { edits: [final], ...counts, lines: linesOf(before, text), notes: [note] };
}

/** The edit with what came of it. It is made by then, whatever the store says. */
async function asItBecame(
  { store, conversation, call }: Work,
  edit: FileEdit,
  bytes: Uint8Array | null,
  counts: { readonly added: number; readonly removed: number },
): Promise<FileEdit> {
  const after = bytes === null ? edit.after : await store.putFileVersion(conversation, bytes).catch(() => edit.after);
  const final = { ...edit, ...counts, after };
  await store.notePendingEdits(conversation, { call, edits: [final] }).catch(() => undefined);
  return final;
}

function formatted(before: string, after: string, text: string, isTold: boolean): string {
  const head = 'On saving, the editor changed the text further (a formatter, or another action on save).';
  if (!isTold) return `${head} Read the lines again before you edit them once more.`;
  const diff = unifiedDiff(after, text);
  if (diff !== null && diff.length <= maxFormatted) return `${head} What it changed:\n${diff}`;
  const near = diff === null ? '' : hunksNear(diff, linesOf(before, after)?.first ?? 1, maxNear);
  const rest = 'It changed more: an edit whose old_text is not there any more is answered with the lines as they are.';
  return near === '' ? `${head}\n${rest}` : `${head} What it changed near your edit:\n${near}${rest}`;
}

async function changedUnsaved(
  work: Work,
  { place, text: before, document, saved }: Content,
  after: string,
  [oldBytes, newBytes]: readonly [Uint8Array, Uint8Array],
): Promise<Done | null> {
  const { edits } = work.ground;
  if (document === null) return null;
  const edit = await noted(work, place, 'edit', oldBytes, newBytes, counted(before, after), true);
  work.signal.throwIfAborted();
  if (!(await edits.change(document.uri, document.version, textChanges(before, after)))) return null;
  work.changedUnsaved(place.uri, saved, before, after);
  return {
    edits: [edit],
    ...counted(before, after),
    lines: linesOf(before, after),
    notes: [
      'The user has changes in this file that are not saved: it was changed in the editor, and is not saved either.',
    ],
  };
}

async function created(work: Work, change: Extract<Change, { kind: 'create' }>): Promise<AppliedChange> {
  const { ground, locator, signal } = work;
  const { edits, facts, files } = ground;
  const place = await newFile(work, change.path, noDraft);
  const settings = edits.settingsOf(place.uri);
  const text = withLineEnds(change.text, settings.eol);
  const why = await concernsOf(locator, place, [text], signal);
  assertAllowed(work, place, why);
  const encoding = encodingOfNew(settings.encoding);
  const bytes = await bytesOfText(text, encoding, place, { decoder: facts.decoder, edits });
  const counts = counted('', text);
  const edit = await noted(work, place, 'create', null, bytes, counts);
  signal.throwIfAborted();
  await files.create(place, bytes);
  const watch = mayBeTold(why) ? await work.problems.ofNew(place.uri, signal).catch(() => null) : null;
  const problems = watch === null ? null : await newProblems(watch, signal);
  watch?.dispose();
  return { edits: [edit], ...counts, lines: linesOf('', text), notes: [], problems };
}

/** Whatever becomes of them: the file is written by then. */
async function newProblems(watch: Watched, signal: AbortSignal): Promise<readonly string[] | null> {
  return await watch.after(signal).catch(() => null);
}

async function deleted(work: Work, change: Extract<Change, { kind: 'delete' }>): Promise<AppliedChange> {
  const { ground, locator, signal } = work;
  const place = await existingPlace(locator, change.path);
  const { bytes, text } = await wholeFile(work, place);
  const why = await concernsOf(locator, place, text === null ? [] : [text], signal);
  assertAllowed(work, place, why);
  const counts = counted(text ?? '', '');
  const edit = await noted(work, place, 'delete', bytes, null, counts);
  await assertSame(work, place, bytes);
  signal.throwIfAborted();
  await ground.files.remove(place);
  return { edits: [edit], ...counts, lines: null, notes: [], problems: null };
}

async function renamed(work: Work, change: Extract<Change, { kind: 'rename' }>): Promise<AppliedChange> {
  const { ground, locator, signal } = work;
  const from = await existingPlace(locator, change.path);
  const { bytes, text } = await wholeFile(work, from);
  const to = await renameTarget(work, from, change.to, noDraft);
  const texts = text === null ? [] : [text];
  for (const place of [from, to]) assertAllowed(work, place, await concernsOf(locator, place, texts, signal));
  const none = { added: 0, removed: 0 };
  const edit = await noted(work, from, 'rename', bytes, bytes, none, false, { uri: to.uri, path: to.path });
  await assertSame(work, from, bytes);
  signal.throwIfAborted();
  await ground.files.rename(from, to);
  const isOpen = ground.edits.shown(from.uri) !== 'none';
  const notes = isOpen ? [`An editor is still open under the old name, ${from.path}: the user can close it.`] : [];
  return { edits: [edit], ...none, lines: null, notes, problems: null };
}

/** What goes or moves is what was kept. Throws a ToolError where it is not. */
async function assertSame({ ground, signal }: Work, place: Place, bytes: Uint8Array): Promise<void> {
  const now = await ground.files.read(place, Math.max(bytes.length, 1), signal).catch(() => null);
  if (now !== null && Buffer.compare(now, bytes) === 0) return;
  throw new ToolError(`${place.path} is written by something else just now, so it was left as it is. Try again.`);
}

/** Keeps what is there and what is to be, and notes that it is being written. */
async function noted(
  { store, conversation, call }: Work,
  { uri, path }: Place,
  kind: FileEdit['kind'],
  before: Uint8Array | null,
  after: Uint8Array | null,
  counts: { readonly added: number; readonly removed: number },
  unsaved = false,
  to?: NonNullable<FileEdit['to']>,
): Promise<FileEdit> {
  const keep = async (bytes: Uint8Array | null): Promise<string | null> =>
    bytes === null ? null : await store.putFileVersion(conversation, bytes);
  const digests = { before: await keep(before), after: await keep(after) };
  const edit: FileEdit = { uri, path, kind, ...(to === undefined ? {} : { to }), ...digests, unsaved, ...counts };
  await store.notePendingEdits(conversation, { call, edits: [edit] });
  return edit;
}

function counted(before: string, after: string): { readonly added: number; readonly removed: number } {
  return countChanges(lineDiff(before, after).changes);
}

function linesOf(before: string, after: string): AppliedChange['lines'] {
  return changedLines(lineDiff(before, after));
}
