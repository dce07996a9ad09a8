/**
 * A prompt that the workspace keeps in a file: Markdown behind a few lines of settings. Of those its description and the
 * hint for its arguments are read, and whether it is offered at all; nothing in it is run or allowed.
 */

import { visible } from '../../shared/visible';

/** What is known of a prompt before it is used. */
export interface PromptHead {
  /** One line; '' for none. */
  readonly description: string;
  /** What may be written behind its name; '' for nothing that is known. */
  readonly hint: string;
  /** False for one that is not meant for people. */
  readonly offered: boolean;
}

/** A prompt, as its file has it. */
export interface PromptSource {
  readonly head: PromptHead;
  readonly body: string;
  /** It names tools, permissions or hooks, which have no meaning here. */
  readonly permits: boolean;
}

/** A prompt as it stands in the text box. */
export interface FilledPrompt {
  readonly text: string;
  /** What is still to be written: the first of its places; both at the end where there is none. */
  readonly from: number;
  readonly to: number;
  /** It has commands that would be run elsewhere. */
  readonly runs: boolean;
}

/** Characters of a description or a hint. */
const maxLine = 300;

/**
 * Reads a file. What is no settings, or is never closed, belongs to the prompt. What a person could not see of it is shown
 * as escapes: they read it before it is sent.
 */
export function readPrompt(text: string): PromptSource {
  const plain = visible(text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n'));
  const end = plain.startsWith('---\n') ? plain.indexOf('\n---', 3) : -1;
  const closed = end !== -1 && /^\n---[ \t]*(?:\n|$)/.test(plain.slice(end, end + 200));
  const fields = closed ? fieldsOf(plain.slice(4, Math.max(4, end + 1)).split('\n')) : new Map<string, string>();
  const body = closed ? plain.slice(end + 4).replace(/^[ \t]*\n?/, '') : plain;
  return {
    head: {
      description: fields.get('description') ?? '',
      hint: fields.get('argument-hint') ?? '',
      offered: fields.get('user-invocable') !== 'false',
    },
    body: body.trim(),
    permits: ['allowed-tools', 'tools', 'hooks'].some((name) => fields.has(name)),
  };
}

/** Fields that stand at the margin, each with its value in one line. */
function fieldsOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let name = '';
  let value: string[] = [];
  const keep = (): void => {
    if (name !== '') fields.set(name, lineOf(value));
  };
  for (const line of lines) {
    const field = /^([A-Za-z][\w-]{0,60}):(.*)$/.exec(line);
    if (field === null) {
      if (/^\s/.test(line)) value.push(line);
      continue;
    }
    keep();
    name = field[1] ?? '';
    value = [field[2] ?? ''];
  }
  keep();
  return fields;
}

/** In whichever of the ways it is written: plain, quoted, or folded over lines. */
function lineOf(value: readonly string[]): string {
  const [first = '', ...others] = value.map((line) => line.trim());
  const folded = /^[|>][+-]?\d?$/.test(first);
  const whole = (folded ? others : [first, ...others]).join(' ').replace(/\s+/g, ' ').trim();
  const quoted = /^"(.*)"$|^'(.*)'$/.exec(whole);
  return (quoted === null ? whole : (quoted[1] ?? quoted[2] ?? '')).slice(0, maxLine).toWellFormed();
}

/** `$1.50`, `$10` and `\\$1` are no places. */
const place =
  /\$ARGUMENTS\[(\d{1,3})\]|\$ARGUMENTS\b|\$\{input:([^}:\n]{1,60})(?::([^}\n]{0,200}))?\}|\\?\$(\d)(?![\w]|[.,]\d)/g;
/**
 * Puts what was written behind its name where it asks for it; else behind it. `of`: whose prompt it is. Claude Code counts
 * words from 0, `$0` and `$ARGUMENTS[0]`; a file with neither may be older, when `$1` was the first. A prompt of VS Code's
 * own has inputs only.
 */
export function fillPrompt({ body, head }: PromptSource, written: string, of: 'claude' | 'github'): FilledPrompt {
  const given = written.trim();
  const words = [...given.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
  const places = [...body.matchAll(place)].filter(([whole]) => of === 'claude' || whole.startsWith('${'));
  const isNew = /(?<!\\)\$(?:0(?![\w]|[.,]\d)|ARGUMENTS\[)/.test(body);
  // Without the first of them `$5` is a price.
  const first = isNew ? 0 : /(?<!\\)\$1(?![\w]|[.,]\d)/.test(body) ? 1 : null;
  const inputs = new Set(places.map(({ 2: name }) => name).filter((name) => name !== undefined));
  let text = '';
  let done = 0;
  let open: readonly [number, number] | null = null;
  /** Words that have their place; all of them where what was written has it as a whole. */
  const used = new Set<number>();
  for (const match of places) {
    const [whole, counted, input, hint, position] = match;
    const index = position === undefined || first === null ? counted : String(Number(position) - first);
    text += body.slice(done, match.index);
    done = match.index + whole.length;
    if (whole.startsWith('\\') || (position !== undefined && first === null)) {
      text += whole.replace('\\', '');
      continue;
    }
    const value = index !== undefined ? words[Number(index)] : input === undefined || inputs.size === 1 ? given : '';
    if (value !== undefined && value !== '') {
      text += value;
      for (const at of index === undefined ? words.keys() : [Number(index)]) used.add(at);
      continue;
    }
    const shown = input !== undefined ? hint || input : index === undefined && head.hint !== '' ? head.hint : whole;
    open ??= [text.length, text.length + shown.length];
    text += shown;
  }
  text += body.slice(done);
  if (used.size < words.length) text += `${text === '' ? '' : '\n\n'}${given}`;
  const [from, to] = open ?? [text.length, text.length];
  return { text, from, to, runs: /(?:^|[\s(])!`[^`\n]+`|^```!/m.test(body) };
}
