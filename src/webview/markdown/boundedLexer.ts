/**
 * marked's lexer with bounds: before it looks at a block, an item, a quote or a run of text, that is measured
 * (`limits.ts`). What is beyond comes out as a token of type `plain`, with its source, and is shown as that.
 */
import {
  type Hooks,
  Lexer,
  type MarkedOptions,
  type Token,
  Tokenizer,
  type TokenizerExtensionFunction,
  type Tokens,
  type TokensList,
} from 'marked';
import { flanked, letter } from '../../shared/markdown/flanks';
import { formulaAt, formulaBlock, withoutFormulas } from '../../shared/markdown/formulas';
import { fittedRow } from '../../shared/markdown/rows';
import { limits, runFits } from './limits';
import {
  type Lines,
  nextOverLimit,
  type OverLimit,
  paragraphAt,
  quoteAt,
  startsList,
  startsQuote,
  tableAt,
  tableColumns,
} from './measure';

/** A part of the source that is not formatted. */
export interface PlainToken {
  readonly type: 'plain';
  readonly raw: string;
  readonly text: string;
}

/** A token for source that is shown as it is. */
export function plainToken(source: string): PlainToken {
  return { type: 'plain', raw: source, text: source };
}

/** Thrown inside an item or a quote that cannot be formatted; it never leaves the lexer. */
class TooMuch extends Error {}

/** What was measured already of the blocks at one depth: how much of the source is left where that ends. */
interface Measured {
  paragraph: number;
  /** The next item that does not fit, how much was left of the source when it was looked for, and at its start. */
  overLimit: OverLimit | null;
  overLimitFrom: number;
  overLimitLeft: number;
  /** How much is left where the next line begins that is a footnote or a formula; -1 where none does. */
  footnote: number;
}

/**
 * Raw HTML is shown as text, so a written `<a>` or `<pre>` must not change how what follows is read: in marked it
 * switches autolinks and character references off, even in later blocks.
 */
class BoundedTokenizer extends Tokenizer {
  /** True from the start of a block until its quote or list has been looked at: other calls read something again. */
  quoteDue = false;
  listDue = false;
  /** Characters that were read again in the present block. */
  readAgain = 0;
  /** Of the blocks that are being read, the outermost first. */
  readonly measured: Measured[] = [];

  override tag(src: string): Tokens.Tag | undefined {
    const { inLink, inRawBlock } = this.lexer.state;
    const token = super.tag(src);
    this.lexer.state.inLink = inLink;
    this.lexer.state.inRawBlock = inRawBlock;
    return token;
  }

  override emStrong(src: string, masked: string, before = ''): Tokens.Em | Tokens.Strong | undefined {
    const stands = /^[*_]/.test(src) ? beforeRun(src, masked, before) : null;
    return stands === null ? undefined : super.emStrong(src, masked, stands);
  }

  override del(src: string, masked: string, before = ''): Tokens.Del | undefined {
    return src.startsWith('~') ? super.del(src, masked, beforeRun(src, masked, before) ?? before) : undefined;
  }

  override def(src: string): Tokens.Def | undefined {
    // A footnote, which would be gone: it is a paragraph.
    if (/^ {0,3}\[\^/.test(src)) return undefined;
    const token = super.def(src.slice(0, limits.definition));
    return token !== undefined && token.raw.length >= limits.definition ? undefined : token;
  }

  /** What a footnote is referred to by is known to all of the text. */
  override paragraph(src: string): Tokens.Paragraph | undefined {
    const token = this.#paragraph(src);
    const label = footnoteLabel(token?.raw ?? '');
    if (label !== null) this.lexer.tokens.links[footnoteTag(label)] ??= noPlace;
    return token;
  }

  /** A reference to a footnote; beside another one it is no label of that, and behind words no address of theirs. */
  override reflink(src: string, links: Links): Tokens.Link | Tokens.Image | Tokens.Text | undefined {
    const [raw, label = ''] = /^\[\^([^\][\s]{1,200})\]/.exec(src) ?? [];
    if (raw !== undefined && Object.hasOwn(links, footnoteTag(label)))
      return { type: 'footnote', raw, text: label } as unknown as Tokens.Text;
    const token = super.reflink(src, links);
    const sign = src.charAt(0);
    return /\[\^[^\][]*\]$/.test(token?.raw ?? '') ? { type: 'text', raw: sign, text: sign, escaped: false } : token;
  }

  /** Footnotes on consecutive lines are a paragraph each, and a formula on lines of its own is none. */
  #paragraph(src: string): Tokens.Paragraph | undefined {
    const measured = this.measured.at(-1);
    if (measured === undefined) return super.paragraph(src);
    if (src.length <= measured.footnote) {
      const next = src.search(startsFootnote);
      measured.footnote = next === -1 ? -1 : src.length - next - 1;
    }
    return super.paragraph(measured.footnote === -1 ? src : src.slice(0, src.length - measured.footnote));
  }

