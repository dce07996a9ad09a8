/** The words of a run of Markdown text: emphasis, links, code and escapes without their marks. */
import { flanked } from '../../shared/markdown/flanks';
import { formulaAt } from '../../shared/markdown/formulas';

/** A run of characters that may open emphasis: its place among the pieces, and how many are not used yet. */
interface Opener {
  readonly at: number;
  left: number;
}

interface Bracket {
  readonly at: number;
  /** Where the words begin in the source. */
  readonly start: number;
  readonly isImage: boolean;
}

const special = /[\\`*_~[\]!<&$]/g;
const punctuation = /[\p{P}\p{S}]/u;
const escapable = /[!-/:-@[-`{-~]/;
const autolink = /<([a-z][a-z0-9+.-]{1,31}:[^\s<>]{0,2000}|[^\s<>@]{1,200}@[^\s<>@]{1,200})>/iy;
const lineBreak = /<br\s*\/?>/iy;
const reference = /\[((?:\\.|[^[\]\\]){0,999})\]/y;
// Blanks are taken as a whole: else it would be tried with each number of them.
const destination =
  /\(\s*(?!\s)(?:<([^<>\n]{0,2000})>|((?:\\.|[^\s()\\]|\((?:\\.|[^\s()\\]){0,2000}\)){0,2000}))(?:\s+(?:"(?:\\.|[^"\\]){0,500}"|'(?:\\.|[^'\\]){0,500}'|\((?:\\.|[^()\\]){0,500}\)))?\s*\)/y;
const entity = /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z][a-z0-9]{1,31}));/iy;

/** A label is no longer (CommonMark 4.7). */
const longestLabel = 999;

/** Those that are written in prose; others are found as they are written. */
const named: ReadonlyMap<string, string> = new Map(
  Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', copy: '©', hellip: '…' }),
);

/** `labels` are those that links are defined under. `inCell`: a line break that is written as HTML is one. */
export function inlineWords(source: string, labels: ReadonlySet<string>, inCell: boolean): string {
  return new Run(source, labels, inCell).words();
}

