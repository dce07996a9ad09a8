/** The changes between two texts of a file as they are shown, kept and undone one by one. */
import { createPatch, OMIT_HEADERS } from 'diff';
import type { Hunk, ProposedChange, ReviewHunk } from '../../../shared/edits';
import { visible } from '../../../shared/visible';
import { digestOf } from '../../base/digest';
import { countChanges, joined, type LineChange, type LineDiff, lineDiff, partsOf } from './lineChanges';

/** Unchanged lines that are shown on either side. */
const around = 2;
/** Changes with at most so many unchanged lines between them are one hunk. */
const nearest = 2;
/** Characters of a line that are shown. */
const shownCharacters = 400;
/** Lines of a hunk that are shown where it is reviewed. */
const reviewedLines = 400;
/** Hunks and their lines on a card. */
const cardHunks = 3;
const cardLines = 12;
/** A diff that takes more edits than this says less than how many lines there were. */
const maxPatchEdits = 2000;

/** Changes that are decided together: where they begin and end in both texts. */
interface Part extends LineChange {
  readonly id: string;
  readonly changes: readonly LineChange[];
  readonly isChangedSince: boolean;
}

/** What keeping or undoing came to. */
export interface DecidedHunks {
  /** Of `undone` the file, of `kept` the base. */
  readonly text: string;
  /** What was decided of the changes between the two, and how many hunks that are. */
  readonly changes: readonly LineChange[];
  readonly count: number;
  /** Of the hunks that were asked for: those that are not there any more, or that cannot be undone. */
  readonly left: readonly string[];
}

/** What a line says. The same for every line, unless its text is none but bytes. */
type Reading = (line: string, isFirst: boolean) => string;

const asItIs: Reading = (line) => line;

/**
 * The hunks between what a file would be and what it is, in their order. The id of one stays the same while others are
 * kept or undone. `since`: what somebody else has made of lines since (carry.ts). `read`: how the lines are shown.
 */
export function reviewHunks(
  base: string,
  current: string,
  since: readonly LineChange[] = [],
  read: Reading = asItIs,
): readonly ReviewHunk[] {
  const diff = lineDiff(base, current, since);
  const parts = partsIn(diff, since);
  return parts.map((part, index) => ({
    ...shown(diff, part, parts[index - 1], parts[index + 1], { maxLines: reviewedLines, read }),
    id: part.id,
    ...(part.isChangedSince ? { changedSince: true as const } : {}),
  }));
}

/** The file with these hunks undone; hunks that somebody else has changed since stay. */
export function undone(
  base: string,
  current: string,
  ids: readonly string[] | 'all',
  since: readonly LineChange[] = [],
): DecidedHunks {
  const diff = lineDiff(base, current, since);
  const parts = partsIn(diff, since);
  const wished = wishedOf(parts, ids);
  const done = wished.filter((part) => !part.isChangedSince);
  return { text: mixed(diff, parts, new Set(done)), ...outcome(done, parts, ids) };
}

/** The base with these hunks kept: they are no difference any more. */
export function kept(
  base: string,
  current: string,
  ids: readonly string[] | 'all',
  since: readonly LineChange[] = [],
): DecidedHunks {
  const diff = lineDiff(base, current, since);
  const parts = partsIn(diff, since);
  const done = wishedOf(parts, ids);
  const open = new Set(parts.filter((part) => !done.includes(part)));
  return { text: mixed(diff, parts, open), ...outcome(done, parts, ids) };
}

/** Lines added and removed between two texts. */
export function changedCounts(before: string, after: string): { readonly added: number; readonly removed: number } {
  return countChanges(lineDiff(before, after).changes);
}

/** What a card shows of a change: the first hunks, a few lines together, and how many more there are. */
export function proposedHunks(
  before: string,
  after: string,
): Pick<ProposedChange, 'added' | 'removed' | 'hunks' | 'moreHunks'> {
  const diff = lineDiff(before, after);
  const parts = partsIn(diff, []);
  const hunks: Hunk[] = [];
  let left = cardLines;
  for (const [index, part] of parts.slice(0, cardHunks).entries()) {
    if (left <= 0) break;
    const hunk = shown(diff, part, parts[index - 1], parts[index + 1], { maxLines: left, read: asItIs });
    // Lines around a change say nothing where there is no room for the change itself.
    if (hunk.lines.every((line) => line.startsWith(' '))) break;
    hunks.push(hunk);
    left -= hunk.lines.length;
  }
  return { ...countChanges(diff.changes), hunks, moreHunks: parts.length - hunks.length };
}

