/** What of a shell code block may be put into a terminal without anything being run. */

const shells =
  /^(?:bash|sh|zsh|shell|shellscript|shell-?session|console|terminal|fish|powershell|pwsh|ps1?|cmd|bat|batch)$/i;

/** Ends a line for a terminal, an editor or a reader. */
const lineEnd = /[\n\v\f\r\u0085\u2028\u2029]/;

/** Keys, escape sequences, and what is read otherwise than it looks: controls (Tab completes), formats, halves of
 * surrogate pairs, blanks that are none, characters without a look of their own. */
const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u;

/** More than a terminal in line mode takes is lost or rings the bell. */
const longest = 2000;

/** A line as it may be inserted, or why it may not. */
export type ShellLine =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'empty' | 'lines' | 'hidden' | 'long' };

/** True for the language of a code block that holds commands. */
export function isShell(language: string): boolean {
  return shells.test(language);
}

/**
 * Judges the text of a block: one line of characters that are seen, without the prompt that it may begin with. A
 * terminal takes a line end as Return, so that all lines but the last would run.
 */
export function shellLine(code: string): ShellLine {
  // Blank lines before it; counted without a group that repeats, which takes the stack of a long text.
  const begin = Math.max(0, code.search(/[^ \t\r\n]/));
  const line = code
    .slice(code.lastIndexOf('\n', begin) + 1)
    .replace(/^[ \t]*(?:[$>][ \t]+)?/, '')
    .trimEnd();
  // What is trimmed is blank: a line end of another kind, too.
  if (line === '') return { kind: 'empty' };
  if (lineEnd.test(line)) return { kind: 'lines' };
  if (unseen.test(line)) return { kind: 'hidden' };
  return line.length > longest ? { kind: 'long' } : { kind: 'line', line };
}
