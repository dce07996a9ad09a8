/** Images and PDFs that tools give back: checked as attachments are, since they go out with every later request (LESSONS L5). */
import type { LocalizableMessage } from '../../shared/chat';
import type { Memo } from '../base/memo';
import { promptBreakdownOf, wholeOf } from '../cost/promptBreakdown';
import type { Model } from '../models/models';
import { firstFactor, tokensOf } from '../models/tokens';
import { examine, mediaOf, refusalOf } from '../prompt/attachments';
import type { Entry, MediaBlock, UserBlock } from '../record/record';
import type { Store } from '../record/store';
import { type MediaPort, ToolError } from '../tools/workspace';

/** Keeps what the tools of one step give back. `path`: of the conversation so far. */
export function mediaPort(path: readonly Entry[], model: Model, store: Pick<Store, 'putBlob'>, memo: Memo): MediaPort {
  let before: { readonly media: readonly UserBlock[]; readonly tokens: number } | null = null;
  const kept: MediaBlock[] = [];
  return {
    keep: async (name, bytes) => {
      const found = examine(name, '', bytes);
      if (found.kind !== 'taken') throw new ToolError(wordsOf(found.reason));
      if (found.block.mediaType === 'text/plain') throw new ToolError(`${name} is neither an image nor a PDF.`);
      // Its place is taken before anything is waited for: others run side by side.
      const block: MediaBlock = { ...found.block, blob: '' };
      before ??= {
        media: mediaOf(path, model),
        tokens: tokensOf(wholeOf(promptBreakdownOf(path, model, '', memo)), firstFactor(model.id)),
      };
      const refusal = refusalOf([...before.media, ...kept], [block], model, before.tokens);
      if (refusal !== null) throw new ToolError(`${name} was not shown. ${wordsOf(refusal)}`);
      kept.push(block);
      return { ...block, blob: await store.putBlob(bytes) };
    },
  };
}

/** In English: the model reads it. */
function wordsOf({ text, args = [] }: LocalizableMessage): string {
  return text.replaceAll(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)] ?? ''));
}
