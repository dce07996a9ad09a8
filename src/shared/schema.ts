/**
 * Descriptions of data that comes from outside. A description is a check, and its type is derived from it: nothing is
 * said twice. A check takes a value over, with what it describes and nothing else; `undefined` for what is something
 * else. It throws for no value at all.
 */
type Check<T> = (value: unknown) => T | undefined;

/** What a check lets through. */
export type Checked<C> = C extends Check<infer T> ? T : never;

/** Checks of the fields of an object, by their names. */
export type Fields = Readonly<Record<string, Check<unknown>>>;

/** The fields of a record after their checks. */
export type Taken<F extends Fields> = { readonly [K in keyof F]: Checked<F[K]> };

/** Characters of a text that is taken at all: base64 of a file as large as a request takes. */
const maxText = 32 * 1024 * 1024;
/** Of an id, a path, an address. */
const maxName = 4096;

/** A string of at most `maxText` characters; '' too. */
export const text: Check<string> = (value) =>
  typeof value === 'string' && value.length <= maxText ? value : undefined;

/** At most as many bytes. */
export const bytes: Check<Uint8Array> = (value) =>
  value instanceof Uint8Array && value.length <= maxText ? value : undefined;

/** Not empty, and short. */
export const name: Check<string> = (value) =>
  typeof value === 'string' && value !== '' && value.length <= maxName ? value : undefined;

/** true or false. */
export const flag: Check<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);

/** SHA-256 in hex. */
export const hash: Check<string> = (value) =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value : undefined;

/** A whole number that is at least this. */
export function whole(least = Number.MIN_SAFE_INTEGER): Check<number> {
  return (value) => (Number.isSafeInteger(value) && Number(value) >= least ? Number(value) : undefined);
}

/** null, or what the check takes. */
export function orNull<T>(check: Check<T>): Check<T | null> {
  return (value) => (value === null ? null : check(value));
}

/** One of these strings. */
export function oneOf<const T extends string>(...values: readonly T[]): Check<T> {
  return (value) => values.find((one) => one === value);
}

/** From `least` to `most` of them. */
export function list<T>(check: Check<T>, least: number, most: number): Check<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) return undefined;
    const taken = value.map(check);
    return taken.some((one) => one === undefined) ? undefined : (taken as readonly T[]);
  };
}

/** An object with all of these fields; others are left behind. */
export function record<F extends Fields>(fields: F): Check<Taken<F>> {
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined;
    const taken: Record<string, unknown> = {};
    for (const [field, check] of Object.entries(fields)) {
      const one = Object.hasOwn(value, field) ? check((value as Record<string, unknown>)[field]) : undefined;
      if (one === undefined) return undefined;
      taken[field] = one;
    }
    // Each field was checked by its own check.
    return taken as Taken<F>;
  };
}
