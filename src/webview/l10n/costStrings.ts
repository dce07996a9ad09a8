/** What the line of the next message's cost says. Its popup has words of its own (costPopupStrings.ts). */
import { t } from './language';

/** The line below the composer, as it is shown and as it is read aloud. */
export const costStrings = {
  /** A figure with what is said about it: all that a screen reader, a hover and the line itself have. */
  about: (usd: string) => t('about {0}', usd),
  below: (usd: string) => t('< {0}', usd),
  range: (low: string, high: string) => t('{0}–{1}', low, high),
  wouldCost: (usd: string) => t('would cost {0}', usd),
  pause: (usd: string, pause: string) => t('{0}, {1} since the last message', usd, pause),
  fromSummary: (usd: string, summary: string) =>
    // The dot goes to the next line with what follows it.
    t('{0} · from a summary about {1}', usd, summary).replace('· ', '·\u00a0'),
  spokenSummary: (usd: string) => t('from a summary about {0}', usd),
  spoken: (usd: string) => t('Next message {0}', usd),
  spokenBelow: (usd: string) => t('less than {0}', usd),
  spokenRange: (low: number | string, high: string) => t('{0} to {1}', low, high),
  spokenDemo: (usd: string) => t('Next message would cost {0}', usd),
  spokenPause: (pause: string) => t('{0} since the last message', pause),
  spokenWindow: (percent: number) => t('{0} percent of the context window used', percent),
  today: (usd: string) => t('Today {0}', usd),
  todayOf: (usd: string, limit: string) => t('Today {0} of {1}', usd, limit),
  windowUsed: (percent: string, model: string) => t('{0} of the {1} context window used', percent, model),
  /** What a switch makes of the next message. */
  change: (from: string, to: string) => t('{0} → {1}', from, to),
  sentChanged: () => t('The context changed'),
  dearer: (change: string, usd: string) => t('{0}: the next message costs about {1} more', change, usd),
  dearerUnknown: (change: string) => t('{0}: the next message costs more', change),
} as const;
