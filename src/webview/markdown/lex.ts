/** Markdown to tokens: the whole text at once, with definitions from elsewhere. */
import type { Token, Tokens } from 'marked';
import { BoundedLexer, footnoteLabel, footnoteTag } from './boundedLexer';
import { withoutLastBreaks } from './measure';

/** Where reference-style links lead: normalised label → address. */
export type LinkTable = Record<string, Pick<Tokens.Link, 'href' | 'title'>>;

interface Lexed {
  readonly tokens: readonly Token[];
  /** The links given and those that the source defines. */
  readonly links: LinkTable;
  /** True when something in it is not formatted. */
  readonly limited: boolean;
}

/** Lexes GitHub-flavoured Markdown. `known` are definitions from elsewhere; they win over the source's own. */
export function lex(source: string, known: LinkTable): Lexed {
  const lexer = new BoundedLexer();
  const links: LinkTable = Object.assign(lexer.tokens.links, known);
  return { tokens: lexer.lex(source), links, limited: lexer.limited };
}

/** The tokens of a run of text: what is in a paragraph, a cell, a line of an item. */
export function lexRun(source: string, known: LinkTable): Pick<Lexed, 'tokens' | 'limited'> {
  const lexer = new BoundedLexer();
  Object.assign(lexer.tokens.links, known);
  return { tokens: lexer.inlineTokens(source), limited: lexer.limited };
}

/** The two ways to lex; a test puts others in their place. */
export interface Lexing {
  readonly whole: typeof lex;
  readonly run: typeof lexRun;
}

/** The form in which labels of definitions and references are compared. */
function normalizeLabel(label: string): string {
  return label.trim().replace(/\s+/g, ' ').toLowerCase().toUpperCase().toLowerCase();
}

/** Every label that a reference in this source could name (and some that none does); none is longer (CommonMark 4.7). */
export function possibleLabels(source: string): ReadonlySet<string> {
  const labels = new Set<string>();
  if (source.includes('[')) {
    for (const match of source.matchAll(/\[((?:\\[\s\S]|[^[\]\\]){1,999})\]/g))
      labels.add(normalizeLabel(match[1] ?? ''));
  }
  return labels;
}

/** The definitions in a token and below it, footnotes among them. */
export function definitions(token: Token): readonly Tokens.Def[] {
  if (token.type === 'def') return [token as Tokens.Def];
  if (!token.raw.includes(']:')) return [];
  const label = token.type === 'paragraph' ? footnoteLabel(token.raw) : null;
  if (label !== null) return [{ type: 'def', tag: footnoteTag(label), raw: token.raw, href: '', title: '' }];
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

/** True for a line that closes a fence of these marks. */
function closesFence(line: string, marks: string): boolean {
  const mark = marks.charAt(0);
  let start = 0;
  while (start < 3 && line.charAt(start) === ' ') start += 1;
  let end = start;
  while (line.charAt(end) === mark) end += 1;
  if (end - start < marks.length) return false;
  while (line.charAt(end) === ' ') end += 1;
  return end === line.length;
}

/** True for a fenced block whose last line closes it. */
export function isClosedFence(token: Tokens.Code): boolean {
  if (token.codeBlockStyle === 'indented') return false;
  const raw = withoutLastBreaks(token.raw);
  const start = openingFence(raw);
  const lastLine = raw.slice(raw.lastIndexOf('\n') + 1);
  return start !== null && raw.length > start.line.length && closesFence(lastLine, start.marks);
}
