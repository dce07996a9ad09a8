/** What a checkpoint tells those who only look on: the answer that another window streams, as far as it is stored. */
import type { ChatEvent, ChatState, Part } from '../../shared/chat';
import type { Checkpoint } from '../record/store';
import { partKey, partOf, type ReplayCursor } from './transcript';

/**
 * The events that bring what is shown of the running answer up to its checkpoint. A tool's input is not followed: what
 * has been parsed of it is another text each time.
 */
export function checkpointEvents(
  checkpoint: Checkpoint,
  state: ChatState,
  { answer }: ReplayCursor,
): readonly ChatEvent[] {
  const item = state.items.findLast((other) => other.type === 'answer' && other.id === answer);
  if (answer === null || item?.type !== 'answer') return [];
  return checkpoint.content.flatMap((block, index): ChatEvent[] => {
    const key = partKey(checkpoint.entry, index);
    const part = partOf(block, key, null, true);
    if (part === null) return [];
    const shown = item.parts.find((other) => other.key === key);
    if (shown === undefined) return [{ type: 'partStarted', answer, part: opened(part) }];
    if ((part.type !== 'text' && part.type !== 'thinking') || shown.type !== part.type) return [];
    if (part.text.length <= shown.text.length || !part.text.startsWith(shown.text)) return [];
    return [{ type: 'delta', answer, key, text: part.text.slice(shown.text.length) }];
  });
}

function opened(part: Part): Part {
  if (part.type === 'tool') return { ...part, input: '' };
  return part.type === 'text' || part.type === 'thinking' ? { ...part, open: true } : part;
}
