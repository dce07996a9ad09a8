/** Where links lead, and which of them are allowed. */
import { limits } from './limits';

/** Where a link may lead. Everything else is shown as text. */
export type LinkTarget =
  | { readonly kind: 'web'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string; readonly line: number | null };

const position = /^(.+?)(?::(\d+)(?:[:-]\d+)*|#L(\d+)(?:-L?\d+)?)?$/;

/** Web and mail addresses, and files of the workspace (`src/app.ts:42`, `src/app.ts#L42`); null for the rest. */
export function linkTarget(href: string): LinkTarget | null {
  const address = href.trim();
  if (/^(?:https?:\/\/|mailto:)/i.test(address)) return webTarget(address);
  // No path is longer.
  if (address.length > limits.path) return null;
  if (address === '' || /^[#?]|^[\\/]{2}|\p{Cc}/u.test(address)) return null;
  // A scheme, unless it is a drive ("C:\") or a file name before a line ("app.ts:42").
  if (
    /^[a-z][a-z0-9+.-]*:/i.test(address) &&
    !/^[a-z]:[\\/]/i.test(address) &&
    !/^[^:]*\.[^:]*:\d+(?:[:-]\d+)*$/.test(address)
  ) {
    return null;
  }
  const match = position.exec(address);
  const line = match?.[2] ?? match?.[3];
  return { kind: 'file', path: decodePath(match?.[1] ?? address), line: line === undefined ? null : Number(line) };
}

/** A file and a line in code ("login.ts:42"): worth a link. Names without a line are left alone. */
export function codeTarget(code: string): LinkTarget | null {
  return code.length <= limits.path && /^[\w@.\-/\\]+\.\w+:\d+(?:-\d+)?$/.test(code) ? linkTarget(code) : null;
}

function webTarget(address: string): LinkTarget | null {
  return URL.canParse(address) ? { kind: 'web', url: new URL(address).href } : null;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
