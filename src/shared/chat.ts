/**
 * What a chat looks like, on both sides of the panel: the state and the events that change it, by the one `reduce`
 * (reduce.ts) that host and view both run. Everything here is JSON-safe.
 *
 * The same events come from two sources: live from a turn (text in many small deltas) and from the stored record
 * (each block in one delta). Both lead to the same state; a test holds them to it.
 */

import type { Approval, BlockEdit } from './approval';
import type { ContextLine, SelectionSource, WarmUps } from './contextLine';
import type { EditedFile } from './edits';
import type { TurnFailure } from './failure';
import type { SpendPause } from './spendPause';
import { noUsage, type TokenUsage } from './tokenUsage';
import type { Citation, Source } from './web/sources';

/** A message for the user, translated where it is shown: `text` is the English key, `{0}`… stand for `args`. */
export interface LocalizableMessage {
  readonly text: string;
  /** A message among them is translated by itself. */
  readonly args?: readonly (string | number | LocalizableMessage)[];
}

/** `gone`: the API had dropped it. `update`: one of ours changed tools or instructions. `thinking`: it could not go along. */
export type CacheMissReason =
  | ('model' | 'effort' | 'system' | 'tools' | 'messages' | 'image')
  | ('update' | 'thinking' | 'expired' | 'gone' | 'notFound' | 'unknown');

/** Where a request read less from the prompt cache than it could have. */
export interface CacheMiss {
  readonly reason: CacheMissReason;
  /** Tokens that were not read. */
  readonly tokens: number;
  /** US dollars that this cost more than reading them; null when the price is unknown. */
  readonly usd: number | null;
}

/** Something the user sent along with the words. `id` is the blob's hash for images and documents, the address of an
 * image that the API fetches, `path:line` else. */
export interface Attachment {
  readonly kind: 'selection' | 'image' | 'imageUrl' | 'document';
  readonly id: string;
  readonly label: string;
  /** Of a selection: the end of the label that is never cut, ":41-78". */
  readonly place?: string;
  /** Of a selection. */
  readonly source?: SelectionSource;
  readonly mediaType?: string;
  /** A text that was pasted; its label is its first line. */
  readonly pasted?: true;
  /** Pixels. */
  readonly width?: number;
  readonly height?: number;
  /** The API refused it: it is not sent any more. */
  readonly notSent?: true;
}

type ToolStatus = 'preparing' | 'asks' | 'running' | 'done' | 'failed' | 'cancelled';

/** A run of the model's thinking, as the API summarizes it; '' where it is not shown. */
export interface ThinkingPart {
  readonly type: 'thinking';
  readonly key: string;
  readonly text: string;
  readonly open: boolean;
  /** Milliseconds from first to last byte; null while it streams or when it is not known. */
  readonly durationMs: number | null;
}

/** A run of the answer's own text, in Markdown. */
export interface TextPart {
  readonly type: 'text';
  readonly key: string;
  readonly text: string;
  readonly open: boolean;
  /** What it is taken from; missing for nothing. */
  readonly citations?: readonly Citation[];
}

/** A call of a tool, from its first byte to its result. */
export interface ToolPart {
  readonly type: 'tool';
  readonly key: string;
  /** The tool_use id. */
  readonly id: string;
  readonly name: string;
  readonly status: ToolStatus;
  /** "Reading app.ts:1-80", then "Read app.ts:1-80". */
  readonly label: LocalizableMessage;
  /** "12 matches in 4 files"; null until there is a result. */
  readonly summary: LocalizableMessage | null;
  /** Input as it streams: partial JSON at first, the whole at the end. */
  readonly input: string;
  /** What the model was given, or the beginning of it. */
  readonly output: string | null;
  /** Characters of the whole output, where `output` is only its beginning: the rest is asked for when it is opened. */
  readonly outputLength?: number;
  /** While it asks: what the card says. */
  readonly approval?: Approval;
  /** The MCP server that was not running when it was called. */
  readonly absentServer?: string;
  /** True for a tool that the API runs itself: nothing of it can be left out. */
  readonly server?: true;
  /** The pages that it found; missing for a tool that finds none. */
  readonly sources?: readonly Source[];
}

interface ContextPart {
  readonly type: 'context';
  readonly key: string;
  readonly lines: readonly ContextLine[];
}

/** Something that Prelude says of the answer. */
interface NoticePart {
  readonly type: 'notice';
  readonly key: string;
  readonly words: LocalizableMessage;
}

/** A piece of an answer, in the order in which it came. */
export type Part = ThinkingPart | TextPart | ToolPart | ContextPart | NoticePart;

