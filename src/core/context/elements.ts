/** How texts of a workspace stand inside our elements, so that none speaks from outside its own. */
import { visible } from '../../shared/visible';

/** The value of an attribute, with its quotes. */
export function attribute(value: string): string {
  return JSON.stringify(visible(value));
}

/** Closing tags of ours inside a text, which would let it speak from outside its element. */
const closings = /<\/(?=(?:file|(?:project|user)_instructions|selection|diff|undone|news|pasted_text)>)/g;

/** The text of an element. */
export function contained(text: string): string {
  return visible(text).replace(closings, '<\\/');
}
