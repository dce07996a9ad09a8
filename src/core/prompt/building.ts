/** The messages of a request while they are put together, entry by entry (messages.ts). */
import type Anthropic from '@anthropic-ai/sdk';
import type { Memo } from '../base/memo';
import type { Model } from '../models/models';
import type { AssistantEntry, ChangeEntry, Entry, ToolResultEntry } from '../record/record';
import type { Blobs } from './blobs';
import { blocksOf, resultBlock } from './entryBlocks';
import { instructions } from './instructions';
import type { PlacedBlock } from './placedBlock';
import { Prefix } from './prefix';
import { type SentBlock, sentBlocks } from './sentBlocks';
import { serverBlocks } from './serverBlocks';

/** A message, and where each of its blocks comes from. */
export type Message = { readonly role: 'user' | 'assistant'; readonly blocks: PlacedBlock[] };

/** Stands for an answer that the user left out: without a word of the assistant's the question would be open still. */
export const excludedAnswer = '[The user left this answer out of the conversation.]';

/** What messages are made of. */
export interface MessagesInput {
  /** Root first. */
  readonly path: readonly Entry[];
  readonly model: Model;
  /** null: images and documents go without their bytes, as where only sizes matter. */
  readonly blobs: Blobs | null;
  /** JSON of the tools' definitions: thinking is bound to them, too. */
  readonly tools: string;
  /** True where documents go out without their titles. */
  readonly untitled?: boolean;
  /** Base URL that the request goes to, where it takes thinking without a signature back; null where none does. */
  readonly unsignedTo?: string | null;
  /** True: no thinking at all. */
  readonly withoutThinking?: boolean;
  /** True where only the messages matter: nothing is digested that they do not depend on. */
  readonly withoutDigest?: boolean;
  readonly memo: Memo;
}

/** The messages, and what is known of them beside. */
export interface BuiltMessages {
  readonly messages: readonly Message[];
  /** For each answer, the index of the message that its request ended with. */
  readonly ends: ReadonlyMap<string, number>;
  /** Of model, tools, system and messages (prefix.ts); of no use where they alone were asked for. */
  readonly digest: string;
  /** What the last answer's request held, as it is sent now: null where nothing was answered, or it is not known. */
  readonly intact: boolean | null;
  /** True where thinking that this model could read is left out since what it was made with has changed. */
  readonly lostThinking: boolean;
}

/** What settled turns hand on to the turns behind them: nothing that comes later changes it. */
export interface Seam {
  /** True where they make a message. */
  readonly begun: boolean;
  /** Of all that they hold (prefix.ts). */
  readonly digest: string;
  readonly ids: SettledIds;
}

interface SettledIds {
  /** Under which calls were sent. */
  readonly calls: Set<string>;
  /** Those of the tools that the API runs itself. */
  readonly server: Set<string>;
}

/** The ids of the calls that are sent: each is there once. A set of settled ones grows only by `settle`. */
class Ids {
  private readonly own = new Set<string>();

  constructor(private readonly settled: Set<string> = new Set()) {}

  has(id: string): boolean {
    return this.own.has(id) || this.settled.has(id);
  }

  add(id: string): void {
    this.own.add(id);
  }

  /** The settled ones with its own. */
  settle(): Set<string> {
    for (const id of this.own) this.settled.add(id);
    return this.settled;
  }
}

/** The messages while they are put together. */
export class Building {
  private readonly messages: Message[] = [];
  private readonly ends = new Map<string, number>();
  private readonly prefix: Prefix;
  /** Up to which block the prefix has taken them in. */
  private taken = { message: 0, block: 0 };
  private readonly ids: Ids;
  private readonly serverIds: Ids;
  /** Of the last answer's calls that have no result yet: by the id that was stored, what they are sent as. */
  private open = new Map<unknown, { readonly id: string; readonly stubbed: boolean }[]>();
  /** Blocks of tools that the API runs itself and that may go out. */
  private readonly server: ReadonlySet<object>;
  /** Thinking of answers before this one stays out: the API refused it. */
  private readonly withoutThinkingBefore: number;
  private intact: boolean | null = null;
  private lostThinking = false;

