/** Why a request failed: one table of codes, each with its words and with what can be done about it. */
import type { Remedy } from './remedy';

/** Things that a notice's button does, apart from what it says to the conversation. */
export const failureActions = [
  'setKey',
  'useEnvironmentKey',
  'declineEnvironmentKey',
  'openSettings',
  'openBilling',
  'openStatus',
  'openLog',
  'showUsage',
  'newChat',
] as const;

/**
 * `chooseModel` opens the picker, `manageExcluded` the list of what can be left out of what is sent. `mend` leaves out what the
 * server refused, from now on at its address, and tries again.
 */
export type NextStep =
  | (typeof failureActions)[number]
  | 'saveAsBranch'
  | 'copyAnswer'
  | 'retry'
  | 'continue'
  | 'stop'
  | 'restorePrompt'
  | 'chooseModel'
  | 'compact'
  | 'manageExcluded'
  | 'mend';

interface FailureRow {
  /** English, translated where it is shown; {0} is the name of the model. */
  readonly text: string;
  /** The first is the primary button. */
  readonly steps: readonly [NextStep, ...NextStep[]];
  /** When the same request is sent again by itself: soon, where the response advises it, or never, since it would end the same way for as long as nothing is changed. */
  readonly again: 'soon' | 'advised' | 'never';
}

/** To add a code is to add its row. */
const failures = {
  noKey: { text: 'No API key is set.', steps: ['setKey', 'retry'], again: 'never' },
  badKey: { text: 'The API key was rejected.', steps: ['setKey', 'retry'], again: 'never' },
  noCredit: { text: 'Your Anthropic account is out of credits.', steps: ['openBilling', 'retry'], again: 'never' },
  notPermitted: { text: 'This API key doesn’t have access to {0}.', steps: ['chooseModel', 'retry'], again: 'never' },
  unknownModel: { text: 'The API doesn’t know the model {0}.', steps: ['chooseModel', 'retry'], again: 'never' },
  promptTooLong: {
    text: 'The conversation is too long for {0}.',
    steps: ['compact', 'manageExcluded', 'newChat'],
    again: 'never',
  },
  requestTooLarge: {
    text: 'The request is too large to send.',
    steps: ['compact', 'manageExcluded', 'newChat'],
    again: 'never',
  },
  /** An optional field is not taken there. */
  fieldRefused: {
    text: 'The server doesn’t support part of the request.',
    steps: ['retry', 'chooseModel', 'openLog'],
    again: 'never',
  },
  /** More output was asked for than the server gives. */
  maxTokens: {
    text: 'The server limits answers of {0} to a shorter length than requested.',
    steps: ['openSettings', 'retry'],
    again: 'never',
  },
  mediaRefused: { text: 'The API rejected an image or document.', steps: ['manageExcluded', 'retry'], again: 'never' },
  badRequest: {
    text: 'The API rejected the request.',
    steps: ['retry', 'manageExcluded', 'openLog'],
    again: 'advised',
  },
  rateLimited: { text: 'The rate limit of your API key is reached.', steps: ['retry'], again: 'soon' },
  spendLimit: { text: 'The spend limit of your account is reached.', steps: ['openBilling', 'retry'], again: 'never' },
  overloaded: { text: 'Claude is overloaded.', steps: ['retry', 'openStatus'], again: 'soon' },
  serverError: { text: 'The API returned a server error.', steps: ['retry', 'openStatus'], again: 'soon' },
  noConnection: { text: 'Couldn’t reach the API.', steps: ['retry', 'openSettings'], again: 'soon' },
  connectionLost: { text: 'The connection was lost during the answer.', steps: ['retry'], again: 'soon' },
  stalled: { text: 'The answer stopped arriving.', steps: ['retry'], again: 'advised' },
  badAddress: {
    text: 'The base URL in the settings isn’t a valid address.',
    steps: ['openSettings', 'retry'],
    again: 'never',
  },
  wrongAddress: {
    text: 'The server at the base URL in the settings isn’t a Claude API.',
    steps: ['openSettings', 'retry'],
    again: 'never',
  },
  /** The server points elsewhere, which is not followed. */
  redirected: {
    text: 'The base URL in the settings redirects to another address, which Prelude doesn’t follow.',
    steps: ['openSettings', 'retry'],
    again: 'never',
  },
  unknownError: {
    text: 'The server reported an unknown error.',
    steps: ['retry', 'openLog'],
    again: 'advised',
  },
  /** More than any model writes came. */
  answerTooLarge: {
    text: 'The answer was stopped because it was too large.',
    steps: ['retry', 'openSettings'],
    again: 'advised',
  },
  storeFailed: {
    text: 'Nothing was sent. Couldn’t save the conversation.',
    steps: ['openLog', 'retry'],
    again: 'advised',
  },
  /** What a turn brought lies in a rescue file. */
  storeRescued: {
    text: 'The answer is kept in a file and is saved as soon as possible. Couldn’t save it yet.',
    steps: ['copyAnswer', 'openLog'],
    again: 'advised',
  },
  /** What a turn brought is nowhere but on the screen. */
  storeLost: {
    text: 'The answer is only on the screen. Couldn’t save it.',
    steps: ['copyAnswer', 'saveAsBranch', 'openLog'],
    again: 'advised',
  },
  overtaken: {
    text: 'The answer is only on the screen. Another window continued this conversation.',
    steps: ['saveAsBranch', 'copyAnswer'],
    again: 'advised',
  },
  internal: { text: 'Prelude failed.', steps: ['retry', 'openLog'], again: 'advised' },
} as const satisfies Readonly<Record<string, FailureRow>>;

/** A kind of failure; the codes are stored in records. */
export type FailureCode = keyof typeof failures;

/** What is known of a code. A later version may have stored one that this one does not know. */
export function failureRow(code: FailureCode): FailureRow {
  return Object.hasOwn(failures, code) ? failures[code] : failures.unknownError;
}

/** Why a request failed, without words: those of its code are put in where it is shown. JSON-safe. */
export interface TurnFailure {
  readonly code: FailureCode;
  /** HTTP status; null when there was no response. */
  readonly status: number | null;
  /** The API's `error.type`; null when there was none. */
  readonly type: string | null;
  readonly requestId: string | null;
  /** The API's own message, or the system's. */
  readonly message: string;
  /** True when some of the answer had arrived and is kept. */
  readonly partial: boolean;
  /** Added where it is shown; never stored. */
  readonly remedy?: Remedy;
}
