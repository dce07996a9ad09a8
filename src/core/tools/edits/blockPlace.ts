/**
 * The lines of a file that a code block stands for. What both have alike anchors it; where it begins and ends has to be
 * certain, by lines that are the same, alike one by one, or that open and close the same code. Else it has no place.
 */
import type { Anchor, BlockLines, Segment } from './blockLines';
import { indentOf, telling } from './blockLines';
import {
  type Comparable,
  comparable,
  likenessBetween,
  likenessOf,
  mostLikeness,
  type NearMiss,
  nearMisses,
} from './nearMisses';

/** Lines of the file from `start` to before `end`, and those of the block that come in their place. */
export interface Region {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

/** A line that is so much like one of the file, and so much less like any other near it, is that one, changed. */
const sameLine = 0.65;
const onlyBy = 0.1;
const nearLines = 200;
/** Code that is so much alike may be the same, changed. */
const sameCode = 0.7;
/** Between two lines that are neighbours in the block so many may be gone from the file. */
const mostGone = 8;
/** A block of more parts has no place: the rest of the file is looked at for each. */
const mostSegments = 100;
/** Characters that are compared for all lines of a block that are looked for among those near. */
const mostCompared = 30_000_000;

/** In order, with all that is not in one as it is; null where the place of any of them is not certain. */
export function placed(lines: BlockLines): readonly Region[] | null {
  if (lines.segments.length > mostSegments) return null;
  const regions: Region[] = [];
  const among = new Among(lines.file);
  for (const segment of lines.segments) {
    const floor = regions.at(-1)?.end ?? 0;
    const region = new Placing(lines, among, segment, floor).region();
    if (region === null || region.start < floor) return null;
    regions.push(region);
  }
  return regions.length === 0 ? null : regions;
}

/** Looks for changed lines among those of the file that are near. Each of them is made ready once. */
class Among {
  private left = mostCompared;
  private readonly ready = new Map<number, Comparable>();

  constructor(private readonly file: readonly string[]) {}

  /** Like this line of the file, and like no other near it: of lines that are all alike it could be any, or a new one. */
  isOnlyLike(text: string, line: number): boolean {
    const mine = comparable(text);
    const own = this.likeness(mine, line, sameLine);
    if (own < sameLine) return false;
    const bar = own - onlyBy;
    for (let other = Math.max(0, line - nearLines); other < Math.min(this.file.length, line + nearLines); other += 1) {
      if (other !== line && this.likeness(mine, other, bar) > bar) return false;
    }
    return this.left > 0;
  }

  /** 0 where it is less than `least` by their lengths. */
  private likeness(mine: Comparable, line: number, least: number): number {
    const other = this.ready.get(line) ?? comparable(this.file[line] ?? '');
    this.ready.set(line, other);
    if (this.left <= 0 || mostLikeness(mine, other) < least) return 0;
    this.left -= mine.plain.length + other.plain.length;
    return likenessBetween(mine, other);
  }
}

type Lines = Pick<Segment, 'from' | 'to'>;

class Placing {
  private readonly anchors: readonly Anchor[];
  private readonly file: readonly string[];

  constructor(
    private readonly lines: BlockLines,
    private readonly among: Among,
    private readonly segment: Segment,
    /** The first line of the file that it may have. */
    private readonly floor: number,
  ) {
    this.file = lines.file;
    this.anchors = lines.anchors.filter(({ at }) => at >= segment.from && at < segment.to);
  }

  region(): Region | null {
    const { from, to } = this.segment;
    const [first, last] = [this.anchors[0], this.anchors.at(-1)];
    if (first === undefined || last === undefined)
      return this.segment.isBehindGap ? this.beforeClosing() : this.alike();
    if (this.isGapTooLarge()) return null;
    const start = this.head(first);
    const end = this.tail(last);
    if (start !== null && end !== null) return { start, end, from, to: to + this.blankBehind(end) };
    return this.coversFile() ? { start: start ?? 0, end: end ?? this.file.length, from, to } : null;
  }

  private block(at: number): string {
    return this.lines.shifted[at] ?? '';
  }

