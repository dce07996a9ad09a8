/** Markdown that grows: only its open end is lexed again. */
import type { Token, Tokens } from 'marked';
import { type Block, isOpenFence, isShown, linesOf, offsets, sameToken, standsAlone } from './blocks';
import { plainToken } from './boundedLexer';
import {
  addPiece,
  endLine,
  growList,
  growTable,
  merge,
  type OpenCode,
  type OpenFence,
  type OpenList,
  type OpenTable,
  openCode,
  openFence,
  settleLine,
} from './containers';
import { definitions, type Lexing, lex, lexRun, openingFence } from './lex';
import { lineEnd } from './measure';
import { isUndecided, type OpenEnd } from './openEnd';
import { openRow } from './openRow';
import { openText } from './openText';
import { References } from './references';
import { shownAlike } from './same';

/** Items and rows that stay open at the end of a list or table whose last line may still turn out to be another. */
const openLines = 2;

/** Characters of what was there that are compared with what comes: all of them, each time, would be work without end. */
const joint = 256;

/** The first line of a table, until the second one has shown that it is none. */
const mayBeHeader = /^\|[^\n]{0,300}(?:\n[ |:-]*)?$/;

/** What has become of text that went on in an open block. */
type GoneOn = 'shown' | 'ended' | 'unknown';

