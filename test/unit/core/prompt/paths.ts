/** Records for tests: entries with their places, random ones too, and what the strict API says of their requests. */
import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import fc from 'fast-check';
import type { Request } from '../../../../src/core/api/requestBody';
import { Memo } from '../../../../src/core/base/memo';
import type { ChatSettings } from '../../../../src/core/base/settings';
import { type Model, modelOf } from '../../../../src/core/models/models';
import type { Message } from '../../../../src/core/prompt/building';
import { type Blobs, buildMessages } from '../../../../src/core/prompt/messages';
import { planRequest } from '../../../../src/core/prompt/request';
import type {
  AssistantEntry,
  ContextChange,
  ContextFile,
  Entry,
  NewEntry,
  TurnFile,
  UserBlock,
} from '../../../../src/core/record/record';
import { untoldEdits } from '../../../../src/core/record/undone';
import { toolDefinitions, tools } from '../../../../src/core/tools/all';
import type { ExcludeTarget, Outcome } from '../../../../src/shared/chat';
import { noUsage } from '../../../../src/shared/tokenUsage';
import { CacheLedger } from '../../../fakeClaude/ledger';
import { findModel, modelsUnder } from '../../../fakeClaude/models';
import { signThinking } from '../../../fakeClaude/signatures';
import { defaultSwitches, type Switches } from '../../../fakeClaude/switches';
import { validate } from '../../../fakeClaude/validate';

export const opus = 'claude-opus-4-8';
export const sonnet = 'claude-sonnet-4-6';
export const haiku = 'claude-haiku-4-5';

export const settings: ChatSettings = { model: opus, effort: 'high', thinkingDisplay: 'summarized', maxTokens: null };

/** A picture that is one: 1 × 1 pixels. */
export const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
export const blobs: Blobs = new Map([['pixel', pixel]]);

/** Ends any path with words that can be answered. */
export function asked(path: readonly Entry[]): readonly Entry[] {
  const content = [{ type: 'text' as const, text: 'And now?' }];
  return [...path, { kind: 'user', id: 'last', parent: path.at(-1)?.id ?? null, at: 1, content, model: opus }];
}

/** The messages of a path as they go out. */
export function sentMessages(
  path: readonly Entry[],
  model: Model = modelOf(opus),
  held = blobs,
  offered = '[]',
): readonly { readonly role: Message['role']; readonly content: readonly Anthropic.ContentBlockParam[] }[] {
  const { messages } = buildMessages({ path, model, blobs: held, tools: offered, memo: new Memo() });
  return messages.map(({ role, blocks }) => ({ role, content: blocks.map(({ block }) => block) }));
}

export function file(path: string, text: string): ContextFile {
  return { uri: `file:///work/${path}`, path, text };
}

export function image(blob: string): UserBlock {
  return { type: 'image', blob, mediaType: 'image/png', width: 1, height: 1, name: `${blob}.png` };
}

/** A path that grows: ids count up, a second passes with each entry. */
export class PathMaker {
  readonly entries: Entry[] = [];
  private ids = 0;

  constructor(readonly start = 1_000_000) {}

  add<T extends NewEntry>(entry: T): Extract<Entry, { kind: T['kind'] }> {
    this.ids += 1;
    const id = `e${this.ids}`;
    const parent = this.entries.at(-1)?.id ?? null;
    const placed = { ...entry, id, parent, at: this.start + this.ids * 1000 } as Entry;
    this.entries.push(placed);
    return placed as Extract<Entry, { kind: T['kind'] }>;
  }

  snapshot(...files: readonly ContextFile[]): this {
    this.add({ kind: 'snapshot', project: [], files, selection: null });
    return this;
  }

  change(...changes: readonly ContextChange[]): this {
    this.add({ kind: 'change', changes });
    return this;
  }

  user(text: string, ...more: readonly UserBlock[]): this {
    this.add({ kind: 'user', content: [...more, { type: 'text', text }], model: opus });
    return this;
  }

  assistant(content: readonly Anthropic.ContentBlock[], more: Partial<AssistantEntry> = {}): this {
    const stops = content.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn';
    this.add({
      kind: 'assistant',
      content,
      stopReason: stops,
      partial: null,
      refusal: null,
      usage: noUsage,
      usd: 0,
      model: opus,
      messageId: null,
      requestId: null,
      durations: content.map(() => null),
      ...more,
    });
    return this;
  }

  result(toolUseId: string, content = 'found', isError = false, cancelled = false): this {
    const label = { text: 'Read {0}', args: ['a.ts'] };
    this.add({ kind: 'toolResult', toolUseId, content, isError, cancelled, label, summary: null });
    return this;
  }