  /** Where the file's lines begin that stand for the block up to its first anchor. */
  private head(anchor: Anchor): number | null {
    const { from } = this.segment;
    let { at, line } = anchor;
    while (at > from && line > this.floor && this.lines.isSame(at - 1, line - 1)) {
      at -= 1;
      line -= 1;
    }
    if (at === from) return line;
    const count = at - from;
    if (line - count >= this.floor && this.areAlike(from, line - count, count)) return line - count;
    const opening = this.openingAbove(at, line);
    if (opening !== null) return opening;
    // New code begins a file, or stands behind a blank line.
    const isFree = (): boolean => line === 0 || this.file[line - 1]?.trim() === '';
    while (at < anchor.at && !isFree()) {
      at += 1;
      line += 1;
    }
    return isFree() && this.isNew({ from, to: at }, this.floor, line) ? line : null;
  }

  /** Where they end: the line behind. */
  private tail(anchor: Anchor): number | null {
    const { to } = this.segment;
    let [at, line] = [anchor.at + 1, anchor.line + 1];
    while (at < to && this.lines.isSame(at, line)) {
      at += 1;
      line += 1;
    }
    if (at === to) return line;
    if (this.areAlike(at, line, to - at)) return line + (to - at);
    const closing = this.closingBelow(at, line);
    if (closing !== null) return closing + 1;
    const inner = this.innerEnd(at, line);
    if (inner !== null) return inner;
    const isFree = (): boolean =>
      this.segment.isBeforeGap || line >= this.file.length || this.file[line]?.trim() === '';
    while (at > anchor.at + 1 && !isFree()) {
      at -= 1;
      line -= 1;
    }
    return isFree() && this.isNew({ from: at, to }, line) ? line : null;
  }

  /** A blank line before what is left out, behind new code. */
  private blankBehind(end: number): number {
    const { to } = this.segment;
    const isNew = this.anchors.at(-1)?.at !== to - 1 && this.segment.isBeforeGap && !this.lines.isSame(to - 1, end - 1);
    return isNew && this.block(to).trim() === '' && this.file[end]?.trim() !== '' ? 1 : 0;
  }

  /** Line by line changed at most. */
  private areAlike(at: number, line: number, count: number): boolean {
    if (line + count > this.file.length) return false;
    for (let next = 0; next < count; next += 1) {
      const [mine, other] = [this.block(at + next), this.file[line + next] ?? ''];
      if (this.lines.isSame(at + next, line + next)) continue;
      if (!telling(mine) || indentOf(mine) !== indentOf(other) || !this.among.isOnlyLike(mine, line + next))
        return false;
    }
    return true;
  }

  /** The first line of the block, where it opens the code that the anchor is in. */
  private openingAbove(at: number, line: number): number | null {
    const { from } = this.segment;
    if (!this.isWithin(from, at, (index) => this.block(index), this.block(from))) return null;
    for (let above = line - 1; above >= this.floor; above -= 1) {
      if (this.lines.isSame(from, above)) return above;
      if (isOutside(this.file[above] ?? '', this.block(from))) return null;
    }
    return null;
  }

  /** The last line of the block, where it closes the code that the anchor is in: the next one of its kind. */
  private closingBelow(at: number, line: number): number | null {
    const last = this.segment.to - 1;
    const closing = this.block(last);
    if (!isClosing(closing)) return null;
    if (!this.isWithin(at - 1, last, (index) => this.block(index), closing)) return null;
    for (let below = line; below < this.file.length; below += 1) {
      if (this.lines.isSame(last, below)) return below;
      if (isOutside(this.file[below] ?? '', closing)) return null;
    }
    return null;
  }

  /** True where the lines between two lie deeper than the one that opens or closes them. */
  private isWithin(after: number, before: number, text: (index: number) => string, edge: string): boolean {
    for (let index = after + 1; index < before; index += 1) if (isOutside(text(index), edge)) return false;
    return true;
  }

  /** Where code ends that is told by its indentation, as the rest of the block does: what it had there is alike, or nothing. */
  private innerEnd(at: number, line: number): number | null {
    const { to } = this.segment;
    const rest = this.lines.shifted.slice(at, to);
    const depth = Math.min(...rest.flatMap((text) => indentOf(text) ?? []));
    if (!Number.isFinite(depth) || depth === 0 || rest.some(isClosing)) return null;
    let end = line;
    while (end < this.file.length && (indentOf(this.file[end] ?? '') ?? depth) >= depth) end += 1;
    while (end > line && this.file[end - 1]?.trim() === '') end -= 1;
    const there = this.file.slice(line, end);
    if (there.every((text) => text.trim() === '')) return this.isNew({ from: at, to }, line) ? line : null;
    return likenessOf(there.join('\n'), rest.join('\n')) >= sameLine ? end : null;
  }

