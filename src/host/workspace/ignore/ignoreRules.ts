/** The rules of one ignore file, sorted so that a path meets few of many: bounded in number, size and steps. */
import { TimeSlice } from '../../../core/base/timeSlice';
import { compileGlob, type Glob, type Meter, type Path } from './glob';
import { GlobError, maxGlobLength } from './globSyntax';

interface Rule {
  /** Its place among the others: the last that matches decides. */
  readonly index: number;
  readonly negated: boolean;
  readonly directoriesOnly: boolean;
  readonly pattern: string;
  /** null until it is first needed. */
  glob: Glob | null;
}

interface BrokenRule {
  /** One-based. */
  readonly line: number;
  readonly reason: string;
}

/** Characters of patterns that have to be tried on every path; those of plain names and endings are looked up. */
const maxTried = 32 * 1024;
const maxRules = 100_000;
/** Broken ones that are told of. */
const maxReported = 5;

/** Its last segment is a text, or `*` and an ending. Nothing in it can be wrong. */
const plain = /^[^*?[\]{}\\]*$/;
const ending = /^[^*?[\]{}\\]*\*[^*?[\]{}\\/]*(\.[^*?[\]{}\\/.]+)$/;

/** The rules of one ignore file, as git applies them: the last that matches decides. */
export class Rules {
  /** By the name that they are about, by its last ending, and the rest. */
  readonly #named = new Map<string, Rule[]>();
  readonly #ending = new Map<string, Rule[]>();
  readonly #others: Rule[] = [];
  readonly #broken: BrokenRule[] = [];
  #count = 0;
  #tried = 0;

  /** Reads an ignore file as git and ripgrep do. A line that cannot be used is left out, and told of. */
  static async read(text: string): Promise<Rules> {
    const rules = new Rules();
    const slice = new TimeSlice();
    let from = text.startsWith('\ufeff') ? 1 : 0;
    for (let number = 1; from < text.length; number += 1) {
      const newline = text.indexOf('\n', from);
      const end = newline < 0 ? text.length : newline;
      rules.#add(text.slice(from, text[end - 1] === '\r' ? end - 1 : end), number);
      from = end + 1;
      if (slice.isOver) await slice.yieldToOthers();
    }
    return rules;
  }

  /** A file that holds no more than these. */
  static readonly none = new Rules();

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Lines that are not in force. */
  get broken(): readonly BrokenRule[] {
    return this.#broken;
  }

  /** Whether the last rule that matches ignores the path or takes it back; null when none matches. */
  verdict(path: Path, isDirectory: boolean, meter?: Meter): 'ignored' | 'included' | null {
    const name = path.segments.at(-1) ?? '';
    const lists = [this.#named.get(name), this.#ending.get(name.slice(name.lastIndexOf('.'))), this.#others];
    let last: Rule | null = null;
    for (const list of lists) {
      for (let at = (list?.length ?? 0) - 1; at >= 0; at -= 1) {
        const rule = list?.[at];
        if (rule === undefined || (last !== null && rule.index < last.index)) break;
        if (rule.directoriesOnly && !isDirectory) continue;
        rule.glob ??= compileGlob(rule.pattern);
        if (!rule.glob.matches(path, meter)) continue;
        last = rule;
        break;
      }
    }
    if (last === null) return null;
    return last.negated ? 'included' : 'ignored';
  }

  #add(raw: string, number: number): void {
    let line = withoutSpaces(raw);
    if (line === '' || line.startsWith('#')) return;
    const negated = line.startsWith('!');
    if (negated) line = line.slice(1);
    const directoriesOnly = line.endsWith('/') && !line.endsWith('\\/');
    if (directoriesOnly) line = line.slice(0, -1);
    if (line === '' || line === '/') return;
    if (this.#count === maxRules) {
      this.#breaks(number, `only ${maxRules} rules are read`);
      return;
    }
    const anchored = line.startsWith('/');
    if (anchored) line = line.slice(1);
    const anywhere = !anchored && !line.includes('/');
    const rule: Rule = {
      index: this.#count,
      negated,
      directoriesOnly,
      pattern: anywhere ? `**/${line}` : line,
      glob: null,
    };
    if (this.#sort(rule, line, number)) this.#count += 1;
  }

  #sort(rule: Rule, line: string, number: number): boolean {
    const end = line.length < maxGlobLength - 3 ? ending.exec(line)?.[1] : undefined;
    if (line.length < maxGlobLength - 3 && plain.test(line))
      add(this.#named, line.slice(line.lastIndexOf('/') + 1), rule);
    else if (end !== undefined) add(this.#ending, end, rule);
    else return this.#sortOther(rule, number);
    return true;
  }

  /** One that has to be tried on every path. */
  #sortOther(rule: Rule, number: number): boolean {
    try {
      if (this.#tried > maxTried) throw new GlobError('there are too many patterns before it');
      rule.glob = compileGlob(rule.pattern);
    } catch (error) {
      if (!(error instanceof GlobError)) throw error;
      this.#breaks(number, error.message);
      return false;
    }
    this.#tried += rule.glob.size;
    this.#others.push(rule);
    return true;
  }

  #breaks(line: number, reason: string): void {
    if (this.#broken.length < maxReported) this.#broken.push({ line, reason });
  }
}

function add(lists: Map<string, Rule[]>, key: string, rule: Rule): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [rule]);
  else list.push(rule);
}

/** Spaces at the end do not count unless they are escaped. */
function withoutSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] !== '\\' && (line[end - 1] ?? '').trim() === '') end -= 1;
  // The last of them may be the one that is escaped.
  return line.slice(0, end < line.length && line[end - 1] === '\\' ? end + 1 : end);
}
