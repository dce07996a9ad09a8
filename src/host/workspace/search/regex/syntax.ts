/** What a regular expression is made of, and the reading of what means the same everywhere in it. */

/** Characters of a class: code points, both ends in it. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** `\d`, `\w`, `\s`, and a property of Unicode by its name. */
export type Kind = 'digit' | 'word' | 'space' | { readonly property: string };

/** A member of a class. */
export type Member = Range | { readonly kind: Kind; readonly negated: boolean };

/** A part of a regular expression. */
export type Node =
  | { readonly type: 'text'; readonly point: number }
  | { readonly type: 'any' | 'start' | 'end' | 'boundary' | 'notBoundary' }
  | { readonly type: 'class'; readonly negated: boolean; readonly members: readonly Member[] }
  /** `ignoreCase` holds inside; null: as outside. */
  | { readonly type: 'group'; readonly node: Node; readonly ignoreCase: boolean | null }
  | { readonly type: 'all' | 'either'; readonly nodes: readonly Node[] }
  | {
      readonly type: 'repeat';
      readonly node: Node;
      readonly min: number;
      /** null: any number. */
      readonly max: number | null;
      readonly lazy: boolean;
    };

/** Why an expression is not taken. */
export class RegexError extends Error {
  override readonly name = 'RegexError';
}

/** Goes through the characters of an expression. */
export class RegexReader {
  #at = 0;

  constructor(readonly pattern: string) {}

  get atEnd(): boolean {
    return this.#at >= this.pattern.length;
  }

  startsWith(text: string): boolean {
    return this.pattern.startsWith(text, this.#at);
  }

  /** Steps over the text where it comes next. */
  take(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.#at += text.length;
    return true;
  }

  /** Steps over what the sticky expression matches here. */
  match(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.pattern);
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  /** The next code point. */
  next(): number {
    const point = this.pattern.codePointAt(this.#at);
    if (point === undefined) throw new RegexError('it ends too early');
    this.#at += point > 0xffff ? 2 : 1;
    return point;
  }
}

const controls: Readonly<Record<string, number>> = { t: 9, f: 12, v: 11, a: 7 };

/** What means the same inside and outside of a class. */
export function readEscape(reader: RegexReader): Member {
  const perl = reader.match(/[dwsDWS]/y)?.[0];
  if (perl !== undefined) {
    const kinds = { d: 'digit', w: 'word', s: 'space' } as const;
    return { kind: kinds[perl.toLowerCase() as 'd' | 'w' | 's'], negated: perl !== perl.toLowerCase() };
  }
  const property = reader.match(/([pP])(?:\{(\^?)([A-Za-z_]+(?:=[A-Za-z_]+)?)\}|([A-Z]))/y);
  if (property !== null) {
    const [, letter, inverse = '', long, short] = property;
    return { kind: { property: long ?? short ?? '' }, negated: (letter === 'P') !== (inverse === '^') };
  }
  const code = reader.match(/(?:x([\dA-Fa-f]{2})|u([\dA-Fa-f]{4})|U([\dA-Fa-f]{8})|[xuU]\{([\dA-Fa-f]{1,8})\})/y);
  if (code !== null) return pointOf(Number.parseInt(code[1] ?? code[2] ?? code[3] ?? code[4] ?? '', 16));
  const control = reader.match(/[tfva]/y)?.[0];
  if (control !== undefined) return pointOf(controls[control] ?? 0);
  const sign = reader.match(/[!-/:;=?@[-`{-~]/y)?.[0];
  if (sign !== undefined) return pointOf(sign.charCodeAt(0));
  throw new RegexError(`\\${String.fromCodePoint(reader.next())} is not supported`);
}

function pointOf(point: number): Range {
  const isChar = point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
  if (!isChar) throw new RegexError('it names a character that there is not');
  if (point === 10 || point === 13) throw new RegexError('a line break cannot be searched for: it goes line by line');
  return { from: point, to: point };
}
