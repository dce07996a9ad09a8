/** What a checkpoint tells those who only look on: the answer that another window streams, as far as it is stored. */
import type { ChatEvent, ChatState, Part, TextPart } from '../../shared/chat';
import type { Checkpoint } from '../record/store';
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
  const item = state.items.findLast((other) => other.type === 'answer' && other.id === answer);
  if (answer === null || item?.type !== 'answer') return [];
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
