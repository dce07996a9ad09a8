/** What a change has done, in words for the model: with the new line numbers and new problems, so that it need not read again. */
import type { FileEdit } from '../../record/record';
import { BoundedLines, formatted, reveal, withNotes } from '../words/text';
import type { AppliedChange, Change } from './editing';

/** Bytes of the problems that are named, and of all notes. */
const maxBytes = 4 * 1024;
/** Characters of a note: it may quote what a formatter made of the text. */
const maxNote = 10_000;

/** The words, and what the record keeps. */
export function appliedOutput(
  change: Change,
  applied: AppliedChange,
): { readonly content: string; readonly edits: readonly FileEdit[] } {
  const { edits, notes, problems } = applied;
  const said = [wordsOf(change, applied)];
  for (const note of notes) said.push(note.length > maxNote ? `${note.slice(0, maxNote).toWellFormed()}… [cut]` : note);
  if (change.kind === 'edit' || change.kind === 'create' || problems !== null) said.push(problemWords(problems));
  const { text, note } = reveal(said.join('\n'));
  return { content: withNotes(text, note === null ? [] : [note]), edits };
}

function wordsOf(change: Change, { edits, added, removed, lines }: AppliedChange): string {
  const path = edits[0]?.path ?? change.path;
  switch (change.kind) {
    case 'edit': {
      const place =
        lines === null
          ? ''
          : lines.first === lines.last
            ? ` It is line ${lines.first} now.`
            : ` What was changed is within lines ${lines.first}-${lines.last} now.`;
      return `Edited ${path}: +${formatted(added)} −${formatted(removed)} lines.${place}`;
    }
    case 'create':
      return `Created ${path}: ${added === 1 ? '1 line' : `${formatted(added)} lines`}.`;
    case 'rename':
      return `Renamed ${path} to ${edits[0]?.to?.path ?? change.to}. Nothing else was changed: what names the old path still does.`;
    case 'delete':
      return `Deleted ${path}.`;
  }
}

function problemWords(problems: readonly string[] | null): string {
  if (problems === null) return 'Not known yet: whether it has new problems. get_diagnostics tells.';
  if (problems.length === 0) return 'It has no new problems.';
  const bounded = new BoundedLines(maxBytes);
  for (const problem of problems) if (!bounded.add(problem.replace(/\s+/g, ' '))) break;
  const more = problems.length - bounded.count;
  return `New problems:\n${bounded.toString()}${more === 0 ? '' : `\n${formatted(more)} more: get_diagnostics lists them.`}`;
}
