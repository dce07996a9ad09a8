/** The rows of tables as people write them: a bar within code parts no cells, and the last cell has what is too much for the others. */

/** A row with more bars is taken as it is. */
const maxBars = 1000;

interface Bars {
  /** Where they are; one with a backslash before it is none. */
  readonly all: readonly number[];
  /** How many of them open the row, and close it. */
  readonly first: number;
  readonly last: number;
}

/** The row with a backslash before each bar that parts no cells of a table with so many columns. */
export function fittedRow(row: string, columns: number, isHead: boolean): string {
  const bars = barsOf(row).all;
  if (cellsIn(row) <= columns || bars.length > maxBars) return row;
  const bare = withoutCode(row);
  const { all, first, last } = barsOf(bare);
  const parting = first + columns - 1;
  const isTooMuch = !isHead && all.length - last > parting && /[^\s|]/.test(row.slice(all[parting]));
  const kept = new Set(isTooMuch ? [...all.slice(0, parting), ...all.slice(all.length - last)] : all);
  let fitted = '';
  let from = 0;
  for (const at of bars) {
    if (kept.has(at)) continue;
    fitted += `${row.slice(from, at)}\\`;
    from = at;
  }
  return fitted + row.slice(from);
}

function barsOf(row: string): Bars {
  const all = [...row.matchAll(/(?<!\\)(?:\\\\)*\|/g)].map(({ 0: { length }, index }) => index + length - 1);
  const first = all.length > 0 && row.trimStart().startsWith('|') ? 1 : 0;
  return { all, first, last: all.length > first && all.at(-1) === row.trimEnd().length - 1 ? 1 : 0 };
}

/** How many cells a row has. */
export function cellsIn(row: string): number {
  const { all, first, last } = barsOf(row);
  return all.length - first - last + 1;
}

/** The row, of the same length, with no bars in its code. */
function withoutCode(row: string): string {
  const runs = [...row.matchAll(/`+/g)];
  // Where the next run of each length begins, seen from the end.
  const next = new Map<number, number>();
  const ends = runs.map(() => -1);
  for (let at = runs.length - 1; at >= 0; at -= 1) {
    const length = runs[at]?.[0].length ?? 0;
    ends[at] = next.get(length) ?? -1;
    next.set(length, at);
  }
  let bare = '';
  let from = 0;
  for (let at = 0; at < runs.length; at += 1) {
    const end = runs[ends[at] ?? -1];
    if (end === undefined) continue;
    const start = runs[at]?.index ?? 0;
    bare += row.slice(from, start) + row.slice(start, end.index).replaceAll('|', '`');
    from = end.index;
    at = ends[at] ?? at;
  }
  return bare + row.slice(from);
}
