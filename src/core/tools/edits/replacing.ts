/** Exact replacements in a text: where the old text stands exactly once, whatever its line ends are. Pure. */
import type { Replacement } from './editing';
import { evened, type Patch, patched, uneven, withLf } from './lineEnds';

/** Why a replacement cannot be made, on the text that those before it have left. */
export interface Refusal {
  /** Which of the call's. */
  readonly index: number;
  readonly why: 'empty' | 'same' | 'missing' | 'several';
  /** What was looked for and what was to come, and the text as it then was, with LF. */
  readonly oldText: string;
  readonly newText: string;
  readonly text: string;
  /** Of `missing`: it stood there before the replacements before this one. */
  readonly wasThere: boolean;
}

/** What came of the replacements of a call: all of them, or none. */
export type Replaced =
  | { readonly done: true; readonly text: string; readonly places: number }
  | { readonly done: false; readonly refusal: Refusal };

const byteOrderMark = '\ufeff';

/**
 * Each on what the one before has left. Line ends match whatever they are, and new lines have those of the lines that they
 * come to stand in; the byte order mark and the end of the last line stay.
 */
export function replaced(raw: string, replacements: readonly Replacement[]): Replaced {
  const mark = raw.startsWith(byteOrderMark) ? byteOrderMark : '';
  const first = evened(raw.slice(mark.length));
  let now = first;
  let places = 0;
  for (const [index, replacement] of replacements.entries()) {
    const oldText = withLf(replacement.oldText);
    const newText = withLf(replacement.newText);
    const found = patchesFor(now.text, oldText, newText, replacement.all);
    if (typeof found === 'string') {
      const wasThere = found === 'missing' && index > 0 && first.text.includes(oldText);
      return { done: false, refusal: { index, why: found, oldText, newText, text: now.text, wasThere } };
    }
    now = patched(now, found, replacement.newText);
    places += found.length;
  }
  return { done: true, text: mark + uneven(now), places };
}

function patchesFor(text: string, oldText: string, newText: string, all: boolean): readonly Patch[] | Refusal['why'] {
  if (oldText === newText) return 'same';
  if (oldText === '') return text === '' ? [{ start: 0, end: 0, fresh: newText }] : 'empty';
  const places = placesOf(text, oldText, all ? Number.POSITIVE_INFINITY : 2);
  const patches = places.map((start) => ({ start, end: start + oldText.length, fresh: newText }));
  const last = atOpenEnd(text, oldText, newText);
  if (last !== null && last.start >= (patches.at(-1)?.end ?? 0)) patches.push(last);
  if (patches.length === 0) return 'missing';
  return patches.length === 1 || all ? patches : 'several';
}

/** The first places where a text stands. With a limit they may overlap; without one each begins behind the one before. */
export function placesOf(text: string, sought: string, most = Number.POSITIVE_INFINITY): readonly number[] {
  const step = most === Number.POSITIVE_INFINITY ? sought.length : 1;
  const places: number[] = [];
  for (let at = text.indexOf(sought); at >= 0 && places.length < most; at = text.indexOf(sought, at + step)) {
    places.push(at);
  }
  return places;
}

/** A last line without a line end is found as if it had one, for that cannot be seen; it has none afterwards either. */
function atOpenEnd(text: string, oldText: string, newText: string): Patch | null {
  const old = oldText.slice(0, -1);
  if (!oldText.endsWith('\n') || text.endsWith('\n') || old === '' || !text.endsWith(old)) return null;
  const start = text.length - old.length;
  if (newText.endsWith('\n')) return { start, end: text.length, fresh: newText.slice(0, -1) };
  const isLineGone = newText === '' && text[start - 1] === '\n';
  return { start: isLineGone ? start - 1 : start, end: text.length, fresh: newText };
}
