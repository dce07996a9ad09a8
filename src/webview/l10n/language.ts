/**
 * The panel's language. The English text is the key into the translations that come with the environment; `{0}`, `{1}`…
 * stand for values.
 */
import type { LocalizableMessage } from '../../shared/chat';
import { filled } from '../../shared/phrase';

let translations: Readonly<Record<string, string>> = {};
let locale = 'en';

/** Takes the translations and the locale of the environment. */
export function setLanguage(words: Readonly<Record<string, string>>, tag: string): void {
  translations = words ?? {};
  locale = tag;
}

/** The tag for numbers and dates; one the browser knows. */
export function language(): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

/** Translates a text and puts the values in. */
export function t(text: string, ...args: readonly (string | number)[]): string {
  return filled(translations[text] ?? text, args.map(isolated));
}

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * A value as a piece of its own, where it is written from right to left: it takes nothing of what stands around it along.
 * The parts of a path, and the lines behind it, stay in their order.
 */
export function isolated<T extends string | number>(value: T): T | string {
  if (typeof value !== 'string' || !rightToLeft.test(value)) return value;
  return /[/\\]|[:.]\w/.test(value) || !/\s/.test(value)
    ? `\u2066${value.replace(/(?<=[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])(?=[/\\:.#])/g, '\u200e')}\u2069`
    : `\u2068${value}\u2069`;
}

/** Words that came with the state. */
export function localize({ text, args = [] }: LocalizableMessage): string {
  return t(text, ...args.map((value) => (typeof value === 'object' ? localize(value) : value)));
}

/** Picks the form for one or for many; `{0}` in both is the number. */
export function plural(count: number, one: string, many: string, ...more: readonly (string | number)[]): string {
  return t(count === 1 ? one : many, count, ...more);
}
