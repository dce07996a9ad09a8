/** What is said of the next message's cost. */
import { t } from './language';

export const costStrings = {
  short: (usd: string, cold: boolean) => (cold ? t('≈ {0} (cold)', usd) : t('≈ {0}', usd)),
  long: (ask: string, answer: string, cold: boolean) =>
    cold ? t('Ask {0} (cache cold) + answer ≈ {1}', ask, answer) : t('Ask {0} + answer ≈ {1}', ask, answer),
  /** In the demo nothing is paid. */
  demo: (ask: string, answer: string, cold: boolean) =>
    cold
      ? t('Would cost {0} (cache cold) + answer ≈ {1}', ask, answer)
      : t('Would cost {0} + answer ≈ {1}', ask, answer),
  demoShort: (usd: string, cold: boolean) => (cold ? t('would cost {0} (cold)', usd) : t('would cost {0}', usd)),
  tokens: (tokens: string) => t('{0} tokens', tokens),
  cachedUnknown: () => t('— cached'),
  cached: (percent: number) => t('{0} % cached', percent),
  warmUntil: (time: string) => t('warm until {0}', time),
  spoken: (usd: string, cached: number, used: number) =>
    t('Next message about {0}, {1} percent cached, {2} percent of the window used', usd, cached, used),
  spokenCold: (usd: string, used: number) =>
    t('Next message about {0}, cache cold, {1} percent of the window used', usd, used),
  wentCold: () => t('The prompt cache expired'),
  windowUsed: (percent: number, tokens: string) => t('{0} % of the context window of {1} tokens', percent, tokens),
  part: (name: string, tokens: string) => t('{0}: {1}', name, tokens),

  popup: () => t('Next Message: Contents and Cost'),
  columnTokens: () => t('Tokens'),
  columnPrice: () => t('Price'),
  /** Each row by its name, and what that means. */
  rows: {
    cached: () => [t('Cached'), t('Read from the prompt cache')],
    fresh: () => [t('New'), t('Sent at the full price and not kept in the cache')],
    written: () => [t('Written'), t('Sent, and written to the prompt cache')],
    output: () => [t('Output'), t('The median of the last ten answers with this model and effort')],
    steps: () => [t('Tool steps'), t('What the further requests of such an answer read and write')],
  },
  ask: () => t('Asking'),
  together: () => t('Together'),
  warmNote: (time: string) => t('The prompt cache keeps this conversation until {0}.', time),
  coldNote: () => t('The prompt cache expired: everything is written to it again.'),
  unknownNote: () => t('The last answer didn’t report its usage, so the state of the prompt cache is unknown.'),
  parts: {
    tools: () => t('Tools'),
    instructions: () => t('Instructions'),
    files: () => t('Files and selection'),
    history: () => t('Conversation'),
    images: () => t('Images and documents'),
  },
  countExactly: () => t('Count exactly'),
  countTitle: () => t('Sends the message and its context to the API to count tokens. Free of charge.'),
  inspectRequest: () => t('Inspect Request'),
  inspectTitle: () => t('Shows the exact request, block by block. Sends nothing.'),
  estimated: () => t('Estimated on this machine. Nothing was sent.'),
  counted: () => t('Counted exactly by the API.'),
  counting: () => t('The API is counting…'),
  countFailed: {
    unsupported: () => t('This server doesn’t count tokens. Showing the estimate.'),
    failed: () => t('Couldn’t count tokens. Showing the estimate. Try again in a moment.'),
    noKey: () => t('Counting tokens needs an API key. Showing the estimate.'),
  },
} as const;
