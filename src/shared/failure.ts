/** Why a request failed, as codes that both sides of the panel know. Imports types of its neighbours only; JSON-safe. */
import type { Remedy } from './remedy';

/** Why a request failed, without words: the view has those. */
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

export type FailureCode =
  | 'noKey'
  | 'badKey'
  | 'noCredit'
  | 'notPermitted'
  | 'unknownModel'
  | 'promptTooLong'
  | 'requestTooLarge'
  /** An optional field is not taken there. */
  | 'fieldRefused'
  /** More output was asked for than the server gives. */
  | 'maxTokens'
  | 'mediaRefused'
  | 'badRequest'
  | 'rateLimited'
  | 'spendLimit'
  | 'overloaded'
  | 'serverError'
  | 'noConnection'
  | 'connectionLost'
  | 'stalled'
  | 'badAddress'
  | 'wrongAddress'
  /** The server points elsewhere, which is not followed. */
  | 'redirected'
  | 'unknownError'
  /** More than any model writes came. */
  | 'answerTooLarge'
  | 'storeFailed'
  /** What a turn brought: it lies in a rescue file, or nowhere but on the screen. */
  | 'storeRescued'
  | 'storeLost'
  | 'overtaken'
  | 'internal';
