/** The tool find_references: where what a name stands for is used. */
import * as z from 'zod/mini';
import { nameSchema } from './goToDefinition';
import { counted, nothingFound, positionOf, renderPlaces } from './places';
import type { Tool } from './tool';
import { maybe, whole } from './words/fields';
import { toolStrings } from './words/strings';
import { formatted, inLabel, reveal, withNotes } from './words/text';

/** Of one call: their lines are read. */
const maxPlaces = 300;

const schema = z.strictObject({
  ...nameSchema,
  start: maybe(whole(1), 'Which reference to begin with, to continue a list. Default: 1.'),
});

/** Where what a name stands for is used. */
export const findReferences: Tool<z.infer<typeof schema>> = {
  name: 'find_references',
  description: [
    'Finds all uses of a symbol, its definition included, by the language service of its file. Use it before changing something that others call.',
    `Returns the lines, by file and sorted by path: at most ${maxPlaces} and 24 KB a call; what was cut is said at the end.`,
  ].join(' '),
  schema,
  readOnly: true,

  reach: async ({ path }, { workspace }, signal) => (await workspace.reach?.([path], signal)) ?? [],

  describe: ({ symbol }) => toolStrings.references(inLabel(symbol)),

  async run(input, { workspace, languages }, signal) {
    const { position, notes } = await positionOf(input, workspace, signal);
    const skip = (input.start ?? 1) - 1;
    const answer = await languages.references(position, { skip, limit: maxPlaces }, signal);
    if (answer.total === 0) {
      const what = `No references to ${JSON.stringify(input.symbol)} were found.`;
      const text = nothingFound(what, answer, 'search_text finds it as text.');
      return { content: reveal(withNotes(text, notes)).text, summary: toolStrings.noReferences() };
    }
    const head = counted(answer.total, ['line', 'lines'], answer.files);
    if (answer.items.length === 0) {
      return {
        content: withNotes(`${head}: start ${formatted(skip + 1)} is past the last one.`, notes),
        summary: toolStrings.referenced(answer.total, answer.files),
      };
    }
    const { text, shown, notes: more } = renderPlaces(answer.items);
    const next = skip + shown;
    const cut = next < answer.total ? [`${formatted(answer.total - next)} more: continue with start ${next + 1}.`] : [];
    const range = skip > 0 || cut.length > 0 ? `, of which ${formatted(skip + 1)}–${formatted(next)}` : '';
    return {
      content: withNotes(`${head}${range}\n\n${text}`, [...notes, ...cut, ...more]),
      summary: toolStrings.referenced(answer.total, answer.files),
    };
  },
};
