/** What the host says from where VS Code is not at hand: `localized`, or the panel, translates it. */
import type { LocalizableMessage } from '../../shared/chat';
import { phrase } from '../../shared/phrase';

/** Why something that was asked for is not done. */
export const refusals = {
  unknownIntent: () => phrase('Unknown request.'),
  notOfThePanel: () => phrase('The panel doesn’t support this.'),
  notOfTheUsageView: () => phrase('The usage view doesn’t support this.'),
  notShown: () => phrase('This conversation is no longer shown.'),
  closing: () => phrase('This conversation is being closed.'),
  busyElsewhere: () => phrase('This conversation is in use in another window. Try again when it finishes.'),
  goneOnElsewhere: () => phrase('Another window continued this conversation. Review it first.'),
  busyToDelete: () => phrase('This conversation is in use in another window. Stop it there before you delete it.'),
  conversationsGone: () => phrase('These conversations no longer exist.'),
  notStored: () => phrase('This conversation no longer exists.'),
  answeredAlready: () => phrase('This approval was already answered.'),
  nothingToExport: () => phrase('There are no conversations to export.'),
  answering: () => phrase('An answer is being written in this conversation.'),
  nothingHelps: () => phrase('No known fix.'),
  allStored: () => phrase('Everything is saved already.'),
  notWaiting: () => phrase('This message is no longer queued.'),
  notAsking: () => phrase('This is no longer waiting for approval.'),
  callEnded: () => phrase('This has finished already.'),
  outputGone: () => phrase('This output is no longer in the conversation.'),
  textGone: () => phrase('This text is no longer stored.'),
  messageGone: () => phrase('This message is no longer in the conversation.'),
  forkOf: (title: string) => phrase('Fork of {0}', title),
  branchGone: () => phrase('This branch is no longer in the conversation.'),
  waitToCompact: () => phrase('Wait for the answer to finish or stop it before you compact the conversation.'),
  nothingToCompact: () =>
    phrase('Nothing to compact: there is no answer since the conversation started or was compacted.'),
  waitForAnswer: () => phrase('Wait for the answer to finish, or stop it.'),
  editsGone: () => phrase('These changes are no longer in the conversation.'),
  hunkGone: () => phrase('This change is no longer in the file.'),
  changedSince: (path: string) => phrase('Someone else changed these lines of {0} since.', path),
  fileChanges: (path: string) => phrase('{0} keeps changing. Try again.', path),
  versionGone: () => phrase('The earlier version of the file is gone.'),
  nothingWritten: () => phrase('Files can’t be changed here.'),
  notWritten: (reason: string) => phrase('{0}', reason),
  noBlockFile: () => phrase('First open the file that the code belongs to.'),
  blockThere: (path: string) => phrase('{0} already has this code.', path),
  asksAnew: (path: string) => phrase('{0} has changed. Review the change again.', path),
  noBlock: () => phrase('There is no code in this block.'),
  linkScheme: () => phrase('Only http, https and mailto links can be opened.'),
  noSuchEffort: (effort: string) => phrase('There is no effort {0}.', effort),
  notInWorkspace: (path: string) => phrase('Couldn’t find {0} in this workspace.', path),
  noSymbol: (name: string) => phrase('Couldn’t find {0} in this workspace.', name),
  notOpen: (name: string) => phrase('{0} is no longer open.', name),
  gone: (name: string) => phrase('{0} no longer exists.', name),
  nothingSelected: () => phrase('Nothing is selected.'),
  noTerminalOutput: () => phrase('No command has finished in a terminal yet.'),
  nothingToFix: () => phrase('Select code, or open a file that has problems.'),
  noEditor: () => phrase('Open a file first. The code is inserted at its cursor.'),
  compactAlone: () => phrase('Send /compact alone: nothing can be written or attached with it.'),
  compactEdited: () => phrase('Send /compact as a new message. A message that was sent can’t become it.'),
  promptGone: () => phrase('This prompt can no longer be read.'),
  whichEditor: () => phrase('Several editors are open. Click in the one that the code is for, then insert it.'),
  nothingToInsert: () => phrase('There is no command in this block.'),
  severalLines: () => phrase('Several lines would run as soon as they are inserted. Copy them instead.'),
  hiddenCharacters: () => phrase('This has characters that you can’t see or that act as keys. Copy it and look first.'),
  longLine: () => phrase('This line is too long for a terminal. Copy it instead.'),
  readOnlyEditor: () => phrase('This editor is read-only.'),
  notReadable: (name: string, reason: string) => phrase('Couldn’t read {0}: {1}', name, reason),
  symbolGone: (name: string) => phrase('{0} isn’t where it was found. Mention it again.', name),
  notStorable: (name: string, reason: string) => phrase('Couldn’t save {0}: {1}', name, reason),
  imageAddress: () => phrase('Only https addresses of PNG, JPEG, GIF and WebP images can be sent.'),
  secretFile: (name: string) =>
    phrase('{0} looks like a file with secrets, so it is not sent. Paste the lines that matter instead.', name),
  holdsKey: (name: string) =>
    phrase('{0} holds a private key or an access token, so it is not sent. Paste the lines that matter instead.', name),
  diskSilent: (name: string) => phrase('Couldn’t read {0}: its disk isn’t responding.', name),
  notSent: (name: string) => phrase('{0} wasn’t included: its disk isn’t responding.', name),
} as const;

