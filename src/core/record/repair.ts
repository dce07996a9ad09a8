/** What a turn that nobody drives any more needs to become a valid one (DESIGN "The record"). */
import type { Outcome } from '../../shared/chat';
import { unknownUsage } from '../../shared/tokenUsage';
import { coreStrings } from '../base/strings';
import { outcomeOf } from './outcome';
import { healedResult, type JudgedEdits } from './pendingEdits';
import type { Entry, NewEntry } from './record';
import type { Checkpoint } from './store';

interface Repair {
  /** The id of the first entry, where it was shown before. */
  readonly id: string | undefined;
  readonly entries: readonly NewEntry[];
}

/**
 * The entries that close an open path: the partial answer of the last checkpoint, an is_error result for each
 * tool_use without one, and the end. `edits`: what became of changes of files that calls without a result were about to
 * make. null when the path is closed already.
 */
export function repairOf(
  path: readonly Entry[],
  checkpoint: Checkpoint | null,
  edits: JudgedEdits = new Map(),
): Repair | null {
  // What was decided about files meanwhile is no part of the turn.
  const last = path.findLast(({ kind }) => kind !== 'edits');
  if (last === undefined || !isOpen(path)) return null;
  const partial =
    checkpoint !== null && isBehind(path, checkpoint) && checkpoint.content.length > 0 ? checkpoint : null;
  return {
    id: partial?.entry,
    entries: [
      ...(partial === null ? [] : [partialAnswer(partial)]),
      ...(partial === null ? unanswered(path, edits) : []),
      { kind: 'end', outcome: partial === null ? endOf(last) : { kind: 'interrupted' } },
    ],
  };
}

/** True when the checkpoint belongs to the end of the path. */
function isBehind(path: readonly Entry[], { parent }: Checkpoint): boolean {
  const at = path.findLastIndex((entry) => entry.id === parent || entry.kind !== 'edits');
  return path[at]?.id === parent;
}

/** True when the path's last turn has not ended: it runs somewhere, or it was interrupted. */
export function isOpen(path: readonly Entry[]): boolean {
  const end = path.findLastIndex((entry) => kindOf(entry) === 'end');
  // An answer whose question is lost is a turn too.
  return path.slice(end + 1).some((entry) => ['user', 'assistant'].includes(kindOf(entry)));
}

/** What it is, or was before it could no longer be read. */
function kindOf(entry: Entry): string {
  return entry.kind === 'unreadable' ? entry.was : entry.kind;
}

/** A turn whose last answer is whole has ended as that says; only the word of it was lost. */
function endOf(last: Entry): Outcome {
  const whole = last.kind === 'assistant' && last.partial === null ? outcomeOf(last) : null;
  return whole ?? { kind: 'interrupted' };
}

function partialAnswer(checkpoint: Checkpoint): NewEntry {
  // What was billed is not known, and is not made up.
  const usage = unknownUsage;
  return {
    kind: 'assistant',
    content: checkpoint.content,
    stopReason: null,
    partial: 'interrupted',
    refusal: null,
    usage,
    usd: null,
    model: checkpoint.model,
    ...(checkpoint.held === undefined ? {} : { held: checkpoint.held }),
    messageId: null,
    requestId: null,
    durations: checkpoint.content.map(() => null),
  };
}

function unanswered(path: readonly Entry[], edits: JudgedEdits): readonly NewEntry[] {
  const lastAnswer = path.findLastIndex((entry) => entry.kind === 'assistant');
  const answer = path[lastAnswer];
  if (answer?.kind !== 'assistant' || answer.stopReason !== 'tool_use') return [];
  const results = path.slice(lastAnswer + 1);
  if (results.some((entry) => entry.kind === 'user')) return [];
  const done = new Set(results.flatMap((entry) => (entry.kind === 'toolResult' ? [entry.toolUseId] : [])));
  return answer.content.flatMap((block): NewEntry[] => {
    if (block.type !== 'tool_use' || done.has(block.id)) return [];
    const own = edits.get(block.id) ?? [];
    return [own.length === 0 ? stoppedResult(block.id, block.name) : healedResult(block.id, own)];
  });
}

function stoppedResult(toolUseId: string, tool: string): NewEntry {
  return {
    kind: 'toolResult',
    toolUseId,
    content: 'The editor closed before this finished.',
    isError: true,
    cancelled: true,
    label: coreStrings.preparing(tool),
    summary: coreStrings.toolStopped(),
  };
}
