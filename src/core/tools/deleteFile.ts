/** The tool delete_file: a file is moved to the trash. */
import * as z from 'zod/mini';
import { appliedOutput } from './edits/applied';
import type { Change } from './edits/editing';
import type { Tool } from './tool';
import { toolStrings } from './words/strings';
import { nameInLabel } from './words/text';
import { editingOf, noEditing } from './workspace';

const schema = z.strictObject({ path: z.string() });

type Input = z.infer<typeof schema>;

/** A file is moved to the trash. */
export const deleteFile: Tool<Input> = {
  name: 'delete_file',
  description: 'Deletes a file.',
  schema,
  readOnly: false,
  absent: noEditing,

  describe: ({ path }) => toolStrings.delete(nameInLabel(path)),

  writes: async (input, ports, signal) => editingOf(ports).plan(changeOf(input), signal),

  async run(input, ports, signal) {
    const change = changeOf(input);
    const applied = await editingOf(ports).apply(change, signal, ports.report);
    return { ...appliedOutput(change, applied), summary: toolStrings.answered() };
  },
};

function changeOf({ path }: Input): Change {
  return { kind: 'delete', path };
}
