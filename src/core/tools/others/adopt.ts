/** A tool that VS Code holds as a conversation may choose it: its name, words and schema as the API takes them. */
import { visible } from '../../../shared/visible';
import type { OtherTool } from '../../record/chosenTool';
import { otherToolDigest } from '../consent';
import type { LiveTool } from '../ports/otherTools';
import { wholeCharacters } from '../words/text';
import { apiName } from './names';
import { apiSchema, type SchemaProblem } from './schemas';

/** Characters of a description at most. */
const maxDescription = 4_000;

/** Characters of what is shown as a name. */
const maxTitle = 80;

/** Why a tool cannot be offered. */
export type ToolProblem = SchemaProblem;

/** The tool as it would be offered, or why it cannot be. `taken`: names that mean something else already. */
export async function adopted(
  live: LiveTool,
  taken: (name: string) => boolean,
): Promise<{ readonly tool: OtherTool } | { readonly problem: ToolProblem }> {
  const mapped = apiSchema(live.inputSchema);
  if ('problem' in mapped) return mapped;
  const { id, source } = live;
  return {
    tool: {
      id,
      source: { ...source, name: oneLine(source.name) },
      title: oneLine(live.title),
      digest: await liveDigest(live),
      definition: {
        name: apiName(id, taken),
        description: bounded(live.description),
        input_schema: mapped.schema,
      },
    },
  };
}

/** Of all that it says of itself now: what a yes of the user is bound to. */
export function liveDigest({ id, source, description, inputSchema }: LiveTool): Promise<string> {
  return otherToolDigest({ source: `${source.kind} ${source.id}`, name: id, description, schema: inputSchema });
}

/** One line without hidden characters, as it is shown. */
export function oneLine(text: string): string {
  const line = visible(text.replace(/\s+/g, ' ').trim());
  return line.length > maxTitle ? `${wholeCharacters(line, maxTitle - 1)}…` : line;
}

function bounded(description: string): string {
  const text = visible(description);
  if (text.length <= maxDescription) return text;
  return `${wholeCharacters(text, maxDescription)}\n[The description was cut here: it has ${text.length.toLocaleString('en-US')} characters.]`;
}
