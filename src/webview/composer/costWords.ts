/** What is said of the next message's cost. */
import { t } from '../words';

export const costWords = {
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
  cached: (percent: number) => t('{0} % cached', percent),
  warmUntil: (time: string) => t('warm until {0}', time),
  spoken: (usd: string, cached: number, used: number) =>
    t('Next message about {0}, {1} percent cached, {2} percent of the window used', usd, cached, used),
  spokenCold: (usd: string, used: number) =>
    t('Next message about {0}, cache cold, {1} percent of the window used', usd, used),
  wentCold: () => t('The prompt cache has gone cold'),
  windowUsed: (percent: number, tokens: string) => t('{0} % of the context window of {1} tokens', percent, tokens),
} as const;
