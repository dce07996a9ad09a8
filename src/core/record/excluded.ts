/**
 * What of a path is not sent: what the user left out, and what a summary stands for. All of it is in the record as
 * entries of its own, so that each can be taken back.
 */
import { type ExcludeTarget, targetKey } from '../../shared/chat';
import type { CompactionEntry, EditsEntry, Entry, LeaveOutEntry, NewEntry, WarmUpEntry } from './record';

type AsideEntry = LeaveOutEntry | CompactionEntry | WarmUpEntry | EditsEntry;

/** True for entries that are no part of what is said in a turn. */
export function isAside(entry: Entry): entry is AsideEntry {
  return changesPrompt(entry) || entry.kind === 'warmUp' || entry.kind === 'edits';
}

/** True for entries behind which requests begin differently. */
export function changesPrompt(entry: Entry): entry is LeaveOutEntry | CompactionEntry {
  return entry.kind === 'leaveOut' || entry.kind === 'compaction';
}

/** The last entry that is part of a turn, or of its opening; undefined when there is none. */
export function lastSaid(path: readonly Entry[]): Entry | undefined {
  return path.findLast((entry) => !isAside(entry));
}

/**
 * The keys of what is left out: the last word about each target holds. A turn that has not ended is sent whatever was
 * said about it, or nothing could be answered.
 */
export function excludedIn(path: readonly Entry[]): ReadonlySet<string> {
  const out = new Set<string>();
  const running = openTurnOf(path);
  for (const entry of path) {
    if (entry.kind !== 'leaveOut') continue;
    const key = targetKey(entry.target);
    if (entry.out && !isOf(entry.target, running)) out.add(key);
    else out.delete(key);
  }
  return out;
}

/** The id of the user entry whose turn has not ended; null when each has. */
export function openTurnOf(path: readonly Entry[]): string | null {
  const last = path.findLast((entry) => entry.kind === 'user' || entry.kind === 'end');
  return last?.kind === 'user' ? last.id : null;
}

function isOf({ what, entry }: ExcludeTarget, turn: string | null): boolean {
  return entry === turn && (what === 'turn' || what === 'answer');
}

/** The index of the summary that stands for everything before it; -1 when everything is sent. */
export function compactionAt(path: readonly Entry[], excluded: ReadonlySet<string> = excludedIn(path)): number {
  return path.findLastIndex((entry) => entry.kind === 'compaction' && stands(entry, excluded));
}

/** Where the turn of the question at `index` begins: with what was told of the context before it. */
export function openingAt(path: readonly Entry[], index: number): number {
  return path.slice(0, index).findLastIndex(({ kind }) => kind !== 'change' && kind !== 'snapshot') + 1;
}

/** What goes out of a path: the summary that stands, if there is one, and the entries behind it, those that it keeps first. */
export function sentOf(
  path: readonly Entry[],
  excluded: ReadonlySet<string> = excludedIn(path),
): { readonly summary: CompactionEntry | null; readonly said: readonly Entry[] } {
  const at = compactionAt(path, excluded);
  const summary = path[at];
  if (summary?.kind !== 'compaction') return { summary: null, said: path };
  const before = path.slice(0, at);
  const kept = before.findIndex(({ id }) => id === summary.keeps);
  return { summary, said: [...(kept === -1 ? [] : before.slice(openingAt(before, kept))), ...path.slice(at + 1)] };
}

function stands({ id, outcome }: CompactionEntry, excluded: ReadonlySet<string>): boolean {
  return outcome.kind === 'done' && !excluded.has(targetKey(compactionTarget(id)));
}

/** The target that excludes the summary with this id: what it stands for is sent again. */
export function compactionTarget(id: string): ExcludeTarget {
  return { what: 'compaction', entry: id, index: 0 };
}

/**
 * True when what is left out is not what it was when the entry at `index` was made: a request would begin differently.
 * What was left out and taken back in is as it was.
 */
export function isPromptChanged(path: readonly Entry[], index: number): boolean {
  if (!path.slice(index + 1).some((entry) => entry.kind === 'leaveOut')) return false;
  const now = excludedIn(path);
  const then = excludedIn(path.slice(0, index + 1));
  return now.size !== then.size || [...now].some((key) => !then.has(key));
}

/**
 * What was said about what stays when the path is cut after `head`, of edits too: to be said again behind the cut, or
 * leaving something out so that the question can be asked again would be forgotten by asking it.
 */
export function carriedOver(path: readonly Entry[], head: string | null): readonly NewEntry[] {
  const cut = path.findIndex((entry) => entry.id === head) + 1;
  const kept = path.slice(0, cut);
  const there = new Set(kept.map(({ id }) => id));
  const running = openTurnOf(kept);
  const before = excludedIn(kept);
  const said = new Map<string, LeaveOutEntry>();
  for (const entry of path.slice(cut)) {
    if (entry.kind === 'leaveOut' && there.has(entry.target.entry) && !isOf(entry.target, running)) {
      said.set(targetKey(entry.target), entry);
    }
  }
  return [
    ...editsKept(kept, path.slice(cut)),
    ...[...said]
      .filter(([key, { out }]) => before.has(key) !== out)
      .map(([, { target, out }]): NewEntry => ({ kind: 'leaveOut', target, out })),
  ];
}

/**
 * What was said behind the cut about edits of a turn that stays. Where it is asked again, what it did to files before stays
 * done: it is part of what it has changed, and can be undone with it. The model knows of none of that any more.
 */
function editsKept(kept: readonly Entry[], cut: readonly Entry[]): readonly NewEntry[] {
  const turns = new Set(kept.flatMap((entry) => (entry.kind === 'user' ? [entry.id] : [])));
  const again = openTurnOf(kept);
  const last = cut.findLast((entry) => entry.kind === 'edits' && entry.turn === again);
  return cut.flatMap((entry): NewEntry[] => {
    if (entry.kind !== 'edits' || !turns.has(entry.turn)) return [];
    const { id: _, parent: __, at: ___, ...said } = entry;
    if (entry.turn !== again) return [said];
    const { kind, turn, files } = said;
    return entry === last ? [{ kind, turn, files }] : [];
  });
}

/** True when the path has what the target names: nothing else may be left out. */
export function isTarget(path: readonly Entry[], { what, entry: id, index }: ExcludeTarget): boolean {
  const entry = path.find((one) => one.id === id);
  switch (what) {
    case 'turn':
    case 'answer':
      return entry?.kind === 'user' && index === 0;
    case 'attachment':
      return entry?.kind === 'user' && index < entry.content.filter(({ type }) => type !== 'text').length;
    case 'result':
      return entry?.kind === 'assistant' && entry.content[index]?.type === 'tool_use';
    case 'compaction':
      return entry?.kind === 'compaction' && entry.outcome.kind === 'done' && index === 0;
  }
}
