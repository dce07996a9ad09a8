/** The tools that the API runs itself: their definitions, and what a scripted search or fetch says (API-FACTS §8.4). */
import { freshId } from './answer';
import type { Exchange } from './exchange';
import { Refusal } from './rules';
import type { WebCall, WebPage } from './script';
import { type Block, isObject, textOf } from './wire';

/** Type → its name: any other pair is refused. */
const names: Readonly<Record<string, string>> = {
  web_search_20250305: 'web_search',
  web_search_20260209: 'web_search',
  web_search_20260318: 'web_search',
  web_fetch_20250910: 'web_fetch',
  web_fetch_20260209: 'web_fetch',
  web_fetch_20260309: 'web_fetch',
  web_fetch_20260318: 'web_fetch',
};
const fields: readonly string[] = ['type', 'name', 'max_uses', 'allowed_domains', 'blocked_domains', 'cache_control'];
const more: Readonly<Record<string, readonly string[]>> = {
  web_search: ['user_location'],
  web_fetch: ['max_content_tokens', 'citations'],
};

/** True for the definition of a tool of the web, which is checked here. */
export function isWebTool(tool: unknown): boolean {
  return isObject(tool) && typeof tool['type'] === 'string' && /^web_(?:search|fetch)_/.test(tool['type']);
}

/** Throws a Refusal for a definition that the API would refuse. */
export function checkWebTool(tool: unknown, path: string): void {
  if (!isObject(tool)) return;
  const type = String(tool['type']);
  const name = names[type];
  if (name === undefined) throw new Refusal('inputShould', { path: `${path}.type`, what: 'a known tool' });
  if (tool['name'] !== name) throw new Refusal('inputShould', { path: `${path}.${type}.name`, what: `'${name}'` });
  for (const field of Object.keys(tool)) {
    const known = fields.includes(field) || more[name]?.includes(field) || field === 'allowed_callers';
    if (!known) throw new Refusal('extraInputs', { path: `${path}.${type}.${field}` });
  }
  const { max_uses: uses } = tool;
  if (uses !== undefined && !(Number.isInteger(uses) && Number(uses) > 0)) {
    throw new Refusal('inputShould', { path: `${path}.${type}.max_uses`, what: 'greater than 0' });
  }
  for (const list of ['allowed_domains', 'blocked_domains']) {
    const domains = tool[list];
    if (domains !== undefined && !(Array.isArray(domains) && domains.every((one) => typeof one === 'string')))
      throw new Refusal('inputShould', { path: `${path}.${type}.${list}`, what: 'a valid list' });
  }
}

/** Says the call and its result; throws where the request did not offer the tool, which no server would run. */
export async function runWeb({ writer, body }: Exchange, call: WebCall): Promise<void> {
  const tool = (body.tools ?? []).find(({ name, input_schema }) => name === call.name && input_schema === undefined);
  if (tool === undefined) throw new Error(`the script runs ${call.name}, which the request does not offer`);
  const id = freshId('srvtoolu');
  const input = call.name === 'web_search' ? { query: call.query } : { url: call.url };
  await writer.block({ type: 'server_tool_use', id, name: call.name, input });
  const error =
    writer.uses(call.name) >= (tool.max_uses ?? Number.POSITIVE_INFINITY) ? 'max_uses_exceeded' : problem(call, body);
  const type = `${call.name}_tool_result`;
  if (error !== null) {
    await writer.block(result(type, id, { type: `${type}_error`, error_code: error }));
    return;
  }
  const pages = call.name === 'web_search' ? call.pages : call.page === null ? [] : [call.page];
  writer.countUse(call.name, pages.map(({ text }) => text).join('\n'));
  const content = call.name === 'web_search' ? pages.map(found) : fetched(call.url, pages[0]);
  await writer.block(result(type, id, content));
}

function problem(call: WebCall, body: Exchange['body']): string | null {
  if (call.name === 'web_search') return null;
  const known = body.messages.some(
    ({ content }) => textOf(content).includes(call.url) || JSON.stringify(content).includes(JSON.stringify(call.url)),
  );
  return known ? (call.page === null ? 'url_not_accessible' : null) : 'url_not_in_prior_context';
}

function result(type: string, id: string, content: unknown): Block {
  return { type, tool_use_id: id, content } as Block;
}

function found({ url, title = '', text, age = '' }: WebPage): unknown {
  const encrypted_content = Buffer.from(text).toString('base64');
  return { type: 'web_search_result', url, title, encrypted_content, page_age: age === '' ? null : age };
}

function fetched(url: string, page: WebPage | undefined): unknown {
  const source = { type: 'text', media_type: 'text/plain', data: page?.text ?? '' };
  const content = { type: 'document', source, title: page?.title ?? null };
  return { type: 'web_fetch_result', url, retrieved_at: '2026-11-27T00:00:00Z', content };
}
