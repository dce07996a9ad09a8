/**
 * A key that a server sends back is replaced before anything of it is stored, shown or logged (LESSONS L33): as it is,
 * as an address or JSON writes it, as base64, and in long pieces, as servers that mask it leave them. In an answer it may
 * come cut in two: in bytes (`secretFilter`), or in the deltas of one block (`holdKeysBack`).
 */

/** Stands in for a key; the same as in the log (host/base/redact.ts). */
export const removedKey = '[removed]';

/** Characters of a key from which on a piece of it is taken for it. */
const piece = 12;
/** Shorter ones are words of everyday ("ollama", "local"), which keep nothing secret. */
const shortest = 8;
/** In an answer only what cannot be a word by chance is replaced. */
const shortestInAnswer = 16;

const secretNames = /auth|key|token|secret|cookie|password|credential/i;

/** What may not come back: the key, and the values of headers that by their name are one. */
export function secretsOf(access: {
  readonly apiKey: string;
  readonly headers: Readonly<Record<string, string>>;
}): readonly string[] {
  const values = Object.entries(access.headers).flatMap(([name, value]) => {
    // "Bearer abc": the word in front is no secret.
    return secretNames.test(name) ? [value.replace(/^(bearer|basic|token)\s+/i, '').trim()] : [];
  });
  return [access.apiKey, ...values].filter((secret) => secret.length >= shortest || /^sk-./.test(secret));
}

/** The text without the secrets and without long pieces of them. For texts of a few thousand characters. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let out = text;
  for (const secret of secrets) {
    for (const form of formsOf(secret)) out = out.replaceAll(form, removedKey);
    out = withoutPieces(out, secret);
  }
  return out;
}

/** Runs of the text that stand in the secret too. What every key of a maker begins with is no secret. */
function withoutPieces(text: string, secret: string): string {
  const own = secret.replace(/^sk-(ant-)?(api\d+-|admin\d+-|oat\d+-)?/, '');
  if (own.length < piece) return text;
  let out = '';
  let at = 0;
  while (at < text.length) {
    const from = own.indexOf(text.slice(at, at + piece));
    if (from === -1 || at + piece > text.length) {
      out += text[at];
      at += 1;
      continue;
    }
    let length = piece;
    while (at + length < text.length && text[at + length] === own[from + length]) length += 1;
    out += removedKey;
    at += length;
  }
  return out;
}

/** Each way in which a secret may be written, the longest first. */
function formsOf(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const forms = [
    secret,
    json,
    json.replaceAll('/', '\\/'),
    encodeURIComponent(secret),
    btoaOf(secret),
    btoaOf(`Bearer ${secret}`),
  ];
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function btoaOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64').replace(/=+$/, '');
}

/** Each way in which a secret may stand in an answer that cannot be a word by chance. */
export function answerForms(secrets: readonly string[]): readonly string[] {
  return secrets
    .filter((secret) => secret.length >= shortestInAnswer)
    .flatMap(formsOf)
    .filter((form) => form.length >= shortestInAnswer);
}

/** Fewer characters are said at once, for many a word ends so: they give nothing of a key away. */
const leastHeld = 3;

/** Text that comes in pieces: what can be said of it, and what may be the beginning of a key and waits for more. */
interface HeldBack {
  readonly said: string;
  readonly held: string;
  /** Characters at the beginning of `held` that are said already. */
  readonly known: number;
}

/**
 * `text`: what was held back, and the piece that came; `known` as it was. `forms`: of `answerForms`. Holds back less
 * than the longest.
 */
export function holdKeysBack(text: string, forms: readonly string[], known = 0): HeldBack {
  const clean = withoutForms(text, forms);
  let same = 0;
  while (same < known && clean[same] === text[same]) same += 1;
  const from = Math.min(clean.length, ...forms.map((form) => begunAt(clean, form)));
  const held = clean.slice(from);
  if (held.length < leastHeld) return { said: clean.slice(same), held, known: held.length };
  return { said: clean.slice(same, Math.max(same, from)), held, known: Math.max(0, same - from) };
}

/** The text without the forms of `answerForms`. */
export function withoutForms(text: string, forms: readonly string[]): string {
  return forms.reduce((clean, form) => clean.replaceAll(form, removedKey), text);
}

/** Where the end of the text may be the beginning of the form; the length of the text for nowhere. */
function begunAt(text: string, form: string): number {
  const first = form[0] ?? '';
  let at = text.indexOf(first, Math.max(0, text.length - form.length + 1));
  while (at !== -1 && !form.startsWith(text.slice(at))) at = text.indexOf(first, at + 1);
  return at === -1 ? text.length : at;
}

/**
 * A stream of bytes that replaces secrets as they pass; null where none is long enough to be looked for in an answer.
 * Holds back no more than what may be the beginning of one.
 */
export function secretFilter(secrets: readonly string[]): TransformStream<Uint8Array, Uint8Array> | null {
  const forms = answerForms(secrets);
  if (forms.length === 0) return null;
  const needles = forms.map((form) => Buffer.from(form, 'utf8'));
  let held = Buffer.alloc(0);
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      const bytes = replaced(
        held.length === 0
          ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
          : Buffer.concat([held, chunk]),
        needles,
      );
      const keep = Math.max(...needles.map((needle) => begun(bytes, needle)));
      held = Buffer.from(bytes.subarray(bytes.length - keep));
      if (keep < bytes.length) controller.enqueue(new Uint8Array(bytes.subarray(0, bytes.length - keep)));
    },
    flush(controller) {
      if (held.length > 0) controller.enqueue(new Uint8Array(held));
    },
  });
}

function replaced(bytes: Buffer, needles: readonly Buffer[]): Buffer {
  let out = bytes;
  for (const needle of needles) {
    for (let at = out.indexOf(needle); at !== -1; at = out.indexOf(needle, at + removedKey.length)) {
      out = Buffer.concat([out.subarray(0, at), Buffer.from(removedKey), out.subarray(at + needle.length)]);
    }
  }
  return out;
}

/** How many bytes at the end may be the beginning of the needle. */
function begun(bytes: Buffer, needle: Buffer): number {
  for (let length = Math.min(needle.length - 1, bytes.length); length > 0; length -= 1) {
    if (bytes.subarray(bytes.length - length).equals(needle.subarray(0, length))) return length;
  }
  return 0;
}