  override blockquote(src: string): Tokens.Blockquote | undefined {
    if (this.quoteDue) this.quoteDue = false;
    else this.#again(src);
    return super.blockquote(src);
  }

  override list(src: string): Tokens.List | undefined {
    if (!this.listDue) return this.#listAgain(src);
    this.listDue = false;
    const overLimit = this.overLimitIn(src);
    return super.list(overLimit === null ? src : src.slice(0, overLimit.start));
  }

  override table(src: string): Tokens.Table | undefined {
    const columns = tableColumns(src, 0);
    if (columns === null) return super.table(src);
    const lines = src.slice(0, tableAt(src, 0, columns).end).split('\n');
    const fitted = lines.map((line, at) => (at === 1 ? line : fittedRow(line, columns, at === 0))).join('\n');
    const table = super.table(fitted);
    // As it is written.
    return table && { ...table, raw: lines.slice(0, table.raw.split('\n').length).join('\n') };
  }

  override url(src: string): Tokens.Link | undefined {
    // marked takes what ends an address off it one by one.
    const word = startsAddress.test(src) ? (/^[^\s<]*/.exec(src)?.[0] ?? '') : '';
    const end = endingMarks(word);
    return end * word.length > limits.addressWork ? undefined : super.url(src);
  }

  /**
   * The list in a quote that a line without its mark continues. What precedes the quote does not precede the list: where
   * that is a line of an item, marked takes the list for a part of it, and throws.
   */
  #listAgain(src: string): Tokens.List {
    this.#again(src);
    const { state } = this.lexer;
    const last = state.lastToken;
    delete state.lastToken;
    const list = super.list(src);
    if (last !== undefined) state.lastToken = last;
    if (list === undefined) throw new TooMuch();
    return list;
  }

  /** A quote is read again as often as a line without its mark continues what is in it. */
  #again(src: string): void {
    this.readAgain += src.length + limits.readAgain / limits.timesAgain;
    if (this.readAgain > limits.readAgain) throw new TooMuch();
  }

  /** The next item that does not fit; null when there is none, or no list begins here. */
  overLimitIn(src: string): OverLimit | null {
    const measured = this.measured.at(-1);
    if (measured === undefined || !startsList(firstLine(src))) return null;
    if (src.length <= measured.overLimitLeft) {
      measured.overLimit = nextOverLimit(src);
      measured.overLimitLeft = measured.overLimit === null ? -1 : src.length - measured.overLimit.start;
      measured.overLimitFrom = src.length;
    }
    if (measured.overLimit === null) return null;
    const moved = measured.overLimitFrom - src.length;
    return { start: measured.overLimit.start - moved, end: measured.overLimit.end - moved };
  }
}

/** Where the links of a text lead, as marked has it. */
type Links = Parameters<Tokenizer['reflink']>[1];

const noPlace = { href: '', title: '' };

/** What a footnote is referred to by, of the source of a paragraph that is one; else null. */
export function footnoteLabel(source: string): string | null {
  return /^ {0,3}\[\^([^\][\s]{1,200})\]:/.exec(source)?.[1] ?? null;
}

/** Its form among the labels of links. */
export function footnoteTag(label: string): string {
  return `^${label.toLowerCase()}`;
}

