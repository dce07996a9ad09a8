/** What others' tools give back, as text for the model: bounded in bytes, with hidden characters shown. */

import type { ResultPart } from '../otherTools';
import { byteLength, formatted, reveal, withNotes } from '../text';

/** Bytes of the text of one result. */
const maxBytes = 48 * 1024;

/** The texts of a result, and a word on everything of it that is no text. */
export function resultText(parts: readonly ResultPart[]): string {
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : textOfData(part)));
  const whole = texts.join('\n');
  const { text, note } = reveal(boundedText(whole));
  const notes = [...(note === null ? [] : [note]), ...parts.flatMap(unread)];
  const bytes = byteLength(whole);
  const cut = `Cut here at ${formatted(maxBytes / 1024)} KB of ${formatted(Math.ceil(bytes / 1024))} KB. Ask for less at once, if the tool can.`;
  if (whole === '' && notes.length === 0) return '[The tool gave nothing back.]';
  return withNotes(text, bytes > maxBytes ? [cut, ...notes] : notes);
}

/** As much as goes into the bytes, ending between two characters. */
function boundedText(text: string): string {
  if (byteLength(text) <= maxBytes) return text;
  const bytes = new TextEncoder().encode(text.slice(0, maxBytes));
  // A character that was cut is left out.
  return new TextDecoder('utf-8').decode(bytes.slice(0, maxBytes), { stream: true });
}

/** Text that came as bytes. */
function textOfData({ mediaType, bytes }: Extract<ResultPart, { type: 'data' }>): readonly string[] {
  if (!isTextual(mediaType)) return [];
  return [new TextDecoder('utf-8').decode(bytes.subarray(0, 4 * maxBytes))];
}

function isTextual(mediaType: string): boolean {
  return /^text\/|^application\/(json|xml|vnd\.code\.resource-link|.*\+json|.*\+xml)\b/.test(mediaType);
}

function unread(part: ResultPart): readonly string[] {
  if (part.type === 'text' || isTextual(part.mediaType)) return [];
  const { mediaType, bytes } = part;
  return [`Left out: ${formatted(bytes.length)} bytes of ${mediaType === '' ? 'an unknown kind' : mediaType}.`];
}
