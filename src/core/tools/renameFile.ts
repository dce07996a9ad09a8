/** The tool rename_file: another name or folder for a file. */
import * as z from 'zod/mini';
import { appliedOutput } from './edits/applied';
import type { Change } from './edits/editing';
import type { Tool } from './tool';
import { toolStrings } from './words/strings';
import { inLabel, nameInLabel } from './words/text';
import { editingOf, noEditing } from './workspace';

const schema = z.strictObject({
  path: z.string(),
  new_path: z.string(),
});

type Input = z.infer<typeof schema>;

/** Another name or folder for a file. */
export const renameFile: Tool<Input> = {
  name: 'rename_file',
  description: 'Renames or moves a file.',
  schema,
  readOnly: false,
  absent: noEditing,

  describe: ({ path, new_path: to }) => toolStrings.rename(nameInLabel(path), shownAs(path, to)),

  writes: async (input, ports, signal) => editingOf(ports).plan(changeOf(input), signal),

  async run(input, ports, signal) {
    const change = changeOf(input);
    const applied = await editingOf(ports).apply(change, signal, ports.report);
    return { ...appliedOutput(change, applied), summary: toolStrings.answered() };
  },
};

function changeOf({ path, new_path: to }: Input): Change {
  return { kind: 'rename', path, to };
}

/** The name; the path where only the folder is another. */
function shownAs(path: string, to: string): string {
  return nameInLabel(path) === nameInLabel(to) ? inLabel(to) : nameInLabel(to);
}
