/**
 * What those are told who only look on: the answer that another window streams, as far as it is stored, and what becomes
 * of its calls there.
 */
import type { AnswerItem, ChatEvent, ChatState, LocalizableMessage, Part, TextPart, ToolPart } from '../../shared/chat';
import type { AskingCall } from '../record/leases';
import type { Checkpoint } from '../record/store';
import { tools, validateInput } from '../tools/all';
import { type ServerCalls, serverBlock, serverEvents } from './serverLines';
import { partKey, partOf, type ReplayCursor } from './transcript';

/**
 * The events that bring what is shown of the running answer up to its checkpoint. A tool's input is not followed: what
 * has been parsed of it is another text each time.
 */
export function checkpointEvents(
  checkpoint: Checkpoint,
  state: ChatState,
  { answer, serverCalls }: ReplayCursor,
): readonly ChatEvent[] {
  const item = shownAnswer(state, answer);
  if (answer === null || item === null) return [];
  const calls: ServerCalls = new Map(serverCalls);
  return checkpoint.content.flatMap((block, index): readonly ChatEvent[] => {
    const key = partKey(checkpoint.entry, index);
    const served = serverBlock(block);
    if (served !== null) return newOf(serverEvents(served, key, answer, calls), item.parts);
    const part = partOf(block, key, null, true);
    if (part === null) return [];
    const shown = item.parts.find((other) => other.key === key);
    if (shown === undefined) return [{ type: 'partStarted', answer, part: opened(part) }];
    if ((part.type !== 'text' && part.type !== 'thinking') || shown.type !== part.type) return [];
    const cited = part.type === 'text' && shown.type === 'text' ? citedEvents(part, shown, answer) : [];
    if (part.text.length <= shown.text.length || !part.text.startsWith(shown.text)) return cited;
    return [...cited, { type: 'delta', answer, key, text: part.text.slice(shown.text.length) }];
  });
}

function shownAnswer({ items }: ChatState, answer: string | null): AnswerItem | null {
  const item = items.findLast((other) => other.type === 'answer' && other.id === answer);
  return item?.type === 'answer' ? item : null;
}

/** The events that show which calls of the running answer wait for the user there; those that have no result yet run. */
export function askingEvents(
  asking: readonly AskingCall[],
  state: ChatState,
  { answer, tools: known }: ReplayCursor,
): readonly ChatEvent[] {
  return (shownAnswer(state, answer)?.parts ?? []).flatMap((part): readonly ChatEvent[] => {
    if (answer === null || part.type !== 'tool' || part.server === true || part.output !== null) return [];
    if (!['preparing', 'asks', 'running'].includes(part.status)) return [];
    const { key, id } = part;
    // Of an answer that streams a call does nothing yet.
    if (known.get(id) !== key) return [];
    const always = { type: 'tool', answer, key, summary: null, output: null } as const;
    const asks = asking.find((one) => one.key === key);
    if (asks === undefined)
      return part.status === 'running' ? [] : [{ ...always, status: 'running', label: runningLabel(part) }];
    const { label, approval } = asks;
    const isShown = part.status === 'asks' && JSON.stringify(part.approval) === JSON.stringify(approval);
    return isShown ? [] : [{ ...always, status: 'asks', label, approval }];
  });
}

/** What one of Prelude's own tools says of its call. */
function runningLabel({ name, input, label }: ToolPart): LocalizableMessage {
  const tool = tools.find((one) => one.name === name);
  try {
    return tool?.describe(validateInput(tool, JSON.parse(input))).running ?? label;
  } catch {
    return label;
  }
}

function citedEvents(part: TextPart, shown: TextPart, answer: string): readonly ChatEvent[] {
  const { key, citations = [] } = part;
  return citations.length === (shown.citations?.length ?? 0) ? [] : [{ type: 'cited', answer, key, citations }];
}

/** Of a server tool: its line, or what its result changes in it, where that is not shown yet. */
function newOf(event: ChatEvent, parts: readonly Part[]): readonly ChatEvent[] {
  if (event.type === 'partStarted') return parts.some(({ key }) => key === event.part.key) ? [] : [event];
  const line = event.type === 'tool' ? parts.find(({ key }) => key === event.key) : undefined;
  return line?.type === 'tool' && line.output !== null ? [] : [event];
}

function opened(part: Part): Part {
  if (part.type === 'tool') return { ...part, input: '' };
  return part.type === 'text' || part.type === 'thinking' ? { ...part, open: true } : part;
}
