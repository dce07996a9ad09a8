/** What a conversation costs with our marks and our way of telling changes, against the same without a cache. */
import type Anthropic from '@anthropic-ai/sdk';
import { fileChange } from '../../src/core/context';
import { modelOf } from '../../src/core/models';
import type { ContextFile, Entry } from '../../src/core/record';
import { buildRequest, type Request } from '../../src/core/request';
import { toolDefinitions, tools } from '../../src/core/tools/all';
import { CacheLedger } from '../fakeClaude/ledger';
import { inputCost } from '../fakeClaude/models';
import type { RequestBody } from '../fakeClaude/wire';
import { type Bench, figure } from './bench';

const settings = { model: 'claude-opus-4-8', effort: 'high', thinkingDisplay: 'summarized', maxTokens: null } as const;
const model = modelOf(settings.model);

/** Twenty questions over eight open files, an edit before every second one, two reads in every fourth. */
function requests(): readonly Request[] {
  const path: Entry[] = [];
  const add = (entry: object): void => {
    const at = path.length;
    path.push({ id: `e${at}`, parent: at === 0 ? null : `e${at - 1}`, at, ...entry } as Entry);
  };
  const sent: Request[] = [];
  const send = (): void => {
    sent.push(buildRequest({ path, model, settings, tools: toolDefinitions(tools), blobs: new Map() }));
  };
  const files: ContextFile[] = Array.from({ length: 8 }, (_, file) => ({
    uri: `file:///work/f${file}.ts`,
    path: `f${file}.ts`,
    text: Array.from({ length: 150 }, (_, line) => `export const f${file}x${line} = compute(${line});`).join('\n'),
  }));
  add({ kind: 'snapshot', project: [], files: [...files], selection: null });
  for (let turn = 0; turn < 20; turn += 1) {
    const index = turn % files.length;
    const before = files[index];
    if (turn % 2 === 1 && before !== undefined) {
      const after = { ...before, text: before.text.replace(`x${turn} =`, `edited${turn} =`) };
      files[index] = after;
      add({ kind: 'change', changes: [fileChange(before, after)] });
    }
    add({
      kind: 'user',
      content: [{ type: 'text', text: `Question ${turn}: what would happen here?` }],
      model: model.id,
    });
    send();
    if (turn % 4 === 3) {
      add(answer([toolUse(turn, 0), toolUse(turn, 1)], 'tool_use'));
      for (const call of [0, 1]) add(toolResult(`toolu_${turn}_${call}`));
      send();
    }
    add(
      answer(
        [{ type: 'text', text: 'It would compute another value. '.repeat(30) } as Anthropic.TextBlock],
        'end_turn',
      ),
    );
    add({ kind: 'end', outcome: { kind: 'done' } });
  }
  return sent;
}

function toolUse(turn: number, call: number): Anthropic.ToolUseBlock {
  const input = { path: `f${call}.ts` };
  return { type: 'tool_use', id: `toolu_${turn}_${call}`, name: 'read_file', input, caller: { type: 'direct' } };
}

function toolResult(toolUseId: string): object {
  const content = 'export const line = compute(1);\n'.repeat(100);
  return {
    kind: 'toolResult',
    toolUseId,
    content,
    isError: false,
    cancelled: false,
    label: { text: '' },
    summary: null,
  };
}

function answer(content: readonly Anthropic.ContentBlock[], stopReason: string): object {
  const usage = { input: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 1 };
  const rest = { partial: null, refusal: null, usage, usd: 0, messageId: null, requestId: null, durations: [] };
  return { kind: 'assistant', content, stopReason, model: model.id, ...rest };
}

/** Input side only, in dollars, one request a minute. */
function money(sent: readonly Request[]): number {
  const ledger = new CacheLedger({ profile: 'middle' });
  return sent.reduce((sum, request, index) => {
    const pass = ledger.play(request as unknown as RequestBody, index * 60_000);
    return sum + inputCost(pass.model, pass.usage);
  }, 0);
}

/** The same requests without a single mark. */
function unmarked(request: Request): Request {
  return JSON.parse(JSON.stringify(request), (key, value: unknown) =>
    key === 'cache_control' ? undefined : value,
  ) as Request;
}

export const costBench: Bench = {
  name: 'cost',
  about: 'input money of 20 questions over 8 open files with 10 edits, against the same without a cache',
  async run() {
    const sent = requests();
    const ours = money(sent);
    const without = money(sent.map(unmarked));
    return [
      figure('with our marks', ours, '$'),
      figure('without a cache', without, '$'),
      figure('with our marks ÷ without a cache', ours / without, '×', 0.25),
    ];
  },
};
