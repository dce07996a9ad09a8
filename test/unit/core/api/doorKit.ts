/** What a server may say, for the tests of the door: frames, responses in pieces, and what came of them. */
import assert from 'node:assert/strict';
import type { AssistantEntry } from '../../../../src/core/record/record';
import { AnswerStream } from '../../../../src/core/turn/answerStream';
import { PathMaker, requestOf } from '../prompt/paths';
import { endFrames, type Frame, ManualClock, type Played, start } from '../turn/turnKit';

export const question = requestOf(new PathMaker().user('hi').entries);
export const access = { apiKey: 'sk', baseUrl: 'http://127.0.0.1:9', headers: {} };

export const eventStream = { 'content-type': 'text/event-stream' };

export function framed(frames: readonly unknown[]): string {
  return frames
    .map((frame) => `event: ${(frame as Frame | null)?.type ?? 'ping'}\ndata: ${JSON.stringify(frame)}\n\n`)
    .join('');
}

/** A response in pieces of `size` bytes: cut anywhere, within characters too. */
export function pieces(bytes: Uint8Array, size: number, headers: Record<string, string> = eventStream): Response {
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
  return new Response(body, { headers });
}

export async function through(bytes: Uint8Array, size = bytes.length): Promise<AnswerStream> {
  const fetch = async (): Promise<Response> => pieces(bytes, size);
  const stream = new AnswerStream({
    request: question,
    access,
    fetch,
    clock: new ManualClock(),
    answer: 'a',
    entry: 'e',
  });
  for await (const _ of stream.events(new AbortController().signal));
  return stream;
}

/** A whole answer of these frames. */
export function said(...frames: readonly unknown[]): () => Response {
  return () => new Response(framed([start, ...frames, ...endFrames('end_turn')]), { headers: eventStream });
}

export const begin = (content_block: unknown, index: unknown = 0): Frame => ({
  type: 'content_block_start',
  index,
  content_block,
});
export const piece = (delta: unknown, index: unknown = 0): Frame => ({ type: 'content_block_delta', index, delta });
export const stop = (index: unknown = 0): Frame => ({ type: 'content_block_stop', index });
export const words = (text: unknown): Frame => piece({ type: 'text_delta', text });

export function saidIn(played: Played): AssistantEntry {
  const found = played.log.path.find((entry) => entry.kind === 'assistant');
  assert.ok(found?.kind === 'assistant', 'the answer is kept');
  return found;
}

export function textIn(played: Played): string {
  return saidIn(played)
    .content.map((block) => (block.type === 'text' ? block.text : ''))
    .join('|');
}

export function noticesIn(played: Played): readonly string[] {
  return played.log.path.flatMap((entry) => (entry.kind === 'notice' ? entry.words.map(({ text }) => text) : []));
}
