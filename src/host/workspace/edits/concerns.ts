/** Why a place is not written without asking, whatever was allowed. */
import type { WriteConcern } from '../../../shared/approval';
import { holdsKey } from '../files/judge';
import { isSecret, type Locator } from '../ignore/locate';
import type { Place } from './places';
import { isProtected } from './protectedPlaces';

/** Of a place, whatever is in it. */
export async function concernsOfPlace(
  locator: Locator,
  place: Place,
  signal: AbortSignal,
): Promise<readonly WriteConcern[]> {
  const why: WriteConcern[] = [];
  if (await isProtected(locator, place, signal)) why.push('runsCode');
  if (!(await locator.isVisible(place, false))) why.push('ignored');
  if (isSecret(place) || isSecret(place.requested)) why.push('secret');
  return why;
}

/** Those of a place, and those of what is there or is to be. */
export async function withTexts(
  why: readonly WriteConcern[],
  texts: readonly string[],
  signal: AbortSignal,
): Promise<readonly WriteConcern[]> {
  if (why.includes('secret')) return why;
  for (const text of texts) if (await holdsKey(text, signal)) return [...why, 'secret'];
  return why;
}

/** Of a place and of what is there or is to be. */
export async function concernsOf(
  locator: Locator,
  place: Place,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<readonly WriteConcern[]> {
  return await withTexts(await concernsOfPlace(locator, place, signal), texts, signal);
}

/** Whether what is in a file may be told to the model without the user's word. */
export function mayBeTold(why: readonly WriteConcern[]): boolean {
  return !why.includes('secret') && !why.includes('ignored');
}
