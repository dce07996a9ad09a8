/** The open end of a paragraph, or of the text at the end of a list or a quote. */
import type { Token, Tokens } from 'marked';
import { type PlainToken, plainToken } from './boundedLexer';
import { isUndecided, type LexRun, type NextLine, type OpenEnd, splitHeld, startsText } from './openEnd';
import { GrowingRun } from './run';

/** A list or a quote on the way from the block to its last text. */
type Step =
  | { readonly kind: 'quote'; readonly quote: Tokens.Blockquote }
  | {
      readonly kind: 'list';
      readonly list: Tokens.List;
      readonly item: Tokens.ListItem;
      /** Columns before its mark. */
      readonly indent: number;
      /** "-", or what stands behind the number. */
      readonly mark: string;
    };

/** A run of text that is formatted, or one that is too much for that. */
type Leaf = Tokens.Paragraph | Tokens.Text | PlainToken;

const itemStart = /^( *)([-*+]|\d{1,9}[.)])( {1,4})/;

/** What always ends a paragraph without a blank line: a heading, an item. */
const interrupts = /^(?:#{1,6}|[-*+]|1[.)]) +/;

/** A run of text at the end, while it is written. */
export class OpenText implements OpenEnd {
  #steps: readonly Step[];
  #leaf: Leaf;
  #run: GrowingRun;
  #raw: string;
  #built: Token | null = null;

  constructor(
    steps: readonly Step[],
    leaf: Leaf,
    raw: string,
    private readonly lexRun: LexRun,
  ) {
    this.#steps = steps;
    this.#leaf = leaf;
    this.#run = new GrowingRun(leaf.text, leaf.type === 'plain' ? [leaf] : (leaf.tokens ?? []), lexRun);
    this.#raw = raw;
  }

  get token(): Token {
    this.#built ??= { ...this.#build(0), raw: this.#raw };
    return this.#built;
  }

  grow(text: string): boolean {
    this.#run.grow(text);
    this.#raw += text;
    this.#built = null;
    return true;
  }

  next(held: string): NextLine {
    const { lead, blank, line } = splitHeld(held);
    const outer = this.#steps[0];
    if (outer === undefined) {
      if (blank) return { kind: 'ended', length: lead };
      if (startsText.test(line)) return { kind: 'more', length: lead };
      const start = interrupts.exec(line)?.[0];
      if (start !== undefined && startsText.test(line.slice(start.length))) return { kind: 'ended', length: lead };
    }
    if (isUndecided(line)) return { kind: 'wait' };
    if (outer === undefined) return { kind: 'unknown' };
    const start = itemStart.exec(line);
    if (start !== null) return this.#nextItem(start, line, lead, blank);
    if (blank && (startsText.test(line) || (outer.kind === 'list' && /^[#`|[<>!&]/.test(line))))
      return { kind: 'ended', length: lead };
    return { kind: 'unknown' };
  }

  #nextItem([whole, spaces = '', marker = '']: RegExpExecArray, line: string, lead: number, loose: boolean): NextLine {
    const mark = marker.slice(-1);
    const depth = this.#steps.findIndex((step) => step.kind === 'list' && step.indent === spaces.length);
    const step = this.#steps[depth];
    const lists = this.#steps.slice(0, depth + 1).every(({ kind }) => kind === 'list');
    const same = step?.kind === 'list' && step.mark === mark && lists;
    if (!same || !startsText.test(line.slice(whole.length))) return { kind: 'unknown' };
    return { kind: 'item', depth, lead, length: lead + whole.length, loose };
  }

  begin(next: NextLine, held: string): OpenEnd | null {
    if (next.kind === 'item') return this.#beginItem(next, held);
    return next.kind === 'more' && this.grow(held.slice(0, next.length)) ? this : null;
  }

  #beginItem({ depth, length, loose }: Extract<NextLine, { kind: 'item' }>, held: string): OpenEnd | null {
    const step = this.#steps[depth];
    if (step?.kind !== 'list') return null;
    const finished = this.#build(depth) as Tokens.List;
    const leaf: Tokens.Text = { type: 'text', raw: '', text: '', tokens: [], escaped: false };
    const item: Tokens.ListItem = { type: 'list_item', raw: '', task: false, loose: false, text: '', tokens: [leaf] };
    const list = { ...finished, loose: finished.loose || loose, items: [...finished.items, item] };
    this.#steps = [...this.#steps.slice(0, depth), { ...step, list, item }];
    this.#leaf = leaf;
    this.#run = new GrowingRun('', [], this.lexRun);
    this.#raw += held.slice(0, length);
    this.#built = null;
    return this;
  }

  /** The list or quote at this depth with all that is in it; the text itself below them. */
  #build(depth: number): Token {
    const step = this.#steps[depth];
    if (step === undefined) {
      const { source, tokens } = this.#run;
      return this.#leaf.type === 'plain' ? plainToken(source) : { ...this.#leaf, raw: source, text: source, tokens };
    }
    const child = this.#build(depth + 1);
    if (step.kind === 'quote') return { ...step.quote, tokens: [...step.quote.tokens.slice(0, -1), child] };
    const item = { ...step.item, tokens: [...step.item.tokens.slice(0, -1), child] };
    return { ...step.list, items: [...step.list.items.slice(0, -1), item] };
  }
}

function asLeaf(token: Token): Leaf | null {
  if (token.type === 'plain') return token as PlainToken;
  const isRun = (token.type === 'paragraph' || token.type === 'text') && token.tokens !== undefined;
  return isRun ? (token as Tokens.Paragraph | Tokens.Text) : null;
}

/**
 * The open end of a block whose source ends with `source`; `before` is what of it is there already. Null where its end
 * is no text, or may still become something else. What is behind the text is `rest`.
 */
export function openText(
  top: Token,
  before: string,
  source: string,
  lexRun: LexRun,
): { readonly end: OpenText; readonly rest: string } | null {
  const steps: Step[] = [];
  let leaf: Token | undefined = top;
  let column = 0;
  while (leaf?.type === 'list' || leaf?.type === 'blockquote') {
    if (leaf.type === 'blockquote') {
      const quote = leaf as Tokens.Blockquote;
      steps.push({ kind: 'quote', quote });
      leaf = quote.tokens.at(-1);
      continue;
    }
    const list = leaf as Tokens.List;
    const item = list.items.at(-1);
    const start = item === undefined ? null : itemStart.exec(item.raw);
    if (item === undefined || start === null) return null;
    const indent = column + (start[1]?.length ?? 0);
    column += start[0].length;
    steps.push({ kind: 'list', list, item, indent, mark: (start[2] ?? '').slice(-1) });
    leaf = item.tokens.at(-1);
  }
  const text = leaf === undefined ? null : asLeaf(leaf);
  if (text === null) return null;
  const words = text.text.trimEnd();
  const line = words.slice(words.lastIndexOf('\n') + 1);
  const body = source.trimEnd();
  const behind = source.slice(body.length);
  const blanks = text.text.slice(words.length);
  if (!startsText.test(words) || !startsText.test(line) || !body.endsWith(line)) return null;
  if (!behind.startsWith(blanks) || blanks.includes('\n')) return null;
  const rest = behind.slice(blanks.length);
  const raw = before + source.slice(0, source.length - rest.length);
  return { end: new OpenText(steps, text, raw, lexRun), rest };
}