  leaveOut(what: ExcludeTarget['what'], entry: string, index = 0, out = true): this {
    this.add({ kind: 'leaveOut', target: { what, entry, index }, out });
    return this;
  }

  compaction(summary: string, outcome: Outcome['kind'] & ('done' | 'stopped') = 'done', keeps?: string): this {
    this.add({
      kind: 'compaction',
      summary,
      outcome: { kind: outcome },
      automatic: false,
      ...(keeps === undefined ? {} : { keeps }),
      tokensBefore: 1000,
      tokensAfter: 100,
      usage: noUsage,
      usd: 0.5,
      model: opus,
      effort: 'high',
      requestId: null,
    });
    return this;
  }

  /** The id of the last entry, or of one before it. */
  last(back = 0): string {
    return this.entries.at(-1 - back)?.id ?? '';
  }

  end(kind: 'done' | 'stopped' | 'interrupted' | 'empty' | 'maxTokens' = 'done'): this {
    this.add({ kind: 'end', outcome: { kind } });
    return this;
  }
}

export function text(words: string): Anthropic.ContentBlock {
  return { type: 'text', text: words, citations: null };
}

export function thinking(words: string, model = opus, prefix = 'any'): Anthropic.ContentBlock {
  return { type: 'thinking', thinking: words, signature: signThinking(words, words, { model, prefix }) };
}

export function toolUse(id: string, input: unknown = { path: 'a.ts' }, name = 'read_file'): Anthropic.ContentBlock {
  return { type: 'tool_use', id, name, input, caller: { type: 'direct' } };
}

export function requestOf(
  path: readonly Entry[],
  model = opus,
  more: Partial<ChatSettings> = {},
  offered = tools,
): Request {
  return planRequest({
    path,
    model: modelOf(model),
    settings: { ...settings, model, ...more },
    tools: toolDefinitions(offered),
    blobs,
  }).request;
}

const counters = new Map<string, CacheLedger>();

/** Throws what the strict API would answer with 400. */
export function checkStrictly(request: Request, change: Partial<Switches> = {}): void {
  const switches = { ...defaultSwitches, ...change };
  const model = findModel(modelsUnder(switches), request.model);
  if (model === undefined) throw new Error(`the fake does not serve ${request.model}`);
  const ledger = counters.get(model.id) ?? new CacheLedger();
  counters.set(model.id, ledger);
  try {
    validate(JSON.parse(JSON.stringify({ ...request, stream: true })), {
      model,
      version: '2026-10-21',
      endpoint: 'messages',
      switches,
      issued: () => undefined,
      countTokens: (counted) => ledger.countTokens(counted),
    });
  } catch (error) {
    assert.fail(`the API would refuse it: ${error instanceof Error ? error.message : error}`);
  }
}

/** The request as the cache sees it, one string a block, breakpoints apart. */
export function blocksOf(request: Request): readonly string[] {
  return [
    ...(request.tools ?? []).map((tool) => `tool ${unmarked(tool)}`),
    ...request.system.map((block) => `system ${unmarked(block)}`),
    ...request.messages.flatMap(({ role, content }) =>
      (content as readonly object[]).map((block) => `${role} ${unmarked(block)}`),
    ),
  ];
}

function unmarked(block: object): string {
  return JSON.stringify(block, (name, value: unknown) => (name === 'cache_control' ? undefined : value));
}

type Piece =
  | { readonly kind: 'snapshot' | 'change' | 'end' }
  | { readonly kind: 'user'; readonly texts: readonly string[]; readonly media: readonly string[] }
  | {
      readonly kind: 'assistant';
      readonly blocks: readonly string[];
      readonly stopReason: string | null;
      readonly partial: AssistantEntry['partial'];
      readonly model: string;
    }
  | { readonly kind: 'toolResult'; readonly back: number; readonly words: string; readonly isError: boolean }
  | {
      readonly kind: 'leaveOut';
      readonly what: ExcludeTarget['what'];
      readonly back: number;
      readonly index: number;
      readonly out: boolean;
    }
  | { readonly kind: 'compaction'; readonly words: string; readonly outcome: 'done' | 'stopped'; readonly back: number }
  | { readonly kind: 'edits'; readonly back: number; readonly undone: boolean; readonly told: boolean };

const words = fc.constantFrom('hello', '', ' ', '\n\n', 'a'.repeat(40), 'zero\u200bwidth', '<file>', '日本語');
const reasons = ['end_turn', 'tool_use', 'tool_use', 'max_tokens', 'refusal', 'pause_turn', 'new_reason', null];
const blockKinds = ['text', 'blank', 'thinking', 'unsigned', 'redacted', 'tool', 'tool', 'server', 'serverResult'];

