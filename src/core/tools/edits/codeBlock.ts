/**
 * What a code block of an answer makes of a file, where that is certain: by the lines that both have. A block may be an
 * excerpt with changes, the whole file, a diff, or have comments that stand for code that it leaves out.
 */
import { BlockLines, telling } from './blockLines';
import { placed, type Region } from './blockPlace';
import type { Replacement } from './editing';
import { changesOf } from './lineChanges';
import { withLf } from './lineEnds';

/** `text`: the file with the block in it, its line ends as LF. `unclear`: it cannot be told where the block belongs. */
export type AppliedBlock =
  | { readonly kind: 'change'; readonly text: string }
  | { readonly kind: 'same' }
  | { readonly kind: 'unclear' };

const unclear: AppliedBlock = { kind: 'unclear' };

/** More lines than these are not compared. */
const mostBlockLines = 5_000;
/** Characters. A comment that stands for code says so in a few words. */
const longestElision = 200;

/** `language`: as the fence of the block names it. */
export function blockApplied(file: string, block: string, language: string): AppliedBlock {
  const before = withLf(file);
  const lines = withoutBlankEnds(withLf(block).split('\n'));
  if (lines.length === 0 || lines.length > mostBlockLines) return unclear;
  const isDiff = /^(?:diff|patch)$/i.test(language) || lines.some((line) => /^@@ -\d/.test(line));
  const after = isDiff
    ? patchApplied(before, lines)
    : before.trim() === ''
      ? whole(lines)
      : excerptApplied(before, lines);
  if (after === null) return unclear;
  return after === before ? { kind: 'same' } : { kind: 'change', text: after };
}

/** The exact replacement that makes one text the other: the lines that differ, with as many around as make them the only ones. */
export function replacementBetween(before: string, after: string): Replacement {
  if (before === '') return { oldText: '', newText: after, all: false };
  const [old, now] = [linesWithEnds(before), linesWithEnds(after)];
  const changes = changesOf(old, now);
  const [start, end] = [changes[0]?.oldStart ?? 0, changes.at(-1)?.oldEnd ?? 0];
  const tail = (changes.at(-1)?.newEnd ?? 0) - end;
  const most = Math.max(start, old.length - end);
  const range = (lines: readonly string[], more: number, last: number): string =>
    lines.slice(Math.max(0, start - more), last + more).join('');
  const isEnough = (more: number): boolean => more >= most || isOnlyOne(before, range(old, more, end));
  // Up by steps that double and back by halves: each look is as long as the text.
  let [less, more] = [-1, 0];
  while (!isEnough(more)) [less, more] = [more, Math.max(1, 2 * more)];
  while (more - less > 1) {
    const half = Math.floor((less + more) / 2);
    if (isEnough(half)) more = half;
    else less = half;
  }
  return { oldText: range(old, more, end), newText: range(now, more, end + tail), all: false };
}

function isOnlyOne(text: string, sought: string): boolean {
  if (sought === '') return false;
  const first = text.indexOf(sought);
  if (text.indexOf(sought, first + 1) >= 0) return false;
  // At the end of a file without a line end it would be found as if it had one.
  const open = sought.endsWith('\n') && !text.endsWith('\n') ? sought.slice(0, -1) : null;
  return open === null || !text.endsWith(open);
}

