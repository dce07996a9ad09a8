/** The tools, in the order in which they are offered, and how one is run. */
import type * as z from 'zod/mini';
import { orAborted } from '../base/orAborted';
import type { InputSchema } from '../record/chosenTool';
import { createFile } from './createFile';
import { deleteFile } from './deleteFile';
import { editFile } from './editFile';
import { findFiles } from './findFiles';
import { findReferences } from './findReferences';
import { findSymbols } from './findSymbols';
import { getChanges } from './getChanges';
import { getDiagnostics } from './getDiagnostics';
import { getOutline } from './getOutline';
import { goToDefinition } from './goToDefinition';
import { listDirectory } from './listDirectory';
import { readFile } from './readFile';
import { renameFile } from './renameFile';
import { searchText } from './searchText';
import type { Tool, ToolOutput } from './tool';
import type { ServerToolDefinition } from './web/definitions';
import { jsonSchemaOf } from './words/inputSchema';
import { ToolError, type ToolPorts } from './workspace';

/** The order is part of the cached prefix: new tools go to the end (DESIGN "The prompt"). */
export const tools: readonly Tool[] = [
  readFile,
  listDirectory,
  findFiles,
  searchText,
  getDiagnostics,
  findSymbols,
  goToDefinition,
  findReferences,
  getOutline,
  getChanges,
  editFile,
  createFile,
  renameFile,
  deleteFile,
];

/** A tool as the Messages API takes it (API-FACTS §8.3). */
interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly input_schema: InputSchema;
}

/** What is offered to the model: the same bytes for the same tools, always. */
export function toolDefinitions(offered: readonly Tool[]): (ToolDefinition | ServerToolDefinition)[] {
  return offered.map(
    ({ name, description, schema, inputSchema, server }) =>
      server ?? { name, description, input_schema: inputSchema ?? inputSchemaOf(schema) },
  );
}

const inputSchemas = new WeakMap<z.ZodMiniType, InputSchema>();

/** Made once for a schema: each request has them all. */
function inputSchemaOf(schema: z.ZodMiniType): InputSchema {
  const known = inputSchemas.get(schema) ?? { ...jsonSchemaOf(schema), type: 'object' };
  inputSchemas.set(schema, known);
  return known;
}

/** The input as the tool takes it. Throws a ToolError that names each wrong field and says what is expected. */
export function validateInput<Input>(tool: Tool<Input>, input: unknown): Input {
  const parsed = tool.schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `- ${problem(issue, input)}`);
  throw new ToolError(
    `The input of ${tool.name} is not valid:\n${problems.join('\n')}\n` +
      `Expected: ${JSON.stringify(tool.inputSchema ?? inputSchemaOf(tool.schema))}\nNothing was done. Call it again with a valid input.`,
  );
}

function problem(issue: z.core.$ZodIssue, input: unknown): string {
  const field = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') return `there is no field ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  const missing = issue.code === 'invalid_type' && field !== '' && valueAt(input, issue.path) === undefined;
  if (missing) return `"${field}" is missing (${issue.expected})`;
  return `${field === '' ? 'the input' : `"${field}"`}: ${issue.message}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}

/** Validates the input and runs the tool. Rejects with the signal's reason as soon as it is aborted. */
export async function runTool(tool: Tool, input: unknown, ports: ToolPorts, signal: AbortSignal): Promise<ToolOutput> {
  const valid = validateInput(tool, input);
  signal.throwIfAborted();
  const run = tool.run(valid, ports, signal);
  // Of what is being written only the tool itself can say what it came to.
  return tool.readOnly || tool.writes === undefined ? orAborted(run, signal) : run;
}
