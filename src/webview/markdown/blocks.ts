/** The blocks of an answer: what is shown of the tokens, and where they end. */
import type { Token, Tokens } from 'marked';
import type { OpenCode } from './containers';
import { isClosedFence, openingFence } from './lex';
import { withoutLastBreaks } from './measure';

/** A piece of an answer that is rendered by itself. A new object means that it has to be rendered again. */
export interface Block {
  readonly token: Token;
  /** False while more text could still change it. */
  readonly settled: boolean;
}

/** What leaves nothing on screen is no block. */
export function isShown(token: Token | OpenCode): boolean {
  return token.type !== 'space' && token.type !== 'def';
}

/** True for the same source, lexed to the same. */
export function sameToken(a: Token | OpenCode, b: Token | OpenCode): boolean {
  if (a.type !== b.type || a.type === 'openCode') return false;
  // What has come of a list by then may have made its items loose, or not.
  if (a.type === 'list' && (a as Tokens.List).loose !== (b as Tokens.List).loose) return false;
  return (
    withoutLastBreaks(a.raw) === withoutLastBreaks(b.raw) &&
    (a.type !== 'code' || (a as Tokens.Code).text === (b as Tokens.Code).text)
  );
}

/** True when nothing that comes can make the last block a part of what is before it. */
export function standsAlone(tokens: readonly Token[], last: number): boolean {
  const before = tokens[last - 1];
  if (before === undefined || before.type === 'heading' || before.type === 'hr') return true;
  return before.type === 'space' && /\n[ \t]*\n/.test(before.raw);
}

/** Items or rows. */
export function linesOf(token: Token): number {
  if (token.type === 'list') return (token as Tokens.List).items.length;
  return token.type === 'table' ? (token as Tokens.Table).rows.length : 0;
}

/** Where each token ends in the source; null when the tokens do not add up to it. */
export function offsets(source: string, tokens: readonly Token[]): readonly number[] | null {
  const ends: number[] = [];
  let at = 0;
  for (const token of tokens) {
    if (!source.startsWith(token.raw, at)) return null;
    at += token.raw.length;
    ends.push(at);
  }
  return ends;
}

/** True for code at the end of the tail whose fence has not closed. */
export function isOpenFence(token: Token, tail: string): boolean {
  if (token.type !== 'code' || token.codeBlockStyle === 'indented') return false;
  const fence = openingFence(token.raw);
  // A last line without its end may go on, and not close it.
  const mayGoOn = !token.raw.endsWith('\n') && tail.endsWith(token.raw);
  return fence?.line.endsWith('\n') === true && (mayGoOn || !isClosedFence(token as Tokens.Code));
}
