/** A tool that is not Prelude's, as a conversation has chosen and stored it. */
import { isObject } from '../base/doorValues';

/** The schema of a tool's input as the API takes it (API-FACTS §8.3). */
export interface InputSchema {
  readonly type: 'object';
  readonly [key: string]: unknown;
}

/** Where a tool comes from. */
export interface ToolSource {
  /** `api`: the API runs it itself; its id says which of its tools, and which version. */
  readonly kind: 'mcp' | 'extension' | 'api';
  /** Of the server or of the extension: what tells it from all others. */
  readonly id: string;
  /** How it is shown. */
  readonly name: string;
}

/** A tool that a conversation has chosen: what it offers stays the same bytes until the user chooses anew. */
export interface OtherTool {
  readonly id: string;
  readonly source: ToolSource;
  readonly title: string;
  /** Of all that it said of itself when it was chosen (`otherToolDigest`). */
  readonly digest: string;
  /** As it is sent. */
  readonly definition: {
    readonly name: string;
    readonly description: string;
    readonly input_schema: InputSchema;
  };
}

/** What is stored of a conversation's choice, as far as it is right; none where it is not. */
export function readOtherTools(stored: unknown): readonly OtherTool[] {
  return Array.isArray(stored) ? stored.filter(isOtherTool) : [];
}

function isOtherTool(value: unknown): value is OtherTool {
  if (!isObject(value) || !isObject(value['source']) || !isObject(value['definition'])) return false;
  const { source, definition } = value;
  const schema = definition['input_schema'];
  const texts = [value['id'], value['title'], value['digest'], source['id'], source['name'], definition['description']];
  return (
    texts.every((text) => typeof text === 'string') &&
    (source['kind'] === 'mcp' || source['kind'] === 'extension' || source['kind'] === 'api') &&
    /^[a-zA-Z0-9_-]{1,64}$/.test(String(definition['name'])) &&
    isObject(schema) &&
    schema['type'] === 'object'
  );
}
