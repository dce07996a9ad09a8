/** What can be left out of what is sent, with its size: for the list that the user chooses from. */
import type { ExcludeTarget, LocalizableMessage } from '../../shared/chat';
import { targetKey } from '../../shared/chat';
import { coreStrings } from '../base/strings';
import type { Model } from '../models/models';
import { tokensOf } from '../models/tokens';
import { textOf } from '../record/branchPoint';
import { excludedIn, sentOf } from '../record/excluded';
import type { AssistantEntry, Entry, ToolResultEntry, UserBlock } from '../record/record';
import { isOpen } from '../record/repair';
import { soundPath } from '../record/sound';
import { blockTokens } from './attachments';
import { entryStats } from './blockStats';
import { unsent } from './compactPlan';
import { attachedName } from './userContent';

/** A row of the list of what can be excluded. */
export interface Excludable {
  readonly target: ExcludeTarget;
  readonly label: LocalizableMessage;
  /** Estimated. */
  readonly tokens: number;
  readonly out: boolean;
}

/** What is hardly worth a line. */
const leastTokens = 200;

/**
 * Attachments, results of tools and whole turns that go out with the next request, or would: the largest first. Not the
 * turn that is open or whose question is to be asked again, but what is attached to it. `factor`: of the model's tokens.
 */
export function excludable(stored: readonly Entry[], model: Model, factor: number): readonly Excludable[] {
  const path = soundPath(stored);
  const tokensIn = (entry: Entry): number => tokensOf(entryStats(entry, model), factor);
  const out = excludedIn(path);
  const all: Excludable[] = [];
  const add = (target: ExcludeTarget, label: LocalizableMessage, tokens: number): void => {
    const isOut = out.has(targetKey(target));
    if (isOut || tokens >= leastTokens) all.push({ target, label, tokens: Math.ceil(tokens), out: isOut });
  };
  const asking = unsent(path)?.id ?? (isOpen(path) ? path.findLast((entry) => entry.kind === 'user')?.id : undefined);
  for (const turn of turnsOf(sentOf(path, out).said)) {
    const [user] = turn;
    if (user?.kind !== 'user') continue;
    const attached = user.content.filter((block) => block.type !== 'text');
    for (const [index, block] of attached.entries()) {
      const label = coreStrings.attachment(attachedName(block));
      add({ what: 'attachment', entry: user.id, index }, label, blockTokens(block, model, factor));
    }
    for (const { target, result } of resultsOf(turn)) add(target, result.label, tokensIn(result));
    if (user.id === asking) continue;
    const tokens = turn.reduce((sum, entry) => sum + tokensIn(entry), 0);
    add({ what: 'turn', entry: user.id, index: 0 }, coreStrings.turn(lineOf(user.content)), tokens);
  }
  return all.toSorted((a, b) => b.tokens - a.tokens);
}

/** Each from its user entry to the next. */
function turnsOf(path: readonly Entry[]): readonly (readonly Entry[])[] {
  const turns: Entry[][] = [];
  for (const entry of path) {
    if (entry.kind === 'user') turns.push([entry]);
    else turns.at(-1)?.push(entry);
  }
  return turns;
}

function resultsOf(
  turn: readonly Entry[],
): readonly { readonly target: ExcludeTarget; readonly result: ToolResultEntry }[] {
  let answer: AssistantEntry | null = null;
  return turn.flatMap((entry) => {
    if (entry.kind === 'assistant') answer = entry;
    if (entry.kind !== 'toolResult' || answer === null) return [];
    const index = answer.content.findIndex((block) => block.type === 'tool_use' && block.id === entry.toolUseId);
    if (index === -1) return [];
    return [{ target: { what: 'result', entry: answer.id, index } as const, result: entry }];
  });
}

function lineOf(content: readonly UserBlock[]): string {
  const line = textOf(content).trim().replace(/\s+/g, ' ');
  return line.length <= 60 ? line : `${line.slice(0, 59).replace(/[\ud800-\udbff]$/, '')}…`;
}
