/**
 * What a tool that the API runs itself gave back, as it is shown: what came of it, the pages that it found, and its
 * output as text (API-FACTS §8.4). It is whatever a page or a server wrote: bounded, and taken for text alone.
 */
import type { LocalizableMessage } from '../../shared/chat';
import { visible } from '../../shared/visible';
import { type Citation, hostOf, type Source } from '../../shared/web/sources';
import { isObject, type JsonObject } from '../base/doorValues';
import { serverToolErrors, serverToolStrings } from '../tools/web/strings';

/** Pages of one result, and citations of one text, that are shown. */
const mostSources = 50;
const mostCitations = 20;
/** Characters of a title and of an age, of what is cited, of an address. */
const longestTitle = 200;
const longestCited = 500;
const longestUrl = 2000;

/** What is shown of a result. */
export interface ShownResult {
  readonly failed: boolean;
  readonly summary: LocalizableMessage;
  readonly sources?: readonly Source[];
}

/** What came of a call. Takes any JSON. */
export function shownResult(block: JsonObject): ShownResult {
  const { content } = block;
  const code = errorCode(content);
  if (code !== null) {
    const known = Object.hasOwn(serverToolErrors, code) ? serverToolErrors[code] : undefined;
    return { failed: true, summary: known?.() ?? serverToolStrings.failed(short(code, longestTitle)) };
  }
  if (block['type'] === 'web_search_tool_result' && Array.isArray(content)) {
    const found = content.filter(isObject);
    const sources = found.slice(0, mostSources).map(({ url, title, page_age }) => sourceOf(url, title, page_age));
    const summary = found.length === 0 ? serverToolStrings.noResults() : serverToolStrings.results(found.length);
    return { failed: false, summary, sources };
  }
  if (block['type'] === 'web_fetch_tool_result' && isObject(content)) {
    const page = isObject(content['content']) ? content['content'] : {};
    return {
      failed: false,
      summary: serverToolStrings.done(),
      sources: [sourceOf(content['url'], page['title'], null)],
    };
  }
  const exit = isObject(content) ? content['return_code'] : 0;
  if (typeof exit === 'number' && exit !== 0) return { failed: true, summary: serverToolStrings.exitCode(exit) };
  return { failed: block['is_error'] === true, summary: serverToolStrings.done() };
}

function errorCode(content: unknown): string | null {
  if (!isObject(content)) return null;
  const { type, error_code: code } = content;
  if (typeof type !== 'string' || !type.endsWith('_error')) return null;
  return typeof code === 'string' && code !== '' ? code : type;
}

function sourceOf(said: unknown, title: unknown, age: unknown): Source {
  const url = webAddress(said);
  return {
    url,
    title: named(title, url, said),
    age: typeof age === 'string' && age !== '' ? short(age, longestTitle) : null,
  };
}

/** A page without a title is named by where it is. */
function named(title: unknown, url: string | null, said: unknown): string {
  if (typeof title === 'string' && title.trim() !== '') return short(title, longestTitle);
  if (url !== null) return short(hostOf(url), longestTitle);
  return typeof said === 'string' ? short(said, longestTitle) : '';
}

/** An http or https address, as it is opened; null for any other. */
export function webAddress(said: unknown): string | null {
  if (typeof said !== 'string' || said.length > longestUrl || !/^https?:\/\//i.test(said)) return null;
  return URL.canParse(said) ? new URL(said).href : null;
}

function short(text: string, most: number): string {
  const line = visible(text.slice(0, most).toWellFormed().replace(/\s+/g, ' ')).trim();
  return text.length > most ? `${line}…` : line;
}

/** What a text block cites. Takes any JSON. */
export function citationsOf(said: unknown): readonly Citation[] {
  if (!Array.isArray(said)) return [];
  return said
    .filter(isObject)
    .slice(0, mostCitations)
    .map((one) => {
      const url = webAddress(one['url'] ?? one['source']);
      const title = named(one['title'] ?? one['document_title'], url, '');
      const { cited_text: text } = one;
      return { url, title, text: typeof text === 'string' ? short(text, longestCited) : '' };
    });
}

/** What a result holds, as text of at most so many characters and an ellipsis. Takes any JSON. */
export function resultText(block: JsonObject, most: number): string {
  const text = textOfResult(block, most);
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function textOfResult(block: JsonObject, most: number): string {
  const { type, content } = block;
  if (type === 'web_search_tool_result' && Array.isArray(content)) {
    const rows = content.slice(0, mostSources).map((one) => {
      if (!isObject(one)) return json(one);
      return [one['title'], one['url'], one['page_age']].filter((text) => typeof text === 'string').join('\n');
    });
    return rows.join('\n\n');
  }
  if (type === 'web_fetch_tool_result' && isObject(content) && isObject(content['content'])) {
    const { source } = content['content'];
    if (isObject(source) && source['type'] === 'text' && typeof source['data'] === 'string')
      return source['data'].slice(0, most + 1);
  }
  if (isObject(content) && typeof content['stdout'] === 'string') {
    const outputs = [content['stdout'], content['stderr']].filter((text) => typeof text === 'string' && text !== '');
    return outputs.join('\n');
  }
  if (typeof content === 'string') return content.slice(0, most + 1);
  const texts = Array.isArray(content) ? content.flatMap((one) => (isObject(one) ? [one['text']] : [])) : [];
  if (texts.length > 0 && texts.every((text) => typeof text === 'string')) return texts.join('\n');
  return json(content ?? block);
}

/** As JSON, without what only the API can read. */
function json(value: unknown): string {
  try {
    return JSON.stringify(value, readable, 2) ?? '…';
  } catch {
    return '…';
  }
}

function readable(name: string, value: unknown): unknown {
  if (name.startsWith('encrypted_')) return undefined;
  return name === 'data' && typeof value === 'string' && value.length > 2000 ? `${value.slice(0, 40)}…` : value;
}