/** The form in which labels are compared. */
export function normalizedLabel(label: string): string {
  return label.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** Where runs of backticks begin, by their length, the last first. */
function ticksIn(source: string): ReadonlyMap<number, number[]> {
  const places = new Map<number, number[]>();
  for (const { 0: run, index } of [...source.matchAll(/`+/g)].reverse()) {
    const those = places.get(run.length);
    if (those === undefined) places.set(run.length, [index]);
    else those.push(index);
  }
  return places;
}

class Run {
  readonly #pieces: string[] = [];
  readonly #openers = new Map<string, Opener[]>();
  readonly #brackets: Bracket[] = [];
  /** Where runs of backticks begin, by their length, the last first; null until there is one. */
  #ticks: ReadonlyMap<number, number[]> | null = null;
  /** Behind the last bracket: there is none within a label. */
  #afterBracket = 0;
  #at = 0;
  /** The source as emphasis is to take it; null until there is any. */
  #flanked: string | null = null;

  constructor(
    private readonly source: string,
    private readonly labels: ReadonlySet<string>,
    private readonly inCell: boolean,
  ) {}

  words(): string {
    const { source } = this;
    while (this.#at < source.length) {
      special.lastIndex = this.#at;
      const end = special.exec(source)?.index ?? source.length;
      if (end > this.#at) this.#take(end - this.#at);
      if (end < source.length) this.#mark(source.charAt(end));
    }
    return this.#pieces.join('');
  }

  /** So many characters as they stand. */
  #take(count: number): void {
    this.#put(this.source.slice(this.#at, this.#at + count), count);
  }

  #put(words: string, count: number): void {
    this.#pieces.push(words);
    this.#at += count;
  }

  #match(pattern: RegExp, at = this.#at): RegExpExecArray | null {
    pattern.lastIndex = at;
    return pattern.exec(this.source);
  }

  #mark(character: string): void {
    const formula = character === '$' || character === '\\' ? formulaAt(this.source, this.#at) : 0;
    if (formula > 0) {
      this.#take(formula);
      return;
    }
    switch (character) {
      case '$':
        this.#take(1);
        return;
      case '\\':
        this.#escape();
        return;
      case '`':
        this.#code();
        return;
      case '<': {
        const link = this.#match(autolink);
        const broken = this.inCell ? this.#match(lineBreak) : null;
        if (link !== null) this.#put(link[1] ?? '', link[0].length);
        else if (broken !== null) this.#put('\n', broken[0].length);
        else this.#take(1);
        return;
      }
      case '&':
        this.#entity();
        return;
      case '!':
      case '[': {
        const isImage = character === '!';
        if (isImage && this.source.charAt(this.#at + 1) !== '[') {
          this.#take(1);
          return;
        }
        const length = isImage ? 2 : 1;
        this.#brackets.push({ at: this.#pieces.length, start: this.#at + length, isImage });
        this.#afterBracket = this.#at + length;
        this.#take(length);
        return;
      }
      case ']':
        this.#closeBracket();
        return;
      default:
        this.#emphasis(character);
    }
  }

  #escape(): void {
    const next = this.source.charAt(this.#at + 1);
    if (next === '\n') this.#put('\n', 2);
    else if (next === '' || !escapable.test(next)) this.#take(1);
    else this.#put(next, 2);
  }

  #runOf(character: string): number {
    let end = this.#at;
    while (this.source.charAt(end) === character) end += 1;
    return end - this.#at;
  }

  #code(): void {
    const length = this.#runOf('`');
    const end = this.#closing(length);
    if (end === -1) {
      this.#take(length);
      return;
    }
    const code = this.source.slice(this.#at + length, end).replaceAll('\n', ' ');
    const isPadded = code.startsWith(' ') && code.endsWith(' ') && code.trim() !== '';
    this.#put(isPadded ? code.slice(1, -1) : code, end + length - this.#at);
  }

  #closing(length: number): number {
    this.#ticks ??= ticksIn(this.source);
    const places = this.#ticks.get(length) ?? [];
    for (let place = places.at(-1); place !== undefined; place = places.at(-1)) {
      if (place >= this.#at + length) return place;
      places.pop();
    }
    return -1;
  }

  #entity(): void {
    const found = this.#match(entity);
    const [whole = '&', hex, digits, name] = found ?? [];
    const code = hex === undefined ? Number(digits ?? Number.NaN) : Number.parseInt(hex, 16);
    if (name !== undefined) this.#put(named.get(name) ?? whole, whole.length);
    else if (found !== null && code > 0 && code <= 0x10ffff) this.#put(String.fromCodePoint(code), whole.length);
    else this.#take(1);
  }

  #closeBracket(): void {
    const bracket = this.#brackets.pop();
    const isPlain = bracket?.start === this.#afterBracket;
    this.#afterBracket = this.#at + 1;
    if (bracket === undefined) {
      this.#take(1);
      return;
    }
    const after = this.#at + 1;
    const link = this.#match(destination, after);
    if (link !== null) {
      this.#link(bracket, link[1] ?? link[2] ?? '', 1 + link[0].length);
      return;
    }
    const named = this.#match(reference, after);
    const isLabel = isPlain && this.#at - bracket.start <= longestLabel;
    const inner = isLabel ? this.source.slice(bracket.start, this.#at) : '';
    const label = named?.[1] === undefined || named[1] === '' ? inner : named[1];
    if (inner.startsWith('^') && this.labels.has(normalizedLabel(inner))) {
      // A small number that leads to a footnote.
      this.#merged(bracket.at);
      this.#pieces[bracket.at] = bracket.isImage ? '!' : '';
      this.#put('', 1);
    } else if (!label.startsWith('^') && this.labels.has(normalizedLabel(label)))
      this.#link(bracket, '', 1 + (named?.[0].length ?? 0));
    else this.#take(1);
  }

  /** The words of a link alone; of an image its address as well. */
  #link({ at, isImage }: Bracket, address: string, length: number): void {
    this.#pieces[at] = '';
    if (isImage && address !== '') {
      const words = this.#merged(at);
      this.#put(words === '' ? address : ` (${address})`, length);
    } else this.#put('', length);
  }

  /** Makes one piece of all from one on, so that pictures around it do not go through them again. */
  #merged(at: number): string {
    let words = '';
    for (const piece of this.#pieces.splice(at)) words += piece;
    this.#pieces.push(words);
    for (const openers of this.#openers.values()) while ((openers.at(-1)?.at ?? -1) >= at) openers.pop();
    return words;
  }

  #emphasis(character: string): void {
    const length = this.#runOf(character);
    this.#flanked ??= flanked(this.source);
    if ((character === '~' && length !== 2) || this.#flanked.charAt(this.#at) !== character) {
      this.#take(length);
      return;
    }
    const [opens, closes] = this.#flanks(character, length);
    const openers = this.#openers.get(character) ?? [];
    let left = length;
    while (closes && left > 0) {
      const opener = openers.at(-1);
      if (opener === undefined) break;
      const used = Math.min(2, left, opener.left);
      opener.left -= used;
      left -= used;
      this.#pieces[opener.at] = character.repeat(opener.left);
      if (opener.left === 0) openers.pop();
    }
    if (left > 0 && opens) openers.push({ at: this.#pieces.length, left });
    this.#openers.set(character, openers);
    this.#put(character.repeat(left), length);
  }

  /** Whether a run may open emphasis, and close it (CommonMark 6.2). */
  #flanks(character: string, length: number): readonly [opens: boolean, closes: boolean] {
    const text = this.#flanked ?? this.source;
    const before = text.charAt(this.#at - 1);
    const after = text.charAt(this.#at + length);
    const isBlank = (one: string): boolean => one === '' || /\s/.test(one);
    const isMark = (one: string): boolean => punctuation.test(one);
    const left = !isBlank(after) && (!isMark(after) || isBlank(before) || isMark(before));
    const right = !isBlank(before) && (!isMark(before) || isBlank(after) || isMark(after));
    if (character !== '_') return [left, right];
    return [left && (!right || isMark(before)), right && (!left || isMark(after))];
  }
}
