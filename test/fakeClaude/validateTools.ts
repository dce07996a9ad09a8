/** Tool definitions and the choice among them (API-FACTS §3.2, §8.3). */
import { Refusal } from './rules';
import { isObject, type RequestBody } from './wire';

const unsupportedKeywords = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'maxItems',
];

/** Throws a Refusal for a definition or a tool_choice that the API would refuse. */
export function checkToolDefinitions(body: RequestBody): void {
  const tools = body.tools ?? [];
  for (const [index, tool] of tools.entries()) {
    const path = `tools.${index}.custom`;
    if (tool.input_schema === undefined) continue;
    if (!/^[a-zA-Z0-9_-]{1,128}$/.test(tool.name)) throw new Refusal('toolName', { path: `${path}.name` });
    const { type } = tool.input_schema as { readonly type?: unknown };
    if (type === undefined) throw new Refusal('fieldRequired', { path: `${path}.input_schema.type` });
    if (type !== 'object') throw new Refusal('inputShould', { path: `${path}.input_schema.type`, what: "'object'" });
    if (tool.strict === true) checkStrict(tool.input_schema, path);
  }
  if (new Set(tools.map((tool) => tool.name)).size < tools.length) throw new Refusal('uniqueToolNames');
  if (tools.length > 0 && tools.every((tool) => tool.defer_loading === true)) throw new Refusal('allDeferred');
  if (body.tool_choice === undefined) return;
  if (tools.length === 0) throw new Refusal('choiceWithoutTools');
  const { name } = body.tool_choice;
  if (body.tool_choice.type === 'tool' && !tools.some((tool) => tool.name === name)) {
    throw new Refusal('unknownToolChoice', { name: name ?? '' });
  }
}

/** Schemas of strict tools: closed objects, no limits on numbers or lengths. */
function checkStrict(schema: unknown, path: string): void {
  if (Array.isArray(schema)) {
    for (const part of schema) checkStrict(part, path);
    return;
  }
  if (!isObject(schema)) return;
  const { type } = schema;
  if (type === 'object' && schema['additionalProperties'] !== false) throw new Refusal('strictObject', { path });
  const keyword = unsupportedKeywords.find((name) => schema[name] !== undefined && typeof type === 'string');
  if (keyword !== undefined) throw new Refusal('strictKeyword', { path, type: String(type), keyword });
  for (const part of Object.values(schema)) checkStrict(part, path);
}
