/** Days by the clock of whoever looks: they have 23 or 25 hours where clocks change. */

/** Where each of the last `count` days begins, and where today ends; ms since the epoch, rising. */
export function lastDays(now: Date, count: number): readonly number[] {
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  return Array.from({ length: count + 1 }, (_, index) => new Date(year, month, day - count + 1 + index).getTime());
}

/** ms until today ends. */
export function untilTomorrow(now: Date): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime() - now.getTime();
}

/** Round values for an axis from 0 to at least `max`: 3 or so, the last one at its top. */
export function axisTicks(max: number): readonly number[] {
  if (max <= 0) return [0];
  const rough = max / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one * 3 >= max * 0.999) ?? 10 * power;
  const count = Math.ceil((max * 0.999) / step);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}
