/** What the demo's model sees in a request: the question, the context, the tools, and what they have found so far. */
import { type Block, blocksOf, isObject, type RequestBody, textOf } from './wire';

export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface ToolOutcome extends ToolCall {
  readonly text: string;
  readonly failed: boolean;
}

export interface Excerpt {
  readonly path: string;
  /** Number of the first line. */
  readonly start: number;
  readonly lines: readonly string[];
  /** Lines of the whole file, when known. */
  readonly total: number | undefined;
}

export interface Question {
  /** The user's own words. */
  readonly words: string;
  readonly attachments: readonly Block[];
  readonly selection: Excerpt | undefined;
  readonly files: readonly Excerpt[];
  /** Tools by name, with the names of their parameters. */
  readonly tools: ReadonlyMap<string, ReadonlySet<string>>;
  /** Tool results since the question, a list for each round. */
  readonly rounds: readonly (readonly ToolOutcome[])[];
}

const changesElement = /<news>[\s\S]*?<\/news>/g;
/** Code that came with the words: "Explain Selection", or a selection beside the draft. */
const attachedSelection = /<selection(?:\s+[\w-]+="(?:[^"\\]|\\.)*")*>\n?[\s\S]*?\n?<\/selection>/g;

/** Reads the request; every part of it is optional. */
export function readQuestion(body: RequestBody): Question {
  const at = body.messages.findLastIndex(({ role, content }) => role === 'user' && userBlocks(content).length > 0);
  const asked = body.messages[at];
  const blocks = userBlocks(asked?.content);
  const words = blocks
    .filter((block) => block.type === 'text')
    .map((block) => ownWords(block))
    .join('\n')
    .trim();
  const attached = textOf(asked?.content).replace(changesElement, '').match(attachedSelection) ?? [];
  const changes = body.messages.map(({ content }) => changesIn(content));
  const context = [textOf(body.system), ...changes, ...attached].join('\n');
  return {
    words,
    attachments: blocks.filter((block) => block.type === 'image' || block.type === 'document'),
    ...readContext(context),
    tools: new Map(
      (body.tools ?? [])
        .filter((tool) => tool.input_schema !== undefined && body.tool_choice?.type !== 'none')
        .map((tool) => {
          const properties = tool.input_schema?.['properties'];
          return [tool.name, new Set(isObject(properties) ? Object.keys(properties) : [])] as const;
        }),
    ),
    rounds: readRounds(body, at),
  };
}

function ownWords(block: Block): string {
  return (block.text ?? '').replace(changesElement, '').replace(attachedSelection, '').trim();
}

/** The blocks of a user message that are the user's: no tool results, no news of the context. */
function userBlocks(content: string | readonly Block[] | undefined): readonly Block[] {
  return blocksOf(content).filter(
    (block) => block.type !== 'tool_result' && (block.type !== 'text' || ownWords(block) !== ''),
  );
}

function changesIn(content: string | readonly Block[]): string {
  return [...textOf(content).matchAll(changesElement)].map(([text]) => text).join('\n');
}

/** Files and selection given as elements; what is told later replaces what was told before. */
function readContext(text: string): { readonly selection: Excerpt | undefined; readonly files: readonly Excerpt[] } {
  const files = new Map<string, Excerpt>();
  let selection: Excerpt | undefined;
  const element =
    /<(file|selection)((?:\s+[\w-]+="(?:[^"\\]|\\.)*")*)>\n?([\s\S]*?)\n?<\/\1>|<(closed|selection)((?:\s+[\w-]+="(?:[^"\\]|\\.)*")*)\/>/g;
  for (const [, tag, attributes = '', inner = '', empty, emptyAttributes = ''] of text.matchAll(element)) {
    const path = attributeOf(tag === undefined ? emptyAttributes : attributes, 'path');
    if (empty === 'closed') files.delete(path);
    else if (empty === 'selection') selection = undefined;
    else if (path !== '') {
      const start = Number(/^\d+/.exec(attributeOf(attributes, 'lines'))?.[0] ?? 1);
      const lines = inner.split('\n');
      if (tag === 'selection') selection = { path, start, lines, total: undefined };
      else files.set(path, { path, start: 1, lines, total: lines.length });
    }
  }
  return { selection, files: [...files.values()] };
}

