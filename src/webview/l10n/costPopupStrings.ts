/** What the popup of the next message's cost says. */
import { t } from './language';

/** The table of tokens and prices, translated when it is called. */
export const costPopupStrings = {
  windowFills: (percent: string, model: string) =>
    t('This conversation uses {0} of the {1} context window.', percent, model),
  fromSummary: (usd: string) => t('From a summary the next message costs about {0}.', usd),
  continueFromSummary: () => t('Continue from a Summary'),
  summaryHint: (model: string) =>
    t('{0} summarizes the conversation, the last turn stays word for word. You can undo this.', model),
  shortenedHint: () =>
    t('Long tool results before the last turn are shortened for the summary. The conversation keeps them.'),
  /** Of a question of a command that the open chat was too dear for. */
  dearer: {
    waits: (usd: string) => t('Goes to a new chat; the open one would cost {0}', usd),
    asked: (usd: string) => t('Asked in a new chat; the open one would have cost {0}', usd),
    there: () => t('Also asked in the other chat'),
  },
  askThere: () => t('Ask There'),
  openChat: () => t('Open Chat'),
  /** Of a question that waits, since it costs that much. */
  waits: (usd: string) => t('Waiting for your click: about {0}', usd),
  sendAt: (words: string, usd: string) => t('Send: {0}, about {1}', words, usd),
  exclude: () => t('Exclude…'),
  windowUsed: (percent: string, tokens: string) => t('{0} of the context window of {1} tokens', percent, tokens),
  popup: () => t('Next Message: Contents and Cost'),
  columnTokens: () => t('Tokens'),
  columnPrice: () => t('Price'),
  /** Each row by its name, and what that means. */
  rows: {
    cached: () => [t('Cached'), t('Read from the prompt cache')],
    fresh: () => [t('New'), t('Sent at the full price and not kept in the cache')],
    written: () => [t('Written'), t('Sent, and written to the prompt cache')],
    output: () => [t('Output'), t('The median of the last 50 turns with this effort')],
    steps: () => [t('Tool steps'), t('What the further requests of such a turn read and write, and its web searches')],
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
  countExactly: () => t('Count Exactly'),
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
