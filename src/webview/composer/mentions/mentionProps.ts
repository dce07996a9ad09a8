/** What the list of an `@` is drawn of. */
import type { Mention } from '../../../shared/mentions/mentions';

/** What the list is drawn of. */
export interface MentionProps {
  readonly rows: readonly Mention[];
  readonly total: number;
  /** The row that Enter takes. */
  readonly active: number;
  /** True until it is known what matches. */
  readonly loading: boolean;
  take(mention: Mention): void;
}

/** The id of a row's element. */
export function mentionId(index: number): string {
  return `mention${index}`;
}
