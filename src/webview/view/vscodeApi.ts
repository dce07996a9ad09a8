/** What the webview has of VS Code: messages out, and state that outlives a reload. */
import type { Asked } from '../../shared/intents';
import type { Editing } from '../dom/inlineEditor';

/** What is being looked at in a conversation. */
export interface KeptLook {
  readonly conversation: string;
  /** Pixels from the top; null when the view follows the tail. */
  readonly scrollTop: number | null;
  /** How many of the last items are shown. */
  readonly shown: number;
  /** The open folds: without them the same scroll position would show another place. */
  readonly folds: readonly string[];
  /** Words that are being written anew where they stand; null when none are. */
  readonly editing: Editing | null;
}

/** What is kept over a reload: words on their way are the user's until the host has taken them. */
export interface KeptDraft {
  readonly draft: string;
  /** True while the host has not been told it. */
  readonly untold: boolean;
  /** The words on their way, with which the draft begins; else empty. */
  readonly sent: string;
}

/** What the view keeps over a reload: only what is being looked at, and the draft as a safety net. */
export interface KeptState extends KeptLook, KeptDraft {
  /** Those that were shown before this one, the latest first. */
  readonly others: readonly KeptLook[];
}

export interface HostApi {
  post(asked: Asked): void;
  keep(state: KeptState): void;
  kept(): KeptState | null;
}

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
  getState(): unknown;
};

/** VS Code's side of the panel. May be called once per page. */
export function connectHost(): HostApi {
  const api = acquireVsCodeApi();
  return {
    post: (asked) => api.postMessage(asked),
    keep: (state) => api.setState(state),
    kept: () => readKept(api.getState()),
  };
}

function readKept(value: unknown): KeptState | null {
  const look = readLook(value);
  if (look === null) return null;
  const kept = value as Partial<Record<keyof KeptState, unknown>>;
  if (typeof kept.draft !== 'string') return null;
  const others = Array.isArray(kept.others) ? kept.others.map(readLook).filter((one) => one !== null) : [];
  const sent = typeof kept.sent === 'string' ? kept.sent : '';
  return { ...look, draft: kept.draft, untold: kept.untold === true, sent, others };
}

function readLook(value: unknown): KeptLook | null {
  if (typeof value !== 'object' || value === null) return null;
  const look = value as Partial<Record<keyof KeptLook, unknown>>;
  if (typeof look.conversation !== 'string') return null;
  return {
    conversation: look.conversation,
    scrollTop: typeof look.scrollTop === 'number' ? look.scrollTop : null,
    shown: typeof look.shown === 'number' ? look.shown : 0,
    folds: Array.isArray(look.folds) ? look.folds.filter((key) => typeof key === 'string') : [],
    editing: readEditing(look.editing),
  };
}

function readEditing(value: unknown): Editing | null {
  if (typeof value !== 'object' || value === null) return null;
  const { kind, id, text } = value as Partial<Record<keyof Editing, unknown>>;
  const known = kind === 'message' || kind === 'queued';
  return known && typeof id === 'string' && typeof text === 'string' ? { kind, id, text } : null;
}
