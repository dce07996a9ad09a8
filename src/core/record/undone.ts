/** What the user took back of the model's edits, and the model has not been told: a pure function of the path. */
import { targetKey } from '../../shared/chat';
import { excludedIn } from './excluded';
import type { ContextChange, Entry } from './record';

/** In the order in which it was undone; nothing of a turn that is left out, whose edits the model does not know. */
export function untoldUndone(path: readonly Entry[]): readonly ContextChange[] {
  // Whoever tells tells all of it.
  const told = path.findLastIndex(
    (entry) => entry.kind === 'change' && entry.changes.some(({ change }) => change === 'undone'),
  );
  const since = path.slice(told + 1);
  if (!since.some((entry) => entry.kind === 'edits' && entry.undone !== undefined)) return [];
  const out = excludedIn(path);
  const isOut = (turn: string): boolean =>
    (['turn', 'answer'] as const).some((what) => out.has(targetKey({ what, entry: turn, index: 0 })));
  return since.flatMap((entry) =>
    entry.kind === 'edits' && !isOut(entry.turn)
      ? (entry.undone ?? []).map(({ path: name, patch }): ContextChange => ({ change: 'undone', path: name, patch }))
      : [],
  );
}