/** How a turn ended. Every stop reason has an outcome of its own (DESIGN "The turn"). */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'maxTokens' }
  | { readonly kind: 'contextWindow' }
  | { readonly kind: 'refusal'; readonly category: string | null; readonly explanation: string | null }
  | { readonly kind: 'empty' }
  | { readonly kind: 'pauseLimit' }
  | { readonly kind: 'stepLimit'; readonly steps: number }
  /** The same call failed the same way so many times. */
  | { readonly kind: 'sameFailure'; readonly tool: string; readonly times: number }
  | SpendPause
  | { readonly kind: 'unknown'; readonly stopReason: string }
  | { readonly kind: 'failed'; readonly failure: TurnFailure };

/** What the status line says while a turn runs. */
export type Activity =
  | { readonly kind: 'waiting'; readonly since: number }
  | { readonly kind: 'thinking'; readonly since: number }
  | { readonly kind: 'writing'; readonly since: number }
  | { readonly kind: 'tools'; readonly since: number }
  | { readonly kind: 'saving'; readonly since: number }
  /** The user is asked, outside the panel, whether a tool of the web is offered. */
  | { readonly kind: 'askingWeb'; readonly since: number; readonly tool: string }
  /** Another window drives this conversation; here it is read-only until it ends. */
  | { readonly kind: 'elsewhere'; readonly since: number }
  | {
      readonly kind: 'retrying';
      readonly since: number;
      /** When the next attempt starts, ms since the epoch. */
      readonly at: number;
      readonly attempt: number;
      readonly of: number;
      readonly failure: TurnFailure;
    };

/**
 * Something that can be left out of what is sent. `entry` is the id of the user's message for a turn (the message and
 * everything that answers it), for an answer and for an attachment (`index` counts those, from 0); of the model's
 * message for the result of a tool that it called (`index` is the call's block); of the compaction that is undone.
 */
export interface ExcludeTarget {
  readonly what: 'turn' | 'answer' | 'result' | 'attachment' | 'compaction';
  readonly entry: string;
  readonly index: number;
}

/** One string for each target. */
export function targetKey({ what, entry, index }: ExcludeTarget): string {
  return `${what}/${entry}/${index}`;
}

/** The open chat that a question of a command was not asked in, since that would have cost much more. */
export interface DearerChat {
  readonly conversation: string;
  /** US dollars of the question's input there. */
  readonly usd: number;
}

/** What the user said. */
export interface UserItem {
  readonly type: 'user';
  readonly id: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  /** Sent by a button (Continue): shown as a quiet line. */
  readonly auto?: 'continue';
}

/** The answer to one message, whatever number of requests it took. */
export interface AnswerItem {
  readonly type: 'answer';
  /** The id of the turn: that of the user entry which it answers. */
  readonly id: string;
  readonly at: number;
  readonly model: string;
  readonly parts: readonly Part[];
  readonly usage: TokenUsage;
  /** How many requests that was. */
  readonly requests: number;
  /** Where they missed the cache; each reason once. */
  readonly cacheMisses: readonly CacheMiss[];
  /** US dollars of all requests of this turn; null when a price is unknown. */
  readonly usd: number | null;
  /** The files that it has changed, as it stands with them; missing until that is known, and for none. */
  readonly edits?: readonly EditedFile[];
  /** Its code blocks that wait to be applied to files; missing for none. They are in no record. */
  readonly blocks?: readonly BlockEdit[];
  /** null while it runs. */
  readonly outcome: Outcome | null;
  readonly endedAt: number | null;
}

interface ContextItem {
  readonly type: 'context';
  readonly id: string;
  readonly at: number;
  readonly lines: readonly ContextLine[];
}

/** The conversation so far, replaced by a summary; or the attempt to. */
export interface CompactionItem {
  readonly type: 'compaction';
  readonly id: string;
  readonly at: number;
  readonly model: string;
  /** True when the setting asked for it, not the user. */
  readonly automatic: boolean;
  /** Markdown, as the model wrote it; grows while it is written. */
  readonly summary: string;
  /** The user's message from which on the conversation goes out word for word behind it; missing: nothing before it does. */
  readonly keeps?: string;
  /** How many long results of tools were shortened in what was summed up; missing: none. */
  readonly shortened?: number;
  /** Tokens of the request that it stands for, as they were billed. */
  readonly tokensBefore: number;
  /** Tokens of the same request with the summary, estimated. */
  readonly tokensAfter: number;
  /** Of all requests that it took. */
  readonly usage: TokenUsage;
  /** US dollars at the prices of that moment; null when a price is unknown. */
  readonly usd: number | null;
  /** null while it is written. Only one that is `done` stands for what is before it. */
  readonly outcome: Outcome | null;
}

/** A row of the transcript. */
export type Item = UserItem | AnswerItem | ContextItem | CompactionItem;

/** What stands above the items that a view has: how many, and how many characters they are sent as, roughly. */
export interface Above {
  readonly items: number;
  readonly size: number;
}

