/** How much text a block of a request is, whatever its type: what every estimate of a request or of a part is made of. */
import type Anthropic from '@anthropic-ai/sdk';
import { readImage } from '../../shared/images/imageHeader';
import { imageCost, imageTier } from '../../shared/images/imageSize';
import { inputJson } from '../base/inputJson';
import { Memo } from '../base/memo';
import { selectionText } from '../context/selection';
import type { Model } from '../models/models';
import { measureBlock, measureText, nothingMeasured, sumOf, type TextStats, tokensOf } from '../models/tokens';
import type { Entry, UserBlock } from '../record/record';
import { blocksOf } from './entryBlocks';
import { type PlacedBlock, walk } from './placedBlock';

/** Of blocks with all that is within them. */
export function statsOf(blocks: Iterable<PlacedBlock>, model: Model, memo = new Memo()): TextStats {
  return sumOf([...walk(blocks)].map((placed) => blockStats(placed, model, memo)));
}

/** Of an entry as it is sent where nothing keeps it out. */
export function entryStats(entry: Entry, model: Model, memo = new Memo()): TextStats {
  return statsOf(blocksOf(entry, memo), model, memo);
}

/** Of one block alone: the parts of a tool's result are blocks of their own. */
export function blockStats({ block, attached }: PlacedBlock, model: Model, memo = new Memo()): TextStats {
  switch (block.type) {
    case 'text':
      // What was pasted may be without its bytes here.
      if (attached?.type === 'document') return { ...attachedStats(attached, model), blocks: 1 };
      return memo.get(block, 'stats', () => measureBlock(block.text));
    case 'image':
    case 'document':
      return { ...(attached === undefined ? bytesStats(block, model) : attachedStats(attached, model)), blocks: 1 };
    case 'tool_result':
      return { ...nothingMeasured, blocks: 1 };
    default:
      return memo.get(block, 'stats', () => measureAnswerBlock(block));
  }
}

/** Base64 of a signature that stands for one token of a thought, about. */
const signaturePerToken = 5;

function measureAnswerBlock(block: Anthropic.ContentBlockParam): TextStats {
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
    default:
      return { ...nothingMeasured, guessed: tokensOf(measureText(JSON.stringify(block)), 1) };
  }
}

/** Gateways leave fields out: records from before they were checked may lack them, too. */
function lengthOf(text: unknown): number {
  return typeof text === 'string' ? text.length : 0;
}

/** Tokens of a PDF's page, its text and its picture (API-FACTS §8.2: 1,500 to 3,000 and the image). */
const pageTokens = 3500;
/** Bytes of a page where the pages cannot be counted. */
const pageBytes = 100_000;

/** What a block of the user's holds, without the frame around it: exact for images, a guess for documents. */
export function attachedStats(block: UserBlock, model: Model): TextStats {
  switch (block.type) {
    case 'text':
      return measureText(block.text);
    case 'selection':
      return measureText(selectionText(block.selection));
    case 'image':
      return { ...nothingMeasured, tokens: imageCost(block, imageTier(model.maxImageTokens)) };
    case 'imageUrl':
      // Its size is not known here, and finding out would tell its server.
      return { ...nothingMeasured, guessed: model.maxImageTokens };
    case 'document': {
      const { mediaType, pages, bytes = 0 } = block;
      const pdf = (pages ?? Math.ceil(bytes / pageBytes)) * pageTokens;
      return { ...nothingMeasured, guessed: mediaType === 'application/pdf' ? pdf : Math.ceil(bytes / 3) };
    }
  }
}

/** Of a picture or a document of which only the bytes are at hand. */
function bytesStats({ source }: Anthropic.ImageBlockParam | Anthropic.DocumentBlockParam, model: Model): TextStats {
  if (source.type === 'text') return measureText(source.data);
  if (source.type !== 'base64') return { ...nothingMeasured, guessed: model.maxImageTokens };
  const bytes = Buffer.from(source.data, 'base64');
  if (source.media_type === 'application/pdf') {
    return { ...nothingMeasured, guessed: Math.ceil(bytes.length / pageBytes) * pageTokens };
  }
  const image = readImage(bytes);
  const tokens = image.kind === 'image' ? imageCost(image, imageTier(model.maxImageTokens)) : model.maxImageTokens;
  return { ...nothingMeasured, tokens };
}
