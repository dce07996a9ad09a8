/** What is known of what one conversation costs: its conversation owns it and hands it to whatever needs it. */
import { Memo } from '../base/memo';

/** The request of the path's last answer, as the API counted it for another model. */
interface CountedSent {
  /** The answer. */
  readonly entry: string;
  readonly model: string;
  readonly tokens: number;
}

/** A count by the API, and what stood here at that moment: what came since is estimated on top. */
interface CountedTokens {
  readonly model: string;
  /** The last entry of the path then; null for an empty one. */
  readonly head: string | null;
  /** As counted. */
  readonly tokens: number;
  /** What the estimate was of the very same. */
  readonly estimated: number;
}

/** With all that was computed of its entries, blocks and files, for its next estimate and its next request. */
export class ConversationCost extends Memo {
  /** What the API counted; it holds as long as the path and the model are the same. */
  counted: CountedTokens | null = null;
  /** What it counted of the last request for another model. */
  countedSent: CountedSent | null = null;
}
