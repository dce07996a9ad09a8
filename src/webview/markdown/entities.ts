const reference = /&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);/g;
const known = new Map<string, string>();
let parser: DOMParser | undefined;

/** Replaces character references (`&copy;`, `&#35;`) by what they stand for; unknown ones stay as they are. */
export function decodeEntities(text: string): string {
  return text.includes('&') ? text.replace(reference, decodeOne) : text;
}

/** The browser knows all 2,231 names. It is only ever given one reference, into a document that is never shown. */
function decodeOne(name: string): string {
  let text = known.get(name);
  if (text === undefined) {
    parser ??= new DOMParser();
    text = parser.parseFromString(name, 'text/html').documentElement.textContent ?? name;
    known.set(name, text);
  }
  return text;
}
