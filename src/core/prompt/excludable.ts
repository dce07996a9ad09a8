/** What can be left out of what is sent, with its size: for the list that the user chooses from. */
import type { ExcludeTarget, LocalizableMessage } from '../../shared/chat';
import { targetKey } from '../../shared/chat';
import { inputJson } from '../base/inputJson';
import { coreStrings } from '../base/strings';
import type { Model } from '../models/models';
import { estimateTokens } from '../models/tokens';
import { textOf } from '../record/branchPoint';
import { compactionAt, excludedIn } from '../record/excluded';
import type { AssistantEntry, Entry, UserBlock } from '../record/record';
import { isOpen } from '../record/repair';
import { blockTokens } from './attachments';
import { unsent } from './compactPlan';
import { attachedName } from './messages';

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
 * turn that is open or whose question is to be asked again, but what is attached to it.
 */
export function excludable(path: readonly Entry[], model: Model): readonly Excludable[] {
  const out = excludedIn(path);
  const all: Excludable[] = [];
  const add = (target: ExcludeTarget, label: LocalizableMessage, tokens: number): void => {
    const isOut = out.has(targetKey(target));
    if (isOut || tokens >= leastTokens) all.push({ target, label, tokens, out: isOut });
  };
  const asking = unsent(path)?.id ?? (isOpen(path) ? path.findLast((entry) => entry.kind === 'user')?.id : undefined);
  for (const turn of turnsOf(path.slice(compactionAt(path, out) + 1))) {
    const [user] = turn;
    if (user?.kind !== 'user') continue;
    let tokens = 0;
    const attached = user.content.filter((block) => block.type !== 'text');
    for (const [index, block] of attached.entries()) {
      tokens += blockTokens(block, model);
      add(
        { what: 'attachment', entry: user.id, index },
        coreStrings.attachment(attachedName(block)),
        blockTokens(block, model),
      );
    }
    for (const { target, label, size } of resultsOf(turn)) {
      tokens += size;
      add(target, label, size);
    }
    tokens += turn.reduce((sum, entry) => sum + wordsTokens(entry), 0);
    if (user.id === asking) continue;
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
): readonly { readonly target: ExcludeTarget; readonly label: LocalizableMessage; readonly size: number }[] {
  let asked: AssistantEntry | null = null;
  return turn.flatMap((entry) => {
    if (entry.kind === 'assistant') asked = entry;
    if (entry.kind !== 'toolResult' || asked === null) return [];
    const index = asked.content.findIndex((block) => block.type === 'tool_use' && block.id === entry.toolUseId);
    if (index === -1) return [];
    const target = { what: 'result', entry: asked.id, index } as const;
    return [{ target, label: entry.label, size: estimateTokens(entry.content) }];
  });
}

/** Tokens of what is said, without attachments and results. */
function wordsTokens(entry: Entry): number {
  if (entry.kind === 'user') return estimateTokens(textOf(entry.content));
  if (entry.kind !== 'assistant') return 0;
  return entry.content.reduce((sum, block) => {
    if (block.type === 'text') return sum + estimateTokens(block.text);
    return block.type === 'tool_use' ? sum + estimateTokens(inputJson(block.input)) : sum;
  }, 0);
}

function lineOf(content: readonly UserBlock[]): string {
  const line = textOf(content).trim().replace(/\s+/g, ' ');
  return line.length <= 60 ? line : `${line.slice(0, 59).replace(/[\ud800-\udbff]$/, '')}…`;
}
