/** Failures of a turn: one factory from whatever was thrown, so that each has a code that the user can act on. */
import { AnthropicError, APIConnectionError, APIConnectionTimeoutError, APIError } from '@anthropic-ai/sdk';
import type { FailureCode, TurnFailure } from '../shared/chat';
import { StoreError } from './ports';

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

/** The stream went quiet for so long that it was closed. */
export function stalledFailure(quietMs: number): TurnFailure {
  return localFailure('stalled', `Nothing arrived for ${Math.round(quietMs / 1000)} seconds.`);
}

/** What went wrong, from anything that was thrown on the way to the API or back. Never throws. */
export function failureOf(error: unknown): TurnFailure {
  if (error instanceof TurnFailureError) return error.failure;
  if (error instanceof StoreError) return localFailure('storeFailed', error.message);
  if (error instanceof APIConnectionTimeoutError) return localFailure('stalled', 'The API did not answer in time.');
  if (error instanceof APIConnectionError) return localFailure('noConnection', causeOf(error));
  if (error instanceof APIError) return apiFailure(error);
  // A cut socket and a stream that ends too early are bare AnthropicErrors (API-FACTS §3.3).
  if (error instanceof AnthropicError) return localFailure('connectionLost', causeOf(error));
  return localFailure('internal', error instanceof Error ? error.message : String(error));
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
  // Whatever the header advises: money does not come by waiting (API-FACTS §3.1).
  if (failure.code === 'spendLimit') return false;
  const advice = error instanceof APIError ? (error.headers as Headers | undefined)?.get('x-should-retry') : undefined;
  if (advice === 'true') return true;
  if (advice === 'false') return false;
  switch (failure.code) {
    case 'overloaded':
    case 'serverError':
    case 'rateLimited':
    case 'noConnection':
    case 'connectionLost':
      return true;
    default:
      return false;
  }
}

function causeOf(error: Error): string {
  const cause = error.cause;
  const inner = cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : null;
  return inner === null || inner === error.message ? error.message : `${error.message} (${inner})`;
}

function apiFailure(error: APIError): TurnFailure {
  const type = error.type as string | null;
  const status = error.status ?? null;
  const message = error.apiMessage ?? plain(error.message, status);
  return {
    code: apiCode(status, type, error.errorCode, message),
    status,
    type,
    requestId: error.requestID ?? null,
    message,
    partial: false,
  };
}

/** A gateway's HTML page is no message: say its status instead. */
function plain(message: string, status: number | null): string {
  return /<(!doctype|html|head|body)\b/i.test(message)
    ? `The server answered ${status ?? 'nothing'} with a web page.`
    : message;
}

/** Mid-stream errors have a type and no status (API-FACTS §3.3): the type decides first. */
function apiCode(status: number | null, type: string | null, errorCode: string | null, message: string): FailureCode {
  if (errorCode === 'enforced_spend_limit_reached' || errorCode === 'contract_spend_limit_reached') return 'spendLimit';
  switch (type) {
    case 'authentication_error':
      return 'badKey';
    case 'billing_error':
      return 'noCredit';
    case 'permission_error':
      return 'notPermitted';
    case 'not_found_error':
      // The API names the model it does not know; anything else that is not found is its address (API-FACTS §3.1).
      return message.startsWith('model:') ? 'unknownModel' : 'wrongAddress';
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
      // Wording may change (API-FACTS §0): a miss falls back to the general code, which shows the text.
      if (message.startsWith('prompt is too long')) return 'promptTooLong';
      if (message.includes('specified API usage limits')) return 'spendLimit';
      if (message.includes('credit balance')) return 'noCredit';
      return 'badRequest';
    default:
      return statusCode(status);
  }
}

function statusCode(status: number | null): FailureCode {
  if (status === null) return 'connectionLost';
  if (status === 401) return 'badKey';
  if (status === 402) return 'noCredit';
  if (status === 403) return 'notPermitted';
  if (status === 404 || status === 405) return 'wrongAddress';
  if (status === 413) return 'requestTooLarge';
  if (status === 429) return 'rateLimited';
  if (status === 529) return 'overloaded';
  if (status === 408 || status === 409 || status >= 500) return 'serverError';
  return 'badRequest';
}
