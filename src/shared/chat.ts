/**
 * What a chat looks like, on both sides of the panel: the state, the events that change it, and the one `reduce`
 * that host and view both run. Everything here is JSON-safe and imports nothing.
 *
 * The same events come from two sources: live from a turn (text in many small deltas) and from the stored record
 * (each block in one delta). Both lead to the same state; a test holds them to it.
 */

/** Words for the user, translated where they are shown: `text` is the English key, `{0}`… stand for `args`. */
export interface Words {
  readonly text: string;
  readonly args?: readonly (string | number)[];
}

/** Tokens of one or more requests, as the API's `usage` splits them (API-FACTS §6.4). */
export interface TokenUsage {
  /** After the last cache breakpoint. */
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly output: number;
}

/** Something the user sent along with the words. `id` is the blob's hash for images and documents, the address of an
 * image that the API fetches, `path:line` else. */
export interface Attachment {
  readonly kind: 'selection' | 'file' | 'image' | 'imageUrl' | 'document';
  readonly id: string;
  readonly label: string;
  readonly mediaType?: string;
  readonly width?: number;
  readonly height?: number;
}

/** One line about context: "login.ts changed, +3 −1". */
export interface ContextLine {
  readonly change: 'opened' | 'modified' | 'added' | 'removed' | 'selection' | 'rebased';
  readonly path: string;
  readonly linesAdded: number;
  readonly linesRemoved: number;
  /** Of 'rebased': why the context was begun anew, and what that changes now. */
  readonly rebase?: {
    readonly reason: 'cold' | 'stale' | 'window';
    readonly savedTokens: number;
    /** US dollars more than going on would have cost, negative for less; null when the price is unknown. */
    readonly usd: number | null;
  };
}

export type ToolStatus = 'preparing' | 'running' | 'done' | 'failed' | 'cancelled';

export interface ThinkingPart {
  readonly type: 'thinking';
  readonly key: string;
  readonly text: string;
  readonly open: boolean;
  /** Milliseconds from first to last byte; null while it streams or when it is not known. */
  readonly durationMs: number | null;
}

export interface TextPart {
  readonly type: 'text';
  readonly key: string;
  readonly text: string;
  readonly open: boolean;
}

export interface ToolPart {
  readonly type: 'tool';
  readonly key: string;
  /** The tool_use id. */
  readonly id: string;
  readonly name: string;
  readonly status: ToolStatus;
  /** "Reading app.ts:1-80", then "Read app.ts:1-80". */
  readonly label: Words;
  /** "12 matches in 4 files"; null until there is a result. */
  readonly summary: Words | null;
  /** Input as it streams: partial JSON at first, the whole at the end. */
  readonly input: string;
  /** What the model was given, cut for display. */
  readonly output: string | null;
}

export interface ContextPart {
  readonly type: 'context';
  readonly key: string;
  readonly lines: readonly ContextLine[];
}

export type Part = ThinkingPart | TextPart | ToolPart | ContextPart;

/** Why a request failed, without words: the view has those. */
export interface TurnFailure {
  readonly code: FailureCode;
  /** HTTP status; null when there was no response. */
  readonly status: number | null;
  /** The API's `error.type`; null when there was none. */
  readonly type: string | null;
  readonly requestId: string | null;
  /** The API's own message, or the system's. */
  readonly message: string;
  /** True when some of the answer had arrived and is kept. */
  readonly partial: boolean;
}

export type FailureCode =
  | 'noKey'
  | 'badKey'
  | 'noCredit'
  | 'notPermitted'
  | 'unknownModel'
  | 'promptTooLong'
  | 'requestTooLarge'
  | 'badRequest'
  | 'rateLimited'
  | 'spendLimit'
  | 'overloaded'
  | 'serverError'
  | 'noConnection'
  | 'connectionLost'
  | 'stalled'
  | 'badAddress'
  | 'wrongAddress'
  | 'storeFailed'
  | 'internal';

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
  | { readonly kind: 'unknown'; readonly stopReason: string }
  | { readonly kind: 'failed'; readonly failure: TurnFailure };

/** What the status line says while a turn runs. */
export type Activity =
  | { readonly kind: 'waiting'; readonly since: number }
  | { readonly kind: 'thinking'; readonly since: number }
  | { readonly kind: 'writing'; readonly since: number }
  | { readonly kind: 'tools'; readonly since: number }
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

export interface AnswerItem {
  readonly type: 'answer';
  /** The id of the turn: that of the user entry which it answers. */
  readonly id: string;
  readonly at: number;
  readonly model: string;
  readonly parts: readonly Part[];
  readonly usage: TokenUsage;
  /** US dollars of all requests of this turn; null when a price is unknown. */
  readonly usd: number | null;
  /** null while it runs. */
  readonly outcome: Outcome | null;
  readonly endedAt: number | null;
}

