/**
 * The door for answers: whatever a server says, in whatever order, becomes content blocks that can be shown, stored,
 * priced and sent again, or is left out with a word. On what the API sends it changes nothing: unknown fields and block
 * types are kept. Total over any JSON, and bounded.
 */
import type Anthropic from '@anthropic-ai/sdk';
import { isObject, type JsonObject, parseJson, textOf, wellFormed } from '../base/doorValues';
import { checkedBlock, type OpenBlock } from './doorBlocks';
import type { Frame } from './doorFrames';
import { holdKeysBack, withoutForms } from './keyEcho';

/** Content blocks of one answer; what comes behind them is left out. */
export const maxBlocks = 1000;
/** Characters of one answer's content: several times the longest that any model writes. */
export const maxContent = 4 * 1024 * 1024;

/** What has changed of the answer's blocks. */
export type DoorEvent =
  | { readonly kind: 'started'; readonly index: number }
  | { readonly kind: 'delta'; readonly index: number; readonly text: string }
  | { readonly kind: 'cited'; readonly index: number }
  | { readonly kind: 'ended'; readonly index: number };

/** What was left out: a block of no shape, a frame that could not be read, blocks beyond the bound. */
export type DroppedKind = 'blocks' | 'frames' | 'beyond';

/** A block of the server's numbering. `block` is null for one that was left out. */
interface Slot {
  block: OpenBlock | null;
  /** False until something of it turned out to be of use, or it was counted as left out. */
  settled: boolean;
}

/** Takes the frames of one answer in, whatever they are, and holds the blocks that they make up. */
export class Door {
  readonly blocks: OpenBlock[] = [];
  readonly dropped = new Map<DroppedKind, number>();
  /** True once anything of a message has come. */
  begun = false;
  /** True once the server said that the message is whole. */
  whole = false;
  messageId: string | null = null;
  stopReason: string | null = null;
  stopDetails: unknown = null;
  diagnostics: unknown;
  /** What the server said instead of an answer, or of its rest. */
  error: unknown = null;
  /** True when there is more of it than is taken. */
  tooMuch = false;
  private startUsage: JsonObject = {};
  private endUsage: JsonObject = {};
  private saidUsage = false;
  private kept = 0;
  private readonly slots = new Map<unknown, Slot>();
  private readonly calls = new Set<unknown>();
  private last: Slot | null = null;

  /**
   * `entry`: the id of the answer's entry; ids that are missing are made of it. `keys`: what may not come back of the
   * request's secrets, each in each of its forms (`answerForms`).
   */
  constructor(
    private readonly entry: string,
    private readonly keys: readonly string[] = [],
  ) {}

  /** The content so far. Its blocks grow until the answer is whole. */
  get content(): readonly Anthropic.ContentBlock[] {
    return this.blocks.map(({ block }) => block as unknown as Anthropic.ContentBlock);
  }

  /** Characters that came in of the content. */
  get size(): number {
    return this.kept;
  }

  /** As it was said so far; null when nothing was. */
  get usage(): JsonObject | null {
    return this.saidUsage ? { ...this.startUsage, ...this.endUsage } : null;
  }

  /** As it was said when the answer was whole: what the beginning says of the output is no count of it. */
  get finalUsage(): JsonObject {
    return { ...this.startUsage, ...this.endUsage, output_tokens: this.endUsage['output_tokens'] };
  }

  /** Takes one frame in. */
  *take({ name, data, size }: Frame): Generator<DoorEvent> {
    if (name === 'error') this.error = data ?? '';
    if (!isObject(data)) return name === 'error' ? undefined : this.leave('frames');
    const said = data['type'];
    const type = typeof said === 'string' && (frameTypes.includes(said) || name === null) ? said : name;
    switch (type) {
      case 'message_start':
        yield* this.begin(data['message'], size);
        return;
      case 'content_block_start':
        yield* this.start(data['index'], data['content_block'], size);
        return;
      case 'content_block_delta':
        yield* this.delta(data['index'], data['delta']);
        return;
      case 'content_block_stop':
        yield* this.stop(data['index']);
        return;
      case 'message_delta':
        this.end(isObject(data['delta']) ? data['delta'] : {}, data['usage']);
        return;
      case 'message_stop':
        this.whole = true;
        return;
      case 'ping':
        return;
      case 'message':
        yield* this.takeWhole(data, size);
        return;
      default:
        // Unknown events are none of ours, unless they say that something is wrong.
        if (type === 'error' || Object.hasOwn(data, 'error')) this.error = data;
    }
  }

  /** Takes a whole Message in, where a stream was asked for. */
  *takeWhole(message: JsonObject, size: number): Generator<DoorEvent> {
    yield* this.begin(message, size);
    this.end(message, message['usage']);
    this.whole = true;
  }

