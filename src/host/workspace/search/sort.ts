/** Sorts many without holding up the rest of the extension host. */
import { TimeSlice } from '../../../core/base/timeSlice';

/** How many are sorted at a stretch. */
const sortedAtOnce = 4_096;

/** As `sort` does; rejects with the signal's reason when it is aborted. */
export async function sortInParts<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  signal?: AbortSignal,
): Promise<readonly T[]> {
  const slice = new TimeSlice();
  let parts: T[][] = [];
  for (let from = 0; from < items.length; from += sortedAtOnce) {
    parts.push(items.slice(from, from + sortedAtOnce).sort(compare));
    if (slice.isOver) await slice.yieldToOthers(signal);
  }
  while (parts.length > 1) {
    const merged: T[][] = [];
    for (let at = 0; at < parts.length; at += 2) {
      const part = await merge(parts[at] ?? [], parts[at + 1] ?? [], compare, slice, signal);
      merged.push(part);
    }
    parts = merged;
  }
  return parts[0] ?? [];
}

async function merge<T>(
  left: readonly T[],
  right: readonly T[],
  compare: (a: T, b: T) => number,
  slice: TimeSlice,
  signal: AbortSignal | undefined,
): Promise<T[]> {
  const merged: T[] = [];
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    const takeLeft = r >= right.length || (l < left.length && compare(left[l] as T, right[r] as T) <= 0);
    merged.push(takeLeft ? (left[l++] as T) : (right[r++] as T));
    if (merged.length % sortedAtOnce === 0 && slice.isOver) await slice.yieldToOthers(signal);
  }
  return merged;
}
