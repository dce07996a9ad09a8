import { Lexer, type Token, Tokenizer, type Tokens } from 'marked';

/** Where reference-style links lead: normalised label → address. */
export type LinkTable = Record<string, Pick<Tokens.Link, 'href' | 'title'>>;

/**
 * Raw HTML is shown as text, so a written `<a>` or `<pre>` must not change how what follows is read: in marked it
 * switches autolinks and character references off, even in later blocks.
 */
class TextTokenizer extends Tokenizer {
  override tag(src: string): Tokens.Tag | undefined {
    const { inLink, inRawBlock } = this.lexer.state;
    const token = super.tag(src);
    this.lexer.state.inLink = inLink;
    this.lexer.state.inRawBlock = inRawBlock;
    return token;
  }
}

export interface Lexed {
  readonly tokens: readonly Token[];
  /** The links given and those that the source defines. */
  readonly links: LinkTable;
}

/** Lexes GitHub-flavoured Markdown. `known` are definitions from elsewhere; they win over the source's own. */
export function lex(source: string, known: LinkTable): Lexed {
  const lexer = new Lexer({ gfm: true, tokenizer: new TextTokenizer() });
  const links: LinkTable = Object.assign(lexer.tokens.links, known);
  return { tokens: lexer.lex(source), links };
}

/** The form in which labels of definitions and references are compared. */
export function normalizeLabel(label: string): string {
  return label.trim().replace(/\s+/g, ' ').toLowerCase().toUpperCase().toLowerCase();
}

/** Every label that a reference in this source could name (and some that none does). */
export function possibleLabels(source: string): ReadonlySet<string> {
  const labels = new Set<string>();
  if (source.includes('[')) {
    for (const match of source.matchAll(/\[((?:\\[\s\S]|[^[\]\\])+)\]/g)) labels.add(normalizeLabel(match[1] ?? ''));
  }
  return labels;
}

/** The definitions in a token and below it. */
export function definitions(token: Token): readonly Tokens.Def[] {
  if (token.type === 'def') return [token as Tokens.Def];
  if (!token.raw.includes(']:')) return [];
  const below = token.type === 'list' ? (token as Tokens.List).items : childrenOf(token);
  return below.flatMap(definitions);
}

/** The tokens inside a token, if it is of a kind that has any. */
export function childrenOf(token: Token): readonly Token[] {
  return ('tokens' in token ? token.tokens : undefined) ?? [];
}

/** The text of a token, as marked has it: character references are not decoded. */
export function textOf(token: Token): string {
  return 'text' in token && typeof token.text === 'string' ? token.text : '';
}

const fenceStart = /^( {0,3})(`{3,}|~{3,})[^\n]*(?:\n|$)/;

/** The indent and the marks of the fence that opens this source; null when none does. */
export function openingFence(
  source: string,
): { readonly line: string; readonly indent: string; readonly marks: string } | null {
  const match = fenceStart.exec(source);
  return match === null ? null : { line: match[0], indent: match[1] ?? '', marks: match[2] ?? '' };
}

/** A pattern for the line that closes a fence of these marks. */
export function closingFence(marks: string): RegExp {
  return new RegExp(`^ {0,3}${marks.charAt(0)}{${marks.length},} *$`);
}

/** True for a fenced block whose last line closes it. */
export function isClosedFence(token: Tokens.Code): boolean {
  if (token.codeBlockStyle === 'indented') return false;
  const raw = token.raw.replace(/\n+$/, '');
  const start = openingFence(raw);
  const lastLine = raw.slice(raw.lastIndexOf('\n') + 1);
  return start !== null && raw.length > start.line.length && closingFence(start.marks).test(lastLine);
}
