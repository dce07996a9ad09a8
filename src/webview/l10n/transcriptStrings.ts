/** What the transcript says of compaction, of what is left out, of missed caches and of what a server does not get. */
import type { CacheMiss, CacheMissReason, CompactionItem } from '../../shared/chat';
import { dollars, tokenCount } from './format';
import { t } from './language';

export const transcriptStrings = {
  windowFills: (percent: number, model: string) =>
    t('This conversation uses {0}% of the {1} context window.', percent, model),
  compactPrice: (usd: string) => t('Compacting costs about {0}.', usd),
  compactHint: () => t('Replaces the conversation with a summary in what is sent. You can undo this.'),
  compact: () => t('Compact'),
  leaveOut: () => t('Exclude…'),
  notNow: () => t('Not Now'),
  compacting: () => t('Compacting Conversation'),
  compactFailed: (usd: string) => t('Not Compacted, {0}', usd),
  compactUndone: (tokens: string) => t('Compaction undone: {0} tokens are included again', tokens),
  compacted: (before: string, after: string, usd: string) => t('Compacted: {0} → {1} tokens, {2}', before, after, usd),
  /** Read out for the arrow. */
  to: () => t('to'),
  automatic: (text: string) => t('{0}. Compacted automatically.', text),
  useSummary: () => t('Use Summary'),
  undo: () => t('Undo'),
  tryAgain: () => t('Try Again'),
  nothingCompacted: (why: string) => t('Couldn’t compact the conversation. Nothing changed. {0}', why),
  continue: () => t('Continue'),
  announceCompacted: () => t('The conversation was compacted'),
  announceNotCompacted: () => t('The conversation wasn’t compacted'),

  moreActions: (label: string) => t('More Actions: {0}', label),
  moreActionsPrice: (tokens: string, usd: string) =>
    t('More Actions. Excluding this resends up to {0} tokens with the next message, {1}', tokens, usd),
  takeBack: () => t('Include'),
  turnOut: () => t('Excluded with its answer'),
  answerOut: () => t('Excluded'),
  spokenOut: (label: string) => t('{0}, excluded', label),
  attachmentOut: (label: string) => t('{0} (excluded)', label),
  attachmentRefused: (label: string) => t('{0} was rejected by the API and isn’t sent', label),
  refused: () => t('not sent: rejected'),
  announceOut: () => t('Excluded from context'),
  announceBack: () => t('Included in context'),

  wouldCost: (usd: string) => t('would cost {0}', usd),
  fieldOut: (field: string, host: string) => t('{0} isn’t sent to {1}.', field, host),
  tokensLimited: (host: string, tokens: string, model: string) =>
    t('Answers of {2} from {0} are limited to {1} tokens.', host, tokens, model),
  thinkingOut: (host: string) => t('Thinking without a signature isn’t sent to {0}.', host),

  missed: (why: string, tokens: string) => t('{0}: {1} tokens were resent instead of being read.', why, tokens),
  missedPriced: (why: string, tokens: string, usd: string) =>
    t('{0}: {1} tokens were resent, {2} more than reading them.', why, tokens, usd),
} as const;

export const missReasons: Readonly<Record<CacheMissReason, () => string>> = {
  model: () => t('The model changed'),
  effort: () => t('The effort or thinking setting changed'),
  system: () => t('The instructions or files at the beginning of the prompt changed'),
  tools: () => t('The tools changed'),
  messages: () => t('Earlier messages changed'),
  update: () => t('An update of Prelude changed the tools or instructions'),
  thinking: () => t('Earlier thinking couldn’t be sent again'),
  image: () => t('An image was added'),
  expired: () => t('The prompt cache had expired'),
  gone: () => t('The API dropped the prompt cache early'),
  notFound: () => t('The API no longer has the previous request'),
  unknown: () => t('The prompt cache was missed for an unknown reason'),
};

/** "The prompt cache had expired: 18.4k tokens were sent anew, $0.11 more than reading them." */
export function cacheMissText({ reason, tokens, usd }: CacheMiss): string {
  const why = missReasons[reason]();
  const size = tokenCount(tokens);
  return usd === null ? transcriptStrings.missed(why, size) : transcriptStrings.missedPriced(why, size, dollars(usd));
}

/** "Compacted: 182k → 6k tokens, $0.12". */
export function compactionText(item: CompactionItem, undone: boolean): string {
  if (item.outcome === null) return transcriptStrings.compacting();
  if (item.outcome.kind !== 'done') return transcriptStrings.compactFailed(dollars(item.usd));
  const before = tokenCount(item.tokensBefore);
  if (undone) return transcriptStrings.compactUndone(before);
  return transcriptStrings.compacted(before, tokenCount(item.tokensAfter), dollars(item.usd));
}
