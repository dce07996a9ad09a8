/** Failures of a turn: one factory from whatever was thrown, so that each has a code that the user can act on. */
import { AnthropicError, APIConnectionError, APIConnectionTimeoutError, APIError } from '@anthropic-ai/sdk';
import { type FailureCode, failureRow, type TurnFailure } from '../../shared/failure';
import type { Remedy } from '../../shared/remedy';
import { messageOf, StoreError } from '../base/errors';
import { failureStrings } from '../base/strings';
import { type Complaint, complaintOf } from './complaints';
import { type ServerWords, serverWords } from './serverWords';

/** Carries a TurnFailure through code that throws. */
export class TurnFailureError extends Error {
  override readonly name = 'TurnFailureError';

  constructor(
    readonly failure: TurnFailure,
    options?: ErrorOptions,
  ) {
    super(failure.message, options);
  }
}

/** A failure that has nothing to do with a response. */
export function localFailure(code: FailureCode, message: string): TurnFailure {
  return { code, status: null, type: null, requestId: null, message, partial: false };
}

/** What an answer brought could not be stored. `kept`: it lies beside the record. */
export function storageFailure(error: StoreError, kept: boolean): TurnFailure {
  return localFailure(kept ? 'storeRescued' : error.code === 'overtaken' ? 'overtaken' : 'storeLost', error.message);
}

/** The stream went quiet for so long that it was closed. */
export function stalledFailure(quietMs: number): TurnFailure {
  return localFailure('stalled', failureStrings.quiet(Math.round(quietMs / 1000)));
}

/** What went wrong, from anything that was thrown on the way to the API or back. Never throws. */
export function failureOf(error: unknown): TurnFailure {
  const own = ownFailure(error);
  if (own !== null) return own;
  if (error instanceof StoreError) return localFailure('storeFailed', error.message);
  if (error instanceof APIConnectionTimeoutError) return localFailure('stalled', failureStrings.timedOut());
  if (error instanceof APIConnectionError) return localFailure('noConnection', causeOf(error));
  if (error instanceof APIError) return apiFailure(error);
  // A cut socket and a stream that ends too early are bare AnthropicErrors (API-FACTS §3.3).
  if (error instanceof AnthropicError) return localFailure('connectionLost', causeOf(error));
  return localFailure('internal', messageOf(error));
}

/** A failure of ours, which may have passed through the SDK: it wraps what `fetch` throws. */
function ownFailure(error: unknown): TurnFailure | null {
  let current = error;
  for (let depth = 0; depth < 4 && current instanceof Error; depth += 1) {
    if (current instanceof TurnFailureError) return current.failure;
    current = current.cause;
  }
  return null;
}

/** What can be changed of the request so that it is taken; null for nothing that is known. A pure function of what is stored. */
export function remedyOf({ code, message, type }: TurnFailure): Remedy | null {
  if (code !== 'fieldRefused' && code !== 'maxTokens') return null;
  const complaint = complaintOf({ message, kinds: type === null ? [] : [type.toLowerCase()], field: null });
  if (complaint?.kind === 'field') return { kind: 'leaveOut', fields: complaint.fields };
  return code === 'maxTokens'
    ? { kind: 'maxTokens', tokens: complaint?.kind === 'maxTokens' ? complaint.tokens : null }
    : null;
}

