/** What the host says from where VS Code is not at hand: `localized`, or the panel, translates it. */

import type { Words } from '../../shared/chat';
import { phrase } from '../../shared/phrase';

/** Why something that was asked for is not done. */
export const refusals = {
  unknownIntent: (): Words => phrase('Prelude does not know what was asked for.'),
  notOfThePanel: (): Words => phrase('The panel does not do this.'),
  notOfTheUsageView: (): Words => phrase('The usage view does not do this.'),
  notShown: (): Words => phrase('This conversation is not shown any more.'),
  closing: (): Words => phrase('This conversation is being closed.'),
  busyElsewhere: (): Words => phrase('Another window is asking in this conversation.'),
  goneOnElsewhere: (): Words =>
    phrase('Another window has gone on with this conversation. Look at what it says first.'),
  busyToDelete: (): Words =>
    phrase('Another window is asking in this conversation. Stop it there before you delete it.'),
  conversationsGone: (): Words => phrase('These conversations are not there any more.'),
  notStored: (): Words => phrase('It is not in the store any more.'),
  answering: (): Words => phrase('An answer is being written in this conversation.'),
  nothingHelps: (): Words => phrase('Nothing is known that would help.'),
  allStored: (): Words => phrase('Everything is stored already.'),
  notWaiting: (): Words => phrase('This message is not waiting any more.'),
  messageGone: (): Words => phrase('This message is not in the conversation any more.'),
  waitToCompact: (): Words =>
    phrase('Wait until the answer has ended, or stop it: then the conversation can be compacted.'),
  nothingToCompact: (): Words =>
    phrase('There is nothing to compact: no answer has come since the conversation began or was compacted.'),
  waitForAnswer: (): Words => phrase('Wait until the answer has ended, or stop it.'),
  linkScheme: (): Words => phrase('Only http, https and mailto links are opened.'),
  noSuchEffort: (effort: string): Words => phrase('There is no effort {0}.', effort),
  notInWorkspace: (path: string): Words => phrase('{0} is not in this workspace any more.', path),
  noEditor: (): Words => phrase('Open a file first: the code goes where its cursor is.'),
  readOnlyEditor: (): Words => phrase('This editor cannot be changed.'),
  notReadable: (name: string, reason: string): Words => phrase('{0} could not be read: {1}', name, reason),
  notStorable: (name: string, reason: string): Words => phrase('{0} could not be stored: {1}', name, reason),
  imageAddress: (): Words => phrase('Only https addresses of PNG, JPEG, GIF and WebP images can be sent.'),
  secretFile: (name: string): Words =>
    phrase('{0} looks like a file with secrets, so it is not sent. Paste the lines that matter instead.', name),
  holdsKey: (name: string): Words =>
    phrase('{0} holds a private key or an access token, so it is not sent. Paste the lines that matter instead.', name),
  diskSilent: (name: string): Words => phrase('{0} could not be read: its disk does not answer.', name),
  notSent: (name: string): Words => phrase('{0} did not go along: its disk does not answer.', name),
} as const;

/** About API keys: why one is none, and what a server said of one. */
export const keyStrings = {
  empty: (): Words => phrase('Enter an API key.'),
  spaces: (): Words => phrase('An API key has no spaces or line breaks in it. Paste the key alone.'),
  characters: (): Words => phrase('This has characters that no API key has. Copy the key once more.'),
  quoted: (): Words => phrase('Leave out the quotation marks.'),
  address: (): Words => phrase('This is an address. The address goes into the setting prelude.baseUrl.'),
  shortened: (): Words => phrase('This key is shortened. Copy the whole key.'),
  admin: (): Words => phrase('This is an admin key, which cannot chat. Create an ordinary API key.'),
  login: (): Words => phrase('This is a login token of another program. Create an API key.'),
  tooShort: (): Words => phrase('This is too short for an API key.'),

  refused: (host: string): Words =>
    phrase('{0} refused this key: it may be mistyped, expired or revoked. Copy it once more, or create another.', host),
  noCredit: (host: string): Words => phrase('{0} knows this key, but its account has no credit left.', host),
  noList: (host: string): Words =>
    phrase('{0} knows this key, but does not let it list models. It may be able to chat.', host),
  rateLimited: (host: string): Words => phrase('{0} knows this key, but its rate limit is reached just now.', host),
  fault: (host: string): Words => phrase('{0} has a fault just now, so the key could not be checked.', host),
  unreachable: (host: string): Words => phrase('{0} cannot be reached, so the key could not be checked.', host),
  wrongAddress: (host: string): Words =>
    phrase('{0} does not answer as the Claude API does. Check the setting prelude.baseUrl.', host),
} as const;