/** A unified diff without its header of names, for the model; null where it would be larger than it is worth. */
export function unifiedDiff(before: string, after: string): string | null {
  const options = { context: 1, maxEditLength: maxPatchEdits, headerOptions: OMIT_HEADERS };
  return createPatch('', before, after, undefined, undefined, options) ?? null;
}

/** The hunks of a unified diff that are nearest to a line of the text before, within so many characters, in their order. */
export function hunksNear(diff: string, line: number, maxCharacters: number): string {
  const hunks = diff.split(/^(?=@@ )/m).map((text, index) => {
    const [, start = '1', count = '1'] = /^@@ -(\d+)(?:,(\d+))?/.exec(text) ?? [];
    const first = Number(start);
    const away = Math.max(0, first - line, line - (first + Number(count) - 1));
    return { text, index, away };
  });
  let left = maxCharacters;
  const near = hunks
    .toSorted((a, b) => a.away - b.away || a.index - b.index)
    .filter(({ text }) => {
      left -= text.length;
      return left >= 0;
    });
  return near
    .toSorted((a, b) => a.index - b.index)
    .map(({ text }) => text)
    .join('');
}

/**
 * True where a change from `before` to `after` touches lines that stand otherwise in `saved`: `before` has changes of the
 * user's that are not saved.
 */
export function touchesChanges(saved: string, before: string, after: string): boolean {
  if (saved === before) return false;
  const theirs = lineDiff(saved, before).changes.map(({ newStart, newEnd }) => ({ start: newStart, end: newEnd }));
  const own = lineDiff(before, after).changes.map(({ oldStart, oldEnd }) => ({ start: oldStart, end: oldEnd }));
  return isAnyTouching(own, theirs);
}

/** Lines of a text, zero-based; the end is not part of it. An empty one stands between two lines. */
interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** Both in order. */
function isAnyTouching(own: readonly LineRange[], theirs: readonly LineRange[]): boolean {
  let at = 0;
  for (const range of own) {
    while ((theirs[at]?.end ?? Number.POSITIVE_INFINITY) < range.start) at += 1;
    for (let i = at; i < theirs.length && (theirs[i]?.start ?? 0) <= range.end; i += 1) {
      if (areTouching(range, theirs[i] ?? range)) return true;
    }
  }
  return false;
}

/** True where they share a line; what is empty touches what it stands beside, too. */
function areTouching(a: LineRange, b: LineRange): boolean {
  if (a.start === a.end || b.start === b.end) return a.start <= b.end && b.start <= a.end;
  return Math.max(a.start, b.start) < Math.min(a.end, b.end);
}

function wishedOf(parts: readonly Part[], ids: readonly string[] | 'all'): readonly Part[] {
  return ids === 'all' ? parts : parts.filter(({ id }) => ids.includes(id));
}

function outcome(
  done: readonly Part[],
  parts: readonly Part[],
  ids: readonly string[] | 'all',
): Omit<DecidedHunks, 'text'> {
  const wished = ids === 'all' ? parts.map(({ id }) => id) : ids;
  const ready = new Set(done.map(({ id }) => id));
  const changes = done.flatMap((part) => part.changes);
  return { changes, count: done.length, left: wished.filter((id) => !ready.has(id)) };
}

/** The text after, but for some parts, which are as they were before. */
function mixed({ before, after }: LineDiff, parts: readonly Part[], old: ReadonlySet<Part>): string {
  const pieces = parts.flatMap((part, index) => [
    after.slice(parts[index - 1]?.newEnd ?? 0, part.newStart),
    old.has(part) ? before.slice(part.oldStart, part.oldEnd) : after.slice(part.newStart, part.newEnd),
  ]);
  return joined([...pieces, after.slice(parts.at(-1)?.newEnd ?? 0)].flat());
}

