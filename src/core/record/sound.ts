/**
 * Entries as the request builder may rely on them, whatever is in the record: what the store could read may still hold an
 * answer of a shape that no server should have sent (DESIGN "One part never takes the whole").
 */
import { noUsage } from '../../shared/tokenUsage';
import { Memo } from '../base/memo';
import { isEntry, unreadable } from './readEntry';
import type { AssistantEntry, Entry, ToolResultEntry } from './record';

/** The path with each entry as its kind has it: the very same objects where nothing is amiss. Linear. */
export function soundPath(path: readonly Entry[], memo = new Memo()): readonly Entry[] {
  const sound = path.map((entry) => memo.get(entry, 'sound', soundEntry));
  return sound.every((entry, index) => entry === path[index]) ? path : sound;
}

function soundEntry(entry: Entry): Entry {
  return isEntry(entry as unknown as Readonly<Record<string, unknown>>) ? entry : mended(entry);
}

/** What of an entry is of use: of an answer whatever was said (sentBlocks.ts), of a result its words. */
function mended(entry: Entry): Entry {
  if (entry.kind === 'assistant') return mendedAnswer(entry);
  if (entry.kind === 'toolResult' && typeof entry.toolUseId === 'string') return mendedResult(entry);
  return unreadable({ ...entry, kind: String(entry.kind) });
}

function mendedAnswer(entry: AssistantEntry): AssistantEntry {
  return {
    ...entry,
    model: typeof entry.model === 'string' ? entry.model : '',
    usage: typeof entry.usage === 'object' && entry.usage !== null ? entry.usage : noUsage,
    durations: Array.isArray(entry.durations) ? entry.durations : [],
  };
}

function mendedResult(entry: ToolResultEntry): ToolResultEntry {
  const content: unknown = entry.content;
  return { ...entry, content: typeof content === 'string' ? content : '', label: { text: '' } };
}
