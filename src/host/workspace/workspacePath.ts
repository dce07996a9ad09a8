/** From the paths that the chat shows back to places in the workspace. Lexical: who reads resolves symlinks. */

interface NamedRoot {
  readonly name: string;
  /** The path of its URI: absolute, forward slashes. */
  readonly path: string;
}

interface FilePlace {
  readonly root: NamedRoot;
  /** Segments below the root. */
  readonly segments: readonly string[];
}

/**
 * The places that `path` may mean, best first: relative to a root (in a multi-root window after the root's name), or
 * absolute and inside one. Empty when it leaves every root.
 */
export function placesOf(path: string, roots: readonly NamedRoot[]): readonly FilePlace[] {
  const clean = path.replaceAll('\\', '/');
  const absolute = /^(?:\/|[A-Za-z]:\/)/.test(clean);
  if (absolute) {
    return roots.flatMap((root) => {
      const base = comparable(root.path).replace(/\/+$/, '');
      const full = comparable(clean);
      return full.startsWith(`${base}/`) ? place(root, full.slice(base.length + 1)) : [];
    });
  }
  const [first, ...rest] = clean.split('/');
  const named = roots.length > 1 ? roots.filter((root) => root.name === first) : [];
  return [...named.flatMap((root) => place(root, rest.join('/'))), ...roots.flatMap((root) => place(root, clean))];
}

function place(root: NamedRoot, relative: string): readonly FilePlace[] {
  const segments = relative.split('/').filter((segment) => segment !== '' && segment !== '.');
  return segments.includes('..') || segments.length === 0 ? [] : [{ root, segments }];
}

/** A Windows URI's path is /c:/x, what a person writes is C:/x. */
function comparable(path: string): string {
  const drive = /^\/?([A-Za-z]):(.*)$/.exec(path);
  return drive === null ? path : `/${(drive[1] ?? '').toLowerCase()}:${drive[2] ?? ''}`;
}
