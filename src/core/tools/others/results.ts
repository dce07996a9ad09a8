/** What others' tools give back, as text for the model: bounded in bytes, with hidden characters shown. */

import type { MediaBlock } from '../../record/record';
import type { ResultPart } from '../ports/otherTools';
import type { ToolOutput } from '../tool';
import { byteLength, formatted, reveal, withNotes } from '../words/text';
import { type MediaPort, ToolError } from '../workspace';

/** Bytes of the text of one result. */
const maxBytes = 48 * 1024;

/** Images and PDFs that are taken of one result. */
const maxMedia = 8;

/** A result for the model: its images and PDFs where they can be kept, its texts, and a word on what is neither. */
export async function resultOf(
  parts: readonly ResultPart[],
  port: MediaPort | undefined,
): Promise<Pick<ToolOutput, 'content' | 'media'>> {
  const media: MediaBlock[] = [];
  const rest: ResultPart[] = [];
  const notes: string[] = [];
  for (const part of parts) {
    if (port === undefined || part.type === 'text' || !isMedia(part.mediaType) || media.length >= maxMedia) {
      rest.push(part);
      continue;
    }
    const number = media.length + notes.length + 1;
    const name = part.mediaType === 'application/pdf' ? `document ${number}` : `image ${number}`;
    try {
      media.push(await port.keep(name, part.bytes));
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      notes.push(error.message);
    }
  }
  const hasText = rest.length > 0 || notes.length > 0;
  const named = media.length === 1 ? `[Shown: ${media[0]?.name}.]` : `[Shown: ${media.length} images and documents.]`;
  const content = [
    ...(media.length > 0 ? [named] : []),
    ...(hasText || media.length === 0 ? [resultText(rest, notes)] : []),
  ];
  return { content: content.join('\n'), ...(media.length === 0 ? {} : { media }) };
}

/** The texts of a result, and a word on everything of it that is no text. */
export function resultText(parts: readonly ResultPart[], said: readonly string[] = []): string {
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : textOfData(part)));
  const whole = texts.join('\n');
  const { text, note } = reveal(boundedText(whole));
  const notes = [...(note === null ? [] : [note]), ...said, ...parts.flatMap(unread)];
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

function isMedia(mediaType: string): boolean {
  return /^(?:image\/(?:png|jpeg|gif|webp)|application\/pdf)$/.test(mediaType);
}

function isTextual(mediaType: string): boolean {
  return /^text\/|^application\/(json|xml|vnd\.code\.resource-link|.*\+json|.*\+xml)\b/.test(mediaType);
}

function unread(part: ResultPart): readonly string[] {
  if (part.type === 'text' || isTextual(part.mediaType)) return [];
  const { mediaType, bytes } = part;
  return [`Left out: ${formatted(bytes.length)} bytes of ${mediaType === '' ? 'an unknown kind' : mediaType}.`];
}
