/** The tool list_directory: the entries of one folder. */
import * as z from 'zod/mini';
import { isSecretPath } from './secrets/secretFiles';
import type { Tool } from './tool';
import { maybe } from './words/fields';
import { toolStrings } from './words/strings';
import { BoundedLines, formatted, inLabel, reveal, withNotes } from './words/text';
import type { DirectoryEntry } from './workspace';

const maxEntries = 1_000;
const maxBytes = 24 * 1024;
/** Ignored entries that are named. */
const maxIgnored = 12;

const schema = z.strictObject({
  path: maybe(z.string(), 'The folder, relative to the workspace. Default: the workspace itself.'),
});

/** The entries of one folder. */
export const listDirectory: Tool<z.infer<typeof schema>> = {
  name: 'list_directory',
  description: [
    'Lists one folder of the workspace, without going deeper: folders first (their names end with /), then files with their sizes, each sorted by name.',
    `Ignored entries are left out, and named at the end. At most ${formatted(maxEntries)} entries; what was cut is said at the end.`,
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
    const ignored = ignoredNote(listed.ignored ?? []);
    if (count === 0) {
      const nothing = ignored === null ? `${name} is empty.` : `${name} has only ignored entries.`;
      return { content: withNotes(nothing, ignored === null ? [] : [ignored]), summary: toolStrings.emptyFolder() };
    }

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
      ignored,
      escaped === null ? null : 'Invisible characters in names are shown escaped, as \\u{…}.',
    ].filter((note) => note !== null);
    const content = withNotes([`${name}:`, bounded.toString()].join('\n'), notes);
    return { content, summary: toolStrings.entries(count) };
  },
};

/** Names what is ignored, so that nobody takes it for absent (LESSONS L52). */
function ignoredNote(names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const told = names.slice(0, maxIgnored).map((name) => name.replace(/[\r\n]/g, '?'));
  return `Ignored, so not listed: ${told.join(', ')}${names.length > told.length ? ' and others' : ''}.`;
}

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
