/** The tools of a request: Prelude's own, and behind them those that the conversation has chosen. */
import * as z from 'zod/mini';
import type { OtherTool } from '../../record/chosenTool';
import type { OtherTools } from '../ports/otherTools';
import type { Absence, Tool } from '../tool';
import { toolStrings } from '../words/strings';
import { ToolError, type ToolPorts } from '../workspace';
import { liveDigest } from './adopt';
import { resultOf, resultText } from './results';
import { offeredWeb, serverToolOf } from './web';

/** Names that the API's own tools have. */
const reserved: readonly string[] = ['web_search', 'web_fetch'];

/** True for a name that another's tool may not have. */
export function isOwnName(own: readonly Tool[], name: string): boolean {
  return reserved.includes(name) || own.some((tool) => tool.name === name);
}

/** A chosen tool with the digest that a yes for it is bound to. */
type Bound = (tool: OtherTool) => string;

/**
 * In their order, own ones first: the order is part of the cached prefix. A chosen one whose name an own one has by now, or
 * one before it, is left out: names are unique (API-FACTS §8.3).
 */
export function offeredTools(
  own: readonly Tool[],
  chosen: readonly OtherTool[],
  bound: Bound = ({ digest }) => digest,
): readonly Tool[] {
  const known = new Set<string>();
  const others = chosen.filter((tool) => {
    const { name } = tool.definition;
    const { kind } = tool.source;
    const isOffered = kind === 'api' ? serverToolOf(tool) !== undefined : !isOwnName(own, name);
    const isFree = isOffered && !known.has(name);
    known.add(name);
    return isFree;
  });
  return others.length === 0 ? own : [...own, ...others.map((tool) => offered(tool, bound(tool)))];
}

/** The digests of chosen tools as they are now; of one that is not there, as it was when it was chosen. */
export async function boundNow(chosen: readonly OtherTool[], others: OtherTools | undefined): Promise<Bound> {
  const digests = new Map<string, string>();
  for (const tool of chosen) {
    const live = found(tool, others);
    if (live !== undefined) digests.set(tool.id, await liveDigest(live));
  }
  return ({ id, digest }) => digests.get(id) ?? digest;
}

function offered(tool: OtherTool, digest: string): Tool {
  const server = serverToolOf(tool);
  return server === undefined ? toolOf(tool, digest) : offeredWeb(server);
}

const anyInput = z.record(z.string(), z.unknown());

function toolOf(tool: OtherTool, digest: string): Tool {
  const { source, title, definition } = tool;
  return {
    name: definition.name,
    description: definition.description,
    schema: anyInput,
    inputSchema: definition.input_schema,
    // Whatever it says of itself.
    readOnly: false,
    foreign: { tool: title, source: source.name, digest },
    absent: ({ others }) => (found(tool, others) === undefined ? absence(definition.name, source) : null),
    describe: () => toolStrings.other(title, source.name),
    run: (input, ports, signal) => run(tool, digest, input, ports, signal),
  };
}

async function run(
  tool: OtherTool,
  digest: string,
  input: unknown,
  { others, media }: ToolPorts,
  signal: AbortSignal,
): ReturnType<Tool['run']> {
  const { id, definition, source } = tool;
  const live = found(tool, others);
  if (others === undefined || live === undefined) throw new ToolError(absence(definition.name, source).reason);
  if ((await liveDigest(live)) !== digest) {
    throw new ToolError(
      `${definition.name} has changed since the user was asked, so it was not run. The user is asked again in the next turn.`,
    );
  }
  const { parts, isError } = await others.invoke(id, input, signal);
  if (isError) throw new ToolError(resultText(parts));
  return { ...(await resultOf(parts, media)), summary: toolStrings.answered() };
}

function found(
  { id, source }: OtherTool,
  others: OtherTools | undefined,
): ReturnType<OtherTools['live']>[number] | undefined {
  return others?.live().find((one) => one.id === id && one.source.kind === source.kind && one.source.id === source.id);
}

function absence(name: string, { kind, name: source }: OtherTool['source']): Absence {
  const isServer = kind === 'mcp';
  const where = isServer ? `the MCP server ${source} is not running` : `the extension ${source} does not offer it now`;
  const reason = `${name} is not there: ${where}. Nothing was done. Go on without it, or tell the user that you need it.`;
  return { reason, server: isServer ? source : null };
}