/** Where a conversation goes on in several ways: other messages in the place of one, or other answers to one. */
export interface Branching {
  /** The message, or the answer, in whose place there are others (`itemKey`). */
  readonly item: string;
  /** Which of them is shown, from 1, and how many there are. */
  readonly at: number;
  readonly of: number;
  /** What names the ones beside it; null at the ends. */
  readonly previous: string | null;
  readonly next: string | null;
}

/** A conversation as it is shown: the same in the host and in each view, by the same `reduce`. */
export interface ChatState {
  readonly conversation: string;
  readonly title: string;
  readonly items: readonly Item[];
  /** Nothing in the host, which has all items. A view asks for more of them when it comes near. */
  readonly above: Above;
  /** null when no turn runs. */
  readonly activity: Activity | null;
  /** US dollars of the whole conversation, its branches among it; null when a price is unknown. */
  readonly usd: number | null;
  /** Tokens of all its requests. */
  readonly usage: TokenUsage;
  readonly requests: number;
  /** The keys of what is not sent (`targetKey`), in no order of meaning. */
  readonly excluded: readonly string[];
  readonly branches: readonly Branching[];
}

/** A step of a conversation that is shown, from a turn or from the record. JSON-safe. */
export type ChatEvent =
  | { readonly type: 'title'; readonly title: string }
  | { readonly type: 'item'; readonly item: UserItem | ContextItem }
  | { readonly type: 'answerStarted'; readonly id: string; readonly at: number; readonly model: string }
  | { readonly type: 'partStarted'; readonly answer: string; readonly part: Part }
  /** Appends to the text of a thinking or text part, or to the input of a tool part. */
  | { readonly type: 'delta'; readonly answer: string; readonly key: string; readonly text: string }
  | {
      readonly type: 'partEnded';
      readonly answer: string;
      readonly key: string;
      readonly durationMs: number | null;
    }
  | { readonly type: 'partRemoved'; readonly answer: string; readonly key: string }
  /** All that a text part cites so far. */
  | { readonly type: 'cited'; readonly answer: string; readonly key: string; readonly citations: readonly Citation[] }
  | {
      readonly type: 'tool';
      readonly answer: string;
      readonly key: string;
      readonly status: ToolStatus;
      readonly label: LocalizableMessage;
      readonly summary: LocalizableMessage | null;
      /** Replaces the input when given. */
      readonly input?: string;
      readonly output: string | null;
      readonly outputLength?: number;
      readonly approval?: Approval;
      readonly absentServer?: string;
      readonly sources?: readonly Source[];
    }
  | {
      readonly type: 'usage';
      readonly answer: string;
      readonly usage: TokenUsage;
      readonly usd: number | null;
      /** What answered, where that is not what the message was first sent to. */
      readonly model?: string;
      readonly cacheMiss?: CacheMiss;
    }
  /** All files that a turn has changed. */
  | { readonly type: 'edits'; readonly answer: string; readonly files: readonly EditedFile[] }
  /** All code blocks of an answer that wait to be applied to files. */
  | { readonly type: 'blocks'; readonly answer: string; readonly blocks: readonly BlockEdit[] }
  | { readonly type: 'activity'; readonly activity: Activity | null }
  /** What was attached to a message is not sent any more. */
  | { readonly type: 'attachmentsRefused'; readonly item: string }
  /** All places where it goes on in several ways. */
  | { readonly type: 'branches'; readonly branches: readonly Branching[] }
  | { readonly type: 'excluded'; readonly target: ExcludeTarget; readonly out: boolean }
  /** Begins one that is being written (`outcome` null), or puts the finished one in its place. */
  | { readonly type: 'compaction'; readonly item: CompactionItem }
  /** A warm-up, which joins those right before it. */
  | {
      readonly type: 'warmed';
      readonly id: string;
      readonly at: number;
      readonly warm: WarmUps;
      readonly usage: TokenUsage;
    }
  /** The path was cut, or another window has gone on with it (change.ts). */
  | {
      readonly type: 'items';
      /** How many items of the whole conversation stay: those that it had behind them are gone. null: all are gone. */
      readonly kept: number | null;
      /** What stands above `items`, which come next. */
      readonly above: Above;
      readonly items: readonly Item[];
      /** So many parts of the answer that the first of them is stay as well: these have only what is behind those. */
      readonly parts: number;
      /** Fields that have another value. */
      readonly state: Partial<Omit<ChatState, 'conversation' | 'items' | 'above'>>;
    }
  | { readonly type: 'summaryDelta'; readonly id: string; readonly text: string }
  | { readonly type: 'answerEnded'; readonly answer: string; readonly at: number; readonly outcome: Outcome };

/** A conversation without a single entry. */
export function emptyChat(conversation: string): ChatState {
  const above = { items: 0, size: 0 };
  return {
    conversation,
    title: '',
    items: [],
    above,
    activity: null,
    usd: 0,
    usage: noUsage,
    requests: 0,
    excluded: [],
    branches: [],
  };
}
