/**
 * The messages of a request, from any record: whatever happened (stops, kills, refusals, answers that broke off, blocks
 * that no server should have sent), what comes out is valid (LESSONS L4, L41). A turn that was sent stays as it was sent,
 * so that the cache keeps its prefix and thinking stays behind what it was made with.
 */
import { targetKey } from '../../shared/chat';
import { Memo } from '../base/memo';
import { snapshotTexts } from '../context/context';
import type { Model } from '../models/models';
import { excludedIn, isAside, openTurnOf, sentOf } from '../record/excluded';
import type { AssistantEntry, ChangeEntry, Entry } from '../record/record';
import { soundPath } from '../record/sound';
import { isUsersEdit } from '../record/undone';
import { Building, type BuiltMessages, type Message, type MessagesInput, type Seam } from './building';
import { blocksOf } from './entryBlocks';
import type { PlacedBlock } from './placedBlock';
import { refusedMedia } from './refusedMedia';
import { sentBlocks } from './sentBlocks';
import { userBlocks } from './userContent';

export type { Blobs } from './blobs';
export { attachedName } from './userContent';

/** Said for the user when an answer is to go on (API-FACTS §4.5: partial answers cannot be prefilled). */
export const continueText =
  'Your previous response was cut off. Continue exactly where it ended, without repeating what is already there.';

/** What cannot be read is not sent, but for the user's words, whose place in the order is kept. */
function isSkipped(entry: Entry): boolean {
  return entry.kind === 'unreadable' && entry.was !== 'user';
}

/** The messages of a path alone, pictures and documents without their bytes; see `buildMessages`. `tools`: JSON of the tools' definitions. */
export function messagesOf(path: readonly Entry[], model: Model, tools = '[]', memo = new Memo()): readonly Message[] {
  return buildMessages({ path, model, blobs: null, tools, withoutDigest: true, memo }).messages;
}

/**
 * The messages that a path makes; changes from before its last snapshot are left out, since that holds what they said,
 * and so is what the user left out. A summary stands for everything before it. Thinking is left out where the model
 * binds it and what was before it is not what it was made with. Linear in the number of entries.
 */
export function buildMessages(input: MessagesInput): BuiltMessages {
  return built(input, null, false).done();
}

/** Some turns of a path, each with its question first, behind settled ones or at its beginning. */
interface Turns {
  readonly path: readonly Entry[];
  readonly model: Model;
  /** JSON of the tools' definitions. */
  readonly tools: string;
  readonly memo: Memo;
  /** Of the settled turns before them (`settledLength`); null at the beginning of the path. */
  readonly behind: Seam | null;
  /** True where they are settled themselves. */
  readonly isSettled: boolean;
}

/** The blocks of turns as `messagesOf` has them, and for settled ones what those behind them are put together with. */
export function turnBlocks(turns: Turns): { readonly blocks: readonly PlacedBlock[]; readonly seam: Seam | null } {
  const { behind, isSettled, ...rest } = turns;
  const build = built({ ...rest, blobs: null, withoutDigest: true }, behind, isSettled);
  return {
    blocks: build.done().messages.flatMap((message) => message.blocks),
    seam: isSettled ? build.seam() : null,
  };
}

/**
 * How many entries of a path are settled, its last question behind them: what they are sent as depends on nothing behind
 * them but on what reaches back. 0 where that cannot be said.
 */
export function settledLength(path: readonly Entry[]): number {
  const question = path.findLastIndex((entry) => entry.kind === 'user');
  if (question <= 0 || path.slice(question).some(reachesBack)) return 0;
  const settled = path.slice(0, question);
  // What was said about a turn holds once that has ended.
  const isWaiting = settled.some((entry) => entry.kind === 'leaveOut') && openTurnOf(settled) !== null;
  return isWaiting ? 0 : question;
}

/** True for an entry that may change what those before its turn are sent as. */
export function reachesBack(entry: Entry): boolean {
  switch (entry.kind) {
    case 'user':
    case 'toolResult':
    case 'change':
    case 'notice':
    case 'edits':
    case 'end':
      return false;
    case 'assistant':
      return entry.held?.bare === true;
    case 'snapshot':
    case 'leaveOut':
    case 'compaction':
    case 'warmUp':
    case 'unreadable':
      return true;
    default:
      entry satisfies never;
      return true;
  }
}