/**
 * Lexes Markdown that arrives in pieces. What later text can no longer change is settled and never lexed again, and
 * text that goes on in a paragraph, an item or a cell is added to it, so that a piece costs what is new. When the text is complete it is lexed once
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
  #references = new References();
  #container: OpenList | OpenTable | OpenFence | null = null;
  /** Where the last block goes on; null when it has to be lexed again. */
  #openEnd: OpenEnd | null = null;
  /** The end of the tail that is not in it yet: it may become anything. */
  #held = '';
  #fenceRefused = false;
  /** True when something that was settled is not formatted: in the whole text it could be. */
  #limited = false;
  /** True when a link was defined, if only for a moment: what follows may make its definition another. */
  #defined = false;
  /** True when what arrived could not be lexed: it is shown as it is until the whole text is there. */
  #failed = false;
  readonly #lexing: Lexing;

  constructor(lexing: Lexing = { whole: lex, run: lexRun }) {
    this.#lexing = lexing;
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
    this.#references = new References();
    this.#container = null;
    this.#openEnd = null;
    this.#held = '';
    this.#fenceRefused = false;
    this.#limited = false;
    this.#defined = false;
    this.#failed = false;
  }

  #append(added: string): void {
    let text = this.#pendingReturn + added;
    this.#pendingReturn = text.endsWith('\r') ? '\r' : '';
    text = text.slice(0, text.length - this.#pendingReturn.length).replace(/\r\n?/g, '\n');
    this.#tail += text;
    if (this.#container?.kind === 'fence' && !this.#feedFence(this.#container)) return;
    this.#held += text;
    if (this.#openEnd === null || this.#goOn(this.#openEnd) !== 'shown') this.#lexTail();
  }

  /** Takes what is held into the open block. */
  #goOn(open: OpenEnd): GoneOn {
    let end = open;
    while (this.#held !== '') {
      const held = this.#held;
      const line = held.slice(0, lineEnd(held, 0)).replace('\n', '');
      if (line !== '') {
        if (!end.grow(line)) return 'unknown';
        this.#held = held.slice(line.length);
        continue;
      }
      const next = end.next(held);
      if (next.kind === 'wait') break;
      if (next.kind === 'unknown') return 'unknown';
      if (next.kind === 'ended') {
        this.#endBlock(end.token, held.slice(next.length));
        return 'ended';
      }
      if (this.#container !== null) this.#tail = settleLine(this.#container, end.token, next, this.#tail, held);
      const begun = end.begin(next, held);
      if (begun === null) return 'unknown';
      end = begun;
      this.#openEnd = begun;
      this.#held = held.slice(next.kind === 'row' ? 1 : next.length);
    }
    const { token } = end;
    if (this.#open[0]?.token !== token) this.#open = [{ token, settled: false }];
    return 'shown';
  }

  #endBlock(token: Token, rest: string): void {
    this.#settleToken(token, true);
    this.#fenceRefused = false;
    this.#open = [];
    this.#tail = rest;
  }

  /** One lexing of the whole text; blocks that came out as they are shown already are kept. */
  #end(): void {
    const { tokens, links, limited } = this.#lexing.whole(this.#text, {});
    // What may refer to a definition is taken from this lexing, which alone has seen them all.
    const undefinedLinks = Object.keys(links).length === 0 && !this.#defined;
    const before = limited || this.#limited || this.#failed ? [] : this.blocks;
    const blocks: Block[] = [];
    for (const token of tokens) {
      if (!isShown(token)) continue;
      const old = before[blocks.length];
      const mayRefer = !undefinedLinks && token.raw.includes('[');
      const kept = old !== undefined && !mayRefer && sameToken(old.token, token) && shownAlike(old.token, token);
      blocks.push(kept && old.settled ? old : { token: kept ? old.token : token, settled: true });
    }
    this.#settled = blocks;
    this.#open = [];
    this.#container = null;
    this.#openEnd = null;
    this.#tail = '';
    this.#ended = true;
  }

  #lexed(source: string): readonly Token[] {
    const { tokens, limited, links } = this.#lexing.whole(source, this.#references.links);
    this.#limited ||= limited;
    this.#defined ||= Object.keys(links).length > 0;
    return tokens;
  }

  readonly #lexRun = (source: string): readonly Token[] => {
    const { tokens, limited } = this.#lexing.run(source, this.#references.links);
    this.#limited ||= limited;
    return tokens;
  };

  #lexTail(): void {
    this.#openEnd = null;
    this.#held = '';
    const container = this.#container;
    // Nothing is to be seen of it yet, and nothing is known.
    if (container === null && (isUndecided(this.#tail) || mayBeHeader.test(this.#tail))) return;
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
    if (this.#openAt(tokens, last, start)) return;
    if (linesOf(token) > openLines + 1) {
      this.#settleBefore(tokens, last);
      this.#grow(token, start, sameContainer, openLines);
      this.#show([token]);
    } else if (!this.#fenceRefused && isOpenFence(token, this.#tail)) {
      this.#settleBefore(tokens, last);
      this.#startFence(token as Tokens.Code, start);
    } else {
      const complete = (token.type === 'heading' || token.type === 'hr') && /\n$/.test(this.#tail);
      const keep = complete ? last + 1 : (filled.at(-2) ?? last);
      this.#settleBefore(tokens, keep);
      this.#tail = this.#tail.slice(ends[keep - 1] ?? 0);
      this.#show(tokens.slice(keep));
    }
  }

  /** Where the last block ends in text, what comes next is added to that. */
  #openAt(tokens: readonly Token[], last: number, start: number): boolean {
    const token = tokens[last];
    if (token === undefined) return false;
    const container = last === 0 ? this.#container : null;
    const before = container?.source ?? '';
    const source = this.#tail.slice(start);
    const isTable = token.type === 'table';
    const opened = isTable
      ? openRow(token as Tokens.Table, before, source, this.#lexRun)
      : openText(token, before, source, this.#lexRun);
    if (opened === null || !(isTable || token.type === 'list' || standsAlone(tokens, last))) return false;
    this.#settleBefore(tokens, last);
    if (isTable || token.type === 'list') this.#grow(token, start, container !== null, 1);
    else this.#tail = source;
    this.#open = [{ token, settled: false }];
    this.#openEnd = opened.end;
    this.#held = opened.rest;
    const gone = this.#goOn(opened.end);
    if (gone !== 'shown') this.#openEnd = null;
    if (gone === 'ended') this.#lexTail();
    return true;
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
    const { version } = this.#references;
    const relex = container !== null && container.kind !== 'fence' && container.linksVersion !== version;
    const block = { token: relex ? this.#relex(token) : token, settled: true };
    const number = this.#settled.push(block) - 1;
    this.#references.note(number, token.raw);
  }

  /** Notes a definition; blocks before it that may refer to it are lexed again. */
  #define(definition: Tokens.Def): void {
    for (const number of this.#references.define(definition)) {
      const block = this.#settled[number];
      if (block !== undefined) this.#settled[number] = { token: this.#relex(block.token), settled: true };
    }
  }

  #relex(token: Token): Token {
    const again = this.#lexed(token.raw).filter((other) => other.type !== 'space');
    const only = again[0];
    return again.length === 1 && only !== undefined && only.type === token.type ? only : token;
  }

  /** Settles all items or rows but the last ones. `same` when the container holds what is before them already. */
  #grow(token: Token, start: number, same: boolean, lines: number): void {
    const { version } = this.#references;
    const before = same ? this.#container : null;
    const grown =
      token.type === 'list'
        ? growList(before, token as Tokens.List, this.#tail.slice(start), lines, version)
        : growTable(before, token as Tokens.Table, this.#tail.slice(start), lines, version);
    this.#container = grown.container;
    this.#tail = grown.tail;
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
