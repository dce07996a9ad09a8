/** The lines of a code block beside those of a file: which of them are the same, and how far the block is indented otherwise. */

/** A line of the block, and the one of the file that it is; both from 0. */
export interface Anchor {
  readonly at: number;
  readonly line: number;
}

/** Lines of the block, from the first to before the end. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  /** Something is left out right before or behind them. */
  readonly isBehindGap: boolean;
  readonly isBeforeGap: boolean;
}

/** True for a line that says something: a bracket alone stands anywhere. */
export function telling(line: string): boolean {
  return /[\p{L}\p{N}_].*[\p{L}\p{N}_].*[\p{L}\p{N}_]/u.test(line);
}

/** What all lines of the block have to begin with otherwise. */
interface Shift {
  readonly add: string;
  readonly drop: string;
}

/** A block beside a file. */
export class BlockLines {
  private constructor(
    readonly file: readonly string[],
    /** The block as it would be indented in the file. */
    readonly shifted: readonly string[],
    /** The runs of lines between those that stand for something left out. */
    readonly segments: readonly Segment[],
    /** Lines that stand once in both, in the order of the block. */
    readonly anchors: readonly Anchor[],
  ) {}

  /** null where they have nothing in common, or not in one order, or the block is indented in no way of the file's. */
  static of(file: readonly string[], block: readonly string[], isGap: (line: string) => boolean): BlockLines | null {
    const gaps = new Set(block.flatMap((line, at) => (isGap(line) ? [at] : [])));
    const segments = segmentsOf(block, gaps);
    const anchors = anchorsOf(file, block, gaps);
    if (anchors.some(({ line }, index) => line <= (anchors[index - 1]?.line ?? -1))) return null;
    for (const spaced of spacings(file, block)) {
      const shift = shiftOf(file, spaced, anchors);
      const shifted = shift === null ? null : shiftedBy(spaced, shift);
      if (shifted !== null) return new BlockLines(file, shifted, segments, anchors);
    }
    return null;
  }

  /** Whether a line of the block is that line of the file, but for blanks at their ends. */
  isSame(at: number, line: number): boolean {
    const [mine, other] = [this.shifted[at], this.file[line]];
    return mine !== undefined && other !== undefined && mine.trimEnd() === other.trimEnd();
  }
}

/** How many characters stand before the text of a line; null for a blank one. */
export function indentOf(line: string): number | null {
  const at = line.search(/\S/);
  return at < 0 ? null : at;
}

function segmentsOf(block: readonly string[], gaps: ReadonlySet<number>): readonly Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  const close = (to: number): void => {
    let [first, last] = [from, to];
    // Blank lines beside what is left out are not the file's.
    while (first < last && gaps.has(first - 1) && block[first]?.trim() === '') first += 1;
    while (last > first && gaps.has(last) && block[last - 1]?.trim() === '') last -= 1;
    if (first < last)
      segments.push({ from: first, to: last, isBehindGap: gaps.has(from - 1), isBeforeGap: gaps.has(to) });
    from = to + 1;
  };
  for (let at = 0; at <= block.length; at += 1) if (at === block.length || gaps.has(at)) close(at);
  return segments;
}

/** Lines that are the only ones of their kind, and else pairs of neighbours that are. */
function anchorsOf(file: readonly string[], block: readonly string[], gaps: ReadonlySet<number>): readonly Anchor[] {
  const found = new Map<number, number>();
  const taken = new Set<number>();
  for (const count of [1, 2, 3]) {
    const [inFile, inBlock] = [runsOf(file, count), runsOf(block, count)];
    for (const [key, at] of inBlock) {
      const line = inFile.get(key);
      if (at === null || line === undefined || line === null) continue;
      for (let next = 0; next < count; next += 1) {
        if (gaps.has(at + next) || found.has(at + next) || taken.has(line + next)) continue;
        found.set(at + next, line + next);
        taken.add(line + next);
      }
    }
    if (found.size > 0 && count > 1) break;
  }
  return [...found].map(([at, line]) => ({ at, line })).sort((a, b) => a.at - b.at);
}

/** Runs of so many lines that say something, by their text; null for those that stand more than once. */
function runsOf(lines: readonly string[], count: number): ReadonlyMap<string, number | null> {
  const runs = new Map<string, number | null>();
  for (let at = 0; at + count <= lines.length; at += 1) {
    const run = lines.slice(at, at + count).map((line) => line.trim());
    if (!run.some(telling)) continue;
    const key = run.join('\n');
    runs.set(key, runs.has(key) ? null : at);
  }
  return runs;
}

/** The block with the file's kind of indentation, tabs or blanks, where that is another one; then as it is. */
function spacings(file: readonly string[], block: readonly string[]): readonly (readonly string[])[] {
  const [inFile, inBlock] = [indentation(file), indentation(block)];
  if (inFile.isTabs && inBlock.unit > 0) {
    const size = inBlock.unit;
    const tabbed = (start: string): string =>
      '\t'.repeat(Math.floor(start.length / size)) + ' '.repeat(start.length % size);
    return [block.map((line) => line.replace(/^ +/, tabbed)), block];
  }
  if (inBlock.isTabs && inFile.unit > 0)
    return [block.map((line) => line.replace(/^\t+/, (start) => ' '.repeat(start.length * inFile.unit))), block];
  return [block];
}

/** `unit`: blanks of the least indentation; 0 for none, or for tabs. */
function indentation(lines: readonly string[]): { readonly isTabs: boolean; readonly unit: number } {
  const tabs = lines.filter((line) => line.startsWith('\t')).length;
  const blanks = lines.flatMap((line) => (/^ {2,}(?=\S)/.test(line) ? [indentOf(line) ?? 0] : []));
  const isTabs = tabs > blanks.length;
  return { isTabs, unit: isTabs || blanks.length === 0 ? 0 : blanks.reduce((one, other) => Math.min(one, other)) };
}

/** The shift that most anchors agree in; null where there is none. */
function shiftOf(file: readonly string[], block: readonly string[], anchors: readonly Anchor[]): Shift | null {
  if (anchors.length === 0) return { add: '', drop: '' };
  const votes = new Map<string, number>();
  for (const { at, line } of anchors) {
    const key = shiftBetween(block[at] ?? '', file[line] ?? '');
    if (key !== null) votes.set(key, (votes.get(key) ?? 0) + 1);
  }
  const [best] = [...votes].sort((a, b) => b[1] - a[1]);
  if (best === undefined || best[1] * 2 < anchors.length) return null;
  return {
    add: best[0].startsWith('+') ? best[0].slice(1) : '',
    drop: best[0].startsWith('-') ? best[0].slice(1) : '',
  };
}

function shiftBetween(mine: string, other: string): string | null {
  const [own, its] = [mine, other].map((line) => line.slice(0, indentOf(line) ?? 0)) as [string, string];
  if (its.endsWith(own)) return `+${its.slice(0, its.length - own.length)}`;
  return own.endsWith(its) ? `-${own.slice(0, own.length - its.length)}` : null;
}

function shiftedBy(block: readonly string[], { add, drop }: Shift): readonly string[] | null {
  if (block.some((line) => line.trim() !== '' && !line.startsWith(drop))) return null;
  return block.map((line) => (line.trim() === '' ? '' : add + line.slice(drop.length)));
}
