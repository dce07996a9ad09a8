/** What is looked for, as ripgrep and as JavaScript take it: one meaning for both. */
import { type SearchQuery, ToolError } from '../../../core/tools/workspace';
import { escapeRegExp } from '../ignore/glob';
import { parseRegex } from './regex/parse';
import { forJavaScript, forRipgrep, type Looseness, loosenessOf } from './regex/print';
import { type Node, RegexError } from './regex/syntax';

/** A query, read once. */
export interface LineQuery {
  /** For files as they lie on the disk; `crlf`: to be read as ripgrep reads lines that end in CRLF. */
  readonly overBytes: string;
  readonly crlf: boolean;
  /** For their text as an editor shows it, in lines that end in LF. */
  readonly overText: string;
  readonly ignoreCase: boolean;
  /** Where `overBytes` may match what the query does not mean. */
  readonly loose: Looseness;
  /** True for letters that are bytes of their own in nearly every encoding: then `overBytes` needs no decoding. */
  readonly isAscii: boolean;
  /** For JavaScript, which may not take it. Throws a ToolError. */
  readonly inJavaScript: () => RegExp;
}

/** Reads a query. What is no regular expression at all is found out by ripgrep, or by `inJavaScript`. */
export function readQuery({ query, isRegex, caseSensitive }: SearchQuery): LineQuery {
  const ignoreCase = !caseSensitive;
  const node = isRegex ? parsed(query) : textNode(query);
  const isNode = !(node instanceof RegexError);
  return {
    overBytes: isNode ? forRipgrep(node) : query,
    // ripgrep takes no `\r` in an expression then.
    crlf: !isNode,
    overText: isRegex ? query : escapedForRust(query),
    ignoreCase,
    loose: isNode ? loosenessOf(node) : { besideCr: true, beyondAscii: true },
    isAscii: !isRegex && /^[\0-\x7f]*$/.test(query),
    inJavaScript: () => {
      if (!isNode) throw refused(node.message);
      const whole = node.type === 'all' && node.nodes.length === 1 ? node.nodes[0] : undefined;
      // Older engines have flags for the whole only.
      const [inner, flag] =
        whole?.type === 'group' && whole.ignoreCase !== null ? [whole.node, whole.ignoreCase] : [node, ignoreCase];
      try {
        return new RegExp(forJavaScript(inner), flag ? 'iv' : 'v');
      } catch (error) {
        if (error instanceof SyntaxError) throw refused('a part of it is not supported where ripgrep cannot search');
        throw error;
      }
    },
  };
}

function refused(reason: string): ToolError {
  return new ToolError(`The query is not a valid regular expression: ${reason}. Correct it, or leave out is_regex.`);
}

function parsed(query: string): Node | RegexError {
  try {
    return parseRegex(query);
  } catch (error) {
    if (error instanceof RegexError) return error;
    throw error;
  }
}

function textNode(query: string): Node {
  return {
    type: 'all',
    nodes: Array.from(query, (character) => ({ type: 'text', point: character.codePointAt(0) ?? 0 })),
  };
}

function escapedForRust(query: string): string {
  return escapeRegExp(query).replaceAll('\\/', '/');
}
