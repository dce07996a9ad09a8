/** Which addresses requests may be sent to: the key goes along with each. */
import { localFailure, TurnFailureError } from '../../core/api/failures';
import { addressStrings } from '../base/plainStrings';

/**
 * The address for the SDK, without a trailing slash and without /v1 or /v1/messages (the SDK adds those itself, API-FACTS §9).
 * Throws a TurnFailureError (`badAddress`) unless it is HTTPS, or HTTP to this machine itself.
 */
export function normalizeBaseUrl(address: string): string {
  const trimmed = address.trim();
  if (!URL.canParse(trimmed)) {
    throw badAddress(addressStrings.none(quote(trimmed)));
  }
  const url = new URL(trimmed);
  if (url.username !== '' || url.password !== '') {
    throw badAddress(addressStrings.credentials());
  }
  if (url.search !== '' || url.hash !== '') {
    throw badAddress(addressStrings.query(quote(url.origin)));
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) {
    throw badAddress(addressStrings.unsafe(quote(url.protocol === 'http:' ? url.origin : `${url.protocol}…`)));
  }
  // Also what a page shows as the whole address of a request.
  const path = url.pathname.replace(/\/{2,}/g, '/').replace(/(\/v1(\/(messages(\/count_tokens)?|models))?)?\/?$/i, '');
  return `${url.origin}${path}`;
}

/** True for http(s) addresses that never leave this machine. */
export function isLoopbackAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return (url.protocol === 'http:' || url.protocol === 'https:') && isLoopback(url);
}

/** URL has normalised the host by now: 127.1 and 0x7f000001 read 127.0.0.1. */
function isLoopback(url: URL): boolean {
  const host = url.hostname;
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function badAddress(message: string): TurnFailureError {
  return new TurnFailureError(localFailure('badAddress', message));
}

function quote(text: string): string {
  return `“${text.length > 100 ? `${text.slice(0, 100)}…` : text}”`;
}
