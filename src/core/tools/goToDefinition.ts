/** The tool go_to_definition: where what a name stands for is defined. */
import * as z from 'zod/mini';
import { counted, nothingFound, positionOf, renderPlaces } from './places';
import type { Tool } from './tool';
import { filled, maybe, needed, whole } from './words/fields';
import { toolStrings } from './words/strings';
import { inLabel, reveal, withNotes } from './words/text';

/** Where a name stands: what two tools take. */
export const nameSchema = {
  path: needed(filled(), 'The file that uses it, relative to the workspace.'),
  line: needed(whole(1), 'The line of the use, counted from 1.'),
  symbol: needed(filled(200), 'The name as it stands on that line.'),
  occurrence: maybe(whole(1, 1_000), 'Which one, of several on the line. Default: 1.'),
};

const schema = z.strictObject(nameSchema);

/** More than these are told by no service that is of use. */
const maxPlaces = 50;

/** Where what a name stands for is defined. */
export const goToDefinition: Tool<z.infer<typeof schema>> = {
  name: 'go_to_definition',
  description: [
    'Finds where a symbol is defined, by the language service of its file: exact where search_text guesses, across files, re-exports and overloads.',
    'Returns path, line number and source line; definitions in libraries too.',
  ].join(' '),
  schema,
  readOnly: true,

  reach: async ({ path }, { workspace }, signal) => (await workspace.reach?.([path], signal)) ?? [],

  describe: ({ symbol }) => toolStrings.definition(inLabel(symbol)),

  async run(input, { workspace, languages }, signal) {
    const { position, notes } = await positionOf(input, workspace, signal);
    const answer = await languages.definition(position, signal);
    if (answer.items.length === 0) {
      const what = `No definition of ${JSON.stringify(input.symbol)} was found.`;
      const text = nothingFound(what, answer, 'search_text finds it as text.');
      return { content: reveal(withNotes(text, notes)).text, summary: toolStrings.noDefinition() };
    }
    const { text, notes: more } = renderPlaces(answer.items.slice(0, maxPlaces));
    const head = counted(answer.total, ['definition', 'definitions'], answer.files);
    return {
      content: withNotes(`${head}\n\n${text}`, [...notes, ...more]),
      summary: toolStrings.definitions(answer.total),
    };
  },
};
