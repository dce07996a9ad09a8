/** Globs as VS Code, git and ripgrep write them, read into parts: bounded, and without braces. */

/** One character of a name, never a slash: a class has ranges of code points, both ends in it. */
export interface CharacterClass {
  readonly negated: boolean;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** A part of a glob. `**` crosses folders where it stands alone between slashes. */
export type GlobPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'star' | 'doubleStar' | 'any' | 'slash' }
  | { readonly kind: 'class'; readonly members: CharacterClass };

type Node = GlobPart | { readonly kind: 'braces'; readonly alternatives: readonly (readonly Node[])[] };

/** Why a glob cannot be used, for whoever wrote it. */
export class GlobError extends Error {
  override readonly name = 'GlobError';
}

/** UTF-16 units of a glob. */
export const maxGlobLength = 1_024;
/** Of what its braces stand for. */
const maxAlternatives = 256;
const maxParts = 4_096;

const slash: GlobPart = { kind: 'slash' };

/** What the braces of a glob stand for, one after another. Throws a GlobError for what is too large or broken. */
export function parseGlob(glob: string): readonly (readonly GlobPart[])[] {
  if (glob.length > maxGlobLength) {
    throw new GlobError(`it has ${glob.length} characters, and ${maxGlobLength} are read`);
  }
  const reader = new Reader(glob);
  const nodes = reader.read(0);
  return expand(nodes);
}

class Reader {
  #at = 0;

  constructor(readonly glob: string) {}

  /** Reads to the end, or inside of braces to the next `,` or `}`. */
  read(depth: number): readonly Node[] {
    const nodes: Node[] = [];
    while (this.#at < this.glob.length) {
      const character = this.#next();
      if (depth > 0 && (character === ',' || character === '}')) return nodes;
      if (character === '}') throw new GlobError('a } closes no {');
      nodes.push(this.#node(character, depth));
    }
    if (depth > 0) throw new GlobError('a { is not closed');
    return nodes;
  }

  #next(): string {
    const character = String.fromCodePoint(this.glob.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    return character;
  }

  #node(character: string, depth: number): Node {
    switch (character) {
      case '/':
        return slash;
      case '?':
        return { kind: 'any' };
      case '*':
        return { kind: this.#stars() === 2 ? 'doubleStar' : 'star' };
      case '[': {
        const start = this.#at;
        const members = this.#class();
        if (members !== null) return { kind: 'class', members };
        // Without an end it is a character as any other, as in git and ripgrep.
        this.#at = start;
        return { kind: 'text', text: character };
      }
      case '{':
        return this.#braces(depth);
      case '\\':
        if (this.#at === this.glob.length) throw new GlobError('it ends with a \\');
        return { kind: 'text', text: this.#next() };
      default:
        return { kind: 'text', text: character };
    }
  }

  #stars(): number {
    let count = 1;
    for (; this.glob[this.#at] === '*'; this.#at += 1) count += 1;
    return count;
  }

  #braces(depth: number): Node {
    const alternatives: (readonly Node[])[] = [];
    do alternatives.push(this.read(depth + 1));
    while (this.glob[this.#at - 1] === ',');
    return { kind: 'braces', alternatives };
  }

  /** A `]` right at its beginning belongs to it. null when it does not end. */
  #class(): CharacterClass | null {
    const negated = this.glob[this.#at] === '!' || this.glob[this.#at] === '^';
    if (negated) this.#at += 1;
    const ranges: (readonly [number, number])[] = [];
    for (let first = true; this.#at < this.glob.length; first = false) {
      const from = this.#next();
      if (from === ']' && !first) return { negated, ranges };
      const isRange = this.glob[this.#at] === '-' && (this.glob[this.#at + 1] ?? ']') !== ']';
      if (isRange) this.#at += 1;
      const to = isRange ? this.#next() : from;
      const range = [from.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0] as const;
      if (range[0] > range[1]) throw new GlobError(`the range ${from}-${to} is the wrong way round`);
      ranges.push(range);
    }
    return null;
  }
}

function expand(nodes: readonly Node[]): readonly (readonly GlobPart[])[] {
  let lists: GlobPart[][] = [[]];
  let parts = 0;
  for (const node of nodes) {
    if (node.kind === 'braces') {
      const ends = node.alternatives.flatMap(expand);
      if (lists.length * ends.length > maxAlternatives) {
        throw new GlobError(`its braces stand for more than ${maxAlternatives} patterns`);
      }
      lists = lists.flatMap((list) => ends.map((end) => [...list, ...end]));
      parts = lists.reduce((sum, list) => sum + list.length, 0);
    } else {
      for (const list of lists) list.push(node);
      parts += lists.length;
    }
    if (parts > maxParts) throw new GlobError('its braces stand for too much');
  }
  return lists;
}
