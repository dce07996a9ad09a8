/** Why a place is not written without asking, whatever was allowed. */
import type { WriteConcern } from '../../../shared/approval';
import { holdsKey } from '../files/judge';
import { isSecret, type Locator } from '../ignore/locate';
import type { Place } from './places';
import { isProtected } from './protectedPlaces';

/** `texts`: what is there, and what is to be. */
export async function concernsOf(
  locator: Locator,
  place: Place,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<readonly WriteConcern[]> {
  const why: WriteConcern[] = [];
  if (await isProtected(locator, place, signal)) why.push('runsCode');
  if (!(await locator.isVisible(place, false))) why.push('ignored');
  let secret = isSecret(place) || isSecret(place.requested);
  for (const text of texts) secret ||= await holdsKey(text, signal);
  if (secret) why.push('secret');
  return why;
}

/** Whether what is in a file may be told to the model without the user's word. */
export function mayBeTold(why: readonly WriteConcern[]): boolean {
  return !why.includes('secret') && !why.includes('ignored');
}