  /** Closes what is open. Call it when the answer is whole. */
  *finish(): Generator<DoorEvent> {
    for (const slot of this.slots.values()) yield* this.close(slot);
  }

  /** Brings what is there of an answer that broke off into its shape. Half of a character is none. */
  *breakOff(): Generator<DoorEvent> {
    for (const open of this.blocks) {
      open.held = open.held.replace(/[\ud800-\udbff]$/, '');
      yield* this.release(open);
      settleInput(open, this.keys);
    }
  }

  private *begin(message: unknown, size: number): Generator<DoorEvent> {
    const said = isObject(message) ? message : {};
    // A second beginning is no news.
    if (!this.begun || this.messageId === null) {
      this.messageId = typeof said['id'] === 'string' ? said['id'].toWellFormed() : null;
      this.diagnostics = said['diagnostics'];
    }
    this.begun = true;
    if (isObject(said['usage'])) {
      this.saidUsage = true;
      this.startUsage = { ...said['usage'], ...this.startUsage };
    }
    const { content } = said;
    const blocks = Array.isArray(content) ? content : content === undefined || content === null ? [] : [content];
    const each = blocks.length === 0 ? 0 : size / blocks.length;
    // What stands in the beginning is shown as what comes after it.
    for (const [index, block] of blocks.entries()) {
      yield* this.start(index, block, each);
      yield* this.stop(index);
    }
  }

  private *start(index: unknown, block: unknown, size: number): Generator<DoorEvent> {
    this.begun = true;
    const before = this.slots.get(index);
    if (before !== undefined) yield* this.close(before);
    const slot: Slot = { block: null, settled: false };
    this.slots.set(index, slot);
    this.last = slot;
    const checked = checkedBlock(block, () => this.freeId());
    if (checked !== null) yield* this.add(slot, checked, size);
  }

  private *add(slot: Slot, block: OpenBlock, size: number): Generator<DoorEvent> {
    slot.settled = true;
    if (this.blocks.length >= maxBlocks) return this.leave('beyond');
    if (!this.grow(size)) return;
    slot.block = block;
    block.index = this.blocks.length;
    // Results find their calls by these: one id, one call.
    if (block.json !== undefined && this.calls.has(block.block['id'])) block.block['id'] = this.freeId();
    this.calls.add(block.block['id']);
    this.blocks.push(block);
    const field = fieldOf(block);
    // What it begins with may be cut like all that follows.
    if (field !== null) block.block[field] = this.hold(block, String(block.block[field]));
    yield { kind: 'started', index: block.index };
  }

  private *delta(index: unknown, delta: unknown): Generator<DoorEvent> {
    if (!isObject(delta)) return this.leave('frames');
    const kind = typeof delta['type'] === 'string' ? delta['type'] : kindOf(delta);
    const slot = this.slots.get(index) ?? (index === undefined ? this.last : null);
    const open = slot?.block ?? null;
    switch (kind) {
      case 'text_delta':
        yield* this.addText(index, slot, 'text', delta['text']);
        return;
      case 'thinking_delta':
        yield* this.addText(index, slot, 'thinking', delta['thinking']);
        return;
      case 'signature_delta': {
        const { signature } = delta;
        if (open?.block['type'] !== 'thinking' || typeof signature !== 'string') return this.leave('frames');
        // Sent once, complete (API-FACTS §4.3).
        if (!this.grow(signature.length)) return;
        open.block['signature'] = signature;
        open.changes += 1;
        return;
      }
      case 'input_json_delta': {
        const json = isObject(delta['partial_json']) ? JSON.stringify(delta['partial_json']) : delta['partial_json'];
        if (open?.json === undefined || typeof json !== 'string') return this.leave('frames');
        if (json === '' || !this.grow(json.length)) return;
        yield* this.put(open, this.hold(open, json));
        return;
      }
      case 'citations_delta': {
        const { citation } = delta;
        if (open?.block['type'] !== 'text' || !isObject(citation)) return this.leave('frames');
        if (!this.grow(JSON.stringify(citation).length)) return;
        if (!Array.isArray(open.block['citations'])) open.block['citations'] = [];
        (open.block['citations'] as unknown[]).push(wellFormed(citation));
        yield { kind: 'cited', index: open.index };
        return;
      }
      default:
    }
  }

