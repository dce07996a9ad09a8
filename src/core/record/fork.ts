/** A path up to the end of a turn, as a conversation of its own has it: a pure function of the path. */
import type { Ids } from '../base/ports';
import { carriedOver } from './excluded';
import type { EditsEntry, Entry } from './record';
import { lastEdits } from './turnEdits';

/**
 * Everything up to the end of a turn, and what was said of that since. What its turns did to files is decided where they
 * stand, and not in both. null where the turn has not ended, or is not there.
 */
export function forkOf(path: readonly Entry[], turn: string, ids: Ids, at: number): readonly Entry[] | null {
  const begin = path.findIndex(({ kind, id }) => kind === 'user' && id === turn);
  const next = path.findIndex(({ kind }, index) => index > begin && kind === 'user');
  const end = path.findLastIndex(({ kind }, index) => kind === 'end' && (next === -1 || index < next));
  const last = path[end];
  if (begin === -1 || end < begin || last === undefined) return null;
  const kept = path.slice(0, end + 1);
  // Their places are given with their ids (`copyOf`).
  const place = { parent: last.id, at };
  const said = [
    ...kept,
    ...carriedOver(path, last.id).map((entry) => ({ ...entry, ...place, id: ids.next() }) as Entry),
  ];
  const settled = said.flatMap(({ kind, id }): readonly EditsEntry[] => {
    const files = kind === 'user' ? (lastEdits(said, id)?.files ?? []) : [];
    if (files.every(({ open }) => open === 0)) return [];
    const decided = files.map((file) => ({ ...file, open: 0, base: file.current }));
    return [{ kind: 'edits', turn: id, files: decided, ...place, id: ids.next() }];
  });
  return [...said, ...settled];
}
