/**
 * Lines of a text that are most like what was looked for and does not stand there. Linear in the text: it is read twice,
 * and only the few best places are compared with what was looked for.
 */

/** One-based lines, first to last, and how alike they are: 1 is the same but for spaces, quotes and dashes. */
export interface NearMiss {
  readonly first: number;
  readonly last: number;
  readonly likeness: number;
}

/** Places that are less alike are not worth showing. */
const leastLikeness = 0.45;
/** Places that are looked at closely, and those that are given back. */
const closely = 8;
const most = 3;
/** Bits of the table of character triples. */
const tableBits = 18;

/** For each UTF-16 unit the one that it is taken for; 0 for what is not looked at: blanks and what cannot be seen. */
let alike: Uint16Array | null = null;

function makeAlike(): Uint16Array {
  const table = Uint16Array.from({ length: 0x10000 }, (_, unit) => unit);
  const set = (characters: string, as: string): void => {
    for (const one of characters) table[one.charCodeAt(0)] = as === '' ? 0 : as.charCodeAt(0);
  };
  for (let unit = 0; unit <= 0x20; unit += 1) table[unit] = 0;
  set('\u007f\u00a0\u00ad\u1680\u180e\u2028\u2029\u202f\u205f\u2060\u3000\ufeff', '');
  for (let unit = 0x2000; unit <= 0x200f; unit += 1) table[unit] = 0;
  for (let unit = 0x202a; unit <= 0x202e; unit += 1) table[unit] = 0;
  set('\u2018\u2019\u201a\u201b\u2032\u0060\u00b4', "'");
  set('\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb', '"');
  set('\u2010\u2011\u2012\u2013\u2014\u2015\u2212', '-');
  return table;
}

/** Without blanks and what cannot be seen, with one kind of quotes and dashes. */
export function plainly(text: string): string {
  alike ??= makeAlike();
  const units: string[] = [];
  let run = '';
  for (let at = 0; at < text.length; at += 1) {
    const unit = alike[text.charCodeAt(at)] ?? 0;
    if (unit === 0) continue;
    run += String.fromCharCode(unit);
    if (run.length < 1024) continue;
    units.push(run);
    run = '';
  }
  return units.join('') + run;
}

/** What each line that is not blank adds up to, from the first line on. */
interface Sums {
  /** Of the line itself, zero-based. */
  readonly line: Uint32Array;
  /** Triples of characters up to the end of the line; one more than there are lines, the first is 0. */
  readonly triples: Uint32Array;
  /** Those among them that what is looked for has, too. */
  readonly shared: Uint32Array;
  readonly count: number;
}

/** The places that are most like it, the best first. Both texts have LF; `all` are the lines of the text without it. */
export function nearMisses(text: string, all: readonly string[], sought: string): readonly NearMiss[] {
  alike ??= makeAlike();
  const table = new Uint8Array(1 << tableBits);
  const wanted = eachTriple(plainly(sought), (triple) => {
    table[triple] = 1;
  });
  if (wanted === 0) return [];
  const sums = sumsOf(text, all.length, table, alike);
  const lines = Math.min(sums.count, Math.max(1, countLines(sought)));
  const plain = triplesOf(plainly(sought));
  return bestWindows(sums, lines, wanted)
    .map((window) => grown(sums, window, wanted))
    .map(({ start, end }) => {
      const [first, last] = [sums.line[start] ?? 0, sums.line[end - 1] ?? 0];
      const found = all.slice(first, last + 1).join('\n');
      return { first: first + 1, last: last + 1, likeness: likeness(plain, triplesOf(plainly(found))) };
    })
    .filter(({ likeness: value }) => value >= leastLikeness)
    .sort((a, b) => b.likeness - a.likeness || a.first - b.first)
    .filter((one, index, kept) => kept.findIndex(({ first, last }) => first <= one.last && one.first <= last) === index)
    .slice(0, most);
}

function countLines(text: string): number {
  return text.split('\n').filter((line) => line.trim() !== '').length;
}

function tripleAt(a: number, b: number, c: number): number {
  return (Math.imul(Math.imul(a, 0x9e37) ^ b, 0x85eb) ^ Math.imul(c, 0x27d5)) & ((1 << tableBits) - 1);
}

/** Triples of neighbouring characters; gives back how many. */
function eachTriple(plain: string, visit: (triple: number) => void): number {
  for (let at = 2; at < plain.length; at += 1) {
    visit(tripleAt(plain.charCodeAt(at - 2), plain.charCodeAt(at - 1), plain.charCodeAt(at)));
  }
  return Math.max(0, plain.length - 2);
}

