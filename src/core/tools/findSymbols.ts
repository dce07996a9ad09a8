/** The tool find_symbols: definitions anywhere in the workspace, by their names. */
import * as z from 'zod/mini';
import type { CodeSymbol } from './language/languageServices';
import { counted, nothingFound, renderPlaces } from './places';
import type { Tool } from './tool';
import { filled, needed } from './words/fields';
import { toolStrings } from './words/strings';
import { formatted, inLabel, reveal, withNotes } from './words/text';

const maxSymbols = 100;

const schema = z.strictObject({
  query: needed(filled(200), 'The name, or a part of it.'),
});

/** Definitions anywhere in the workspace, by their names. */
export const findSymbols: Tool<z.infer<typeof schema>> = {
  name: 'find_symbols',
  description: [
    'Finds classes, functions, types and other symbols of the whole workspace by name, by the language services that are installed.',
    `Returns each with its path, line, source line and kind: at most ${maxSymbols}, the best matches.`,
  ].join(' '),
  schema,
  readOnly: true,

  describe: ({ query }) => toolStrings.symbols(inLabel(query)),

  async run({ query }, { languages }, signal) {
    if (query.trim() === '') return none(query);
    const answer = await languages.symbols(query.trim(), maxSymbols, signal);
    if (answer.items.length === 0) {
      const what = `No symbol matches ${JSON.stringify(query)}.`;
      const text = nothingFound(what, answer, 'search_text finds it as text.');
      return { content: reveal(text).text, summary: toolStrings.noSymbols() };
    }
    const { text, shown, notes } = renderPlaces(answer.items, kindOf);
    const cut = shown < answer.total ? [`${formatted(answer.total - shown)} more: a longer name finds fewer.`] : [];
    return {
      content: withNotes(`${counted(answer.total, ['symbol', 'symbols'], answer.files)}\n\n${text}`, [
        ...cut,
        ...notes,
      ]),
      summary: toolStrings.symbolCount(answer.total),
    };
  },
};

function none(query: string) {
  return { content: `${JSON.stringify(query)} names nothing.`, summary: toolStrings.noSymbols() };
}

function kindOf({ name, kind, container }: CodeSymbol): string {
  return `[${kind} ${name}${container === '' ? '' : `, in ${container}`}]`;
}
