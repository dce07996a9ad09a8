/** What fills the window: the measure of each part of a request, taken of the very blocks that are sent. */
import type Anthropic from '@anthropic-ai/sdk';
import { imageCost, imageTier } from '../../shared/imageSize';
import type { WindowParts } from '../../shared/nextCost';
import { inputJson } from '../base/inputJson';
import { changesText, selectionText, snapshotTexts } from '../context/context';
import type { Model } from '../models/models';
import { measureBlock, measureText, nothingMeasured, sumOf, type TextStats } from '../models/tokens';
import { blockTokens } from '../prompt/attachments';
import { instructions } from '../prompt/instructions';
import { messagesOf } from '../prompt/messages';
import type { Entry, SnapshotEntry, UserBlock } from '../record/record';

/** Each part of the window by its name. */
export type PromptBreakdown = Readonly<Record<keyof WindowParts, TextStats>>;

type Block = Anthropic.ContentBlockParam;
type Tally = Record<keyof WindowParts, TextStats>;

/** The last composition of each path: it is asked for with each key that is typed. */
const known = new WeakMap<readonly Entry[], { readonly key: string; readonly breakdown: PromptBreakdown }>();

/** What a request of this path to this model would hold. `toolsJson`: JSON of the tool definitions. */
export function promptBreakdownOf(path: readonly Entry[], model: Model, toolsJson: string): PromptBreakdown {
  const key = `${model.id} ${path.length} ${toolsJson.length}`;
  const before = known.get(path);
  if (before?.key === key) return before.breakdown;
  const breakdown = compose(path, model, toolsJson);
  known.set(path, { key, breakdown });
  return breakdown;
}

function compose(path: readonly Entry[], model: Model, toolsJson: string): PromptBreakdown {
  const snapshot = path.findLast((entry) => entry.kind === 'snapshot');
  const tally: Tally = { ...systemOf(snapshot?.kind === 'snapshot' ? snapshot : null, model, toolsJson) };
  const media = mediaByName(path);
  const blobs = new Map([...media.keys()].map((name) => [name, name]));
  const parts: { -readonly [P in keyof Tally]: TextStats[] } = {
    instructions: [tally.instructions],
    tools: [tally.tools],
    files: [tally.files],
    history: [],
    images: [],
  };
  for (const message of messagesOf(path, model, blobs, toolsJson)) {
    for (const block of message.content) {
      const { part, measure } = measured(block, media, model);
      parts[part].push(measure);
    }
  }
  return {
    instructions: sumOf(parts.instructions),
    tools: sumOf(parts.tools),
    files: sumOf(parts.files),
    history: sumOf(parts.history),
    images: sumOf(parts.images),
  };
}

