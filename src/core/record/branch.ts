/** A path as one of its own: the same entries under other ids. */
import type { Entry, UserEntry } from './record';

/** The entries with ids of `rename`, and what they say of each other with them. */
export function copyOf(path: readonly Entry[], rename: (id: string) => string): readonly Entry[] {
  const ids = new Map(path.map(({ id }) => [id, rename(id)]));
  const named = (id: string): string => ids.get(id) ?? id;
  let parent: string | null = null;
  return path.map((entry) => {
    const copy: Entry = { ...entry, id: named(entry.id), parent };
    parent = copy.id;
    if (copy.kind === 'user') return wordsOf(copy);
    if (copy.kind === 'compaction' && copy.keeps !== undefined) return { ...copy, keeps: named(copy.keeps) };
    if (copy.kind === 'leaveOut') return { ...copy, target: { ...copy.target, entry: named(copy.target.entry) } };
    if (copy.kind === 'edits') return { ...copy, turn: named(copy.turn) };
    if (copy.kind !== 'assistant' || copy.anchor === undefined || copy.anchor === null) return copy;
    return { ...copy, anchor: { ...copy.anchor, answer: named(copy.anchor.answer) } };
  });
}

/** Without what a question of a command says of its own conversation: a copy goes to no other chat, and into no box. */
export function wordsOf({ instead: _, commit: __, ...words }: UserEntry): UserEntry {
  return words;
}

/** How the branch of a conversation is called that could not be stored where it belongs. */
export function branchTitle(title: string): string {
  return title === '' ? '' : `${title} (2)`;
}
