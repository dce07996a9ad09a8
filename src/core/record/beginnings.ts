/** The beginnings of a path, each the same array as long as the path is: what was computed of one is found again. */
import type { Entry } from './record';

const beginnings = new WeakMap<readonly Entry[], Map<number, readonly Entry[]>>();

/** The first entries of a path; the same array each time. */
export function upTo(path: readonly Entry[], length: number): readonly Entry[] {
  let known = beginnings.get(path);
  if (known === undefined) {
    known = new Map();
    beginnings.set(path, known);
  }
  let beginning = known.get(length);
  if (beginning === undefined) {
    beginning = path.slice(0, length);
    known.set(length, beginning);
  }
  return beginning;
}
