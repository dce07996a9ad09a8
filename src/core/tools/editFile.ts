/** The tool edit_file: exact replacements in one file. */
import * as z from 'zod/mini';
import { appliedOutput } from './edits/applied';
import type { Change } from './edits/editing';
import type { Tool } from './tool';
import { toolStrings } from './words/strings';
import { nameInLabel } from './words/text';
import { editingOf, noEditing } from './workspace';

const schema = z.strictObject({
  path: z.string(),
  edits: z
    .array(
      z.strictObject({
        old_text: z.string(),
        new_text: z.string(),
        replace_all: z.optional(z.boolean()),
      }),
    )
    .check(z.minLength(1)),
});

type Input = z.infer<typeof schema>;

/** Exact replacements in one file. */
export const editFile: Tool<Input> = {
  name: 'edit_file',
  description: [
    'Replaces exact texts in a file, in order, all or none. old_text must stand there once, unless replace_all.',
  ].join(' '),
  schema,
  readOnly: false,
  absent: noEditing,

  describe: ({ path }) => toolStrings.edit(nameInLabel(path)),

  writes: async (input, ports, signal) => editingOf(ports).plan(changeOf(input), signal),

  async run(input, ports, signal) {
    const change = changeOf(input);
    const applied = await editingOf(ports).apply(change, signal, ports.report);
    return { ...appliedOutput(change, applied), summary: toolStrings.changedLines(applied.added, applied.removed) };
  },
};

function changeOf({ path, edits }: Input): Change {
  const replacements = edits.map(({ old_text: oldText, new_text: newText, replace_all: all = false }) => ({
    ...{ oldText, newText, all },
  }));
  return { kind: 'edit', path, replacements };
}