  /** Text of a block; where its block never began, or is of another type, it is a block of its own. */
  private *addText(
    index: unknown,
    before: Slot | null,
    type: 'text' | 'thinking',
    said: unknown,
  ): Generator<DoorEvent> {
    const text = textOf(said);
    if (text === null) return this.leave('frames');
    let slot = before;
    if (slot === null || (slot.block === null ? slot.settled : slot.block.block['type'] !== type)) {
      // Behind the last block that is taken, nothing is.
      if (slot?.block === null && this.blocks.length >= maxBlocks) return;
      if (slot !== null) yield* this.close(slot);
      slot = { block: null, settled: false };
      this.slots.set(index, slot);
      this.last = slot;
    }
    if (slot.block === null) {
      const opened = checkedBlock({ type, [type]: '' }, () => this.freeId());
      if (opened !== null) yield* this.add(slot, opened, 0);
    }
    const { block: open } = slot;
    if (open === null || text === '') return;
    if (this.grow(text.length)) yield* this.put(open, this.hold(open, text));
  }

  /** What can be said by now of a block's text, the rest waits: half of a character, or the beginning of a key. */
  private hold(open: OpenBlock, text: string): string {
    const { said, held, known } = holdKeysBack(open.held + text, this.keys, open.known);
    open.known = known;
    const half = held === '' && /[\ud800-\udbff]$/.test(said) ? 1 : 0;
    open.held = half === 0 ? held : said.slice(-half);
    return (half === 0 ? said : said.slice(0, -half)).toWellFormed();
  }

  private *put(open: OpenBlock, text: string): Generator<DoorEvent> {
    if (text === '') return;
    const field = fieldOf(open);
    if (field === null) open.json?.push(text);
    else open.block[field] = `${String(open.block[field])}${text}`;
    yield { kind: 'delta', index: open.index, text };
  }

  /** Nothing more comes of the block: what waited is what it is. */
  private *release(open: OpenBlock): Generator<DoorEvent> {
    const text = open.held.slice(open.known).toWellFormed();
    open.held = '';
    open.known = 0;
    yield* this.put(open, text);
  }

  private *stop(index: unknown): Generator<DoorEvent> {
    const slot = this.slots.get(index) ?? (index === undefined ? this.last : null);
    if (slot !== null) yield* this.close(slot);
  }

  private *close(slot: Slot): Generator<DoorEvent> {
    if (!slot.settled) {
      slot.settled = true;
      this.leave('blocks');
    }
    const open = slot.block;
    if (open === null) return;
    yield* this.release(open);
    settleInput(open, this.keys);
    if (open.closed) return;
    open.closed = true;
    yield { kind: 'ended', index: open.index };
  }

  private end(delta: JsonObject, usage: unknown): void {
    const { stop_reason: reason, stop_details: details } = delta;
    if (typeof reason === 'string') this.stopReason = reason.toWellFormed();
    if (details !== undefined) this.stopDetails = details;
    if (!isObject(usage)) return;
    this.saidUsage = true;
    // Totals, which overwrite; what is absent keeps its value (API-FACTS §4.2).
    const said = Object.entries(usage).filter(([, value]) => value !== null && value !== undefined);
    this.endUsage = { ...this.endUsage, ...Object.fromEntries(said) };
  }

  private freeId(): string {
    return `call_${this.entry}_${this.blocks.length}`;
  }

  /** False when the answer has become too long. */
  private grow(size: number): boolean {
    if (this.kept + size > maxContent) this.tooMuch = true;
    else this.kept += size;
    return !this.tooMuch;
  }

  private leave(kind: DroppedKind): void {
    this.dropped.set(kind, (this.dropped.get(kind) ?? 0) + 1);
  }
}

const frameTypes: readonly string[] = [
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
  'ping',
  'error',
  'message',
];

/** What a delta without a type is by its fields. */
function kindOf(delta: JsonObject): string | null {
  if (Object.hasOwn(delta, 'text')) return 'text_delta';
  if (Object.hasOwn(delta, 'thinking')) return 'thinking_delta';
  return Object.hasOwn(delta, 'partial_json') ? 'input_json_delta' : null;
}

/** The field that holds the text of a block; null for one without. */
function fieldOf({ block }: OpenBlock): 'text' | 'thinking' | null {
  return block['type'] === 'text' || block['type'] === 'thinking' ? block['type'] : null;
}

/** Puts the input together that came in pieces. One that is none stays as it began, and its call is not run. */
function settleInput(open: OpenBlock, keys: readonly string[]): void {
  const { json = [] } = open;
  // It may be said to be whole many times.
  if (open.joined === json.length) return;
  open.joined = json.length;
  const raw = json.join('');
  if (raw.trim() === '') return;
  let input = parseJson(raw);
  // A key in escapes is one only now.
  if (isObject(input) && raw.includes('\\u')) input = parseJson(withoutForms(JSON.stringify(input), keys));
  open.changes += 1;
  if (isObject(input)) {
    open.block['input'] = wellFormed(input);
    open.broken = null;
  } else {
    open.block['input'] = {};
    open.broken = raw;
  }
}
