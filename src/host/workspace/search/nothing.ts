/** Why a pattern matched nothing: a wrong one is an error that helps, not an empty result (LESSONS L53). */
import { ToolError } from '../../../core/tools/workspace';
import { diskOf } from '../files/disk';
import type { Locator } from '../ignore/locate';
import { otherLanguage, type PathPattern } from './pattern';

interface Given {
  readonly pattern: PathPattern;
  readonly field: string;
}

/** Throws a ToolError when one of the patterns is wrong: broken, in another language, or about a folder that there is not. */
export async function whyNothing(locator: Locator, given: readonly Given[], signal: AbortSignal): Promise<void> {
  for (const { pattern, field } of given) {
    const quoted = `${field} ${JSON.stringify(pattern.text)}`;
    const reason = pattern.broken[0];
    if (reason !== undefined) {
      throw new ToolError(
        `${quoted} is not a glob that can be used: ${reason}, and nothing has that name. Give a simpler one: "src/**/*.ts".`,
      );
    }
    const hint = otherLanguage(pattern.text);
    if (hint !== null) throw new ToolError(`${quoted} matches nothing. ${hint}`);
    const there = await Promise.all(pattern.folders.map(async (folder) => await isThere(locator, folder, signal)));
    const missing = pattern.folders.find((_, index) => there[index] === false);
    if (missing !== undefined && there.every((one) => !one) && pattern.folders.length === pattern.parts) {
      throw new ToolError(
        `${quoted} matches nothing: there is no folder ${JSON.stringify(missing.path)}. list_directory shows which ones ` +
          'there are; a pattern that begins with **/ looks at any depth.',
      );
    }
  }
}

async function isThere(
  locator: Locator,
  { root, path }: PathPattern['folders'][number],
  signal: AbortSignal,
): Promise<boolean> {
  if (root === null) {
    try {
      // As read_file would find it: after the name of a root, too, and in another form of Unicode.
      await locator.locate(path);
      return true;
    } catch (error) {
      if (error instanceof ToolError) return false;
      throw error;
    }
  }
  return (await diskOf(root, locator.facts).stat(path, signal)) !== null;
}
