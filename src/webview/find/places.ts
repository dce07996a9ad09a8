/** What was found, counted and walked through. */
import type { Found, FoundPlace } from '../../shared/find';
import { liveRange, type Marks } from './marks';

/** A match: its place, and which one of those that are there. */
export interface At {
  readonly place: FoundPlace;
  readonly nth: number;
}

/** How many matches there are. */
export function totalOf({ places }: Found): number {
  return places.reduce((sum, { count }) => sum + count, 0);
}

/** How many matches are before it. */
export function indexOf({ places }: Found, { place, nth }: At): number {
  let before = 0;
  for (const one of places) {
    if (one.place === place.place) return before + nth;
    before += one.count;
  }
  return 0;
}

/** The next one, or the one before; at an end the one at the other end. null where nothing is found. */
export function stepped(found: Found, at: At, by: 1 | -1): At | null {
  const { places } = found;
  const index = places.findIndex(({ place }) => place === at.place.place);
  const here = places[index];
  const nth = at.nth + by;
  if (here !== undefined && nth >= 0 && nth < here.count) return { place: here, nth };
  const next = places.at((index + by) % places.length);
  return next === undefined ? null : { place: next, nth: by === 1 ? 0 : next.count - 1 };
}

/**
 * The first match from where one is on: from the one that was gone to, else from the top of what is on the screen. Where
 * nothing follows the last one: earlier turns are not gone through for what is being typed.
 */
export function nearest(places: readonly FoundPlace[], box: HTMLElement, marks: Marks, at: At | null): At | null {
  const top = box.getBoundingClientRect().top;
  const from = (at === null ? null : marks.rangeOf(at.place.place, at.nth))?.getBoundingClientRect().top ?? top;
  const byPlace = new Map(places.map((place) => [place.place, place]));
  for (const element of box.querySelectorAll<HTMLElement>('[data-place]')) {
    const place = byPlace.get(element.dataset['place'] ?? '');
    if (place === undefined || element.getBoundingClientRect().bottom < from) continue;
    const nth = marks.rangesIn(element).findIndex((range) => liveRange(range).getBoundingClientRect().top >= from - 1);
    if (nth !== -1) return { place, nth: Math.min(nth, place.count - 1) };
  }
  const last = places.at(-1);
  return last === undefined ? null : { place: last, nth: last.count - 1 };
}

/** The folds that may hide a place, the outermost first. */
export function foldsAround({ item, place }: FoundPlace): readonly string[] {
  const [, id = ''] = /^[^/]*\/([\s\S]*)$/.exec(item) ?? [];
  if (item === place) return [`${id}/summary`];
  return [`${id}/work`, `${id}${place.slice(item.length)}`];
}