/** How what was mentioned is named beside the message. */
export const mentionNames = {
  problems: () => phrase('Problems'),
  changes: () => phrase('Changes'),
} as const;

/** Why something that is open does not go along, behind its name: “logo.png · image”. */
export const absences = {
  outside: () => phrase('outside the workspace'),
  secret: () => phrase('may hold secrets'),
  ignored: () => phrase('ignored'),
  image: () => phrase('image'),
  pdf: () => phrase('PDF'),
  binary: () => phrase('binary'),
  tooLarge: () => phrase('too large'),
  tooMany: () => phrase('too many open files'),
  tooManyImports: () => phrase('too many imports'),
  tooDeep: () => phrase('imported too deep'),
  cut: () => phrase('only its first 48 KB'),
  unreadable: () => phrase('can’t be read'),
  diskSilent: () => phrase('its disk isn’t responding'),
  selectionOnly: () => phrase('only what is selected'),
  page: () => phrase('no text'),
} as const;

/** About API keys: why one is none, and what a server said of one. */
export const keyStrings = {
  empty: () => phrase('Enter an API key.'),
  spaces: () => phrase('An API key has no spaces or line breaks in it. Paste the key alone.'),
  characters: () => phrase('This has characters that no API key has. Copy the key once more.'),
  quoted: () => phrase('Leave out the quotation marks.'),
  address: () => phrase('This is an address. The address goes into the setting prelude.baseUrl.'),
  shortened: () => phrase('This key is shortened. Copy the whole key.'),
  admin: () => phrase('This is an admin key, which can’t chat. Create an ordinary API key.'),
  login: () => phrase('This is a login token of another program. Create an API key.'),
  tooShort: () => phrase('This is too short for an API key.'),

  refused: (host: string) =>
    phrase('{0} rejected this key. It may be mistyped, expired or revoked. Copy it again or create another.', host),
  noCredit: (host: string) => phrase('The key works at {0}, but its account is out of credits.', host),
  noList: (host: string) => phrase('The key works at {0}, but can’t list models. It may still be able to chat.', host),
  rateLimited: (host: string) => phrase('The key works at {0}, but its rate limit is currently reached.', host),
  fault: (host: string) => phrase('Couldn’t check the key: {0} returned a server error.', host),
  unreachable: (host: string) => phrase('Couldn’t check the key: {0} can’t be reached.', host),
  wrongAddress: (host: string) => phrase('{0} isn’t a Claude API. Check the setting prelude.baseUrl.', host),
} as const;

