/** A run of text that grows: only what its end may still change is lexed again. */
import type { Token } from 'marked';
import { plainToken } from './boundedLexer';
import { childrenOf, textOf } from './lex';
import { runFits } from './limits';

/** What ends something that an earlier character began. */
const pairs = [
  ['[', /[\])]/],
  ['<', />/],
] as const;
const delimiters = [/`+/g, /\*+/g, /_+/g, /~+/g, /\$+/g];
/** What is formatted by itself: an escape, a line break, an address. */
const standing = /\\| {2}\n|:\/|www\.|@/;

/** The first character of a text that what follows could take into something: an opening without its end. */
const opening =
  /[`~[]|\$(?!\s)|\*(?!\s)|(?<!\s)\*|\\(?![A-Za-z0-9\s])|<(?![\s\d=])|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:\/|www\.|@/;

/** A link whose address has not come to its end, and the part of that which is no address yet. */
const openLink = /!?\[([^[\]\n]+)\]\([^\s()<>]*$/;

/** So much of the last word is looked at together with what comes. */
const longestWord = 60;

/**
 * The tokens of a run of text. They are those of lexing it whole: before a blank whose text has no opening without its
 * end, nothing that follows can change what is there, nor be changed by it.
 */
export class GrowingRun {
  /** What is before that blank. */
  readonly #done: Token[] = [];
  /** The source behind it, and its tokens. */
  #open: string;
  #tokens: readonly Token[];
  #source: string;

  /** `tokens` are those of `source`. */
  constructor(
    source: string,
    tokens: readonly Token[],
    private readonly lexRun: (source: string) => readonly Token[],
  ) {
    this.#source = source;
    this.#open = source;
    this.#tokens = tokens;
    this.#settle();
  }

  get source(): string {
    return this.#source;
  }

  /** Of a link that is being written its text alone: the address would be there for a moment, and gone. */
  get tokens(): Token[] {
    const all = this.#all;
    let source = '';
    // What is there of the address may be taken for one, and a mark behind it for none of it.
    for (let at = all.length - 1; at >= Math.max(0, all.length - 3); at -= 1) {
      const token = all[at];
      if (token === undefined) break;
      source = token.raw + source;
      const link = isText(token) ? openLink.exec(source) : null;
      if (link !== null && link.index < token.raw.length)
        return [...all.slice(0, at), { ...token, text: source.slice(0, link.index) + (link[1] ?? '') }];
    }
    return all;
  }

  get #all(): Token[] {
    const before = this.#done.at(-1);
    const [first, ...others] = this.#tokens;
    if (before === undefined || first === undefined || !isText(before) || !isText(first))
      return [...this.#done, ...this.#tokens];
    return [...this.#done.slice(0, -1), joined(before, first), ...others];
  }

  grow(added: string): void {
    const last = this.#tokens.at(-1);
    const formats = mayFormat(this.#open, added);
    this.#open += added;
    this.#source += added;
    if (last?.type === 'plain') {
      // It is too much to be formatted already.
      this.#tokens = [plainToken(this.#source)];
    } else if (last !== undefined && isText(last) && !formats) {
      this.#tokens = [...this.#tokens.slice(0, -1), joined(last, { type: 'text', raw: added, text: added })];
    } else if (runFits(this.#source)) {
      this.#tokens = this.lexRun(this.#open);
      this.#settle();
    } else {
      this.#done.length = 0;
      this.#open = '';
      this.#tokens = this.lexRun(this.#source);
    }
  }

  /** Moves what is settled of the open tokens to the others. */
  #settle(): void {
    let at = -1;
    let cut = 0;
    for (const [index, token] of this.#tokens.entries()) {
      if (!isText(token)) {
        if (isClosed(token)) continue;
        break;
      }
      const end = token.raw.search(opening);
      const blank = lastBlank(token.raw, end === -1 ? token.raw.length : end);
      if (blank > 0) [at, cut] = [index, blank];
      if (end !== -1) break;
    }
    const token = this.#tokens[at];
    if (token === undefined) return;
    const before = this.#tokens.slice(0, at);
    const length = before.reduce((sum, { raw }) => sum + raw.length, cut);
    for (const done of [...before, part(token, 0, cut)]) this.#settleToken(done);
    this.#tokens = [part(token, cut), ...this.#tokens.slice(at + 1)];
    this.#open = this.#open.slice(length);
  }

  #settleToken(token: Token): void {
    const before = this.#done.at(-1);
    if (before !== undefined && isText(before) && isText(token))
      this.#done[this.#done.length - 1] = joined(before, token);
    else this.#done.push(token);
  }
}

/** True when text may be formatted otherwise than as it stands once this is added to it. */
function mayFormat(open: string, added: string): boolean {
  const word = open.slice(Math.max(open.trimEnd().lastIndexOf(' ') + 1, open.length - longestWord));
  if (standing.test(word + added)) return true;
  if (pairs.some(([start, end]) => end.test(added) && (open.includes(start) || added.includes(start)))) return true;
  return delimiters.some((delimiter) => {
    const [first, another] = added.match(delimiter) ?? [];
    return first !== undefined && (another !== undefined || open.includes(first.charAt(0)));
  });
}

/** Text as it stands. */
function isText(token: Token): boolean {
  return token.type === 'text' && !('tokens' in token && token.tokens !== undefined);
}

function joined(before: Token, token: Token): Token {
  const text = textOf(before) + textOf(token);
  return { type: 'text', raw: before.raw + token.raw, text, escaped: false };
}

function part(token: Token, from: number, to = token.raw.length): Token {
  const text = token.raw.slice(from, to);
  return { type: 'text', raw: text, text, escaped: false };
}

/** True when nothing in it could begin something that ends behind it. */
function isClosed(token: Token): boolean {
  if (token.type === 'plain') return false;
  // An address as it stands is not looked into.
  if (token.type === 'link' && token.autolink === true) return true;
  const children = childrenOf(token);
  return children.every((child) => (isText(child) ? !opening.test(child.raw) : isClosed(child)));
}

/** The last blank before `end` behind something that is none. */
function lastBlank(text: string, end: number): number {
  let at = text.lastIndexOf(' ', end - 1);
  while (at > 0 && /\s/.test(text.charAt(at - 1))) at -= 1;
  return at;
}
