/** Globs as VS Code, git and ripgrep read them, as regular expressions over paths with forward slashes. */

/** The whole path must match. `*` and `?` stay within a folder, `**` crosses folders. Never throws. */
export function globToRegExp(glob: string, ignoreCase = false): RegExp {
  const flags = ignoreCase ? 'isu' : 'su';
  try {
    return new RegExp(`^${translate(glob)}$`, flags);
  } catch {
    // Such as a class whose ends are the wrong way round: it matches itself only.
    return new RegExp(`^${escapeRegExp(glob)}$`, flags);
  }
}

/** A text as a pattern that matches just it. */
export function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/**
 * Whether a path matches a pattern as a user would write it: without a slash it is about names at any depth; `./` and
 * `/` at the start anchor it; a `/` at the end means everything below.
 */
export function pathMatcher(pattern: string, ignoreCase = false): (path: string) => boolean {
  let glob = pattern.replaceAll('\\', '/');
  const anchored = /^\.?\//.test(glob);
  glob = glob.replace(/^(\.?\/)+/, '');
  if (glob.endsWith('/')) glob += '**';
  const byName = !anchored && !glob.includes('/');
  const expression = globToRegExp(byName ? `**/${glob}` : glob, ignoreCase);
  return (path) => expression.test(path);
}

function translate(glob: string): string {
  let out = '';
  let depth = 0;
  for (let i = 0; i < glob.length; i += 1) {
    const character = String.fromCodePoint(glob.codePointAt(i) ?? 0);
    if (character === '*') {
      let end = i;
      while (glob[end] === '*') end += 1;
      const whole = end - i > 1 && isEdge(glob[i - 1], '{,') && isEdge(glob[end], ',}');
      if (whole && glob[end] === '/') {
        out += '(?:[^/]*/)*';
        i = end;
      } else {
        out += whole ? '.*' : '[^/]*';
        i = end - 1;
      }
    } else if (character === '?') {
      out += '[^/]';
    } else if (character === '[') {
      const end = classEnd(glob, i);
      out += end < 0 ? '\\[' : classOf(glob.slice(i + 1, end));
      if (end >= 0) i = end;
    } else if (character === '{' && glob.indexOf('}', i) >= 0) {
      out += '(?:';
      depth += 1;
    } else if (depth > 0 && character === '}') {
      out += ')';
      depth -= 1;
    } else if (depth > 0 && character === ',') {
      out += '|';
    } else if (character === '\\' && i + 1 < glob.length) {
      const next = String.fromCodePoint(glob.codePointAt(i + 1) ?? 0);
      out += escapeRegExp(next);
      i += next.length;
    } else {
      out += escapeRegExp(character);
      i += character.length - 1;
    }
  }
  return out + ')'.repeat(depth);
}

function isEdge(character: string | undefined, more: string): boolean {
  return character === undefined || character === '/' || more.includes(character);
}

/** Where a class that begins at `start` ends; -1 when it does not. A `]` right at its beginning belongs to it. */
function classEnd(glob: string, start: number): number {
  const first = glob[start + 1] === '!' || glob[start + 1] === '^' ? start + 2 : start + 1;
  return glob.indexOf(']', first + 1);
}

function classOf(body: string): string {
  const negated = body.startsWith('!') || body.startsWith('^');
  const members = (negated ? body.slice(1) : body).replace(/\\(.)/gs, '$1').replace(/[\\[\]^&~|]/g, '\\$&');
  return negated ? `(?:(?!/)[^${members}])` : `(?:(?!/)[${members}])`;
}
