/** How words are made where no language is known. */
import type { LocalizableMessage } from './chat';

/** English words and the values for their placeholders, to be translated where they are shown. */
export function phrase(text: string, ...args: readonly (string | number)[]): LocalizableMessage {
  return args.length === 0 ? { text } : { text, args };
}
