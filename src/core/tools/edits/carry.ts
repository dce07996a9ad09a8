/** What somebody else changed in a file is carried into the text that the file would have without a turn's edits. */
import { joined, type LineChange, type LineDiff, lineDiff, linesOf } from './lineChanges';
import { withLf } from './lineEnds';

/** What both had changed, from the base to the text after. */
export interface Overlap extends LineChange {
  /** The lines of the text before in whose place they stand. */
  readonly beforeStart: number;
  readonly beforeEnd: number;
}

/** The base with the change in it. */
export interface Carried {
  readonly base: string;
  /** The base keeps its own there, so that it cannot be undone. */
  readonly overlaps: readonly Overlap[];
}

/**
 * `base` is the file without the turn's edits, `before` the file as the turn left it, `after` as it is now. Outside the
 * lines that both changed, the base has then all that somebody else did, and differs from `after` as it did from `before`.
 * `isApart`: `after` may never have been `before`, so that of lines that both put at one place some may be others in other words.
 */
export function carried(base: string, before: string, after: string, isApart = false): Carried {
  if (before === after) return { base, overlaps: [] };
  if (base === before) return { base: after, overlaps: [] };
  const own = lineDiff(before, base);
  const theirs = lineDiff(before, after);
  const lines: string[] = [];
  const overlaps: Overlap[] = [];
  let at = 0;
  const to = (line: number): void => {
    for (; at < line; at += 1) lines.push(own.before[at] ?? '');
  };
  const take = (change: LineChange, from: readonly string[]): void => {
    to(change.oldStart);
    for (let line = change.newStart; line < change.newEnd; line += 1) lines.push(from[line] ?? '');
    at = change.oldEnd;
  };
  for (const group of grouped(own, theirs, isApart)) {
    const overlap = group.own.length > 0 && group.theirs.length > 0 ? overlapOf(group) : null;
    if (overlap === null) {
      // What somebody has put back themselves, with more or with less, stands there once.
      for (const change of group.own) if (!isWithin(change, own, theirs, false)) take(change, own.after);
      for (const change of group.theirs) {
        if (isPartOf(change, theirs, own)) {
          to(change.oldStart);
          at = change.oldEnd;
        } else if (!isWithin(change, theirs, own, true)) take(change, theirs.after);
      }
      continue;
    }
    to(group.start);
    const from = lines.length;
    for (const change of group.own) take(change, own.after);
    to(group.end);
    const isSame = lines.slice(from).join('') === theirs.after.slice(overlap.newStart, overlap.newEnd).join('');
    const place = { oldStart: from, oldEnd: lines.length, beforeStart: group.start, beforeEnd: group.end };
    if (!isSame) overlaps.push({ ...overlap, ...place });
  }
  to(own.before.length);
  return { base: joined(lines), overlaps };
}

/** The base with what both had changed as it has become: nobody can undo it any more. */
export function withOverlaps(base: string, after: string, overlaps: readonly LineChange[]): string {
  const [lines, now] = [linesOf(base), linesOf(after)];
  const pieces = overlaps.flatMap(({ oldStart, newStart, newEnd }, index) => [
    lines.slice(overlaps[index - 1]?.oldEnd ?? 0, oldStart),
    now.slice(newStart, newEnd),
  ]);
  return joined([...pieces, lines.slice(overlaps.at(-1)?.oldEnd ?? 0)].flat());
}

/** A file without the turn's edits that are not decided, and with them. */
export interface Versions {
  readonly base: string;
  readonly current: string;
}

/**
 * What is to be said of a file of which a part was decided, so that all else of it is found to be what it was, lines that
 * both have changed among it; null where that cannot be told. `said`: the file as the turn left it; `seen`: as it was found;
 * `decided`: as it is to be found from now on; `handed`: what of the overlaps is nobody's to undo any more.
 */
export function saidOf(
  said: Versions,
  seen: Versions,
  decided: Versions,
  handed: readonly Overlap[],
): (Versions & Pick<Carried, 'overlaps'>) | null {
  const own = handed.map((one) => ({ ...one, oldStart: one.beforeStart, oldEnd: one.beforeEnd }));
  const base = carried(said.base, seen.base, decided.base).base;
  const left = carried(withOverlaps(said.current, seen.current, own), seen.current, decided.current).base;
  const found = carried(base, left, decided.current);
  return found.base === decided.base ? { base, current: left, overlaps: found.overlaps } : null;
}

/**
 * What is to be said of a file that its turn writes again, which others have made `before` of by then: what they did to the
 * turn's lines is still to be decided, but for those that are written over. null where that cannot be told.
 */
export function writtenAgain(said: Versions, before: string, after: string): Versions | null {
  const { base, overlaps } = carried(said.base, said.current, before);
  const { changes } = lineDiff(before, after);
  const isOver = (lines: Overlap, { oldStart: start, oldEnd: end }: LineChange): boolean =>
    areOverlapping({ start, end }, { start: lines.newStart, end: lines.newEnd });
  const over = overlaps.filter((one) => changes.some((change) => isOver(one, change)));
  const decided = { base: withOverlaps(base, before, over), current: after };
  return saidOf(said, { base, current: before }, decided, over);
}

/**
 * Whether lines that one text puts between two others are the first or the last of those that the other one puts there, or
 * in the place of the lines right before or behind, or are among those in their order. Lines are compared whole; in the
 * place of others and among them they have to say something, since a blank line or a bracket stands next to any.
 */