/** A formula at the start of a text, which `before` precedes. */
function formulaToken(src: string, before: string): Tokens.Escape | undefined {
  if (!/^[$\\]/.test(src)) return undefined;
  const sign = before.slice(-1);
  const raw = src.slice(0, formulaAt(sign + src, sign.length));
  return raw === '' ? undefined : { type: 'escape', raw, text: raw };
}

/** `git@host.org:me/it.git` and `ssh://git@host.org` are places to fetch from: nobody gets mail there. */
function withoutRemotes(tokens: Token[]): Token[] {
  for (const [at, { type, raw }] of tokens.entries()) {
    if (type !== 'link' || !/^[^<[:]+@/.test(raw)) continue;
    const isRemote = /^:[\w.~/-]*(?:\/|\.git\b)/.test(tokens[at + 1]?.raw ?? '') || tokens[at - 1]?.raw.endsWith('//');
    if (isRemote) tokens[at] = { type: 'text', raw, text: raw, escaped: false };
  }
  return tokens;
}

/** What stands before a run of marks, as marked is to take it; null where these are no marks. */
function beforeRun(src: string, masked: string, before: string): string | null {
  const at = masked.length - src.length;
  if (masked.charAt(at) === letter) return null;
  let end = at;
  while (masked.charAt(end) === src.charAt(0)) end += 1;
  if (masked.charAt(end) === letter) return '';
  return before !== '' && masked.charAt(at - 1) === letter ? letter : before;
}

/** A footnote, or a formula of several lines. */
const startsFootnote = /\n {0,3}(?:\[\^[^\]\n]{1,200}\]:|(?:\$\$|\\\[)[ \t]*(?=\n|$))/;
const startsAddress = /^(?:https?:|ftp:|www\.)/i;
const startsFence = /^ {0,3}(?:`{3,}[^`\n]*(?:\n|$)|~{3,})/;
const startsBlank = /^[ \t]*(?:\n|$)/;
const startsCode = /^(?: {4}| {0,3}\t)/;
const startsDefinition = /^ {0,3}\[/;

/** marked's lexer within the limits of limits.ts: what goes beyond them is a plain token. */
export class BoundedLexer extends Lexer {
  readonly #tokenizer: BoundedTokenizer;
  #inlineDepth = 0;
  /** The run that is about to be read, and whether it may have formulas. */
  #run = '';
  #mayHaveFormulas = false;
  /** True when something is not formatted. */
  limited = false;

  constructor() {
    const tokenizer = new BoundedTokenizer();
    // marked asks it first at the start of each block.
    const measure: TokenizerExtensionFunction = (src, tokens) => this.#blockStarts(src, tokens);
    const options: MarkedOptions = {
      gfm: true,
      hooks: { emStrongMask: (masked: string) => flanked(this.#masked(masked)) } as unknown as Hooks,
      tokenizer,
      extensions: {
        renderers: {},
        childTokens: {},
        block: [measure],
        inline: [(src, tokens) => formulaToken(src, tokens.at(-1)?.raw ?? '')],
        startInline: [(src) => (this.#mayHaveFormulas ? src.indexOf('$') : -1)],
      },
    };
    super(options);
    this.#tokenizer = tokenizer;
  }

  override blockTokens(src: string, tokens?: Token[], lastParagraphClipped?: boolean): Token[];
  override blockTokens(src: string, tokens?: TokensList, lastParagraphClipped?: boolean): TokensList;
  override blockTokens(src: string, tokens: Token[] = [], lastParagraphClipped = false): Token[] {
    const { measured } = this.#tokenizer;
    const depth = measured.length;
    if (depth > limits.depth) throw new TooMuch();
    const before = { tokens: tokens.length, queue: this.inlineQueue.length, last: this.state.lastToken };
    measured.push({
      paragraph: Number.POSITIVE_INFINITY,
      overLimit: null,
      overLimitFrom: 0,
      overLimitLeft: Number.POSITIVE_INFINITY,
      footnote: Number.POSITIVE_INFINITY,
    });
    try {
      return super.blockTokens(src, tokens, lastParagraphClipped);
    } catch (error) {
      // The outermost item or quote is what is not formatted.
      if (!(error instanceof TooMuch) || depth > 1) throw error;
      tokens.length = before.tokens;
      this.inlineQueue.length = before.queue;
      this.state.top = true;
      if (before.last === undefined) delete this.state.lastToken;
      else this.state.lastToken = before.last;
      tokens.push(this.#plain(src));
      return tokens;
    } finally {
      measured.length = depth;
      this.#tokenizer.quoteDue = false;
      this.#tokenizer.listDue = false;
    }
  }

  override inlineTokens(src: string, tokens: Token[] = []): Token[] {
    const depth = this.#inlineDepth;
    if (depth === 0 && !runFits(src)) {
      tokens.push(this.#plain(src));
      return tokens;
    }
    if (depth === limits.inlineDepth) {
      this.limited = true;
      tokens.push({ type: 'text', raw: src, text: src, escaped: false });
      return tokens;
    }
    this.#inlineDepth += 1;
    this.#run = src;
    const before = this.#mayHaveFormulas;
    this.#mayHaveFormulas = /\$|\\[([]/.test(src);
    try {
      return withoutRemotes(super.inlineTokens(src, tokens));
    } finally {
      this.#inlineDepth = depth;
      this.#mayHaveFormulas = before;
    }
  }

  /** Nothing within a formula begins or ends anything. */
  #masked(masked: string): string {
    if (!this.#mayHaveFormulas) return masked;
    const plain = withoutFormulas(this.#run, letter);
    return masked.replace(/[\s\S]/g, (sign, at: number) => (plain.charAt(at) === letter ? letter : sign));
  }

  #blockStarts(src: string, tokens: readonly Token[]): Tokens.Generic | undefined {
    const tokenizer = this.#tokenizer;
    const measured = tokenizer.measured.at(-1);
    tokenizer.quoteDue = true;
    tokenizer.listDue = true;
    if (tokenizer.measured.length === 1) tokenizer.readAgain = 0;
    const formula = formulaBlock(src);
    if (formula !== '') return { type: 'html', raw: formula, text: formula, block: true, pre: false };
    // The lines of one paragraph are measured once.
    if (measured === undefined || src.length <= 1 || src.length > measured.paragraph) return undefined;
    if (startsBlank.test(src) || isCode(src, tokens)) return undefined;
    if (startsDefinition.test(src) && tokenizer.def(src) !== undefined) return undefined;
    const lines = this.#measure(src, measured);
    if (lines.fit) return undefined;
    const raw = src.slice(0, lines.end);
    return this.#plain(raw.endsWith('\n') ? raw.slice(0, -1) : raw);
  }

  #measure(src: string, measured: Measured): Lines {
    const line = firstLine(src);
    if (startsQuote(line)) return quoteAt(src);
    if (startsList(line)) {
      const overLimit = this.#tokenizer.overLimitIn(src);
      return { end: overLimit?.end ?? 0, fit: overLimit?.start !== 0 };
    }
    const columns = tableColumns(src, 0);
    if (columns !== null) return tableAt(src, 0, columns);
    const lines = paragraphAt(src, 0);
    if (lines.fit) measured.paragraph = src.length - lines.end;
    return lines;
  }

  #plain(source: string): PlainToken {
    this.limited = true;
    return plainToken(source);
  }
}

/** True where code begins, which is not looked at. After a paragraph an indented line is of that. */
function isCode(src: string, tokens: readonly Token[]): boolean {
  if (startsFence.test(src)) return true;
  const last = tokens.at(-1)?.type;
  return startsCode.test(src) && last !== 'paragraph' && last !== 'text';
}

function firstLine(src: string): string {
  const end = src.indexOf('\n');
  return end < 0 ? src : src.slice(0, end);
}

/** How many characters at the end of an address may be none of it. */
function endingMarks(word: string): number {
  let count = 0;
  while (count < word.length && '?!.,:;*_\'"~()&'.includes(word.charAt(word.length - 1 - count))) count += 1;
  return count;
}