function linesWithEnds(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function whole(lines: readonly string[]): string | null {
  return lines.some(isElision) ? null : `${lines.join('\n')}\n`;
}

function excerptApplied(before: string, block: readonly string[]): string | null {
  const hasEnd = before.endsWith('\n');
  const file = (hasEnd ? before.slice(0, -1) : before).split('\n');
  const own = new Set(file.map((line) => line.trim()));
  // A comment that the file has itself stands for nothing else.
  const isGap = (line: string): boolean => isElision(line) && !own.has(line.trim());
  const lines = BlockLines.of(file, block, isGap);
  if (lines === null) return null;
  const regions = placed(lines);
  if (regions === null || !isWorthIt(file, lines, regions)) return null;
  const result: string[] = [];
  let at = 0;
  for (const { start, end, from, to } of regions) {
    result.push(...file.slice(at, start), ...mended(file.slice(start, end), lines.shifted.slice(from, to)));
    at = end;
  }
  result.push(...file.slice(at));
  return result.join('\n') + (hasEnd ? '\n' : '');
}

/** The new lines; one that differs from an old one in blanks at its end alone stays as that is. */
function mended(old: readonly string[], now: readonly string[]): readonly string[] {
  const bare = (lines: readonly string[]): readonly string[] => lines.map((line) => line.trimEnd());
  const result: string[] = [];
  let at = 0;
  for (const { oldStart, oldEnd, newStart, newEnd } of changesOf(bare(old), bare(now))) {
    result.push(...old.slice(at, oldStart), ...now.slice(newStart, newEnd));
    at = oldEnd;
  }
  return [...result, ...old.slice(at)];
}

/** False where so much would be gone that the block cannot be meant so: it leaves out code and does not say it. */
function isWorthIt(file: readonly string[], { shifted }: BlockLines, regions: readonly Region[]): boolean {
  return regions.every(({ start, end, from, to }) => {
    const kept = new Map<string, number>();
    for (const line of shifted.slice(from, to)) kept.set(line.trim(), (kept.get(line.trim()) ?? 0) + 1);
    let gone = 0;
    for (const line of file.slice(start, end)) {
      const left = kept.get(line.trim()) ?? 0;
      if (left > 0) kept.set(line.trim(), left - 1);
      else if (telling(line)) gone += 1;
    }
    return gone <= 2 * (to - from) + 5;
  });
}

/** A line that stands for code that is left out: "// ... existing code ...", "# …", "/* rest of the methods *\/". */
export function isElision(line: string): boolean {
  const trimmed = line.trim();
  if (trimmed === '...' || trimmed === '…') return true;
  if (trimmed.length > longestElision) return false;
  const comment =
    /^(?:\/\/+|#+|--+|;+|%+|\/\*+|\{\s*\/\*+|<!--+|\*|"""|'{1,3}|\(\*)\s*(.*?)\s*(?:\*+\/\s*\}?|--+>|"""|\*\))?$/s.exec(
      trimmed,
    );
  const words = comment?.[1] ?? '';
  if (/^(?:\.{3,}|…)|(?:\.{3,}|…)$/.test(words)) return true;
  return (
    words.length < 80 &&
    /\b(?:existing|rest of|remaining|unchanged|same as before|as before|omitted|other)\b/i.test(words) &&
    /\b(?:code|file|methods?|functions?|imports?|class|lines?|content|implementation|rest|here|above|below|unchanged|before)\b/i.test(
      words,
    )
  );
}

/** The hunks of a unified diff, each where its old lines stand exactly once. */
function patchApplied(before: string, block: readonly string[]): string | null {
  const hunks: { old: string[]; now: string[] }[] = [];
  let open = true;
  for (const line of block) {
    if (/^(?:diff |index |--- |\+\+\+ |new file|deleted file|old mode|new mode|similarity |rename |\\ )/.test(line))
      continue;
    if (/^@@/.test(line)) {
      open = true;
      continue;
    }
    if (!/^[ +-]/.test(line) && line !== '') return null;
    if (open) hunks.push({ old: [], now: [] });
    open = false;
    const [sign, text] = [line.slice(0, 1), line.slice(1)];
    if (sign !== '+') hunks.at(-1)?.old.push(text);
    if (sign !== '-') hunks.at(-1)?.now.push(text);
  }
  let file = before.split('\n');
  for (const { old, now } of hunks) {
    if (old.length === 0 || old.every((line) => !telling(line))) return null;
    const places = [];
    for (let at = 0; at + old.length <= file.length; at += 1)
      if (old.every((line, index) => line.trimEnd() === file[at + index]?.trimEnd())) places.push(at);
    const [at] = places;
    if (at === undefined || places.length > 1) return null;
    file = [...file.slice(0, at), ...now, ...file.slice(at + old.length)];
  }
  return hunks.length === 0 ? null : file.join('\n');
}

function withoutBlankEnds(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== '');
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex((line) => line.trim() !== '') + 1);
}