/** Why a base URL is not used. */
export const addressStrings = {
  none: (address: string) => `The base URL ${address} is no address. It should look like https://api.anthropic.com.`,
  credentials: () => 'The base URL holds a user name or password. Leave them out; a gateway’s key goes in Set API Key.',
  query: (address: string) => `The base URL ${address} must not have a query (?) or a fragment (#).`,
  unsafe: (address: string) =>
    `The base URL ${address} is not safe for your API key. Use https://, or http:// to this machine itself (127.0.0.1).`,
} as const;

/** What is asked before a setting of the folder holds. */
export const folderStrings = {
  model: (other: string, itsPrice: LocalizableMessage, yours: string, yourPrice: LocalizableMessage) =>
    phrase(
      'The settings of this workspace choose the model {0} ({1}) instead of your {2} ({3}). Use it in this workspace?',
      other,
      itsPrice,
      yours,
      yourPrice,
    ),
  effort: (other: string | number, yours: string, model: string, price: LocalizableMessage) =>
    phrase(
      'The settings of this workspace set the effort to {0} instead of your {1}. Higher effort thinks longer and costs more ({2}: {3}). Use it in this workspace?',
      other,
      yours,
      model,
      price,
    ),
  maxTokens: (other: string, price: LocalizableMessage, model: string, yours: string | LocalizableMessage) =>
    phrase(
      'The settings of this workspace set the most tokens of an answer to {0} ({1} with {2}) instead of your {3}. Use it in this workspace?',
      other,
      price,
      model,
      yours,
    ),
  use: (what: string | number) => phrase('Use {0}', what),
  keep: () => phrase('Keep Mine'),
  default: () => phrase('default'),
  priceUnknown: () => phrase('price unknown'),
  price: (input: number, output: number) => phrase('{0} in, {1} out per million tokens', `$${input}`, `$${output}`),
  answerPrice: (usd: string) => phrase('up to {0} an answer', `$${usd}`),
} as const;

/** The list of what is left out for a server. */
export const limitStrings = {
  noAddress: () => phrase('Nothing can be sent yet: no API key or base URL is set.'),
  nothing: (host: string) => phrase('Everything is sent to {0}.', host),
  notTakenBack: (reason: string) => phrase('Couldn’t undo this: {0}', reason),
  takenBack: (host: string) => phrase('It is sent to {0} again from the next message on.', host),
  field: () => phrase('A field is not sent'),
  maxTokens: (model: string, tokens: string) => phrase('Answers of {0} have at most {1} tokens', model, tokens),
  unsignedThinking: () => phrase('Thinking without a signature is not sent back'),
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
  'tools.server': () => phrase('Web search and web fetch are not offered'),
  tools: () => phrase('Tools are not offered'),
};

/** What is said of a model in the list. */
export const modelStrings = {
  chosen: () => phrase('Chosen in the settings'),
  retiresSoon: () => phrase('Retires soon'),
  default: () => phrase('The default: careful with hard work'),
  listed: () => phrase('Listed by the API'),
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
  whatDoes: (place: string) => phrase('What does {0} do?', place),
  errors: (count: number, file: string) =>
    count === 1 ? phrase('Fix the error in {0}.', file) : phrase('Fix the {0} errors in {1}.', count, file),
  mistakes: (file: string) => phrase('I am changing {0}. Do you see mistakes?', file),
  mistakesInTwo: (first: string, second: string) =>
    phrase('I am changing {0} and {1}. Do you see mistakes?', first, second),
  whoUses: (file: string) => phrase('Who uses {0}, and what for?', file),
  thisFolder: () => phrase('What is in this folder?'),
  smallFlaw: () => phrase('Find a small flaw in this folder and fix it.'),
  folder: (name: string) => phrase('What is in {0}, and where do I start reading?', name),
  whereDefined: (symbol: string) => phrase('Where is {0} defined?', symbol),
  whatSays: (file: string) => phrase('What does {0} say?', file),
} as const;
