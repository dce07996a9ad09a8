/** A request as a text that a person can compare: each block with its breakpoint, ids and signatures by their order. */
import type Anthropic from '@anthropic-ai/sdk';

export type SentRequest = Omit<Anthropic.MessageCreateParamsStreaming, 'system' | 'tools'> & {
  readonly system: readonly Anthropic.TextBlockParam[];
  readonly tools?: readonly Anthropic.Tool[];
};

type Block = Anthropic.ContentBlockParam | Anthropic.TextBlockParam;

/** What all requests begin with, whole. */
export function constantsOf({ system, tools = [] }: SentRequest): string {
  return `${JSON.stringify(tools, null, 2)}\n\n${system[0]?.text}\n`;
}

/** The whole request, but for what `constantsOf` shows. */
export function shownRequest(request: SentRequest, index: number): string {
  const { model, max_tokens, thinking, output_config, system, tools = [], messages, ...rest } = request;
  const head = { model, max_tokens, thinking, output_config, ...rest };
  const ids = new Map<string, string>();
  const lines = [`request ${index + 1} ${JSON.stringify(head)}`, `tools: ${tools.map(({ name }) => name).join(', ')}`];
  for (const [place, block] of system.entries()) {
    const text = place === 0 ? '[instructions: constants.txt]' : block.text;
    lines.push(`system${breakpointOf(block)}`, indented(text, 2));
  }
  for (const { role, content } of messages) {
    lines.push(role);
    const blocks: readonly Block[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    for (const block of blocks) lines.push(`  ${block.type}${breakpointOf(block)}`, indented(textOf(block, ids), 4));
  }
  return `${lines.join('\n')}\n`;
}

function breakpointOf(block: Block): string {
  const control = 'cache_control' in block ? block.cache_control : null;
  return control == null ? '' : ` ◆ ${control.ttl ?? '5m'}`;
}

function textOf(block: Block, ids: Map<string, string>): string {
  const named = (id: string): string => {
    const known = ids.get(id) ?? `tool${ids.size + 1}`;
    ids.set(id, known);
    return known;
  };
  const { cache_control: _, ...rest } = block as Block & { readonly cache_control?: unknown };
  if (rest.type === 'text') return Object.keys(rest).length === 2 ? rest.text : json(rest);
  if (rest.type === 'thinking') return json({ ...rest, signature: '[signature]' });
  if (rest.type === 'tool_use') return json({ ...rest, id: named(rest.id) });
  if (rest.type === 'tool_result') return json({ ...rest, tool_use_id: named(rest.tool_use_id) });
  if (rest.type === 'image' && rest.source.type === 'base64') {
    const { data, ...source } = rest.source;
    return json({ ...rest, source: { ...source, data: `[${data.length} characters]` } });
  }
  return json(rest);
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 1);
}

/** Lines of which hundreds are the same are told once. */
function indented(text: string, spaces: number): string {
  const lines = text.split('\n');
  const kept: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const same = lines.findIndex((line, index) => index > at && line !== lines[at]);
    const count = (same === -1 ? lines.length : same) - at;
    kept.push(`${lines[at]}${count > 3 ? ` [${count} times]` : ''}`);
    at += count > 3 ? count : 1;
  }
  return kept.map((line) => `${' '.repeat(spaces)}${line}`.trimEnd()).join('\n');
}
