/**
 * Matches paths with forward slashes against globs. The steps are bounded by the length of the pattern times that of
 * the path, whatever both are (LESSONS L54): no regular expression is made of what others wrote.
 */
import { type CharacterClass, type GlobPart, parseGlob } from './globSyntax';

/** Counts the steps of matching: characters that were looked at. */
export interface Meter {
  steps: number;
}

/** A compiled pattern. */
export interface Glob {
  /** Parts of the pattern, braces resolved: what a match costs for each character of a path. */
  readonly size: number;
  /** The whole path must match. */
  matches(path: Path, meter?: Meter): boolean;
}

/** A path, once in its segments for many globs. */
export interface Path {
  readonly segments: readonly string[];
}

/** Longer paths are on no disk. */
const maxPathLength = 8_192;

/** null for a path that is too long to be one. */
export function pathOf(path: string): Path | null {
  return path.length > maxPathLength ? null : { segments: path.split('/') };
}

/** `*` and `?` stay within a folder, `**` crosses folders. Throws a GlobError for one that cannot be used. */
export function compileGlob(glob: string, ignoreCase = false): Glob {
  return globOf(parseGlob(ignoreCase ? glob.toLowerCase() : glob), ignoreCase);
}

/** The same of what was read; in small letters where case does not count. */
export function globOf(alternatives: readonly (readonly GlobPart[])[], ignoreCase = false): Glob {
  const sequences = alternatives.map(sequenceOf);
  return {
    size: alternatives.reduce((sum, parts) => sum + parts.length, 1),
    matches: ({ segments }, meter = { steps: 0 }) => {
      const path = ignoreCase ? segments.map((segment) => segment.toLowerCase()) : segments;
      return sequences.some((sequence) => matchSegments(sequence, path, meter));
    },
  };
}

/** A text as a pattern of a regular expression that matches just it. */
export function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** Characters of a fixed number: a text, or else a test for each. */
interface Chunk {
  readonly text: string | null;
  /** For a text made when it is needed. */
  readonly tests: () => readonly ((character: string) => boolean)[];
  /** Code points. */
  readonly length: number;
}

/** Texts with stars between them. One chunk: no star. */
type NamePattern = readonly Chunk[];

/** null crosses folders: any number of segments, none included. */
type Sequence = readonly (NamePattern | null)[];

const anyName: NamePattern = [chunkOf([]), chunkOf([])];

function sequenceOf(parts: readonly GlobPart[]): Sequence {
  const sequence: (NamePattern | null)[] = [];
  let segment: GlobPart[] = [];
  const close = (): void => {
    const crosses = segment.length === 1 && segment[0]?.kind === 'doubleStar';
    // Two in a row say no more than one.
    if (!crosses) sequence.push(namePatternOf(segment));
    else if (sequence.at(-1) !== null) sequence.push(null);
    segment = [];
  };
  for (const part of parts) {
    if (part.kind === 'slash') close();
    else segment.push(part);
  }
  close();
  // `a/**` is what lies in the folder, not the folder.
  return sequence.length > 1 && sequence.at(-1) === null ? [...sequence, anyName] : sequence;
}

function namePatternOf(parts: readonly GlobPart[]): NamePattern {
  const chunks: Chunk[] = [];
  let chunk: GlobPart[] = [];
  for (const part of parts) {
    if (part.kind !== 'star' && part.kind !== 'doubleStar') chunk.push(part);
    else {
      chunks.push(chunkOf(chunk));
      chunk = [];
    }
  }
  chunks.push(chunkOf(chunk));
  // Between two stars in a row stands nothing.
  return chunks.filter(({ length }, index) => index === 0 || index === chunks.length - 1 || length > 0);
}

function chunkOf(parts: readonly GlobPart[]): Chunk {
  const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  let tests: readonly ((character: string) => boolean)[] | null = null;
  return {
    text: texts.length === parts.length ? texts.join('') : null,
    tests: () => {
      tests ??= parts.map(testOf);
      return tests;
    },
    length: parts.length,
  };
}

function testOf(part: GlobPart): (character: string) => boolean {
  if (part.kind === 'text') return (character) => character === part.text;
  if (part.kind === 'class') return (character) => isMember(character, part.members);
  return () => true;
}

function isMember(character: string, { negated, ranges }: CharacterClass): boolean {
  const point = character.codePointAt(0) ?? 0;
  return ranges.some(([from, to]) => point >= from && point <= to) !== negated;
}

/** Of several `**` only the last needs to give way: what came before it matched as early as it could. */
function matchSegments(sequence: Sequence, path: readonly string[], meter: Meter): boolean {
  let at = 0;
  let segment = 0;
  let crossing = -1;
  let resume = 0;
  while (segment < path.length) {
    meter.steps += 1;
    const pattern = sequence[at];
    if (pattern === null) {
      crossing = at;
      resume = segment;
      at += 1;
    } else if (pattern !== undefined && matchName(pattern, path[segment] ?? '', meter)) {
      at += 1;
      segment += 1;
    } else if (crossing >= 0) {
      resume += 1;
      segment = resume;
      at = crossing + 1;
    } else return false;
  }
  return at === sequence.length || (sequence[at] === null && at + 1 === sequence.length);
}

/** Of several stars only the last needs to give way: each text between them is taken where it stands first. */
function matchName(pattern: NamePattern, name: string, meter: Meter): boolean {
  const [first, ...rest] = pattern;
  const last = rest.pop();
  if (first === undefined) return false;
  const characters = charactersOf(name);
  if (last === undefined) return characters.length === first.length && matchChunk(first, characters, 0, meter);
  let from = first.length;
  const until = characters.length - last.length;
  if (until < from || !matchChunk(first, characters, 0, meter) || !matchChunk(last, characters, until, meter)) {
    return false;
  }
  for (const chunk of rest) {
    let at = from;
    while (at + chunk.length <= until && !matchChunk(chunk, characters, at, meter)) at += 1;
    from = at + chunk.length;
    if (from > until) return false;
  }
  return true;
}

/** Code points; a text without surrogates as it is. */
function charactersOf(name: string): string | readonly string[] {
  return /[\ud800-\udfff]/.test(name) ? Array.from(name) : name;
}

function matchChunk(chunk: Chunk, characters: string | readonly string[], at: number, meter: Meter): boolean {
  meter.steps += chunk.length + 1;
  if (typeof characters === 'string' && chunk.text !== null) return characters.startsWith(chunk.text, at);
  return chunk.tests().every((test, index) => test(characters[at + index] ?? ''));
}
