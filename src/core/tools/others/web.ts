/** The API's own tools as they are chosen and offered like those of others; which the API runs, never we. */
import * as z from 'zod/mini';
import type { Model } from '../../models/models';
import type { OtherTool, ToolSource } from '../../record/chosenTool';
import type { Tool } from '../tool';
import { type ServerTool, serverTools } from '../web/definitions';
import { serverToolStrings } from '../web/strings';
import { ToolError } from '../workspace';

/** Whose they are. */
const api: ToolSource = { kind: 'api', id: 'anthropic', name: 'Claude API' };

/** All that can be chosen, as it is stored: the version's bytes are the id's. */
export const webTools: readonly OtherTool[] = serverTools.map(({ definition: { type, name } }) => ({
  id: type,
  source: api,
  title: name === 'web_search' ? 'Web search' : 'Web fetch',
  digest: type,
  definition: { name, description: '', input_schema: { type: 'object' } },
}));

/** What a chosen one is; undefined for one of another source, or of a version that is not known. */
export function serverToolOf({ id, source }: Pick<OtherTool, 'id' | 'source'>): ServerTool | undefined {
  return source.kind === 'api' ? serverTools.find(({ definition }) => definition.type === id) : undefined;
}

/** Which of the API's own tools a model takes. */
export type WebTaken = Pick<Model, 'webSearch' | 'webFetch'>;

/** True for a tool that the model takes: all but some of the API's own are every model's. */
export function isTaken(tool: Pick<OtherTool, 'id' | 'source'>, model: WebTaken): boolean {
  const server = serverToolOf(tool);
  return server === undefined || (server.definition.name === 'web_search' ? model.webSearch : model.webFetch);
}

/** As it is offered. */
export function offeredWeb({ definition }: ServerTool): Tool {
  const { name } = definition;
  return {
    name,
    description: '',
    schema: z.record(z.string(), z.unknown()),
    readOnly: true,
    server: definition,
    describe: () => serverToolStrings.other(name),
    run: async () => {
      throw new ToolError(`${name} is run by the API itself, not by the editor. Nothing was done.`);
    },
  };
}