function isWithin(change: LineChange, own: LineDiff, other: LineDiff, orSame: boolean): boolean {
  const place = change.oldStart;
  if (change.oldEnd !== place) return false;
  const lines = read(own.after, change.newStart, change.newEnd);
  const areThere = (all: readonly string[], from: number): boolean =>
    from >= 0 && lines.every((line, index) => line === all[from + index]);
  return other.changes.some(({ oldStart, oldEnd, newStart, newEnd }) => {
    const all = read(other.after, newStart, newEnd);
    if (oldStart === oldEnd && all.length === lines.length && areThere(all, 0)) return orSame && oldStart === place;
    const isFirst = oldStart === place && areThere(all, 0);
    const isLast = oldEnd === place && areThere(all, all.length - lines.length);
    const isBetween = (oldStart === place || oldEnd === place) && areAmong(lines, all);
    if (!isFirst && !isLast && !isBetween) return false;
    if (oldStart === oldEnd && (isFirst || isLast)) return true;
    return saysOther(lines, read(other.before, oldStart, oldEnd));
  });
}

/**
 * Whether lines that one text puts in the place of others are a part of those that the other one puts right beside them, as
 * where somebody else has the file without what was typed there, and with some of what was taken away.
 */
function isPartOf(change: LineChange, own: LineDiff, other: LineDiff): boolean {
  if (change.oldStart === change.oldEnd) return false;
  const lines = read(own.after, change.newStart, change.newEnd);
  return other.changes.some(({ oldStart, oldEnd, newStart, newEnd }) => {
    if (oldStart !== change.oldEnd && oldEnd !== change.oldStart) return false;
    const all = read(other.after, newStart, newEnd);
    if (all.length <= lines.length || !areAmong(lines, all)) return false;
    return saysOther(lines, read(own.before, Math.min(oldStart, change.oldStart), Math.max(oldEnd, change.oldEnd)));
  });
}

/** Whoever has put lines back may have done it with other line ends. */
function read(lines: readonly string[], from: number, to: number): readonly string[] {
  return lines.slice(from, to).map(withLf);
}

/** Whether any of these lines says something, and none stood among those before. */
function saysOther(lines: readonly string[], before: readonly string[]): boolean {
  const replaced = new Set(before);
  return lines.some((line) => /[\p{L}\p{N}]/u.test(line)) && !lines.some((line) => replaced.has(line));
}

function areAmong(lines: readonly string[], all: readonly string[]): boolean {
  let found = 0;
  for (const line of all) if (line === lines[found]) found += 1;
  return found === lines.length;
}

/** Changes of lines of the same text that cannot be told apart, and the lines that they take together. */
interface Group {
  readonly own: LineChange[];
  readonly theirs: LineChange[];
  start: number;
  end: number;
}

/** In order. Changes that only touch each other stand in groups of their own, unless they are mixed. */
function grouped(
  { changes: own, ...mine }: LineDiff,
  { changes: theirs, ...others }: LineDiff,
  isApart: boolean,
): readonly Group[] {
  const areOne = (change: LineChange, isOwn: boolean, group: Group): boolean =>
    areOverlapping({ start: change.oldStart, end: change.oldEnd }, group) ||
    (change.oldStart === group.end &&
      (isOwn ? group.theirs : group.own).some((one) =>
        areMixed(change, isOwn ? mine : others, one, isOwn ? others : mine, isApart),
      ));
  const groups: Group[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [mine, other] = [own[i], theirs[j]];
    const next = other === undefined || (mine !== undefined && isFirst(mine, other)) ? mine : other;
    if (next === undefined) return groups;
    const last = groups.at(-1);
    const isOwn = next === mine;
    const group =
      last !== undefined && areOne(next, isOwn, last)
        ? last
        : { own: [], theirs: [], start: next.oldStart, end: next.oldEnd };
    if (group !== last) groups.push(group);
    (isOwn ? group.own : group.theirs).push(next);
    group.end = Math.max(group.end, next.oldEnd);
    if (isOwn) i += 1;
    else j += 1;
  }
}

type Texts = Omit<LineDiff, 'changes'>;

/**
 * Whether both put some lines that say something here, and each puts others, too, or, where they are apart, whether both put
 * more than was there: nobody can tell what belongs where.
 */
function areMixed(one: LineChange, texts: Texts, other: LineChange, others: Texts, isApart: boolean): boolean {
  const lines = read(texts.after, one.newStart, one.newEnd);
  const all = read(others.after, other.newStart, other.newEnd);
  if (areAmong(lines, all) || areAmong(all, lines)) return false;
  if (isApart && puts(one) && puts(other)) return true;
  const there = new Set(all);
  const before = [...read(texts.before, one.oldStart, one.oldEnd), ...read(texts.before, other.oldStart, other.oldEnd)];
  return lines.some((line) => there.has(line) && saysOther([line], before));
}

function puts({ oldStart, oldEnd, newStart, newEnd }: LineChange): boolean {
  return newEnd - newStart > oldEnd - oldStart;
}

function isFirst(one: LineChange, other: LineChange): boolean {
  return one.oldStart < other.oldStart || (one.oldStart === other.oldStart && one.oldEnd <= other.oldEnd);
}

/** True where they share a line, or one stands between two lines of the other. */
function areOverlapping(a: Pick<Group, 'start' | 'end'>, b: Pick<Group, 'start' | 'end'>): boolean {
  if (a.start === a.end) return b.start < a.start && a.start < b.end;
  if (b.start === b.end) return a.start < b.start && b.start < a.end;
  return Math.max(a.start, b.start) < Math.min(a.end, b.end);
}

/** The lines of the text after that stand where the group's lines stood. */
function overlapOf({ theirs, start, end }: Group): Pick<LineChange, 'newStart' | 'newEnd'> {
  const [first, last] = [theirs[0], theirs.at(-1)];
  if (first === undefined || last === undefined) return { newStart: start, newEnd: end };
  return { newStart: first.newStart - (first.oldStart - start), newEnd: last.newEnd + (end - last.oldEnd) };
}
