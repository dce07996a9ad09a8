/** What the transcript says of compaction, of what is left out, of missed caches and of what a server does not get. */
import type { CacheMiss, CacheMissReason, CompactionItem } from '../../shared/chat';
import { dollars, tokenCount } from './format';
import { t } from './language';

export const transcriptWords = {
  windowFills: (percent: number, model: string) => t('The conversation fills {0} % of {1}’s window.', percent, model),
  compactPrice: (usd: string) => t('Compacting it costs about {0}.', usd),
  compactHint: () => t('Claude sums up what was said; the summary is sent in its place. It can be undone.'),
  compact: () => t('Compact'),
  leaveOut: () => t('Leave Out…'),
  notNow: () => t('Not Now'),
  compacting: () => t('Compacting the conversation'),
  compactFailed: (usd: string) => t('Not compacted, {0}', usd),
  compactUndone: (tokens: string) => t('Compaction undone: {0} tokens are sent again', tokens),
  compacted: (before: string, after: string, usd: string) => t('Compacted: {0} → {1} tokens, {2}', before, after, usd),
  /** Read out for the arrow. */
  to: () => t('to'),
  automatic: (text: string) => t('{0}. Automatic, by the setting.', text),
  useSummary: () => t('Use Summary'),
  undo: () => t('Undo'),
  tryAgain: () => t('Try Again'),
  nothingCompacted: (why: string) => t('Nothing was compacted, and everything is sent as before. {0}', why),
  continue: () => t('Continue'),
  announceCompacted: () => t('The conversation was compacted'),
  announceNotCompacted: () => t('The conversation was not compacted'),

  moreActions: (label: string) => t('More actions: {0}', label),
  moreActionsPrice: (tokens: string, usd: string) =>
    t('More actions. Leaving it out makes the next message write up to {0} tokens anew, {1}', tokens, usd),
  takeBack: () => t('Take Back'),
  turnOut: () => t('Left out, with its answer'),
  answerOut: () => t('Left out'),
  spokenOut: (label: string) => t('{0}, left out', label),
  attachmentOut: (label: string) => t('{0} (left out)', label),
  attachmentRefused: (label: string) => t('{0} was refused and is not sent', label),
  refused: () => t('not sent: refused'),
  announceOut: () => t('Left out of what is sent'),
  announceBack: () => t('Taken back into what is sent'),

  wouldCost: (usd: string) => t('would cost {0}', usd),
  fieldOut: (field: string, host: string) => t('{0} is not sent to {1}.', field, host),
  tokensLimited: (host: string, tokens: string, model: string) =>
    t('{0} is asked for at most {1} tokens of {2}.', host, tokens, model),
  thinkingOut: (host: string) => t('Thinking without a signature is not sent to {0}.', host),

  missed: (why: string, tokens: string) => t('{0}: {1} tokens were sent anew instead of being read.', why, tokens),
  missedPriced: (why: string, tokens: string, usd: string) =>
    t('{0}: {1} tokens were sent anew, {2} more than reading them.', why, tokens, usd),
} as const;

export const missReasons: Readonly<Record<CacheMissReason, () => string>> = {
  model: () => t('Another model answered than before'),
  effort: () => t('The effort or the thinking changed'),
  system: () => t('The instructions or files at the beginning of the prompt changed'),
  tools: () => t('The tools changed'),
  messages: () => t('Earlier messages changed'),
  update: () => t('An update of Prelude changed the tools or the instructions'),
  thinking: () => t('Earlier thinking could not be sent again'),
  image: () => t('An image was added'),
  expired: () => t('The prompt cache had expired'),
  gone: () => t('The API had dropped the prompt cache early'),
  notFound: () => t('The API no longer knew the request before'),
  unknown: () => t('The prompt cache was missed, and the API does not say why'),
};

/** "The prompt cache had expired: 18.4k tokens were sent anew, $0.11 more than reading them." */
export function cacheMissText({ reason, tokens, usd }: CacheMiss): string {
  const why = missReasons[reason]();
  const size = tokenCount(tokens);
  return usd === null ? transcriptWords.missed(why, size) : transcriptWords.missedPriced(why, size, dollars(usd));
}

/** "Compacted: 182k → 6k tokens, $0.12". */
export function compactionText(item: CompactionItem, undone: boolean): string {
  if (item.outcome === null) return transcriptWords.compacting();
  if (item.outcome.kind !== 'done') return transcriptWords.compactFailed(dollars(item.usd));
  const before = tokenCount(item.tokensBefore);
  if (undone) return transcriptWords.compactUndone(before);
  return transcriptWords.compacted(before, tokenCount(item.tokensAfter), dollars(item.usd));
}
