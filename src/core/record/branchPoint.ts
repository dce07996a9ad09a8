/** Where a path is cut when the user goes back: pure functions of the path. */
import { changesPrompt, lastSaid } from './excluded';
import { outcomeOf } from './outcome';
import type { Entry, UserBlock, UserEntry } from './record';
import { editsCut } from './turnEdits';

/**
 * The entry after which the last turn is run again: where its answer broke off, else the user's words. null when the
 * last turn has not ended.
 */
export function retryHead(path: readonly Entry[]): Entry | null {
  const end = lastSaid(path);
  const user = path.findLast((entry) => entry.kind === 'user');
  if (end?.kind !== 'end' || user === undefined) return null;
  const userIndex = path.lastIndexOf(user);
  // What was left out since would change the prompt before a step that is kept: within a turn nothing earlier changes.
  const answered = path.findIndex((entry, index) => index > userIndex && entry.kind === 'assistant');
  if (answered !== -1 && path.slice(answered).some(changesPrompt)) return user;
  if (!['failed', 'stopped', 'interrupted'].includes(end.outcome.kind)) return user;
  const lastAnswer = path.findLastIndex((entry) => entry.kind === 'assistant');
  const answer = path[lastAnswer];
  // Steps that are whole are kept; one that was cut short, or that leads no further, is made again. What has changed
  // files is not: it would be done twice, and nothing would know of the first time.
  const hasEdits = path.slice(lastAnswer).some((entry) => entry.kind === 'toolResult' && entry.edits !== undefined);
  const results = path.slice(lastAnswer).flatMap((entry) => (entry.kind === 'toolResult' ? [entry.toolUseId] : []));
  const cut =
    answer?.kind === 'assistant' &&
    !hasEdits &&
    (answer.partial !== null ||
      outcomeOf(answer) !== null ||
      // Its calls are sent with what came of them only: where the store failed before they were run, nothing did.
      answer.content.some((block) => block.type === 'tool_use' && !results.includes(block.id)) ||
      path.slice(lastAnswer).some((entry) => entry.kind === 'toolResult' && entry.cancelled));
  const kept = path.slice(0, cut ? lastAnswer : path.lastIndexOf(end));
  return kept.length <= userIndex ? user : (kept.at(-1) ?? user);
}

/** The last words of the user's own, and whether any answer to them is there to be kept. */
export function lastPrompt(path: readonly Entry[]): { readonly user: UserEntry; readonly answered: boolean } | null {
  const index = path.findLastIndex((entry) => entry.kind === 'user' && entry.auto === undefined);
  const user = path[index];
  if (user?.kind !== 'user') return null;
  const isAnswered = path.slice(index).some(({ kind }) => kind === 'assistant' || kind === 'toolResult');
  // What is to be decided of turns that it came in the place of goes with it.
  return { user, answered: isAnswered || editsCut(path, user.parent).length > 0 };
}

/** The words among the blocks. */
export function textOf(content: readonly UserBlock[]): string {
  return content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n\n');
}

/** A conversation's first title: the first line of its first prompt, cut at a word, or what was sent without words. */
export function titleOf(content: readonly UserBlock[]): string {
  const line = textOf(content).trim().split('\n', 1)[0] || nameOf(content);
  if (line.length <= 60) return line;
  // Not through the middle of a character.
  const cut = line.slice(0, 60).replace(/[\ud800-\udbff]$/, '');
  const space = cut.lastIndexOf(' ');
  return `${space > 30 ? cut.slice(0, space) : cut}…`;
}

function nameOf(content: readonly UserBlock[]): string {
  const named = content.find((block) => 'name' in block);
  return named !== undefined && 'name' in named ? named.name : '';
}
