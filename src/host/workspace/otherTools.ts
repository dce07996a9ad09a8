/**
 * Tools that are not Prelude's, as VS Code holds them: those of MCP servers, and those that other extensions contribute.
 * VS Code's own, and those of its chat, need a chat session of its and fail without one: they are left out.
 */
import type { ToolSource } from '../../core/record/chosenTool';
import type { LiveTool, OtherResult, OtherTools, ResultPart } from '../../core/tools/ports/otherTools';
import { ToolError } from '../../core/tools/workspace';

/** What `vscode.lm.tools` says of one; the full name is given by newer ones: "server/tool". */
interface HeldTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: object | undefined;
  readonly tags: readonly string[];
  readonly fullReferenceName?: unknown;
}

/** What is asked of an extension. */
interface ToolExtension {
  readonly id: string;
  readonly packageJSON: unknown;
}

/** VS Code, as far as it is asked about tools. */
export interface ToolHost {
  tools(): readonly HeldTool[];
  extensions(): readonly ToolExtension[];
  /** Rejects with what went wrong. */
  invoke(
    name: string,
    input: object,
    signal: AbortSignal,
  ): Promise<{ readonly content: readonly unknown[]; readonly hasError?: unknown }>;
}

/** Tools that said that they need VS Code's own chat: they are offered no more. */
interface ChatOnly {
  has(id: string): boolean;
  add(id: string): void;
}

/** The tools of MCP servers and of other extensions. */
export function createOtherTools(host: ToolHost, chatOnly: ChatOnly): OtherTools {
  return {
    live: () => {
      const contributors = contributorsOf(host.extensions());
      return host.tools().flatMap((tool): readonly LiveTool[] => {
        const known = chatOnly.has(tool.name) ? null : sourceOf(tool, contributors);
        if (known === null) return [];
        const { name: id, description, inputSchema } = tool;
        return [{ id, ...known, description: String(description ?? ''), inputSchema }];
      });
    },
    invoke: async (id, input, signal) => {
      try {
        const { content, hasError } = await host.invoke(id, input as object, signal);
        return { parts: content.flatMap(partOf), isError: hasError === true } satisfies OtherResult;
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        if (!needsChat(said)) throw new ToolError(`${id} failed: ${said}`);
        chatOnly.add(id);
        throw new ToolError(`${id} works in VS Code’s own chat only. Do not call it again.`);
      }
    },
  };
}

/** As tools say it that were called without VS Code's chat: `toolInvocationToken is required for this tool`. */
function needsChat(message: string): boolean {
  return /toolInvocationToken|chat (?:session|request|context)/i.test(message);
}

/** Which extension contributes a tool of this name. */
type Contributors = ReadonlyMap<string, ToolSource | null>;

/** null for VS Code's own. */
function contributorsOf(extensions: readonly ToolExtension[]): Contributors {
  const contributors = new Map<string, ToolSource | null>();
  for (const { id, packageJSON } of extensions) {
    const { displayName, isBuiltin, contributes } = field(packageJSON);
    const declared = field(contributes)['languageModelTools'];
    const name = typeof displayName === 'string' && displayName !== '' ? displayName : id;
    const isOwn = isBuiltin === true || /^(?:github\.copilot|vscode\.|prelude\.)/i.test(id);
    for (const tool of Array.isArray(declared) ? declared : []) {
      const tools = field(tool)['name'];
      if (typeof tools === 'string') contributors.set(tools, isOwn ? null : { kind: 'extension', id, name });
    }
  }
  return contributors;
}

/** Where a tool is from, and how it is called there; null for one that cannot be called from here. */
function sourceOf(tool: HeldTool, contributors: Contributors): Pick<LiveTool, 'source' | 'title'> | null {
  const { name, tags } = tool;
  // What an extension says of its tool makes it no server's.
  const contributor = contributors.get(name);
  if (contributor !== undefined) return contributor === null ? null : { source: contributor, title: name };
  if (!tags.includes('mcp')) return null;
  const full = typeof tool.fullReferenceName === 'string' ? tool.fullReferenceName : '';
  const slash = full.indexOf('/');
  // Without it only the name tells: `mcp_` and the server, of which a blank is not told from the end.
  const [, server = name, title = name] =
    slash > 0 ? ['', full.slice(0, slash), full.slice(slash + 1)] : (/^mcp_([^_]+)_(.+)$/s.exec(name) ?? []);
  return { source: { kind: 'mcp', id: server, name: server }, title };
}

function field(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** By its shape: VS Code's classes for some of them are newer than the oldest that Prelude runs in. */
function partOf(part: unknown): readonly ResultPart[] {
  const { value, mimeType, data } = field(part);
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  if (data instanceof Uint8Array) return [{ type: 'data', mediaType: String(mimeType ?? ''), bytes: data }];
  const texts = textsIn(value);
  return texts.length === 0 ? [] : [{ type: 'text', text: texts.join('') }];
}

/** Levels of a prompt's tree that are read. */
const maxDepth = 50;

/** The texts of a prompt-tsx tree, in their order. */
function textsIn(node: unknown, depth = 0): readonly string[] {
  if (depth > maxDepth) return [];
  const { text, children, node: root } = field(node);
  if (typeof text === 'string') return [text];
  if (Array.isArray(children)) return children.flatMap((child) => textsIn(child, depth + 1));
  return root === undefined ? [] : textsIn(root, depth + 1);
}
