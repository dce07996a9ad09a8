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
  return filled(translations[text] ?? text, args);
}

/** Words that came with the state. */
export function localize({ text, args = [] }: LocalizableMessage): string {
  return t(text, ...args.map((value) => (typeof value === 'object' ? localize(value) : value)));
}

/** Picks the form for one or for many; `{0}` in both is the number. */
export function plural(count: number, one: string, many: string, ...more: readonly (string | number)[]): string {
  return t(count === 1 ? one : many, count, ...more);
}
