/**
 * What a server said of a failure, from a body of any shape: the API's envelope, OpenAI's, FastAPI's, Bedrock's, Google's,
 * one of these as text inside another, or no JSON at all. Total and bounded.
 */
import { isObject } from '../base/doorValues';

/** What can be read out of the body of a failure, whichever server wrote it. */
export interface ServerWords {
  /** The server's own sentence; '' when it said nothing that can be read. */
  readonly message: string;
  /** Its names for the kind of the failure: types, codes and the like, in lower case. */
  readonly kinds: readonly string[];
  /** A field that the body names as the one at fault, as a path with dots; null when it names none. */
  readonly field: string | null;
  /** The status that the body names where there was no response of its own: in mid-stream. */
  readonly status: number | null;
}

/** Characters of a message that are kept. */
const maxMessage = 4000;
/** How deep one body may stand inside another. */
const maxDepth = 6;

const messageKeys = ['message', 'msg', 'detail', 'details', 'error', 'errors', 'error_message', 'reason', 'title'];
const kindKeys = ['type', 'code', 'error_code', 'status', 'reason', '__type'];

/** Reads a body that was parsed as JSON, or is text. */
export function serverWords(body: unknown): ServerWords {
  const found = {
    messages: [] as string[],
    kinds: new Set<string>(),
    field: null as string | null,
    status: null as number | null,
  };
  read(unwrapped(body), 0, found);
  const message = (found.messages.find((one) => one.trim() !== '') ?? '').trim();
  return {
    message: message.length > maxMessage ? `${message.slice(0, maxMessage)}…` : message,
    kinds: [...found.kinds],
    field: found.field,
    status: found.status,
  };
}

interface Found {
  readonly messages: string[];
  readonly kinds: Set<string>;
  field: string | null;
  status: number | null;
}

function read(body: unknown, depth: number, found: Found): void {
  if (depth > maxDepth) return;
  if (typeof body === 'string') {
    const inner = parsed(body);
    if (inner === undefined) found.messages.push(body);
    else read(inner, depth + 1, found);
    return;
  }
  if (Array.isArray(body)) {
    // A handful says what is wrong; a validator may list thousands.
    for (const one of body.slice(0, 5)) read(one, depth + 1, found);
    return;
  }
  if (!isObject(body)) return;
  for (const key of kindKeys) note(body[key], found);
  if (typeof body['param'] === 'string') found.field ??= body['param'];
  if (Array.isArray(body['loc'])) found.field ??= body['loc'].filter(isName).join('.');
  // The innermost says most: what wraps it often repeats it among other words.
  for (const key of messageKeys) if (typeof body[key] === 'object') read(body[key], depth + 1, found);
  for (const key of messageKeys) if (typeof body[key] === 'string') read(body[key], depth + 1, found);
}

function note(value: unknown, found: Found): void {
  if (typeof value === 'string' && value.length <= 100) {
    found.kinds.add(value.toLowerCase());
    if (/^[45]\d\d$/.test(value)) found.status ??= Number(value);
  } else if (Number.isInteger(value) && Number(value) >= 400 && Number(value) < 600) found.status ??= Number(value);
}

/** The body inside a text that holds one: `b'{…}'`, `400: {…}`, `AnthropicException - {…}`; undefined for none. */
function parsed(text: string): unknown {
  const from = text.indexOf('{');
  const to = text.lastIndexOf('}');
  if (from === -1 || to <= from || text.length > 100_000) return undefined;
  try {
    const value: unknown = JSON.parse(text.slice(from, to + 1));
    return isObject(value) && [...messageKeys, ...kindKeys].some((key) => Object.hasOwn(value, key))
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}

function unwrapped(body: unknown): unknown {
  return body === undefined || body === null ? '' : body;
}

function isName(part: unknown): part is string {
  return typeof part === 'string' && part !== 'body';
}
