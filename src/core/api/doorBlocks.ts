/** The shape of each content block as the record keeps it (API-FACTS §2). */
import { isObject, parseJson, textOf, wellFormed } from '../base/doorValues';

/** A content block on its way in. */
export interface OpenBlock {
  block: Record<string, unknown>;
  /** Its place in the content. */
  index: number;
  closed: boolean;
  /** What waits for more: half of a character, or what may be the beginning of a key (keyEcho.ts). */
  held: string;
  /** Characters of it that are said already. */
  known: number;
  /** The JSON of a call's input, in pieces; undefined where the block has none. */
  readonly json: string[] | undefined;
  /** How many of these pieces its input is made of. */
  joined: number;
  /** The input of a call that cannot be run, as it came: it is no JSON, or no object. null for any other. */
  broken: string | null;
  /** How often anything of it has changed but what grows: text, thinking and citations. */
  changes: number;
}

/**
 * The block as it can be shown, stored and priced; null when nothing of it is of use. Unknown fields are kept. `freeId`
 * gives an id to a call that came without one.
 */
export function checkedBlock(said: unknown, freeId: () => string): OpenBlock | null {
  const value = wellFormed(said);
  if (typeof value === 'string') return opened({ type: 'text', text: value });
  if (!isObject(value)) return null;
  const block: Record<string, unknown> = { ...value };
  const { type } = block;
  if (typeof type !== 'string') {
    const text = textOf(value);
    return text === null ? null : opened({ type: 'text', text });
  }
  switch (type) {
    case 'text': {
      const text = block['text'] === undefined || block['text'] === null ? '' : textOf(block['text']);
      if (text === null) return null;
      block['text'] = text;
      const { citations } = block;
      if (Array.isArray(citations))
        block['citations'] = citations.every(isObject) ? citations : citations.filter(isObject);
      else if (citations !== null) delete block['citations'];
      return opened(block);
    }
    case 'thinking':
      block['thinking'] = textOf(block['thinking']) ?? '';
      if (typeof block['signature'] !== 'string') delete block['signature'];
      return opened(block);
    case 'redacted_thinking':
      return typeof block['data'] === 'string' ? opened(block) : null;
    case 'tool_use':
      return openedCall(block, freeId);
    default:
      // Calls of tools that a later API runs stream their input like those that are known.
      return type.endsWith('_tool_use') && isNamed(block) ? openedCall(block, freeId) : opened(block);
  }
}

function isNamed({ id, name }: Record<string, unknown>): boolean {
  return [id, name].every((text) => typeof text === 'string' && text !== '');
}

function openedCall(block: Record<string, unknown>, freeId: () => string): OpenBlock | null {
  const { id, name } = block;
  // Some send the input as text of JSON.
  const input = (typeof block['input'] === 'string' ? parseJson(block['input']) : undefined) ?? block['input'];
  const isOurs = block['type'] === 'tool_use';
  if (typeof name !== 'string' || name === '') return null;
  if (typeof id !== 'string' || id === '') {
    if (!isOurs) return null;
    block['id'] = freeId();
  }
  const broken = isObject(input) || input === undefined || input === null || input === '' ? null : asJson(input);
  block['input'] = isObject(input) ? input : {};
  return { ...opened(block), json: [], broken: isOurs ? broken : null };
}

function asJson(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input);
}

function opened(block: Record<string, unknown>): OpenBlock {
  return { block, index: -1, closed: false, held: '', known: 0, json: undefined, joined: 0, broken: null, changes: 0 };
}
