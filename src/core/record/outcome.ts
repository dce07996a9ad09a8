/** What a stop reason means for the turn (API-FACTS §4.4). */
import type { Outcome } from '../../shared/chat';
import type { AssistantEntry } from './record';

/** How a whole answer ends its turn; null when the turn goes on: tools are to run, or a pause is to be resumed. */
export function outcomeOf(answer: Pick<AssistantEntry, 'stopReason' | 'content' | 'refusal'>): Outcome | null {
  const { stopReason, content, refusal } = answer;
  switch (stopReason) {
    case 'end_turn':
    case 'stop_sequence': {
      const silent = content.every((block) => block.type !== 'text' || block.text.trim() === '');
      return { kind: silent ? 'empty' : 'done' };
    }
    case 'max_tokens':
      return { kind: 'maxTokens' };
    case 'model_context_window_exceeded':
      return { kind: 'contextWindow' };
    case 'refusal':
      return { kind: 'refusal', category: refusal?.category ?? null, explanation: refusal?.explanation ?? null };
    case 'pause_turn':
      return null;
    case 'tool_use':
      // Without a call there is nothing to run: the same request would be sent over and over.
      if (content.some((block) => block.type === 'tool_use')) return null;
  }
  return { kind: 'unknown', stopReason: stopReason ?? 'none' };
}
