/** The tool list_directory: the entries of one folder. */
import * as z from 'zod';
import { isSecretPath } from './secrets/secretFiles';
import { toolStrings } from './strings';
import { BoundedLines, formatted, inLabel, reveal } from './text';
import type { Tool } from './tool';
import type { DirectoryEntry } from './workspace';

const maxEntries = 1_000;
const maxBytes = 24 * 1024;

const schema = z.strictObject({
  path: z.string().optional().describe('The folder, relative to the workspace. Default: the workspace itself.'),
});

/** The entries of one folder. */
export const listDirectory: Tool<z.infer<typeof schema>> = {
  name: 'list_directory',
  description: [
    'Lists one folder of the workspace, without going deeper: folders first (their names end with /), then files with their sizes, each sorted by name.',
    `Ignored files are left out. At most ${formatted(maxEntries)} entries; what was cut is said at the end.`,
    'To find files anywhere by their names use find_files.',
  ].join(' '),
  schema,
  readOnly: true,

  reach: async ({ path }, { workspace }, signal) =>
    isRoot(path) ? [] : ((await workspace.reach?.([path ?? '.'], signal)) ?? []),

  describe({ path }) {
    return isRoot(path) ? toolStrings.listWorkspace() : toolStrings.list(inLabel(path ?? ''));
  },

  async run({ path }, { workspace }, signal) {
    const listed = await workspace.listDirectory(isRoot(path) ? '.' : (path ?? '.'), signal);
    const count = listed.entries.length;
    const name = listed.path === '' ? 'The workspace' : listed.path;
    if (count === 0) return { content: `${name} is empty.`, summary: toolStrings.emptyFolder() };

    const bounded = new BoundedLines(maxBytes);
    let escaped: string | null = null;
    for (const entry of listed.entries.slice(0, maxEntries)) {
      const line = reveal(entryLine(entry, listed.path));
      if (!bounded.add(line.text)) break;
      escaped ??= line.note;
    }
    const notes = [
      bounded.count < count
        ? `${formatted(count - bounded.count)} more of ${formatted(count)} entries not shown: find_files with a pattern narrows it down.`
        : null,
      escaped === null ? null : 'Invisible characters in names are shown escaped, as \\u{…}.',
    ].filter((note) => note !== null);
    const content = [`${name}:`, bounded.toString(), ...notes.map((note) => `[${note}]`)].join('\n');
    return { content, summary: toolStrings.entries(count) };
  },
};

function isRoot(path: string | undefined): boolean {
  return path === undefined || /^(\.?[\\/]*)$/.test(path);
}

function entryLine(entry: DirectoryEntry, folder: string): string {
  // A line break in a name would pass for two entries.
  const name = entry.name.replace(/[\r\n]/g, '?');
  if (entry.kind === 'directory') return `${name}/`;
  const size = entry.size === null ? '' : `  ${formatted(entry.size)} bytes`;
  return `${name}${size}${isSecretPath(`${folder}/${entry.name}`) ? '  (holds secrets: not readable)' : ''}`;
}
