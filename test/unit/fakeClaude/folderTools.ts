import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type Anthropic from '@anthropic-ai/sdk';

const string = { type: 'string' } as const;
const schema = (properties: Record<string, unknown>, required: string[] = []): Anthropic.Tool.InputSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** Definitions like the extension's. */
export const tools: Anthropic.Tool[] = [
  {
    name: 'read_file',
    input_schema: schema({ path: string, start_line: { type: 'integer' }, end_line: { type: 'integer' } }, ['path']),
  },
  { name: 'list_directory', input_schema: schema({ path: string }) },
  { name: 'find_files', input_schema: schema({ pattern: string }, ['pattern']) },
  {
    name: 'search_text',
    input_schema: schema({ query: string, is_regex: { type: 'boolean' }, include: string, output: string }, ['query']),
  },
];

/** The one that writes. */
export const editTool: Anthropic.Tool = {
  name: 'edit_file',
  input_schema: schema({ path: string, edits: { type: 'array' } }, ['path', 'edits']),
};

function walk(root: string, folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === '.git' || entry.name === 'dist' || entry.name === '.cache')
      return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(root, path) : [relative(root, path).replaceAll('\\', '/')];
  });
}

function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*|\?|\{([^}]*)\}/g, (part, list?: string) =>
      part === '**/'
        ? '(?:.*/)?'
        : part === '*'
          ? '[^/]*'
          : part === '?'
            ? '[^/]'
            : `(?:${(list ?? '').replaceAll(',', '|')})`,
    );
  return new RegExp(`${pattern.includes('/') ? '^' : '(?:^|/)'}${source}$`);
}

type Input = Readonly<Record<string, unknown>>;

/** Runs a tool on a folder and answers as the extension's tools do. Throws for what cannot be done. */
export function runTool(root: string, name: string, input: Input): string {
  const path = String(input['path'] ?? '.');
  if (name === 'list_directory') {
    const entries = readdirSync(join(root, path), { withFileTypes: true }).toSorted((a, b) =>
      a.name < b.name ? -1 : 1,
    );
    const lines = [
      ...entries.filter((entry) => entry.isDirectory()).map((entry) => `${entry.name}/`),
      ...entries
        .filter((entry) => !entry.isDirectory())
        .map((entry) => `${entry.name}  ${statSync(join(root, path, entry.name)).size.toLocaleString('en-US')} bytes`),
    ];
    return `${path === '.' ? 'The workspace' : path}:\n${lines.join('\n')}`;
  }
  if (name === 'read_file') {
    const lines = readFileSync(join(root, path), 'utf8').replace(/\n$/, '').split('\n');
    const start = Number(input['start_line'] ?? 1);
    const end = Math.min(Number(input['end_line'] ?? lines.length), lines.length);
    const width = String(end).length + 2;
    const shown = lines.slice(start - 1, end).map((line, index) => `${String(start + index).padStart(width)}\t${line}`);
    return `${path}, lines ${start}-${end} of ${lines.length}\n${shown.join('\n')}`;
  }
  if (name === 'find_files') {
    const found = walk(root).filter((one) => glob(String(input['pattern'])).test(one));
    return found.length === 0 ? `No file matches ${JSON.stringify(input['pattern'])}.` : found.toSorted().join('\n');
  }
  if (name === 'search_text')
    return search(root, String(input['query']), input['is_regex'] === true, input['output'] === 'counts');
  if (name === 'edit_file') return edit(join(root, path), input['edits'] as readonly Replacement[]);
  throw new Error(`no tool ${name}`);
}

interface Replacement {
  readonly old_text: string;
  readonly new_text: string;
}

function edit(file: string, edits: readonly Replacement[]): string {
  let text = readFileSync(file, 'utf8');
  for (const { old_text: before, new_text: after } of edits) {
    if (text.split(before).length !== 2) throw new Error(`${JSON.stringify(before)} does not stand there once`);
    text = text.replace(before, () => after);
  }
  writeFileSync(file, text);
  return 'Edited.';
}

function search(root: string, query: string, isRegex: boolean, counts: boolean): string {
  const pattern = new RegExp(isRegex ? query : query.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i');
  const groups = walk(root)
    .toSorted()
    .flatMap((path) => {
      const lines = readFileSync(join(root, path), 'utf8')
        .split('\n')
        .flatMap((text, index) => (pattern.test(text) ? [`${index + 1}: ${text}`] : []));
      return lines.length === 0 ? [] : [{ path, lines }];
    });
  const count = groups.reduce((sum, { lines }) => sum + lines.length, 0);
  if (count === 0) return `No matches for ${JSON.stringify(query)}.`;
  if (counts) return groups.map(({ path, lines }) => `${path}: ${lines.length}`).join('\n');
  return `${count} matches in ${groups.length} files\n\n${groups.map(({ path, lines }) => `${path}\n${lines.join('\n')}`).join('\n\n')}`;
}

export interface Told {
  readonly answer: string;
  /** Names of the tools used, a list for each round. */
  readonly rounds: readonly (readonly string[])[];
  readonly messages: readonly Anthropic.MessageParam[];
}

/** Asks a question and runs the tool loop to its end, as the extension does. */
export async function ask(
  client: Anthropic,
  root: string,
  content: string | Anthropic.ContentBlockParam[],
  options: Partial<Anthropic.MessageCreateParamsNonStreaming> = {},
): Promise<Told> {
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content }];
  const rounds: string[][] = [];
  for (let round = 0; round < 10; round += 1) {
    const message = await client.messages
      .stream({
        model: 'claude-opus-4-8',
        max_tokens: 16_000,
        thinking: { type: 'adaptive' },
        tools,
        ...options,
        messages,
      })
      .finalMessage();
    messages.push({ role: 'assistant', content: message.content });
    if (message.stop_reason !== 'tool_use') {
      const answer = message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
      return { answer, rounds, messages };
    }
    const calls = message.content.filter((block) => block.type === 'tool_use');
    rounds.push(calls.map(({ name }) => name));
    messages.push({ role: 'user', content: calls.map((call) => resultOf(root, call)) });
  }
  throw new Error('the model never stopped using tools');
}

function resultOf(root: string, call: Anthropic.ToolUseBlock): Anthropic.ToolResultBlockParam {
  try {
    return { type: 'tool_result', tool_use_id: call.id, content: runTool(root, call.name, call.input as Input) };
  } catch (error) {
    return { type: 'tool_result', tool_use_id: call.id, content: String(error), is_error: true };
  }
}
