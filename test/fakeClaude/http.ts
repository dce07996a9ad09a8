/** HTTP odds and ends: reading a body, keys, versions, the error envelope (API-FACTS §1, §3.1). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiVersion } from './schema';

/** Largest body of messages and count_tokens (§1). */
export const bodyLimit = 32 * 1024 * 1024;

/** Reads a body; undefined when it is larger than the limit or the client went away. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      // Read on without keeping, so that the client can finish sending and hear the 413.
      if (size <= bodyLimit) chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return size <= bodyLimit ? Buffer.concat(chunks).toString('utf8') : undefined;
}

/** Which keys are let in. */
export interface Keys {
  /** Default: any key that starts with `sk-`. */
  readonly accept?: (key: string) => boolean;
  /** Known to be bad; default `sk-bad`. */
  readonly bad?: readonly string[];
}

/** The text of a 401, or undefined when the key is good. x-api-key wins when both headers are there (§1). */
export function keyFault(headers: IncomingMessage['headers'], keys: Keys): string | undefined {
  const accept = (key: string): boolean =>
    !(keys.bad ?? ['sk-bad']).includes(key) && (keys.accept ?? ((text) => text.startsWith('sk-')))(key);
  const own = headers['x-api-key'];
  if (typeof own === 'string') return accept(own) ? undefined : 'invalid x-api-key';
  const { authorization } = headers;
  if (authorization === undefined) return 'x-api-key header is required';
  const bearer = /^Bearer (.+)$/i.exec(authorization)?.[1];
  return bearer !== undefined && accept(bearer) ? undefined : 'Invalid bearer token';
}

/** The `anthropic-version`, or undefined when it is none the API knows. */
export function apiVersion(header: string | string[] | undefined): ApiVersion | undefined {
  return header === '2026-10-21' || header === '2023-06-01' ? header : undefined;
}

export interface ErrorBody {
  readonly type: string;
  readonly message: string;
  readonly details?: unknown;
}

/** The error envelope as JSON. */
export function envelope(error: ErrorBody, requestId: string): string {
  return JSON.stringify({ type: 'error', error, request_id: requestId });
}

/** Sends a whole response. */
export function sendWhole(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}
