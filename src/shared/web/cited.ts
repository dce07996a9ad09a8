/** Texts that cite what they are taken from: which belong together, and the numbers of what they cite. */
import type { Part, TextPart } from '../chat';
import { type Citation, citedThing } from './sources';

/** A part that stands alone, or neighbouring texts that are one. */
export type CitedRun<P extends Part = Part> = P | readonly TextPart[];

/**
 * Neighbouring texts of one answer of the model are one where any of them cites something: the API cuts a text where a
 * citation begins and ends, in the middle of a sentence too (API-FACTS §8.2).
 */
export function citedRuns(parts: readonly Part[]): readonly CitedRun[] {
  const runs: CitedRun[] = [];
  for (let at = 0; at < parts.length; ) {
    const end = textsEnd(parts, at);
    const texts = parts.slice(at, end).filter((part) => part.type === 'text');
    if (texts.some(({ citations }) => citations !== undefined)) runs.push(texts);
    else runs.push(...parts.slice(at, Math.max(end, at + 1)));
    at = Math.max(end, at + 1);
  }
  return runs;
}

/** The index behind the texts that begin at one and are of the same message. */
function textsEnd(parts: readonly Part[], at: number): number {
  const first = parts[at];
  let end = at;
  while (first?.type === 'text' && parts[end]?.type === 'text' && isOfOne(first.key, parts[end]?.key ?? '')) end += 1;
  return end;
}

/** Keys begin with the id of the message. */
function isOfOne(a: string, b: string): boolean {
  return a.slice(0, a.lastIndexOf(':')) === b.slice(0, b.lastIndexOf(':'));
}

/** What an answer cites, each thing once, in the order in which it is first cited: its number counts from 1. */
export function citationNumbers(parts: readonly Part[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const part of parts) {
    if (part.type !== 'text') continue;
    for (const one of part.citations ?? []) {
      const thing = citedThing(one);
      if (!numbers.has(thing)) numbers.set(thing, numbers.size + 1);
    }
  }
  return numbers;
}

/** Lines of these alone mean something only while nothing stands behind them. */
const bareLine = /(?:^|\n)[`~*_=\-+#>|: \t]+$/;
/** An address takes in what stands right behind it: is there one in the last word? */
const address = /https?:\/\/|www\.|@/i;
const fence = /^ {0,3}(?:`{3,}|~{3,})/gm;

/**
 * The texts of a run as one Markdown text, with a mark behind each text for what it cites. It only grows while its last
 * text streams: blanks at the end are held back until it is known what follows. Within a code block there are no marks.
 */
export function joinedText(
  run: readonly TextPart[],
  numbers: ReadonlyMap<string, number>,
  mark: (citation: Citation, number: number) => string,
): string {
  let joined = '';
  for (const { text, open, citations = [] } of run) {
    const words = text.trimEnd();
    joined += words;
    if (open) continue;
    if (words !== '' && citations.length > 0 && (joined.match(fence)?.length ?? 0) % 2 === 0) {
      const seen = new Set<string>();
      const marks = citations.flatMap((one) => {
        const thing = citedThing(one);
        if (seen.has(thing)) return [];
        seen.add(thing);
        return [mark(one, numbers.get(thing) ?? 0)];
      });
      joined += `${bareLine.test(joined) ? '\n\n' : address.test(lastWord(joined)) ? ' ' : ''}${marks.join('')}`;
    }
    joined += text.slice(words.length);
  }
  return joined;
}

/** Behind the last blank. */
function lastWord(text: string): string {
  return text.slice(Math.max(...[' ', '\n', '\t'].map((blank) => text.lastIndexOf(blank))) + 1);
}

/** A citation in Markdown that leaves the panel: its number, which leads to the page. */
export function writtenCitation({ url }: Citation, number: number): string {
  const words = `\\[${number}\\]`;
  return url === null ? words : `[${words}](${url.replace(/[()<>\s]/g, encodeURIComponent)})`;
}