/** ms that the API asked to wait; null when it did not say. Seconds or an HTTP date (API-FACTS §3.3). */
export function retryAfterMs(error: unknown, now: number): number | null {
  const headers = error instanceof APIError ? (error.headers as Headers | undefined) : undefined;
  const precise = Number(headers?.get('retry-after-ms')?.trim() || Number.NaN);
  if (Number.isFinite(precise)) return Math.max(0, precise);
  const value = headers?.get('retry-after')?.trim() ?? '';
  if (value === '') return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** True when the same request may succeed a little later. */
export function isRetryable(failure: TurnFailure, error: unknown): boolean {
  // Whatever the header advises: the same request ends the same way, and money does not come by waiting.
  const { again } = failureRow(failure.code);
  if (again === 'never') return false;
  // A success that is no answer will be the same again, and may have been paid for (LESSONS L45).
  if (failure.status !== null && failure.status < 300) return false;
  const advice = error instanceof APIError ? (error.headers as Headers | undefined)?.get('x-should-retry') : undefined;
  if (advice === 'true') return true;
  if (advice === 'false') return false;
  return again === 'soon';
}

function causeOf(error: Error): string {
  const cause = error.cause;
  const inner = cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : null;
  return inner === null || inner === error.message ? error.message : `${error.message} (${inner})`;
}

function apiFailure(error: APIError): TurnFailure {
  const status = error.status ?? null;
  // A body that is no JSON is in the message alone, behind the status.
  const said = serverWords(error.error ?? error.message.replace(/^\d{3} /, ''));
  const type = typeof error.type === 'string' ? (error.type as string) : null;
  // A web page speaks of nothing of ours.
  const isPage = /<(!doctype|html|head|body)\b/i.test(said.message);
  const complaint = isPage ? null : complaintOf(said);
  return {
    code: apiCode(status, type, error.errorCode, said, complaint),
    status,
    type,
    requestId: typeof error.requestID === 'string' ? error.requestID : null,
    message: isPage ? failureStrings.webPage(status ?? null) : withField(said, complaint),
    partial: false,
  };
}

/** The server's words with the field that its body names beside them: they are all that is kept. */
function withField({ message, field }: ServerWords, complaint: Complaint | null): string {
  const isNamed = field === null || message.toLowerCase().includes(field.toLowerCase());
  const matters = complaint?.kind === 'field' || complaint?.kind === 'maxTokens';
  return isNamed || !matters ? message : `${field}: ${message}`;
}

/** The kind decides, whatever the status and the type: gateways choose those freely, and mid-stream there is no status. */
function apiCode(
  status: number | null,
  type: string | null,
  errorCode: string | null,
  said: ServerWords,
  complaint: Complaint | null,
): FailureCode {
  if (errorCode === 'enforced_spend_limit_reached' || errorCode === 'contract_spend_limit_reached') return 'spendLimit';
  // Its limits are about time, whatever they are about.
  const paced = type === 'rate_limit_error' || status === 429;
  // The body has too many bytes, whatever its tokens are, unless it is those that are named.
  const isBytes = type === 'request_too_large' && !/token|context/i.test(said.message);
  const heard = complaint === null || paced || isBytes ? null : complaintCode(complaint);
  if (heard !== null) return heard;
  switch (type) {
    case 'authentication_error':
      return 'badKey';
    case 'billing_error':
      return 'noCredit';
    case 'permission_error':
      return 'notPermitted';
    case 'not_found_error':
      return 'wrongAddress';
    case 'request_too_large':
      return 'requestTooLarge';
    case 'rate_limit_error':
      return 'rateLimited';
    case 'overloaded_error':
      return 'overloaded';
    case 'api_error':
    case 'timeout_error':
      return 'serverError';
    case 'invalid_request_error':
      if (said.message.includes('specified API usage limits')) return 'spendLimit';
      if (said.message.includes('credit balance')) return 'noCredit';
      return 'badRequest';
    default:
      return statusCode(status ?? said.status) ?? streamCode(said.kinds.join(' '));
  }
}

function complaintCode(complaint: Complaint): FailureCode {
  switch (complaint.kind) {
    case 'tooLong':
      return 'promptTooLong';
    case 'maxTokens':
      return 'maxTokens';
    case 'field':
      return 'fieldRefused';
    case 'unknownModel':
      return 'unknownModel';
    case 'modelNotAllowed':
      return 'notPermitted';
    case 'media':
      return 'mediaRefused';
  }
}

/** An error event without a status and of no type of the API's: by what it is called. It is no lost connection. */
function streamCode(kinds: string): FailureCode {
  if (/rate.?limit|too.?many/.test(kinds)) return 'rateLimited';
  if (/overload|unavailable|capacity/.test(kinds)) return 'overloaded';
  if (/timeout|server.?error|internal|bad.?gateway/.test(kinds)) return 'serverError';
  if (/quota|billing|payment|credit/.test(kinds)) return 'noCredit';
  if (/auth|api.?key/.test(kinds)) return 'badKey';
  if (/invalid|bad.?request/.test(kinds)) return 'badRequest';
  return 'unknownError';
}

function statusCode(status: number | null): FailureCode | null {
  if (status === null) return null;
  if (status === 401) return 'badKey';
  if (status === 402) return 'noCredit';
  if (status === 403) return 'notPermitted';
  if (status === 404 || status === 405) return 'wrongAddress';
  if (status === 413) return 'requestTooLarge';
  if (status === 429) return 'rateLimited';
  if (status === 529) return 'overloaded';
  // What it does not implement it will not implement in a moment.
  if (status === 501 || status === 505) return 'badRequest';
  if (status === 408 || status === 409 || status >= 500) return 'serverError';
  return 'badRequest';
}
