/** What the user did to files by the panel, and the model has not been told: a pure function of the path. */
import { targetKey } from '../../shared/chat';
import { excludedIn } from './excluded';
import type { ContextChange, EditsEntry, Entry } from './record';

type UsersEdit = Extract<ContextChange, { change: 'undone' | 'applied' }>;

/** Characters of diffs that a message tells, all together; of each one alone: versions.ts. */
const maxPatches = 32_000;

/** What the user took back of the model's edits, or applied of its code blocks: no context says it otherwise. */
export function isUsersEdit({ change }: ContextChange): boolean {
  return change === 'undone' || change === 'applied';
}

/** In the order in which it was done; nothing of a turn that is left out, which the model does not know. */
export function untoldEdits(path: readonly Entry[]): readonly ContextChange[] {
  // Whoever tells tells all of it.
  const told = path.findLastIndex((entry) => entry.kind === 'change' && entry.changes.some(isUsersEdit));
  const since = path.slice(told + 1);
  if (!since.some((entry) => entry.kind === 'edits' && changesOf(entry).length > 0)) return [];
  const out = excludedIn(path);
  const isOut = (turn: string): boolean =>
    (['turn', 'answer'] as const).some((what) => out.has(targetKey({ what, entry: turn, index: 0 })));
  return bounded(since.flatMap((entry) => (entry.kind === 'edits' && !isOut(entry.turn) ? changesOf(entry) : [])));
}

function changesOf({ undone = [], applied = [] }: EditsEntry): readonly UsersEdit[] {
  return [
    ...undone.map(({ path, patch }): UsersEdit => ({ change: 'undone', path, patch })),
    ...applied.map(({ path, patch }): UsersEdit => ({ change: 'applied', path, patch })),
  ];
}

/** Of a diff for which there is no room, that the file was changed alone. */
function bounded(changes: readonly UsersEdit[]): readonly UsersEdit[] {
  let room = maxPatches;
  return changes.map((change) => {
    if (change.patch.length > room) return { ...change, patch: '' };
    room -= change.patch.length;
    return change;
  });
}