  constructor(
    private readonly input: MessagesInput,
    context: readonly string[],
    private readonly said: readonly Entry[],
    /** Of the settled turns that these stand behind; null at the beginning. */
    private readonly behind: Seam | null,
    /** True where a question of the user's comes next. */
    isSettled: boolean,
  ) {
    const { model, tools, untitled = false, memo } = input;
    this.prefix = new Prefix(behind?.digest ?? { model: model.id, tools, instructions, context, untitled }, memo);
    this.ids = new Ids(behind?.ids.calls);
    this.serverIds = new Ids(behind?.ids.server);
    this.server = serverBlocks(said, this.serverIds, isSettled, memo);
    this.withoutThinkingBefore = said.findLastIndex((entry) => entry.kind === 'assistant' && entry.held?.bare === true);
  }

  done(): BuiltMessages {
    this.takeIn();
    const { messages, ends, intact, lostThinking } = this;
    return { messages, ends, digest: this.prefix.digest, intact, lostThinking };
  }

  /** What the turns behind these are put together with. The seam that these were made with is of no use any more. */
  seam(): Seam {
    this.takeIn();
    return {
      begun: this.behind?.begun === true || this.messages.length > 0,
      digest: this.prefix.digest,
      ids: { calls: this.ids.settle(), server: this.serverIds.settle() },
    };
  }

  /**
   * Consecutive blocks of one role make one message: the API merges them anyway (API-FACTS C7). False when there was
   * nothing to add.
   */
  add(role: Message['role'], blocks: readonly PlacedBlock[]): boolean {
    const last = this.messages.at(-1);
    // The first message is the user's (API-FACTS §3.2).
    const isFirst = last === undefined && this.behind?.begun !== true;
    if (blocks.length === 0 || (isFirst && role === 'assistant')) return false;
    if (last?.role === role) last.blocks.push(...blocks);
    else this.messages.push({ role, blocks: [...blocks] });
    return true;
  }

  /** The stub for an answer that is left out, once a turn. */
  stub(entry: Entry, there: boolean): boolean {
    this.open = new Map();
    return there || this.add('assistant', [{ block: { type: 'text', text: excludedAnswer }, entry }]);
  }

  answer(entry: AssistantEntry, index: number, dropped: boolean, stubbed: ReadonlySet<unknown>): void {
    this.takeIn();
    const { held } = entry;
    if (!dropped) this.intact = held === undefined ? null : held.digest === this.prefix.digest;
    const sent = dropped ? [] : this.sent(entry, index);
    if (this.messages.at(-1)?.role === 'user') this.ends.set(entry.id, this.messages.length - 1);
    this.open = new Map();
    const calls: SentBlock[] = [];
    const blocks = sent.map((one) => {
      if (one.block.type !== 'tool_use') return { block: one.block, entry };
      const block = this.named(one.block);
      calls.push({ ...one, block });
      return { block, entry };
    });
    // Results go out only with the calls that they answer.
    if (!this.add('assistant', blocks)) return;
    for (const { block, call } of calls) {
      if (block.type !== 'tool_use') continue;
      const waiting = this.open.get(call) ?? [];
      this.open.set(call, [...waiting, { id: block.id, stubbed: stubbed.has(call) }]);
    }
  }

  result(entry: ToolResultEntry, refused: boolean): void {
    const call = this.open.get(entry.toolUseId)?.shift();
    if (call === undefined) return;
    const { blobs, model, memo } = this.input;
    this.add('user', [resultBlock(entry, call, memo, { blobs, refused, images: model.imageInput })]);
  }

