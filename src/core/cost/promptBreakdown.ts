/** What fills the window: the measure of each part of a request, taken of the very blocks that are sent. */
import type { WindowParts } from '../../shared/nextCost';
import { Memo } from '../base/memo';
import { snapshotTexts } from '../context/context';
import type { Model } from '../models/models';
import { measureBlock, measureConstant, nothingMeasured, sumOf, type TextStats, tokensOf } from '../models/tokens';
import { blockStats } from '../prompt/blockStats';
import type { Seam } from '../prompt/building';
import { instructions } from '../prompt/instructions';
import { reachesBack, settledLength, turnBlocks } from '../prompt/messages';
import { type PlacedBlock, walk } from '../prompt/placedBlock';
import type { Entry, SnapshotEntry } from '../record/record';

/** Each part of the window by its name. */
export type PromptBreakdown = Readonly<Record<keyof WindowParts, TextStats>>;

const nothing: PromptBreakdown = {
  instructions: nothingMeasured,
  tools: nothingMeasured,
  files: nothingMeasured,
  history: nothingMeasured,
  images: nothingMeasured,
};

/** What a request of this path to this model would hold. `toolsJson`: JSON of the tool definitions. */
export function promptBreakdownOf(
  path: readonly Entry[],
  model: Model,
  toolsJson: string,
  memo = new Memo(),
): PromptBreakdown {
  const compute = (): PromptBreakdown => {
    const snapshot = path.findLast((entry) => entry.kind === 'snapshot');
    const system = systemOf(snapshot ?? null, model, toolsJson, memo);
    return plus(system, messagesBreakdown(path, model, toolsJson, memo));
  };
  // It is asked for with each key that is typed.
  return memo.get(path, 'breakdown', compute, model.id, path.length, toolsJson);
}

/** The beginning of a path, measured. */
interface Measured {
  readonly path: readonly Entry[];
  /** How many of its entries. */
  readonly length: number;
  readonly parts: PromptBreakdown;
  /** null where they are not settled. */
  readonly seam: Seam | null;
}

/** The messages alone. Of a path that goes on, only the turn that it goes on with is put together and measured. */
function messagesBreakdown(path: readonly Entry[], model: Model, tools: string, memo: Memo): PromptBreakdown {
  const [first] = path;
  if (first === undefined) return nothing;
  const measured = (before: Measured | null, length: number, isSettled: boolean): Measured => {
    const turns = path.slice(before?.length ?? 0, length);
    const { blocks, seam } = turnBlocks({ path: turns, model, tools, memo, behind: before?.seam ?? null, isSettled });
    const parts = blocksBreakdown(blocks, model, memo);
    return { path, length, parts: before === null ? parts : plus(before.parts, parts), seam };
  };
  const { id, bindsThinking, imageInput, maxImageTokens } = model;
  const none = (): { last: Measured | null } => ({ last: null });
  const kept = memo.get(first, `settled ${id}`, none, tools, bindsThinking, imageInput, maxImageTokens);
  const { last } = kept;
  const before = last !== null && goesOn(last, path) ? last : null;
  const length = before === null ? settledLength(path) : path.findLastIndex(({ kind }) => kind === 'user');
  if (length === 0) return measured(null, path.length, false).parts;
  const settled = length === before?.length ? before : measured(before, length, true);
  // A beginning of the path, as of what was sent last, is asked for in between.
  if (last === null || path.some((entry, index) => entry !== last.path[index])) kept.last = settled;
  return measured(settled, path.length, false).parts;
}

/** True where a path begins with these settled turns, and what comes behind them leaves them as they are. */
function goesOn({ path: before, length }: Measured, path: readonly Entry[]): boolean {
  if (path[length]?.kind !== 'user') return false;
  for (let index = 0; index < length; index += 1) if (path[index] !== before[index]) return false;
  return !path.slice(length).some(reachesBack);
}

/** Tools, instructions and the files of a snapshot. */
export function systemOf(snapshot: SnapshotEntry | null, model: Model, toolsJson: string, memo: Memo): PromptBreakdown {
  const stats = (): readonly TextStats[] => (snapshot === null ? [] : snapshotTexts(snapshot, memo).map(measureBlock));
  const texts = snapshot === null ? [] : memo.get(snapshot, 'stats', stats);
  const project = snapshot?.project.length ?? 0;
  const overhead = toolsJson === '[]' ? 0 : model.toolOverhead;
  return {
    ...nothing,
    instructions: sumOf([{ ...measureConstant(instructions), blocks: 1 }, ...texts.slice(0, project)]),
    tools: { ...measureConstant(toolsJson), tokens: overhead },
    files: sumOf(texts.slice(project)),
  };
}

/** Blocks of messages by the part of the window that they belong to. */
export function blocksBreakdown(blocks: Iterable<PlacedBlock>, model: Model, memo = new Memo()): PromptBreakdown {
  const parts: Record<'files' | 'history' | 'images', TextStats[]> = { files: [], history: [], images: [] };
  for (const placed of walk(blocks)) parts[partOf(placed)].push(blockStats(placed, model, memo));
  return { ...nothing, files: sumOf(parts.files), history: sumOf(parts.history), images: sumOf(parts.images) };
}

function partOf({ block, entry, attached }: PlacedBlock): 'files' | 'history' | 'images' {
  if (block.type === 'image' || block.type === 'document') return 'images';
  return entry?.kind === 'change' || attached?.type === 'selection' ? 'files' : 'history';
}

/** Both together. */
export function plus(a: PromptBreakdown, b: PromptBreakdown): PromptBreakdown {
  const part = (name: keyof WindowParts): TextStats => sumOf([a[name], b[name]]);
  return {
    instructions: part('instructions'),
    tools: part('tools'),
    files: part('files'),
    history: part('history'),
    images: part('images'),
  };
}

/** All parts as one. */
export function wholeOf(breakdown: PromptBreakdown): TextStats {
  return sumOf(Object.values(breakdown));
}

/** True for an entry that changes nothing before it. */
export function isAppended(entry: Entry): boolean {
  switch (entry.kind) {
    case 'user':
    case 'toolResult':
    case 'change':
    case 'notice':
    case 'edits':
    case 'end':
      return true;
    case 'assistant':
      // A refused turn is not sent again, its beginning included.
      return entry.stopReason !== 'refusal';
    case 'snapshot':
    case 'leaveOut':
    case 'compaction':
    case 'warmUp':
    case 'unreadable':
      return false;
    default:
      entry satisfies never;
      return false;
  }
}

/** The parts in tokens, so that they add up to the whole: images are known, the rest is scaled. */
export function scaledTo(total: number, all: PromptBreakdown, factor: number): WindowParts {
  const tokens = (stats: TextStats): number => tokensOf(stats, factor);
  const images = Math.min(total, Math.round(tokens(all.images)));
  const rough = {
    instructions: tokens(all.instructions),
    tools: tokens(all.tools),
    files: tokens(all.files),
    history: tokens(all.history),
  };
  const sum = rough.instructions + rough.tools + rough.files + rough.history;
  const scale = sum <= 0 ? 0 : (total - images) / sum;
  const instructions = Math.round(rough.instructions * scale);
  const tools = Math.round(rough.tools * scale);
  const files = Math.round(rough.files * scale);
  return { instructions, tools, files, history: Math.max(0, total - images - instructions - tools - files), images };
}
