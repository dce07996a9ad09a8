/** `files.exclude` and `search.exclude`: one entry that cannot be used takes no other with it. */
import type { Exclude } from '../files/facts';
import { compileGlob, type Glob } from './glob';
import { GlobError } from './globSyntax';

interface CompiledExclude {
  readonly text: string;
  readonly glob: Glob;
  /** As in `Exclude`. */
  readonly when: string | null;
}

/** The excludes of the settings, and those that cannot be used, with why. */
export interface Excludes {
  readonly globs: readonly CompiledExclude[];
  readonly broken: readonly { readonly text: string; readonly reason: string }[];
}

/** Compiles the globs; those that cannot be compiled are named with the reason. */
export function excludesOf(excludes: readonly Exclude[]): Excludes {
  const globs: CompiledExclude[] = [];
  const broken: { text: string; reason: string }[] = [];
  for (const { glob: text, when } of excludes) {
    try {
      globs.push({ text, glob: compileGlob(text.replace(/^\//, '').replace(/\/$/, '')), when });
    } catch (error) {
      if (!(error instanceof GlobError)) throw error;
      broken.push({ text, reason: error.message });
    }
  }
  return { globs, broken };
}

/** The name of the file beside which an exclude with `when` hides the file of this name. */
export function siblingOf(when: string, name: string): string {
  const dot = name.lastIndexOf('.');
  return when.replace('$(basename)', () => (dot > 0 ? name.slice(0, dot) : name));
}
