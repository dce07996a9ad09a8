/** What an open picker says. */
import type { Beside, MentionKind } from '../../shared/mentions/mentions';
import type { SlashCommand } from '../../shared/slashCommands';
import { plural, t } from './language';
import { pickerButtonStrings, type ReviewWay } from './pickerButtonStrings';

/** The pickers of model, effort and review; prices and windows of models are told in them. */
export const pickerStrings = {
  ...pickerButtonStrings,
  models: () => t('Model'),
  efforts: () => t('Effort'),
  reviews: () => t('Edits'),
  reviewName: (way: ReviewWay) => (way === 'ask' ? t('Ask first') : t('Review at end')),
  reviewPhrase: (way: ReviewWay) =>
    way === 'ask'
      ? t('Each edit waits for your approval')
      : t('Edits are applied immediately. Keep or undo them at the end'),
  filter: () => t('Type to filter'),
  none: () => t('No matching results'),
  asking: () => t('Loading models…'),
  askingFailed: () => t('Couldn’t load models from the API. Showing built-in models.'),
  prices: (input: string, output: string) => t('{0} / {1}', input, output),
  pricesTitle: () => t('US dollars per million tokens, in / out'),
  spokenPrices: (input: string, output: string) => t('{0} in and {1} out per million tokens', input, output),
  window: (tokens: string) => t('{0} window', tokens),
  /** `usd` may be a bound: "< $0.01". */
  question: (usd: string) =>
    usd.startsWith('<') ? t('A question like yours {0}', usd) : t('A question like yours ≈ {0}', usd),
  spokenQuestion: (usd: string) => t('A question like yours costs about {0}', usd),
  above: (tokens: string, input: string, output: string) => t('above {0} tokens {1} / {2}', tokens, input, output),
  default: () => t('Default'),
  older: () => t('Older models'),
  cheaper: (name: string, percent: string) => t('{0} is newer and costs {1} less', name, percent),
  retires: (date: string) => t('Retires on {0}', date),
  retired: (date: string) => t('Retired on {0}', date),
  effortPhrase: (level: string) => (Object.hasOwn(effortPhrases, level) ? (effortPhrases[level]?.() ?? '') : ''),
} as const;

const effortPhrases: Readonly<Record<string, () => string>> = {
  low: () => t('Short, quick and cheap'),
  medium: () => t('A balance of cost and care'),
  high: () => t('Thinks when needed'),
  xhigh: () => t('For long work over many files'),
  max: () => t('As much as the model can do'),
};

/** What the list of an `@` says. */
export const mentionStrings = {
  title: () => t('Mention'),
  recent: () => t('recently used'),
  kind: (kind: MentionKind | 'command' | 'prompt') => kindNames[kind](),
  loading: () => t('Looking for files…'),
  none: () => t('No matching results'),
  count: (shown: number, total: number) =>
    shown < total ? t('{0} of {1} results', shown, total) : plural(total, '{0} result', '{0} results'),
} as const;

/** What a window has one of, as it is mentioned. */
export function besideName(kind: Beside['kind']): string {
  switch (kind) {
    case 'selection':
      return t('Selection');
    case 'problems':
      return t('Problems');
    case 'changes':
      return t('Changes');
    case 'terminal':
      return t('Terminal');
  }
}

const kindNames: Readonly<Record<MentionKind | 'command' | 'prompt', () => string>> = {
  file: () => t('file'),
  folder: () => t('folder'),
  symbol: () => t('symbol'),
  selection: () => t('selection'),
  problems: () => t('problems'),
  changes: () => t('changes'),
  terminal: () => t('terminal'),
  command: () => t('command'),
  prompt: () => t('prompt file'),
};

/** What the list of a `/` says. */
export const slashStrings = {
  title: () => t('Commands'),
  about: (command: SlashCommand) => aboutCommands[command](),
  notRun: (name: string) => t('Commands in {0} aren’t run. They stay in the text.', name),
  notPermitted: (name: string) => t('Tools and permissions that {0} names are ignored.', name),
} as const;

const aboutCommands: Readonly<Record<SlashCommand, () => string>> = {
  explain: () => t('Explain the selection'),
  fix: () => t('Fix the selection or the problems in the file'),
  tests: () => t('Write tests for the selection'),
  commit: () => t('Write a commit message'),
  compact: () => t('Compact the conversation'),
};
