/**
 * Reads a regular expression in the syntax of ripgrep (Rust's regex), as far as JavaScript can mean the same by it. What
 * it does not know it refuses: nothing is guessed.
 */
import { readClass } from './classes';
import { type Node, RegexError, RegexReader, readEscape } from './syntax';

/** What may be nested, and how often a part may be repeated. */
const maxDepth = 100;
const maxRepeats = 1_000;

/** Throws a RegexError for what it does not know. */
export function parseRegex(pattern: string): Node {
  const reader = new RegexReader(pattern);
  const node = either(reader, 0);
  if (!reader.atEnd) throw new RegexError('unopened group: a ) closes no (');
  return node;
}

/** What a flag said of case, from where it stands to the end of its group. */
interface Flags {
  ignoreCase: boolean | null;
}

function either(reader: RegexReader, depth: number): Node {
  if (depth > maxDepth) throw new RegexError('it is nested too deeply');
  const flags: Flags = { ignoreCase: null };
  const nodes: Node[] = [];
  do nodes.push(withCase(flags.ignoreCase, () => all(reader, depth, flags)));
  while (reader.take('|'));
  return nodes.length === 1 && nodes[0] !== undefined ? nodes[0] : { type: 'either', nodes };
}

function withCase(ignoreCase: boolean | null, read: () => Node): Node {
  return ignoreCase === null ? read() : { type: 'group', node: read(), ignoreCase };
}

function all(reader: RegexReader, depth: number, flags: Flags): Node {
  const nodes: Node[] = [];
  while (!reader.atEnd && !reader.startsWith('|') && !reader.startsWith(')')) {
    const set = reader.match(/\(\?([a-zA-Z-]+)\)/y);
    if (set !== null) {
      flags.ignoreCase = caseOf(set[1] ?? '') ?? flags.ignoreCase;
      if (depth > maxDepth) throw new RegexError('it is nested too deeply');
      nodes.push(withCase(flags.ignoreCase, () => all(reader, depth + 1, flags)));
      break;
    }
    nodes.push(repeat(reader, atom(reader, depth)));
  }
  return { type: 'all', nodes };
}

function repeat(reader: RegexReader, node: Node): Node {
  let repeated = node;
  for (;;) {
    const found = reader.match(/[*+?]|\{\s*(\d*)\s*(,?)\s*(\d*)\s*\}/y);
    if (found === null) return repeated;
    const [min, max] = timesOf(found);
    if (max !== null && min > max) throw new RegexError('a repetition has its bounds the wrong way round');
    if (Math.max(min, max ?? 0) > maxRepeats) throw new RegexError('a repetition is too large');
    repeated = { type: 'repeat', node: repeated, min, max, lazy: reader.take('?') };
  }
}

function atom(reader: RegexReader, depth: number): Node {
  if (reader.take('(')) return group(reader, depth);
  if (reader.take('[')) return readClass(reader);
  if (reader.take('\\')) return escaped(reader);
  if (reader.take('.')) return { type: 'any' };
  if (reader.take('^')) return { type: 'start' };
  if (reader.take('$')) return { type: 'end' };
  if (reader.match(/[*+?{]/y) !== null) throw new RegexError('a repetition has nothing before it');
  return { type: 'text', point: reader.next() };
}

function group(reader: RegexReader, depth: number): Node {
  let ignoreCase: boolean | null = null;
  if (reader.take('?')) {
    const flags = reader.match(/([a-zA-Z-]*):/y);
    if (flags !== null) ignoreCase = caseOf(flags[1] ?? '');
    else if (reader.match(/P?<[A-Za-z_][\w.[\]]*>/y) === null) {
      throw new RegexError('look-around is not supported, and neither is this kind of group');
    }
  }
  const node = either(reader, depth + 1);
  if (!reader.take(')')) throw new RegexError('unclosed group: a ( is not closed');
  return { type: 'group', node, ignoreCase };
}

function timesOf(found: RegExpExecArray): readonly [number, number | null] {
  const [all, min = '', comma = '', max = ''] = found;
  if (all === '*') return [0, null];
  if (all === '+') return [1, null];
  if (all === '?') return [0, 1];
  if (min === '') throw new RegexError('a repetition has no number');
  if (comma === '') return [Number(min), Number(min)];
  return [Number(min), max === '' ? null : Number(max)];
}

/** What flags say of case; those that say nothing of lines that are searched one by one are taken. */
function caseOf(flags: string): boolean | null {
  const [on = '', off = '', more] = flags.split('-');
  if (more !== undefined || !/^[imsU]*$/.test(on) || !/^[isU]*$/.test(off)) {
    throw new RegexError(`the flags ${JSON.stringify(flags)} are not supported`);
  }
  if (off.includes('i')) return false;
  return on.includes('i') ? true : null;
}

/** Behind a backslash, outside of a class. */
function escaped(reader: RegexReader): Node {
  if (reader.match(/b(?!\{)/y) !== null) return { type: 'boundary' };
  if (reader.match(/B/y) !== null) return { type: 'notBoundary' };
  const member = readEscape(reader);
  if ('from' in member) return { type: 'text', point: member.from };
  return { type: 'class', negated: false, members: [member] };
}
