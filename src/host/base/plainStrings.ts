/** What the host says from where VS Code is not at hand: `localized`, or the panel, translates it. */

import type { LocalizableMessage } from '../../shared/chat';
import { phrase } from '../../shared/phrase';

/** Why something that was asked for is not done. */
export const refusals = {
  unknownIntent: (): LocalizableMessage => phrase('Prelude does not know what was asked for.'),
  notOfThePanel: (): LocalizableMessage => phrase('The panel does not do this.'),
  notOfTheUsageView: (): LocalizableMessage => phrase('The usage view does not do this.'),
  notShown: (): LocalizableMessage => phrase('This conversation is not shown any more.'),
  closing: (): LocalizableMessage => phrase('This conversation is being closed.'),
  busyElsewhere: (): LocalizableMessage => phrase('Another window is asking in this conversation.'),
  goneOnElsewhere: (): LocalizableMessage =>
    phrase('Another window has gone on with this conversation. Look at what it says first.'),
  busyToDelete: (): LocalizableMessage =>
    phrase('Another window is asking in this conversation. Stop it there before you delete it.'),
  conversationsGone: (): LocalizableMessage => phrase('These conversations are not there any more.'),
  notStored: (): LocalizableMessage => phrase('It is not in the store any more.'),
  answering: (): LocalizableMessage => phrase('An answer is being written in this conversation.'),
  nothingHelps: (): LocalizableMessage => phrase('Nothing is known that would help.'),
  allStored: (): LocalizableMessage => phrase('Everything is stored already.'),
  notWaiting: (): LocalizableMessage => phrase('This message is not waiting any more.'),
  messageGone: (): LocalizableMessage => phrase('This message is not in the conversation any more.'),
  waitToCompact: (): LocalizableMessage =>
    phrase('Wait until the answer has ended, or stop it: then the conversation can be compacted.'),
  nothingToCompact: (): LocalizableMessage =>
    phrase('There is nothing to compact: no answer has come since the conversation began or was compacted.'),
  waitForAnswer: (): LocalizableMessage => phrase('Wait until the answer has ended, or stop it.'),
  linkScheme: (): LocalizableMessage => phrase('Only http, https and mailto links are opened.'),
  noSuchEffort: (effort: string): LocalizableMessage => phrase('There is no effort {0}.', effort),
  notInWorkspace: (path: string): LocalizableMessage => phrase('{0} is not in this workspace any more.', path),
  noEditor: (): LocalizableMessage => phrase('Open a file first: the code goes where its cursor is.'),
  readOnlyEditor: (): LocalizableMessage => phrase('This editor cannot be changed.'),
  notReadable: (name: string, reason: string): LocalizableMessage => phrase('{0} could not be read: {1}', name, reason),
  notStorable: (name: string, reason: string): LocalizableMessage =>
    phrase('{0} could not be stored: {1}', name, reason),
  imageAddress: (): LocalizableMessage => phrase('Only https addresses of PNG, JPEG, GIF and WebP images can be sent.'),
  secretFile: (name: string): LocalizableMessage =>
    phrase('{0} looks like a file with secrets, so it is not sent. Paste the lines that matter instead.', name),
  holdsKey: (name: string): LocalizableMessage =>
    phrase('{0} holds a private key or an access token, so it is not sent. Paste the lines that matter instead.', name),
  diskSilent: (name: string): LocalizableMessage => phrase('{0} could not be read: its disk does not answer.', name),
  notSent: (name: string): LocalizableMessage => phrase('{0} did not go along: its disk does not answer.', name),
} as const;

