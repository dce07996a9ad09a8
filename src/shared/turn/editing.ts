/** Words that are written anew where they stand: of a message that was sent, of one that waits, or a reason for a no. */
import { type Checked, name, oneOf, record, text } from '../schema';

/** Words of how many messages are kept at once, while they are not sent: the latest. */
export const maxBegun = 20;

/** What is being written anew. */
export const begunWords = record({ kind: oneOf('message', 'queued', 'reason'), id: name, text });
/** The same: its id is that of the message, or of the call. */
export type BegunWords = Checked<typeof begunWords>;

/** The words that are kept now: those of `id` are `edit`, the latest first; null: none any more. */
export function withBegun(begun: readonly BegunWords[], id: string, edit: BegunWords | null): readonly BegunWords[] {
  const others = begun.filter((one) => one.id !== id);
  return edit === null ? others : [edit, ...others].slice(0, maxBegun);
}
