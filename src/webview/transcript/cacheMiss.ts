/** Why an answer cost more than it would have with a warm cache, in a quiet line each. */
import { html, type TemplateResult } from 'lit-html';
import type { CacheMiss, CacheMissReason } from '../../shared/chat';
import { dollars, tokenCount } from '../l10n/format';
import { t } from '../l10n/language';

const reasons: Readonly<Record<CacheMissReason, () => string>> = {
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
  const why = reasons[reason]();
  const size = tokenCount(tokens);
  return usd === null
    ? t('{0}: {1} tokens were sent anew instead of being read.', why, size)
    : t('{0}: {1} tokens were sent anew, {2} more than reading them.', why, size, dollars(usd));
}

export function cacheMissLine(miss: CacheMiss): TemplateResult {
  const text = cacheMissText(miss);
  return html`<div class="line cacheMiss" data-reason=${miss.reason}><span class="codicon codicon-info" aria-hidden="true"></span><span class="lineWords" title=${text}>${text}</span></div>`;
}
