/** Markdown that grows: only its open end is lexed again. */
import type { Token, Tokens } from 'marked';
import { plainToken } from './boundedLexer';
import {
  addPiece,
  endLine,
  merge,
  type OpenCode,
  type OpenFence,
  type OpenList,
  type OpenTable,
  openCode,
  openFence,
} from './containers';
import { definitions, isClosedFence, type LinkTable, lex, openingFence, possibleLabels } from './lex';
import { lineEnd, withoutLastBreaks } from './measure';

/** A piece of an answer that is rendered by itself. A new object means that it has to be rendered again. */
export interface Block {
  readonly token: Token;
  /** False while more text could still change it. */
  readonly settled: boolean;
}

/** Items and rows that stay open at the end of a list or table: the last line may still turn out to be another. */
const openEnd = 2;

/** Characters of what was there that are compared with what comes: all of them, each time, would be work without end. */
const joint = 256;

/**
 * Lexes Markdown that arrives in pieces. What later text can no longer change is settled and never lexed again, so
 * that a piece costs what its own block costs, however long the answer is. When the text is complete it is lexed once
 * as a whole and every block that came out the same is kept: the end result is that of one whole lexing by
 * construction.
 */
export class MarkdownStream {
  #text = '';
  #ended = false;
  #doubted = false;
  #pendingReturn = '';
  #tail = '';
  #settled: Block[] = [];
  #open: readonly Block[] = [];
  #links: LinkTable = Object.create(null);
  #linksVersion = 0;
  #container: OpenList | OpenTable | OpenFence | null = null;
  #fenceRefused = false;
  /** True when something that was settled is not formatted: in the whole text it could be. */
  #limited = false;
  /** True when a link was defined, if only for a moment: what follows may make its definition another. */
  #defined = false;
  /** True when what arrived could not be lexed: it is shown as it is until the whole text is there. */
  #failed = false;
  readonly #lex: typeof lex;
  /** Label → numbers of the settled blocks that may refer to it. */
  readonly #references = new Map<string, Set<number>>();

  /** A test gives a lexing that fails. */
  constructor(lexing: typeof lex = lex) {
    this.#lex = lexing;
  }

  /** All blocks, in order. */
  get blocks(): readonly Block[] {
    return this.#open.length === 0 ? this.#settled : [...this.#settled, ...this.#open];
  }

  /**
   * Takes the text as it is now; `ended` when there will be no more of it. Text that is not a continuation starts anew:
   * that is told by the end of what was there, and by all of it after `doubt`.
   */
  update(text: string, ended: boolean): void {
    if (this.#ended && ended && text === this.#text) {
      this.#text = text;
      return;
    }
    if (this.#ended || !this.#continues(text)) this.#reset();
    const added = text.slice(this.#text.length);
    this.#text = text;
    try {
      if (ended) this.#end();
      else if (this.#failed) this.#showPlain();
      else if (added !== '') this.#append(added);
    } catch {
      this.#failed = true;
      this.#ended = ended;
      this.#showPlain();
    }
  }

  /** The next text may be another one, wherever it differs. */
  doubt(): void {
    this.#doubted = true;
  }

  #continues(text: string): boolean {
    const { length } = this.#text;
    const from = this.#doubted ? 0 : Math.max(0, length - joint);
    this.#doubted = false;
    return text.length >= length && text.slice(from, length) === this.#text.slice(from);
  }

  /** All of it as text. */
  #showPlain(): void {
    this.#settled = [];
    this.#open = [{ token: plainToken(this.#text), settled: true }];
  }

  #reset(): void {
    this.#text = '';
    this.#ended = false;
    this.#pendingReturn = '';
    this.#tail = '';
    this.#settled = [];
    this.#open = [];
    this.#links = Object.create(null);
    this.#linksVersion = 0;
    this.#container = null;
    this.#fenceRefused = false;
    this.#limited = false;
    this.#defined = false;
    this.#failed = false;
    this.#references.clear();
  }

  #append(added: string): void {
    let text = this.#pendingReturn + added;
    this.#pendingReturn = text.endsWith('\r') ? '\r' : '';
    text = text.slice(0, text.length - this.#pendingReturn.length).replace(/\r\n?/g, '\n');
    this.#tail += text;
    if (this.#container?.kind === 'fence' && !this.#feedFence(this.#container)) return;
    this.#lexTail();
  }

  /** One lexing of the whole text; blocks that came out as they are shown already are kept. */
  #end(): void {
    const { tokens, links, limited } = this.#lex(this.#text, {});
    // What may refer to a definition is taken from this lexing, which alone has seen them all.
    const undefinedLinks = Object.keys(links).length === 0 && !this.#defined;
    const before = limited || this.#limited || this.#failed ? [] : this.blocks;
    const blocks: Block[] = [];
    for (const token of tokens) {
      if (!isShown(token)) continue;
      const old = before[blocks.length];
      const mayRefer = !undefinedLinks && token.raw.includes('[');
      const kept = old?.settled === true && !mayRefer && sameToken(old.token, token);
      blocks.push(kept ? old : { token, settled: true });
    }
    this.#settled = blocks;
    this.#open = [];
    this.#links = links;
    this.#container = null;
    this.#tail = '';
    this.#ended = true;
  }