/** Changes that are near each other are decided together, unless only one of them can be undone. */
function partsIn(diff: LineDiff, since: readonly LineChange[]): readonly Part[] {
  const groups: { changes: LineChange[]; isChangedSince: boolean }[] = [];
  for (const change of diff.changes) {
    const isChangedSince = since.some((one) => isIn(change, one));
    const last = groups.at(-1);
    const gap = change.newStart - (last?.changes.at(-1)?.newEnd ?? Number.NEGATIVE_INFINITY);
    if (last !== undefined && gap <= nearest && last.isChangedSince === isChangedSince) last.changes.push(change);
    else groups.push({ changes: [change], isChangedSince });
  }
  const wholes = groups.map(({ changes, isChangedSince }) => ({ ...spanOf(changes), changes, isChangedSince }));
  const seen = new Map<string, number>();
  return wholes.map((whole) => {
    const digest = digestIn(diff, whole);
    const nth = seen.get(digest) ?? 0;
    seen.set(digest, nth + 1);
    return { ...whole, id: nth === 0 ? digest : `${digest}-${nth + 1}` };
  });
}

function isIn(change: LineChange, whole: LineChange): boolean {
  if (change.oldStart < whole.oldStart || change.newStart < whole.newStart) return false;
  return change.oldEnd <= whole.oldEnd && change.newEnd <= whole.newEnd;
}

function spanOf(changes: readonly LineChange[]): LineChange {
  const [first, last] = [changes[0], changes.at(-1)];
  if (first === undefined || last === undefined) return { oldStart: 0, oldEnd: 0, newStart: 0, newEnd: 0 };
  return { oldStart: first.oldStart, oldEnd: last.oldEnd, newStart: first.newStart, newEnd: last.newEnd };
}

/**
 * Of its lines and those beside it, which stay what they are when others are decided; no line numbers. Another hunk stands
 * so near only where somebody has changed one of the two since: that one is never undone, but the other may be.
 */
function digestIn({ before, after }: LineDiff, part: LineChange & { readonly isChangedSince: boolean }): string {
  const { newStart, newEnd } = part;
  const beside = part.isChangedSince
    ? []
    : [after.slice(Math.max(0, newStart - around), newStart), after.slice(newEnd, newEnd + around)];
  const own = [before.slice(part.oldStart, part.oldEnd), after.slice(part.newStart, part.newEnd)];
  return digestOf(JSON.stringify([...own, ...beside]));
}

/** A part as it is shown, with the lines around it that no other part shows. */
function shown(
  diff: LineDiff,
  part: Part,
  previous: LineChange | undefined,
  next: LineChange | undefined,
  { maxLines, read }: { readonly maxLines: number; readonly read: Reading },
): Hunk {
  const { before, after } = diff;
  const above = Math.min(around, part.newStart - (previous === undefined ? 0 : previous.newEnd + around));
  const below = Math.min(around, (next?.newStart ?? after.length) - part.newEnd);
  const newStart = part.newStart - Math.max(0, above);
  const lines: string[] = [];
  let at = newStart;
  let all = 0;
  const add = (sign: ' ' | '+' | '-', line: string, place: number, withEnd: boolean): void => {
    all += 1;
    if (lines.length < maxLines) lines.push(`${sign}${shownLine(read(line, place === 0), withEnd)}`);
  };
  const toLine = (end: number): void => {
    for (; at < end; at += 1) add(' ', after[at] ?? '', at, false);
  };
  for (const { oldStart, oldEnd, newStart: start, newEnd } of part.changes) {
    toLine(start);
    const [old, now] = [before.slice(oldStart, oldEnd), after.slice(start, newEnd)];
    for (const [index, line] of old.entries()) add('-', line, oldStart + index, isOtherEnd(line, now[index]));
    for (const [index, line] of now.entries()) add('+', line, start + index, isOtherEnd(line, old[index]));
    at = newEnd;
  }
  toLine(part.newEnd + below);
  const oldStart = part.oldStart - (part.newStart - newStart);
  const cut = all - lines.length;
  return { oldStart: oldStart + 1, newStart: newStart + 1, lines, ...(cut === 0 ? {} : { cut }) };
}

/** True where lines differ in nothing but their line ends. */
function isOtherEnd(line: string, other: string | undefined): boolean {
  return other !== undefined && line !== other && partsOf(line).text === partsOf(other).text;
}

/** Bounded, with hidden characters shown, and its line end where that is what has changed. */
function shownLine(line: string, withEnd: boolean): string {
  const { text, end } = partsOf(line);
  const cut = text.length > shownCharacters ? `${text.slice(0, shownCharacters - 1).toWellFormed()}…` : text;
  return `${visible(cut)}${withEnd ? end.replace('\r', '␍').replace('\n', '␊') : ''}`;
}
