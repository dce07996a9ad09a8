/** What a turn is given: the record it goes on with, the ports, and the user's choices. */
import type { ApiFetch } from '../api/client';
import type { Memo } from '../base/memo';
import type { PauseHistogram } from '../base/pauseHistogram';
import type { Ids } from '../base/ports';
import type { ChatSettings } from '../base/settings';
import type { EditorContext } from '../context/editorContext';
import type { SpendGuard } from '../cost/spend';
import type { Model } from '../models/models';
import type { Blobs } from '../prompt/blobs';
import type { ConversationLog } from '../record/conversationLog';
import type { Store } from '../record/store';
import type { Tool } from '../tools/tool';
import type { ToolPorts } from '../tools/workspace';
import type { ReplayCursor } from '../transcript/transcript';
import type { AskPorts } from './retries';
import type { Approvals } from './toolCall';

/** What a turn runs on: the conversation's log, the ports, and the user's choices as they are now. */
export interface TurnInput extends AskPorts {
  readonly log: ConversationLog;
  /** What `log.path` shows: kept up to date by whoever applies `eventsOf`. */
  readonly shown: ReplayCursor;
  readonly store: Store;
  /** Of the lease; missing where there are no other windows. */
  readonly owner?: string;
  readonly ids: Ids;
  readonly context: EditorContext;
  readonly tools: readonly Tool[];
  /** True where the user has chosen among tools of others: that they are not what they were is no update of ours. */
  readonly toolsChosen?: boolean;
  readonly ports: ToolPorts;
  readonly approvals: Approvals;
  readonly settings: ChatSettings;
  /** What is known of the model of the settings: the same for the whole turn. */
  readonly model: Model;
  readonly fetch: ApiFetch;
  readonly blobs: Blobs;
  /** The user's pauses so far: the life of cache entries is chosen by them. */
  readonly pauseHistogram: PauseHistogram;
  /** How many of these texts of `system` the cache holds, whichever conversation wrote them. */
  readonly held?: (system: readonly string[]) => number;
  /** Asked before each request; without it nothing is limited. */
  readonly spend?: SpendGuard;
  /** Of the conversation; without it, each request is made as if it were the first. */
  readonly memo?: Memo;
  /** True while the user's next words wait: the turn ends after the tools of a step, and their turn goes on from there. */
  readonly handOver: () => boolean;
}

/** Why a signal was aborted decides how the turn ends. */
export type StopCause = 'stopped' | 'interrupted';
