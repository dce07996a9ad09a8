/** How words are made where no language is known. */
import type { LocalizableMessage } from './chat';

type Value = string | number | LocalizableMessage;

/** A text with its values in their places; messages among them in English. */
export function filled(text: string, args: readonly Value[]): string {
  return text.replace(/\{(\d+)\}/g, (whole, index: string) => {
    const value = args[Number(index)];
    if (value === undefined) return whole;
    return typeof value === 'object' ? filled(value.text, value.args ?? []) : String(value);
  });
}

/** English words and the values for their placeholders, to be translated where they are shown. */
export function phrase(text: string, ...args: readonly Value[]): LocalizableMessage {
  return args.length === 0 ? { text } : { text, args };
}
