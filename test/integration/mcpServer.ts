/**
 * A small MCP server over standard input and output, for the tests of others' tools: one JSON-RPC message a line, as the
 * protocol's stdio transport has it. Started by VS Code with the path of a file that it notes each call in.
 */
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly name?: string; readonly arguments?: Record<string, unknown> };
}

/** A PNG of one pixel. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const tools = [
  {
    name: 'add_note',
    description: 'Adds a note to the notebook of the test.',
    inputSchema: {
      type: 'object',
      properties: { text: { type: 'string', description: 'What the note says.' } },
      required: ['text'],
    },
  },
  { name: 'draw', description: 'Draws a picture.', inputSchema: { type: 'object', properties: {} } },
  { name: 'fail', description: 'Fails.', inputSchema: { type: 'object', properties: {} } },
  // A schema that the API takes nowhere.
  { name: 'odd', description: 'Odd.', inputSchema: { type: 'object', properties: { 'a b': { type: 'string' } } } },
];

const text = (value: string): unknown => ({ content: [{ type: 'text', text: value }] });

function call({ name, arguments: input = {} }: NonNullable<Message['params']>): unknown {
  const notes = process.argv[2];
  if (notes !== undefined) appendFileSync(notes, `${JSON.stringify({ name, input })}\n`);
  if (name === 'add_note') return text(`Noted: ${String(input['text'])}\u200b`);
  if (name === 'draw') return { content: [{ type: 'image', data: pixel, mimeType: 'image/png' }] };
  return { ...(text('It failed.') as object), isError: true };
}

function answerTo({ method, params = {} }: Message): unknown {
  if (method === 'initialize') {
    return {
      protocolVersion: '2025-06-18',
      capabilities: { tools: {} },
      serverInfo: { name: 'notebook', version: '1.0.0' },
    };
  }
  if (method === 'tools/list') return { tools };
  if (method === 'tools/call') return call(params);
  return {};
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line) as Message;
  if (message.id === undefined || message.method === undefined) return;
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: message.id, result: answerTo(message) })}\n`);
});
