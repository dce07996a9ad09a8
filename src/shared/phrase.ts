/** How words are made where no language is known. */
import type { LocalizableMessage } from './chat';

/** A text with its values in their places. */
export function filled(text: string, args: readonly (string | number)[]): string {
  return text.replace(/\{(\d+)\}/g, (whole, index: string) => {
    const value = args[Number(index)];
    return value === undefined ? whole : String(value);
  });
}

/** English words and the values for their placeholders, to be translated where they are shown. */
export function phrase(text: string, ...args: readonly (string | number)[]): LocalizableMessage {
  return args.length === 0 ? { text } : { text, args };
}