export interface ContextItem {
  readonly type: 'context';
  readonly id: string;
  readonly at: number;
  readonly lines: readonly ContextLine[];
}

export type Item = UserItem | AnswerItem | ContextItem;

export interface ChatState {
  readonly conversation: string;
  readonly title: string;
  readonly items: readonly Item[];
  /** null when no turn runs. */
  readonly activity: Activity | null;
  /** US dollars of the whole conversation; null when a price is unknown. */
  readonly usd: number | null;
}

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
  | {
      readonly type: 'tool';
      readonly answer: string;
      readonly key: string;
      readonly status: ToolStatus;
      readonly label: Words;
      readonly summary: Words | null;
      /** Replaces the input when given. */
      readonly input?: string;
      readonly output: string | null;
    }
  | { readonly type: 'usage'; readonly answer: string; readonly usage: TokenUsage; readonly usd: number | null }
  | { readonly type: 'activity'; readonly activity: Activity | null }
  | { readonly type: 'answerEnded'; readonly answer: string; readonly at: number; readonly outcome: Outcome };

export const noUsage: TokenUsage = { input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0 };

/** Adds up the tokens of two requests. */
export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    input: a.input + b.input,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite5m: a.cacheWrite5m + b.cacheWrite5m,
    cacheWrite1h: a.cacheWrite1h + b.cacheWrite1h,
    output: a.output + b.output,
  };
}

/** Adds dollars; an unknown price makes the sum unknown, never zero. */
export function addUsd(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

/** A conversation without a single entry. */
export function emptyChat(conversation: string): ChatState {
  return { conversation, title: '', items: [], activity: null, usd: 0 };
}

/** The next state. Unknown answers and parts are ignored: a view that missed events asks for a snapshot. */
export function reduce(state: ChatState, event: ChatEvent): ChatState {
  switch (event.type) {
    case 'title':
      return { ...state, title: event.title };
    case 'item':
      return { ...state, items: [...state.items, event.item] };
    case 'activity':
      return { ...state, activity: event.activity };
    case 'answerStarted':
      return {
        ...state,
        items: [
          ...state.items,
          {
            type: 'answer',
            id: event.id,
            at: event.at,
            model: event.model,
            parts: [],
            usage: noUsage,
            usd: 0,
            outcome: null,
            endedAt: null,
          },
        ],
      };
    case 'usage':
      return {
        ...changeAnswer(state, event.answer, (answer) => ({
          ...answer,
          usage: addUsage(answer.usage, event.usage),
          usd: addUsd(answer.usd, event.usd),
        })),
        usd: addUsd(state.usd, event.usd),
      };
    case 'answerEnded':
      return {
        ...changeAnswer(state, event.answer, (answer) => ({ ...answer, outcome: event.outcome, endedAt: event.at })),
        activity: null,
      };
    case 'partStarted':
      return changeAnswer(state, event.answer, (answer) => ({ ...answer, parts: [...answer.parts, event.part] }));
    case 'partRemoved':
      return changeAnswer(state, event.answer, (answer) => ({
        ...answer,
        parts: answer.parts.filter((part) => part.key !== event.key),
      }));
    case 'delta':
      return changePart(state, event.answer, event.key, (part) => {
        if (part.type === 'tool') return { ...part, input: part.input + event.text };
        return part.type === 'context' ? part : { ...part, text: part.text + event.text };
      });
    case 'partEnded':
      return changePart(state, event.answer, event.key, (part) => {
        if (part.type === 'thinking') return { ...part, open: false, durationMs: event.durationMs };
        return part.type === 'text' ? { ...part, open: false } : part;
      });
    case 'tool':
      return changePart(state, event.answer, event.key, (part) =>
        part.type === 'tool'
          ? {
              ...part,
              status: event.status,
              label: event.label,
              summary: event.summary,
              input: event.input ?? part.input,
              output: event.output,
            }
          : part,
      );
  }
}

function changeAnswer(state: ChatState, id: string, change: (answer: AnswerItem) => AnswerItem): ChatState {
  // Almost always the last item: look from the end.
  const index = state.items.findLastIndex((item) => item.type === 'answer' && item.id === id);
  const item = state.items[index];
  if (item?.type !== 'answer') return state;
  const items = state.items.slice();
  items[index] = change(item);
  return { ...state, items };
}

function changePart(state: ChatState, answer: string, key: string, change: (part: Part) => Part): ChatState {
  return changeAnswer(state, answer, (item) => {
    const index = item.parts.findLastIndex((part) => part.key === key);
    const part = item.parts[index];
    if (part === undefined) return item;
    const parts = item.parts.slice();
    parts[index] = change(part);
    return { ...item, parts };
  });
}