function attributeOf(attributes: string, name: string): string {
  const value = new RegExp(`${name}="((?:[^"\\\\]|\\\\.)*)"`).exec(attributes)?.[1] ?? '';
  return value.replace(/\\(["\\])/g, '$1');
}

function readRounds(body: RequestBody, from: number): readonly (readonly ToolOutcome[])[] {
  const calls = new Map<string, Block>();
  const rounds: ToolOutcome[][] = [];
  for (const { role, content } of body.messages.slice(from + 1)) {
    const round: ToolOutcome[] = [];
    for (const block of blocksOf(content)) {
      if (role === 'assistant' && block.type === 'tool_use') calls.set(block.id ?? '', block);
      const call = block.type === 'tool_result' ? calls.get(block.tool_use_id ?? '') : undefined;
      if (call === undefined) continue;
      const text = textOf(block.content).replace(changesElement, '').trimEnd();
      const input = (isObject(call.input) ? call.input : {}) as ToolCall['input'];
      round.push({ name: call.name ?? '', input, text, failed: block.is_error === true });
    }
    if (round.length > 0) rounds.push(round);
  }
  return rounds;
}

export interface Hit {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

const isNote = (line: string): boolean => /^\[.*\]$/.test(line) || /^(The first )?[\d,]+ match(es)?\b/.test(line);

/** Lines a search found: `path:line: text`, or `line: text` below the path. */
export function hitsOf(outcomes: readonly ToolOutcome[]): readonly Hit[] {
  return outcomes
    .filter(({ name, failed }) => name === 'search_text' && !failed)
    .flatMap(({ text }) => searchHits(text));
}

function searchHits(text: string): readonly Hit[] {
  const hits: Hit[] = [];
  let path: string | undefined;
  for (const line of text.split('\n')) {
    const below = /^\s*(\d+)(?::|\t|-) ?(.*)$/.exec(line);
    const whole = /^([^\s:][^:]*):(\d+):(?:\d+:)? ?(.*)$/.exec(line);
    if (below !== null && path !== undefined) {
      hits.push({ path, line: Number(below[1]), text: below[2] ?? '' });
    } else if (whole !== null) {
      hits.push({ path: whole[1] ?? '', line: Number(whole[2]), text: whole[3] ?? '' });
    } else if (line.trim() !== '' && !isNote(line) && !/^No matches\b/.test(line)) {
      path = line.trim().replace(/:$/, '');
    }
  }
  return hits;
}

/** Paths that find_files returned. */
export function pathsOf(outcomes: readonly ToolOutcome[]): readonly string[] {
  return outcomes
    .filter(({ name, failed }) => name === 'find_files' && !failed)
    .flatMap(({ text }) => text.split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && !isNote(line) && !/^No files?\b/.test(line));
}

export interface Listing {
  readonly path: string;
  readonly folders: readonly string[];
  readonly files: readonly { readonly name: string; readonly size: string }[];
}

/** Folders that list_directory showed. */
export function listingsOf(outcomes: readonly ToolOutcome[]): readonly Listing[] {
  return outcomes
    .filter(({ name, failed }) => name === 'list_directory' && !failed)
    .map(({ text, input }) => {
      const lines = text
        .split('\n')
        .filter((line, index) => line.trim() !== '' && !isNote(line) && !isHeading(line, index));
      const names = lines.map((line) => line.trim().replace(/^[-*] /, ''));
      return {
        path: String(input['path'] ?? '.'),
        folders: names.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1)),
        files: names
          .filter((name) => !name.endsWith('/') && !/ is empty\.$/.test(name))
          .map((name) => {
            const [bare = name, size = ''] = name.split(/\s{2,}|\t/);
            return { name: bare, size };
          }),
      };
    });
}

const isHeading = (line: string, index: number): boolean => index === 0 && line.endsWith(':');

/** What read_file returned, line numbers taken off. */
export function excerptsOf(outcomes: readonly ToolOutcome[]): readonly Excerpt[] {
  return outcomes.flatMap(({ name, failed, text, input }) => {
    if (name !== 'read_file' || failed) return [];
    const numbered = text.split('\n').flatMap((line) => {
      const match = /^ {0,8}(\d+)(?:\t|→|: ?|\| ?)(.*)$/.exec(line);
      return match === null ? [] : [{ number: Number(match[1]), text: (match[2] ?? '').replace(/\r$/, '') }];
    });
    const path = String(input['path'] ?? '');
    const total = /\bof ([\d,]+)\b/.exec(text.split('\n', 1)[0] ?? '')?.[1]?.replaceAll(',', '');
    const [first] = numbered;
    if (first === undefined) {
      const start = typeof input['start_line'] === 'number' ? input['start_line'] : 1;
      return text.trim() === '' ? [] : [{ path, start, lines: text.split('\n'), total: undefined }];
    }
    const lines = numbered.map((line) => line.text);
    return [{ path, start: first.number, lines, total: total === undefined ? undefined : Number(total) }];
  });
}
