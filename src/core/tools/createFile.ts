/** The tool create_file: a new file with its text. */
import * as z from 'zod/mini';
import { appliedOutput } from './edits/applied';
import type { Change } from './edits/editing';
import type { Tool } from './tool';
import { toolStrings } from './words/strings';
import { nameInLabel } from './words/text';
import { editingOf, noEditing } from './workspace';

const schema = z.strictObject({
  path: z.string(),
  content: z.string(),
});

type Input = z.infer<typeof schema>;

/** A new file with its text. */
export const createFile: Tool<Input> = {
  name: 'create_file',
  description: 'Creates a new file.',
  schema,
  readOnly: false,
  absent: noEditing,

  describe: ({ path }) => toolStrings.create(nameInLabel(path)),

  writes: async (input, ports, signal) => editingOf(ports).plan(changeOf(input), signal),

  async run(input, ports, signal) {
    const change = changeOf(input);
    const applied = await editingOf(ports).apply(change, signal, ports.report);
    return { ...appliedOutput(change, applied), summary: toolStrings.lines(applied.added) };
  },
};

function changeOf({ path, content }: Input): Change {
  return { kind: 'create', path, text: content };
}
