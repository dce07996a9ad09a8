/** `files.exclude` and `search.exclude`: one entry that cannot be used takes no other with it. */
import { compileGlob, type Glob } from './glob';
import { GlobError } from './globSyntax';

/** The excludes of the settings, and those that cannot be used, with why. */
export interface Excludes {
  readonly globs: readonly { readonly text: string; readonly glob: Glob }[];
  readonly broken: readonly { readonly text: string; readonly reason: string }[];
}

/** Compiles the globs; those that cannot be compiled are named with the reason. */
export function excludesOf(texts: readonly string[]): Excludes {
  const globs: { text: string; glob: Glob }[] = [];
  const broken: { text: string; reason: string }[] = [];
  for (const text of texts) {
    try {
      globs.push({ text, glob: compileGlob(text.replace(/^\//, '').replace(/\/$/, '')) });
    } catch (error) {
      if (!(error instanceof GlobError)) throw error;
      broken.push({ text, reason: error.message });
    }
  }
  return { globs, broken };
}
