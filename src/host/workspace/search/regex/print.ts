/** Writes a regular expression for JavaScript, and for ripgrep over bytes that are not yet text. */
import type { Kind, Member, Node } from './syntax';

/** What Rust calls so: Unicode's, where JavaScript's own `\d`, `\w` and `\b` are those of ASCII. */
const digit = '\\p{Nd}';
const word = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}';
const space = '\\p{White_Space}';

/**
 * As a source for JavaScript with the flag `v`, to be tried on one line. Means what ripgrep means by it. May throw a
 * SyntaxError when it is compiled: for a property of Unicode that JavaScript does not have.
 */
export function forJavaScript(node: Node): string {
  switch (node.type) {
    case 'text':
      return textOf(node.point);
    case 'any':
      // Of a line's text: no line end is in it, but what JavaScript takes for one.
      return '[^\\n\\r]';
    case 'start':
      return '^';
    case 'end':
      return '$';
    case 'boundary':
      return `(?:(?<=[${word}])(?![${word}])|(?<![${word}])(?=[${word}]))`;
    case 'notBoundary':
      return `(?:(?<=[${word}])(?=[${word}])|(?<![${word}])(?![${word}]))`;
    case 'class':
      return classOf(node.negated, node.members);
    case 'group':
      return groupOf(node.ignoreCase, forJavaScript(node.node));
    case 'all':
      return node.nodes.map(forJavaScript).join('');
    case 'either':
      return `(?:${node.nodes.map(forJavaScript).join('|')})`;
    case 'repeat':
      return `(?:${forJavaScript(node.node)})${times(node)}`;
  }
}

/** Bytes that show as one character where a text has faults: U+FFFD. */
const fault = '(?-u:[\\x80-\\xff]{1,3})';

/**
 * For ripgrep, over files whose lines may end in CR or CRLF and whose bytes may be no UTF-8. Matches every line in which
 * the expression would match the text that an editor shows: no CR is in that, and a fault is a character. It may
 * match others, too, as `loosenessOf` says.
 */
export function forRipgrep(node: Node): string {
  switch (node.type) {
    case 'text':
      return node.point === 0xfffd ? `(?:${textOf(node.point)}|${fault})` : textOf(node.point);
    case 'any':
      return `(?:[^\\r\\n]|${fault})`;
    case 'start':
      return '(?:^|\\r)';
    case 'end':
      return '(?:$|\\r)';
    case 'boundary':
      return '\\b';
    case 'notBoundary':
      // It fails beside a fault.
      return '(?:\\B|)';
    case 'class': {
      const own = `[[${node.negated ? '^' : ''}${node.members.map((member) => memberOf(member, rustKind)).join('')}]--\\r]`;
      return mayHoldFault(node.negated, node.members) ? `(?:${own}|${fault})` : own;
    }
    case 'group':
      return groupOf(node.ignoreCase, forRipgrep(node.node));
    case 'all':
      return node.nodes.map(forRipgrep).join('');
    case 'either':
      return `(?:${node.nodes.map(forRipgrep).join('|')})`;
    case 'repeat':
      return `(?:${forRipgrep(node.node)})${times(node)}`;
  }
}

/** Where `forRipgrep` may match more than it means: in lines with a CR, and in those with bytes beyond ASCII. */
export interface Looseness {
  readonly besideCr: boolean;
  readonly beyondAscii: boolean;
}

/** Says it of an expression. */
export function loosenessOf(node: Node): Looseness {
  switch (node.type) {
    case 'start':
    case 'end':
      return { besideCr: true, beyondAscii: false };
    case 'text':
      return { besideCr: false, beyondAscii: node.point === 0xfffd };
    case 'any':
    case 'notBoundary':
      return { besideCr: false, beyondAscii: true };
    case 'boundary':
      return { besideCr: false, beyondAscii: false };
    case 'class':
      return { besideCr: false, beyondAscii: mayHoldFault(node.negated, node.members) };
    case 'group':
    case 'repeat':
      return loosenessOf(node.node);
    case 'all':
    case 'either': {
      const each = node.nodes.map(loosenessOf);
      return {
        besideCr: each.some(({ besideCr }) => besideCr),
        beyondAscii: each.some(({ beyondAscii }) => beyondAscii),
      };
    }
  }
}

function groupOf(ignoreCase: boolean | null, inside: string): string {
  return `(?${ignoreCase === null ? '' : ignoreCase ? 'i' : '-i'}:${inside})`;
}

function times({ min, max, lazy }: Extract<Node, { type: 'repeat' }>): string {
  const bounds = max === null ? `{${min},}` : `{${min},${max}}`;
  return lazy ? `${bounds}?` : bounds;
}

function textOf(point: number): string {
  return /[\p{L}\p{N}]/u.test(String.fromCodePoint(point))
    ? String.fromCodePoint(point)
    : point < 0x80
      ? `\\x${point.toString(16).padStart(2, '0')}`
      : String.fromCodePoint(point);
}

function classOf(negated: boolean, members: readonly Member[]): string {
  return `[${negated ? '^' : ''}${members.map((member) => memberOf(member, propertyOf)).join('')}]`;
}

function rustKind(kind: Kind, negated: boolean): string {
  if (typeof kind === 'object') return `\\${negated ? 'P' : 'p'}{${kind.property}}`;
  const letter = { digit: 'd', word: 'w', space: 's' }[kind];
  return `\\${negated ? letter.toUpperCase() : letter}`;
}

function memberOf(member: Member, kindOf: (kind: Kind, negated: boolean) => string): string {
  if ('kind' in member) return kindOf(member.kind, member.negated);
  return member.from === member.to ? textOf(member.from) : `${textOf(member.from)}-${textOf(member.to)}`;
}

function propertyOf(kind: Kind, negated: boolean): string {
  const members = kind === 'digit' ? digit : kind === 'space' ? space : kind === 'word' ? word : null;
  if (members !== null) return negated ? `[^${members}]` : members;
  return `\\${negated ? 'P' : 'p'}{${(kind as { readonly property: string }).property}}`;
}

/** Whether U+FFFD, as which a fault shows, may be one of them. */
function mayHoldFault(negated: boolean, members: readonly Member[]): boolean {
  return (
    negated ||
    members.some((member) =>
      'kind' in member
        ? member.negated || typeof member.kind === 'object'
        : member.from <= 0xfffd && member.to >= 0xfffd,
    )
  );
}
