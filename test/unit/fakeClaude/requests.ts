/** Parts of raw requests, as no typed client would let them be written. */
import type { ImageType } from '../../fakeClaude/images';
import { imageBlock, pdf, pdfBlock } from './media';

export const user = (content: unknown) => ({ role: 'user', content });
export const assistant = (content: unknown) => ({ role: 'assistant', content });
export const text = (value: string, more: object = {}) => ({ type: 'text', text: value, ...more });
export const use = (id: string) => ({ type: 'tool_use', id, name: 'look', input: {} });
export const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: 'x' });
export const mark = { cache_control: { type: 'ephemeral' } };
export const hour = { cache_control: { type: 'ephemeral', ttl: '1h' } };
export const look = { name: 'look', input_schema: { type: 'object', properties: {} } };
export const strict = (schema: object) => ({ ...look, strict: true, input_schema: schema });
export const search = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} };
export const of = (...messages: unknown[]) => ({ messages });
export const image = (bytes: Buffer, type?: string) => imageBlock(bytes, type as ImageType | undefined);
export const cited = { ...pdfBlock(pdf(1)), citations: { enabled: true } };
export const format = { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } };
export const opus48 = { model: 'claude-opus-4-8' };
export const haiku = { model: 'claude-haiku-4-5' };
export const sonnet = { model: 'claude-sonnet-4-6' };