const piece: fc.Arbitrary<Piece> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('snapshot' as const, 'change' as const, 'end' as const) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('user' as const),
      texts: fc.array(words, { maxLength: 3 }),
      media: fc.array(fc.constantFrom('pixel', 'gone'), { maxLength: 2 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('assistant' as const),
      blocks: fc.array(fc.constantFrom(...blockKinds), { maxLength: 5 }),
      stopReason: fc.constantFrom(...reasons),
      partial: fc.constantFrom(null, null, null, 'stopped' as const, 'failed' as const, 'interrupted' as const),
      model: fc.constantFrom(opus, sonnet),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('toolResult' as const),
      back: fc.nat({ max: 4 }),
      words,
      isError: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('leaveOut' as const),
      what: fc.constantFrom('turn', 'answer', 'result', 'attachment', 'compaction'),
      back: fc.nat({ max: 8 }),
      index: fc.nat({ max: 3 }),
      out: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('compaction' as const),
      words,
      outcome: fc.constantFrom('done', 'stopped'),
      back: fc.nat({ max: 16 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('edits' as const),
      back: fc.nat({ max: 8 }),
      undone: fc.boolean(),
      told: fc.boolean(),
    }),
  },
);

/** Any entries in any order: what bugs, kills and other versions could have left. Tool ids are unique, as the API's are. */
export const anyPath: fc.Arbitrary<readonly Entry[]> = fc.array(piece, { maxLength: 25 }).map(pathOf);

const editedFile: TurnFile = {
  ...{ uri: 'file:///work/a.ts', path: 'a.ts', kind: 'edit', added: 1, removed: 1, open: 1, undone: false },
  ...{ base: 'digest of 1', current: 'digest of 2' },
};

function pathOf(pieces: readonly Piece[]): readonly Entry[] {
  const maker = new PathMaker();
  const calls: string[] = [];
  let servers = 0;
  for (const made of pieces) {
    switch (made.kind) {
      case 'snapshot':
        maker.snapshot(file('a.ts', 'let a = 1;\n'));
        break;
      case 'change':
        maker.change({ change: 'removed', uri: 'file:///work/a.ts', path: 'a.ts' });
        break;
      case 'end':
        maker.end();
        break;
      case 'user': {
        const content = [
          ...made.media.map(image),
          ...made.texts.map((said) => ({ type: 'text' as const, text: said })),
        ];
        maker.add({ kind: 'user', content, model: opus });
        break;
      }
      case 'assistant': {
        const content = made.blocks.map((kind): Anthropic.ContentBlock => {
          if (kind === 'tool') calls.push(`toolu_${calls.length}`);
          if (kind === 'server') servers += 1;
          return blockOf(kind, made.model, calls.at(-1) ?? '', servers);
        });
        const { stopReason, partial, model } = made;
        const refusal = stopReason === 'refusal' ? { category: null, explanation: null } : null;
        maker.assistant(content, { stopReason, partial, model, refusal });
        break;
      }
      case 'leaveOut':
        maker.leaveOut(made.what, maker.last(made.back), made.index, made.out);
        break;
      case 'compaction':
        maker.compaction(made.words, made.outcome, maker.last(made.back) || undefined);
        break;
      case 'edits': {
        const patch = '@@ -1,1 +1,1 @@\n-let a = 2;\n+let a = 1;\n';
        const news = made.undone ? { undone: [{ path: 'a.ts', patch }] } : {};
        maker.add({ kind: 'edits', turn: maker.last(made.back), files: [editedFile], ...news });
        if (made.told) maker.change(...untoldEdits(maker.entries));
        break;
      }
      case 'toolResult':
        maker.result(calls.at(-1 - made.back) ?? 'toolu_stray', made.words, made.isError);
    }
  }
  return maker.entries;
}

function blockOf(kind: string, model: string, call: string, server: number): Anthropic.ContentBlock {
  switch (kind) {
    case 'text':
      return text('I see.');
    case 'blank':
      return text('\n\n');
    case 'thinking':
      return thinking('Hm.', model);
    case 'unsigned':
      return { type: 'thinking', thinking: 'Hm', signature: '' };
    case 'redacted':
      return { type: 'redacted_thinking', data: signThinking('', 'secret', { model, prefix: 'any' }) };
    case 'tool':
      return toolUse(call);
    case 'server':
      return {
        type: 'server_tool_use',
        id: `srvtoolu_${server}`,
        name: 'web_search',
        input: {},
        caller: { type: 'direct' },
      };
    default:
      return {
        type: 'web_search_tool_result',
        tool_use_id: `srvtoolu_${server}`,
        content: [],
        caller: { type: 'direct' },
      };
  }
}