/** About API keys: why one is none, and what a server said of one. */
export const keyStrings = {
  empty: (): LocalizableMessage => phrase('Enter an API key.'),
  spaces: (): LocalizableMessage => phrase('An API key has no spaces or line breaks in it. Paste the key alone.'),
  characters: (): LocalizableMessage => phrase('This has characters that no API key has. Copy the key once more.'),
  quoted: (): LocalizableMessage => phrase('Leave out the quotation marks.'),
  address: (): LocalizableMessage => phrase('This is an address. The address goes into the setting prelude.baseUrl.'),
  shortened: (): LocalizableMessage => phrase('This key is shortened. Copy the whole key.'),
  admin: (): LocalizableMessage => phrase('This is an admin key, which cannot chat. Create an ordinary API key.'),
  login: (): LocalizableMessage => phrase('This is a login token of another program. Create an API key.'),
  tooShort: (): LocalizableMessage => phrase('This is too short for an API key.'),

  refused: (host: string): LocalizableMessage =>
    phrase('{0} refused this key: it may be mistyped, expired or revoked. Copy it once more, or create another.', host),
  noCredit: (host: string): LocalizableMessage =>
    phrase('{0} knows this key, but its account has no credit left.', host),
  noList: (host: string): LocalizableMessage =>
    phrase('{0} knows this key, but does not let it list models. It may be able to chat.', host),
  rateLimited: (host: string): LocalizableMessage =>
    phrase('{0} knows this key, but its rate limit is reached just now.', host),
  fault: (host: string): LocalizableMessage =>
    phrase('{0} has a fault just now, so the key could not be checked.', host),
  unreachable: (host: string): LocalizableMessage =>
    phrase('{0} cannot be reached, so the key could not be checked.', host),
  wrongAddress: (host: string): LocalizableMessage =>
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
  model: (other: string, itsPrice: string, yours: string, yourPrice: string): LocalizableMessage =>
    phrase(
      'The settings of this workspace choose the model {0} ({1}) instead of your {2} ({3}). Use it in this workspace?',
      other,
      itsPrice,
      yours,
      yourPrice,
    ),
  effort: (other: string | number, yours: string, model: string, price: string): LocalizableMessage =>
    phrase(
      'The settings of this workspace set the effort to {0} instead of your {1}. Higher effort thinks longer and costs more ({2}: {3}). Use it in this workspace?',
      other,
      yours,
      model,
      price,
    ),
  maxTokens: (other: string, price: string, model: string, yours: string): LocalizableMessage =>
    phrase(
      'The settings of this workspace set the most tokens of an answer to {0} ({1} with {2}) instead of your {3}. Use it in this workspace?',
      other,
      price,
      model,
      yours,
    ),
  use: (what: string | number): LocalizableMessage => phrase('Use {0}', what),
  keep: (): LocalizableMessage => phrase('Keep Mine'),
  default: (): string => 'default',
  priceUnknown: (): string => 'price unknown',
  price: (input: number, output: number): string => `$${input} in, $${output} out per million tokens`,
  answerPrice: (usd: string): string => `up to $${usd} an answer`,
} as const;

/** The list of what is left out for a server. */
export const limitStrings = {
  noAddress: (): LocalizableMessage => phrase('Nothing can be sent yet: there is no API key or no address for it.'),
  nothing: (host: string): LocalizableMessage => phrase('Nothing is left out for {0}.', host),
  notTakenBack: (reason: string): LocalizableMessage => phrase('Couldn’t take that back: {0}', reason),
  takenBack: (host: string): LocalizableMessage => phrase('From the next message on, {0} gets it again.', host),
  field: (): LocalizableMessage => phrase('A field is not sent'),
  maxTokens: (model: string, tokens: string): LocalizableMessage =>
    phrase('Answers of {0} have at most {1} tokens', model, tokens),
  unsignedThinking: (): LocalizableMessage => phrase('Thinking without a signature is not sent back'),
} as const;

/** What it means that a field is not sent, by the field's path. */
export const fieldStrings: Readonly<Record<string, () => LocalizableMessage>> = {
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
  chosen: (): LocalizableMessage => phrase('Chosen in the settings'),
  retiresSoon: (): LocalizableMessage => phrase('Will be switched off soon'),
  retiresOn: (date: string): LocalizableMessage => phrase('Will be switched off on {0}', date),
  default: (): LocalizableMessage => phrase('The default: careful with hard work'),
  listed: (): LocalizableMessage => phrase('Listed by the API'),
} as const;

/** The same, by the model's family. */
export const familyStrings: Readonly<Record<string, () => LocalizableMessage>> = {
  haiku: () => phrase('Quick and cheap, for simple questions'),
  sonnet: () => phrase('Fast and able, for everyday work'),
  opus: () => phrase('Careful with hard work'),
  fable: () => phrase('For the hardest work, at a higher price'),
  mythos: () => phrase('For the hardest work, at a higher price'),
};

/** Questions to begin with. */
export const promptStrings = {
  whatDoes: (place: string): LocalizableMessage => phrase('What does {0} do?', place),
  errors: (count: number, file: string): LocalizableMessage =>
    count === 1
      ? phrase('What causes the error in {0}?', file)
      : phrase('What causes the {0} errors in {1}?', count, file),
  mistakes: (file: string): LocalizableMessage => phrase('I am changing {0}. Do you see mistakes?', file),
  mistakesInTwo: (first: string, second: string): LocalizableMessage =>
    phrase('I am changing {0} and {1}. Do you see mistakes?', first, second),
  whoUses: (file: string): LocalizableMessage => phrase('Who uses {0}, and what for?', file),
  thisFolder: (): LocalizableMessage => phrase('What is in this folder?'),
  folder: (name: string): LocalizableMessage => phrase('What is in {0}, and where do I start reading?', name),
  whereDefined: (symbol: string): LocalizableMessage => phrase('Where is {0} defined?', symbol),
  whatSays: (file: string): LocalizableMessage => phrase('What does {0} say?', file),
} as const;
