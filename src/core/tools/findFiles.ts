/** The tool find_files: paths by their names. */
import * as z from 'zod/mini';
import type { LocalizableMessage } from '../../shared/chat';
import type { Tool } from './tool';
import { filled, maybe, needed, whole } from './words/fields';
import { toolStrings } from './words/strings';
import { BoundedLines, formatted, inLabel, reveal, withNotes } from './words/text';

const defaultLimit = 200;
const maxBytes = 24 * 1024;

const schema = z.strictObject({
  pattern: needed(
    filled(),
    'Globs, names, or folders, with commas: "*.test.ts" (at any depth), "src/**/*.{ts,tsx}", "app/[id]/page.tsx", "docs". `*` stays in a folder.',
  ),
  limit: maybe(whole(1, 1_000), `Paths to return at most. Default: ${defaultLimit}.`),
});

/** Paths by their names. */
export const findFiles: Tool<z.infer<typeof schema>> = {
  name: 'find_files',
  description: [
    'Finds files of the workspace whose paths match a pattern, in every folder of it. Returns paths, sorted, one a line.',
    'Ignored files are left out, and named where they were met. A folder stands for all files in it; capital letters count.',
    'To find files by what is in them use search_text.',
  ].join(' '),
  schema,
  readOnly: true,

  reach: async ({ pattern }, { workspace }, signal) =>
    (await workspace.reachOfPattern?.(pattern, 'names', signal)) ?? [],

  describe({ pattern }) {
    return toolStrings.find(inLabel(pattern));
  },

  async run({ pattern, limit = defaultLimit }, { workspace }, signal) {
    const found = await workspace.findFiles(pattern, limit, signal);
    if (found.paths.length === 0) {
      const content = `No file matches ${JSON.stringify(pattern)}.`;
      return { content: reveal(withNotes(content, found.notes)).text, summary: toolStrings.noFiles() };
    }
    const bounded = new BoundedLines(maxBytes);
    for (const path of found.paths) {
      if (!bounded.add(reveal(path.replace(/[\r\n]/g, '?')).text)) break;
    }
    const cut = found.truncated || bounded.count < found.paths.length;
    const note = cut
      ? `\n[Only the first ${formatted(bounded.count)} are shown: a narrower pattern, or a higher limit, shows others.]`
      : '';
    return { content: withNotes(`${bounded.toString()}${note}`, found.notes), summary: fileCount(bounded.count, cut) };
  },
};

function fileCount(count: number, more: boolean): LocalizableMessage {
  return more ? toolStrings.moreFiles(count) : toolStrings.files(count);
}