/** Why a base URL is not used. */
export const addressStrings = {
  none: (address: string): string =>
    `The base URL ${address} is no address. It should look like https://api.anthropic.com.`,
  credentials: (): string =>
    'The base URL holds a user name or password. Leave them out; a gateway’s key goes in Set API Key.',
  query: (address: string): string => `The base URL ${address} must not have a query (?) or a fragment (#).`,
  unsafe: (address: string): string =>
    `The base URL ${address} is not safe for your API key. Use https://, or http:// to this machine itself (127.0.0.1).`,
} as const;

/** What is asked before a setting of the folder holds. */
export const folderStrings = {
  model: (other: string, itsPrice: string, yours: string, yourPrice: string): Words =>
    phrase(
      'The settings of this workspace choose the model {0} ({1}) instead of your {2} ({3}). Use it in this workspace?',
      other,
      itsPrice,
      yours,
      yourPrice,
    ),
  effort: (other: string | number, yours: string, model: string, price: string): Words =>
    phrase(
      'The settings of this workspace set the effort to {0} instead of your {1}. Higher effort thinks longer and costs more ({2}: {3}). Use it in this workspace?',
      other,
      yours,
      model,
      price,
    ),
  maxTokens: (other: string, price: string, model: string, yours: string): Words =>
    phrase(
      'The settings of this workspace set the most tokens of an answer to {0} ({1} with {2}) instead of your {3}. Use it in this workspace?',
      other,
      price,
      model,
      yours,
    ),
  use: (what: string | number): Words => phrase('Use {0}', what),
  keep: (): Words => phrase('Keep Mine'),
  default: (): string => 'default',
  priceUnknown: (): string => 'price unknown',
  price: (input: number, output: number): string => `$${input} in, $${output} out per million tokens`,
  answerPrice: (usd: string): string => `up to $${usd} an answer`,
} as const;

/** The list of what is left out for a server. */
export const limitStrings = {
  noAddress: (): Words => phrase('Nothing can be sent yet: there is no API key or no address for it.'),
  nothing: (host: string): Words => phrase('Nothing is left out for {0}.', host),
  notTakenBack: (reason: string): Words => phrase('Couldn’t take that back: {0}', reason),
  takenBack: (host: string): Words => phrase('From the next message on, {0} gets it again.', host),
  field: (): Words => phrase('A field is not sent'),
  maxTokens: (model: string, tokens: string): Words => phrase('Answers of {0} have at most {1} tokens', model, tokens),
  unsignedThinking: (): Words => phrase('Thinking without a signature is not sent back'),
} as const;

/** What it means that a field is not sent, by the field's path. */
export const fieldStrings: Readonly<Record<string, () => Words>> = {
  'thinking.display': () => phrase('How thinking is shown is not asked for'),
  thinking: () => phrase('Thinking is not asked for'),
  'output_config.effort': () => phrase('The effort is not sent'),
  'cache_control.ttl': () => phrase('How long the prompt cache keeps what is sent is not asked for'),
  cache_control: () => phrase('Cache breakpoints are not sent'),
  diagnostics: () => phrase('The reason of a missed cache is not asked for'),
  'document.title': () => phrase('Titles of documents are not sent'),
  tools: () => phrase('Tools are not offered'),
};

/** What is said of a model in the list. */
export const modelStrings = {
  chosen: (): Words => phrase('Chosen in the settings'),
  retiresSoon: (): Words => phrase('Will be switched off soon'),
  retiresOn: (date: string): Words => phrase('Will be switched off on {0}', date),
  default: (): Words => phrase('The default: careful with hard work'),
  listed: (): Words => phrase('Listed by the API'),
} as const;

/** The same, by the model's family. */
export const familyStrings: Readonly<Record<string, () => Words>> = {
  haiku: () => phrase('Quick and cheap, for simple questions'),
  sonnet: () => phrase('Fast and able, for everyday work'),
  opus: () => phrase('Careful with hard work'),
  fable: () => phrase('For the hardest work, at a higher price'),
  mythos: () => phrase('For the hardest work, at a higher price'),
};

/** Questions to begin with. */
export const promptStrings = {
  whatDoes: (place: string): Words => phrase('What does {0} do?', place),
  errors: (count: number, file: string): Words =>
    count === 1
      ? phrase('What causes the error in {0}?', file)
      : phrase('What causes the {0} errors in {1}?', count, file),
  mistakes: (file: string): Words => phrase('I am changing {0}. Do you see mistakes?', file),
  mistakesInTwo: (first: string, second: string): Words =>
    phrase('I am changing {0} and {1}. Do you see mistakes?', first, second),
  whoUses: (file: string): Words => phrase('Who uses {0}, and what for?', file),
  thisFolder: (): Words => phrase('What is in this folder?'),
  folder: (name: string): Words => phrase('What is in {0}, and where do I start reading?', name),
  whereDefined: (symbol: string): Words => phrase('Where is {0} defined?', symbol),
  whatSays: (file: string): Words => phrase('What does {0} say?', file),
} as const;