  #lexed(source: string): readonly Token[] {
    const { tokens, limited, links } = this.#lex(source, this.#links);
    this.#limited ||= limited;
    this.#defined ||= Object.keys(links).length > 0;
    return tokens;
  }

  #lexTail(): void {
    const container = this.#container;
    const head = container?.kind === 'table' ? container.head : '';
    const source = head + this.#tail;
    const tokens = [...this.#lexed(source)];
    const ends = offsets(source, tokens);
    if (container !== null && tokens[0] !== undefined) {
      const merged = merge(container, tokens[0]);
      if (merged === null) {
        this.#reopen(container);
        return;
      }
      tokens[0] = merged;
    }
    if (ends === null) this.#show(tokens);
    else
      this.#settle(
        tokens,
        ends.map((end) => end - head.length),
      );
  }

  /** Settles what can be settled of the tail's tokens. `ends[i]` is where token i ends in the tail. */
  #settle(tokens: readonly Token[], ends: readonly number[]): void {
    const filled = tokens.flatMap((token, index) => (token.type === 'space' ? [] : [index]));
    const last = filled.at(-1);
    const token = last === undefined ? undefined : tokens[last];
    if (last === undefined || token === undefined) {
      this.#show(tokens);
      return;
    }
    const start = ends[last - 1] ?? 0;
    const sameContainer = last === 0 && this.#container !== null;
    if (token.type === 'list' && (token as Tokens.List).items.length > openEnd + 1) {
      this.#settleBefore(tokens, last);
      this.#growList(token as Tokens.List, start, sameContainer);
      this.#show([token]);
    } else if (token.type === 'table' && (token as Tokens.Table).rows.length > openEnd + 1) {
      this.#settleBefore(tokens, last);
      this.#growTable(token as Tokens.Table, start, sameContainer);
      this.#show([token]);
    } else if (this.#isOpenFence(token)) {
      this.#settleBefore(tokens, last);
      this.#startFence(token as Tokens.Code, start);
    } else {
      const keep = filled.at(-2) ?? last;
      this.#settleBefore(tokens, keep);
      this.#tail = this.#tail.slice(ends[keep - 1] ?? 0);
      this.#show(tokens.slice(keep));
    }
  }

  #settleBefore(tokens: readonly Token[], end: number): void {
    for (const [index, token] of tokens.slice(0, end).entries()) this.#settleToken(token, index === 0);
    if (end > 0) this.#fenceRefused = false;
  }

  #settleToken(token: Token, first: boolean): void {
    const container = first ? this.#container : null;
    if (container !== null) this.#container = null;
    for (const definition of definitions(token)) this.#define(definition);
    if (!isShown(token)) return;
    const relex = container !== null && container.kind !== 'fence' && container.linksVersion !== this.#linksVersion;
    const block = { token: relex ? this.#relex(token) : token, settled: true };
    const number = this.#settled.push(block) - 1;
    for (const label of possibleLabels(token.raw)) {
      const numbers = this.#references.get(label);
      if (numbers === undefined) this.#references.set(label, new Set([number]));
      else numbers.add(number);
    }
  }

  /** Notes a definition; blocks before it that may refer to it are lexed again. */
  #define({ tag, href, title }: Tokens.Def): void {
    if (Object.hasOwn(this.#links, tag)) return;
    this.#links[tag] = { href, title };
    this.#linksVersion += 1;
    for (const number of this.#references.get(tag) ?? []) {
      const block = this.#settled[number];
      if (block !== undefined) this.#settled[number] = { token: this.#relex(block.token), settled: true };
    }
  }

  #relex(token: Token): Token {
    const again = this.#lexed(token.raw).filter((other) => other.type !== 'space');
    const only = again[0];
    return again.length === 1 && only !== undefined && only.type === token.type ? only : token;
  }

  #growList(list: Tokens.List, start: number, same: boolean): void {
    const open = this.#container;
    const container: OpenList =
      same && open?.kind === 'list'
        ? open
        : { kind: 'list', start: list, items: [], loose: false, source: '', linksVersion: this.#linksVersion };
    const settled = list.items.slice(container.items.length, -openEnd);
    let length = 0;
    for (const item of settled) {
      container.items.push(item);
      length += item.raw.length;
    }
    container.loose = list.loose;
    container.source += this.#tail.slice(start, start + length);
    this.#tail = this.#tail.slice(start + length);
    this.#container = container;
  }

  #growTable(table: Tokens.Table, start: number, same: boolean): void {
    const open = this.#container;
    const known = same && open?.kind === 'table' ? open : null;
    let from = start;
    let container = known;
    if (container === null) {
      const end = lineEnd(this.#tail, lineEnd(this.#tail, start));
      const head = this.#tail.slice(start, end);
      container = { kind: 'table', head, rows: [], source: head, linksVersion: this.#linksVersion };
      from = end;
    }
    let to = from;
    for (const row of table.rows.slice(container.rows.length, -openEnd)) {
      container.rows.push(row);
      to = lineEnd(this.#tail, to);
    }
    container.source += this.#tail.slice(from, to);
    this.#tail = this.#tail.slice(to);
    this.#container = container;
  }

  #isOpenFence(token: Token): boolean {
    if (token.type !== 'code' || this.#fenceRefused || token.codeBlockStyle === 'indented') return false;
    const fence = openingFence(token.raw);
    // A last line without its end may go on, and not close it.
    const mayGoOn = !token.raw.endsWith('\n') && this.#tail.endsWith(token.raw);
    return fence?.line.endsWith('\n') === true && (mayGoOn || !isClosedFence(token as Tokens.Code));
  }

  #startFence(token: Tokens.Code, start: number): void {
    const source = this.#tail.slice(start);
    const fence = openingFence(source);
    if (fence === null) return;
    // As marked has it: only fences of backticks take their indent off the lines.
    const indent = fence.marks.startsWith('`') ? fence.indent.length : 0;
    this.#container = openFence(fence.line, token.lang ?? '', indent, fence.marks);
    this.#tail = source.slice(fence.line.length);
    if (this.#feedFence(this.#container)) this.#lexTail();
  }

  /** Takes all there is into the open code. True when its fence has closed and the rest is to be lexed. */
  #feedFence(fence: OpenFence): boolean {
    const tail = this.#tail;
    let from = 0;
    for (let end = tail.indexOf('\n'); end >= 0; end = tail.indexOf('\n', from)) {
      addPiece(fence, tail.slice(from, end));
      if (endLine(fence)) {
        this.#closeFence(fence, end);
        return true;
      }
      from = end + 1;
    }
    addPiece(fence, tail.slice(from));
    fence.source += tail;
    this.#tail = '';
    this.#show([openCode(fence)]);
    return false;
  }

  /** The closing line ends at `end` of the tail. */
  #closeFence(fence: OpenFence, end: number): void {
    const tokens = this.#lexed(fence.source + this.#tail.slice(0, end));
    const code = tokens[0];
    this.#container = null;
    if (tokens.length === 1 && code?.type === 'code') {
      this.#settled.push({ token: code, settled: true });
      this.#tail = this.#tail.slice(end);
    } else {
      // Not what it seemed to be: left to the lexer.
      this.#tail = fence.source + this.#tail;
      this.#fenceRefused = true;
    }
  }

  #reopen(container: OpenList | OpenTable | OpenFence): void {
    this.#tail = container.source + this.#tail;
    this.#container = null;
    this.#show(this.#lexed(this.#tail));
  }

  /** Shows the open tokens; those that have not changed stay the objects they were. */
  #show(tokens: readonly (Token | OpenCode)[]): void {
    const before = this.#open;
    this.#open = tokens.filter(isShown).map((token, index) => {
      const old = before[index];
      return old !== undefined && sameToken(old.token, token) && !token.raw.includes('[')
        ? old
        : { token, settled: false };
    });
  }
}

function isShown(token: Token | OpenCode): boolean {
  return token.type !== 'space' && token.type !== 'def';
}

function sameToken(a: Token | OpenCode, b: Token | OpenCode): boolean {
  if (a.type !== b.type || a.type === 'openCode') return false;
  // What has come of a list by then may have made its items loose, or not.
  if (a.type === 'list' && (a as Tokens.List).loose !== (b as Tokens.List).loose) return false;
  return (
    withoutLastBreaks(a.raw) === withoutLastBreaks(b.raw) &&
    (a.type !== 'code' || (a as Tokens.Code).text === (b as Tokens.Code).text)
  );
}

/** Where each token ends in the source; null when the tokens do not add up to it. */
function offsets(source: string, tokens: readonly Token[]): readonly number[] | null {
  const ends: number[] = [];
  let at = 0;
  for (const token of tokens) {
    if (!source.startsWith(token.raw, at)) return null;
    at += token.raw.length;
    ends.push(at);
  }
  return ends;
}
