/** Real time and ids for the core's ports. */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Ids } from '../../core/base/ports';

/** Crockford's base 32: sorts as ASCII and leaves out the letters that look like digits. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const timeLength = 10;
const randomLength = 16;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),

  sleep: (ms, signal) =>
    delay(ms, undefined, { signal }).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : error;
    }),

  every(ms, callback) {
    const timer = setInterval(callback, ms);
    return () => clearInterval(timer);
  },
};

/**
 * Ids of 26 characters: 48 bits of time, then 80 random bits (a ULID). Within one millisecond, and while the clock
 * stands before the last id's, the random part counts up: ids of one maker always sort in the order they were made.
 */
export function createIds(now: () => number = Date.now, random: (bytes: number) => Uint8Array = randomBytes): Ids {
  let lastTime = -1;
  let digits: number[] = [];
  return {
    next() {
      const time = now();
      if (time > lastTime || !increment(digits)) {
        lastTime = Math.max(time, lastTime + 1);
        // A byte has 256 values, the alphabet 32: the low five bits are evenly spread.
        digits = Array.from(random(randomLength), (byte) => byte & 31);
      }
      return encodeTime(lastTime) + digits.map((digit) => alphabet.charAt(digit)).join('');
    },
  };
}

function encodeTime(ms: number): string {
  let text = '';
  let rest = Math.floor(ms);
  for (let index = 0; index < timeLength; index += 1) {
    text = alphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** Adds one in place. False when every digit was the highest: the caller moves on to the next millisecond. */
function increment(digits: number[]): boolean {
  for (let index = digits.length - 1; index >= 0; index -= 1) {
    const digit = digits[index] ?? 31;
    if (digit < 31) {
      digits[index] = digit + 1;
      return digits.length > 0;
    }
    digits[index] = 0;
  }
  return false;
}
