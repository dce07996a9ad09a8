/** Values that a server sent, of which nothing is known: read as what they should be, as far as they are. Total. */

/** An object of JSON of which no field is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for an object that is no array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where text is found in a value that should have been a string. */
const textFields: readonly string[] = ['text', 'content', 'value', 'message'];

/** Levels that text is looked for in. */
const textDepth = 8;

/** What is text of a value that should be a string; null when nothing is. */
export function textOf(value: unknown, depth = 0): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (depth > textDepth) return null;
  if (Array.isArray(value)) {
    const texts = value.map((one) => textOf(one, depth + 1)).filter((text) => text !== null);
    return texts.length === 0 ? null : texts.join('');
  }
  if (!isObject(value)) return null;
  for (const field of textFields) {
    const text = Object.hasOwn(value, field) ? textOf(value[field], depth + 1) : null;
    if (text !== null) return text;
  }
  return null;
}

/** Levels of nesting that are taken: what is deeper cannot be written as JSON again without end of the stack. */
const maxDepth = 100;

/** True when the brackets of a JSON text are nested deeper than is taken. Linear, and no stack. */
function isTooDeep(json: string): boolean {
  if (json.length <= 2 * maxDepth) return false;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (quoted) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return false;
}

/** What a JSON text says; undefined when it is none, or is nested too deep. */
export function parseJson(json: string): unknown {
  if (isTooDeep(json)) return undefined;
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

/** The same value with each lone surrogate replaced, in its strings and names: the API refuses those in a request. */
export function wellFormed<T>(value: T): T {
  return isWellFormed(value) ? value : (mended(value) as T);
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (Array.isArray(value)) return value.every(isWellFormed);
  if (!isObject(value)) return true;
  return Object.entries(value).every(([name, one]) => name.isWellFormed() && isWellFormed(one));
}

function mended(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(mended);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name.toWellFormed(), mended(one)]));
}
