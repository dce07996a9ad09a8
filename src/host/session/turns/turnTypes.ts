/** What is asked of the turns of a conversation, and what they say. */

import type { ChatSettings } from '../../../core/base/settings';
import type { RaisedTo } from '../../../core/cost/spend';
import type { AppendOptions } from '../../../core/record/conversationLog';
import type { CommandQuestion, Entry, NewEntry, UserBlock } from '../../../core/record/record';
import type { OpenCalls } from '../../../core/turn/openCalls';
import type { TurnInput } from '../../../core/turn/turnInput';
import type { ChosenContext } from '../../pricing/openTurn';

/** What goes along with a message, whether its model can see it, and where its calls wait for the user. */
export interface Sending {
  readonly chosen: ChosenContext;
  readonly calls: OpenCalls;
  canBeSeen(content: readonly UserBlock[]): boolean;
}

/** A message on its way into the record, and who is to know what becomes of it. */
export interface Sent extends CommandQuestion {
  readonly content: readonly UserBlock[];
  readonly auto?: 'continue';
  /** URIs: where it begins a conversation, of the files these alone go along. */
  readonly onlyFiles?: readonly string[];
  /** The entry after which the path is cut first: what followed it stays in the store. null cuts it all. */
  readonly from?: string | null;
  /** Called before anything else, when the conversation is stored. */
  readonly stored?: () => Promise<void>;
  /** What the draft is when the words are in the record, as the store keeps it. */
  readonly draft?: () => string;
  /** Called when the words are in the record. */
  readonly committed: () => Promise<void>;
  /** Called when they could not be taken: they must not be lost. */
  readonly refused: () => void;
  /** The waiting message that they are. */
  readonly queued?: string;
  /** Called when that one has been sent by another window. */
  readonly sentElsewhere?: () => void;
}

/** How a turn is run, where that is not as the settings have it. */
export interface TurnWay {
  /** What it may cost by now. */
  readonly raisedTo?: RaisedTo | null;
  /** The model and the effort of this turn alone. */
  readonly of?: Partial<Pick<ChatSettings, 'model' | 'effort'>>;
}

/** What ran: a turn, or work that is none; or what another window did. */
export type RunKind = 'turn' | 'work' | 'elsewhere';

/** What work that is no turn may do while it holds the lease. */
export interface TurnWork {
  /** What a turn is run with, as it is now. */
  input(signal: AbortSignal): Promise<TurnInput>;
  /** Appends to the path and shows it. */
  commit(news: readonly NewEntry[], options?: AppendOptions): Promise<void>;
  /** The path cut after `head`, with these behind it; nothing is stored. `id` fixes the id of the first. */
  cut(head: string, news: readonly NewEntry[], id: string): readonly Entry[];
  /** Runs the turn that is open at the end of the path. */
  drive(signal: AbortSignal): Promise<void>;
}

/** A turn or work that runs. */
export interface Running {
  readonly abort: AbortController;
  readonly done: Promise<void>;
  readonly kind: RunKind;
}
