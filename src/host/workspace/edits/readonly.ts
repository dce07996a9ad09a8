/** Files that the user's settings make read-only: `files.readonlyInclude`, but for `files.readonlyExclude`. */
import { ToolError } from '../../../core/tools/workspace';
import { excludesOf } from '../ignore/excludes';
import { pathOf } from '../ignore/glob';
import type { EditFacts, ReadonlyGlobs } from './facts';
import type { Place } from './places';

/** Throws a ToolError for one, whether it is there or not: an editor would not let the user write it either. */
export function assertNotReadonly(edits: Pick<EditFacts, 'readonlyOf'>, place: Place): void {
  const { include, exclude } = edits.readonlyOf(place.uri);
  for (const one of [place, place.requested]) {
    if (!matches(include, one.relative, place.file) || matches(exclude, one.relative, place.file)) continue;
    throw new ToolError(
      `${place.path} is read-only by the user’s settings (files.readonlyInclude), so it is not changed. Tell the user.`,
    );
  }
}

/** Globs are for the path below the folder; those that begin with a slash are for the whole path. */
function matches(globs: ReadonlyGlobs, relative: string, file: string | null): boolean {
  if (globs.length === 0) return false;
  const [own, whole] = [pathOf(relative), file === null ? null : pathOf(file.replaceAll('\\', '/').replace(/^\//, ''))];
  return globs.some((text) => {
    // Those that cannot be used are none, as for VS Code.
    const [compiled] = excludesOf([{ glob: text, when: null }]).globs;
    const path = /^(?:[a-z]:)?\//i.test(text) ? whole : own;
    return compiled !== undefined && path !== null && compiled.glob.matches(path);
  });
}
