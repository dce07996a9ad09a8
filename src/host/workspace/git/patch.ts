/** Reads what `git diff` writes: whose changes they are, and their hunks. */

/** The changes of one file in a diff. */
export interface PatchFile {
  /** The paths in its header, without `a/` and `b/`; null where there is none or it is quoted. */
  readonly oldPath: string | null;
  readonly newPath: string | null;
  readonly isBinary: boolean;
  /** From the first hunk on; '' when there is none. */
  readonly hunks: string;
}

/** The files of a diff, in its order. Lines of a file's text never begin as a header does. */
export function filesOfPatch(patch: string): readonly PatchFile[] {
  const files: { header: string[]; body: string[] }[] = [];
  let inBody = false;
  for (const line of patch.split('\n')) {
    if (/^diff --(?:git|cc|combined) /.test(line)) {
      files.push({ header: [line], body: [] });
      inBody = false;
      continue;
    }
    const file = files.at(-1);
    if (file === undefined) continue;
    inBody ||= line.startsWith('@@');
    (inBody ? file.body : file.header).push(line);
  }
  return files.map(({ header, body }) => ({
    oldPath: pathOf(header, '--- '),
    newPath: pathOf(header, '+++ '),
    isBinary: header.some((line) => /^Binary files .* differ$|^GIT binary patch/.test(line)),
    hunks: body.join('\n').replace(/\n+$/, ''),
  }));
}

function pathOf(header: readonly string[], mark: string): string | null {
  const line = header.find((one) => one.startsWith(mark));
  if (line === undefined) return null;
  const path = line.slice(mark.length).replace(/\t$/, '');
  if (path === '/dev/null' || path.startsWith('"')) return null;
  return path.replace(/^[a-z]\//, '');
}

/** The texts of both sides that a file's hunks show, for judging them. */
export function textsOfHunks(hunks: string): readonly string[] {
  const lines = hunks.split('\n').filter((line) => !line.startsWith('@@'));
  const side = (without: string) => lines.filter((line) => !line.startsWith(without)).map((line) => line.slice(1));
  return [side('+').join('\n'), side('-').join('\n')];
}