/** Tools, instructions and the files of a snapshot. */
export function systemOf(snapshot: SnapshotEntry | null, model: Model, toolsJson: string): PromptBreakdown {
  const texts = snapshot === null ? [] : snapshotTexts(snapshot);
  const project = snapshot?.project.length ?? 0;
  const overhead = toolsJson === '[]' ? 0 : model.toolOverhead;
  return {
    instructions: sumOf([instructions, ...texts.slice(0, project)].map(measureBlock)),
    tools: { ...measureText(toolsJson), tokens: overhead },
    files: sumOf(texts.slice(project).map(measureBlock)),
    history: nothingMeasured,
    images: nothingMeasured,
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

/** What an entry adds to a request; answers are known by their usage and add nothing here. */
export function entryMeasure(entry: Entry, model: Model): TextStats {
  switch (entry.kind) {
    case 'user':
      return sumOf(entry.content.map((block) => userBlockMeasure(block, model)));
    case 'toolResult':
      return { ...measureText(entry.content), blocks: 2 };
    case 'change':
      return measureBlock(changesText(entry.changes));
    case 'assistant':
    case 'snapshot':
    case 'end':
    case 'leaveOut':
    case 'compaction':
    case 'warmUp':
    case 'notice':
    case 'unreadable':
      return nothingMeasured;
    default:
      entry satisfies never;
      return nothingMeasured;
  }
}

/** A block of the user's, sent or not. */
export function userBlockMeasure(block: UserBlock, model: Model): TextStats {
  switch (block.type) {
    case 'text':
      return block.text.trim() === '' ? nothingMeasured : measureBlock(block.text);
    case 'selection':
      return measureBlock(selectionText(block.selection));
    case 'image':
      return { ...nothingMeasured, blocks: 1, tokens: imageCost(block, imageTier(model.maxImageTokens)) };
    case 'imageUrl':
    case 'document':
      return { ...nothingMeasured, blocks: 1, guessed: blockTokens(block, model) };
  }
}

/** The images and documents of a path: by their blob, and texts by their title, too. */
function mediaByName(path: readonly Entry[]): ReadonlyMap<string, UserBlock> {
  const media = new Map<string, UserBlock>();
  for (const entry of path) {
    if (entry.kind !== 'user') continue;
    for (const block of entry.content) {
      if (!('blob' in block)) continue;
      media.set(block.blob, block);
      media.set(block.name, block);
    }
  }
  return media;
}

function measured(
  block: Block,
  media: ReadonlyMap<string, UserBlock>,
  model: Model,
): { readonly part: keyof WindowParts; readonly measure: TextStats } {
  switch (block.type) {
    case 'text':
      return { part: isContext(block.text) ? 'files' : 'history', measure: measureBlock(block.text) };
    case 'image':
    case 'document':
      return { part: 'images', measure: mediaMeasure(block, media, model) };
    case 'tool_result': {
      const inner = typeof block.content === 'string' ? [] : (block.content ?? []);
      const texts = inner.flatMap((part) => (part.type === 'text' ? [measureBlock(part.text)] : []));
      return { part: 'history', measure: sumOf([{ ...nothingMeasured, blocks: 1 }, ...texts]) };
    }
    default:
      return { part: 'history', measure: answerBlockMeasure(block) };
  }
}

function isContext(text: string): boolean {
  return text.startsWith('<news>') || text.startsWith('<selection ');
}

/** The blocks of answers stay the same objects: what they hold is written as JSON once. */
const answerBlocks = new WeakMap<object, TextStats>();

/** A block of an answer: its calls, its thoughts. */
export function answerBlockMeasure(block: Block): TextStats {
  const before = answerBlocks.get(block);
  if (before !== undefined) return before;
  const measure = measureAnswerBlock(block);
  answerBlocks.set(block, measure);
  return measure;
}

/** Base64 of a signature that stands for one token of a thought, about. */
const signaturePerToken = 5;

function measureAnswerBlock(block: Block): TextStats {
  switch (block.type) {
    case 'tool_use':
      return { ...measureText(`${block.name}${inputJson(block.input)}`), blocks: 2 };
    case 'thinking': {
      // The signature carries the whole of a thought that is shown in part, or not at all.
      const shown = lengthOf(block.thinking) / 3;
      return { ...nothingMeasured, guessed: Math.max(shown, lengthOf(block.signature) / signaturePerToken) };
    }
    case 'redacted_thinking':
      return { ...nothingMeasured, guessed: lengthOf(block.data) / signaturePerToken };
    default: {
      const { prose, code, wide } = measureText(JSON.stringify(block));
      return { ...nothingMeasured, guessed: (prose + code) / 3 + wide };
    }
  }
}

/** Gateways leave fields out: records from before they were checked may lack them, too. */
function lengthOf(text: unknown): number {
  return typeof text === 'string' ? text.length : 0;
}

function mediaMeasure(
  block: Anthropic.ImageBlockParam | Anthropic.DocumentBlockParam,
  media: ReadonlyMap<string, UserBlock>,
  model: Model,
): TextStats {
  const { source } = block;
  const name = source.type === 'base64' ? source.data : block.type === 'document' ? (block.title ?? '') : '';
  const known = media.get(name);
  if (known !== undefined) return userBlockMeasure(known, model);
  return { ...nothingMeasured, blocks: 1, guessed: model.maxImageTokens };
}
