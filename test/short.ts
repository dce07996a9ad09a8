/** What `npm test` leaves to `npm run test:all`: single tests, and a part of the cases that are drawn. */

/** True in `npm test` and in `npm run test:unit`, unless files are named: what is named is meant, and run whole. */
export const short = process.env['PRELUDE_SHORT'] === '1';

/** A test of `npm run test:all`: `npm test` has another one of what the user does there. */
export const inAll = {
  it: (title: string, run: (this: Mocha.Context) => void | Promise<void>): void => {
    if (!short) it(title, run);
  },
};

/** How many cases are drawn: all of them, or the few that are enough for each change. */
export function cases(all: number, few: number): number {
  return short ? few : all;
}
