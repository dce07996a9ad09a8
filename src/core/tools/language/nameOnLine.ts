/** Where a name stands on a line: a model tells a line and a name, a language service wants a column. */

const partOfName = /[\p{L}\p{N}\p{M}_$]/u;

/**
 * The columns (one-based, UTF-16) of each place where `name` stands on the line as a word of its own. Of a name with
 * several parts (`api.retry`) it is the last part's; what is behind a name in parentheses is not part of it.
 */
export function columnsOf(name: string, line: string): readonly number[] {
  const wanted = name.trim().replace(/\s*\(.*\)?$/s, '');
  if (wanted === '') return [];
  const last = lastPart(wanted);
  const columns: number[] = [];
  for (let at = line.indexOf(wanted); at !== -1; at = line.indexOf(wanted, at + 1)) {
    if (standsAlone(line, at, wanted)) columns.push(at + last + 1);
  }
  return columns;
}

/** Where the last part of a name begins: behind the last sign that no name has in it. */
function lastPart(name: string): number {
  const parts = [...name.matchAll(/[\p{L}\p{N}\p{M}_$]+/gu)];
  return parts.at(-1)?.index ?? 0;
}

function standsAlone(line: string, at: number, name: string): boolean {
  return !(joins(before(line, at), name.slice(0, 2)) || joins(name.slice(-2), line.slice(at + name.length)));
}

/** The character before a place: two units where it is a pair. */
function before(line: string, at: number): string {
  return line.slice(Math.max(0, at - 2), at);
}

/** True when the end of the first text and the start of the second are parts of one name. */
function joins(first: string, second: string): boolean {
  const left = [...first].at(-1);
  const right = [...second][0];
  return left !== undefined && right !== undefined && partOfName.test(left) && partOfName.test(right);
}
