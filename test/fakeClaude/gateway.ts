/**
 * What stands between the client and the API and has manners of its own: fields it does not know, smaller limits, its own
 * words for errors, redirects, keys that it echoes, lists of models in other shapes.
 */
import type { ServerResponse } from 'node:http';
import { sendWhole } from './http';
import type { WireFault } from './oddWire';
import type { OpenRecord } from './record';
import { isObject } from './wire';

export interface Gateway {
  /** Paths of a request's fields that it does not know: `thinking.display`, `cache_control.ttl`, `messages.document.title`. */
  readonly unknownFields?: readonly string[];
  /** The body of its refusal; default the API's words. */
  readonly fieldWords?: (path: string) => unknown;
  /** `max_tokens` at most. */
  readonly maxTokens?: number;
  readonly maxTokensWords?: (asked: number, most: number) => unknown;
  /** Characters of a body at most, and what it says of more. */
  readonly longest?: { readonly characters: number; readonly status?: number; readonly body: unknown };
  /** An address that every request is sent on to. */
  readonly redirectTo?: string;
  readonly redirectStatus?: number;
  /** It refuses every request to chat with words that hold the key. */
  readonly echoesKey?: boolean;
  /** How its answers come over the wire. */
  readonly wire?: WireFault;
  /** The list of models, instead of the API's: a body, by the id after which it goes on. */
  readonly models?: (after: string | null) => unknown;
}

/** True when the gateway has answered; else the API does. */
export function throughGateway(gateway: Gateway, record: OpenRecord, response: ServerResponse): boolean {
  const answer = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): true => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    record.response = { status, headers, ...(status >= 400 ? { error: text } : {}) };
    const type = typeof body === 'string' ? { 'content-type': 'text/html' } : {};
    sendWhole(response, status, { 'request-id': record.id, ...type, ...headers }, text);
    return true;
  };
  if (gateway.redirectTo !== undefined) {
    return answer(gateway.redirectStatus ?? 307, '', { location: gateway.redirectTo + record.path });
  }
  const path = record.path.replace(/^.*\/v1\//, '');
  if (path === 'models' && gateway.models !== undefined) {
    return answer(200, gateway.models(new URLSearchParams(record.query).get('after_id')));
  }
  if (!path.startsWith('messages')) return false;
  const key = String(record.headers['x-api-key'] ?? record.headers.authorization ?? '').replace(/^Bearer /, '');
  if (gateway.echoesKey === true) {
    return answer(
      400,
      { error: { message: `Not for ${key}: ${encodeURIComponent(key)}` } },
      { 'request-id': `req_${key}` },
    );
  }
  const { longest } = gateway;
  if (longest !== undefined && record.raw.length > longest.characters)
    return answer(longest.status ?? 400, longest.body);
  const unknown = gateway.unknownFields?.find((field) => holds(record.body, field.split('.')));
  if (unknown !== undefined)
    return answer(400, gateway.fieldWords?.(unknown) ?? apiWords(`${unknown}: Extra inputs are not permitted`));
  const { max_tokens: asked } = record.body;
  if (gateway.maxTokens !== undefined && asked !== undefined && asked > gateway.maxTokens) {
    const words = `max_tokens: ${asked} > ${gateway.maxTokens}, which is the maximum allowed number of output tokens`;
    return answer(400, gateway.maxTokensWords?.(asked, gateway.maxTokens) ?? apiWords(words));
  }
  return false;
}

function apiWords(message: string): unknown {
  return { type: 'error', error: { type: 'invalid_request_error', message } };
}

/** True when the keys stand inside one another, however deep and with whatever between them. */
function holds(value: unknown, keys: readonly string[]): boolean {
  const [key, ...rest] = keys;
  if (key === undefined) return true;
  if (Array.isArray(value)) return value.some((one) => holds(one, keys));
  if (!isObject(value)) return false;
  return Object.entries(value).some(([name, inner]) => (name === key ? holds(inner, rest) : holds(inner, keys)));
}
