/** Which file a code block names: in its info string, in a comment that is its first line, or right above it. */

/** A path as it is written, and where. `mentioned`: in the words above the block, where it need not mean it. */
export interface NamedFile {
  readonly path: string;
  readonly where: 'block' | 'mentioned';
}

/** Longer words and lines name no file. */
const maxPath = 300;

/**
 * `info`: all that stands behind the fence; `above`: the words right before the block. The text is without the comment
 * that names the file.
 */
export function namedFile(
  info: string,
  text: string,
  above: string,
): { readonly named: NamedFile | null; readonly text: string } {
  const [first = '', ...rest] = text.split('\n');
  const inComment = pathInComment(first);
  const inInfo = pathInInfo(info) ?? pathInDiff(text);
  const named = inInfo ?? inComment;
  if (named !== null)
    return { named: { path: named, where: 'block' }, text: inComment === null ? text : rest.join('\n') };
  const mentioned = pathAbove(above);
  return { named: mentioned === null ? null : { path: mentioned, where: 'mentioned' }, text };
}

/** "ts src/a.ts", "ts:src/a.ts", "src/a.ts", `ts title="src/a.ts"`, "12:40:src/a.ts". */
function pathInInfo(info: string): string | null {
  const words = info.match(/"[^"]*"|'[^']*'|[^\s="'{}]+/g) ?? [];
  for (const [index, word] of words.entries()) {
    const bare = word.replace(/^["']|["']$/g, '').replace(/^\d+:\d+:/, '');
    const path = pathOf(index === 0 ? bare.replace(/^[\w+#-]+:(?![/\\])/, '') : bare);
    if (path !== null) return path;
  }
  return null;
}

/** "// src/a.ts", "# File: src/a.py", "<!-- index.html -->", "/* a.css *\/": nothing else stands in it. */
function pathInComment(line: string): string | null {
  const comment =
    /^\s*(?:\/\/+|#+(?!!)|--+|;+|%+|\/\*+|<!--|\(\*|"|')\s*(?:file(?:name|path)?|path)?\s*:?\s*[`"']?([^\s`"'*:]+)[`"']?:?\s*(?:\*+\/|-->|\*\))?\s*$/i.exec(
      line.slice(0, maxPath),
    );
  return comment === null ? null : pathOf(comment[1] ?? '');
}

/** "+++ b/src/a.ts". */
function pathInDiff(text: string): string | null {
  const name = /^\+\+\+ (?:b\/)?([^\t\n]+)/m.exec(text)?.[1]?.trim() ?? '';
  return /^--- /m.test(text) && name !== '/dev/null' ? pathOf(name) : null;
}

/** The one path in the last line of words; null where there are several. */
function pathAbove(above: string): string | null {
  const line = above.trimEnd().split('\n').at(-1) ?? '';
  const found = new Set<string>();
  for (const word of line.slice(-2 * maxPath).split(/[\s()[\]{}<>,;"'`*“”]+/)) {
    const path = pathOf(word.replace(/[.:!?…]+$/, ''));
    if (path !== null) found.add(path);
  }
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : null;
}

/** A word as a path, without the place in the file that it may name; null for one that looks like none. */
function pathOf(word: string): string | null {
  const path = word.replace(/(?::\d+){1,2}(?:-\d+)?$|#L\d.*$/, '').replace(/^\.[/\\]/, '');
  if (path === '' || path.length > maxPath || /:\/\/|^[/\\]{2}|[*?|<>]/.test(path)) return null;
  const name = path.split(/[/\\]/).at(-1) ?? '';
  const hasEnding = /^[^\s.][^\s]*\.[A-Za-z][A-Za-z0-9_-]{0,14}$/.test(name);
  const isKnown = /^(?:\.[A-Za-z][\w.-]*|Dockerfile|Makefile|Procfile|Gemfile|Rakefile|LICENSE|README)$/.test(name);
  return (hasEnding && !/^(?:e\.g|i\.e)$/i.test(name)) || isKnown ? path : null;
}
