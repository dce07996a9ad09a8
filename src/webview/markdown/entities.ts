/** Character references (`&copy;`, `&#35;`) to the characters that they stand for. */
// No name is longer than 31 letters.
const reference = /&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});/g;
/** References that are remembered: there are 2,231 names, and any number of numbers and of what is none. */
const cacheSize = 500;
const known = new Map<string, string>();
let parser: DOMParser | undefined;

/** Replaces character references (`&copy;`, `&#35;`) by what they stand for; unknown ones stay as they are. */
export function decodeEntities(text: string): string {
  return text.includes('&') ? text.replace(reference, decodeOne) : text;
}

/** The same in pieces: what is no reference, and between two of those each reference. */
export function referencePieces(text: string): readonly string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const { 0: name, index } of text.includes('&') ? text.matchAll(reference) : []) {
    if (decodeOne(name) === name) continue;
    pieces.push(text.slice(from, index), name);
    from = index + name.length;
  }
  return [...pieces, text.slice(from)];
}

/** The browser knows all 2,231 names. It is only ever given one reference, into a document that is never shown. */
function decodeOne(name: string): string {
  let text = known.get(name);
  if (text === undefined) {
    parser ??= new DOMParser();
    const decoded = parser.parseFromString(name, 'text/html').documentElement.textContent ?? name;
    // HTML decodes `&copy` of `&copyfoo;` and leaves "foo;" behind it; in Markdown that is no reference.
    text = decoded.length > 1 && decoded.endsWith(';') ? name : decoded;
    known.set(name, text);
    const oldest = known.keys().next();
    if (known.size > cacheSize && oldest.done !== true) known.delete(oldest.value);
  }
  return text;
}
