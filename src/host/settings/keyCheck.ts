/** Whether a key works, found out before it is stored: the API is asked for its list of models, one entry of it. */
import type { ApiAccess } from '../../core/api/access';
import { type ApiFetch, connect } from '../../core/api/client';
import { failureOf } from '../../core/api/failures';
import type { LocalizableMessage } from '../../shared/chat';
import type { TurnFailure } from '../../shared/failure';
import { keyStrings } from '../base/plainStrings';

/**
 * - `good`: the API took it.
 * - `refused`: the API did not; storing it would be of no use.
 * - `limited`: the API knows it, and something else than the key stands in the way: credit or permission.
 * - `wrongAddress`: what answers at the base URL is not the API, or no request may go there.
 * - `unknown`: nobody could be asked.
 */
export type KeyVerdict =
  | { readonly kind: 'good' }
  | {
      readonly kind: 'refused' | 'limited' | 'wrongAddress' | 'unknown';
      /** What happened and what can be done, for the user. Never the key. */
      readonly words: LocalizableMessage;
      /** The page that helps, where one does. */
      readonly billing: boolean;
    };

const timeoutMs = 15_000;
/** Of the answer: a page of models. */
const maxBytes = 8 * 1024 * 1024;

/** Asks once. Never throws; an abort by `signal` reads as `unknown`. */
export async function checkKey(access: ApiAccess, fetch: ApiFetch, signal: AbortSignal): Promise<KeyVerdict> {
  const host = new URL(access.baseUrl).host;
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    // `models.list` takes anything for an empty list; a web page with status 200 is none.
    const page: unknown = await connect(access, fetch, 'a check of the key', maxBytes).get('/v1/models', {
      query: { limit: 1 },
      signal: limit,
    });
    if (isList(page)) return { kind: 'good' };
    return wrongAddress(host);
  } catch (error) {
    return verdictOf(failureOf(error), host);
  }
}

function isList(page: unknown): boolean {
  return typeof page === 'object' && page !== null && 'data' in page && Array.isArray(page.data);
}

function verdictOf(failure: TurnFailure, host: string): KeyVerdict {
  switch (failure.code) {
    case 'badKey':
      return { kind: 'refused', words: keyStrings.refused(host), billing: false };
    case 'noCredit':
    case 'spendLimit':
      return { kind: 'limited', words: keyStrings.noCredit(host), billing: true };
    case 'notPermitted':
      return { kind: 'limited', words: keyStrings.noList(host), billing: false };
    case 'rateLimited':
      return { kind: 'limited', words: keyStrings.rateLimited(host), billing: false };
    case 'wrongAddress':
    case 'unknownModel':
    case 'badRequest':
    case 'badAddress':
    case 'fieldRefused':
    case 'maxTokens':
    case 'mediaRefused':
      return wrongAddress(host);
    case 'redirected':
      return { kind: 'wrongAddress', words: { text: failure.message }, billing: false };
    case 'serverError':
    case 'overloaded':
      return { kind: 'unknown', words: keyStrings.fault(host), billing: false };
    default:
      return { kind: 'unknown', words: keyStrings.unreachable(host), billing: false };
  }
}

function wrongAddress(host: string): KeyVerdict {
  return { kind: 'wrongAddress', words: keyStrings.wrongAddress(host), billing: false };
}
