/**
 * A trace told to its end, without any client: which requests its turns need and when, and what each must contain.
 * The bound (bound.ts) and the other policies (policies.ts) are made from it; the player checks that the real requests
 * came at these times.
 */
import { runTool, toolDefinitions, tools } from '../../../src/core/tools/all';
import { signThinking } from '../../fakeClaude/signatures';
import type { Block } from '../../fakeClaude/wire';
import { hollowPng, pngFile } from '../../unit/attachments/files';
import { noPorts } from '../../unit/tools/fakeLanguages';
import { Desk, type OpenFile, type Selected } from './desk';
import type { StepSpec, Trace, TraceEvent, WorkspaceEvent } from './trace';

export const model = 'claude-opus-4-8';

/** A digest of the prompt has as many characters. */
const anyPrefix = 'x'.repeat(27);

export interface StoryStep {
  /** When its request starts: ms since the trace began. */
  readonly at: number;
  /** The files of the turn as they are now. */
  readonly files: readonly OpenFile[];
  readonly seconds: number;
  readonly answer: readonly Block[];
  /** tool_result blocks, in the order of the calls. */
  readonly results: readonly Block[];
}

export interface StoryTurn {
  readonly conversation: number;
  readonly effort: string;
  /** Images first, then the words. */
  readonly user: readonly Block[];
  /** Of the editor; null when there is none, and where the words hold it. */
  readonly selection: Selected | null;
  readonly steps: readonly StoryStep[];
}

export interface Story {
  readonly turns: readonly StoryTurn[];
}

export type Ask = Extract<TraceEvent, { do: 'send' | 'explain' }>;

const headerLength = 33;
const noPixels = hollowPng(1, 1).subarray(headerLength);
const headers = new Map<string, Buffer>();

function headerOf(width: number, height: number): Buffer {
  const size = `${width} × ${height}`;
  const header = headers.get(size) ?? pngFile(width, height).subarray(0, headerLength);
  headers.set(size, header);
  return header;
}

/** What a step says, with the ids of its calls. The player enqueues the same. */
export interface Said {
  readonly thinking: string | null;
  readonly text: string | null;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly input: unknown }[];
}

/** Makes a trace's texts in their order: whoever goes through the same trace gets the same. */
export class Teller {
  #images = 0;
  #calls = 0;

  constructor(readonly desk: Desk) {}

  /** Bytes of the next image: each is another one. */
  image(width: number, height: number): Buffer {
    this.#images += 1;
    return Buffer.concat([headerOf(width, height), noPixels, Buffer.from(`image ${this.#images}`)]);
  }

  words(ask: Ask): string {
    return ask.do === 'send' ? this.desk.text(ask.text) : `Explain ${label(ask)}.`;
  }

  say(step: StepSpec): Said {
    return {
      thinking: step.thinking === undefined ? null : this.desk.text(step.thinking),
      text: step.text === undefined ? null : this.desk.text(step.text),
      calls: (step.calls ?? []).map((call) => {
        this.#calls += 1;
        return { id: `toolu_${String(this.#calls).padStart(6, '0')}`, ...this.desk.call(call) };
      }),
    };
  }
}

function label({ file, from, to }: Extract<Ask, { do: 'explain' }>): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return from === to ? `${name}:${from}` : `${name}:${from}-${to}`;
}

/** `conversations`: where each turn was asked, where a command has chosen that by its price. */
export async function tell(trace: Trace, conversations: readonly number[] = []): Promise<Story> {
  const desk = await Desk.of(trace);
  const teller = new Teller(desk);
  const turns: StoryTurn[] = [];
  const told = new Map<number, ReadonlySet<string>>();
  let now = 0;
  let conversation = 0;
  let effort: string = trace.effort ?? 'high';
  for (const event of trace.events) {
    switch (event.do) {
      case 'pause':
        now += event.seconds * 1000;
        break;
      case 'newConversation':
        conversation += 1;
        break;
      case 'effort':
        effort = event.level;
        break;
      case 'send':
      case 'explain': {
        conversation = conversations[turns.length] ?? conversation;
        const { user, selection } = await asked(event, teller);
        const steps: StoryStep[] = [];
        // What goes along by itself: first all that is open, then what one looks at, too; with what is explained first, its file.
        const open = desk.openFiles().map(({ path }) => path);
        const before = told.get(conversation);
        const first = event.do === 'explain' ? [event.file] : open;
        const paths = before === undefined ? first : open.filter((path) => before.has(path) || path === desk.active);
        told.set(conversation, new Set([...(before ?? []), ...paths]));
        for (const spec of event.answer) {
          const said = teller.say(spec);
          const files = paths.map((path) => desk.fileNow(path));
          const at = now;
          now += spec.seconds * 1000;
          for (const inner of spec.meanwhile ?? []) await desk.apply(inner);
          const results = await Promise.all(said.calls.map((call) => resultOf(call, desk)));
          steps.push({ at, files, seconds: spec.seconds, answer: blocksOf(said), results });
        }
        turns.push({ conversation, effort, user, selection, steps });
        break;
      }
      default:
        await desk.apply(event satisfies WorkspaceEvent);
    }
  }
  return { turns };
}

async function asked(
  ask: Ask,
  teller: Teller,
): Promise<{ readonly user: readonly Block[]; readonly selection: Selected | null }> {
  const { desk } = teller;
  if (ask.do === 'explain') {
    await desk.apply({ do: 'select', file: ask.file, from: ask.from, to: ask.to });
    const selection = desk.selection();
    const lines: Block = { type: 'text', text: selection === null ? '' : selectionText(selection) };
    return { user: [lines, { type: 'text', text: teller.words(ask) }], selection: null };
  }
  const images = (ask.images ?? []).map(({ width, height }): Block => {
    const data = teller.image(width, height).toString('base64');
    return { type: 'image', source: { type: 'base64', media_type: 'image/png', data } };
  });
  return { user: [...images, { type: 'text', text: teller.words(ask) }], selection: desk.selection() };
}

/** The lines and where they stand, in as few words as tell it. */
export function selectionText({ path, startLine, endLine, text }: Selected): string {
  return `${path}:${startLine}-${endLine}\n${text}`;
}

function blocksOf({ thinking, text, calls }: Said): readonly Block[] {
  return [
    ...(thinking === null
      ? []
      : [{ type: 'thinking', thinking, signature: signThinking(thinking, thinking, { model, prefix: anyPrefix }) }]),
    ...(text === null ? [] : [{ type: 'text', text }]),
    ...calls.map(({ id, name, input }) => ({ type: 'tool_use', id, name, input })),
  ];
}

async function resultOf(call: Said['calls'][number], desk: Desk): Promise<Block> {
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined) throw new Error(`there is no tool ${call.name}`);
  const output = await runTool(tool, call.input, { workspace: desk.editors, ...noPorts }, new AbortController().signal);
  return { type: 'tool_result', tool_use_id: call.id, content: [{ type: 'text', text: output.content }] };
}

export const toolsOffered = toolDefinitions(tools);