  /**
   * In a tool loop a change goes inside the last tool_result, where it was sent; before the user's own words it is a
   * text of its own. Which of the two follows from the entry before it.
   */
  change(entry: ChangeEntry, previous: Entry | null, dropped: boolean): void {
    const told = blocksOf(entry, this.input.memo);
    const blocks = this.messages.at(-1)?.blocks ?? [];
    const result = previous?.kind === 'toolResult' && !dropped ? blocks.at(-1) : undefined;
    if (result?.block.type !== 'tool_result' || !Array.isArray(result.block.content)) {
      this.add('user', told);
      return;
    }
    // The result itself stays as it is for the requests to come.
    const content = [...result.block.content, ...told.flatMap(({ block }) => (block.type === 'text' ? [block] : []))];
    const { changes = [] } = result;
    blocks[blocks.length - 1] = { ...result, block: { ...result.block, content }, changes: [...changes, entry] };
  }

  /** What of an answer is sent. */
  private sent(entry: AssistantEntry, index: number): readonly SentBlock[] {
    const results = resultsAfter(this.said, index);
    const blocks = sentBlocks(entry.content, this.input.memo).filter((one) => {
      const { block } = one;
      switch (block.type) {
        case 'thinking':
        case 'redacted_thinking':
          return this.keepsThinking(entry, index, one.unsigned === true);
        case 'text':
          return true;
        case 'tool_use': {
          const left = results.get(one.call) ?? 0;
          results.set(one.call, left - 1);
          return left > 0;
        }
        case 'container_upload':
          return entry.partial === null;
        default:
          return this.server.has(block);
      }
    });
    // Thinking alone says nothing without what it led to.
    const speaks = blocks.some(({ block }) => block.type !== 'thinking' && block.type !== 'redacted_thinking');
    return speaks ? blocks : [];
  }

  /**
   * Signatures belong to the model that made them, and with some models to everything before them, too (API-FACTS §5):
   * what was sent then has to be sent now. Thinking without one goes back only to the address that sent it so.
   */
  private keepsThinking(entry: AssistantEntry, index: number, unsigned: boolean): boolean {
    const { model, unsignedTo = null, withoutThinking = false } = this.input;
    if (entry.model !== model.id) return false;
    const mayKeep = !withoutThinking && index >= this.withoutThinkingBefore;
    if (unsigned) return mayKeep && unsignedTo !== null && entry.held?.address === unsignedTo;
    const isValid = !model.bindsThinking || entry.held?.digest === this.prefix.digest;
    const keeps = mayKeep && isValid;
    if (!keeps) this.lostThinking = true;
    return keeps;
  }

  /** A call under an id that no other has: servers that count anew with each answer are resent so, too. */
  private named(block: Anthropic.ToolUseBlockParam): Anthropic.ToolUseBlockParam {
    let { id } = block;
    for (let copy = 2; this.ids.has(id); copy += 1) id = `${block.id}_${copy}`;
    this.ids.add(id);
    return id === block.id ? block : { ...block, id };
  }

  /** Takes what was added since into the prefix: nothing of it changes any more. */
  private takeIn(): void {
    if (this.input.withoutDigest === true && !this.input.model.bindsThinking) return;
    let { message, block } = this.taken;
    for (; message < this.messages.length; message += 1) {
      const { role, blocks } = this.messages[message] as Message;
      for (; block < blocks.length; block += 1) this.prefix.take(role, blocks[block] as PlacedBlock);
      if (message === this.messages.length - 1) break;
      block = 0;
    }
    this.taken = { message, block };
  }
}

/** How many results each call has right behind its answer: one that comes later could not be sent in its place. */
function resultsAfter(path: readonly Entry[], answer: number): Map<unknown, number> {
  const results = new Map<unknown, number>();
  for (let index = answer + 1; index < path.length; index += 1) {
    const entry = path[index];
    if (entry?.kind !== 'toolResult') break;
    results.set(entry.toolUseId, (results.get(entry.toolUseId) ?? 0) + 1);
  }
  return results;
}