function built(input: MessagesInput, behind: Seam | null, isSettled: boolean): Building {
  const { blobs, memo } = input;
  const path = soundPath(input.path, memo);
  const out = excludedIn(path);
  const { summary, said: sent } = sentOf(path, out);
  const said = sent.filter((entry) => !isAside(entry) && !isSkipped(entry));
  const epoch = said.findLastIndex((entry) => entry.kind === 'snapshot');
  const refused = refusedTurns(said);
  const refusedOnes = refusedMedia(said);
  const build = new Building(input, contextOf(path, memo), said, behind, isSettled);
  if (summary !== null) build.add('user', blocksOf(summary, memo));
  let turn: string | null = null;
  let previous: Entry | null = null;
  /** True once the left-out answer of the turn has its stub. */
  let answered = false;

  for (const [index, entry] of said.entries()) {
    if (entry.kind === 'user' || entry.kind === 'unreadable') {
      turn = entry.id;
      answered = false;
    }
    const isOut = (what: 'turn' | 'answer'): boolean =>
      turn !== null && out.size > 0 && out.has(targetKey({ what, entry: turn, index: 0 }));
    const dropped = turn !== null && (refused.has(turn) || isOut('turn'));
    const silent = !dropped && isOut('answer');
    switch (entry.kind) {
      case 'user':
        if (!dropped) build.add('user', userBlocks(entry, blobs, refusedOnes.has(entry.id), out, memo));
        break;
      case 'assistant':
        if (!silent) build.answer(entry, index, dropped, excludedCalls(entry, out, memo));
        else answered = build.stub(entry, answered);
        break;
      case 'toolResult':
        build.result(entry, refusedOnes.has(entry.id));
        break;
      case 'unreadable':
        build.add('user', blocksOf(entry));
        break;
      case 'change': {
        // What the user undid or applied no snapshot says, nor what was selected for a question that a summary keeps.
        const told = index > epoch ? entry : withoutFiles(entry, summary !== null && turn === null, memo);
        if (told !== null) build.change(told, previous, dropped || silent);
        break;
      }
      case 'snapshot':
      case 'end':
      case 'leaveOut':
      case 'compaction':
      case 'warmUp':
      case 'notice':
      case 'edits':
        break;
      default:
        entry satisfies never;
    }
    previous = entry;
  }
  return build;
}

/** The change without what files were; null where that leaves nothing. */
function withoutFiles(entry: ChangeEntry, keepsSelection: boolean, memo: Memo): ChangeEntry | null {
  return memo.get(entry, keepsSelection ? 'kept' : 'undone', () => {
    const changes = entry.changes.filter(
      (one) => isUsersEdit(one) || (keepsSelection && one.change === 'selection' && one.selection !== null),
    );
    return changes.length === 0 ? null : { ...entry, changes };
  });
}

/** The texts of `system` behind the instructions. */
export function contextOf(path: readonly Entry[], memo = new Memo()): readonly string[] {
  const snapshot = path.findLast((entry) => entry.kind === 'snapshot');
  return snapshot === undefined ? [] : snapshotTexts(snapshot, memo);
}

/** Turns that ended in a refusal are not sent again (API-FACTS §4.4). */
function refusedTurns(path: readonly Entry[]): ReadonlySet<string> {
  const refused = new Set<string>();
  let turn: string | null = null;
  for (const entry of path) {
    if (entry.kind === 'user' || entry.kind === 'unreadable') turn = entry.id;
    else if (entry.kind === 'assistant' && entry.stopReason === 'refusal' && turn !== null) refused.add(turn);
  }
  return refused;
}

/** The ids of the calls whose results the user left out. */
function excludedCalls({ id, content }: AssistantEntry, out: ReadonlySet<string>, memo: Memo): ReadonlySet<unknown> {
  if (out.size === 0) return new Set();
  return new Set(
    sentBlocks(content, memo).flatMap(({ block, call, index }) =>
      block.type === 'tool_use' && out.has(targetKey({ what: 'result', entry: id, index })) ? [call] : [],
    ),
  );
}