  /** Behind what is left out: new code before the line that closes what the block opened. */
  private beforeClosing(): Region | null {
    const { from, to } = this.segment;
    const closing = this.block(to - 1);
    const depth = indentOf(closing) ?? 0;
    const opened = this.lines.anchors.findLast(
      ({ at, line }) => at < from && line < this.floor && indentOf(this.block(at)) === depth,
    );
    if (opened === undefined || !isClosing(closing)) return null;
    if (!this.isWithin(from - 1, to - 1, (index) => this.block(index), closing)) return null;
    let end = this.floor;
    while (end < this.file.length && !this.lines.isSame(to - 1, end)) {
      if (isOutside(this.file[end] ?? '', closing)) return null;
      end += 1;
    }
    if (end >= this.file.length) return null;
    let [at, start] = [to - 1, end];
    const closesOther = (index: number): boolean =>
      isClosing(this.block(index)) && this.isWithin(from - 1, index, (one) => this.block(one), this.block(index));
    while (at > from && start > this.floor && closesOther(at - 1) && this.lines.isSame(at - 1, start - 1)) {
      at -= 1;
      start -= 1;
    }
    const blank = this.block(from - 1).trim() === '' && this.file[start - 1]?.trim() !== '' ? 1 : 0;
    return this.isNew({ from, to: at }, this.floor, start) ? { start, end: end + 1, from: from - blank, to } : null;
  }

  /** A few lines that are changed all: those of the file that are like them, and no others. */
  private alike(): Region | null {
    const { from, to } = this.segment;
    const count = to - from;
    if (count > 3 || this.lines.segments.length > 1) return null;
    const [best, other] = this.near(this.segment, this.file);
    if (best === undefined || best.likeness < sameCode || (other?.likeness ?? 0) > best.likeness - 0.2) return null;
    const start = best.first - 1;
    if (best.last - start !== count) return null;
    const isSameDepth = indentOf(this.file[start] ?? '') === indentOf(this.block(from));
    return isSameDepth && this.areAlike(from, start, count) ? { start, end: best.last, from, to } : null;
  }

  /** True where nothing in these lines of the file is like the block's: those can be no changed ones. */
  private isNew({ from, to }: Lines, start: number, end = this.file.length): boolean {
    if (this.lines.anchors.length < 2 && this.lines.segments.length < 2) return false;
    const there = this.file.slice(start, end);
    if (this.near({ from, to }, there).some(({ likeness }) => likeness >= sameCode)) return false;
    const first = this.lines.shifted.slice(from, to).find(telling);
    return first === undefined || there.every((line) => !telling(line) || likenessOf(line, first) < sameCode);
  }

  private near({ from, to }: Lines, there: readonly string[]): readonly NearMiss[] {
    return nearMisses(there.join('\n'), there, this.lines.shifted.slice(from, to).join('\n'));
  }

  /** Lines between two anchors are gone that the block does not say anything of. */
  private isGapTooLarge(): boolean {
    return this.anchors.some(({ at, line }, index) => {
      const next = this.anchors[index + 1];
      return next !== undefined && next.line - line - 1 > 3 * (next.at - at - 1) + mostGone;
    });
  }

  /** The block is the file, but for some lines. */
  private coversFile(): boolean {
    if (this.lines.segments.length > 1) return false;
    const all = this.file.filter(telling).length;
    return this.anchors.length >= 3 && this.anchors.length >= 0.7 * all;
  }
}

function isClosing(line: string): boolean {
  return /^\s*(?:[\])}>]|\/>|end\b|<\/|fi\b|done\b|esac\b)/i.test(line);
}

/** True for a line that is no deeper than the one that opens or closes; what goes on with it is. */
function isOutside(line: string, edge: string): boolean {
  const depth = indentOf(line);
  if (depth === null || depth > (indentOf(edge) ?? 0)) return false;
  return (
    !/^\s*(?:[\])}]|else\b|elif\b|except\b|finally\b|catch\b|case\b|default\b)/.test(line) ||
    depth < (indentOf(edge) ?? 0)
  );
}