/** A triple counts for the line in which it ends, so that those over a line end count, too. */
function sumsOf(text: string, size: number, table: Uint8Array, same: Uint16Array): Sums {
  const line = new Uint32Array(size);
  const triples = new Uint32Array(size + 1);
  const shared = new Uint32Array(size + 1);
  let [a, b, count, number, all, hits] = [0, 0, 0, 0, 0, 0];
  let isBlank = true;
  const close = (): void => {
    if (isBlank) return;
    line[count] = number;
    count += 1;
    triples[count] = all;
    shared[count] = hits;
    isBlank = true;
  };
  const { length } = text;
  for (let at = 0; at < length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 10) {
      close();
      number += 1;
      continue;
    }
    const c = same[unit] ?? 0;
    if (c === 0) continue;
    isBlank = false;
    if (a !== 0) {
      all += 1;
      hits += table[tripleAt(a, b, c)] ?? 0;
    }
    a = b;
    b = c;
  }
  close();
  return { line, triples, shared, count };
}

/** Lines of the sums, from start to before end. */
interface Window {
  readonly start: number;
  readonly end: number;
}

function score({ triples, shared }: Sums, { start, end }: Window, wanted: number): number {
  const all = (triples[end] ?? 0) - (triples[start] ?? 0);
  const hits = (shared[end] ?? 0) - (shared[start] ?? 0);
  return (2 * Math.min(hits, wanted)) / (all + wanted);
}

/** The best windows of so many lines that do not overlap. */
function bestWindows(sums: Sums, lines: number, wanted: number): readonly Window[] {
  let best: (Window & { readonly value: number })[] = [];
  for (let start = 0; start + lines <= sums.count; start += 1) {
    const window = { start, end: start + lines };
    const value = score(sums, window, wanted);
    const worst = best.length < closely ? leastLikeness / 2 : (best.at(-1)?.value ?? 0);
    if (value <= worst) continue;
    const isApart = (one: Window): boolean => one.end <= start || start + lines <= one.start;
    if (best.some((one) => !isApart(one) && one.value >= value)) continue;
    best = [...best.filter(isApart), { ...window, value }]
      .sort((one, other) => other.value - one.value)
      .slice(0, closely);
  }
  return best;
}

/** The window with lines more or fewer at either end, as long as that makes it more alike. */
function grown(sums: Sums, window: Window, wanted: number): Window {
  let now = window;
  const farthest = 2 * (window.end - window.start) + 2;
  for (let step = 0; step < farthest; step += 1) {
    const { start, end } = now;
    const value = score(sums, now, wanted);
    const next = [
      { start: start - 1, end },
      { start: start + 1, end },
      { start, end: end - 1 },
      { start, end: end + 1 },
    ]
      .filter((one) => one.start >= 0 && one.end <= sums.count && one.start < one.end)
      .map((one) => ({ one, value: score(sums, one, wanted) }))
      .reduce((one, other) => (other.value > one.value ? other : one), { one: now, value });
    if (next.value <= value) return now;
    now = next.one;
  }
  return now;
}

/** Its triples, sorted: each as often as it stands there. */
function triplesOf(plain: string): Uint32Array {
  const triples = new Uint32Array(Math.max(0, plain.length - 2));
  let count = 0;
  eachTriple(plain, (triple) => {
    triples[count] = triple;
    count += 1;
  });
  return triples.sort();
}

/** A text that is compared with several others. */
export interface Comparable {
  readonly plain: string;
  readonly triples: Uint32Array;
}

/** What a text is compared by. */
export function comparable(text: string): Comparable {
  const plain = plainly(text);
  return { plain, triples: triplesOf(plain) };
}

/** How alike two texts are: 1 is the same but for spaces, quotes and dashes. */
export function likenessOf(one: string, other: string): number {
  return likenessBetween(comparable(one), comparable(other));
}

/** The same of texts that were made ready before. */
export function likenessBetween(one: Comparable, other: Comparable): number {
  return one.plain === other.plain ? 1 : likeness(one.triples, other.triples);
}

/** By their lengths alone they cannot be more alike. */
export function mostLikeness(one: Comparable, other: Comparable): number {
  const [a, b] = [one.plain.length, other.plain.length];
  return a === b ? 1 : (2 * Math.max(0, Math.min(a, b) - 2)) / Math.max(1, a + b - 4);
}

/** What two texts share of their triples, by number. */
function likeness(a: Uint32Array, b: Uint32Array): number {
  let [shared, at, other] = [0, 0, 0];
  while (at < a.length && other < b.length) {
    const [one, two] = [a[at] ?? 0, b[other] ?? 0];
    if (one === two) shared += 1;
    if (one <= two) at += 1;
    if (two <= one) other += 1;
  }
  const all = a.length + b.length;
  return all === 0 ? 0 : (2 * shared) / all;
}
