/** Tools that are not Prelude's: as VS Code holds them now, and as a conversation has chosen and stored them. */
import { isObject } from '../base/doorValues';

/** The schema of a tool's input as the API takes it (API-FACTS §8.3). */
export interface InputSchema {
  readonly type: 'object';
  readonly [key: string]: unknown;
}

/** Where a tool comes from. */
export interface ToolSource {
  readonly kind: 'mcp' | 'extension';
  /** Of the server or of the extension: what tells it from all others. */
  readonly id: string;
  /** How it is shown. */
  readonly name: string;
}

/** A tool as VS Code holds it now: nothing of it was checked. */
export interface LiveTool {
  /** Its name at VS Code. */
  readonly id: string;
  readonly source: ToolSource;
  /** How it is shown, beside its source. */
  readonly title: string;
  readonly description: string;
  readonly inputSchema: unknown;
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

/** A part of what a tool gave back. */
export type ResultPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'data'; readonly mediaType: string; readonly bytes: Uint8Array };

/** What a call gave back. */
export interface OtherResult {
  readonly parts: readonly ResultPart[];
  readonly isError: boolean;
}

/** The tools that VS Code holds. */
export interface OtherTools {
  /** Those that can be called from here, now. */
  live(): readonly LiveTool[];
  /** Rejects with what went wrong. Stops when the signal is aborted. */
  invoke(id: string, input: unknown, signal: AbortSignal): Promise<OtherResult>;
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
    (source['kind'] === 'mcp' || source['kind'] === 'extension') &&
    /^[a-zA-Z0-9_-]{1,64}$/.test(String(definition['name'])) &&
    isObject(schema) &&
    schema['type'] === 'object'
  );
}
