/** Fuzzy matching of paths: the letters of a query in their order, the nearer together and the nearer to a beginning the better. */

/** What is looked for. */
export interface Wanted {
  /** In lower case, without blanks: those of a name match none. */
  readonly letters: string;
  /** The letters and digits that a match has. */
  readonly mask: number;
}

/** A path that is looked through. */
export interface Candidate {
  readonly path: string;
  readonly lower: string;
  /** Where its last name begins. */
  readonly nameAt: number;
  readonly mask: number;
}

/** A query as it is matched. */
export function wantedOf(query: string): Wanted {
  const letters = lowerOf(query).replaceAll('\\', '/').replaceAll(/\s+/g, '');
  return { letters, mask: maskOf(letters) };
}

/** A path as it is matched; that of a folder has no slash at its end. */
export function candidateOf(path: string): Candidate {
  const lower = lowerOf(path);
  return { path, lower, nameAt: path.lastIndexOf('/') + 1, mask: maskOf(lower) };
}

/** In lower case, of the same length: the few letters that become two stay as they are. */
function lowerOf(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (one) => (one.toLowerCase().length === one.length ? one.toLowerCase() : one)).join('');
}

/** A bit for each letter, each third of the digits, and all others together: cheap to rule most paths out. */
function maskOf(text: string): number {
  let mask = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 97 && code <= 122) mask |= 1 << (code - 97);
    else if (code >= 48 && code <= 57) mask |= 1 << (26 + (code % 3));
    else if (code > 127) mask |= 1 << 29;
  }
  return mask;
}

/** Worth of a match of the whole query at one place, and of its letters one by one, in the name and in the path. */
const worth = { together: 4_000, spread: 2_500, path: 2_400, anywhere: 1_000 } as const;
/** Less for what is behind: a place in the name, and each character of a path that is longer. */
const perPlace = 8;
const longest = 400;

/** True where a path has the letters in their order. */
function hasAll(lower: string, letters: string): boolean {
  let at = -1;
  for (let n = 0; n < letters.length; n += 1) {
    at = lower.indexOf(letters.charAt(n), at + 1);
    if (at < 0) return false;
  }
  return true;
}

/**
 * How well a path matches; 0 where it does not. All match nothing equally well, the shorter first. Of what is below
 * `least` it may say only that it is.
 */
export function scoreOf(candidate: Candidate, wanted: Wanted, least = 0): number {
  const { letters, mask } = wanted;
  if ((candidate.mask & mask) !== mask) return 0;
  const { lower, nameAt } = candidate;
  const length = Math.min(lower.length, longest);
  const inName = lower.indexOf(letters, nameAt);
  if (inName >= 0) {
    const whole =
      inName === nameAt && (inName + letters.length === lower.length || lower[inName + letters.length] === '.');
    const begins = whole ? 600 : inName === nameAt ? 400 : isBeginning(candidate, inName) ? 200 : 0;
    return worth.together + begins - Math.min(inName - nameAt, 40) * perPlace - length / 4;
  }
  // All that follow are worth less.
  if (least > worth.path + 200) return hasAll(lower, letters) ? 1 : 0;
  const spread = spreadOf(candidate, letters, nameAt);
  if (spread >= 0) return worth.spread - Math.min(spread, 100) * perPlace - length / 4;
  const inPath = lower.lastIndexOf(letters);
  if (inPath >= 0) return worth.path + (isBeginning(candidate, inPath) ? 200 : 0) - length;
  const anywhere = spreadOf(candidate, letters, 0);
  return anywhere < 0 ? 0 : worth.anywhere - Math.min(anywhere, 100) * 4 - length;
}

/** Where a word begins: behind a sign, or with a capital. */
function isBeginning({ path, lower }: Candidate, at: number): boolean {
  if (at === 0) return true;
  const before = lower.charCodeAt(at - 1);
  const isLetter = (before >= 97 && before <= 122) || (before >= 48 && before <= 57) || before > 127;
  return !isLetter || (path.charCodeAt(at) !== lower.charCodeAt(at) && path.charCodeAt(at - 1) === before);
}

/** How many characters lie between the letters, where the path has them in their order behind `from`; -1 where it has not. */
function spreadOf(candidate: Candidate, letters: string, from: number): number {
  const places = placesOf(candidate, letters, from);
  if (places === null) return -1;
  let between = 0;
  for (let n = 1; n < places.length; n += 1) {
    const gap = (places[n] ?? 0) - (places[n - 1] ?? 0) - 1;
    // To the beginning of the next word is near.
    if (gap > 0) between += isBeginning(candidate, places[n] ?? 0) ? 1 : 3 + gap;
  }
  return between + (isBeginning(candidate, places[0] ?? 0) ? 0 : 4);
}

/** Where the letters stand, each as soon as it can, but at the beginning of a word where there is one; null for no match. */
function placesOf(candidate: Candidate, letters: string, from: number): readonly number[] | null {
  return wordPlaces(candidate, letters, from) ?? firstPlaces(candidate.lower, letters, from);
}

function firstPlaces(lower: string, letters: string, from: number): readonly number[] | null {
  const places: number[] = [];
  let at = from;
  for (let n = 0; n < letters.length; n += 1) {
    at = lower.indexOf(letters.charAt(n), at);
    if (at < 0) return null;
    places.push(at);
    at += 1;
  }
  return places;
}

/** Each letter right behind the one before it, else at the next beginning of a word: "cmpt" of "chatMessagePart". */
function wordPlaces(candidate: Candidate, letters: string, from: number): readonly number[] | null {
  const { lower } = candidate;
  const places: number[] = [];
  let next = from;
  for (let n = 0; n < letters.length; n += 1) {
    const letter = letters.charAt(n);
    let at = n > 0 && lower.charAt(next) === letter ? next : lower.indexOf(letter, next);
    while (at >= 0 && (n === 0 || at !== next) && !isBeginning(candidate, at)) at = lower.indexOf(letter, at + 1);
    if (at < 0) return null;
    places.push(at);
    next = at + 1;
  }
  return places;
}

/** Places in the name that match, rising. */
export function marksOf(candidate: Candidate, { letters }: Wanted): readonly number[] {
  if (letters === '') return [];
  const { lower, nameAt } = candidate;
  const behind = (at: number): readonly number[] => Array.from({ length: letters.length }, (_, n) => at + n);
  const inName = lower.indexOf(letters, nameAt);
  const named = inName >= 0 ? behind(inName) : placesOf(candidate, letters, nameAt);
  const inPath = lower.lastIndexOf(letters);
  const places = named ?? (inPath >= 0 ? behind(inPath) : (placesOf(candidate, letters, 0) ?? []));
  return places.map((at) => at - nameAt).filter((at) => at >= 0);
}
