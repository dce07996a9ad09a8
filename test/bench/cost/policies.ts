/**
 * What others do with the prompt cache, as builders of requests over the same story: the same words, answers and
 * results at the same times, against the same ledger. Each is given what it needs to tell the model what ours tells:
 * the current text of the open files is in `system` anew with each turn, or is read again by a tool call, one step
 * with all files that are new or have changed, before the turn's own steps.
 */
import { instructions } from '../../../src/core/prompt/instructions';
import type { Block, CacheControl, Message, RequestBody } from '../../fakeClaude/wire';
import type { Sent } from './bill';
import { model, type Story, type StoryTurn, selectionText, toolsOffered } from './story';

export interface Policy {
  readonly name: string;
  readonly files: 'system' | 'tools';
  /** Puts the marks. */
  mark(body: RequestBody): RequestBody;
}

const ephemeral: CacheControl = { type: 'ephemeral' };

export const policies: readonly Policy[] = [
  { name: 'no caching', files: 'system', mark: (body) => body },
  {
    name: 'automatic caching, files in system',
    files: 'system',
    mark: (body) => ({ ...body, cache_control: ephemeral }),
  },
  {
    name: 'system and the last two user turns, files by tools (Roo Code)',
    files: 'tools',
    mark: (body) => {
      const turns = body.messages.flatMap(({ role }, index) => (role === 'user' ? [index] : [])).slice(-2);
      const messages = body.messages.map((message, index) => (turns.includes(index) ? marked(message) : message));
      return { ...body, system: markedBlocks(body.system as readonly Block[]), messages };
    },
  },
  {
    name: 'the last user text, files by tools (Cline)',
    files: 'tools',
    mark: (body) => {
      const last = body.messages.findLastIndex(
        ({ role, content }) => role === 'user' && (content as readonly Block[]).some(({ type }) => type === 'text'),
      );
      return { ...body, messages: body.messages.map((message, index) => (index === last ? marked(message) : message)) };
    },
  },
];

function marked({ role, content }: Message): Message {
  return { role, content: markedBlocks(content as readonly Block[]) };
}

function markedBlocks(blocks: readonly Block[]): readonly Block[] {
  return blocks.map((block, index) => (index === blocks.length - 1 ? { ...block, cache_control: ephemeral } : block));
}

/** The requests of a story under a policy; times as in the story. */
export function requestsUnder(policy: Policy, story: Story): readonly (Sent & { readonly conversation: number })[] {
  const sent: (Sent & { readonly conversation: number })[] = [];
  const conversations = new Map<number, Conversation>();
  for (const turn of story.turns) {
    const conversation = conversations.get(turn.conversation) ?? new Conversation();
    conversations.set(turn.conversation, conversation);
    const { selection } = turn;
    const words = selection === null ? [] : [{ type: 'text', text: selectionText(selection) }];
    conversation.messages.push({ role: 'user', content: [...turn.user, ...words] });
    const system = [instructions, ...(policy.files === 'system' ? filesOf(turn) : [])];
    const send = (at: number): void => {
      const body: RequestBody = {
        model,
        max_tokens: 32_000,
        thinking: { type: 'adaptive' },
        output_config: { effort: turn.effort },
        tools: toolsOffered as NonNullable<RequestBody['tools']>,
        system: system.map((text) => ({ type: 'text', text })),
        messages: [...conversation.messages],
      };
      sent.push({ at, body: policy.mark(body), conversation: turn.conversation });
    };
    const [first] = turn.steps;
    if (policy.files === 'tools' && first !== undefined) {
      const reading = conversation.reread(turn);
      if (reading !== null) {
        send(first.at);
        conversation.messages.push(...reading);
      }
    }
    for (const step of turn.steps) {
      send(step.at);
      conversation.messages.push({ role: 'assistant', content: step.answer });
      if (step.results.length > 0) conversation.messages.push({ role: 'user', content: step.results });
    }
  }
  return sent;
}

class Conversation {
  readonly messages: Message[] = [];
  readonly #seen = new Map<string, string>();
  #calls = 0;

  /** The step that reads what the model has not seen; null when there is nothing. */
  reread(turn: StoryTurn): readonly Message[] | null {
    const calls: Block[] = [];
    const results: Block[] = [];
    for (const { path, text } of openIn(turn)) {
      if (this.#seen.get(path) === text) continue;
      this.#seen.set(path, text);
      this.#calls += 1;
      const id = `toolu_reread_${this.#calls}`;
      calls.push({ type: 'tool_use', id, name: 'read_file', input: { path } });
      results.push({ type: 'tool_result', tool_use_id: id, content: [{ type: 'text', text }] });
    }
    if (calls.length === 0) return null;
    return [
      { role: 'assistant', content: calls },
      { role: 'user', content: results },
    ];
  }
}

function openIn(turn: StoryTurn): readonly { readonly path: string; readonly text: string }[] {
  return (turn.steps[0]?.files ?? []).map(({ path, lines }) => ({
    path,
    text: lines.map(({ text }) => text).join('\n'),
  }));
}

function filesOf(turn: StoryTurn): readonly string[] {
  return openIn(turn).map(({ path, text }) => `<file path="${path}">\n${text}\n</file>`);
}
